"""Every act that can be thought of here, each with yes or the reason why not."""

from __future__ import annotations

from datetime import datetime

from undrift.engine.events import By
from undrift.engine.ladder.guards import as_held
from undrift.engine.ladder.kinds import ACTS
from undrift.engine.ladder.state import State
from undrift.engine.refusal import Move
from undrift.engine.rules import Rules


def moves(rules: Rules, state: State, by: By, at: datetime) -> dict[str, Move]:
    """For each act by name: allowed, or the refusal that its button shows. The same guards as `decide` asks."""
    return {
        kind.name: Move(kind.name, as_held(state, act) or kind.may(rules, state, by, at)) for act, kind in ACTS.items()
    }
