"""Whether this session has given a second factor, and how lately. The one place that writes it and reads it.

A second factor is a code from an app, a passkey, a recovery code, or the word of a single sign-on provider
that is trusted with it. In the demonstration, choosing a person counts, for there is nothing to protect.
"""

from __future__ import annotations

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from undrift.library.numbers import FRESH_SECONDS
from undrift.people.models import Person

KEY = "second_factor"


def give(session: SessionBase, person: Person, by: str) -> None:
    """Note in the session that this person has given it now; worth nothing to anybody else."""
    session[KEY] = {"person": person.pk, "at": time.time(), "by": by}


def is_given(request: HttpRequest) -> bool:
    """Always true where no second factor is asked for (SECOND_FACTOR_REQUIRED)."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return True
    return bool(_given(request, request.user))


def is_given_by(request: HttpRequest, person: AbstractBaseUser | None) -> bool:
    """The same for somebody who is signing in at this moment."""
    return person is not None and bool(_given(request, person))


def is_fresh(request: HttpRequest, seconds: int = FRESH_SECONDS) -> bool:
    """Was it given in the last `seconds`? For acts that ask for it again."""
    return max(_given(request, request.user), default=0.0) > time.time() - seconds


def was_here_lately(request: HttpRequest, seconds: int = FRESH_SECONDS) -> bool:
    """Was any step of signing in taken in the last `seconds`? For somebody who has no second factor yet."""
    person = request.user if request.user.is_authenticated else None
    steps = [record["at"] for record in get_authentication_records(request, person)]
    return max([*steps, *_given(request, request.user)], default=0.0) > time.time() - seconds


def has_one(person: Person) -> bool:
    """Recovery codes alone do not count: they only stand in for something that was lost."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user_id=person.pk, type__in=kinds).exists()


def _given(request: HttpRequest, person: Any) -> list[float]:
    """The moments at which it was given in this session."""
    records = get_authentication_records(request, person)
    moments = [record["at"] for record in records if record["method"] == "mfa"]
    noted = request.session.get(KEY)
    if isinstance(noted, dict) and noted.get("person") == person.pk:
        moments.append(noted["at"])
    return moments


def ask_again(request: HttpRequest, onward: str) -> HttpResponse:
    """Lead to the page that asks for the second factor (or, without one, the password) again, and on from there."""
    response = redirect(f"{reverse('prove')}?{urlencode({'next': onward})}")
    vars(response)["untaken"] = True  # as `keeping.untaken`: nothing that was sent has been read
    return response
