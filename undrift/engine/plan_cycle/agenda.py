"""Who owes what in a plan cycle, by when: worked out from state and rules, and from no clock.

Steps that belong to one conference are owed for the whole family, those that belong to a child for each child by
itself. A duty that was owed stays, met or gone, so that whoever asks later why there was a date finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import NamedTuple

from undrift.engine.dates.counting import UnclearStart, london_day
from undrift.engine.dates.due import Due, due_if_counted
from undrift.engine.dates.moments import noon, on_day
from undrift.engine.duties import Basis, Duty
from undrift.engine.musts import CycleMust, Step
from undrift.engine.plan_cycle import national
from undrift.engine.plan_cycle.state import Check, Child, Conference, State, at_noon
from undrift.engine.rules import Rules
from undrift.protocol.checks.cycle import AHEAD, CONFERENCES
from undrift.protocol.clocks import Clock, SetByTheAuthority, counts_back
from undrift.protocol.model import CycleEvent, Milestone

Start = date | datetime


class Owed(NamedTuple):
    """One time that a step is owed: from what, by which clock, when done, or since when it is too late for it."""

    start: Start | None
    clock: Clock | None
    done: Start | None
    over: datetime | None = None


def agenda(rules: Rules, state: State) -> tuple[Duty, ...]:
    """Every duty that this plan cycle has brought with it, met or not: of the conferences, then of each child.

    Of a child who has died nobody owes anything, and nothing at all where nobody lives.
    """
    if state.nobody_lives:
        return ()
    duties: list[Duty] = [*_of_the_cycle(rules, state)]
    for conference in state.conferences.values():
        if state.about_the_living(conference.children):
            duties += _of_a_conference(rules, conference, _over(state, conference))
    for child in state.children.values():
        if state.about_the_living([child.id]):
            duties += _of_a_child(rules, state, child)
    duties += _key_actions(rules, state)
    duties += _of_the_chair(rules, state)
    ended = state.ended.at if state.ended is not None else None
    return tuple(d._replace(gone=ended) if ended is not None and d.owed and not _outlasts(d) else d for d in duties)


def _outlasts(duty: Duty) -> bool:
    """An appeal may come after the end, and is decided all the same."""
    return duty.must == CycleMust.DECIDE_ON_IT


def due_of(rules: Rules, clock: Clock, start: Start) -> Due:
    """When a clock ends; hours from a day without a time count from its noon."""
    try:
        return due_if_counted(clock, start, rules.calendar, bare_days=rules.bare_days)
    except UnclearStart:
        return due_if_counted(clock, at_noon(start), rules.calendar, bare_days=rules.bare_days)


def halfway(held: date, planned: date) -> date:
    """The day midway between two conferences; of two such days the earlier."""
    return held + timedelta(days=(planned - held).days // 2)


# Steps of the whole cycle, and of one conference ---------------------------------------------------------------------


def _of_the_cycle(rules: Rules, state: State) -> Iterator[Duty]:
    for step in rules.protocol.milestones:
        if step.of == "strategy discussion" and state.strategy is not None:
            met = state.steps.get(step.id)
            yield _step(rules, step, Owed(state.strategy, rules.clocks_of(step)[0], met), 0, "", 1)


def _over(state: State, conference: Conference) -> datetime | None:
    """Since when it is not to be held any more: it was called off, or the plans of all its children ended before it."""
    if conference.cancelled is not None or not conference.ahead:
        return conference.cancelled
    ends = [(child.ended, child.ended_at) for child in map(state.children.__getitem__, conference.children)]
    days, moments = [day for day, _ in ends if day is not None], [at for _, at in ends if at is not None]
    if len(moments) < len(ends) or (conference.on is not None and conference.on <= max(days)):
        return None
    return max(moments)


def _of_a_conference(rules: Rules, conference: Conference, over: datetime | None) -> Iterator[Duty]:
    """Of one that a file alone knows nothing is asked: when its report was shared or its sheet sent, no file says."""
    number = conference.number
    if not number:
        yield _hold(rules, conference, over)
        return
    for step in rules.protocol.milestones:
        clock, _ = rules.clocks_of(step)
        if step.met_by == "conference held" or not _is_of(conference, step):
            continue
        if _is_ahead(step):
            start, done = conference.start, _done_before(conference, step)
            gone = over or (conference.held.at if conference.held is not None else None)
            yield _step(
                rules, step, Owed(start, clock, done), number, conference.id, max(1, len(conference.dates)), gone
            )
        elif conference.held is not None:
            yield _step(rules, step, Owed(conference.held.start, clock, _done_after(conference, step)), number,
                        conference.id, 1)  # fmt: skip
    yield _hold(rules, conference, over)


def _is_of(conference: Conference, step: Milestone) -> bool:
    """Whether a step belongs to such a conference, and not to a child of its own."""
    if step.of not in CONFERENCES or step.met_by in ("core group held", "key action fed back") or step.every:
        return step.of is None and step.met_by in (*AHEAD, "sheet sent")  # it has no time, and is owed all the same
    return starts(conference, step.of)


def starts(conference: Conference, event: CycleEvent | None) -> bool:
    """Whether what counts from this event counts from this conference."""
    if event == "initial conference":
        return conference.is_initial
    return conference.counts_as == "review" if event == "review conference" else True


def _is_ahead(step: Milestone) -> bool:
    return step.met_by in AHEAD or (step.within is not None and counts_back(step.within))


def _done_before(conference: Conference, step: Milestone) -> Start | None:
    match step.met_by:
        case "report shared":
            return next((on for whose, on in conference.reports if whose in ("", step.who)), None)
        case "discussion held":
            return conference.discussion.on if conference.discussion is not None else None
        case _:
            return conference.steps.get(step.id)


def _done_after(conference: Conference, step: Milestone) -> Start | None:
    """A sheet is met by the moment at which it was sent, where that is known."""
    if step.met_by == "sheet sent":
        return conference.sheet[0] if conference.sheet is not None else None
    return conference.steps.get(step.id)


def _hold(rules: Rules, conference: Conference, over: datetime | None) -> Duty:
    """The conference itself, on the day for which it is fixed; while it is postponed no date is set.

    What a file plans is never called late: the next file may say that it was held, or for when it is planned now.
    """
    chair = rules.protocol.chair
    day = conference.on
    return Duty(
        visit=conference.number,
        must=CycleMust.HOLD,
        subject=conference.id,
        who=chair,
        stage="",
        due=on_day(day, rules.calendar) if day is not None else None,
        basis="agreed" if conference.number else "courtesy",
        met=at_noon(conference.held.start) if conference.held is not None else None,
        gone=over,
        clause=next((step.clause for step in rules.protocol.met_by("conference held")), ""),
        nth=max(1, len(conference.dates)),
    )


def _step(
    rules: Rules, step: Milestone, owed: Owed, visit: int, subject: str, nth: int, gone: datetime | None = None
) -> Duty:
    """A step of the policy, by its clock."""
    due = due_of(rules, owed.clock, owed.start) if owed.clock is not None and owed.start is not None else None
    met = at_noon(owed.done) if owed.done is not None else None
    ours = isinstance(step.every if nth > 1 and step.every else step.clock, SetByTheAuthority)
    basis: Basis = "authority" if ours else "policy"
    return Duty(
        visit=visit,
        must=Step(step.id),
        subject=subject or step.who or rules.protocol.chair,
        who=step.who or rules.protocol.chair,
        stage="",
        due=due,
        basis=basis,
        met=met,
        gone=gone if met is None else None,
        clause=step.clause,
        nth=nth,
    )


# Steps of a child ----------------------------------------------------------------------------------------------------


def _of_a_child(rules: Rules, state: State, child: Child) -> Iterator[Duty]:
    held = tuple(c for c in state.held_about(child.id) if c.decided[child.id].plan)
    for step in rules.protocol.milestones:
        first, again = rules.clocks_of(step)
        found: Sequence[Owed] = ()
        if step.met_by == "check done":
            found = tuple(_checks(state, child, held, first))
        elif step.of == "halfway to the next review":
            found = tuple(_between(state, child, held, first, child.steps.get(step.id, ())))
        elif step.met_by == "core group held" or step.every or step.of in ("last conference", "core group"):
            done = child.core_groups if step.met_by == "core group held" else child.steps.get(step.id, ())
            starts = _starts_of(step, child, held)
            # The core group that starts it does not meet it.
            after = step.of == "core group" and step.met_by == "core group held"
            one_by_one = _again(starts, done, first, again, after) if step.every else _each(starts, done, first, after)
            found = tuple(one_by_one)
        for nth, one in enumerate(found, start=1):
            if _was_owed(child, one):
                yield _step(rules, step, one, 0, child.id, nth, one.over or child.ended_at)
    yield from _fix(rules, state, child)


def _was_owed(child: Child, owed: Owed) -> bool:
    """Nothing is owed from the day on which the plan ended."""
    return child.ended is None or (owed.start is not None and london_day(owed.start) < child.ended)


def _starts_of(step: Milestone, child: Child, held: Sequence[Conference]) -> list[Start]:
    if step.of == "core group":
        return list(child.core_groups)
    found = [c.start for c in held if starts(c, step.of) and c.start is not None]
    return found[:1] if step.of == "initial conference" else found  # held again, it begins nothing anew


def _again(
    starts: Sequence[Start], done: Sequence[date], first: Clock | None, again: Clock | None, after: bool
) -> Iterator[Owed]:
    """From the first start, and from each time that it was done: it is owed until it is done once more."""
    if not starts:
        return
    begun = london_day(starts[0])
    days = [day for day in done if (day > begun if after else day >= begun)]
    yield Owed(starts[0], first, days[0] if days else None)
    for day, later in zip_longest(days, days[1:]):
        yield Owed(day, again, later)


def _each(starts: Sequence[Start], done: Sequence[date], clock: Clock | None, after: bool) -> Iterator[Owed]:
    """From each start once."""
    for number, start in enumerate(starts):
        begun = london_day(start)
        later = starts[number + 1] if number + 1 < len(starts) and not after else None
        ends = london_day(later) if later is not None else None
        days = (day for day in done if (day > begun if after else day >= begun) and (ends is None or day < ends))
        yield Owed(start, clock, next(days, None), at_noon(later) if later is not None else None)


def _checks(state: State, child: Child, held: Sequence[Conference], clock: Clock | None) -> Iterator[Owed]:
    yield from _between(state, child, held, clock, tuple(sorted(check.on for check in child.checks)))


def _between(
    state: State, child: Child, held: Sequence[Conference], clock: Clock | None, done: Sequence[date]
) -> Iterator[Owed]:
    """Once between two conferences, counted from half-way; not before the next one has a date."""
    for number, conference in enumerate(held):
        later = held[number + 1] if number + 1 < len(held) else None
        begun = conference.decided[child.id].on
        ends = later.decided[child.id].on if later is not None else None
        planned = ends if ends is not None else _planned(state, child)
        if planned is not None and planned > begun:
            days = (day for day in done if day >= begun and (ends is None or day < ends))
            over = later.held.at if later is not None and later.held is not None else None
            yield Owed(halfway(begun, planned), clock, next(days, None), over)


def _planned(state: State, child: Child) -> date | None:
    following = state.next_about(child.id, again=False) or state.next_about(child.id)
    if following is not None:
        return following.on
    # A review that ended the plan is the next one, too.
    over = [c.decided[child.id].on for c in state.held_about(child.id) if not c.decided[child.id].plan]
    return over[0] if over else None


# The next conference -------------------------------------------------------------------------------------------------


def limit_of(rules: Rules, state: State, child: Child) -> Due | None:
    """The last day for this child's next conference by the statutory guidance; None where nothing starts it."""
    held = state.held_about(child.id)
    return _limit(rules, state, held[-1] if held else None)


