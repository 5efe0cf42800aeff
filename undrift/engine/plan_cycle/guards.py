"""May this person, may this happen now: what several acts of the plan cycle ask alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from undrift.engine.dates.horizons import too_far_ahead
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.drafts import done_refused
from undrift.engine.events import By
from undrift.engine.next_step import refused_while_held
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.state import Conference, State
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.who_may import only, spoken
from undrift.protocol.model import MetBy, Protocol

Guard = Callable[[Rules, State, By, datetime], Refusal | None]


def still_open(state: State) -> Refusal | None:
    if state.ended is None:
        return None
    return Refusal("ended", f"This plan cycle ended on {spoken(state.ended.at)}. Nothing more can be changed.")


# What is done in a cycle that is held: it is added to and put right, and the chair ends it.
WHILE_HELD = frozenset({acts.RecordEvent, acts.Correct, acts.CancelConference, acts.EndPlan, acts.EndCycle})


def as_held(state: State, act: type[acts.Act]) -> Refusal | None:
    """Why nothing else is done where nobody lives of whom it is."""
    return refused_while_held(len(state.dead)) if state.nobody_lives and act not in WHILE_HELD else None


def parts(protocol: Protocol) -> tuple[str, ...]:
    """Every part that the policy gives somebody in the plan cycle, the chair's first."""
    found = [protocol.chair, *(m.who for m in protocol.milestones if m.who)]
    found += [role for m in protocol.milestones for role in m.tells]
    found += [role for checklist in protocol.checklists for role in checklist.who]
    return tuple(dict.fromkeys(found))


def may_take_part(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    return still_open(state) or may_ever(rules, state, by, at)


def may_ever(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    """Even after the end: an appeal comes within weeks of the conference that ended the plan."""
    return None if by.roles else Refusal("not-yours", "You have no part in this plan cycle.")


def the_chair(doing: str) -> Guard:
    """Only whoever chairs."""

    def may(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
        return still_open(state) or only(rules, by, (rules.protocol.chair,), doing)

    return may


def the_chair_ever(doing: str) -> Guard:
    """Only whoever chairs, even after the end."""
    return lambda rules, state, by, at: only(rules, by, (rules.protocol.chair,), doing)


def whoever_owes(met_by: MetBy, doing: str) -> Guard:
    """The chair, those who owe it by the policy, and those with whom its checklist is gone through."""

    def may(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
        steps = rules.protocol.met_by(met_by)
        lists = (rules.protocol.checklist(step.checklist or "") for step in steps)
        who = [rules.protocol.chair, *(step.who for step in steps if step.who)]
        who += [role for checklist in lists if checklist for role in checklist.who]
        clause = steps[0].clause if steps else ""
        return still_open(state) or only(rules, by, tuple(dict.fromkeys(who)), doing, clause)

    return may


def the_service(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    if by.role == "system":
        return still_open(state)
    return Refusal("not-yours", "The service records this by itself.")


# What an act says ----------------------------------------------------------------------------------------------------


def conference_of(state: State, conference: str) -> Conference | Refusal:
    found = state.conferences.get(conference)
    return found or Refusal("no-conference", "There is no such conference", about="conference")


def ahead_of(state: State, conference: str) -> Conference | Refusal:
    """The conference, which is still to be held."""
    found = conference_of(state, conference)
    if isinstance(found, Refusal) or found.ahead:
        return found
    if found.held is not None:
        return Refusal("held", f"This conference was held on {spoken(found.held.at)}", about="conference")
    return Refusal("cancelled", "This conference is cancelled. Fix another one", about="conference")


def held_of(state: State, conference: str) -> Conference | Refusal:
    """The conference, which was held."""
    found = conference_of(state, conference)
    if isinstance(found, Refusal) or found.held is not None:
        return found
    return Refusal("not-held", "Record first that this conference was held", about="conference")


def children_refused(state: State, children: Iterable[str]) -> Refusal | None:
    named = tuple(children)
    if not named:
        return Refusal("no-children", "Select which children it is about", about="children")
    return next(filter(None, (child_refused(state, child) for child in named)), None)


def child_refused(state: State, child: str) -> Refusal | None:
    known = state.children.get(child)
    if known is None:
        return Refusal("child-unknown", "That child is not part of this", about="child", child=child)
    if not known.open:
        return Refusal("child-ended", "This child’s plan has ended", about="child", child=child)
    return None


def done_on_refused(day: date, at: datetime) -> Refusal | None:
    return done_refused(day, london_date(at))


def after_refused(day: date, since: date | None, what: str) -> Refusal | None:
    """What follows something lies on its day or after it; None where nobody knows that day."""
    if since is None or day >= since:
        return None
    return Refusal("before-it", f"The date must be {full_day(since, short=True)}, {what}, or later", about="on")


def ahead_refused(day: date, at: datetime, about: str = "on") -> Refusal | None:
    """A day that is fixed: today or later, and no more than half a year ahead."""
    today = london_date(at)
    if day < today:
        return Refusal("past", "The date must be today or later", about=about)
    far = too_far_ahead(day, today)
    return Refusal("too-far", far, about=about) if far else None


def answers_refused(
    rules: Rules, met_by: MetBy, answers: Iterable[tuple[str, str]], known: Iterable[str]
) -> Refusal | None:
    """Answers to the checklist of a step, each item of it once and with a word that can stand."""
    lists = (rules.protocol.checklist(step.checklist or "") for step in rules.protocol.met_by(met_by))
    items = {item.id for checklist in lists if checklist for item in checklist.items}
    words = tuple(known)
    for item, answer in answers:
        if item not in items:
            return Refusal("no-item", "This is not asked in the checklist", about="answers")
        if answer not in words:
            return Refusal("no-answer", f"Answer {', '.join(words[:-1])} or {words[-1]}", about="answers")
    return None
