"""An act in, events or a refusal out. Nothing is changed here: the caller appends the events, or shows the refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from undrift.engine.drafts import Decision
from undrift.engine.events import By, Event
from undrift.engine.plan_cycle import acts, begin_and_end
from undrift.engine.plan_cycle.guards import as_held
from undrift.engine.plan_cycle.kinds import ACT_NAMES, ACTS, EVENTS
from undrift.engine.plan_cycle.on_file import NOTHING, OnFile, known, with_ends
from undrift.engine.plan_cycle.state import State
from undrift.engine.refusal import Move, Refusal
from undrift.engine.rules import Rules
from undrift.engine.who_may import only


def decide(
    rules: Rules, state: State | None, act: acts.Act, by: By, at: datetime, file: OnFile = NOTHING
) -> tuple[Event, ...] | Refusal:
    """The events that this act brings about, numbered after the state's last; or why it may not happen now.

    `state` is what the history leads to. What is on file counts for what is owed and offered, for the last day of a way
    beside the cycle, and for the cycle's end, before which its plans have ended; and for nothing else: no event is of a
    conference that only a file knows.
    """
    drafts = _begun(rules, act, by, at) if state is None else _decided(rules, state, act, by, at, file)
    if isinstance(drafts, Refusal):
        return drafts
    first = 1 if state is None else state.seq + 1
    who = by if by.role == "system" else replace(by, role=_part(rules, by))
    return tuple(EVENTS[name].type.make(first + n, payload, who, at) for n, (name, payload) in enumerate(drafts))


def moves(rules: Rules, state: State, by: By, at: datetime) -> dict[str, Move]:
    """For each act by name: allowed, or the refusal that its button shows. The same guards as `decide` asks."""
    known = ((name, act) for name, act in ACT_NAMES.items() if act in ACTS)
    return {name: Move(name, as_held(state, act) or ACTS[act].may(rules, state, by, at)) for name, act in known}


def _begun(rules: Rules, act: acts.Act, by: By, at: datetime) -> Decision:
    if not isinstance(act, acts.Begin):
        return Refusal("not-begun", "There is nothing here yet: begin the plan cycle first.")
    # The service begins it with the first thing that somebody does, whoever that is.
    refusal = None if by.role == "system" else only(rules, by, (rules.protocol.chair,), "begin a plan cycle")
    return refusal or begin_and_end.begin(rules, act, at)


LOOKS_AT_FILES = (acts.BeginConcern, acts.DeclineOffer, acts.RecordLapse, acts.TakeRoute)


def _decided(rules: Rules, state: State, act: acts.Act, by: By, at: datetime, file: OnFile) -> Decision:
    kind = ACTS.get(type(act))
    if kind is None:
        return Refusal("begun", "This plan cycle has begun already.")
    seen = known(state, file) if isinstance(act, LOOKS_AT_FILES) else state
    if isinstance(act, acts.EndCycle):
        seen = with_ends(state, file)
    return as_held(state, type(act)) or kind.may(rules, state, by, at) or kind.decide(rules, seen, act, by, at)


def _part(rules: Rules, by: By) -> str:
    """The part in which an act is done: the chair's, where the person holds several."""
    return rules.protocol.chair if rules.protocol.chair in by.roles else next(iter(sorted(by.roles)), by.role)
