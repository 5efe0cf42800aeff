"""Whom an event is told to, and whether something is asked of them: one rule for each way of telling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from undrift.engine.events import Event
from undrift.engine.ladder.agenda import agenda
from undrift.engine.ladder.musts import Must
from undrift.engine.ladder.state import State
from undrift.engine.rules import Rules
from undrift.protocol.model import Stage


@dataclass(frozen=True)
class Told:
    """`ask` is what the notice asks for ("respond", "approve" ...), or empty where it is for information."""

    role: str
    ask: str = ""


Rule = Callable[[Rules, State, Event], list[Told]]


def inform(*roles: str) -> list[Told]:
    return [Told(r) for r in roles]


def _stage(rules: Rules, state: State) -> Stage:
    return rules.protocol.stage(state.here.stage)


def the_stage_begins(rules: Rules, state: State, entry: Event) -> list[Told]:
    stage = _stage(rules, state)
    asked = stage.answer
    found = [Told(asked.who, asked.must)] if asked else []
    found += [Told(d.who, d.must) for d in stage.others if d.who not in stage.judged_by]
    found += inform(*stage.to, *stage.tells.start, *rules.protocol.always_copied, *state.copied)
    if entry.type == "moved_on":
        below = rules.protocol.stage(state.visits[-2].stage)
        found += inform(*stage.tells.move, *below.to)
    return found


def the_approver(rules: Rules, state: State, entry: Event) -> list[Told]:
    asked = _stage(rules, state).answer
    return [Told(asked.approved_by, "approve")] if asked and asked.approved_by else []


def the_responder(ask: str) -> Callable[[Rules, State, Event], list[Told]]:
    def rule(rules: Rules, state: State, entry: Event) -> list[Told]:
        asked = _stage(rules, state).answer
        return [Told(asked.who, ask)] if asked else []

    return rule


def the_answer_is_in(rules: Rules, state: State, entry: Event) -> list[Told]:
    stage = _stage(rules, state)
    found = [Told(r, "decide") for r in stage.judged_by]
    if entry.type == "approved" and stage.answer:
        found += inform(stage.answer.who)
    return found + inform(*rules.protocol.always_copied)


def a_date_passed(rules: Rules, state: State, entry: Event) -> list[Told]:
    stage = _stage(rules, state)
    found = [Told(r, "decide") for r in stage.judged_by]
    passed = next((d for d in agenda(rules, state, entry.at) if d.key == entry.payload["duty"]), None)
    if stage.answer and passed is not None and passed.subject == stage.answer.who:
        found += [Told(stage.answer.who, stage.answer.must)]
        found += inform(*((stage.answer.approved_by,) if stage.answer.approved_by else ()))
    return found + inform(*rules.protocol.always_copied)


def it_is_judged(rules: Rules, state: State, entry: Event) -> list[Told]:
    stage = _stage(rules, state)
    return inform(*([stage.answer.who] if stage.answer else []), *stage.to, *rules.protocol.always_copied)


def it_ends(rules: Rules, state: State, entry: Event) -> list[Told]:
    found: list[Told] = []
    for visit in state.visits:
        stage = rules.protocol.stage(visit.stage)
        found += inform(*stage.to, *stage.tells.resolved)
    return found + inform(*rules.protocol.always_copied, *state.copied)


def the_chair(ask: str) -> Callable[[Rules, State, Event], list[Told]]:
    return lambda rules, state, entry: [Told(r, ask) for r in _stage(rules, state).judged_by]


def a_step_is_done(rules: Rules, state: State, entry: Event) -> list[Told]:
    """Whoever is told of a stage of the plan cycle has what it produced: the decision sheet, the plan."""
    stage = _stage(rules, state)
    return inform(*stage.judged_by, *stage.to, *stage.tells.start)


def the_role_named(rules: Rules, state: State, entry: Event) -> list[Told]:
    return inform(entry.payload["role"])


def whoever_takes_over(rules: Rules, state: State, entry: Event) -> list[Told]:
    return [Told(entry.payload["role"], Must.RESPOND)]


def nobody(rules: Rules, state: State, entry: Event) -> list[Told]:
    return []
