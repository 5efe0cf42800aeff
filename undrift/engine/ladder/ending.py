"""The ways in which a resolution ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from undrift.engine.dates.moments import london_date
from undrift.engine.drafts import Decision, Draft, iso, need
from undrift.engine.events import By, Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.actions import gone_on_without, who_directs
from undrift.engine.ladder.agenda import spoken_since, waiting_over
from undrift.engine.ladder.guards import stage_here, still_open
from undrift.engine.ladder.state import (
    DIED,
    DISAGREEMENT,
    ENDINGS,
    OF_ONE_CHILD,
    PLAN_ENDED,
    Action,
    ChildsEnd,
    Ending,
    State,
    day_of,
    decided_here,
    here_with,
    last_decided,
)
from undrift.engine.musts import Must
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.who_may import only, titles
from undrift.engine.written import written
from undrift.protocol.model import Duty


def may_resolve(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage = stage_here(rules, state)
    if refusal := still_open(state) or only(rules, by, stage.judged_by, "resolve it", stage.clause):
        return refusal
    if not state.accepted:
        return Refusal("not-agreed", "First decide, for each child, that this is resolved.")
    if left := state.open_actions:
        count = "1 action is" if len(left) == 1 else f"{len(left)} actions are"
        return Refusal("actions-open", f"{count} not confirmed as complete yet. Confirm or end each of them first.")
    return None


def may_end_for_a_child(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    return still_open(state) or only(rules, by, stage_here(rules, state).judged_by, "end it for a child")


def may_reopen(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    """While it is open, for a child of whom it is settled or ended. What has ended is open again with any of them."""
    stage = stage_here(rules, state)
    if refusal := only(rules, by, stage.judged_by, "open it again"):
        return refusal
    if state.ended is None and not any(c.settled or c.ended for c in state.children.values()):
        return Refusal("nothing-settled", "Nothing is settled for any child yet.")
    return None


PLAN_RUNS_HERE = Refusal("plan-runs", "No child’s plan has ended.")


def may_carry_on(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    chairs = stage_here(rules, state).judged_by
    if refusal := still_open(state) or only(rules, by, chairs, "carry it on after the plan"):
        return refusal
    return None if state.plans_ended else PLAN_RUNS_HERE


def may_record_plan_end(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    if by.roles or by.person:
        return Refusal("system-only", "Whether a plan has ended is recorded by the service itself.")
    return still_open(state)


def may_record_end_taken_back(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    if refusal := may_record_plan_end(rules, state, by, at):
        return refusal
    return None if state.plans_ended else PLAN_RUNS_HERE


def may_end(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    """However it ends, raised in error included: what was directed binds first."""
    stage = stage_here(rules, state)
    refusal = still_open(state) or only(rules, by, stage.judged_by, "end it", stage.clause)
    return refusal or still_directed(rules, state, state.directed)


def still_directed(rules: Rules, state: State, actions: Collection[Action], about: str = "ending") -> Refusal | None:
    """What is directed binds, whatever the chair thinks of it: nothing that it is for ends before that is done."""
    if not actions:
        return None
    named = "; ".join(f"{a.what} ({a.who})" for a in actions)
    who = titles(rules, tuple(dict.fromkeys(role for a in actions for role in who_directs(rules, state, a))))
    said = f"What was directed binds, and is not complete yet: {named}. Confirm that it is done first: "
    return Refusal("directed", f"{said}only the {who} can end it otherwise.", stage_here(rules, state).clause, about)


def resolve(rules: Rules, state: State, act: acts.Resolve, by: By, at: datetime) -> Decision:
    here = [c.id for c in state.living]
    for child in here:
        if not written(act.children.get(child, "")):
            return Refusal("no-change", "Enter what changed for each child", about="changed", child=child)
    if (talk := talk_owed(rules, state)) and not written(act.not_spoken):
        who = rules.protocol.title_of(talk.to or talk.who)
        sentence = f"Record your talk with the {who}, or enter why it was not held"
        return Refusal("not-spoken", sentence, talk.clause, "not_spoken")
    payload = {
        "children": {c: written(act.children[c]) for c in here},
        "too_long": act.too_long,
        "not_spoken": written(act.not_spoken) if talk else "",
    }
    return (("resolved", payload),)


def talk_owed(rules: Rules, state: State) -> Duty | None:
    """A talk that the policy asks for at a stage this was on, and that was not held; None where there is none.

    It may be held later, when this has moved on.
    """
    for visit in state.visits:
        asked = (d for d in rules.protocol.stage(visit.stage).others if d.must == Must.SPEAK and not d.when)
        for duty in asked:
            if spoken_since(state, visit, duty, visit.entered) is None:
                return duty
    return None


PLAN_RUNS = Refusal(
    "plan-runs-on-file",
    "On file the plan still runs. Once its end is on file you are asked about it; until then select another way",
    about="ending",
)


def end_for_child(rules: Rules, state: State, act: acts.EndForChild, by: By, at: datetime) -> Decision:
    child = state.children.get(act.child)
    if child is None or child.ended is not None:
        return Refusal("child-unknown", "That child has no open part in this", about="child", child=act.child)
    if act.child in state.dead:
        return _has_died(act.child)
    if act.ending not in OF_ONE_CHILD:
        return Refusal("ending", "Select how it ended", about="ending")
    if act.ending == PLAN_ENDED and act.child in act.on_plan:
        return PLAN_RUNS
    if refusal := need(act.why, "why", "Enter what happens for the child now", "why"):
        return refusal
    others = {c.id for c in state.taking_part if c.id != act.child}
    if refusal := still_directed(rules, state, [a for a in state.directed if others.isdisjoint(a.children)], "child"):
        return refusal
    payload = {"child": act.child, "ending": act.ending, "why": written(act.why), "changed": written(act.changed)}
    ended: Draft = ("child_ended", payload)
    if len(state.taking_part) > 1:
        return (ended,)
    closed: Draft = (
        "closed",
        {"ending": act.ending, "why": payload["why"], "children": {}, "left_open": [a.id for a in state.open_actions]},
    )
    return (ended, closed)


def _has_died(child: str) -> Refusal:
    sentence = "The child has died: this part is held as it is, and is neither ended nor opened again"
    return Refusal("child-died", sentence, about="child", child=child)


def reopen_child(rules: Rules, state: State, act: acts.ReopenChild, by: By, at: datetime) -> Decision:
    child = state.children.get(act.child)
    if act.child in state.dead:
        return _has_died(act.child)
    if child is None or (state.ended is None and child.open):
        return Refusal("child-open", "Nothing is settled for that child", about="child", child=act.child)
    if refusal := need(act.why, "why", "Enter why it is open again", "why"):
        return refusal
    payload: dict[str, Any] = {"child": act.child, "why": written(act.why)}
    if state.ended is not None:
        also = [c.id for c in state.taking_part if c.id != act.child]
        payload |= {"ended": state.ended.kind, "also": also}
    if state.apart and state.here.decided is not None:
        payload["settled"] = True  # for all who live: the history knows of no death
    return (("child_reopened", payload),)


def record_plan_end(rules: Rules, state: State, act: acts.RecordPlanEnd, by: By, at: datetime) -> Decision:
    """Once for each plan: an end after which the chair carried it on is not asked about again, nor is it put right.

    How long ago it ended has no limit: the day comes from the child's own plan, and the longer ago it is, the more
    there is to ask.
    """
    child = state.children.get(act.child)
    if child is None or child.ended is not None:
        return Refusal("child-unknown", "That child has no open part in this", about="child", child=act.child)
    known = child.went_on is not None and (act.on <= child.went_on or (act.began or act.on) < child.went_on)
    if child.plan_ended is not None or known:
        return Refusal("recorded", "This is recorded already.")
    if act.on > london_date(at):
        return Refusal("later", "A plan that ends later has not ended", about="on")
    return (("plan_ended", {"child": act.child, "on": iso(act.on), "source": act.source}),)


def record_end_taken_back(rules: Rules, state: State, act: acts.RecordEndTakenBack, by: By, at: datetime) -> Decision:
    """Of an end about which the chair has not decided: there is nothing more to decide about it."""
    child = state.children.get(act.child)
    if child is None or child.plan_ended is None:
        return Refusal("plan-runs", "No end of that child’s plan waits here.", about="child", child=act.child)
    return (("plan_end_taken_back", {"child": act.child, "source": act.source}),)


def carry_on(rules: Rules, state: State, act: acts.CarryOn, by: By, at: datetime) -> Decision:
    known = {c.id for c in state.plans_ended}
    if not act.children or not set(act.children) <= known:
        return Refusal("child-unknown", "Select the children for whom it goes on", about="children")
    refusal = need(act.why, "why", "Enter why it goes on without a plan", "why")
    return refusal or (("carried_on", {"children": list(act.children), "why": written(act.why)}),)


def withdraw(rules: Rules, state: State, act: acts.Withdraw, by: By, at: datetime) -> Decision:
    refusal = need(act.why, "why", "Enter why you are withdrawing it", "why")
    return refusal or (("withdrawn", {"why": written(act.why)}),)


def close(rules: Rules, state: State, act: acts.Close, by: By, at: datetime) -> Decision:
    stage = rules.protocol.stage(state.here.stage)
    if act.ending not in ENDINGS and act.ending not in {e.ending for e in stage.exits if e.to == "ended"}:
        return Refusal("ending", "Select how it ended", about="ending")
    if act.ending == PLAN_ENDED and any(c.id in act.on_plan for c in state.taking_part):
        return PLAN_RUNS
    if act.ending == DIED and not state.nobody_lives:
        return Refusal("nobody-died", "Say on the child’s page first that the child has died", about="ending")
    if act.ending == DISAGREEMENT and (refusal := disagreement_refused(rules, state, at)):
        return refusal
    if refusal := need(act.why, "why", "Enter what happens for the child now", "why"):
        return refusal
    payload = {
        "ending": act.ending,
        "why": written(act.why),
        "children": dict(act.children),
        "left_open": [a.id for a in state.open_actions],
    }
    return (("closed", payload),)


def disagreement_refused(rules: Rules, state: State, at: datetime) -> Refusal | None:
    """A disagreement stands only at the highest stage, once there was an answer or its time has passed."""
    stage = stage_here(rules, state)
    if not any(e.to == "ended" for e in stage.exits):
        return Refusal("not-highest", f"{stage.title} is not the highest stage: move it on.", stage.clause, "ending")
    if state.accepted:
        return Refusal("agreed", "The answer was accepted, so there is no disagreement.", stage.clause, "ending")
    if state.here.judged is not None or waiting_over(rules, state, at):
        return None
    return Refusal("not-over", "Read the answer first, or wait until its time is over.", stage.clause, "ending")


# What each event of these changes ----------------------------------------------------------------------------------


def resolved(s: State, e: Event) -> State:
    changed: Mapping[str, str] = e.payload["children"]
    children = {
        c: k if k.ended else replace(k, settled=True, changed=changed.get(c, "")) for c, k in s.children.items()
    }
    s = here_with(s, left=e.at, left_because="resolved")
    return replace(s, children=children, ended=Ending("resolved", e.at, e.by), last_decision=(e.by, e.at))


def _child(s: State, e: Event, **changes: Any) -> State:
    child = s.children.get(e.payload["child"])
    return s if child is None else replace(s, children={**s.children, child.id: replace(child, **changes)})


NO_PLAN_END: Mapping[str, Any] = {"plan_ended": None, "plan_ended_at": None}


def child_ended(s: State, e: Event) -> State:
    p = e.payload
    end = ChildsEnd(p["ending"], p["why"], e.at, e.by, e.seq)
    s = _plan_decided(s, e, (p["child"],))
    s = _child(s, e, ended=end, changed=p.get("changed", ""), **NO_PLAN_END)
    return replace(decided_here(s, e.at), last_decision=(e.by, e.at))


def child_reopened(s: State, e: Event) -> State:
    """Where the chair had decided, it is the chair's turn once more, from now on. What had ended is open again."""
    over = s.here.decided or s.here.left or (last_decided(s) if e.payload.get("settled") else None)
    turns = s.here.turns if over is None else s.here.turn_over(over)
    s = _open_again(s) if s.ended is not None else gone_on_without(s, e)
    if over is not None:
        s = here_with(s, turns=turns, reopened=(*s.here.reopened, e.at), decided=None)
    here = tuple(dict.fromkeys((*s.here.children, e.payload["child"])))
    s = here_with(_child(s, e, settled=False, ended=None, changed=""), children=here)
    return replace(s, last_decision=(e.by, e.at))


