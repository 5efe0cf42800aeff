"""What somebody typed in a session that has ended since, in whatever way, kept for them and for nobody else.

A form says itself whose page it came from. Where it does not, it is asked of the session that has ended.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from undrift.desks.frame import sending
from undrift.desks.frame.keeping import find_offered, keep_apart, keep_before, note_row, page_at, see_other, where_of
from undrift.desks.frame.typed import offered_here
from undrift.people import clock
from undrift.record.typed_texts import Where

KEY = "typed_text_waits"
PATH_FIELD = "_path"
KEPT_SECONDS = 12 * 60 * 60  # how long after its end a session still says whose it was


def is_waiting(request: HttpRequest) -> bool:
    """Whether something was kept for whoever used this browser last. It does not say for whom."""
    return KEY in request.session


def keep(request: HttpRequest, path: str, person_id: int | None, why: str) -> int | None:
    """Keep this form for whoever its page was drawn for, or whose session it was; the row."""
    mine = sending.given(request.POST)
    if mine is not None:
        where = where_of(mine, path, page_at(path))
    elif person_id is not None:
        where = Where(person_id, path, page_at(path), secrets.token_urlsafe(12))
    else:
        return None
    return keep_apart(where, request.POST, why)


class KeepTyped:
    """Keeps each form before it is read, and what arrives when its session is over; offers again what was kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        if KEY in request.session:
            del request.session[KEY]
        if request.method == "POST":
            keep_before(request)
        token = offered_here.set(find_offered(request))
        try:
            return self.get_response(request)
        finally:
            offered_here.reset(token)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Sequence[Any], kwargs: dict[str, Any]
    ) -> None:
        if request.method != "POST" or request.user.is_authenticated or not getattr(view, "login_required", True):
            return
        person_id = getattr(request, "session_ended_for", None) or _whose_session_ended(request)
        if keep(request, request.path, person_id, "ended") is not None:
            request.session[KEY] = True


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose page is older than the sign-in. Nothing is done; what was typed is kept, and shown again."""
    mine = sending.given(request.POST)
    row = keep(request, request.path, None, "stale") if mine is not None else None
    if row is None or mine is None:
        return _send_again(request)
    if not request.user.is_authenticated:
        request.session[KEY] = True
        return see_other(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
    if request.user.pk != mine.person:
        return _send_again(request, elsewhere=True)
    note_row(request, row)
    return see_other(request.get_full_path())


def _send_again(request: HttpRequest, *, elsewhere: bool = False) -> HttpResponse:
    return render(request, "403_csrf.html", {"heading": "Send this page again", "elsewhere": elsewhere}, status=403)


def path_of(address: str) -> str:
    """The address of the form that the page's script hands in, without what stands after a question mark."""
    return urlsplit(address).path


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
