"""What every answer says about itself (keep no copy, list me nowhere), and the pages for what went wrong.

Without the database every page answers at once, says what to do, and gives back what was typed. Urgent help is there
all the same. Nothing here asks the database.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.template.loader import render_to_string
from django.urls import reverse

from undrift.desks.frame import numbers
from undrift.desks.frame.keeping import kept_at
from undrift.people import clock

RETRY_SECONDS = 30
AWAY_SECONDS = 5.0  # how long nobody asks a database again that was just found away: each ask holds up a thread
AWAY = (OperationalError, InterfaceError)
NEVER_SHOWN = ("code", "credential")  # and whatever is called a password: typed again, never given back
MOST_MEGABYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
SHORT = 60  # characters: what is longer, or has lines, is shown to be read

NONE_AT_ALL = "\x00"  # no keyboard has it, and no database keeps it
UNREADABLE = (SuspiciousOperation, MultiPartParserError, UnreadablePostError)
NOT_TEXT = (
    "One character could not be kept",
    "There is a character in it that is no text, which comes along when something is copied from a damaged file. We"
    " have left it out below. Check what you wrote, and send it again.",
)
NOT_TEXT_IN_ADDRESS = (
    "This address could not be read",
    "There is a character in it that is no text. Go to the start page, and look for what you need from there.",
)
NO_SUCH_ADDRESS = ("Page not found", NOT_TEXT_IN_ADDRESS[1])
TOO_MUCH = (
    "What you sent is too long to be read",
    f"Nothing was saved. All answers together must be {MOST_MEGABYTES} megabytes or fewer; most answers must be 4,000"
    " characters or fewer. Copy what you need into a shorter answer, and send that.",
)
NOT_READ = (
    "What your browser sent could not be read",
    "Nothing was saved. Check what is below, if anything is, and send it again; or begin from the start page. If it"
    " happens again, tell the person who looks after the service what you were doing and when.",
)

_away_until = 0.0
_met: WeakKeyDictionary[HttpRequest, Exception] = WeakKeyDictionary()


@dataclass(frozen=True)
class Typed:
    """One answer of a form, to be sent again. `shown` for what somebody wrote, hidden for what the page knew."""

    name: str
    value: str
    shown: bool


class KeepNoCopy:
    """No page is kept by a browser, a proxy or a search engine, unless the page itself says otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if time.monotonic() < _away_until:
            response = without_the_database(request)
        else:
            with clock.as_here():  # what this page learns of the database's time is forgotten with it
                response = self.get_response(request)
            # Where it was met on the way to a page, a developer is shown Django's page about it instead of ours.
            if response.status_code == 500 and (error := _met.pop(request, None)) is not None:
                response = _without(request, error)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _without(request, error) if isinstance(error, AWAY) else None


@receiver(got_request_exception)
def note(request: HttpRequest, **_: object) -> None:
    """That the database was away, whoever answers for it."""
    error = sys.exc_info()[1]
    if isinstance(error, AWAY):
        _met[request] = error


class OnlyText:
    """What cannot be read is said in words, before any page meets it: too much, or a character that is none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NONE_AT_ALL in request.path:
            return _say(request, NO_SUCH_ADDRESS, 404)
        if any(NONE_AT_ALL in text for name, values in request.GET.lists() for text in (name, *values)):
            return _say(request, NOT_TEXT_IN_ADDRESS, 400)
        if request.method == "POST":
            try:
                posted = [text for name, values in request.POST.lists() for text in (name, *map(str, values))]
            except (RequestDataTooBig, TooManyFieldsSent):
                return _say(request, TOO_MUCH, 413)
            except UNREADABLE:
                return _say(request, NOT_READ, 400)
            if any(NONE_AT_ALL in text for text in posted):
                return _say(request, NOT_TEXT, 400)
        return self.get_response(request)


def not_read(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler for a request that makes no sense.

    It is also asked where the database went away as a session was kept: Django takes that for a session that somebody
    ended meanwhile: `SessionInterrupted`, a bad request (Django 5.2, its middleware of sessions).
    """
    behind: BaseException | None = exception
    while behind is not None:
        if isinstance(behind, AWAY):
            return _without(request, behind)
        behind = behind.__context__
    return _say(request, NOT_READ, 400)


def _say(request: HttpRequest, said: tuple[str, str], status: int) -> HttpResponse:
    heading, sentence = said
    page = {"heading": heading, "sentence": sentence, "typed": list(typed_in(request)), "again": request.path}
    return HttpResponse(render_to_string("not_read.html", page), status=status)


def went_wrong(request: HttpRequest) -> HttpResponse:
    """Django's handler for what nobody caught, wherever it happened: in a page, or on the way to one."""
    error = sys.exc_info()[1]
    if isinstance(error, AWAY):
        return _without(request, error)
    page = {"kept_text": kept_at(request), "typed": list(typed_in(request)), "again": request.get_full_path()}
    return HttpResponse(render_to_string("500.html", page), status=500)


def _without(request: HttpRequest, error: Exception) -> HttpResponse:
    global _away_until
    if _nobody_answers(error.__cause__):
        _away_until = time.monotonic() + AWAY_SECONDS
    return without_the_database(request)


def _nobody_answers(cause: BaseException | None) -> bool:
    """Whether it is the server that is away, and not one statement that was given up."""
    if not isinstance(cause, psycopg.OperationalError):
        return False
    state = cause.sqlstate or ""
    return state == "" or state.startswith(("08", "57P"))  # no connection; shut down, or starting up


def without_the_database(request: HttpRequest) -> HttpResponse:
    """Urgent help as it is; of every other page, what to do now and what was typed."""
    # Without the request: what fills the frame would ask the same database again.
    if request.path == reverse("urgent"):
        page = {"heading": "Urgent help", "councils": numbers.kept(), "away": True}
        return HttpResponse(render_to_string("urgent/urgent.html", page))
    page = {"typed": list(typed_in(request)), "again": request.get_full_path(), "councils": numbers.kept()}
    return HttpResponse(render_to_string("503.html", page), status=503, headers={"Retry-After": str(RETRY_SECONDS)})


def typed_in(request: HttpRequest) -> Iterator[Typed]:
    """What came with the request, but secrets. Nothing where it cannot be read."""
    if request.method != "POST":
        return
    try:
        posted = request.POST
    except UNREADABLE:
        return
    for name, values in posted.lists():
        if name in NEVER_SHOWN or "password" in name:
            continue
        for value in (str(value).replace(NONE_AT_ALL, "") for value in values):
            written = name != "csrfmiddlewaretoken" and (len(value) > SHORT or "\n" in value)
            yield Typed(name.replace(NONE_AT_ALL, ""), value, written)
