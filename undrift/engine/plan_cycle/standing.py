"""One sentence of where a plan cycle stands: whose turn it is, for what, by when."""

from __future__ import annotations

from datetime import UTC, datetime

from undrift.engine.duties import Duty
from undrift.engine.next_step import HELD, NextStep, held_as_it_is
from undrift.engine.plan_cycle.agenda import agenda
from undrift.engine.plan_cycle.state import State
from undrift.engine.rules import Rules

BEFORE_A_CONFERENCE = "Before a conference"
ON_A_PLAN = "On a plan"
TO_BE_ENDED = "To be ended"
ENDED = "Plan cycle ended"
TAGS = (BEFORE_A_CONFERENCE, ON_A_PLAN, TO_BE_ENDED, ENDED, HELD)
LAST = datetime.max.replace(tzinfo=UTC)


def standing(rules: Rules, state: State, duties: tuple[Duty, ...] | None = None) -> NextStep:
    """Whose turn it is: what is owed the soonest, and what has no date after it. Total: every state has one answer."""
    if state.nobody_lives and state.ended is None:
        return held_as_it_is(len(state.dead))
    owed = [d for d in (agenda(rules, state) if duties is None else duties) if d.owed]
    if state.ended is not None and not owed:
        return NextStep(ENDED, none_because="The plan cycle has ended and is nobody’s turn.")
    first = min(owed, key=lambda duty: duty.ends or LAST)
    return NextStep(_tag(state), first.must, first.who, first.person, first.name, first)


def _tag(state: State) -> str:
    if state.ended is not None:
        return ENDED
    if not state.open_children:
        return TO_BE_ENDED
    return ON_A_PLAN if any(c.has_plan for c in state.children.values()) else BEFORE_A_CONFERENCE
