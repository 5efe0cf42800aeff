"""Setting up and giving a second factor: a code from an app, a passkey, or a recovery code."""

from __future__ import annotations

import base64
import json
from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes, post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from undrift.desks.account import patience, single_sign_on
from undrift.desks.account.forms import AddPasskeyForm, AppForm, CodeForm, GivePasskeyForm, PasswordForm
from undrift.desks.account.guard import View, before_second_factor
from undrift.desks.account.stages import GiveSecondFactor
from undrift.desks.frame import factor
from undrift.desks.frame.factor import ask_again
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.typed import is_ours
from undrift.people.models import Person
from undrift.people.sign_on import Provider

Type = Authenticator.Type
CODE_HINT = "From your authenticator app, or one of your recovery codes"


def changes_how_one_signs_in(view: View) -> View:
    """Only for somebody who proved a few minutes ago who they are; others are asked first, then led back."""
    return before_second_factor(proved_lately(view))


def proved_lately(view: View) -> View:
    """The same, for a page that opens only after the second factor was given."""

    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        known = factor.is_fresh if factor.has_one(_person(request)) else factor.was_here_lately
        if known(request):
            return view(request, *args, **kwargs)
        return ask_again(request, reverse("second-factor") if request.method == "POST" else request.get_full_path())

    return asked


def in_that_step(view: View) -> View:
    """Only for somebody who has given a password, or signed on, and is not signed in yet."""
    asked: View = login_stage_required(stage=GiveSecondFactor.key, redirect_urlname="sign-in")(view)
    return asked


@in_that_step
def give(request: HttpRequest) -> HttpResponse:
    """The step after the password."""
    stage: GiveSecondFactor = vars(request)["_login_stage"]
    person = stage.login.user
    assert isinstance(person, Person)
    form, passkey = _forms(request, person)
    if authenticator := _given(form, passkey):
        post_authentication(request, authenticator)
        onward: HttpResponse = stage.exit()  # type: ignore[no-untyped-call]  # allauth says no types here
        return onward
    return _ask(request, person, form, passkey, heading="Enter a code", back=reverse("sign-in"))


@before_second_factor
@sensitive_post_parameters("password", "code")
def prove(request: HttpRequest) -> HttpResponse:
    """Ask again who this is, before something that matters."""
    person = _person(request)
    onward = request.POST.get("next") or request.GET.get("next") or ""
    if not is_ours(request, onward):
        onward = reverse("second-factor")
    if not factor.has_one(person):
        if there := single_sign_on.providers_of(person):
            return _prove_there(request, there, onward)
        return _prove_by_password(request, person, onward)
    form, passkey = _forms(request, person)
    if authenticator := _given(form, passkey):
        post_authentication(request, authenticator, reauthenticated=True)
        request.session.cycle_key()
        return redirect(onward)
    return _ask(request, person, form, passkey, heading="Show that it is you", onward=onward)


def _prove_there(request: HttpRequest, providers: list[Provider], onward: str) -> HttpResponse:
    """For somebody whose council asks for the second factor: it asks again."""
    asked = urlencode({"again": "yes", "next": onward})
    ways = [(each.name, f"{reverse('openid_connect_login', args=[each.id])}?{asked}") for each in providers]
    return render(request, "account/prove_there.html", {"heading": "Show that it is you", "ways": ways})


def _prove_by_password(request: HttpRequest, person: Person, onward: str) -> HttpResponse:
    form = PasswordForm(request.POST if request.method == "POST" else None, request=request, person=person)
    if request.method == "POST" and form.is_valid():
        record_authentication(request, person, "password", reauthenticated=True)
        request.session.cycle_key()
        return redirect(onward)
    return render_question(
        request,
        form,
        heading="Show that it is you",
        button="Continue",
        template="account/prove.html",
        onward=onward,
    )


def _forms(request: HttpRequest, person: Person) -> tuple[CodeForm, GivePasskeyForm]:
    posted = request.POST if request.method == "POST" else None
    by_passkey = posted is not None and "credential" in posted
    return (
        CodeForm(None if by_passkey else posted, person=person, hint=CODE_HINT),
        GivePasskeyForm(posted if by_passkey else None, person=person),
    )


def _given(form: CodeForm, passkey: GivePasskeyForm) -> Authenticator | None:
    return next((each.authenticator for each in (form, passkey) if each.is_bound and each.is_valid()), None)


