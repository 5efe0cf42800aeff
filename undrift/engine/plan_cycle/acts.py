"""What a person may do in a plan cycle. Each act is a verb with its arguments; `decide` turns it into events.

Dates are dates in Europe/London; a `time` is on its clock. Children, people and agencies are ids or names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


class Act:
    """Any act."""


@dataclass(frozen=True)
class Begin(Act):
    """`strategy` is the day of the strategy discussion, from which the initial conference counts."""

    children: tuple[str, ...]
    strategy: dt.date | None = None


@dataclass(frozen=True)
class JoinChild(Act):
    """A child that belongs to it from now on: one just born, one who moved in."""

    child: str
    why: str


@dataclass(frozen=True)
class FixConference(Act):
    """`reconvenes` is the conference that is held again: it counts as that one's kind."""

    kind: str  # of state.KINDS
    on: dt.date
    children: tuple[str, ...] = ()  # all of whom it may be, where none is named
    time: dt.time | None = None
    place: str = ""
    invited: tuple[str, ...] = ()
    reconvenes: str = ""


@dataclass(frozen=True)
class MoveConference(Act):
    conference: str
    on: dt.date
    why: str
    time: dt.time | None = None


@dataclass(frozen=True)
class PostponeConference(Act):
    """Put off, and no new date yet."""

    conference: str
    why: str


@dataclass(frozen=True)
class CancelConference(Act):
    conference: str
    why: str


@dataclass(frozen=True)
class Decision:
    """For one child. `overruled` is why the chair decided otherwise than the conference, where the chair may."""

    plan: bool
    category: str = ""
    overruled: str = ""
    father: bool | None = None  # whether the father took part or is being involved; None where nobody said


@dataclass(frozen=True)
class Dissent:
    """`advice` is that of the Designated or Named Professional; `child` where it is about one."""

    who: str
    why: str
    advice: str = ""
    child: str = ""


@dataclass(frozen=True)
class HoldConference(Act):
    """Of a conference that nobody fixed here before, `conference` is empty, and `kind` and `children` say which it was.

    Without `children` it was about those for whom it decided.
    """

    conference: str
    on: dt.date
    decisions: Mapping[str, Decision]
    quorate: bool = True
    time: dt.time | None = None
    came: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    dissents: tuple[Dissent, ...] = ()
    next_review: dt.date | None = None
    kind: str = ""  # of state.KINDS
    children: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShareReport(Act):
    """`whose` is the agency or the part whose report it is; without it, that of whoever owes one."""

    conference: str
    on: dt.date
    whose: str = ""


@dataclass(frozen=True)
class HoldDiscussion(Act):
    """`answers` by item of the checklist: "yes", "no" or "not needed"."""

    conference: str
    on: dt.date
    outcome: str  # of state.OUTCOMES
    answers: Mapping[str, str] = field(default_factory=dict)
    how: str = ""
    notes: str = ""


@dataclass(frozen=True)
class WriteOutline(Act):
    """The outline plan of one child: a text for each part that the policy lists, in its order."""

    conference: str
    child: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class SendSheet(Act):
    conference: str
    on: dt.date
    to: tuple[str, ...]
    time: dt.time | None = None


@dataclass(frozen=True)
class SetKeyAction(Act):
    """On which the chair wants to hear by a day: a name, and the person's id where known."""

    conference: str
    children: tuple[str, ...]
    wording: str
    by: dt.date
    who: str
    person: str = ""
    agency: str = ""


@dataclass(frozen=True)
class FeedBack(Act):
    id: str
    on: dt.date
    done: bool
    text: str


@dataclass(frozen=True)
class HoldCoreGroup(Act):
    children: tuple[str, ...]
    on: dt.date
    came: tuple[str, ...] = ()
    updated: bool = True  # the plan was developed or updated


@dataclass(frozen=True)
class MissCoreGroup(Act):
    """It was not held on the day it was planned for."""

    children: tuple[str, ...]
    on: dt.date
    why: str


@dataclass(frozen=True)
class NotAccept(Act):
    """An agency does not accept a recommendation of the conference, and the chair is told."""

    children: tuple[str, ...]
    agency: str
    recommendation: str
    why: str


@dataclass(frozen=True)
class RecordEvent(Act):
    """Something significant happened to the child, and what was done; without an answer it waits for one."""

    child: str
    on: dt.date
    what: str
    response: str = ""


@dataclass(frozen=True)
class Fact:
    """What was filled in and looked at in a check, and the day for which it holds."""

    value: str
    as_at: dt.date


@dataclass(frozen=True)
class FinishCheck(Act):
    """`experience` comes first: what is different for the child. `actions` of the plan, each with how it stands."""

    child: str
    on: dt.date
    experience: str
    view: str  # of state.VIEWS
    next_step: str  # of state.NEXT_STEPS
    actions: Mapping[str, str] = field(default_factory=dict)  # of state.STANDS
    facts: Mapping[str, Fact] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    father: bool | None = None
    notes: str = ""


@dataclass(frozen=True)
class DoStep(Act):
    """A step that only this policy knows, done for a conference, for a child, or for the whole cycle."""

    milestone: str
    on: dt.date
    conference: str = ""
    child: str = ""


@dataclass(frozen=True)
class WriteNote(Act):
    """A good practice note, written to the child. `quotable`: a sentence of it may stand in the report."""

    child: str
    tier: str
    text: str
    worker: str
    quotable: bool = False


@dataclass(frozen=True)
class TakeRoute(Act):
    """A way beside the ladder, outside any concern: an appeal, a complaint, dissent, a referral.

    `party` is who takes it: of state.PARTIES.
    """

    route: str
    on: dt.date
    who: str
    party: str
    text: str = ""
    conference: str = ""
    children: tuple[str, ...] = ()


@dataclass(frozen=True)
class DecideRoute(Act):
    id: str
    upheld: bool
    why: str


@dataclass(frozen=True)
class BeginConcern(Act):
    """A concern was raised of what is offered here: its reference."""

    offer: str
    reference: str


@dataclass(frozen=True)
class DeclineOffer(Act):
    offer: str
    why: str


@dataclass(frozen=True)
class EndPlan(Act):
    """A child's plan ended otherwise than by a conference: of state.PLAN_ENDINGS."""

    child: str
    on: dt.date
    ending: str


@dataclass(frozen=True)
class RecordEndTakenBack(Act):
    """The system's own act: the end of a child's plan was taken back, and the plan runs. `source` is who said so."""

    child: str
    source: str = ""


@dataclass(frozen=True)
class EndCycle(Act):
    why: str


@dataclass(frozen=True)
class RecordLapse(Act):
    """The system's own act: a duty's time has passed."""

    duty: str


@dataclass(frozen=True)
class Correct(Act):
    seq: int
    why: str
