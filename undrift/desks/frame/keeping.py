"""One way in which every form is read and answered: what is typed is kept until it is taken, and counts once.

Kept: before a page reads a form, what it says is stored under its writer, in a transaction of its own, so that nothing
that goes wrong afterwards loses it. Taken: a page that leads onward has taken it over, and it is cleared with the act.
Wrong: a page that has found something wrong leads back to the form, which shows what was typed and what is wrong; so
neither Back nor reloading asks anybody to send a form again. Once: the second sending of the same drawing with the
same words finds the first, in the transaction of the act.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from undrift.desks.frame import addresses, factor, sending
from undrift.desks.frame.addresses import Of
from undrift.desks.frame.row_buttons import rows_changed
from undrift.desks.frame.signed import page_of
from undrift.desks.frame.typed import Offered, Wrong, as_stored, from_stored
from undrift.engine.written import written
from undrift.people import clock
from undrift.people.models import Person
from undrift.record import typed_texts
from undrift.record.sight import as_writer
from undrift.record.typed_texts import NOT_TAKEN, Content, Where

LARGEST = 200_000  # characters
AGAIN_SECONDS = 60 * 60  # for so long a page that was led back to says what was wrong
NEVER = (*sending.NOT_SAID, "code", "credential")  # and whatever is called a password
# What a form says besides what somebody typed.
BUTTONS = frozenset(("seen", "draft", "save", "select", "add", "remove", "next"))
# Nothing is written down there, or something of the page's own script; what is searched for is nobody's to keep.
NOT_KEPT = frozenset(("search", "audit", "audit-export", "session-stay", "session-end", "keep-text"))
# What may be done again without doing more: answers put into a draft, or into the address of the page that checks them;
# who one is; codes, of which the last ones count; a file to be checked, which may be another one in the same boxes.
REPEATED = NOT_KEPT | {"raise-question", "next-stage", "allocation-give", "prove", "new-codes", "import"}
ALREADY = "You had sent this already. It counts once."
KEPT_AS, WRONG_AS, ROW_AS = "_sending_now", "_wrong", "_kept_row"


def is_kept(page: str) -> bool:
    """Whether what is typed on the page of that name is kept: everywhere but where nothing of anybody's is asked."""
    rule = addresses.RULES.get(page)
    return rule is not None and rule.of is not Of.ANYONE and page not in NOT_KEPT


def place_at(path: str) -> ResolverMatch | None:
    """The page at an address, and what the address names; None where there is none."""
    try:
        return resolve(path)
    except Resolver404:
        return None


def page_at(path: str) -> str:
    """The name of the page at an address; empty where there is none."""
    place = place_at(path)
    return (place.url_name or "") if place is not None else ""


def said_in(posted: QueryDict) -> Content | None:
    """What somebody typed, by the name of the box; None where that is nothing, or longer than is kept."""
    said = {
        name: [str(value) for value in values]
        for name, values in posted.lists()
        if name not in NEVER and "password" not in name
    }
    return None if _is_long(posted) or is_empty(said) else said


def _is_long(posted: QueryDict) -> bool:
    """Longer than is kept."""
    return sum(len(value) for _, values in posted.lists() for value in values) > LARGEST


def is_empty(said: Content) -> bool:
    """Whether nobody has typed or chosen anything there."""
    named = (name for name in said if name not in BUTTONS and name not in NEVER and not name.endswith("_FORMS"))
    return not any(written(value) for name in named for value in said[name])


def where_of(mine: sending.Drawing, path: str, page: str) -> Where:
    """Where what came from that drawing is kept."""
    return Where(mine.person, path, page, mine.number, mine.tab, mine.since)


def keep_apart(where: Where, posted: QueryDict, why: str) -> int | None:
    """Keep it in a transaction of its own, which stands whatever happens to the page's; the row, if there is one."""
    said = said_in(posted)
    if said is None or not is_kept(where.page):
        return None
    with as_writer(where.person):
        return typed_texts.keep(where, said, why=why)


def keep_before(request: HttpRequest) -> None:
    """Keep what a form says before any page reads it. Only of a form that we drew for this very person."""
    person, page = request.user, page_at(request.path_info)
    if not isinstance(person, Person) or not is_kept(page):
        return
    try:
        mine = sending.given(request.POST)
    except OSError:  # the connection was cut while it was sent
        return
    if mine is not None and mine.person == person.pk:
        where = where_of(mine, request.path, page)
        note_row(request, keep_apart(where, request.POST, "sending"))


def note_row(request: HttpRequest, row: int | None) -> None:
    """So that a page of what went wrong can say where the text is."""
    if row is not None:
        vars(request)[ROW_AS] = row


def kept_at(request: HttpRequest) -> str:
    """The address at which what this request said can be read; empty where nothing of it is kept."""
    row = vars(request).get(ROW_AS)
    return reverse("kept-text", args=[row]) if row is not None else ""


def kept_text(request: HttpRequest) -> Mapping[str, str]:
    """Context processor: a page says that text is kept only where it is."""
    return {"kept_text": kept_at(request)}


def find_offered(request: HttpRequest) -> Callable[[], Offered | None]:
    """Asks once, and only where a form is drawn, for what its reader typed there before."""
    found: list[Offered | None] = []

    def find() -> Offered | None:
        if not found:
            found.append(_offered(request))
        return found[0]

    return find


