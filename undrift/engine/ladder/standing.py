"""One sentence of where a resolution stands: whose turn it is, for what, by when."""

from __future__ import annotations

from datetime import datetime

from undrift.engine.duties import Duty
from undrift.engine.ladder.agenda import agenda, later_date, overdue, waiting_over, without_a_doer
from undrift.engine.ladder.state import State
from undrift.engine.musts import Deed, Must, deed
from undrift.engine.next_step import HELD, NextStep, held_as_it_is
from undrift.engine.rules import Rules

WAITING_FOR_RESPONSE = "Waiting for response"
WAITING_FOR_APPROVAL = "Waiting for approval"
WAITING_FOR_CHAIR = "Waiting for chair"
ACTIONS_IN_PROGRESS = "Actions in progress"
RESOLVED = "Resolved"
CLOSED = "Closed"
TAGS = (WAITING_FOR_RESPONSE, WAITING_FOR_APPROVAL, WAITING_FOR_CHAIR, ACTIONS_IN_PROGRESS, RESOLVED, CLOSED, HELD)


def standing(rules: Rules, state: State, now: datetime, duties: tuple[Duty, ...] | None = None) -> NextStep:
    """Whose turn it is. Total: every state has exactly one answer."""
    if state.ended is not None:
        tag = RESOLVED if state.ended.kind == "resolved" else CLOSED
        return NextStep(tag, none_because=f"It was {state.ended.kind} and is nobody’s turn.")
    if state.held:
        return held_as_it_is(len(state.dead))
    owed = tuple(d for d in (agenda(rules, state, now) if duties is None else duties) if d.owed)
    here, number = state.here, len(state.visits)
    stage = rules.protocol.stage(here.stage)
    chair = stage.judged_by[0]

    def owes(must: Deed) -> Duty | None:
        return next((d for d in owed if d.visit == number and d.must == must), None)

    def chairs_turn(must: Must) -> NextStep:
        return NextStep(WAITING_FOR_CHAIR, must, chair, duty=owes(Must.DECIDE))

    def of(must: Must, subject: str) -> NextStep:
        duty = next((d for d in owed if d.must == must and d.subject == subject), None)
        return NextStep(WAITING_FOR_CHAIR, must, chair, duty=duty)

    if state.off_every_plan:
        return of(Must.DECIDE_IF_IT_GOES_ON, state.plans_ended[0].id)
    late = overdue(state, now)
    if state.accepted or state.follows_what_was_directed:
        if late:
            return of(Must.DECIDE_ON_THE_ACTION, late[0].id)
        if left := without_a_doer(state):
            return of(Must.DECIDE_WHO_DOES_IT, left[0].id)
        if asked_for := next((a for a in state.open_actions if a.asked is not None), None):
            return of(Must.AGREE_THE_DATE, asked_for.id)
        return _closing(state, owed, chair)
    if here.judged is not None or not stage.is_raised:
        return chairs_turn(Must.DECIDE_NEXT)
    asked = stage.answer
    if asked is None or here.answered:
        return chairs_turn(Must.DECIDE)
    if waiting_over(rules, state, now):
        return chairs_turn(Must.DECIDE_NEXT)
    if late:
        # What is waited for goes on beside the decision on what was agreed earlier and is not done.
        return of(Must.DECIDE_ON_THE_ACTION, late[0].id)
    later = later_date(rules, state, here)

    def answering(tag: str, must: Must, who: str) -> NextStep:
        duty = owes(deed(asked.must))
        return NextStep(tag, must, who, duty=duty, later=later if duty is None or duty.put_off else None)

    if asked.approved_by and here.waits_for_approval:
        return answering(WAITING_FOR_APPROVAL, Must.APPROVE, asked.approved_by)
    if asked.must == Must.SETTLE:
        return answering(ACTIONS_IN_PROGRESS, Must.DO_WHAT_WAS_AGREED, asked.who)
    return answering(WAITING_FOR_RESPONSE, Must.RESPOND, asked.who)


def whose_part(rules: Rules, state: State) -> str:
    """The role with which the answer is: whoever approves it while one waits, else whoever answers, else the chair."""
    stage = rules.protocol.stage(state.here.stage)
    if stage.answer is None:
        return stage.judged_by[0]
    return (stage.answer.approved_by if state.here.waits_for_approval else None) or stage.answer.who


def _closing(state: State, owed: tuple[Duty, ...], chair: str) -> NextStep:
    """All is agreed: the actions, then the chair's confirmation, then what changed for each child."""
    todo = sorted((a for a in state.open_actions if a.status != "done"), key=lambda a: (a.by is None, a.by, a.id))
    done = [a for a in state.open_actions if a.status == "done"]

    def owes(must: Must, action: str = "") -> Duty | None:
        return next((d for d in owed if d.must == must and d.action == action), None)

    if done:
        confirm = owes(Must.CONFIRM_THE_ACTION, done[0].id)
        return NextStep(WAITING_FOR_CHAIR, Must.CONFIRM_THE_ACTION, chair, duty=confirm)
    if todo:
        first = todo[0]
        duty = owes(Must.DO_THE_ACTION, first.id)
        return NextStep(ACTIONS_IN_PROGRESS, Must.DO_THE_ACTION, person=first.person, name=first.who, duty=duty)
    return NextStep(WAITING_FOR_CHAIR, Must.RESOLVE, chair, duty=owes(Must.RESOLVE))
