"""What other systems say of the cycle: conferences, core groups, checks, visits and plans, as files bring them.

Facts are no history: they are laid over the state each time somebody looks, so that a file that is put right is put
right here too. What the history holds goes before what a file says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from undrift.engine.dates.moments import london_date, noon
from undrift.engine.plan_cycle.state import Check, Conference, Decided, Held, State, with_child, with_conference

SAME_CONFERENCE = timedelta(days=14)  # between the day it was planned for and the day it was held, or written down


@dataclass(frozen=True)
class FiledConference:
    """One that was held. `children` are those whose plan began or went on with it."""

    kind: str
    on: date
    children: tuple[str, ...]


@dataclass(frozen=True)
class FiledPlan:
    """One that is planned and that no file says was held. `told` is the day of the file that says so."""

    kind: str
    on: date
    told: date | None = None


@dataclass(frozen=True)
class Visit:
    on: date
    alone: bool = False


@dataclass(frozen=True)
class FiledChild:
    """Of one child: the days of core groups and checks, visits, when the plan began, and how many there were before.

    `plan_ended` is the last day of the last plan, where none runs; `end_told` is when somebody, or a file, said so.
    """

    core_groups: tuple[date, ...] = ()
    checks: tuple[date, ...] = ()
    visits: tuple[Visit, ...] = ()
    plan_began: date | None = None
    earlier_plans: int = 0
    plan_ended: date | None = None
    end_told: datetime | None = None


@dataclass(frozen=True)
class OnFile:
    conferences: tuple[FiledConference, ...] = ()
    children: Mapping[str, FiledChild] = field(default_factory=dict)
    planned: tuple[FiledPlan, ...] = ()

    def of(self, child: str) -> FiledChild:
        return self.children.get(child, FiledChild())


NOTHING = OnFile()


def known(state: State, file: OnFile) -> State:
    """The state with what is on file: everything that asks of dates takes it as it takes the state itself."""
    for number, filed in enumerate(sorted(file.conferences, key=lambda c: c.on), start=1):
        state = _with_conference(state, filed, f"f{number}")
    for child in state.children.values():
        state = _with_days(state, child.id, file.of(child.id))
    state = with_ends(state, file)
    for number, plan in enumerate(sorted(file.planned, key=lambda p: p.on), start=1):
        state = _with_plan(state, plan, f"p{number}")
    return state


def with_ends(state: State, file: OnFile) -> State:
    """The state with nothing laid over it but the plans that are over on file: nothing is owed for those children."""
    for child in state.open_children:
        filed = file.of(child.id)
        if filed.plan_ended is not None and _ended_here(state, child.id, filed.plan_ended, filed.end_told):
            at = filed.end_told or noon(filed.plan_ended)
            state = with_child(state, child.id, ended=filed.plan_ended, ended_at=at)
    return state


def _ended_here(state: State, child: str, on: date, told: datetime | None) -> bool:
    """Whether it was the plan of this cycle: no conference decided on one later, and it ran when the cycle began, by
    its days or by what was on file then.
    """
    decided = [c.decided[child].on for c in state.held_about(child) if c.decided[child].plan]
    if decided:
        return decided[-1] <= on
    return on >= london_date(state.begun) or (told is not None and told >= state.begun)


def _with_plan(state: State, plan: FiledPlan, name: str) -> State:
    """Fixed for those whose next conference it would be: a review of a plan, an initial one for who has none."""
    initial = plan.kind == "initial"
    children = tuple(
        child.id
        for child in state.children.values()
        if child.open and (child.on_plan is None) == initial and not _goes_before(state, child.id, plan.on)
    )
    if not children:
        return state
    made = Conference(
        name, plan.kind, children, plan.on, None, state.begun, (plan.on,), counts_as=plan.kind
    )  # fmt: skip
    return replace(state, conferences={**state.conferences, name: made})


def _goes_before(state: State, child: str, on: date) -> bool:
    """Whether the history knows the next conference of this child, or one was held or called off at about that day."""
    for conference in state.conferences.values():
        if child not in conference.children:
            continue
        if conference.ahead:
            if conference.number:
                return True
            continue
        days = (conference.held.on,) if conference.held is not None else conference.dates
        if any(day >= on - SAME_CONFERENCE for day in days):
            return True
    return False


def _with_conference(state: State, filed: FiledConference, name: str) -> State:
    children = tuple(child for child in filed.children if child in state.children)
    same = [c for c in state.conferences.values() if set(c.children) & set(children) and _is_same(c, filed.on)]
    if not children or any(c.held is not None for c in same):
        return state
    held = Held(filed.on, None, True, noon(filed.on))
    decided = {child: Decided(True, filed.on) for child in children}
    if same:
        state = with_conference(state, same[0].id, held=held, decided=decided)
    else:
        made = Conference(
            name, filed.kind, children, filed.on, None, noon(filed.on), (filed.on,), counts_as=filed.kind,
            held=held, decided=decided,
        )  # fmt: skip
        state = replace(state, conferences={**state.conferences, name: made})
    for child in children:
        state = with_child(state, child, on_plan=state.children[child].on_plan or filed.on)
    return state


def _is_same(conference: Conference, on: date) -> bool:
    day = conference.held.on if conference.held is not None else conference.on
    return conference.cancelled is None and day is not None and abs(day - on) <= SAME_CONFERENCE


def _with_days(state: State, child: str, filed: FiledChild) -> State:
    known_child = state.children[child]
    core_groups = tuple(sorted({*known_child.core_groups, *filed.core_groups}))
    days = {check.on for check in known_child.checks}
    added = tuple(Check(f"f{n}", child, on, noon(on)) for n, on in enumerate(filed.checks, start=1) if on not in days)
    on_plan = known_child.on_plan or filed.plan_began
    if filed.plan_began is not None and on_plan is not None:
        on_plan = min(on_plan, filed.plan_began)
    return with_child(state, child, core_groups=core_groups, checks=(*known_child.checks, *added), on_plan=on_plan)
