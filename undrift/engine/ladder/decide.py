"""An act in, events or a refusal out. Nothing is changed here: the caller appends the events, or shows the refusal.

The table of acts (`ladder.kinds`) says which rule answers "may this person, may this happen now" and which function
checks what the act says.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from undrift.engine.dates.calendars import OutsideCalendar
from undrift.engine.drafts import Decision
from undrift.engine.events import By, Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.guards import as_held
from undrift.engine.ladder.kinds import ACTS, EVENTS
from undrift.engine.ladder.state import State
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules


def decide(rules: Rules, state: State | None, act: acts.Act, by: By, at: datetime) -> tuple[Event, ...] | Refusal:
    """The events that this act brings about, numbered after the state's last; or why it may not happen now.

    Refuses anything that is not the person's to do, not possible at this stage or incomplete, and a date beyond the
    calendar. Changes nothing.
    """
    try:
        drafts = _begun(rules, act, by, at) if state is None else _decided(rules, state, act, by, at)
    except OutsideCalendar as outside:
        return Refusal("outside-calendar", str(outside), about="date")
    if isinstance(drafts, Refusal):
        return drafts
    first = 1 if state is None else state.seq + 1
    who = replace(by, role=ACTS[type(act)].part(rules, state, by))
    return tuple(EVENTS[name].type.make(first + n, payload, who, at) for n, (name, payload) in enumerate(drafts))


def _begun(rules: Rules, act: acts.Act, by: By, at: datetime) -> Decision:
    if not isinstance(act, acts.Raise):
        return Refusal("not-raised", "There is nothing here yet: raise a concern first.")
    return ACTS[acts.Raise].decide(rules, None, act, by, at)


def _decided(rules: Rules, state: State, act: acts.Act, by: By, at: datetime) -> Decision:
    kind = ACTS[type(act)]
    if refusal := as_held(state, type(act)):
        return refusal
    if (refusal := kind.may(rules, state, by, at)) and not _overtaken(refusal, act):
        return refusal
    return kind.decide(rules, state, act, by, at)


WAITS = frozenset({"too-soon", "not-judged", "accepted", "no-way"})


def _overtaken(refusal: Refusal, act: acts.Act) -> bool:
    """An immediate risk waits for no answer and no date, and has ways of its own: the reason to wait is overtaken."""
    return isinstance(act, acts.MoveOn) and act.because == "immediate risk" and refusal.code in WAITS
