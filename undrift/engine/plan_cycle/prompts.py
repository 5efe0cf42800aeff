"""What a check should not overlook: counted from the record and from what is on file. The chair alone decides.

Each prompt says what was counted. It is there exactly when its count says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from undrift.engine.dates.counting import months_from
from undrift.engine.dates.words import full_day
from undrift.engine.plan_cycle.agenda import due_of
from undrift.engine.plan_cycle.on_file import OnFile, Visit, known
from undrift.engine.plan_cycle.state import Child, State
from undrift.engine.rules import Rules

LATE_REVIEW = 3  # from its third review on, a plan is one whose drift the chair is asked to look at
LONG_ON_PLAN = 15  # months
VISITS = "visits"  # the authority's own number for how often a child is seen, in `Rules.own`

Kind = Literal["third review", "long", "second plan", "father", "significant events", "visits", "not seen alone"]


@dataclass(frozen=True)
class Prompt:
    kind: Kind
    count: int
    sentence: str


def prompts(rules: Rules, state: State, file: OnFile, child: str, today: date) -> tuple[Prompt, ...]:
    """What to look at for this child on that day, in the order of the page; none for a child without a plan."""
    laid_over = known(state, file)
    about = laid_over.children[child]
    if not about.has_plan or about.on_plan is None or child in state.dead:
        return ()
    held = [c.decided[child].on for c in laid_over.held_about(child)]
    last = max((on for on in held if on <= today), default=about.on_plan)
    reviews = sum(1 for c in laid_over.held_about(child) if c.counts_as == "review" and c.decided[child].on <= today)
    visits = sorted((v for v in file.of(child).visits if last <= v.on <= today), key=lambda visit: visit.on)
    found = (
        _third_review(reviews), _long(about.on_plan, today), _second_plan(file.of(child).earlier_plans),
        _father(about, about.on_plan, today), _significant(about, last, today), _visits(rules, visits, last, today),
        _alone(visits),
    )  # fmt: skip
    return tuple(prompt for prompt in found if prompt is not None)


def _third_review(reviews: int) -> Prompt | None:
    if reviews < LATE_REVIEW:
        return None
    return Prompt("third review", reviews, f"{reviews} reviews were held on this plan.")


def _long(began: date, today: date) -> Prompt | None:
    if began >= months_from(today, -LONG_ON_PLAN):
        return None
    months = next(n for n in range(LONG_ON_PLAN, 1_000) if months_from(began, n + 1) > today)
    return Prompt("long", months, f"The plan began {months} months ago, on {full_day(began, short=True)}.")


def _second_plan(earlier: int) -> Prompt | None:
    if not earlier:
        return None
    before = "There was a plan before this one" if earlier == 1 else f"There were {earlier} plans before this one"
    return Prompt("second plan", earlier, f"{before}.")


def _father(child: Child, began: date, today: date) -> Prompt | None:
    """What was said last: that the father is not involved, or nothing at all in this plan."""
    said = [is_involved for on, is_involved in sorted(child.fathers, key=lambda each: each[0]) if began <= on <= today]
    if said and said[-1]:
        return None
    sentence = "The father was not involved when it was last said." if said else "Nothing is recorded about the father."
    return Prompt("father", len(said), sentence)


def _significant(child: Child, last: date, today: date) -> Prompt | None:
    waiting = sum(1 for event in child.events if last <= event.on <= today and not event.response)
    if not waiting:
        return None
    events = "1 significant event" if waiting == 1 else f"{waiting} significant events"
    return Prompt("significant events", waiting, f"{events} since the last conference without a recorded response.")


def _visits(rules: Rules, visits: list[Visit], last: date, today: date) -> Prompt | None:
    """How often the days between two visits were more than the authority's number; without a number, if none at all."""
    every = rules.own.get(VISITS)
    if every is None:
        none = "No visit is on file since the last conference."
        return None if visits else Prompt("visits", 0, none)
    days = [last, *(visit.on for visit in visits), today]
    ends = (due_of(rules, every, start).date for start in days[:-1])
    late = sum(1 for end, then in zip(ends, days[1:], strict=True) if end is not None and then > end)
    if not late:
        return None
    times = "once" if late == 1 else f"{late} times"
    return Prompt("visits", late, f"The time between visits was longer than {every} {times} since the last conference.")


def _alone(visits: list[Visit]) -> Prompt | None:
    if not visits or any(visit.alone for visit in visits):
        return None
    return Prompt("not seen alone", len(visits), "In no visit since the last conference was the child seen alone.")
