"""A concern is raised."""

from __future__ import annotations

from datetime import date, datetime

from undrift.engine.dates.due import due_if_counted
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.drafts import Decision, Draft, iso
from undrift.engine.events import By, Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.actions import with_action
from undrift.engine.ladder.drafts import actions_refused, asked_actions, risk_of, risk_refused
from undrift.engine.ladder.entering import (
    asked_by_refused,
    began,
    conversation_refused,
    date_refused,
    happened_refused,
    not_set_out,
    risk_denied,
    spoken_of,
    talk_refused,
)
from undrift.engine.ladder.state import Child, State, Visit, day_of, risk_told, when_on
from undrift.engine.musts import Must
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.who_may import only
from undrift.engine.written import written
from undrift.protocol.clocks import Agreed, Clock
from undrift.protocol.model import Stage

FIRST = 1  # the number of the entry with which a history begins


def may_raise(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    """Where there is a state, it has been raised."""
    return Refusal("raised-already", "This has been raised already.")


def raise_concern(rules: Rules, state: State | None, act: acts.Raise, by: By, at: datetime) -> Decision:
    protocol = rules.protocol
    if act.stage not in {s.id for s in protocol.stages}:
        return Refusal("no-stage", f'The policy has no stage "{act.stage}".', about="stage")
    stage, today = protocol.stage(act.stage), london_date(at)
    refusal = (
        only(rules, by, stage.sent_by, f"raise a concern at {stage.title}", stage.clause)
        or _raise_here(rules, stage, act)
        or _children_refused(stage, act)
        or _concern_refused(rules, act)
        or risk_denied(rules, act.grounds, act.risk is not None)
        or conversation_refused(rules, stage, act.spoke, act.risk is not None, today)
        or risk_refused(act.risk, today, [c.id for c in act.children])
        or (talk_refused(act.rang, today) if act.rang else None)
        or happened_refused(rules, stage, act.happened, today)
        or actions_refused(act.actions, today)
        or date_refused(rules, stage, act.date, began(act.spoke, act.happened, today), today)
        or _checked_too_soon(rules, stage, act, began(act.spoke, act.happened, today))
        or asked_by_refused(rules, stage, act.asked_by, act.date, began(act.spoke, act.happened, today), today)
        or not_set_out(stage, act.ask, act.completion, act.risk is not None, today)
    )
    if refusal:
        return refusal
    raised: Draft = (
        "raised",
        {
            "stage": stage.id,
            "children": {c.id: written(c.impact) for c in act.children},
            "grounds": list(act.grounds),
            "concern": written(act.concern),
            "occasion": act.occasion,
            "risk": risk_of(act.risk),
            "ask": act.ask,
            "tried": act.tried,
            "why_this_stage": act.why_this_stage,
            "actions": asked_actions(act.actions, 1),
            "date": iso(act.date),
            "asked_by": iso(act.asked_by),
            "agency": act.agency,
            "recommendation": act.recommendation,
            "completion": iso(act.completion),
            "copied": list(act.copied),
            "happened": iso(act.happened),
            "conference": act.conference,
            "linked": act.linked,
        },
    )
    at_risk = (act.risk.children if act.risk else ()) or tuple(c.id for c in act.children)
    return (raised, *spoken_of(act.spoke, today), *spoken_of(act.rang, today, FIRST, at_risk))


def _raise_here(rules: Rules, stage: Stage, act: acts.Raise) -> Refusal | None:
    if not stage.is_raised:
        lowest = rules.protocol.ladder[0].title
        return Refusal(
            "plan-cycle",
            f"{stage.title} is a step of the plan cycle, and nothing is raised at it: start at {lowest}.",
            stage.clause,
            "stage",
        )
    if not stage.may_start_here:
        return Refusal("not-a-start", f"A concern cannot start at {stage.title}.", stage.clause, "stage")
    informal = [rules.protocol.position(s.id) for s in rules.protocol.stages if s.formality == "informal"]
    usual = min(informal) + 1 if informal else 0
    above = stage.formality == "formal" and rules.protocol.position(stage.id) > usual
    if above and act.risk is None and not written(act.why_this_stage):
        return Refusal(
            "why-this-stage",
            f"Tell us why you are starting at {stage.title.lower()}",
            stage.clause,
            "why_this_stage",
        )
    return None


def _checked_too_soon(rules: Rules, stage: Stage, act: acts.Raise, first: date) -> Refusal | None:
    """What was agreed in a talk is looked at again when its last action is to be done, or when the time is over."""
    asked, action = stage.answer, max(act.actions, key=lambda a: a.by or date.min, default=None)
    if asked is None or asked.must != Must.SETTLE or act.date is None or action is None or action.by is None:
        return None
    clock: Clock | None = rules.counted(asked.within)
    clock = clock.longest if isinstance(clock, Agreed) else clock
    last = due_if_counted(clock, first, rules.calendar, bare_days=rules.bare_days).date if clock else None
    soonest = min(action.by, last or action.by)
    if act.date >= soonest:
        return None
    said = f"The date must be {full_day(soonest, short=True)} or later: “{action.what}” is to be done by "
    return Refusal("checked-too-soon", f"{said}{full_day(action.by, short=True)}", asked.clause or stage.clause, "date")


def _children_refused(stage: Stage, act: acts.Raise) -> Refusal | None:
    if not act.children:
        return Refusal("no-children", "Select at least one child", about="children")
    for child in act.children:
        if not written(child.impact):
            name = child.name or "each child"
            return Refusal("no-impact", f"Enter how this affects {name}", about="impact", child=child.id)
        if stage.only_on_plan and not child.on_plan:
            name = child.name or "A child"
            return Refusal(
                "not-on-plan", f"{name} is not on a child protection plan", stage.clause, "children", child.id
            )
    return None


def _concern_refused(rules: Rules, act: acts.Raise) -> Refusal | None:
    for code in act.grounds:
        if rules.protocol.ground(code) is None:
            return Refusal("no-ground", f'The policy has no reason "{code}"', about="grounds")
    if not act.grounds and not written(act.concern):
        return Refusal("no-concern", "Select a reason or enter what the concern is", about="concern")
    return None


# What each event of these changes ----------------------------------------------------------------------------------


def raised(before: State | None, e: Event) -> State:
    """The state that a history begins with."""
    if before is not None:
        return before
    p = e.payload
    risk = p.get("risk")
    visit = Visit(
        stage=p["stage"],
        entered=when_on(day_of(p.get("happened")), e.at),
        because="raised",
        ask=p.get("ask", ""),
        date=day_of(p.get("date")),
        asked_by=day_of(p.get("asked_by")),
        agency=p.get("agency", ""),
        completion=day_of(p.get("completion")),
        children=tuple(p["children"]),
        grounds=tuple(p["grounds"]),
    )
    state = State(
        seq=e.seq,
        raised=e.at,
        raised_by=e.by,
        concern=p["concern"],
        children={c: Child(c, impact) for c, impact in p["children"].items()},
        visits=(visit,),
        grounds=tuple(p["grounds"]),
        occasion=p.get("occasion", ""),
        tried=p.get("tried", ""),
        why_this_stage=p.get("why_this_stage", ""),
        recommendation=p.get("recommendation", ""),
        conference=p.get("conference", ""),
        agency=p.get("agency", ""),
        risk=risk is not None,
        urgent=(risk_told(e, risk, p["children"]),) if risk is not None else (),
        linked=p.get("linked", ""),
        copied=tuple(p.get("copied", ())),
        last_at=e.at,
    )
    for a in p.get("actions", ()):
        state = with_action(state, a, visit.children)
    return state
