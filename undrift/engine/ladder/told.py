"""Who is told of an event, and whether something is asked of them. Wording and sending belong to the messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from undrift.engine.events import Event
from undrift.engine.ladder.state import State
from undrift.engine.rules import Rules
from undrift.protocol.model import Stage


@dataclass(frozen=True)
class Told:
    """`ask` is what the notice asks for ("respond", "approve" ...), or empty where it is for information."""

    role: str
    ask: str = ""


def told(rules: Rules, state: State, entry: Event) -> tuple[Told, ...]:
    """Who is told of `entry`, which has led to `state`. Each role once, an ask before an information."""
    rule = _RULES.get(entry.type)
    if rule is None:
        return ()
    found: dict[str, Told] = {}
    for item in rule(rules, state, entry):
        if item.role not in found or (item.ask and not found[item.role].ask):
            found[item.role] = item
    return tuple(found.values())


def _inform(*roles: str) -> list[Told]:
    return [Told(r) for r in roles]


def _stage(rules: Rules, state: State) -> Stage:
    return rules.protocol.stage(state.here.stage)


def _stage_begins(rules: Rules, state: State, entry: Event) -> list[Told]:
    stage = _stage(rules, state)
    asked = stage.answer
    found = [Told(asked.who, asked.must)] if asked else []
    found += [Told(d.who, d.must) for d in stage.others if d.who not in stage.judged_by]
    found += _inform(*stage.to, *stage.tells.start, *rules.protocol.always_copied, *state.copied)
    if entry.type == "moved_on":
        below = rules.protocol.stage(state.visits[-2].stage)
        found += _inform(*stage.tells.move, *below.to)
    return found


def _drafted(rules: Rules, state: State, entry: Event) -> list[Told]:
    asked = _stage(rules, state).answer
    return [Told(asked.approved_by, "approve")] if asked and asked.approved_by else []


def _to_responder(ask: str) -> Callable[[Rules, State, Event], list[Told]]:
    def rule(rules: Rules, state: State, entry: Event) -> list[Told]:
        asked = _stage(rules, state).answer
        return [Told(asked.who, ask)] if asked else []

    return rule


def _answer_is_in(rules: Rules, state: State, entry: Event) -> list[Told]:
    stage = _stage(rules, state)
    found = [Told(r, "decide") for r in stage.judged_by]
    if entry.type == "approved" and stage.answer:
        found += _inform(stage.answer.who)
    return found + _inform(*rules.protocol.always_copied)


def _lapsed(rules: Rules, state: State, entry: Event) -> list[Told]:
    stage = _stage(rules, state)
    found = [Told(r, "decide") for r in stage.judged_by]
    if stage.answer and entry.payload["duty"].endswith(f":{stage.answer.who}"):
        found += [Told(stage.answer.who, stage.answer.must)]
        found += _inform(*((stage.answer.approved_by,) if stage.answer.approved_by else ()))
    return found + _inform(*rules.protocol.always_copied)


def _judged(rules: Rules, state: State, entry: Event) -> list[Told]:
    stage = _stage(rules, state)
    return _inform(*([stage.answer.who] if stage.answer else []), *stage.to, *rules.protocol.always_copied)


def _ends(rules: Rules, state: State, entry: Event) -> list[Told]:
    found: list[Told] = []
    for visit in state.visits:
        stage = rules.protocol.stage(visit.stage)
        found += _inform(*stage.to, *stage.tells.resolved)
    return found + _inform(*rules.protocol.always_copied, *state.copied)


def _chair(ask: str) -> Callable[[Rules, State, Event], list[Told]]:
    return lambda rules, state, entry: [Told(r, ask) for r in _stage(rules, state).judged_by]


def _step_done(rules: Rules, state: State, entry: Event) -> list[Told]:
    """Whoever is told of a stage of the plan cycle has what it produced: the decision sheet, the plan."""
    stage = _stage(rules, state)
    return _inform(*stage.judged_by, *stage.to, *stage.tells.start)


_RULES: Mapping[str, Callable[[Rules, State, Event], list[Told]]] = {
    "raised": _stage_begins,
    "moved_on": _stage_begins,
    "answer_drafted": _drafted,
    "sent_back": _to_responder("respond"),
    "answered": _answer_is_in,
    "approved": _answer_is_in,
    "date_lapsed": _lapsed,
    "judged": _judged,
    "more_time_given": _to_responder(""),
    "action_done": _chair("confirm"),
    "action_returned": _to_responder(""),
    "milestone_reached": _step_done,
    "resolved": _ends,
    "withdrawn": _ends,
    "closed": _ends,
    "shared": lambda rules, state, entry: _inform(entry.payload["role"]),
    "handed_over": lambda rules, state, entry: [Told(entry.payload["role"], "respond")],
}
