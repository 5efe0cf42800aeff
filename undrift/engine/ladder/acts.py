"""What a person may do to a resolution. Each act is a verb with its arguments; `decide` turns it into events.

Dates are dates in Europe/London. Children and people are ids; `name` beside a child's id serves the sentences only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ChildConcern:
    """A child and how the concern affects that child."""

    id: str
    impact: str
    name: str = ""
    on_plan: bool = True


@dataclass(frozen=True)
class ActionAsked:
    """What is to be done, by whom (a name, and the person's id where known), by when."""

    what: str
    who: str
    by: dt.date | None = None
    person: str = ""


@dataclass(frozen=True)
class Conversation:
    how: str
    on: dt.date | None = None
    to: str = ""  # the role spoken with
    name: str = ""  # and the person
    note: str = ""
    safe: tuple[str, ...] | None = None  # of a call about a risk: the children who are safe; None for all of them


@dataclass(frozen=True)
class Risk:
    """A child is at immediate risk. `acted` is what was done, by whom and when; empty when nobody has acted yet.

    `on` is the day on which it was done, to be judged: `acted` says it. `children` are those at risk, none for all.
    """

    acted: str = ""
    on: dt.date | None = None
    children: tuple[str, ...] = ()


class Act:
    """Any act."""


@dataclass(frozen=True)
class Raise(Act):
    stage: str
    children: tuple[ChildConcern, ...]
    grounds: tuple[str, ...] = ()
    concern: str = ""
    occasion: str = ""
    risk: Risk | None = None
    spoke: Conversation | None = None
    rang: Conversation | None = None  # the call because of an immediate risk, to whoever is to act
    ask: str = ""
    tried: str = ""
    why_this_stage: str = ""
    actions: tuple[ActionAsked, ...] = ()
    date: dt.date | None = None  # the agreed date, or the chair's own date within the longest time allowed
    asked_by: dt.date | None = None  # an earlier date asked for as a courtesy
    agency: str = ""
    recommendation: str = ""
    completion: dt.date | None = None
    copied: tuple[str, ...] = ()
    happened: dt.date | None = None  # when an informal conversation is recorded afterwards
    conference: str = ""
    linked: str = ""  # the reference of an earlier concern about the same


@dataclass(frozen=True)
class Speak(Act):
    conversation: Conversation


@dataclass(frozen=True)
class Respond(Act):
    agree: str  # "agree", "agree in part", "do not agree"
    text: str
    actions: tuple[ActionAsked, ...] = ()
    obstacles: tuple[str, ...] = ()
    consider: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Approve(Act):
    comment: str = ""


@dataclass(frozen=True)
class SendBack(Act):
    comment: str


@dataclass(frozen=True)
class Judge(Act):
    """Does the answer (or what was agreed) resolve it, for each child of whom something is still asked?

    `keep` are actions of an answer that is not accepted, which are to be done nevertheless.
    """

    children: Mapping[str, bool]
    why: str = ""
    keep: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskAgain(Act):
    """Back to whoever answered, at the same stage: what was agreed is not done, or the answer is not enough yet."""

    until: dt.date
    why: str


@dataclass(frozen=True)
class ReopenChild(Act):
    """What was settled for this child is not."""

    child: str
    why: str


@dataclass(frozen=True)
class EndForChild(Act):
    """This child's part ends by itself, in one of `state.OF_ONE_CHILD`; `changed` is what changed for the child."""

    child: str
    ending: str
    why: str
    changed: str = ""
    on_plan: frozenset[str] = frozenset()  # children on a plan today; whoever performs the act looks it up


@dataclass(frozen=True)
class RecordPlanEnd(Act):
    """The system's own act: a child's plan has ended. The chair is asked whether the concern goes on.

    `began` is the plan's first day: by it a plan whose end was put right is told from another one. `source` is who said
    that it ended, or which file.
    """

    child: str
    on: dt.date
    began: dt.date | None = None
    source: str = ""


@dataclass(frozen=True)
class RecordEndTakenBack(Act):
    """The system's own act: the end of a child's plan was taken back, and the plan runs. `source` is who said so."""

    child: str
    source: str = ""


@dataclass(frozen=True)
class CarryOn(Act):
    """The concern goes on for these children although their plans have ended."""

    children: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class MoveOn(Act):
    to: str
    because: str  # an Outcome: "not answered", "not accepted", "not done", "immediate risk", "done"
    impacts: Mapping[str, str] = field(default_factory=dict)  # only what changed; the rest is carried forward
    different: str = ""
    ask: str = ""
    grounds: tuple[str, ...] = ()
    spoke: Conversation | None = None
    date: dt.date | None = None
    asked_by: dt.date | None = None
    agency: str = ""
    completion: dt.date | None = None
    risk: Risk | None = None
    copied: tuple[str, ...] = ()
    why_this_stage: str = ""  # when a stage is passed over
    off_plan: frozenset[str] = frozenset()  # children on no plan today; whoever performs the act looks it up


@dataclass(frozen=True)
class GiveMoreTime(Act):
    until: dt.date
    why: str


@dataclass(frozen=True)
class RecordLapse(Act):
    """The system's own act: a duty's time has passed."""

    duty: str


@dataclass(frozen=True)
class AgreeAction(Act):
    action: ActionAsked


@dataclass(frozen=True)
class StartAction(Act):
    id: str
    note: str = ""


@dataclass(frozen=True)
class FinishAction(Act):
    id: str
    on: dt.date
    helped: str = ""


@dataclass(frozen=True)
class ConfirmAction(Act):
    id: str
    note: str = ""


@dataclass(frozen=True)
class ReturnAction(Act):
    id: str
    why: str


@dataclass(frozen=True)
class ChangeActionDate(Act):
    id: str
    by: dt.date
    why: str


@dataclass(frozen=True)
class AskForActionDate(Act):
    id: str
    by: dt.date
    why: str


@dataclass(frozen=True)
class DeclineActionDate(Act):
    id: str
    why: str


@dataclass(frozen=True)
class RecordOwnerLeft(Act):
    """The system's own act: whoever was to do an action is no longer here. The chair is asked who does it now."""

    id: str


@dataclass(frozen=True)
class RecordWentOver(Act):
    """The system's own act: with the child, a part of the concern went to somebody else. All are names or sentences."""

    part: str  # of WENT_OVER
    name: str
    before: str = ""
    why: str = ""


WENT_OVER = ("chair", "social worker", "team")


@dataclass(frozen=True)
class GiveAction(Act):
    """Somebody else does what was agreed: a name, and the person's id where known."""

    id: str
    who: str
    why: str
    person: str = ""


@dataclass(frozen=True)
class DropAction(Act):
    id: str
    why: str


@dataclass(frozen=True)
class RecordUrgentAction(Act):
    """What was done now to keep `children` safe; none for all of them."""

    what: str
    who: str = ""
    on: dt.date | None = None
    children: tuple[str, ...] = ()


@dataclass(frozen=True)
class RingBack(Act):
    """The call after an urgent action, or after a risk was raised: is the child safe? `entry` is the entry's number.

    `safe` are the children who are safe now, None for all whom the entry is about.
    """

    entry: int
    to: str  # whom: a name
    on: dt.date | None = None
    note: str = ""
    safe: tuple[str, ...] | None = None


@dataclass(frozen=True)
class GiveUpRing(Act):
    """After it has ended: that call was not made and is no longer possible."""

    entry: int
    why: str


@dataclass(frozen=True)
class Resolve(Act):
    """What changed for each child. `not_spoken` is why a talk that the policy asks for was not held."""

    children: Mapping[str, str]
    too_long: str = ""
    not_spoken: str = ""


@dataclass(frozen=True)
class Withdraw(Act):
    why: str


@dataclass(frozen=True)
class Close(Act):
    """An ending that is not a resolution, from `state.ENDINGS` or the protocol's own exits."""

    ending: str
    why: str
    children: Mapping[str, str] = field(default_factory=dict)
    on_plan: frozenset[str] = frozenset()  # as in EndForChild


@dataclass(frozen=True)
class Note(Act):
    text: str


@dataclass(frozen=True)
class Share(Act):
    role: str
    why: str = ""


@dataclass(frozen=True)
class TakeRoute(Act):
    """A way beside the ladder. `on` is the day it was taken, `of` the day from which the policy counts its time."""

    route: str
    note: str = ""
    on: dt.date | None = None
    of: dt.date | None = None
    who: str = ""  # who took it, where it was somebody else: a parent, another professional


@dataclass(frozen=True)
class SayNotMine(Act):
    """Whoever was asked says that it is not theirs to answer, and who should be asked: a name."""

    who: str
    why: str


@dataclass(frozen=True)
class SayItStays(Act):
    """The chair's answer to it: it stays with whoever was asked."""

    why: str


@dataclass(frozen=True)
class HandOver(Act):
    """Somebody else plays this part from now on (the chair's choice, for example while the holder is away).

    `until` gives the answer a new date with it: where the first has passed, the new holder has none to keep.
    """

    role: str
    person: str
    name: str
    why: str
    until: dt.date | None = None


@dataclass(frozen=True)
class Correct(Act):
    seq: int
    why: str


@dataclass(frozen=True)
class File(Act):
    child: str
    system: str = ""
