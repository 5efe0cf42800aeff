"""What a resolution has beside what every case has: where it stands on the ladder. Worked out from its state."""

from __future__ import annotations

from typing import Any

from undrift.engine.ladder.state import State
from undrift.engine.rules import Rules


def own_columns(rules: Rules, state: State) -> dict[str, Any]:
    """The fields of `Resolution` by name."""
    protocol = rules.protocol
    stages = [visit.stage for visit in state.visits]
    return {
        "raised_at": state.raised,
        "first_stage": stages[0],
        "stage": stages[-1],
        "highest_stage": max(stages, key=protocol.position),
        "entered_at": state.here.entered,
        "formality": protocol.stage(stages[-1]).formality,
        "risk": bool(state.at_risk),
        "grounds": list(state.grounds),
        "ending": (state.ended.ending or state.ended.kind) if state.ended else "",
    }
