"""How a plan cycle begins and ends, who joins it, and what is put on record when a date passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from undrift.engine.dates.moments import london_date
from undrift.engine.drafts import Decision, done_refused, iso, need
from undrift.engine.events import By, Event
from undrift.engine.musts import CycleMust
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.agenda import agenda
from undrift.engine.plan_cycle.conferences import day
from undrift.engine.plan_cycle.guards import after_refused, child_refused, done_on_refused
from undrift.engine.plan_cycle.state import PLAN_ENDINGS, Child, Ending, State, with_child
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules


def begin(rules: Rules, act: acts.Begin, at: datetime) -> Decision:
    if not act.children or len(set(act.children)) < len(act.children):
        return Refusal("no-children", "Select which children it is about, each once", about="children")
    refusal = done_refused(act.strategy, london_date(at), about="strategy")
    return refusal or (("cycle_begun", {"children": list(act.children), "strategy": iso(act.strategy)}),)


def join(rules: Rules, state: State, act: acts.JoinChild, by: By, at: datetime) -> Decision:
    if act.child in state.children:
        return Refusal("child-known", "That child is part of this already", about="child", child=act.child)
    refusal = need(act.why, "why", "Enter why this child joins", "why")
    return refusal or (("child_joined", {"child": act.child, "why": act.why.strip()}),)


def end_plan(rules: Rules, state: State, act: acts.EndPlan, by: By, at: datetime) -> Decision:
    refusal = child_refused(state, act.child) or done_on_refused(act.on, at)
    if refusal is None:
        refusal = after_refused(act.on, state.children[act.child].on_plan, "when a conference decided on it")
    if refusal is None and (act.ending not in PLAN_ENDINGS or act.ending == "conference"):
        refusal = Refusal("no-ending", "Select how the plan ended", about="ending")
    return refusal or (("plan_ended", {"child": act.child, "on": iso(act.on), "ending": act.ending}),)


def record_end_taken_back(rules: Rules, state: State, act: acts.RecordEndTakenBack, by: By, at: datetime) -> Decision:
    """Of an end that was put down here as an end of its own; what a conference decided, a conference decides."""
    child = state.children.get(act.child)
    if child is None or child.ended is None or child.ending in ("", "conference"):
        return Refusal("plan-runs", "No end of that child’s plan is put down here", about="child", child=act.child)
    return (("plan_end_taken_back", {"child": act.child, "source": act.source}),)


def end_cycle(rules: Rules, state: State, act: acts.EndCycle, by: By, at: datetime) -> Decision:
    """A plan ends at a conference, or for a reason of its own, before the cycle does; so does an appeal."""
    on_plan = next((c for c in state.children.values() if c.has_plan), None)
    if on_plan is not None:
        return Refusal("on-plan", "A child is on a plan still: say first how it ended", about="why", child=on_plan.id)
    if state.ahead:
        return Refusal("conference-ahead", "A conference is still to be held: cancel it first", about="why")
    if any(d.owed and d.must in (CycleMust.DECIDE_ON_IT, CycleMust.RECONVENE) for d in agenda(rules, state)):
        return Refusal("appeal-open", "An appeal waits for its decision, or for its conference", about="why")
    refusal = need(act.why, "why", "Enter why it ends", "why")
    return refusal or (("cycle_ended", {"why": act.why.strip()}),)


def record_lapse(rules: Rules, state: State, act: acts.RecordLapse, by: By, at: datetime) -> Decision:
    duty = next((d for d in agenda(rules, state) if d.key == act.duty), None)
    if duty is None or duty.day is None or not duty.passes(at) or act.duty in state.lapses:
        return Refusal("not-passed", "No date has passed here, or it is on record already", about="duty")
    return (("date_lapsed", {"duty": duty.key, "due": iso(duty.day)}),)


# What each event of these changes ------------------------------------------------------------------------------------


def cycle_begun(e: Event) -> State:
    p = e.payload
    children = {child: Child(child) for child in p["children"]}
    strategy = day(p["strategy"]) if p.get("strategy") else None
    return State(e.seq, e.at, e.by, children, strategy, last_at=e.at)


def child_joined(s: State, e: Event) -> State:
    return replace(s, children={**s.children, e.payload["child"]: Child(e.payload["child"])})


def plan_ended(s: State, e: Event) -> State:
    p = e.payload
    return with_child(s, p["child"], ended=day(p["on"]), ended_at=e.at, ending=p["ending"])


def plan_end_taken_back(s: State, e: Event) -> State:
    return with_child(s, e.payload["child"], ended=None, ended_at=None, ending="")


def cycle_ended(s: State, e: Event) -> State:
    return replace(s, ended=Ending(e.at, e.by, e.payload["why"]))


def date_lapsed(s: State, e: Event) -> State:
    return replace(s, lapses={**s.lapses, e.payload["duty"]: e.at})
