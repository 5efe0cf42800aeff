"""May this person, may this happen now: what several acts ask alike. Each rule answers with a sentence, never False.

An act's own rule (`may_...`) stands with the act. `decide` asks it before it looks at what the act says, and `moves`
asks it to offer or explain the button.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from undrift.engine.events import By
from undrift.engine.ladder import acts
from undrift.engine.ladder.state import State
from undrift.engine.next_step import refused_while_held
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.who_may import spoken
from undrift.protocol.model import Stage

Guard = Callable[[Rules, State, By, datetime], Refusal | None]


def still_open(state: State) -> Refusal | None:
    if state.ended is None:
        return None
    return Refusal("ended", f"This was {state.ended.kind} on {spoken(state.ended.at)}. Nothing more can be changed.")


# What is done in a record that is held: it is added to and put right, and the chair ends it.
WHILE_HELD = frozenset({acts.Note, acts.Correct, acts.File, acts.Close, acts.Withdraw})


def as_held(state: State, act: type[acts.Act]) -> Refusal | None:
    """Why nothing else is done where nobody lives of whom it is."""
    if not state.nobody_lives or act in WHILE_HELD:
        return None
    return refused_while_held(len(state.dead))


def stage_here(rules: Rules, state: State) -> Stage:
    return rules.protocol.stage(state.here.stage)


def everyone(rules: Rules, state: State) -> tuple[str, ...]:
    """Every role that has a part at a stage this resolution has been on."""
    found: dict[str, None] = {}
    for visit in state.visits:
        stage = rules.protocol.stage(visit.stage)
        for role in (*stage.judged_by, *stage.sent_by, *stage.to):
            found.setdefault(role)
        for asked in stage.duties:
            found.setdefault(asked.who)
            if asked.approved_by:
                found.setdefault(asked.approved_by)
    return tuple(found)


def may_take_part(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    if by.roles:
        return None
    return Refusal("not-yours", "You have no part in this resolution.")
