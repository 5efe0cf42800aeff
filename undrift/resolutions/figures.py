"""What a period shows of concerns: how many were raised, how they were answered, what they were about, how they ended.

Each figure says how it is counted, so that somebody with the list can count it again. Nobody is named, and no child.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from statistics import median_low

from undrift.children.months import add_months
from undrift.engine.dates.counting import ONE_DAY
from undrift.engine.dates.due import working_days_if_counted
from undrift.engine.dates.moments import LONDON, london_date
from undrift.engine.ladder.agenda import agenda
from undrift.engine.ladder.rungs import Rung, Went, ladder
from undrift.engine.ladder.state import State
from undrift.engine.rules import Rules
from undrift.people.models import Person
from undrift.resolutions.earlier import how_it_ended
from undrift.resolutions.models import Resolution
from undrift.resolutions.queries import open_since, raised_between, states_of

NOT_COUNTED = ("in-error", "withdrawn")
NOBODYS = "No team on file"
INFORMALLY = "Settled informally"
STILL_OPEN = "Still open"
# How an answer went, and the words of its column.
WENT: Mapping[Went, str] = {
    "in time": "In time",
    "late": "Late",
    "none": "No response",
    "left": "Ended or moved on first",
    "now": "Not over yet",
}
AGES = (
    ("Up to four weeks", timedelta(weeks=4)),
    ("Up to three months", timedelta(weeks=13)),
    ("Up to six months", timedelta(weeks=26)),
    ("Longer", timedelta.max),
)


@dataclass(frozen=True)
class Figure:
    """A table of numbers, and how they are counted. Each row begins with what it is of."""

    title: str
    counted: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Figures:
    """Of those that this person may see, raised from the first day to the last. A fixed number of queries."""

    person: Person
    rules: Rules
    first: date
    last: date
    now: datetime

    @property
    def all(self) -> tuple[Figure, ...]:
        return (
            self.raised, self.answered_by_stage, self.answered_by_team, self.ended, self.reasons, self.obstacles,
            self.same_child, self.open,
        )  # fmt: skip

    # What is counted -------------------------------------------------------------------------------------------------

    @cached_property
    def rows(self) -> list[Resolution]:
        begins, ends = (datetime.combine(day, time(), LONDON) for day in (self.first, self.last + ONE_DAY))
        found = raised_between(self.person, begins, ends, self.rules.protocol, now=self.now)
        return [r for r in found if r.ending not in NOT_COUNTED]

    @cached_property
    def _states(self) -> dict[int, State]:
        return states_of(self.rows)

    @cached_property
    def _rungs(self) -> list[tuple[Resolution, Rung]]:
        """Each stage that somebody has to answer at, of each that came there."""
        return [
            (r, rung)
            for r in self.rows
            for rung in ladder(
                self.rules, self._states[r.pk], agenda(self.rules, self._states[r.pk], self.now), self.now
            )
            if rung.visit is not None and rung.stage.asks_for_response
        ]

    # The figures -----------------------------------------------------------------------------------------------------

    @property
    def raised(self) -> Figure:
        """By the month and the stage in which it began."""
        begun = {r.first_stage for r in self.rows}
        stages = [stage for stage in self.rules.protocol.stages if stage.is_raised or stage.id in begun]
        months = [month for month in _months(self.first, self.last) if month <= london_date(self.now)]
        found = Counter((london_date(r.raised_at).replace(day=1), r.first_stage) for r in self.rows)
        rows = [
            (f"{month:%B %Y}", *_numbers(found[month, stage.id] for stage in stages)) for month in months
        ]  # fmt: skip
        every = ("All", *_numbers(sum(found[month, stage.id] for month in months) for stage in stages))
        heads = ("Month", *(stage.named for stage in stages), "All")
        said = (
            "By the month in which it was raised and the stage at which it began. What was raised in error, or"
            " withdrawn, is not counted here or below."
        )
        return Figure("Raised", said, heads, [*rows, every] if len(rows) > 1 else rows)

    @property
    def answered_by_stage(self) -> Figure:
        named = {stage.id: stage.named for stage in self.rules.protocol.ladder if stage.asks_for_response}
        return self._answered(
            "How it was answered, by stage", "Stage", named.values(), lambda r, rung: rung.stage.named
        )

    @property
    def answered_by_team(self) -> Figure:
        def team(r: Resolution, _: Rung) -> str:
            return r.team.name if r.team else NOBODYS

        return self._answered(
            "How it was answered, by team", "Team", sorted({team(r, rung) for r, rung in self._rungs}), team
        )

    def _answered(self, title: str, of: str, names: Iterable[str], named: Callable[[Resolution, Rung], str]) -> Figure:
        found = Counter((named(r, rung), self._went(rung)) for r, rung in self._rungs)
        rows = []
        for name in names:
            took = [
                days for r, rung in self._rungs if named(r, rung) == name and (days := self._took(rung)) is not None
            ]
            rows.append(
                (name, *(str(found[name, went]) for went in WENT), str(median_low(took)) if took else "No response yet")
            )
        said = (
            "Each concern once at each stage where somebody has to respond, as it went there the last time. The days"
            " are the middle one of all: working days from when it came to the stage to the response that counts."
        )
        return Figure(title, said, (of, *WENT.values(), "Working days taken"), rows)

    def _went(self, rung: Rung) -> Went:
        """How it went; where it still stands there, how it has gone until now."""
        duty = rung.duty
        if rung.went != "now" or duty is None:
            return rung.went
        if duty.met is not None:
            return "late" if duty.late(self.now) else "in time"
        return "none" if duty.ends is not None and self.now > duty.ends else "now"

    def _took(self, rung: Rung) -> int | None:
        if rung.visit is None or rung.duty is None or rung.duty.met is None:
            return None
        came, met = london_date(rung.visit.entered), london_date(rung.duty.met)
        return working_days_if_counted(came, met, self.rules.calendar)

    @property
    def ended(self) -> Figure:
        """What became of them until now."""
        found = Counter(map(self._became, self.rows))
        rows = [(what, str(number)) for what, number in found.most_common()]
        said = (
            "As it stands today. What was resolved without a formal stage was settled informally; of the rest the"
            " highest stage is said."
        )
        return Figure("What became of it", said, ("How it ended", "Number"), rows)

    def _became(self, r: Resolution) -> str:
        if r.ended_at is None:
            return STILL_OPEN
        if r.ending != "resolved":
            return how_it_ended(r)
        highest = self.rules.protocol.stage(r.highest_stage)
        return INFORMALLY if highest.formality != "formal" else f"Resolved at {highest.named}"

    @property
    def reasons(self) -> Figure:
        found = Counter(code for r in self.rows for code in set(r.grounds))
        titles = {ground.code: ground.title for ground in self.rules.protocol.grounds}
        rows = [(titles.get(code, code), str(number)) for code, number in found.most_common()]
        return Figure("Reasons", "Each reason once for a concern that has it; a concern may have several.",
                      ("Reason", "Number"), rows)  # fmt: skip

    @property
    def obstacles(self) -> Figure:
        titles = {obstacle.id: obstacle.title for obstacle in self.rules.protocol.obstacles}
        found: Counter[str] = Counter()
        for r in self.rows:
            visits = self._states[r.pk].visits
            answers = [answer for v in visits for answer in (*v.earlier_answers, v.answer) if answer is not None]
            found.update({name for answer in answers if answer.counts for name in answer.obstacles})
        rows = [(titles.get(name, name), str(number)) for name, number in found.most_common()]
        return Figure(
            "What stood in the way", "What responses named, each once for a concern.", ("What", "Number"), rows
        )

    @property
    def same_child(self) -> Figure:
        """How many children had one raised about them, how many two, and so on."""
        of = Counter(about.child_id for r in self.rows for about in r.about.all())
        found = Counter(of.values())
        rows = [(f"{times} concern{'' if times == 1 else 's'}", str(found[times])) for times in sorted(found)]
        said = "Children about whom this many were raised in these days. Brothers and sisters count each by themselves."
        return Figure("Raised again about the same child", said, ("Raised", "Children"), rows)

    @property
    def open(self) -> Figure:
        """Whenever they were raised."""
        ages = [self.now - since for since in open_since(self.person, self.rules.protocol, now=self.now)]
        found = Counter(next(words for words, most in AGES if age <= most) for age in ages)
        rows = [(words, str(found[words])) for words, _ in AGES]
        said = "All that is open today, whenever it was raised, by how long ago that was."
        return Figure("Open today", said, ("Since it was raised", "Number"), rows)


def _months(first: date, last: date) -> list[date]:
    """The first day of each month from the one day to the other."""
    found = [first.replace(day=1)]
    while (following := add_months(found[-1], 1)) <= last:
        found.append(following)
    return found


def _numbers(found: Iterable[int]) -> tuple[str, ...]:
    """Each, and all of them together."""
    numbers = list(found)
    return (*map(str, numbers), str(sum(numbers)))
