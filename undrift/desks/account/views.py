"""Signing in and out. In the demo one may also choose a person to be."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from undrift.desks.account.cast import cast
from undrift.desks.account.forms import SignInForm
from undrift.desks.pages import render_question
from undrift.people.models import Authority, Person

BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    onward = _onward(request)
    form = SignInForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid() and form.person is not None:
        login(request, form.person, backend=BACKEND)
        return redirect(onward)
    return render_question(
        request,
        form,
        heading="Sign in",
        button="Sign in",
        template="account/sign_in.html",
        councils=Authority.objects.order_by("name").values_list("name", flat=True),
        ended=settings.SESSION_COOKIE_NAME in request.COOKIES and request.method == "GET" and "next" in request.GET,
        onward=onward,
    )


def _onward(request: HttpRequest) -> str:
    """Where they were going, if that is on this service."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe else settings.LOGIN_REDIRECT_URL


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = redirect("signed-out")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@login_not_required
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "account/signed_out.html", {"heading": "You have signed out"})


@login_not_required
@require_safe
def session_ended(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "account/session_ended.html",
        {
            "heading": "Your session has ended",
            "minutes": settings.SESSION_COOKIE_AGE // 60,
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
        person = get_object_or_404(Person, pk=request.POST.get("person", "0"), is_active=True)
        login(request, person, backend=BACKEND)
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(
        request,
        "account/demo.html",
        {
            "heading": "Choose a person to be",
            "groups": cast(),
            "back": reverse("sign-in"),
        },
    )
