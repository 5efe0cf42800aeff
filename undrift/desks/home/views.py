"""Home: what is waiting for me, and by when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from undrift.access.scope import scope_of
from undrift.desks.frame.components import Card, Link
from undrift.desks.frame.narrowing import with_query
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.home.coming import coming_for_approval
from undrift.desks.home.confirming import to_confirm
from undrift.desks.home.drafts import drafts_to_continue
from undrift.desks.home.owed import BROUGHT, PAST, calls_left, owed, with_the_chair
from undrift.desks.home.parts import AtRisk, Desk, at_risk, next_ahead, parts
from undrift.desks.home.waiting import Task, Waiting
from undrift.engine.dates.moments import LONDON, london_date
from undrift.people import clock
from undrift.people.composed import DAY, NUMBER, composed
from undrift.people.finders import CHAIRS
from undrift.people.models import Cover, Person
from undrift.people.seats import seat_of
from undrift.record.adopted import authority_of
from undrift.record.sight import as_service
from undrift.resolutions.models import Resolution

# What is counted at the top, in this order: words of under twenty letters. Each row stands under one of them.
CARDS: Mapping[str, str] = {
    "decide": "Decide",
    "missed": "Dates missed",
    "ring": "Calls to make",
    "respond": "Respond",
    "approve": "Approve",
    "confirm": "Confirm actions",
    "update": "Update actions",
    "resolve": "Say what changed",
    "other": "Other things to do",
}
MOST_CARDS = 3  # where there are more kinds, the last of them counts what is left
REST, THE_REST = "rest", "The rest"
MOST_BUSY = 3


@require_safe
def home(request: SignedRequest) -> HttpResponse:
    now, person = clock.now(), request.user
    scope, day = scope_of(person, now), london_date(now)
    covers = _covers(person=person.pk, day=day)
    waiting, past = Waiting(person, scope, now), request.GET.get(BROUGHT) == PAST
    tiles = _tiles(waiting.tasks)
    tile = next((tile for tile in tiles if tile.name == request.GET.get("show")), None)
    tasks = waiting.tasks if tile is None else [t for t in waiting.tasks if t.kind in tile.kinds]
    posts = seat_of(person, day).posts
    council = authority_of(person)
    stands_in = frozenset(one.away_id for one in covers if one.covering_id == person.pk)
    desk = Desk(person, council, scope, now, stands_in) if council else None
    known = {t.reference for t in waiting.tasks}
    shown = [
        *(to_confirm(desk) if desk else ()),
        *with_the_chair(waiting), *coming_for_approval(waiting, council), *owed(person, desk, now, past=past),
        *(parts(desk, posts) if desk else ()), *calls_left(waiting),
    ]  # fmt: skip
    return render(request, "home/home.html", {
        "heading": f"Good {_time_of_day(now)}, {person.given_name}",
        "first": tasks[0] if tasks else None,
        "tasks": tasks[1:],
        "cards": _cards(tiles, waiting.tasks) if tile is None else [],
        "chosen": Link(f"To do: {tile.words.lower()}", reverse("home")) if tile is not None else None,
        "nothing": "No concern" if any(part.asks for part in shown) else "Nothing",
        "empty": "" if tasks else _empty(desk, posts),
        "drafts": drafts_to_continue(person, scope, now),
        "at_risk": at_risk(desk or waiting, scope, now, known) if tile is None else AtRisk(),
        "parts": shown,
        "cover": _in_words(person, covers),
        "busy": _busy(person) if settings.DEMO and not tasks else [],
    })  # fmt: skip


def _time_of_day(now: datetime) -> str:
    hour = now.astimezone(LONDON).hour
    return "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"


@dataclass(frozen=True)
class Tile:
    """What is counted together, by its name in the address."""

    name: str
    words: str
    kinds: frozenset[str]


def _tiles(tasks: Sequence[Task]) -> list[Tile]:
    """Every row stands in one of them, so that what they count adds up to the rows."""
    there = {task.kind for task in tasks}
    tiles = [Tile(kind, words, frozenset({kind})) for kind, words in CARDS.items() if kind in there]
    if len(tiles) <= MOST_CARDS:
        return tiles
    first, left = tiles[: MOST_CARDS - 1], tiles[MOST_CARDS - 1 :]
    return [*first, Tile(REST, THE_REST, frozenset().union(*(tile.kinds for tile in left)))]


def _cards(tiles: Sequence[Tile], tasks: Sequence[Task]) -> list[Card]:
    here, counted = reverse("home"), Counter(task.kind for task in tasks)
    return [
        Card(sum(counted[kind] for kind in tile.kinds), tile.words, with_query(here, {"show": tile.name}))
        for tile in tiles
    ]


def _empty(desk: Desk | None, posts: frozenset[str]) -> str:
    ahead = next_ahead(desk) if desk and posts & set(CHAIRS) else ""
    return ahead or "When something is asked of you, it appears here first, and an email tells you."


def _busy(person: Person) -> list[str]:
    """In the demo alone: for whom most waits, of the same council or partnership; nobody who is real is here."""
    with as_service():
        turns = Resolution.objects.filter(ended_at=None).exclude(next_person=None).exclude(next_person=person)
        own = (
            Q(authority=person.authority_id) if person.authority_id else Q(authority__partnership=person.partnership_id)
        )
        most = turns.filter(own).order_by().values("next_person", "next_person__name").annotate(waiting=Count("pk"))
        found = list(most.order_by("-waiting", "next_person__name")[:MOST_BUSY])
    return [f"{one['next_person__name']} ({one['waiting']})" for one in found]


def _in_words(person: Person, covers: Iterable[Cover]) -> list[str]:
    """Who stands in for whom today."""
    said = []
    for cover in covers:
        until = f" until {cover.ends.day} {cover.ends:%B}" if cover.ends else ""
        if cover.covering_id == person.pk:
            said.append(f"You are covering for {cover.away.name}{until}.")
        else:
            said.append(f"{cover.covering.name} is covering for you{until}.")
    return said


@composed(person=NUMBER, day=DAY)
def _covers(person: Any, day: Any) -> QuerySet[Cover]:
    today = Cover.objects.filter(Q(ends=None) | Q(ends__gte=day), starts__lte=day)
    return today.filter(Q(covering=person) | Q(away=person)).select_related("away", "covering")
