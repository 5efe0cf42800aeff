"""Who is told of an event of a plan cycle, and whether something is asked of them."""

from __future__ import annotations

from undrift.engine.events import Event
from undrift.engine.plan_cycle.kinds import EVENTS
from undrift.engine.plan_cycle.state import State
from undrift.engine.rules import Rules
from undrift.engine.told import Told, each_once


def told(rules: Rules, state: State, entry: Event) -> tuple[Told, ...]:
    """Who is told of `entry`, which has led to `state`. Each role and person once, an ask before an information.

    Of what is held nothing is sent, nor of how it ends.
    """
    if state.nobody_lives:
        return ()
    return each_once(EVENTS[entry.type].tells(rules, state, entry))