def _open_again(s: State) -> State:
    """As it stood before it ended: the ending stays in the history. A call that was given up then is owed again."""
    owed = tuple(replace(u, given_up=None, why_given_up="") for u in s.urgent)
    return replace(here_with(s, left=None, left_because=""), ended=None, urgent=owed)


def plan_ended(s: State, e: Event) -> State:
    return _child(s, e, plan_ended=day_of(e.payload["on"]), plan_ended_at=e.at)


def plan_end_taken_back(s: State, e: Event) -> State:
    child = s.children.get(e.payload["child"])
    if child is None or child.plan_ended_at is None:
        return s
    return _child(s, e, ends_taken_back=(*child.ends_taken_back, (child.plan_ended_at, e.at)), **NO_PLAN_END)


def carried_on(s: State, e: Event) -> State:
    goes_on = e.payload["children"]
    s = _plan_decided(s, e, goes_on)
    children = {
        c: replace(k, went_on=k.plan_ended, **NO_PLAN_END) if c in goes_on else k for c, k in s.children.items()
    }
    return replace(s, children=children, last_decision=(e.by, e.at))


def _plan_decided(s: State, e: Event, decided: Collection[str]) -> State:
    """What the chair owed about the end of these children's plans is over: it stays findable, with when."""
    children = {
        c: replace(k, plans_decided=(*k.plans_decided, (k.plan_ended_at, e.at)))
        for c, k in s.children.items()
        if c in decided and k.plan_ended_at is not None
    }
    return replace(s, children={**s.children, **children}) if children else s


def withdrawn(s: State, e: Event) -> State:
    s = here_with(s, left=e.at, left_because="withdrawn")
    return replace(s, ended=Ending("withdrawn", e.at, e.by, e.payload["why"]), last_decision=(e.by, e.at))


def closed(s: State, e: Event) -> State:
    changed: Mapping[str, str] = e.payload.get("children", {})
    children = {c: replace(k, changed=changed.get(c, k.changed)) for c, k in s.children.items()}
    s = here_with(s, left=e.at, left_because="closed")
    ending = Ending("closed", e.at, e.by, e.payload["why"], e.payload["ending"])
    return replace(s, children=children, ended=ending, last_decision=(e.by, e.at))
