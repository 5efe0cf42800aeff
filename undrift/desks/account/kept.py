"""What somebody had typed when their session ended, kept on the server until they are back.

It lies in the session that the browser gets when the old one ends, and is given to one person only: whoever
the ended session belonged to. It is put back into the same form, and nothing is sent until they send it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, QueryDict

from undrift.desks.frame.typed import typed_before
from undrift.people import clock

KEY = "typed_when_the_session_ended"
PATH_FIELD = "_path"
KEPT_SECONDS = 12 * 60 * 60  # how long after its end a session still says whose it was
LARGEST = 200_000  # characters
NEVER_KEPT = ("csrfmiddlewaretoken", PATH_FIELD, "code", "credential")  # and whatever is called a password
RESTORED = "Your session had ended before this was sent. What you typed is below. Check it, then send it."


def keep(request: HttpRequest, person_id: int, path: str, typed: QueryDict) -> None:
    """Keep it in this session, for this person alone. What is too long, or says nothing, is not kept."""
    said = typed.copy()
    for name in [name for name in said if name in NEVER_KEPT or "password" in name]:
        del said[name]
    encoded = said.urlencode()
    if any(any(values) for _, values in said.lists()) and len(encoded) <= LARGEST:
        request.session[KEY] = {"person": person_id, "path": path, "typed": encoded, "at": time.time()}


def is_waiting(request: HttpRequest) -> bool:
    return KEY in request.session


class KeepTyped:
    """Keeps a form that arrives after its session ended, and puts it back when its writer is there again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated or not is_waiting(request):
            return self.get_response(request)
        typed = _for(request, request.user.pk)
        if typed is None:
            return self.get_response(request)
        messages.info(request, RESTORED)
        token = typed_before.set(typed)
        try:
            return self.get_response(request)
        finally:
            typed_before.reset(token)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        if request.method != "POST" or request.user.is_authenticated or not getattr(view, "login_required", True):
            return
        if person_id := getattr(request, "session_ended_for", None) or _whose_session_ended(request):
            keep(request, person_id, request.get_full_path(), request.POST)


def _for(request: HttpRequest, person_id: int) -> QueryDict | None:
    """What is to be put back on this page. Dropped when it is somebody else's, or was sent at last."""
    kept = request.session[KEY]
    if kept["person"] != person_id or (request.method == "POST" and request.get_full_path() == kept["path"]):
        del request.session[KEY]
        return None
    here = request.method == "GET" and request.get_full_path() == kept["path"]
    return QueryDict(kept["typed"]) if here else None


def _whose_session_ended(request: HttpRequest) -> int | None:
    """Whom the session named by the cookie belonged to, when it is over. Asked once: it is then forgotten."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    now = clock.now()
    ended = Session.objects.filter(
        session_key=key, expire_date__lte=now, expire_date__gt=now - timedelta(seconds=KEPT_SECONDS)
    ).first()
    if ended is None:
        return None
    person_id = SessionStore().decode(ended.session_data).get(SESSION_KEY)
    ended.delete()
    return int(person_id) if person_id else None
