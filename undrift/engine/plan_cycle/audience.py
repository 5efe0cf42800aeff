"""Who is told of an event of the plan cycle: one rule for each way of telling."""

from __future__ import annotations

from collections.abc import Callable

from undrift.engine.events import Event
from undrift.engine.musts import CycleMust, Step
from undrift.engine.plan_cycle.agenda import agenda
from undrift.engine.plan_cycle.guards import parts
from undrift.engine.plan_cycle.state import State
from undrift.engine.rules import Rules
from undrift.engine.told import Told, author_of, inform
from undrift.protocol.model import MetBy

Rule = Callable[[Rules, State, Event], list[Told]]


def whoever_wrote_it(rules: Rules, state: State, entry: Event) -> list[Told]:
    return author_of(state.authors, entry)


def nobody(rules: Rules, state: State, entry: Event) -> list[Told]:
    return []


def everyone(rules: Rules, state: State, entry: Event) -> list[Told]:
    """All who have a part in the cycle by the policy, and those who are always copied."""
    return inform(*parts(rules.protocol), *rules.protocol.always_copied)


def those_who_prepare(rules: Rules, state: State, entry: Event) -> list[Told]:
    """Everyone; those who owe something before the conference are asked for it."""
    chair = rules.protocol.chair
    owed = (d for d in agenda(rules, state) if d.subject == entry.payload["id"] and d.owed and d.who != chair)
    return [Told(d.who, d.must) for d in owed] + everyone(rules, state, entry)


def the_chair(ask: str = "") -> Rule:
    return lambda rules, state, entry: [Told(rules.protocol.chair, ask)]


def the_chair_is_asked_for_a_date(rules: Rules, state: State, entry: Event) -> list[Told]:
    return [Told(rules.protocol.chair, CycleMust.FIX), *everyone(rules, state, entry)]


def whoever_has(met_by: MetBy) -> Rule:
    """The chair, and those who have what the step brought."""

    def rule(rules: Rules, state: State, entry: Event) -> list[Told]:
        found = inform(rules.protocol.chair)
        return found + inform(*(role for step in rules.protocol.met_by(met_by) for role in step.tells))

    return rule


def whoever_feeds_back(rules: Rules, state: State, entry: Event) -> list[Told]:
    action = state.key_actions[entry.payload["id"]]
    step = next(iter(rules.protocol.met_by("key action fed back")), None)
    ask = Step(step.id) if step is not None else CycleMust.FEED_BACK
    if action.person:
        return [Told("", ask, action.person)]
    return [Told(step.who, ask)] if step is not None and step.who else []


def those_of_the_step(rules: Rules, state: State, entry: Event) -> list[Told]:
    step = rules.protocol.milestone(entry.payload["milestone"])
    return inform(rules.protocol.chair, *(step.tells if step is not None else ()))


def those_of_the_note(rules: Rules, state: State, entry: Event) -> list[Told]:
    """With whom the policy shares a note of its tier."""
    tiers = {tier.id: tier.shared_with for tier in rules.protocol.good_practice}
    return inform(*tiers.get(entry.payload["tier"], ()))


def those_of_the_route(rules: Rules, state: State, entry: Event) -> list[Told]:
    route = rules.protocol.route(state.routes[entry.payload["id"]].route)
    found = [Told(role, CycleMust.DECIDE_ON_IT) for role in route.decided_by] if route is not None else []
    return found + inform(*(route.tells if route is not None else ()), rules.protocol.chair)


def the_chair_reconvenes(rules: Rules, state: State, entry: Event) -> list[Told]:
    taken = state.routes[entry.payload["id"]]
    route = rules.protocol.route(taken.route)
    again = route is not None and route.reconvenes and taken.upheld
    return [Told(rules.protocol.chair, CycleMust.RECONVENE if again else "")]


def a_date_passed(rules: Rules, state: State, entry: Event) -> list[Told]:
    """Whoever owes it, and the chair."""
    passed = next((d for d in agenda(rules, state) if d.key == entry.payload["duty"]), None)
    found = (
        [Told(passed.who, passed.must, passed.person)] if passed is not None and (passed.who or passed.person) else []
    )
    return found + inform(rules.protocol.chair, *rules.protocol.always_copied)
