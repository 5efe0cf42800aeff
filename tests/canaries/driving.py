"""One person at the pages: every link from Home on, every form, wrongly and rightly filled in with tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve

from tests.canaries import tokens
from tests.canaries.fields import TYPED, seeded
from tests.canaries.pages import Box, Form, Reader
from tests.canaries.watching import Caught
from undrift.people.models import Person

HOST = "http://testserver"
# How often one kind of page is opened by one person; and by how many people of one organisation one kind of form is
# sent. A page about one more child, or one more sender of the same search, shows nothing new and costs a second.
PAGES_OF_A_KIND, SENDERS = 1, 2
# The same for everybody: two readers of each organisation are enough.
FOR_EVERYBODY = {
    "help", "words", "policy", "accessibility", "privacy", "urgent", "sign-in", "sign-in-with-passkey",
    "sign-on-failed", "session-left", "session-ended", "second-factor", "add-passkey", "add-app", "new-codes", "prove",
    "search", "own-cover",
}  # fmt: skip
# Addresses that end a session or prolong it, and no pages.
NO_PAGES = frozenset({"sign-out", "session-stay", "session-end", "demo"})
WRITTEN_IN = ("text", "textarea", "search", "email", "tel", "password", "number")
# The first answer leaves everything out; then each of the first choices in turn, with days behind us and ahead.
ANSWERS = (-1, 0, 1, 2)
AHEAD = timedelta(days=6)

_typed = count(1)


@dataclass
class Round:
    """What one person has done so far."""

    person: Person
    caught: Caught
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    opened: set[str] = field(default_factory=set)
    of_a_kind: Counter[str] = field(default_factory=Counter)
    senders: Counter[tuple[str, ...]] = field(default_factory=Counter)
    sent: set[tuple[str, ...]] = field(default_factory=set)
    today: date = field(default_factory=date.today)

    def go(self) -> None:
        self.client.force_login(self.person)
        self.follow([("/", "")])

    def look_up(self, addresses: Iterable[str]) -> None:
        """Typed in by hand: most are somebody else's, and answer with a page that says nothing."""
        for address in addresses:
            for _ in self.open(address, ""):
                pass

    def follow(self, found: list[tuple[str, str]]) -> None:
        """Each address once, and those that its page leads to; `found` are addresses with the page they stood on."""
        while found:
            address, referer = found.pop(0)
            kind = route(address)
            known = address in self.opened or self.of_a_kind[kind] >= PAGES_OF_A_KIND
            if not kind or known or kind in NO_PAGES:
                continue
            if kind in FOR_EVERYBODY:
                if self.senders[kind,] >= SENDERS:
                    continue
                self.senders[kind,] += 1
            self.opened.add(address)
            self.of_a_kind[kind] += 1
            found += self.open(address, referer)

    def open(self, address: str, referer: str) -> Iterator[tuple[str, str]]:
        yield from self.read(self.client.get(address, headers=_refers(referer)), address, referer)

    def read(self, response: Any, address: str, referer: str) -> Iterator[tuple[str, str]]:
        """Catch what this answer gives away; then the addresses it leads to. Its forms are sent on the way."""
        self.note(response, address, referer)
        if location := response.headers.get("Location", ""):
            yield _within(location, address), referer
            return
        if "html" not in response.headers.get("Content-Type", ""):
            return
        reader = Reader(response.content.decode())
        look(self.caught, reader, address)
        here = [(_within(link, address), address) for link in reader.addresses]
        yield from ((link, referer) for link, referer in here if link)
        for form in reader.forms:
            yield from self.send(form, address)

    def note(self, response: Any, address: str, referer: str) -> None:
        caught, who = self.caught, f"{address} (person {self.person.pk})"
        caught.pages[route(address) or address] += 1
        caught.catch("address", address, who)
        if referer:
            caught.catch("referer", HOST + referer, who)
        for name, value in response.headers.items():
            caught.catch("header", f"{name}: {value}", who)
        for cookie in response.cookies.values():
            caught.catch("cookie", cookie.OutputString(), who)
        if response.status_code >= 500:
            caught.amiss.append(f"{who} answered {response.status_code}")
        if response.headers.get("Cache-Control") != "no-store":
            caught.amiss.append(f"{who} may be kept: Cache-Control is {response.headers.get('Cache-Control')!r}")
        rules = response.headers.get("Content-Security-Policy", "")
        if "default-src 'self'" not in rules or "unsafe-" in rules:
            caught.amiss.append(f"{who} has the content policy {rules!r}")
        if "calendar" in response.headers.get("Content-Type", ""):
            caught.catch("calendar", response.content.decode(), who)

    def send(self, form: Form, address: str) -> Iterator[tuple[str, str]]:
        """Left empty, then in several ways filled in; a form of the same kind on the same kind of page only once."""
        action = _within(form.action or address, address)
        kind = (route(action), *form.kind)
        if kind[0] in ("", *NO_PAGES) or kind in self.sent or self.senders[kind] >= SENDERS or not form.boxes:
            return
        self.sent.add(kind)
        self.senders[kind] += 1
        for way in ANSWERS:
            filled = dict(self.answers(form, way))
            if form.method == "get":
                asked = self.client.get(action, filled, headers=_refers(address))
                self.note(asked, asked.request["PATH_INFO"] + "?" + asked.request["QUERY_STRING"], address)
                continue
            response = self.client.post(action, filled, headers=_refers(address))
            yield from self.read(response, action, address)

    def answers(self, form: Form, way: int) -> Iterator[tuple[str, Any]]:
        on = self.today + AHEAD if way % 2 else self.today - AHEAD
        for box in form.boxes.values():
            if box.kind == "hidden":
                yield box.name, box.values[0] if box.values else ""
            elif way >= 0:
                yield from _answer(box, way, on)
        named = [button for button in form.buttons if button[0] and button[0] not in ("remove", "add")]
        if named and way == 2:
            yield named[0]