def _limit(rules: Rules, state: State, last: Conference | None) -> Due | None:
    if last is not None and last.start is not None:
        clock = national.FIRST_REVIEW_WITHIN if last.is_initial else national.LATER_REVIEWS_WITHIN
        return due_of(rules, clock, london_day(last.start))
    return due_of(rules, national.INITIAL_WITHIN, state.strategy) if state.strategy is not None else None


def _fix(rules: Rules, state: State, child: Child) -> Iterator[Duty]:
    """That a day is fixed: for the first conference, and after each one for the next, as long as there is a plan."""
    held = state.held_about(child.id)
    needs: list[Conference | None] = [None, *(c for c in held if c.decided[child.id].plan)]
    for nth, last in enumerate(needs, start=1):
        since = state.begun if last is None or last.held is None else last.held.at
        begun = last.decided[child.id].on if last is not None else date.min
        met = _fixed_since(state, child, begun, since)
        yield Duty(
            visit=0,
            must=CycleMust.FIX,
            subject=child.id,
            who=rules.protocol.chair,
            stage="",
            due=_limit(rules, state, last),
            basis="policy",
            met=met,
            gone=child.ended_at if met is None else None,
            clause=national.CLAUSE,
            nth=nth,
            began=since,
        )


def _fixed_since(state: State, child: Child, begun: date, since: datetime) -> datetime | None:
    """When the conference after that day was fixed that stands now: it has a day, or was held and decided."""
    for conference in state.conferences.values():
        decided = conference.decided.get(child.id)
        stands = conference.ahead and conference.on is not None and child.id in conference.children
        if stands or (decided is not None and decided.on > begun):
            return max(conference.changed_at or conference.fixed_at, since)
    return None


