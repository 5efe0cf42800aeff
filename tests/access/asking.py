"""Every address, by every method, for every reader, with everybody's ids: what to ask, and what may come of it.

What may come follows from the rules of the addresses and from the declared matrix. The answer is judged by `judged`.
"""

from __future__ import annotations

import logging
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from http.cookies import SimpleCookie
from typing import Any, cast
from urllib.parse import urlencode

import time_machine
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access.town import Reader, Town
from undrift.access.matrix import Action, Tie, matrix
from undrift.access.models import Look
from undrift.children.models import Child, Family
from undrift.desks.frame.addresses import RULES, Of
from undrift.people.models import Person, Post
from undrift.record.models import Draft
from undrift.resolutions.models import Resolution

METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE")
A_ROUND = ("GET", "POST", "*")  # of each reader at each address; "*" is one of the other methods
ABSENT = {"child": "zzzzzzzzzzzz", "family": "zzzzzzzzzzzz", "resolution": "R-2026-9999", "number": "999999999"}
PAGES = ("children", "concern", "impact", "stage", "people", "made-safe", "no-such-page")


class May(StrEnum):
    """What may come of a request."""

    ANYTHING = "anything"  # nothing of anybody's is asked for by this address
    OPEN = "open"
    PERHAPS = "perhaps"  # the reader's own, where what is asked for may still not be there
    HIDDEN = "hidden"  # byte for byte as what is absent
    TURNED_AWAY = "turned away"  # told so, in a sentence
    SIGN_IN = "sign in"


OPEN_STATUS = frozenset({200, 302, 303, 403, 405, 409})


@dataclass(frozen=True)
class Place:
    """One address of the service. `parts` are what its route leaves open."""

    name: str
    route: str
    parts: tuple[str, ...]

    def path(self, parts: Mapping[str, str]) -> str:
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: parts[found[1]], self.route)


@dataclass(frozen=True)
class Ask:
    reader: Reader
    place: Place
    method: str
    path: str
    absent: str
    may: May
    relation: str
    tie: str = ""  # what the trace should name where it opens
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> str:
        return f"{self.method} {self.path} by {self.reader.name} ({self.relation}; {self.place.name}, {self.may})"


def places() -> tuple[Place, ...]:
    """Every address that the service answers."""
    return tuple(_walked(get_resolver().url_patterns, "/"))


