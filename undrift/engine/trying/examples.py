"""Worked examples played through the engine, and compared with what they say should follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from undrift.engine.dates.calendars import Calendar
from undrift.engine.dates.due import Due, due
from undrift.engine.duties import Duty, days_late
from undrift.engine.events import Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import agenda
from undrift.engine.ladder.decide import decide
from undrift.engine.ladder.fold import advance
from undrift.engine.ladder.pointers import pointers
from undrift.engine.ladder.standing import standing
from undrift.engine.ladder.state import State
from undrift.engine.ladder.told import told
from undrift.engine.next_step import NextStep
from undrift.engine.plan_cycle import acts as cycle_acts
from undrift.engine.plan_cycle.agenda import agenda as agenda_of_a_cycle
from undrift.engine.plan_cycle.decide import decide as decide_in_a_cycle
from undrift.engine.plan_cycle.fold import advance as advance_a_cycle
from undrift.engine.plan_cycle.offers import Offer, offers
from undrift.engine.plan_cycle.standing import standing as standing_of_a_cycle
from undrift.engine.plan_cycle.state import State as CycleState
from undrift.engine.plan_cycle.told import told as told_of_a_cycle
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.told import Told
from undrift.engine.trying.example_text import DatedRule, Example, ExampleError, Expected, Step, read_example
from undrift.protocol.model import Protocol

__all__ = ["Example", "ExampleError", "StepResult", "date_of", "mismatches", "read_example", "rules_for", "run"]


@dataclass(frozen=True)
class StepResult:
    """What a step led to: `state` of a concern, `cycle` of a plan cycle.

    `mismatches` name the file, the step, what was expected and what was seen.
    """

    step: Step
    events: tuple[Event, ...]
    refusal: Refusal | None
    state: State | None
    next: NextStep | None
    duties: tuple[Duty, ...]
    told: tuple[Told, ...]
    pointers: tuple[str, ...]
    mismatches: tuple[str, ...] = ()
    cycle: CycleState | None = None
    offers: tuple[Offer, ...] = ()


def rules_for(example: Example, protocol: Protocol, calendar: Calendar) -> Rules:
    """The protocol as the example's authority adopted it: its choice of days and its closure days."""
    return Rules(protocol, calendar.with_closures(example.closures), bare_days=example.bare_days, own=example.own)


def run(example: Example, rules: Rules) -> tuple[StepResult, ...]:
    """Every step in order, each with what it led to and where that is not what the example expects."""
    results: list[StepResult] = []
    state: State | None = None
    cycle: CycleState | None = None
    for step in example.steps:
        result = _play(rules, state, step) if example.case == "concern" else _play_cycle(rules, cycle, step)
        results.append(replace(result, mismatches=tuple(_compare(example.name, rules, result))))
        state, cycle = result.state, result.cycle
    return tuple(results)


def mismatches(example: Example, rules: Rules) -> tuple[str, ...]:
    """Everything in which the example and the engine differ; empty when it holds."""
    steps = (line for result in run(example, rules) for line in result.mismatches)
    return (*steps, *(line for rule in example.dates for line in _date_differs(example.name, rules, rule)))


def date_of(rules: Rules, rule: DatedRule) -> Due | None:
    """When that milestone or route is due, counted from the example's day; None where the policy sets no time."""
    step, route = rules.protocol.milestone(rule.id), rules.protocol.route(rule.id)
    if rule.kind == "milestone":
        clock = rules.clocks_of(step)[0] if step is not None else None
    else:
        clock = rules.counted(route.within) if route is not None and route.within is not None else None
    return due(clock, rule.start, rules.calendar, bare_days=rules.bare_days) if clock is not None else None


def _play(rules: Rules, state: State | None, step: Step) -> StepResult:
    events: tuple[Event, ...] = ()
    refusal: Refusal | None = None
    reached: list[Told] = []
    if isinstance(step.act, acts.Act):
        decision = decide(rules, state, step.act, step.by, step.at)
        if isinstance(decision, Refusal):
            refusal = decision
        else:
            events = decision
    for entry in events:
        state = advance(rules.protocol, state, entry)
        reached.extend(told(rules, state, entry))
    if state is None:
        return StepResult(step, events, refusal, None, None, (), (), ())
    return StepResult(
        step,
        events,
        refusal,
        state,
        standing(rules, state, step.at),
        agenda(rules, state, step.at),
        tuple(dict.fromkeys(reached)),
        pointers(rules, state),
    )


def _play_cycle(rules: Rules, cycle: CycleState | None, step: Step) -> StepResult:
    events: tuple[Event, ...] = ()
    refusal: Refusal | None = None
    reached: list[Told] = []
    if isinstance(step.act, cycle_acts.Act):
        decision = decide_in_a_cycle(rules, cycle, step.act, step.by, step.at)
        if isinstance(decision, Refusal):
            refusal = decision
        else:
            events = decision
    for entry in events:
        cycle = advance_a_cycle(cycle, entry)
        reached.extend(told_of_a_cycle(rules, cycle, entry))
    if cycle is None:
        return StepResult(step, events, refusal, None, None, (), (), ())
    return StepResult(
        step,
        events,
        refusal,
        None,
        standing_of_a_cycle(rules, cycle),
        agenda_of_a_cycle(rules, cycle),
        tuple(dict.fromkeys(reached)),
        (),
        cycle=cycle,
        offers=offers(rules, cycle, step.at),
    )