def _offered(request: HttpRequest) -> Offered | None:
    person = request.user
    if request.method not in ("GET", "HEAD") or not isinstance(person, Person) or not is_kept(page_of(request)):
        return None
    with _as_theirs(request):
        row = typed_texts.last_typed(person.pk, request.path)
    if row is None:
        return None
    typed = QueryDict(mutable=True)
    for name, values in row.content.items():
        typed.setlist(name, values)
    sending.continues(request, person.pk, row.number, row.saved_at)
    offered = Offered(row.number, typed, row.saved_at, row.why, row.pk)
    if row.why in ("wrong", "again") and row.saved_at < clock.now() - timedelta(seconds=AGAIN_SECONDS):
        # Much later it is text that was not sent, and what was wrong may be so no more.
        return None if is_empty(row.content) else replace(offered, why="typed")
    boxes, summary = from_stored(row.wrong)
    return replace(offered, boxes=boxes, summary=summary)


def _as_theirs(request: HttpRequest) -> AbstractContextManager[None]:
    """A page on the way to the second factor sees nothing of the database but what its own reader typed."""
    assert isinstance(request.user, Person)
    return nullcontext() if factor.is_given(request) else as_writer(request.user.pk)


# While a form is answered ---------------------------------------------------------------------------------------------


@dataclass
class Sending:
    """A form that is being answered. `said` is the hash of its words; empty where it is not counted."""

    where: Where
    said: str
    numbered: bool


def untaken(response: HttpResponse) -> HttpResponse:
    """Say of an answer that leads onward that it has not taken over what was typed."""
    vars(response)["untaken"] = True
    return response


def note_wrong(request: HttpRequest, boxes: Mapping[str, Sequence[Wrong]], summary: Sequence[tuple[str, str]]) -> None:
    """What a page found wrong with the form that it was sent."""
    vars(request)[WRONG_AS] = as_stored(boxes, summary)


def not_taken(
    request: HttpRequest, sentence: str, labels: Mapping[str, str], *, why: str = NOT_TAKEN, record: str = ""
) -> HttpResponse | None:
    """Lead to the page on which what was typed can be read, with why it was not taken; None where nothing was.

    `record` is the reference of what to read besides, where the address names none.
    """
    now: Sending | None = vars(request).get(KEPT_AS)
    said = said_in(request.POST)
    if now is None or said is None or not is_kept(now.where.page):
        return None
    with _as_theirs(request):
        about = {"labels": dict(labels), "record": record}
        row = typed_texts.keep(now.where, said, why=why, sentence=sentence, wrong=about)
    return untaken(see_other(reverse("kept-text", args=[row])))


def see_other(address: str) -> HttpResponseRedirect:
    """Lead onward from a form: to a page that is read, whatever was sent."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def shown_again(request: HttpRequest) -> HttpResponse:
    """Lead back to the form, which shows what was typed, or what a draft holds."""
    response = see_other(request.get_full_path())
    vars(response)["shown_again"] = True
    return response


class CountsOnce:
    """The innermost middleware but for the page: within its transaction, once all who may refuse it have not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        now: Sending | None = vars(request).get(KEPT_AS)
        # After signing out, or a failure, there is nothing to settle: that transaction is given up.
        if now is None or response.status_code >= 500 or request.user.pk != now.where.person:
            return response
        with _as_theirs(request):
            return _settled(request, now, response)

    def process_view(
        self, request: HttpRequest, view: Any, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> HttpResponse | None:
        person, page = request.user, page_of(request)
        if request.method != "POST" or not isinstance(person, Person) or page in NOT_KEPT or not is_kept(page):
            return None
        mine = sending.given(request.POST)
        if numbered := mine is not None and mine.person == person.pk:
            where = where_of(mine, request.path, page)
        else:
            where = Where(person.pk, request.path, page, secrets.token_urlsafe(12))
        now = Sending(where, "", numbered)
        with _as_theirs(request):
            if (rows := rows_changed(request.POST)) is not None:
                if (said := said_in(rows)) is not None or (said := dict(rows.lists())):
                    typed_texts.keep(now.where, _without_never(said), why="again")
                return shown_again(request)
            if numbered:
                now.said = sending.hash_of(request.POST)
                earlier = typed_texts.first_sent(now.where, now.said)
                if earlier is not None and page not in REPEATED:
                    typed_texts.clear(now.where)
                    # The first may have given the session another key: then there is nowhere to say it.
                    if request.session.exists(request.session.session_key or ""):
                        messages.info(request, ALREADY)
                    return see_other(earlier.onward or "/")
        vars(request)[KEPT_AS] = now
        return None


def _without_never(said: Content) -> Content:
    return {name: values for name, values in said.items() if name not in NEVER and name not in ("add", "remove")}


def _settled(request: HttpRequest, now: Sending, response: HttpResponse) -> HttpResponse:
    wrong = vars(request).get(WRONG_AS)
    if getattr(response, "untaken", False) or response.status_code >= 400:
        _not_sent(now)
        return response
    if response.status_code == 200 and wrong is not None:
        _not_sent(now)
        if _is_long(request.POST):
            return response  # not kept: the page itself gives it back
        typed_texts.keep(now.where, said_in(request.POST) or {}, why="wrong", wrong=wrong)
        return shown_again(request)
    if now.numbered and 300 <= response.status_code < 400:
        typed_texts.sent(now.where, now.said, response.headers["Location"])
    else:
        _not_sent(now)
    if now.numbered:
        typed_texts.clear(now.where)
    else:
        typed_texts.clear_all(now.where.person, now.where.address)
    return response


def _not_sent(now: Sending) -> None:
    if now.numbered:
        typed_texts.not_sent(now.where, now.said)
