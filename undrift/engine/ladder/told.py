"""Who is told of an event, and whether something is asked of them. Wording and sending belong to the messages."""

from __future__ import annotations

from undrift.engine.events import Event
from undrift.engine.ladder.kinds import EVENTS
from undrift.engine.ladder.state import State
from undrift.engine.rules import Rules
from undrift.engine.told import Told, each_once

__all__ = ["Told", "told"]


def told(rules: Rules, state: State, entry: Event) -> tuple[Told, ...]:
    """Who is told of `entry`, which has led to `state`. Each role and person once, an ask before an information.

    Of what is held nothing is sent, nor of how it ends.
    """
    if state.nobody_lives:
        return ()
    return each_once(EVENTS[entry.type].tells(rules, state, entry))
