"""A history of a plan cycle folded into where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from undrift.engine.events import BrokenHistory, Event, todays_form
from undrift.engine.plan_cycle import begin_and_end
from undrift.engine.plan_cycle.kinds import EVENTS
from undrift.engine.plan_cycle.state import State


def fold(history: Iterable[Event]) -> State | None:
    """The state that a history leads to; None for an empty one.

    Total over every history that `decide` can produce. Refuses (`BrokenHistory`) a gap in the numbers, and a type or a
    version that is not known here.
    """
    state: State | None = None
    for entry in history:
        state = advance(state, entry)
    return state


def advance(state: State | None, entry: Event) -> State:
    """The state after one more event."""
    happened = todays_form(entry, EVENTS)
    if state is None:
        if entry.type != "cycle_begun" or entry.seq != 1:
            raise BrokenHistory(
                f"A history begins with event 1, cycle_begun; this one begins with {entry.seq}, {entry.type}."
            )
        return replace(begin_and_end.cycle_begun(happened), authors=(entry.by,))
    if entry.seq != state.seq + 1:
        raise BrokenHistory(f"After event {state.seq} comes {state.seq + 1}, not {entry.seq}.")
    after = EVENTS[happened.type].fold(state, happened)
    return replace(after, seq=entry.seq, last_at=entry.at, authors=(*state.authors, entry.by))
