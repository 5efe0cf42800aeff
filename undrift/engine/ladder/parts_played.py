"""In which part an act is done: the one that the policy asks for, where the person holds several."""

from __future__ import annotations

from collections.abc import Callable

from undrift.engine.events import By
from undrift.engine.ladder.guards import everyone
from undrift.engine.ladder.state import State
from undrift.engine.rules import Rules
from undrift.engine.who_may import first_role

Part = Callable[[Rules, State | None, By], str]


def the_judge_first(rules: Rules, state: State | None, by: By) -> str:
    """The judge's part, then the sender's, then any that the person has here."""
    if state is None:
        return the_sender(rules, state, by)
    stage = rules.protocol.stage(state.here.stage)
    return _first(by, (*stage.judged_by, *stage.sent_by, *everyone(rules, state)))


def the_sender(rules: Rules, state: State | None, by: By) -> str:
    return _first(by, rules.protocol.stages[0].sent_by)


def the_answerer(rules: Rules, state: State | None, by: By) -> str:
    asked = rules.protocol.stage(state.here.stage).answer if state else None
    return _first(by, (asked.who,)) if asked else the_judge_first(rules, state, by)


def the_approver(rules: Rules, state: State | None, by: By) -> str:
    asked = rules.protocol.stage(state.here.stage).answer if state else None
    return _first(by, (asked.approved_by,)) if asked and asked.approved_by else the_judge_first(rules, state, by)


def the_service(rules: Rules, state: State | None, by: By) -> str:
    return "system"


def _first(by: By, wanted: tuple[str, ...]) -> str:
    return first_role(by, wanted) or (sorted(by.roles)[0] if by.roles else by.role)
