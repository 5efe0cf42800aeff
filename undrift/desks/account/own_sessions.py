"""Where somebody is signed in: in which browser, since when, last used when; and ending that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.http import require_POST, require_safe

from undrift.desks.account.browsers import browser_of
from undrift.desks.frame.signed import SignedRequest
from undrift.people import clock
from undrift.people.accounts import end_other_sessions, end_session
from undrift.people.models import Person
from undrift.people.sessions import open_sessions


@dataclass(frozen=True)
class Open:
    """One session. `end` is the address that ends it; empty for the one that the page is read in."""

    browser: str
    since: datetime | None
    used: datetime | None
    end: str = ""


@require_safe
def own_sessions(request: SignedRequest) -> HttpResponse:
    return render(request, "account/sessions.html", {
        "heading": "Where you are signed in",
        "back": reverse("second-factor"),
        "sessions": _shown(request.user, request.session.session_key),
    })  # fmt: skip


def _shown(person: Person, here: str | None) -> list[Open]:
    """This one first, then the last used."""
    found = [(one.pk, one.get_decoded()) for one in open_sessions(person)]
    found.sort(key=lambda each: (each[0] != here, -each[1].get("active", 0)))
    return [
        Open(
            browser_of(said),
            _moment(said, "began"),
            _moment(said, "active"),
            "" if key == here else reverse("end-session", args=[_name(key)]),
        )
        for key, said in found
    ]


def _moment(said: dict[str, Any], name: str) -> datetime | None:
    return datetime.fromtimestamp(said[name], UTC) if name in said else None


def _name(key: str) -> str:
    """What a session is called on a page: whoever knew its key would be signed in by it."""
    return salted_hmac("undrift.desks.account.own_sessions", key, algorithm="sha256").hexdigest()[:32]


@require_POST
def end_one(request: SignedRequest, which: str) -> HttpResponse:
    """One of the reader's own, other than this one: for that there is signing out."""
    here = request.session.session_key
    others = [one.pk for one in open_sessions(request.user) if one.pk != here]
    key = next((key for key in others if constant_time_compare(_name(key), which)), None)
    if key is None:
        raise Http404
    end_session(request.user, key, clock.now())
    messages.success(request, "That browser is signed out.")
    return redirect("own-sessions")


@require_POST
def end_others(request: SignedRequest) -> HttpResponse:
    ended = end_other_sessions(request.user, request.session.session_key, clock.now())
    other = "1 other browser is" if ended == 1 else f"{ended} other browsers are"
    messages.success(request, f"{other} signed out. You are signed in only here.")
    return redirect("own-sessions")
