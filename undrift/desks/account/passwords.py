"""Passwords: the first one by an invitation, a new one for a forgotten one, another one for somebody signed in.

The way through a link is Django's: the token leaves the address at once, and the page that asks stands without it.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from undrift.desks.account import patience
from undrift.desks.account.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm
from undrift.desks.account.second_factor import proved_lately
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest
from undrift.people import accounts, clock
from undrift.people.links import INVITATION, NEW_PASSWORD
from undrift.people.models import Person


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether anybody is known by the address, or not, or no longer."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        accounts.ask_for_new_password(form.cleaned_data["email"], clock.now())
        return redirect("forgotten-sent")
    return render_question(
        request,
        form,
        heading="Forgotten your password?",
        button="Send me a link",
        back=reverse("sign-in"),
        intro=["We send a link to the address that you sign in with. By it you choose a new password."],
    )


@login_not_required
@require_safe
def forgotten_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "account/forgotten_sent.html", {"heading": "Look in your email"})


class ChoosePassword(PasswordResetConfirmView):
    """By a link that works once. Nobody is signed in by it: the password, and the second factor, are asked for next."""

    template_name = "account/choose_password.html"
    http_method_names = ["get", "head", "post"]
    first = False

    def get_user(self, uidb64: str) -> Person | None:
        """Held until the page is done, so that of two who use one link at once the second finds it used."""
        found = super().get_user(uidb64)
        if found is None or not accounts.may_sign_in(found, clock.now()):
            return None
        return Person.objects.select_for_update(of=("self",)).get(pk=found.pk)

    def get_form_class(self) -> type[Any]:
        return NewPasswordForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {"person": kwargs.pop("user"), **kwargs}

    def get_template_names(self) -> list[str]:
        return [self.template_name if self.validlink else "account/link_over.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        heading = "Choose a password" if self.first else "Choose a new password"
        own = {"heading": heading if self.validlink else "This link does not work any more", "first": self.first}
        return super().get_context_data(**kwargs) | own | {"button": "Set password"}

    def form_valid(self, form: Any) -> HttpResponse:
        choose = accounts.choose_first_password if self.first else accounts.change_password
        person: Person = form.whose
        choose(person, form.cleaned_data["new_password"], clock.now())
        patience.forget_wrong_tries(person.email)
        logout(self.request)  # also whoever else was signed in in this browser
        messages.success(self.request, "Your password is set. Sign in with it.")
        return redirect("sign-in")


choose_first = ChoosePassword.as_view(first=True, token_generator=INVITATION)
choose_new = ChoosePassword.as_view(token_generator=NEW_PASSWORD)


@proved_lately
@sensitive_post_parameters("password", "new_password", "new_password_again")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedRequest) -> HttpResponse:
    """For who signs in with a password and has just shown again that it is they."""
    person = request.user
    if not person.has_usable_password():
        raise Http404
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, request=request, person=person)
    if request.method == "POST" and form.is_valid():
        accounts.change_password(
            person, form.cleaned_data["new_password"], clock.now(), here=request.session.session_key
        )
        update_session_auth_hash(request, person)
        messages.success(request, "Your password is changed. You are signed out of every other browser.")
        return redirect("second-factor")
    return render_question(
        request, form, heading="Change your password", button="Change password", back=reverse("second-factor")
    )
