"""Between two conferences: key actions, core groups, what an agency does not accept, significant events, checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from undrift.engine.dates.moments import london_date
from undrift.engine.drafts import Decision, iso, need
from undrift.engine.events import By, Event
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.conferences import day, held_on
from undrift.engine.plan_cycle.guards import (
    after_refused,
    ahead_refused,
    answers_refused,
    child_refused,
    children_refused,
    conference_of,
    done_on_refused,
    held_of,
    may_take_part,
    still_open,
)
from undrift.engine.plan_cycle.state import (
    ANSWERS,
    NEXT_STEPS,
    STANDS,
    VIEWS,
    Check,
    FedBack,
    KeyAction,
    NotAccepted,
    Significant,
    State,
    with_child,
    with_conference,
)
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.who_may import only


def set_key_action(rules: Rules, state: State, act: acts.SetKeyAction, by: By, at: datetime) -> Decision:
    found = held_of(state, act.conference)
    if isinstance(found, Refusal):
        return found
    refusal = (
        children_refused(state, act.children)
        or need(act.wording, "wording", "Enter the action as the conference worded it", "wording")
        or need(act.who, "who", "Enter who tells the chair how it stands", "who")
        or ahead_refused(act.by, at, "by")
    )
    payload = {
        "id": f"k{len(state.key_actions) + 1}", "conference": act.conference, "children": list(act.children),
        "wording": act.wording.strip(), "by": iso(act.by), "who": act.who.strip(), "person": act.person,
        "agency": act.agency,
    }  # fmt: skip
    return refusal or (("key_action_set", payload),)


def feed_back(rules: Rules, state: State, act: acts.FeedBack, by: By, at: datetime) -> Decision:
    action = state.key_actions.get(act.id)
    if action is None or action.fed_back is not None:
        return Refusal("no-feedback", "No feedback is waited for here", about="id")
    if not was_asked(action, by) and (refusal := _owes_feedback(rules, by)):
        return refusal
    since = held_on(state.conferences[action.conference])
    refusal = (
        done_on_refused(act.on, at)
        or after_refused(act.on, since, "when the conference agreed it")
        or need(act.text, "text", "Enter how it stands", "text")
    )
    payload = {"id": act.id, "on": iso(act.on), "done": act.done, "text": act.text.strip()}
    return refusal or (("key_action_fed_back", payload),)


def was_asked(action: KeyAction, by: By) -> bool:
    """Whether it was asked of this person by name, or of somebody they cover for."""
    return bool(action.person) and action.person in {by.person, *by.covers}


def may_feed_back(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    """Whoever was asked, too, who has no part here: one who covers, or whose own part is over."""
    asked = any(was_asked(action, by) for action in state.key_actions.values() if action.fed_back is None)
    return still_open(state) if asked else may_take_part(rules, state, by, at)


def _owes_feedback(rules: Rules, by: By) -> Refusal | None:
    steps = rules.protocol.met_by("key action fed back")
    who = (rules.protocol.chair, *(step.who for step in steps if step.who))
    return only(rules, by, who, "tell the chair how it stands", steps[0].clause if steps else "")


def hold_core_group(rules: Rules, state: State, act: acts.HoldCoreGroup, by: By, at: datetime) -> Decision:
    refusal = children_refused(state, act.children) or done_on_refused(act.on, at)
    payload = {"children": list(act.children), "on": iso(act.on), "came": list(act.came), "updated": act.updated}
    return refusal or (("core_group_held", payload),)


def miss_core_group(rules: Rules, state: State, act: acts.MissCoreGroup, by: By, at: datetime) -> Decision:
    refusal = (
        children_refused(state, act.children)
        or done_on_refused(act.on, at)
        or need(act.why, "why", "Enter why it was not held", "why")
    )
    return refusal or (
        ("core_group_missed", {"children": list(act.children), "on": iso(act.on), "why": act.why.strip()}),
    )


def not_accept(rules: Rules, state: State, act: acts.NotAccept, by: By, at: datetime) -> Decision:
    said = {"agency": act.agency.strip(), "recommendation": act.recommendation.strip(), "why": act.why.strip()}
    refusal = (
        children_refused(state, act.children)
        or need(act.agency, "agency", "Enter which agency does not accept it", "agency")
        or need(act.recommendation, "recommendation", "Enter what was recommended", "recommendation")
        or need(act.why, "why", "Enter why it is not accepted", "why")
    )
    return refusal or (("recommendation_not_accepted", {"children": list(act.children), **said}),)


def record_event(rules: Rules, state: State, act: acts.RecordEvent, by: By, at: datetime) -> Decision:
    refusal = (
        child_refused(state, act.child)
        or done_on_refused(act.on, at)
        or need(act.what, "what", "Enter what happened", "what")
    )
    said = {"what": act.what.strip(), "response": act.response.strip()}
    return refusal or (("event_recorded", {"child": act.child, "on": iso(act.on), **said}),)


def finish_check(rules: Rules, state: State, act: acts.FinishCheck, by: By, at: datetime) -> Decision:
    """The child's experience, the chair's view and a next step are always stated."""
    refusal = (
        child_refused(state, act.child)
        or done_on_refused(act.on, at)
        or need(act.experience, "experience", "Enter what is different for the child", "experience")
        or _one_of(act.view, VIEWS, "view", "Select your view of the plan")
        or _one_of(act.next_step, NEXT_STEPS, "next_step", "Select the next step, even if it is nothing more now")
        or answers_refused(rules, "check done", act.answers.items(), ANSWERS)
    )
    if refusal is None and any(stands not in STANDS for stands in act.actions.values()):
        refusal = Refusal("stands", "Say of each action how it stands", about="actions")
    if refusal is None and any(fact.as_at > london_date(at) for fact in act.facts.values()):
        refusal = Refusal("as-at", "The day for which a fact holds must be today or earlier", about="facts")
    facts = {name: {"value": fact.value, "as_at": iso(fact.as_at)} for name, fact in act.facts.items()}
    payload = {
        "child": act.child, "on": iso(act.on), "experience": act.experience.strip(), "view": act.view,
        "next_step": act.next_step, "actions": dict(act.actions), "facts": facts, "answers": dict(act.answers),
        "father": act.father, "notes": act.notes.strip(),
    }  # fmt: skip
    return refusal or (("check_done", payload),)


def _one_of(word: str, words: Any, about: str, sentence: str) -> Refusal | None:
    return None if word in words else Refusal(f"no-{about}", sentence, about=about)


def do_step(rules: Rules, state: State, act: acts.DoStep, by: By, at: datetime) -> Decision:
    """What the policy alone knows, by whoever owes it or the chair."""
    step = rules.protocol.milestone(act.milestone)
    if step is None or step.met_by is not None:
        return Refusal("no-step", "Select a step that is recorded by itself", about="milestone")
    who = (rules.protocol.chair, *((step.who,) if step.who else ()))
    refusal = only(rules, by, who, f"say that it is done: {step.title}", step.clause) or done_on_refused(act.on, at)
    if refusal is None and act.child:
        refusal = child_refused(state, act.child)
    elif refusal is None and act.conference:
        found = conference_of(state, act.conference)
        refusal = found if isinstance(found, Refusal) else None
    payload = {"milestone": step.id, "on": iso(act.on), "conference": act.conference, "child": act.child}
    return refusal or (("step_done", payload),)


# What each event of these changes ------------------------------------------------------------------------------------


def key_action_set(s: State, e: Event) -> State:
    p = e.payload
    made = KeyAction(
        p["id"], p["conference"], tuple(p["children"]), p["wording"], day(p["by"]), p["who"], p.get("person", ""),
        p.get("agency", ""),
    )  # fmt: skip
    return replace(s, key_actions={**s.key_actions, made.id: made})


def key_action_fed_back(s: State, e: Event) -> State:
    p = e.payload
    said = replace(s.key_actions[p["id"]], fed_back=FedBack(day(p["on"]), p["done"], p["text"]))
    return replace(s, key_actions={**s.key_actions, p["id"]: said})


def core_group_held(s: State, e: Event) -> State:
    on = day(e.payload["on"])
    for child in e.payload["children"]:
        known = s.children[child]
        days = tuple(sorted({*known.core_groups, on}))
        s = with_child(s, child, core_groups=days, updated={**known.updated, on: e.payload["updated"]})
    return s


def core_group_missed(s: State, e: Event) -> State:
    for child in e.payload["children"]:
        missed = (*s.children[child].missed, (day(e.payload["on"]), e.payload["why"]))
        s = with_child(s, child, missed=missed)
    return s


def recommendation_not_accepted(s: State, e: Event) -> State:
    p = e.payload
    said = NotAccepted(str(e.seq), tuple(p["children"]), p["agency"], p["recommendation"], p["why"], e.at)
    return replace(s, not_accepted=(*s.not_accepted, said))


def event_recorded(s: State, e: Event) -> State:
    """The same event recorded once more, with what was done about it, takes the place of the first."""
    p = e.payload
    said = Significant(day(p["on"]), p["what"], p.get("response", ""))
    others = tuple(one for one in s.children[p["child"]].events if (one.on, one.what) != (said.on, said.what))
    return with_child(s, p["child"], events=(*others, said))


def check_done(s: State, e: Event) -> State:
    p = e.payload
    child, on, father = s.children[p["child"]], day(p["on"]), p.get("father")
    made = Check(
        str(e.seq), child.id, on, e.at, p["experience"], p["view"], p["next_step"], p.get("actions", {}),
        p.get("facts", {}), p.get("answers", {}), father, p.get("notes", ""),
    )  # fmt: skip
    fathers = child.fathers if father is None else (*child.fathers, (on, father))
    return with_child(s, child.id, checks=(*child.checks, made), fathers=fathers)


def step_done(s: State, e: Event) -> State:
    p, on = e.payload, day(e.payload["on"])
    if p.get("child"):
        before = s.children[p["child"]].steps
        days = tuple(sorted((*before.get(p["milestone"], ()), on)))
        return with_child(s, p["child"], steps={**before, p["milestone"]: days})
    if p.get("conference"):
        done = s.conferences[p["conference"]].steps
        return with_conference(s, p["conference"], steps={p["milestone"]: on, **done})
    return replace(s, steps={p["milestone"]: on, **s.steps})
