"""Signing in and out, and how a session ends. In the demo one may also choose a person to be."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.internal.flows.login import perform_login, perform_password_login
from allauth.account.models import Login
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from undrift.desks.account import kept, single_sign_on
from undrift.desks.account.browsers import note_browser
from undrift.desks.account.cast import cast
from undrift.desks.account.forms import GivePasskeyForm, SignInForm
from undrift.desks.account.guard import View, before_second_factor
from undrift.desks.frame import factor
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.typed import as_number, is_ours
from undrift.library.numbers import UNUSED_DAYS
from undrift.people.models import Authority, Person

BACKEND = "undrift.people.seats.SignedIn"


@login_not_required
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    onward = _onward(request)
    form = SignInForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid() and form.person is not None:
        signing_in = Login(user=form.person, redirect_url=onward)
        return perform_password_login(request, {"email": form.person.email}, signing_in)
    return render_question(
        request,
        form,
        heading="Sign in",
        button="Sign in",
        template="account/sign_in.html",
        councils=Authority.objects.order_by("name").values_list("name", flat=True),
        providers=settings.SINGLE_SIGN_ON,
        ended=settings.SESSION_COOKIE_NAME in request.COOKIES and request.method == "GET" and "next" in request.GET,
        kept=kept.is_waiting(request),
        onward=onward,
    )


def _onward(request: HttpRequest) -> str:
    """Where they were going, if that is on this service."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if is_ours(request, asked) else settings.LOGIN_REDIRECT_URL


@login_not_required
def sign_in_with_passkey(request: HttpRequest) -> HttpResponse:
    """GET, by the page's script: what to ask the browser for. POST: what the browser gave."""
    if request.method != "POST":
        return JsonResponse(passkeys.begin_authentication(user=None))
    form = GivePasskeyForm(request.POST)
    if form.is_valid() and form.authenticator is not None:
        post_authentication(request, form.authenticator, passwordless=True)
        return perform_login(request, Login(user=form.authenticator.user, redirect_url=_onward(request)))
    return redirect("sign-on-failed")


@login_not_required
@require_safe
def sign_in_with_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    if single_sign_on.provider_of(provider_id) is None:
        raise Http404
    # A link on a stranger's page must not sign somebody in without their asking.
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return redirect("sign-in")
    try:
        again = "again" in request.GET and request.user.is_authenticated
        return single_sign_on.send_to(request, provider_id, _onward(request), again=again)
    except (RequestException, OAuth2Error, KeyError):
        return redirect("sign-on-failed")


@login_not_required
@require_safe
def back_from_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    if single_sign_on.provider_of(provider_id) is None:
        raise Http404
    adapter = single_sign_on.StrictAdapter(request, provider_id)
    callback: View = single_sign_on.Callback.adapter_view(adapter)  # type: ignore[no-untyped-call]  # allauth says no types here
    return callback(request)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = redirect("signed-out")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _said(heading: str, template: str, **context: object) -> Callable[[HttpRequest], HttpResponse]:
    @login_not_required
    @require_safe
    def page(request: HttpRequest) -> HttpResponse:
        return render(request, template, {"heading": heading, **context})

    return page


signed_out = _said("You have signed out", "account/signed_out.html")
account_closed = _said("This account is closed", "account/closed.html", days=UNUSED_DAYS)
not_known_here = _said("You are not known here yet", "account/not_known_here.html")
sign_on_failed = _said("We could not sign you in", "account/sign_on_failed.html")


@login_not_required
@require_safe
def session_ended(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "account/session_ended.html",
        {
            "heading": "Your session has ended",
            "minutes": settings.SESSION_COOKIE_AGE // 60,
            "hours": settings.SESSION_LONGEST_SECONDS // 3600,
            "kept": kept.is_waiting(request),
            "onward": _onward(request),
        },
    )


def _only_in_the_demo(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def asked(request: HttpRequest) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request)

    return asked


@login_not_required
@_only_in_the_demo
def choose_person(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        person = get_object_or_404(Person, pk=as_number(request.POST.get("person", "")), is_active=True)
        login(request, person, backend=BACKEND)
        note_browser(request)
        factor.give(request.session, person, by="chosen in the demonstration")
        return redirect(_onward(request))
    return render(
        request,
        "account/demo.html",
        {
            "heading": "Choose a person to be",
            "groups": cast(),
            "back": reverse("sign-in"),
            "onward": _onward(request),
        },
    )


@login_not_required
@require_safe
def session_left(request: HttpRequest) -> HttpResponse:
    """How many seconds this session still has, asked by the page's script; asking does not make it longer."""
    return JsonResponse({"seconds": getattr(request, "session_seconds", 0)})


@before_second_factor
@require_POST
def session_stay(request: HttpRequest) -> HttpResponse:
    """Somebody is still here. The middleware that saw this request has made the session longer."""
    return JsonResponse({"seconds": getattr(request, "session_seconds", 0)})


@before_second_factor
@require_POST
def session_end(request: HttpRequest) -> HttpResponse:
    """The page's script ends the session when its time is over, and hands in what was typed so far."""
    path = kept.path_of(request.POST.get(kept.PATH_FIELD, ""))
    person_id = request.user.pk
    logout(request)
    if person_id and is_ours(request, path) and kept.keep(request, path, person_id, "ended") is not None:
        request.session[kept.KEY] = True
    return JsonResponse({"seconds": 0})