def look(caught: Caught, reader: Reader, address: str) -> None:
    caught.catch("title", " ".join(reader.title.split()), address)
    for link in reader.addresses:
        if not link.startswith("tel:"):
            caught.catch("address", link, address)
    for number, _ in tokens.words_in(reader.body):
        caught.shown[number].add(caught.reader)
    caught.days_shown.update(tokens.days_in(reader.body))


def typed() -> str:
    """A word that nobody has written before."""
    return tokens.word(seeded()[TYPED].number, next(_typed))


def route(address: str) -> str:
    """The name of an address of ours; empty for any other, and for what only serves files."""
    return _route(urlsplit(address).path, settings.ROOT_URLCONF)


@cache
def _route(path: str, urlconf: str) -> str:
    """Asked of the same addresses again and again: each stands on most pages."""
    try:
        return str(resolve(path, urlconf).url_name)
    except Resolver404:
        return ""


def _answer(box: Box, way: int, on: date) -> Iterator[tuple[str, Any]]:
    part = box.name.rpartition("_")[2]
    if part in ("day", "month", "year"):
        yield box.name, str(getattr(on, part))
    elif box.kind in WRITTEN_IN:
        yield box.name, typed()
    elif box.kind == "checkbox":
        yield box.name, box.values if way == 1 else box.values[:1]
    elif box.values:
        yield box.name, box.values[way % len(box.values)]


def _within(link: str, address: str) -> str:
    """The address a link leads to on this service, without what stands behind "#"; empty for one that leads away."""
    whole = urlsplit(urldefrag(urljoin(HOST + address, link)).url)
    if f"{whole.scheme}://{whole.netloc}" != HOST:
        return ""
    return whole.path + (f"?{whole.query}" if whole.query else "")


def _refers(referer: str) -> dict[str, str]:
    """What a browser says under our policy: the whole address, to this service alone."""
    return {"Referer": HOST + referer} if referer else {}
