"""One sentence of where a resolution stands: whose turn it is, for what, by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from undrift.engine.dates.due import Due
from undrift.engine.ladder.agenda import Duty, action_key, agenda, later_date, waiting_over
from undrift.engine.ladder.state import State
from undrift.engine.rules import Rules

WAITING_FOR_RESPONSE = "Waiting for response"
WAITING_FOR_APPROVAL = "Waiting for approval"
WAITING_FOR_CHAIR = "Waiting for chair"
ACTIONS_IN_PROGRESS = "Actions in progress"
RESOLVED = "Resolved"
CLOSED = "Closed"
TAGS = (WAITING_FOR_RESPONSE, WAITING_FOR_APPROVAL, WAITING_FOR_CHAIR, ACTIONS_IN_PROGRESS, RESOLVED, CLOSED)


@dataclass(frozen=True)
class NextStep:
    """The one next person and date. `who` is a role; for an agreed action `person` or `name` says who instead.

    Either there is a next person, or `none_because` says why there is none. `duty` carries the date that the policy or
    the authority sets, `later` a later one that the chair gave since; `due` is the one that counts for whose turn it
    is, and None where no date is set. Whether the answer came in time is judged by the duty's own date.
    """

    tag: str
    must: str = ""
    who: str = ""
    person: str = ""
    name: str = ""
    duty: Duty | None = None
    later: Due | None = None
    none_because: str = ""

    @property
    def due(self) -> Due | None:
        return self.later or (self.duty.due if self.duty else None)

    @property
    def day(self) -> date | None:
        return self.due.date if self.due else None

    @property
    def ends(self) -> datetime | None:
        return self.due.at if self.due else None


def standing(rules: Rules, state: State, now: datetime, duties: tuple[Duty, ...] | None = None) -> NextStep:
    """Whose turn it is. Total: every state has exactly one answer."""
    if state.ended is not None:
        tag = RESOLVED if state.ended.kind == "resolved" else CLOSED
        return NextStep(tag, none_because=f"It was {state.ended.kind} and nothing more is owed.")
    owed = {d.key: d for d in (agenda(rules, state, now) if duties is None else duties) if d.owed}
    here, number = state.here, len(state.visits)
    stage = rules.protocol.stage(here.stage)
    chair = stage.judged_by[0]

    def turn(tag: str, must: str, who: str, key: str) -> NextStep:
        return NextStep(tag, must, who, duty=owed.get(key))

    decide = f"{number}:decide:{chair}"
    if here.judged is not None and here.judged.accepted:
        return _closing(state, owed, chair)
    if here.judged is not None:
        return turn(WAITING_FOR_CHAIR, "decide what next", chair, decide)
    if stage.kind == "milestone":
        pending = next((d for d in stage.duties if f"{number}:{d.must}:{d.to or d.who}" in owed), None)
        if pending is not None and not here.refused:
            return turn(
                ACTIONS_IN_PROGRESS,
                pending.must,
                pending.who,
                f"{number}:{pending.must}:{pending.to or pending.who}",
            )
        return turn(WAITING_FOR_CHAIR, "decide what next", chair, decide)
    asked = stage.answer
    if asked is None or (here.answer is not None and here.answer.approved_at is not None):
        return turn(WAITING_FOR_CHAIR, "decide", chair, decide)
    if waiting_over(rules, state, now):
        return turn(WAITING_FOR_CHAIR, "decide what next", chair, decide)
    key, later = f"{number}:{asked.must}:{asked.to or asked.who}", later_date(rules, state, here)

    def answering(tag: str, must: str, who: str) -> NextStep:
        return NextStep(tag, must, who, duty=owed.get(key), later=later)

    if asked.approved_by and here.answer is not None and not here.answer.sent_back:
        return answering(WAITING_FOR_APPROVAL, "approve", asked.approved_by)
    if asked.must == "settle":
        return answering(ACTIONS_IN_PROGRESS, "do what was agreed", asked.who)
    return answering(WAITING_FOR_RESPONSE, "respond", asked.who)


def _closing(state: State, owed: dict[str, Duty], chair: str) -> NextStep:
    """All is agreed: the actions, then the chair's confirmation, then what changed for each child."""
    todo = sorted((a for a in state.open_actions if a.status != "done"), key=lambda a: (a.by is None, a.by, a.id))
    done = [a for a in state.open_actions if a.status == "done"]
    if done:
        return NextStep(WAITING_FOR_CHAIR, "confirm the action", chair, duty=owed.get(f"confirm:{done[0].id}"))
    if todo:
        first = todo[0]
        duty = owed.get(action_key(first))
        return NextStep(ACTIONS_IN_PROGRESS, "do the action", person=first.person, name=first.who, duty=duty)
    return NextStep(WAITING_FOR_CHAIR, "resolve", chair, duty=owed.get("resolve"))