def _ask(
    request: HttpRequest, person: Person, form: CodeForm, passkey: GivePasskeyForm, *, heading: str, **context: Any
) -> HttpResponse:
    wrong = [str(error) for errors in passkey.errors.values() for error in errors] if passkey.is_bound else []
    has_passkey = Authenticator.objects.filter(user=person, type=Type.WEBAUTHN).exists()
    return render_question(
        request,
        form,
        heading=heading,
        button="Continue",
        template="account/give.html",
        errors=wrong,
        passkey=json.dumps(passkeys.begin_authentication(person), cls=DjangoJSONEncoder) if has_passkey else None,
        **context,
    )


@before_second_factor
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    known = list(Authenticator.objects.filter(user=person).order_by("created_at"))
    codes = next((each for each in known if each.type == Type.RECOVERY_CODES), None)
    return render(
        request,
        "account/second_factor.html",
        {
            "heading": "How you sign in",
            "given": factor.is_given(request),
            "has_one": factor.has_one(person),
            "has_password": person.has_usable_password(),
            "app": next((each for each in known if each.type == Type.TOTP), None),
            "passkeys": [
                {"pk": each.pk, "name": each.wrap().name, "added": each.created_at}
                for each in known
                if each.type == Type.WEBAUTHN
            ],
            "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        },
    )


@changes_how_one_signs_in
@sensitive_post_parameters("code")
def add_app(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    if Authenticator.objects.filter(user=person, type=Type.TOTP).exists():
        return redirect("second-factor")
    secret = request.session.get(SECRET_SESSION_KEY) or generate_totp_secret()
    request.session[SECRET_SESSION_KEY] = secret
    form = AppForm(request.POST if request.method == "POST" else None, secret=secret)
    if request.method == "POST" and form.is_valid():
        added = TOTP.activate(person, secret).instance
        patience.use_code(person.pk, form.cleaned_data["code"])
        del request.session[SECRET_SESSION_KEY]
        return _added(request, person, added, "Your app is added. From now on we ask for a code from it.")
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(person, secret))
    return render_question(
        request,
        form,
        heading="Add an authenticator app",
        button="Add this app",
        back=reverse("second-factor"),
        template="account/add_app.html",
        picture=base64.b64encode(picture.encode()).decode(),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    )


@changes_how_one_signs_in
def add_passkey(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    form = AddPasskeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        added = WebAuthn.add(person, form.cleaned_data["name"], form.cleaned_data["credential"]).instance
        return _added(request, person, added, "Your passkey is added. You can sign in with it alone.")
    return render_question(
        request,
        form,
        heading="Add a passkey",
        button="Add a passkey",
        back=reverse("second-factor"),
        template="account/add_passkey.html",
        errors=[str(error) for error in form.errors.get("credential", [])] if form.is_bound else [],
        options=json.dumps(passkeys.begin_registration(person, passwordless=True), cls=DjangoJSONEncoder),
    )


def _added(request: HttpRequest, person: Person, added: Authenticator, sentence: str) -> HttpResponse:
    """The first thing added counts as given, brings recovery codes with it, and gives the session a new key."""
    record_authentication(request, person, "mfa", id=added.pk, type=added.type)
    request.session.cycle_key()
    messages.success(request, sentence)
    if Authenticator.objects.filter(user=person, type=Type.RECOVERY_CODES).exists():
        return redirect("second-factor")
    return _new_codes(request, person)


@changes_how_one_signs_in
@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    if not factor.has_one(person):
        raise Http404
    return _new_codes(request, person)


def _new_codes(request: HttpRequest, person: Person) -> HttpResponse:
    """Make them and show them, this once: they are never shown again."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        Authenticator.objects.filter(user=person, type=Type.RECOVERY_CODES).delete()
        codes = RecoveryCodes.activate(person).generate_codes()
    return render(
        request,
        "account/recovery_codes.html",
        {
            "heading": "Keep these recovery codes",
            "codes": [" ".join((code[:4], code[4:8], code[8:])) for code in codes],
        },
    )


@changes_how_one_signs_in
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away an app or a passkey, but never the last: nobody opens a case without one."""
    person = _person(request)
    found = get_object_or_404(Authenticator, pk=pk, user=person, type__in=(Type.TOTP, Type.WEBAUTHN))
    last = Authenticator.objects.filter(user=person, type__in=(Type.TOTP, Type.WEBAUTHN)).count() == 1
    name = "your authenticator app" if found.type == Type.TOTP else f"the passkey {found.wrap().name}"
    if request.method == "POST" and not last:
        found.delete()
        delete_dangling_recovery_codes(person)
        messages.success(request, f"We no longer accept {name}.")
        return redirect("second-factor")
    return render_question(
        request,
        None,
        heading="Remove it?",
        button="Remove it",
        back=reverse("second-factor"),
        intro=[f"We will no longer accept {name}."],
        errors=["Add another way to sign in before you remove this one, or you could open no case"] if last else [],
    )


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
