"""A second count of the dates around conferences, apart from the engine's: a list of meetings, and a loop.

It shares the naive count of days with `tests.engine.naive_count`, and no code with the plan cycle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.engine.naive_count import Case, naive_due

Named = tuple[str, str, int]  # the step, the conference or the child, which of its kind


@dataclass
class Meeting:
    """What became of one conference: `dates` in order; `held` or `cancelled`, or neither yet."""

    name: str
    kind: str
    dates: list[date]
    postponed: bool = False
    held: date | None = None
    cancelled: bool = False


@dataclass
class Life:
    """One child's: its conferences, core groups, and when the plan ended."""

    child: str
    strategy: date | None
    meetings: list[Meeting] = field(default_factory=list)
    core_groups: list[date] = field(default_factory=list)
    ended: date | None = None


def count(number: int, unit: str, direction: int, start: date, bare: str) -> date:
    days: list[date] = []
    return naive_due(Case(number, unit, direction, start, "england-and-wales", days, "working" if bare == "working"
                          else "calendar"))[0]  # fmt: skip


def walsall(life: Life, bare: str, before: int, weeks: int) -> dict[Named, date]:
    """Every dated step of Walsall's: the discussion so many working days before, core groups every so many weeks."""
    found: dict[Named, date] = {}
    for meeting in life.meetings:
        planned = meeting.held or (None if meeting.postponed else meeting.dates[-1])
        if planned is not None:
            nth = len(meeting.dates)
            found["pre-conference-discussion", meeting.name, nth] = count(before, "working day", -1, planned, bare)
            if meeting.kind == "review":
                found["report-review", meeting.name, nth] = count(3, "day", -1, planned, bare)
            else:
                found["report-initial", meeting.name, nth] = count(1, "day", -1, planned, bare)
    held = [m for m in life.meetings if m.held is not None and m.held != life.ended]
    if held:
        start = held[0].held
        assert start is not None
        groups = [day for day in sorted(set(life.core_groups)) if day >= start]
        for nth, day in enumerate([start, *groups], start=1):
            if life.ended is None or day < life.ended:
                found["core-group", life.child, nth] = day + timedelta(weeks=weeks)
    found.update({("midway-check", life.child, nth): day for nth, day in checks(life)})
    return found


def pan_lancashire(life: Life, bare: str, weeks: int) -> dict[Named, date]:
    found: dict[Named, date] = {}
    for meeting in life.meetings:
        if meeting.held is not None:
            found["decision-sheet", meeting.name, 1] = count(1, "working day", 1, meeting.held, bare)
    first = [m.held for m in life.meetings if m.held is not None and m.kind != "review" and m.held != life.ended]
    if first and first[0] is not None:
        found["core-group-meeting", life.child, 1] = count(10, "working day", 1, first[0], bare)
    for nth, day in enumerate(sorted(set(life.core_groups)), start=1):
        if life.ended is None or day < life.ended:
            found["core-groups", life.child, nth] = day + timedelta(weeks=weeks)
    found.update({("midpoint-check", life.child, nth): day for nth, day in checks(life)})
    return found


def checks(life: Life) -> Iterator[tuple[int, date]]:
    """Half-way from each conference to the next that is held or planned, on that day or the next that is worked."""
    held = [m for m in life.meetings if m.held is not None]
    on_plan = [m for m in held if m.held != life.ended]
    coming = [m for m in life.meetings if m.held is None and not m.cancelled and not m.postponed]
    nth = 0
    for number, meeting in enumerate(on_plan):
        begun = meeting.held
        later = held[number + 1].held if number + 1 < len(held) else min((m.dates[-1] for m in coming), default=None)
        if begun is not None and later is not None and later > begun:
            nth += 1
            middle = begun
            while (middle - begun) + timedelta(days=1) <= later - (middle + timedelta(days=1)):
                middle += timedelta(days=1)
            yield nth, count(1, "same working day", 1, middle, "working")


def law(life: Life) -> dict[int, date]:
    """By when the next conference is to be held: 15 working days after the strategy discussion, 3 months, 6 months."""
    found: dict[int, date] = {}
    if life.strategy is not None:
        found[1] = count(15, "working day", 1, life.strategy, "working")
    for nth, meeting in enumerate((m for m in life.meetings if m.held is not None and m.held != life.ended), start=2):
        assert meeting.held is not None
        found[nth] = count(6 if meeting.kind == "review" else 3, "month", 1, meeting.held, "working")
    return found
