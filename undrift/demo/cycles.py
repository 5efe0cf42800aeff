"""The plan cycles of the demonstration: what was done in each, performed in order of time as it would be on the pages.

All begin in order of time, so that references count as they would; then each goes its own way under one lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from undrift.children.models import Child
from undrift.demo.days import moment
from undrift.demo.script import A_MOMENT, Unplayable, with_lapses
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.state import State
from undrift.people.models import Person
from undrift.plan_cycle.actions import apply, perform
from undrift.record.by_kind import cycle
from undrift.record.keeping import lock
from undrift.record.models import Case
from undrift.record.outcomes import Refused
from undrift.record.who_plays import context_for

# An act, or what makes one of how things stand by then.
Act = acts.Act | Callable[[State], acts.Act]


@dataclass
class Told:
    """One family's plan cycle; `case` is there once it has been performed."""

    name: str
    children: tuple[Child, ...]
    lines: list[tuple[datetime, str, Act]] = field(default_factory=list)
    case: Case | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(str(child.pk) for child in self.children)

    def then(self, at: datetime, by: str, act: Act) -> None:
        """What happens next. It is taken up at its time, or never when that lies ahead of today."""
        self.lines.append((at, by, act))


def play(cycles: Sequence[Told], people: Mapping[str, Person], today: date) -> list[int]:
    """Perform what lies before today, and record each date that has passed by then; the numbers of the cases."""
    end = moment(today, "00:00")
    begun = []
    for told in cycles:
        told.lines = sorted((line for line in told.lines if line[0] < end), key=lambda line: line[0])
        if told.lines:
            begun.append(told)
    with transaction.atomic():
        for told in sorted(begun, key=lambda told: told.lines[0][0]):
            _begin(told, people)
        for told in begun:
            _go_on(told, people, end)
    return [told.case.pk for told in begun if told.case is not None]


def _begin(told: Told, people: Mapping[str, Person]) -> None:
    at, by, act = told.lines[0]
    assert isinstance(act, acts.Act), f"{told.name} begins with an act."
    with _told_if_refused(told, at, by, act):
        told.case = perform(act, by=people[by], at=at, context=context_for(told.children, at)).case


def _go_on(told: Told, people: Mapping[str, Person], end: datetime) -> None:
    assert told.case is not None
    locked = lock(Case, told.case.pk)
    for at, by, made in told.lines[1:]:
        locked = with_lapses(locked, at)
        act = made if isinstance(made, acts.Act) else made(cycle(locked.state))
        with _told_if_refused(told, at, by, act):
            apply(act, locked, by=people[by], at=at)
    told.case = with_lapses(locked, end + A_MOMENT).case


@contextmanager
def _told_if_refused(told: Told, at: datetime, by: str, act: acts.Act) -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        what = f"{told.name}: {type(act).__name__} by {by} at {at}"
        raise Unplayable(f"{what}: {refused.refusal.sentence}") from refused