def _compare(name: str, rules: Rules, result: StepResult) -> Iterator[str]:
    place = f"{name}, step {result.step.number} ({result.step.name or 'look'})"
    expect = result.step.expect
    for what, wanted, seen in (*_act_facts(expect, result), *_state_facts(expect, rules, result)):
        if wanted != seen:
            yield f"{place}: {what} should be {_shown(wanted)}, and is {_shown(seen)}."


def _shown(value: object) -> str:
    if isinstance(value, frozenset | tuple):
        return "[" + ", ".join(sorted(map(str, value)) if isinstance(value, frozenset) else map(str, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


Fact = tuple[str, object, object]


def _act_facts(expect: Expected, result: StepResult) -> Iterator[Fact]:
    refusal = result.refusal
    if refusal is None:
        yield "the refusal", expect.refused, ""
    elif expect.refused != refusal.code and (not expect.refused or expect.refused not in refusal.sentence):
        yield "the refusal", expect.refused, f"{refusal.code}: {refusal.sentence}"
    if refusal is not None and expect.clause:
        yield "the clause", expect.clause, refusal.clause
    if refusal is not None and expect.about:
        yield "what the refusal is about", expect.about, refusal.about
    if expect.events is not None:
        yield "the events", expect.events, tuple(e.type for e in result.events)
    if expect.told is not None:
        yield "who is told", expect.told, frozenset(_told_words(t) for t in result.told)


def _told_words(item: Told) -> str:
    return f"{item.role}: {item.ask}" if item.ask else item.role


def _state_facts(expect: Expected, rules: Rules, result: StepResult) -> Iterator[Fact]:
    following = result.next
    if following is None:
        return
    if expect.tag:
        yield "the status", expect.tag, following.tag
    if expect.next:
        yield "the next person", expect.next, following.who or following.name or following.person or "nobody"
    yield from _due_facts(rules, expect, following)
    owed = {_duty_words(d) for d in result.duties if d.owed}
    for duty in expect.owes:
        yield "what is owed", duty, duty if duty in owed else ", ".join(sorted(owed)) or "nothing"
    if expect.offers is not None:
        yield "what is offered", frozenset(expect.offers), frozenset(map(_offer_words, result.offers))
    if result.state is not None:
        yield from _facts_of_a_concern(expect, rules, result.state, result)


def _facts_of_a_concern(expect: Expected, rules: Rules, state: State, result: StepResult) -> Iterator[Fact]:
    if expect.stage:
        yield "the stage", expect.stage, state.here.stage
    if expect.late is not None:
        yield "how late the answer is", expect.late, _answer_late(rules, state, result.duties, result.step.at)
    if expect.settled is not None:
        yield (
            "the children settled",
            frozenset(expect.settled),
            frozenset(c.id for c in state.children.values() if c.settled),
        )
    if expect.open is not None:
        yield "the children not settled", frozenset(expect.open), frozenset(c.id for c in state.unsettled)
    for action, status in expect.actions.items():
        yield f"action {action}", status, state.actions[action].status if action in state.actions else "not there"
    if expect.pointers is not None:
        yield "how many pointers", len(expect.pointers), len(result.pointers)
        for part, sentence in zip(expect.pointers, result.pointers, strict=False):
            yield "the pointer", part, part if part in sentence else sentence
    if expect.ended:
        yield "how it ended", expect.ended, _ending(state)


def _due_facts(rules: Rules, expect: Expected, following: NextStep) -> Iterator[Fact]:
    when = following.due
    if expect.due is not None:
        yield "the due date", expect.due, when.date if when and when.date else "none"
    if expect.why:
        proof = rules.proof(when).as_text() if when else "no date, and so no proof"
        for part in expect.why:
            yield "the proof", part, part if part in proof else proof


def _answer_late(rules: Rules, state: State, duties: tuple[Duty, ...], now: datetime) -> int:
    number = len(state.visits)
    answer = next((d for d in duties if d.visit == number and d.is_answer), None)
    return days_late(answer, now, rules) if answer else 0


def _duty_words(duty: Duty) -> str:
    who = duty.who or duty.name or duty.person
    return f"{who} {duty.must} {duty.day.isoformat() if duty.day else 'no date'}"


def _offer_words(offer: Offer) -> str:
    return f"{' '.join((offer.stage, *offer.grounds))}: {', '.join(offer.children)}"


def _ending(state: State) -> str:
    if state.ended is None:
        return "not ended"
    return state.ended.ending or state.ended.kind


def _date_differs(name: str, rules: Rules, rule: DatedRule) -> Iterator[str]:
    when = date_of(rules, rule)
    if when is None or when.date != rule.due:
        yield f"{name}: {rule.kind} {rule.id} from {rule.start} should be due {rule.due}, and is {when and when.date}."
        return
    proof = rules.proof(when).as_text()
    for part in rule.why:
        if part not in proof:
            yield f'{name}: the proof of {rule.kind} {rule.id} should say "{part}", and says: {proof}'
