"""A history folded into where it stands, each event in the form that its version has."""

from __future__ import annotations

from collections.abc import Iterable

from undrift.engine.events import BrokenHistory, Event, todays_form
from undrift.engine.ladder import raising
from undrift.engine.ladder.kinds import EVENTS
from undrift.engine.ladder.state import State, altered
from undrift.protocol.model import Protocol


def fold(protocol: Protocol, history: Iterable[Event]) -> State | None:
    """The state that a history leads to; None for an empty one.

    Total over every history that `decide` can produce, now or in an earlier version. Refuses (`BrokenHistory`) a gap
    in the numbers, and a type or a version that is not known here.
    """
    state: State | None = None
    for entry in history:
        state = advance(protocol, state, entry)
    return state


def advance(protocol: Protocol, state: State | None, entry: Event) -> State:
    """The state after one more event."""
    happened = in_todays_form(entry)
    if state is None:
        if entry.type != "raised" or entry.seq != 1:
            raise BrokenHistory(
                f"A history begins with event 1, raised; this one begins with {entry.seq}, {entry.type}."
            )
        return altered(raising.raised(None, happened), authors=(entry.by,))
    if entry.seq != state.seq + 1:
        raise BrokenHistory(f"After event {state.seq} comes {state.seq + 1}, not {entry.seq}.")
    after = EVENTS[happened.type].fold(state, happened)
    return altered(after, seq=entry.seq, last_at=entry.at, authors=(*state.authors, entry.by))


def in_todays_form(entry: Event) -> Event:
    """The same event with its payload as today's version of its type has it."""
    return todays_form(entry, EVENTS)
