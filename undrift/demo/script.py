"""What happens in the demonstration: acts of people at moments, written down in any order.

Everything comes about through `perform`, as it does on the pages. Dates that pass are recorded when they pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction

from undrift.children.models import Child
from undrift.demo.days import Days, moment
from undrift.engine.dates.moments import london_date
from undrift.engine.ladder import acts
from undrift.people.models import Agency, Cover, Person
from undrift.record.by_kind import agenda
from undrift.record.keeping import Locked, lock, record_lapses
from undrift.record.locking import AnyCase
from undrift.record.outcomes import Refused
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import apply, perform
from undrift.resolutions.models import Resolution

A_MOMENT = timedelta(minutes=1)


@dataclass
class Case:
    """One resolution of the script; `resolution` is there once it has been performed."""

    name: str
    children: tuple[Child, ...]
    responsible: Agency | None
    script: Script
    highest: str
    resolution: Resolution | None = None

    def then(self, at: datetime, by: str, act: acts.Act) -> None:
        """What happens next. The script takes it up at its time, or never when that lies ahead of today."""
        self.script.lines.append(Line(at, len(self.script.lines), self, by, act))
        if isinstance(act, acts.MoveOn):
            self.highest = act.to

    def concerns(self, impacts: Mapping[str, str]) -> tuple[acts.ChildConcern, ...]:
        return concerns(self.children, impacts)

    def for_each(self, settled: bool) -> dict[str, bool]:
        return {str(child.pk): settled for child in self.children}

    def changed(self, words: Mapping[str, str]) -> dict[str, str]:
        return {str(child.pk): words[child.first_name] for child in self.children}

    @property
    def done(self) -> Resolution:
        assert self.resolution is not None, f"{self.name} was never raised."
        return self.resolution


@dataclass(frozen=True)
class Line:
    """One line of the script. `place` keeps the order of lines that share a moment."""

    at: datetime
    place: int
    case: Case
    by: str
    act: acts.Act


class Unplayable(Exception):
    """An act of the script was refused; the message names the story, the act and the reason."""


@dataclass
class Script:
    days: Days
    people: Mapping[str, Person]
    covers: Sequence[Cover] = ()
    lines: list[Line] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)

    def raised(
        self,
        name: str,
        children: Sequence[Child],
        at: datetime,
        by: str,
        act: acts.Raise,
        responsible: Agency | None = None,
    ) -> Case:
        """A new resolution."""
        case = Case(name, tuple(children), responsible, self, act.stage)
        self.cases.append(case)
        case.then(at, by, act)
        return case

    @property
    def played(self) -> list[int]:
        """The numbers of the cases that were raised."""
        return [case.resolution.pk for case in self.cases if case.resolution is not None]

    def play(self) -> None:
        """Perform every line that lies before today, and record every date that has passed by then.

        All is raised in order of time, so that references count as they would; then each resolution goes its own way
        under one lock, which costs far less than a lock for each act.
        """
        end = moment(self.days.today, "00:00")
        lines = sorted((line for line in self.lines if line.at < end), key=lambda line: (line.at, line.place))
        later: dict[int, list[Line]] = {}
        with transaction.atomic():
            for line in lines:
                if isinstance(line.act, acts.Raise):
                    self._raise(line, line.act)
                else:
                    later.setdefault(id(line.case), []).append(line)
            for case in self.cases:
                if case.resolution is not None:
                    self._go_on(case, later.get(id(case), []), end)

    def _raise(self, line: Line, act: acts.Raise) -> None:
        context = context_for(line.case.children, line.at, responsible=line.case.responsible)
        with _told_if_refused(line):
            by = self._present(line.by, line.at)
            line.case.resolution = perform(act, by=by, at=line.at, context=context).resolution

    def _go_on(self, case: Case, lines: Sequence[Line], end: datetime) -> None:
        with transaction.atomic():
            locked = lock(Resolution, case.done.pk)
            for line in lines:
                locked = with_lapses(locked, line.at)
                with _told_if_refused(line):
                    apply(line.act, locked, by=self._present(line.by, line.at), at=line.at)
            locked = with_lapses(locked, end + A_MOMENT)
            case.resolution = locked.case

    def _present(self, name: str, at: datetime) -> Person:
        """The person, or who covers while they are away."""
        day = london_date(at)
        for cover in self.covers:
            if cover.away.name == name and cover.starts <= day and (cover.ends is None or day <= cover.ends):
                return cover.covering
        return self.people[name]


def concerns(children: Sequence[Child], impacts: Mapping[str, str]) -> tuple[acts.ChildConcern, ...]:
    """Each child with how the concern affects that child."""
    return tuple(acts.ChildConcern(str(child.pk), impacts[child.first_name], child.first_name) for child in children)


@contextmanager
def _told_if_refused(line: Line) -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        what = f"{line.case.name}: {type(line.act).__name__} by {line.by} at {line.at}"
        raise Unplayable(f"{what}: {refused.refusal.sentence}") from refused


def with_lapses(locked: Locked[AnyCase], until: datetime) -> Locked[AnyCase]:
    """As the sweep of a worker that never stopped would have: each date just after it passed."""
    while True:
        known = {event.payload["duty"] for event in locked.events if event.type == "date_lapsed"}
        owed = agenda(locked.rules, locked.state, until, locked.known.file)
        late = [duty for duty in owed if duty.passes(until) and duty.key not in known]
        ends = min((duty.ends for duty in late if duty.ends is not None), default=None)
        if ends is None or ends + A_MOMENT > until:
            return locked
        keys = sorted(duty.key for duty in late if duty.ends == ends)
        # What had passed before a plan cycle began is recorded when it begins.
        if not record_lapses(keys, locked, max(ends, locked.state.last_at or ends) + A_MOMENT):
            return locked
        locked = lock(type(locked.case), locked.case.pk)


TOLD_IN_ITS_TIME = """
UPDATE record_notice SET
    next_attempt_at = happened_at, sent_at = happened_at + interval '20 seconds', attempts = 1
FROM record_event event
WHERE event.case_id = record_notice.case_id AND event.seq = record_notice.seq
  AND record_notice.sent_at IS NULL AND event.case_id = ANY(%s)
"""


def mark_as_told(cases: Sequence[int]) -> None:
    """The messages of the past were sent in the past: a worker that starts now has none of them to send.

    `cases` by their numbers. Only the demonstration may say so of messages that nobody sent.
    """
    with connection.cursor() as cursor:
        cursor.execute(TOLD_IN_ITS_TIME, [list(cases)])
