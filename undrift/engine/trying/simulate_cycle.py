"""The plan cycle on a calendar: what is owed around one conference, and when.

Nothing is worked out here. A conference is fixed and held by the engine's own acts, and the dates are those of its own
agenda.
"""

from __future__ import annotations

from datetime import date, datetime

from undrift.engine.dates.moments import noon
from undrift.engine.duties import Duty
from undrift.engine.events import By
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.agenda import agenda, limit_of
from undrift.engine.plan_cycle.decide import decide
from undrift.engine.plan_cycle.fold import advance
from undrift.engine.plan_cycle.state import State
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.trying.simulate import CHILD, CannotSimulate


def simulate_cycle(rules: Rules, held: date, review: date | None = None) -> tuple[Duty, ...]:
    """What is owed for one child before and after an initial conference on that day, and up to the review.

    Without a day for the review it is the last one that the statutory guidance allows. In order of the date; what has
    no date comes last. Refuses with CannotSimulate, and as `due` does.
    """
    at = noon(held)
    chair = By("one", roles=frozenset({rules.protocol.chair}))
    state = _after(rules, None, acts.Begin((CHILD,)), chair, at)
    state = _after(rules, state, acts.FixConference("initial", held), chair, at)
    state = _after(rules, state, acts.HoldConference("c1", held, {CHILD: acts.Decision(True)}), chair, at)
    last = limit_of(rules, state, state.children[CHILD])
    assert last is not None, "a conference was held"
    planned = review or last.date or held
    state = _after(rules, state, acts.FixConference("review", planned), chair, at)
    steps = (duty for duty in agenda(rules, state) if rules.protocol.milestone(duty.must) is not None)
    return tuple(sorted(steps, key=lambda duty: duty.day or date.max))


def _after(rules: Rules, state: State | None, act: acts.Act, by: By, at: datetime) -> State:
    found = decide(rules, state, act, by, at)
    if isinstance(found, Refusal):
        raise CannotSimulate(f"{found.sentence}.")
    for event in found:
        state = advance(state, event)
    assert state is not None
    return state
