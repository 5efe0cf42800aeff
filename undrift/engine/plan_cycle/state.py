"""Where a plan cycle stands: folded from its history (`plan_cycle.fold`), never stored as truth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from undrift.engine.dates.moments import LONDON, noon
from undrift.engine.events import By

KINDS: Mapping[str, str] = {
    "initial": "Initial conference",
    "review": "Review conference",
    "transfer-in": "Transfer-in conference",
    "reconvened": "Reconvened conference",
}
OUTCOMES: Mapping[str, str] = {
    "ready": "Ready",
    "ready-with-actions": "Ready with actions",
    "concern": "There is a concern to raise",
    "at-risk": "The date is at risk",
}
ANSWERS = ("yes", "no", "not needed")
VIEWS: Mapping[str, str] = {"on-course": "On course", "needs-help": "Needs help", "concern": "There is a concern"}
STANDS = ("done", "on track", "drifting", "not started")
NEXT_STEPS: Mapping[str, str] = {
    "none": "Nothing more now",
    "talk": "Talk about it informally",
    "raise": "Raise a concern",
    "bring-forward": "Bring the conference forward",
    "note": "Write a good practice note",
}
CATEGORIES: Mapping[str, str] = {
    "NEG": "neglect",
    "PHY": "physical abuse",
    "SAB": "sexual abuse",
    "EMO": "emotional abuse",
    "MUL": "multiple",
}  # by the census codes
PARTIES: Mapping[str, str] = {"professional": "A professional", "child": "The child", "parent": "A parent"}
PLAN_ENDINGS: Mapping[str, str] = {
    "conference": "The conference ended the plan",
    "looked-after": "The child became looked after",
    "moved": "The child moved to another authority",
    "grown-up": "The young person turned 18",
    "died": "The child died",
    "other": "Another reason",
}


@dataclass(frozen=True)
class Decided:
    """What a conference decided for one child."""

    plan: bool
    on: dt.date
    category: str = ""
    overruled: str = ""
    father: bool | None = None


@dataclass(frozen=True)
class Held:
    on: dt.date
    time: dt.time | None
    quorate: bool
    at: datetime  # when it was put on the record
    came: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    dissents: tuple[Mapping[str, str], ...] = ()

    @property
    def start(self) -> dt.date | datetime:
        """The moment it was held, or the day where no time is known."""
        return moment(self.on, self.time)


@dataclass(frozen=True)
class Discussion:
    on: dt.date
    outcome: str
    answers: Mapping[str, str]
    how: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Conference:
    """`on` is the day it is fixed for now; None while it is postponed. `dates` are all that it has had."""

    id: str
    kind: str
    children: tuple[str, ...]
    on: dt.date | None
    time: dt.time | None
    fixed_at: datetime
    dates: tuple[dt.date, ...] = ()
    reconvenes: str = ""
    counts_as: str = ""  # the kind of the one that it reconvenes
    place: str = ""
    invited: tuple[str, ...] = ()
    changed_at: datetime | None = None  # when its date was last changed
    why: str = ""  # it was moved, postponed or cancelled
    cancelled: datetime | None = None
    held: Held | None = None
    decided: Mapping[str, Decided] = field(default_factory=dict)
    reports: tuple[tuple[str, dt.date], ...] = ()  # whose, shared on
    discussion: Discussion | None = None
    outlines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sheet: tuple[dt.date | datetime, tuple[str, ...]] | None = None  # sent when, to whom
    steps: Mapping[str, dt.date] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """Which of the history's conferences it is, the first being 1; 0 for one that only a file knows."""
        return int(self.id[1:]) if self.id.startswith("c") else 0

    @property
    def ahead(self) -> bool:
        """Whether it is still to be held."""
        return self.held is None and self.cancelled is None

    @property
    def is_initial(self) -> bool:
        return self.counts_as in ("initial", "transfer-in")

    @property
    def start(self) -> dt.date | datetime | None:
        """When it was held, else when it is planned for; None while nobody knows."""
        if self.held is not None:
            return self.held.start
        return moment(self.on, self.time) if self.on is not None else None


@dataclass(frozen=True)
class Check:
    """A look at one child's plan between two conferences. `id` is its entry's number."""

    id: str
    child: str
    on: dt.date
    at: datetime
    experience: str = ""
    view: str = ""
    next_step: str = "none"
    actions: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    father: bool | None = None
    notes: str = ""


@dataclass(frozen=True)
class Significant:
    on: dt.date
    what: str
    response: str = ""


@dataclass(frozen=True)
class Child:
    """`on_plan` is since when; `ended` when the plan ended, or when it was decided that none is needed."""

    id: str
    on_plan: dt.date | None = None
    ended: dt.date | None = None
    ended_at: datetime | None = None
    ending: str = ""
    core_groups: tuple[dt.date, ...] = ()
    updated: Mapping[dt.date, bool] = field(default_factory=dict)  # of the core groups, whether the plan was updated
    missed: tuple[tuple[dt.date, str], ...] = ()
    checks: tuple[Check, ...] = ()
    events: tuple[Significant, ...] = ()
    steps: Mapping[str, tuple[dt.date, ...]] = field(default_factory=dict)
    fathers: tuple[tuple[dt.date, bool], ...] = ()  # what was said of the father, and when

    @property
    def open(self) -> bool:
        """Whether the cycle still has to do with this child."""
        return self.ended is None

    @property
    def has_plan(self) -> bool:
        return self.on_plan is not None and self.open


