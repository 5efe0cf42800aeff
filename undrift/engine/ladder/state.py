"""Where a resolution stands: folded from its history (`ladder.fold`), never stored as truth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from undrift.engine.dates.moments import london_date, noon
from undrift.engine.events import By
from undrift.engine.ladder.musts import Must

ENDINGS: Mapping[str, str] = {
    "plan-ended": "The plan ended",
    "looked-after": "The child became looked after",
    "moved": "The child moved to another authority",
    "disagreement-recorded": "Not agreed at the highest stage; the disagreement is on record",
    "another-process": "Taken on under another process",
    "in-error": "Raised in error",
}


DISAGREEMENT = "disagreement-recorded"


@dataclass(frozen=True)
class ChildsEnd:
    """How one child's part in it ended, by itself: `ending` is one of `ENDINGS`."""

    ending: str
    why: str
    at: datetime
    by: By


@dataclass(frozen=True)
class Child:
    """`settled`: the answer is accepted for this child. `ended`: its part is over, whatever becomes of the others.

    `plan_ended` is when this child's plan ended, until the chair has said whether the concern goes on.
    """

    id: str
    impact: str
    settled: bool = False
    changed: str = ""  # what changed for this child, written when it is resolved
    ended: ChildsEnd | None = None
    plan_ended: dt.date | None = None
    plan_ended_at: datetime | None = None  # when that was put on the record
    went_on: dt.date | None = None  # the end of a plan after which the chair carried it on
    plans_decided: tuple[tuple[datetime, datetime], ...] = ()  # a plan’s end on the record, and what the chair said

    @property
    def open(self) -> bool:
        """Whether something is still asked for this child."""
        return not self.settled and self.ended is None


@dataclass(frozen=True)
class Past:
    """What the chair owed about an action and owes no longer: since when, and when it was met or else gone.

    `day` is the action’s date that had passed, where it is a decision on what was not done.
    """

    must: Must
    since: datetime | None
    met: datetime | None = None
    gone: datetime | None = None
    day: dt.date | None = None
    nth: int = 1


@dataclass(frozen=True)
class Action:
    """`status`: agreed, in progress, done (waiting for the chair), complete, dropped. `dates` oldest first.

    `asked` is a new date that somebody has asked for and the chair has not agreed yet. `directed`: a Chief Officer's
    direction, which stands without the chair's agreement.
    """

    id: str
    what: str
    who: str
    person: str = ""
    by: dt.date | None = None
    status: str = "agreed"
    dates: tuple[dt.date, ...] = ()
    done_on: dt.date | None = None
    helped: str = ""
    returned: str = ""
    asked: dt.date | None = None
    asked_why: str = ""
    asked_at: datetime | None = None
    asked_by: By | None = None
    directed: bool = False
    decided: datetime | None = None  # when the chair decided, this date having passed, that it goes on without it
    past: tuple[Past, ...] = ()

    @property
    def open(self) -> bool:
        return self.status not in ("complete", "dropped")

    @property
    def to_do(self) -> bool:
        """Whether somebody still has to do it."""
        return self.status in ("agreed", "in progress")

    def late_on(self, day: dt.date) -> bool:
        """Whether its date has passed on that day and it is not done."""
        return self.to_do and self.by is not None and self.by < day

    def nth(self, must: Must) -> int:
        """Which of its kind is what the chair owes now: one for each date, and for each time it is owed again."""
        before = max((past.nth for past in self.past if past.must == must), default=0)
        return max(before + 1, 1 if must == Must.CONFIRM_THE_ACTION else len(self.dates))

    @property
    def moved(self) -> int:
        """How many times its date has moved."""
        return max(0, len(self.dates) - 1)


@dataclass(frozen=True)
class Urgent:
    """Something done now to keep a child safe. `rung_back`: somebody made sure afterwards that the child is safe."""

    seq: int
    what: str
    who: str
    on: dt.date
    by: By
    at: datetime
    rung_back: datetime | None = None


@dataclass(frozen=True)
class Answer:
    seq: int
    agree: str
    text: str
    by: By
    at: datetime
    actions: tuple[Mapping[str, Any], ...] = ()
    obstacles: tuple[str, ...] = ()
    consider: Mapping[str, bool] = field(default_factory=dict)
    approved_at: datetime | None = None
    approved_by: By | None = None
    sent_back: str = ""  # the approver's comment, while it is with the responder again

    @property
    def meets_clock_at(self) -> datetime | None:
        return self.approved_at


@dataclass(frozen=True)
class Judgement:
    children: Mapping[str, bool]
    why: str
    at: datetime
    by: By

    @property
    def accepted(self) -> bool:
        return all(self.children.values())


@dataclass(frozen=True)
class Given:
    """A date for the answer that the chair gave. `again`: for another answer, the first having come."""

    until: dt.date
    at: datetime
    again: bool


