"""Random questions put to the engine and to the naive count, and where the two differ."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NamedTuple

from tests.engine.naive_count import FIRST, HOLIDAYS, LAST, Case, PastTheData, naive_due
from undrift.engine.dates.calendars import Calendar, OutsideCalendar
from undrift.engine.dates.counting import LONDON, DayKind
from undrift.engine.dates.due import due
from undrift.library.calendars import load
from undrift.protocol.clocks import Clock, parse

YEARS = (date(2015, 1, 1), LAST)
CALENDARS = 90  # of random closure days, shared out over the nations
# The unit, its largest number, and how often it is asked for; hours most near the clock changes.
UNITS = (
    ("working day", 60, 40),
    ("day", 40, 20),
    ("hour", 400, 20),
    ("calendar day", 60, 8),
    ("working week", 8, 4),
    ("same working day", 1, 4),
    ("week", 8, 2),
    ("month", 14, 2),
)


class Compared(NamedTuple):
    """How many questions were asked, how many both refused, how many differ, and the first that do."""

    asked: int
    refused: int
    differ: int
    first: list[str]


def compare(number: int, seed: int) -> Compared:
    """Asks both, so many times."""
    rng = random.Random(seed)
    calendars = list(_calendars(rng))
    refused = 0
    differing = []
    for _ in range(number):
        calendar = rng.choice(calendars)
        case = _case(rng, calendar)
        expected, answer = _expected(case), _answer(case, calendar)
        refused += expected == REFUSED
        if expected != answer:
            differing.append(f"{case}: counted {expected}, engine {answer}")
    return Compared(number, refused, len(differing), differing[:10])


REFUSED = "refused"
BARE_DAYS: tuple[DayKind, ...] = ("working", "calendar")


def _expected(case: Case) -> object:
    try:
        return naive_due(case)
    except PastTheData:
        return REFUSED


def _answer(case: Case, calendar: Calendar) -> object:
    try:
        answer = due(_clock(_words(case)), case.start, calendar, bare_days=case.bare_days)
    except OutsideCalendar:
        return REFUSED
    return answer.date, answer.at


def _words(case: Case) -> str:
    if case.unit == "same working day":
        return case.unit
    return f"{case.number} {case.unit}{'s' if case.number > 1 else ''}{' before' if case.direction < 0 else ''}"


@cache
def _clock(words: str) -> Clock:
    return parse(words)


def _calendars(rng: random.Random) -> Iterator[Calendar]:
    span = (LAST - FIRST).days
    for n in range(CALENDARS):
        nation = list(HOLIDAYS)[n % len(HOLIDAYS)]
        closed = (FIRST + timedelta(days=rng.randint(0, span)) for _ in range(rng.choice((0, 5, 60, 400))))
        yield load(nation, closed)


def _case(rng: random.Random, calendar: Calendar) -> Case:
    ((unit, most, _),) = rng.choices(UNITS, [often for *_, often in UNITS])
    return Case(
        number=rng.randint(1, most),
        unit=unit,
        direction=-1 if unit != "same working day" and rng.random() < 0.2 else 1,
        start=_start(rng, needs_time=unit == "hour"),
        nation=calendar.nation,
        closed=calendar.closures,
        bare_days=rng.choice(BARE_DAYS) if unit == "day" else None,
    )


def _start(rng: random.Random, needs_time: bool) -> date | datetime:
    first, last = YEARS
    day = first + timedelta(days=rng.randint(0, (last - first).days))
    if not needs_time and rng.random() < 0.7:
        return day
    if rng.random() < 0.5:  # the days around a clock change
        day = date(day.year, *rng.choice(((3, 25), (10, 25)))) + timedelta(days=rng.randint(-4, 7))
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=rng.randint(0, 1439))
    return moment.astimezone(LONDON) if rng.random() < 0.5 else moment