@dataclass(frozen=True)
class FedBack:
    on: dt.date
    done: bool
    text: str


@dataclass(frozen=True)
class KeyAction:
    id: str
    conference: str
    children: tuple[str, ...]
    wording: str
    by: dt.date
    who: str
    person: str = ""
    agency: str = ""
    fed_back: FedBack | None = None


@dataclass(frozen=True)
class NotAccepted:
    id: str
    children: tuple[str, ...]
    agency: str
    recommendation: str
    why: str
    at: datetime


@dataclass(frozen=True)
class Note:
    id: str
    child: str
    tier: str
    text: str
    worker: str
    at: datetime
    quotable: bool = False


@dataclass(frozen=True)
class Taken:
    """A way beside the ladder that was taken. `late`: after the last day that the policy gives."""

    id: str
    route: str
    on: dt.date
    who: str
    party: str
    children: tuple[str, ...]
    conference: str = ""
    text: str = ""
    late: bool = False
    upheld: bool | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Ending:
    at: datetime
    by: By
    why: str


@dataclass(frozen=True)
class State:
    """`seq` is the last event's. Conferences and key actions in the order in which they came."""

    seq: int
    begun: datetime
    begun_by: By
    children: Mapping[str, Child]
    strategy: dt.date | None = None
    conferences: Mapping[str, Conference] = field(default_factory=dict)
    key_actions: Mapping[str, KeyAction] = field(default_factory=dict)
    not_accepted: tuple[NotAccepted, ...] = ()
    notes: tuple[Note, ...] = ()
    routes: Mapping[str, Taken] = field(default_factory=dict)
    steps: Mapping[str, dt.date] = field(default_factory=dict)
    taken_up: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)  # an offer, the concern, when
    declined: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)  # an offer, why, when
    lapses: Mapping[str, datetime] = field(default_factory=dict)
    authors: tuple[By, ...] = ()  # of each entry, the first one's first
    corrected: frozenset[int] = frozenset()
    ended: Ending | None = None
    last_at: datetime | None = None
    # Of its children, those who have died. No event says so: whoever reads the history does (`with_the_dead`).
    dead: frozenset[str] = frozenset()

    @property
    def nobody_lives(self) -> bool:
        """Whether a child has died, and the cycle has to do with no other any more: it is held as it is."""
        return bool(self.dead) and all(c.id in self.dead or not c.open for c in self.children.values())

    def about_the_living(self, children: Iterable[str]) -> bool:
        """Whether something is about a child who lives, or about nobody by name."""
        about = frozenset(children)
        return not about or bool(about - self.dead)

    @property
    def open_children(self) -> tuple[Child, ...]:
        return tuple(c for c in self.children.values() if c.open)

    @property
    def ahead(self) -> tuple[Conference, ...]:
        """The conferences that are still to be held."""
        return tuple(c for c in self.conferences.values() if c.ahead)

    def held_about(self, child: str) -> tuple[Conference, ...]:
        """The conferences that decided about this child, in order of the day."""
        held = (c for c in self.conferences.values() if c.held is not None and child in c.decided)
        return tuple(sorted(held, key=lambda c: c.decided[child].on))

    def next_about(self, child: str, *, again: bool = True) -> Conference | None:
        """The next conference that is fixed for this child; `again`: or that is to be held again."""
        fixed = (c for c in self.ahead if child in c.children and c.on is not None)
        fixed = (c for c in fixed if again or c.kind != "reconvened")
        return min(fixed, key=lambda c: (c.on or dt.date.max, c.id), default=None)


def with_the_dead(state: State, dead: Collection[str]) -> State:
    """The same state, where these children have died: those of them whom it is about."""
    return replace(state, dead=frozenset(state.children.keys() & frozenset(dead)))


def moment(on: dt.date, time: dt.time | None) -> dt.date | datetime:
    """A moment on the London clock, or the day where no time is known."""
    return datetime.combine(on, time, LONDON) if time is not None else on


def at_noon(start: dt.date | datetime) -> datetime:
    """A moment that stands for it: itself, or the day's noon."""
    return start if isinstance(start, datetime) else noon(start)


def with_child(state: State, child: str, **changes: Any) -> State:
    """The same state, with something changed of one child."""
    return replace(state, children={**state.children, child: replace(state.children[child], **changes)})


def with_conference(state: State, conference: str, **changes: Any) -> State:
    """The same state, with something changed of one conference."""
    changed = replace(state.conferences[conference], **changes)
    return replace(state, conferences={**state.conferences, conference: changed})