# Key actions, and what the chair decides -----------------------------------------------------------------------------


def _key_actions(rules: Rules, state: State) -> Iterator[Duty]:
    step = next(iter(rules.protocol.met_by("key action fed back")), None)
    for action in (a for a in state.key_actions.values() if state.about_the_living(a.children)):
        over = [state.children[child].ended_at for child in action.children]
        met = noon(action.fed_back.on) if action.fed_back is not None else None
        yield Duty(
            visit=state.conferences[action.conference].number,
            must=Step(step.id) if step is not None else CycleMust.FEED_BACK,
            subject=action.id,
            who="" if action.person else (step.who or "" if step is not None else ""),
            stage="",
            due=on_day(action.by, rules.calendar),
            basis="agreed",
            met=met,
            gone=max((at for at in over if at is not None), default=None) if met is None and all(over) else None,
            clause=step.clause if step is not None else "",
            person=action.person,
            name=action.who,
        )


def _of_the_chair(rules: Rules, state: State) -> Iterator[Duty]:
    chair, target = rules.protocol.chair, rules.chair_decides_within

    def owes(must: CycleMust, subject: str, since: datetime, met: datetime | None, who: str = chair) -> Duty:
        due = due_of(rules, target, since) if target is not None and who == chair else None
        return Duty(0, must, subject, who, "", due, "authority", met, began=since)

    for one in (n for n in state.not_accepted if state.about_the_living(n.children)):
        yield owes(CycleMust.TAKE_UP, one.id, one.at, settled(state, f"not accepted:{one.id}"))
    for taken in state.routes.values():
        route = rules.protocol.route(taken.route)
        if route is not None and route.decided_by:
            yield owes(CycleMust.DECIDE_ON_IT, taken.id, noon(taken.on), taken.decided_at, route.decided_by[0])
        if route is not None and route.reconvenes and taken.upheld and taken.decided_at is not None:
            again = (c.fixed_at for c in state.conferences.values() if c.reconvenes == taken.conference)
            met = next((at for at in again if taken.decided_at <= at), None)
            yield owes(CycleMust.RECONVENE, taken.id, taken.decided_at, met)
    for child in (c for c in state.children.values() if state.about_the_living([c.id])):
        for check in child.checks:
            if check.next_step != "none":
                yield owes(CycleMust.DO_WHAT_FOLLOWS, check.id, check.at, followed(state, check))
    if not state.open_children:
        since = max(c.ended_at for c in state.children.values() if c.ended_at is not None)
        yield owes(CycleMust.END, chair, since, state.ended.at if state.ended is not None else None)


def settled(state: State, offer: str) -> datetime | None:
    """When it was decided what becomes of an offer: a concern was raised of it, or not."""
    found = state.taken_up.get(offer) or state.declined.get(offer)
    return found[1] if found is not None else None


def followed(state: State, check: Check) -> datetime | None:
    """When the next step that a check stated was done."""
    match check.next_step:
        case "bring-forward":
            changed = (c.changed_at or c.fixed_at for c in state.conferences.values() if check.child in c.children)
            return min((at for at in changed if at > check.at), default=None)
        case "note":
            return next((n.at for n in state.notes if n.child == check.child and n.at >= check.at), None)
        case _:
            return settled(state, f"check:{check.id}")