def _walked(patterns: Sequence[Any], before: str) -> Iterator[Place]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walked(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield Place(pattern.name or "", route, tuple(pattern.pattern.converters))


# What to ask --------------------------------------------------------------------------------------------------------


@dataclass
class Asking:
    town: Town
    chance: random.Random

    def one(self, reader: Reader, place: Place, method: str) -> Ask:
        """One request, of a record drawn by chance."""
        method = self.chance.choice(METHODS[2:]) if method == "*" else method.upper()
        rule, target = RULES[place.name], self._target(reader, place)
        parts = {name: self._part(name, place, target) for name in place.parts}
        key = self._key(place, target)
        absent = place.path({**parts, key[0]: key[1]}) if key else place.path(parts)
        may, tie = self._may(reader, place, target)
        sent = self._others(reader)
        return Ask(
            reader, place, method, place.path(parts), absent, may, self._relation(reader, target), tie,
            query=sent if rule.of in (Of.OWN, Of.ANYONE) or self.chance.random() < 0.3 else {},
            body={**sent, "q": self._searched(), "csrfmiddlewaretoken": ""} if method in ("POST", "PUT") else {},
        )  # fmt: skip

    def _target(self, reader: Reader, place: Place) -> Any:
        """Mostly of the reader's own council, where most turns on who they are."""

        def any_of(records: Iterable[Any]) -> Any:
            known = list(records)
            near = [r for r in known if not isinstance(r, Person) and r.authority_id is not None
                    and town.is_near(reader, r.authority_id)]  # fmt: skip
            shut = [r for r in near if self._relation(reader, r) in ("excluded", "restricted")]
            of = self.chance.random()
            return self.chance.choice(shut if shut and of < 0.15 else near if near and of < 0.7 else known)

        town = self.town
        if self.chance.random() < 0.08:
            return None
        if "draft" in place.parts:
            return any_of(town.drafts.values())
        if "family" in place.parts or place.name == "family":
            return any_of(town.children.values()).family
        if {"public_id", "child"} & set(place.parts) and "reference" not in place.parts:
            return any_of(town.children.values())
        if "reference" in place.parts:
            return any_of(town.resolutions.values())
        if RULES[place.name].of is Of.COUNCIL and "number" in place.parts:
            return any_of(self._posts if place.name == "appoint" else self._people)
        return None

    @property
    def _people(self) -> list[Person]:
        return [reader.person for reader in self.town.readers if reader.person is not None]

    @property
    def _posts(self) -> list[Post]:
        return [*self.town.west.built.posts.values(), *self.town.north.built.posts.values()]

    def _key(self, place: Place, target: Any) -> tuple[str, str] | None:
        """The part that names the record, and a value of it that no record has."""
        known = {"public_id": "child", "child": "child", "family": "family", "reference": "resolution",
                 "draft": "number", "number": "number", "cover": "number", "pk": "number"}  # fmt: skip
        names = [name for name in place.parts if name in known]
        if not names:
            return None
        if place.name == "family":
            return names[0], ABSENT["family"]
        return names[0], ABSENT[known[names[0]]]

    def _part(self, name: str, place: Place, target: Any) -> str:
        absent = target is None
        match name:
            case "public_id":
                return ABSENT["child"] if absent else target.public_id
            case "child" if isinstance(target, Child):
                return target.public_id
            case "child":  # beside a resolution: one of its own children, or one of another's
                own = self.town.about.get(target.pk, frozenset()) if target else frozenset()
                numbers = list(own) if own and self.chance.random() < 0.6 else list(self.town.children)
                return ABSENT["child"] if place.name == "raise-choice" else self.town.children[
                    self.chance.choice(numbers)
                ].public_id  # fmt: skip
            case "family":
                return ABSENT["family"] if absent else target.reference
            case "reference":
                return ABSENT["family" if place.name == "family" else "resolution"] if absent else target.reference
            case "action":
                return self.chance.choice(("a1", "1", "a9"))
            case "act":
                return self.chance.choice(("restrict", "name", "keep-out", "lift", "nothing"))
            case "conference":
                return self.chance.choice(("c1", "c2", "f1"))
            case "page":
                return self.chance.choice(PAGES)
            case "stage":
                return self.chance.choice(("starred", "stage-1", "nothing"))
            case "provider_id":
                return "nobody"
        return ABSENT["number"] if absent else str(target.pk)

    def _others(self, reader: Reader) -> dict[str, str]:
        """Ids of records that are mostly somebody else's, under the names that forms and filters use."""
        town, any_of = self.town, self.chance.choice
        child, resolution = any_of(list(town.children.values())), any_of(list(town.resolutions.values()))
        person, draft = any_of(self._people), any_of(list(town.drafts.values()))
        return {
            "family": child.family.reference, "child": child.public_id, "children": child.public_id,
            "chair": str(person.pk), "team": f"t{resolution.team_id}", "status": "Waiting for response",
            "stage": resolution.stage, "next": f"/resolutions/{resolution.reference}", "show": "respond",
            "draft": str(draft.pk), "person": str(person.pk), "covering": str(person.pk), "role": "team-manager",
            "agency": str(person.agency_id), "concern": "said", "text": "said", "why": "said", "kind": "informal",
            f"child-{child.pk}": "yes", "verdict": "complete", "review": "third", "page": "1",
        }  # fmt: skip

    def _searched(self) -> str:
        child = self.chance.choice(list(self.town.children.values()))
        resolution = self.chance.choice(list(self.town.resolutions.values()))
        return self.chance.choice((child.first_name, child.last_name, child.family.name, child.external_id,
                                   resolution.reference, f"{child.last_name[:-1]}q"))  # fmt: skip

    # What may come of it -------------------------------------------------------------------------------------------

    def _may(self, reader: Reader, place: Place, target: Any) -> tuple[May, str]:
        rule, town = RULES[place.name], self.town
        if rule.of is Of.ANYONE:
            return May.ANYTHING, ""
        if reader.person is None:
            return May.SIGN_IN, ""
        if rule.of is Of.OWN:
            return (May.PERHAPS if place.parts else May.ANYTHING), ""
        if rule.action is not None and not reader.knows(rule.action):
            return (May.TURNED_AWAY if rule.of is Of.COUNCIL else May.HIDDEN), ""
        if rule.of is Of.COUNCIL:
            return self._may_keep(reader, place, target), ""
        if target is None:
            return May.HIDDEN, ""
        match target:
            case Draft():
                of = next(f for f in _families(town) if f.reference == target.content["family"])
                own = target.person_id == reader.person.pk and self._seen(reader, of, Action.RAISE)
                return (May.PERHAPS if own else May.HIDDEN), ""
            case Child():
                action = rule.action
                assert action is not None
                if not town.opening_an_address(reader, action, target):
                    return May.HIDDEN, ""
                if action is Action.RAISE:  # of this child's family, all who may be seen
                    return May.OPEN, self._tie_to_family(reader, target.family, action)
                # Where the record itself is open, too, that is how it was come by.
                by = Action.CHILD if town.opens(reader, Action.CHILD, target) else action
                more = May.PERHAPS if len(place.parts) > 1 else May.OPEN
                return more, town.tie_named(reader, by, target)
            case Family():
                action = rule.action
                assert action is not None
                seen = self._seen(reader, target, action)
                return (May.OPEN, self._tie_to_family(reader, target, action)) if seen else (May.HIDDEN, "")
        assert isinstance(target, Resolution)
        assert rule.action is not None
        opening = town.opening_an_address(reader, rule.action, target)
        if not opening:
            return May.HIDDEN, ""
        beside = {"child", "action", "entry"} & set(place.parts)
        return (May.PERHAPS if beside else May.OPEN), town.nearest(reader, rule.action, opening)

    def _seen(self, reader: Reader, family: Family, action: Action) -> list[Child]:
        children = [child for child in self.town.children.values() if child.family_id == family.pk]
        return [child for child in children if self.town.opening_an_address(reader, action, child)]

    def _tie_to_family(self, reader: Reader, family: Family, action: Action) -> str:
        seen = self._seen(reader, family, action)
        opening = frozenset[Tie]().union(*(self.town.opening_an_address(reader, action, child) for child in seen))
        return self.town.nearest(reader, action, opening)

    def _may_keep(self, reader: Reader, place: Place, target: Any) -> May:
        assert reader.person is not None
        action = RULES[place.name].action
        assert action is not None
        if not place.parts:  # a list: of what the reader may see of it, or none
            return May.OPEN
        if reader.person.authority_id is None or Tie.WHOLE not in matrix().ties(reader.roles, action):
            return May.TURNED_AWAY
        if target is None:
            return May.HIDDEN
        if isinstance(target, Resolution):  # what is kept under a reference is no resolution
            return May.HIDDEN
        if isinstance(target, Child):
            near = self.town.is_near(reader, target.authority_id)
            return May.PERHAPS if near and (reader.person.pk, target.pk) not in self.town.kept_out else May.HIDDEN
        council = reader.person.authority
        assert council is not None
        own = target.authority_id == council.pk or (
            target.partnership_id and target.partnership_id == council.partnership_id
        )
        # Cover is named by a second number, of which nobody here has one.
        return May.PERHAPS if own else May.HIDDEN

    def _relation(self, reader: Reader, target: Any) -> str:
        town, person = self.town, reader.person
        if person is None:
            return "nobody signed in"
        if target is None:
            return "absent or none"
        if isinstance(target, Draft):
            return "own" if target.person_id == person.pk else "another’s"
        if isinstance(target, (Person, Post)):
            return "own council" if target.authority_id == person.authority_id else "elsewhere"
        if isinstance(target, Family):
            target = next(child for child in town.children.values() if child.family_id == target.pk)
        children = [target.pk] if isinstance(target, Child) else list(town.about[target.pk])
        if not town.is_near(reader, target.authority_id):
            return "other council"
        if any((person.pk, child) in town.kept_out for child in children):
            return "excluded"
        if any(town.children[child].restricted for child in children):
            return "restricted"
        if isinstance(target, Resolution) and target.ended_at is not None:
            return "ended"
        ties = town.ties_to_child(reader, target) if isinstance(target, Child) else town.ties_to(reader, target)
        if len(ties) > 1:
            return "own"
        return "other unit" if person.authority_id else "other agency"


def _families(town: Town) -> list[Family]:
    return [child.family for child in town.children.values()]


# Asking it ----------------------------------------------------------------------------------------------------------

LOOKED_AT = (Of.CHILD, Of.FAMILY, Of.RESOLUTION)
WORD = re.compile(r"Zq[b-w]{8}x|\b[A-Z]{1,3}-20\d\d-\d{4}\b|\b[2-9b-z]{12}\b")
TOKENS = re.compile(rb'(name="(?:csrfmiddlewaretoken|sending)" value=")[^"]*|(nonce=")[^"]*')


@dataclass
class Swept:
    """What came of a sweep."""

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    unexpected: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    looks: Counter[str] = field(default_factory=Counter)
    unlooked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def line(self) -> str:
        answers = ", ".join(f"{status}: {number:,}" for status, number in sorted(self.statuses.items()))
        return f"{self.requests:,} requests ({answers}), {len(self.unexpected)} unexpected, {len(self.leaks)} leaks"


class Sweeper:
    """Asks, each time of the same untouched world."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.clients: dict[str, tuple[Client, str]] = {}
        self.absent: dict[tuple[str, str, str], tuple[int, bytes]] = {}
        self.failed: list[str] = []

    def sweep(self, asks: Iterator[Ask] | Sequence[Ask], *, looks: bool = True) -> Swept:
        found = Swept()
        got_request_exception.connect(self._failed)
        try:
            with self.quiet():
                for ask in asks:
                    self.ask(ask, found, looks)
        finally:
            got_request_exception.disconnect(self._failed)
        found.errors = self.failed
        return found

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """No log of refusals; and time stands still, for a page says how many seconds its session has left."""
        logging.disable(logging.CRITICAL)
        try:
            with time_machine.travel(self.town.now, tick=False):
                yield
        finally:
            logging.disable(logging.NOTSET)

    def _failed(self, **kwargs: Any) -> None:
        import traceback

        self.failed.append(traceback.format_exc(limit=-4))

    def ask(self, ask: Ask, found: Swept, looks: bool) -> None:
        """Ask it once, and add what came of it to what was found."""
        response, left = self.fetched(ask.reader, ask.method, ask.path, ask.query, ask.body, looks)
        found.requests += 1
        found.statuses[response.status_code] += 1
        found.relations[ask.relation] += 1
        if wrong := self._wrong(ask, response):
            found.unexpected.append(f"{ask.said}: {wrong}")
        request = f"{ask.path} {urlencode(ask.query)} {urlencode(ask.body)}".encode()
        headers = b" ".join(f"{k}: {v}".encode() for k, v in response.headers.items())
        shown = {word.encode() for word in WORD.findall((response.content + headers).decode("utf-8", "replace"))}
        found.leaks += [
            f"{ask.said}: {response.status_code} shows {word.decode()}, {self.town.words[word.decode()]}"
            for word in shown & self.town.hidden[ask.reader.name]
            if word not in request
        ]
        if looks and RULES[ask.place.name].of in LOOKED_AT and ask.reader.person is not None:
            self._count(ask, response.status_code, left, found)

    def fetched(
        self, reader: Reader, method: str, path: str, query: Mapping[str, str], body: Mapping[str, Any],
        looks: bool = False,
    ) -> tuple[HttpResponse, list[Look]]:  # fmt: skip
        """The answer, and the looks it left; nothing else is left of it."""
        client = self.client(reader)
        address = f"{path}?{urlencode(query)}" if query else path
        with transaction.atomic():
            before = latest_look() if looks else 0
            if method == "POST":
                response = client.post(address, body)
            else:
                response = client.generic(method, address, urlencode(body), "application/x-www-form-urlencoded")
            left = list(Look.objects.filter(pk__gt=before)) if looks and not connection.needs_rollback else []
            transaction.set_rollback(True)
        return cast(HttpResponse, response), left

    def client(self, reader: Reader) -> Client:
        """Signed in as this reader, whatever was done with the session before."""
        if reader.name not in self.clients:
            client = Client(raise_request_exception=False)
            client.led_back = False  # type: ignore[attr-defined]  # one request, one answer, one look
            if reader.person is not None:
                client.force_login(reader.person)
                client.get("/privacy")  # from here on the session is not written again; Home takes six times as long
            self.clients[reader.name] = client, client.cookies.output(header="", sep=";")
        client, kept = self.clients[reader.name]
        client.cookies = SimpleCookie(kept)  # of a session that was signed out of, too
        return client

    def _wrong(self, ask: Ask, response: HttpResponse) -> str:
        status = response.status_code
        match ask.may:
            case May.ANYTHING:
                return "" if status < 500 else f"answered {status}"
            case May.SIGN_IN:
                ok = status == 302 and response["Location"].startswith("/sign-in?")
                return "" if ok and not response.content else f"answered {status} to nobody"
            case May.TURNED_AWAY:
                return "" if status in (403, 404, 405) else f"answered {status}"
            case May.PERHAPS:
                return "" if status in {*OPEN_STATUS, 404} else f"answered {status}"
            case May.OPEN:
                ok = status in OPEN_STATUS and (
                    status != 403 or ask.method == "HEAD" or b"govuk-body" in response.content
                )
                return "" if ok else f"answered {status}"
        if status not in (404, 405):
            return f"answered {status}"
        return "" if bare(response, ask.path) == self._as_absent(ask) else "differs from what is absent"

    def _as_absent(self, ask: Ask) -> tuple[int, bytes]:
        key = ask.reader.name, ask.place.route, ask.method
        if key not in self.absent:
            response, _ = self.fetched(ask.reader, ask.method, ask.absent, {}, ask.body)
            self.absent[key] = bare(response, ask.absent)
        return self.absent[key]

    def _count(self, ask: Ask, status: int, left: list[Look], found: Swept) -> None:
        """One look for each that was opened, by the right tie; one for each that was refused."""
        if status == 405 or status >= 500:
            return
        refused = ask.may is May.HIDDEN
        expected = [(refused, "" if refused else ask.tie)]
        seen = [(look.refused, look.how) for look in left]
        if ask.may is May.PERHAPS and status == 404 and not left:
            return  # an act that there is not, of a record that was not asked for
        found.looks["refused" if refused else "opened"] += 1
        if seen != expected:
            found.unlooked.append(f"{ask.said}: {status} left {seen}, not {expected}")


@cache
def _asked_once() -> str:
    return "SELECT coalesce(max(id), 0) FROM access_look"


def latest_look() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_asked_once())
        return int(cursor.fetchone()[0])


def bare(response: HttpResponse, path: str) -> tuple[int, bytes]:
    """Status and bytes, without the tokens that differ from page to page and without the address itself."""
    return response.status_code, TOKENS.sub(rb"\1\2", response.content).replace(path.encode(), b"@")
