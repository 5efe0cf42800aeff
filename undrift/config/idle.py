"""A session ends after half an hour without a page, and ten hours after signing in whatever happens.

Half an hour is counted from the last page, not from signing in: each page moves the end, at most once a minute.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

RENEW_SECONDS = 60  # at most one write a minute, rather than one a page


class StaySignedInWhileActive:
    """Gives each request `session_seconds`: how long its session lasts from now if nothing more is opened."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._go_on(request, int(time.time()))
        return self.get_response(request)

    def _go_on(self, request: HttpRequest, now: int) -> None:
        session = request.session
        began = session.get("began", now)
        if now - began >= settings.SESSION_LONGEST_SECONDS:
            whose = request.user.pk
            logout(request)
            vars(request)["session_ended_for"] = whose
            return
        only_asked = request.path == reverse("session-left")
        if not only_asked and now - session.get("active", 0) >= RENEW_SECONDS:
            session["began"], session["active"] = began, now  # saving it moves its end
        idle_end = session.get("active", now) + settings.SESSION_COOKIE_AGE
        vars(request)["session_seconds"] = min(idle_end, began + settings.SESSION_LONGEST_SECONDS) - now


def session_seconds(request: HttpRequest) -> Mapping[str, Any]:
    """Context processor: for the script that warns before the end."""
    return {"session_seconds": getattr(request, "session_seconds", 0)}