@dataclass(frozen=True)
class Visit:
    """One stay on one stage. `date` is the agreed date or the chair's own; `until` a later one given since.

    `given` are all the dates that the chair gave, oldest first. `turns` is this stay as it was each time the chair gave
    the turn back, with when that was; `reopened` is since when the chair has it once more for a child.
    """

    stage: str
    entered: datetime
    because: str
    ask: str = ""
    date: dt.date | None = None
    asked_by: dt.date | None = None
    until: dt.date | None = None
    until_why: str = ""
    given: tuple[Given, ...] = ()
    turns: tuple[tuple[Visit, datetime], ...] = ()
    reopened: datetime | None = None
    agency: str = ""
    completion: dt.date | None = None
    different: str = ""
    answer: Answer | None = None
    earlier_answers: tuple[Answer, ...] = ()
    judged: Judgement | None = None
    spoke: tuple[tuple[str, datetime], ...] = ()  # role, when
    reached: Mapping[str, datetime] = field(default_factory=dict)
    refused: bool = False  # a milestone at which a recommendation was not accepted
    lapsed: tuple[str, ...] = ()
    left: datetime | None = None
    left_because: str = ""

    def turn_over(self, at: datetime) -> tuple[tuple[Visit, datetime], ...]:
        """`turns`, with one that is over now."""
        return (*self.turns, (altered(self, turns=()), at))

    def spoke_with(self, role: str | None, since: datetime | None = None) -> datetime | None:
        """When somebody first spoke here with this role (None: with anybody), not counting the days before `since`."""
        times = (at for to, at in self.spoke if role is None or to == role)
        return next((at for at in times if since is None or london_date(at) >= london_date(since)), None)


@dataclass(frozen=True)
class Ending:
    kind: str  # resolved, withdrawn, closed
    at: datetime
    by: By
    why: str = ""
    ending: str = ""


@dataclass(frozen=True)
class State:
    """`seq` is the last event's. `visits` oldest first; the last is where it stands."""

    seq: int
    raised: datetime
    raised_by: By
    concern: str
    children: Mapping[str, Child]
    visits: tuple[Visit, ...]
    grounds: tuple[str, ...] = ()
    occasion: str = ""
    tried: str = ""
    why_this_stage: str = ""
    recommendation: str = ""
    conference: str = ""
    agency: str = ""
    risk: bool = False
    risk_acted: tuple[str, ...] = ()
    urgent: tuple[Urgent, ...] = ()
    linked: str = ""  # the reference of an earlier concern about the same
    actions: Mapping[str, Action] = field(default_factory=dict)
    copied: tuple[str, ...] = ()
    handed: Mapping[str, str] = field(default_factory=dict)
    corrected: frozenset[int] = frozenset()
    filed: frozenset[str] = frozenset()
    version: str = ""
    ended: Ending | None = None
    last_at: datetime | None = None
    lapses: Mapping[str, datetime] = field(default_factory=dict)  # duty by key, and when it last passed
    last_action_at: datetime | None = None  # when an action was last confirmed or ended
    last_decision: tuple[By, datetime] | None = None

    @property
    def here(self) -> Visit:
        return self.visits[-1]

    @property
    def open_actions(self) -> tuple[Action, ...]:
        return tuple(a for a in self.actions.values() if a.open)

    @property
    def unsettled(self) -> tuple[Child, ...]:
        """The children for whom something is still asked."""
        return tuple(c for c in self.children.values() if c.open)

    @property
    def taking_part(self) -> tuple[Child, ...]:
        """The children whose part has not ended by itself."""
        return tuple(c for c in self.children.values() if c.ended is None)

    @property
    def plans_ended(self) -> tuple[Child, ...]:
        """The children whose plan has ended and of whom the chair has not said yet whether the concern goes on."""
        return tuple(c for c in self.taking_part if c.plan_ended is not None)

    @property
    def risk_now(self) -> bool:
        """Whether a risk is told at this stage, or nobody has made sure since: one of long ago opens no way."""
        return any(u.rung_back is None or u.at >= self.here.entered for u in self.urgent)

    @property
    def not_rung_back(self) -> tuple[Urgent, ...]:
        return tuple(u for u in self.urgent if u.rung_back is None)

    @property
    def accepted(self) -> bool:
        """Whether it is settled for every child whose part is open: here, or at a stage before for those it left."""
        return bool(self.taking_part) and not self.unsettled

    @property
    def judged_at(self) -> datetime | None:
        """When what was answered was last judged."""
        return next((v.judged.at for v in reversed(self.visits) if v.judged is not None), None)

    def to_decide_on(self, action: Action, day: dt.date) -> bool:
        """Whether the chair has to decide on what was not done by its date.

        Where it goes on although that is late, that was the decision, until all is settled and only this is left.
        """
        settled = self.accepted or bool(self.directed)
        return action.late_on(day) and (action.decided is None or settled)

    @property
    def directed(self) -> bool:
        """Not agreed, but directed: what a Chief Officer directs is done, whatever the chair thinks of it."""
        return self.here.judged is not None and any(a.directed and a.open for a in self.actions.values())


def here_with(state: State, **changes: Any) -> State:
    """The same state, with something changed at the stage where it stands."""
    return altered(state, visits=(*state.visits[:-1], altered(state.here, **changes)))


AnyValue = TypeVar("AnyValue", State, Visit)


def altered(value: AnyValue, **changes: Any) -> AnyValue:
    """As `dataclasses.replace`, for what checks nothing at birth, in a fifth of the time: every event is folded so.

    Refuses (`TypeError`) a field that there is not.
    """
    if not changes.keys() <= value.__dict__.keys():
        raise TypeError(f"{type(value).__name__} has no {', '.join(sorted(changes.keys() - value.__dict__.keys()))}.")
    made = object.__new__(type(value))
    made.__dict__.update(value.__dict__, **changes)
    return made


def when_on(day: dt.date | None, typed: datetime) -> datetime:
    """The moment at which something was done that was done on a day and typed at a moment: the day is what counts."""
    return typed if day is None or day == london_date(typed) else noon(day)


def day_of(value: object) -> dt.date | None:
    """A payload's day; None where there is none."""
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else None
