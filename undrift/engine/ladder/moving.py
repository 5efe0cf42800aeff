"""An answer is judged, and the resolution moves on, waits longer or is late."""

from __future__ import annotations

from datetime import datetime

from undrift.engine.dates.moments import london_date
from undrift.engine.events import By
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import agenda, waiting_over
from undrift.engine.ladder.drafts import Decision, Draft, iso, need, risk_of
from undrift.engine.ladder.entering import (
    asked_by_refused,
    conversation_refused,
    date_refused,
    not_set_out,
    spoken_of,
)
from undrift.engine.ladder.state import State
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.protocol.model import Stage


def judge(rules: Rules, state: State, act: acts.Judge, by: By, at: datetime) -> Decision:
    for child in state.children:
        if child not in act.children:
            return Refusal("child-unjudged", "Select an answer for each child", about="children", child=child)
    if unknown := set(act.children) - set(state.children):
        return Refusal("child-unknown", "That child is not part of this", about="children", child=min(unknown))
    accepted = all(act.children.values())
    if not accepted and not act.why.strip():
        return Refusal("why", "Enter why this does not resolve it", about="why")
    judged: Draft = ("judged", {"children": dict(act.children), "why": act.why.strip()})
    answer = state.here.answer
    if not any(act.children.values()) or answer is None:
        return (judged,)
    known = {a.what for a in state.actions.values()}
    agreed = [a for a in answer.actions if a["what"] not in known and a["id"] not in state.actions]
    return (judged, *(("action_agreed", a) for a in agreed))


def move_on(rules: Rules, state: State, act: acts.MoveOn, by: By, at: datetime) -> Decision:
    protocol, here = rules.protocol, state.here
    current = protocol.stage(here.stage)
    if act.to not in {s.id for s in protocol.stages}:
        return Refusal("no-stage", f'The policy has no stage "{act.to}"', about="to")
    to, today = protocol.stage(act.to), london_date(at)
    at_risk = act.risk is not None or act.because == "immediate risk"
    refusal = (
        _reason_refused(rules, state, act, at)
        or _way_refused(rules, current, to, act)
        or conversation_refused(rules, to, act.spoke, at_risk, today)
        or date_refused(rules, to, act.date, at)
        or asked_by_refused(act.asked_by, today)
        or not_set_out(to, act.ask, act.completion, at_risk, today)
    )
    if refusal:
        return refusal
    going = {c.id: act.impacts.get(c.id, c.impact) for c in state.unsettled} or {
        c.id: act.impacts.get(c.id, c.impact) for c in state.children.values()
    }
    for child, impact in going.items():
        if not impact.strip():
            return Refusal("no-impact", "Enter how this affects each child", about="impact", child=child)
    payload = {
        "stage": to.id,
        "because": act.because,
        "children": going,
        "different": act.different,
        "ask": act.ask,
        "grounds": list(act.grounds),
        "date": iso(act.date),
        "asked_by": iso(act.asked_by),
        "agency": act.agency,
        "completion": iso(act.completion),
        "risk": risk_of(act.risk),
        "copied": list(act.copied),
        "why_this_stage": act.why_this_stage,
    }
    return (("moved_on", payload), *spoken_of(act.spoke, today))


def _reason_refused(rules: Rules, state: State, act: acts.MoveOn, at: datetime) -> Refusal | None:
    here, stage = state.here, rules.protocol.stage(state.here.stage)
    match act.because:
        case "immediate risk":
            return None
        case "not answered" if waiting_over(rules, state, at):
            return None
        case "not accepted" if here.refused or (here.judged is not None and not here.judged.accepted):
            return None
        case "done" if stage.kind == "milestone":
            return None
        case "not answered":
            return Refusal("not-over", "The time for an answer has not passed.", stage.clause, "because")
        case "not accepted":
            return Refusal("not-judged", "Decide first whether the answer resolves it.", stage.clause, "because")
        case _:
            return Refusal("because", "Select why it moves on", stage.clause, "because")


def _way_refused(rules: Rules, current: Stage, to: Stage, act: acts.MoveOn) -> Refusal | None:
    if any(e.to == to.id and act.because in e.when for e in current.exits):
        return None
    higher = rules.protocol.position(to.id) > rules.protocol.position(current.id)
    if not higher:
        return Refusal("down", f"{current.title} does not lead to {to.title}.", current.clause, "to")
    if act.because != "immediate risk" and not to.may_start_here:
        return Refusal("not-a-start", f"{current.title} does not lead straight to {to.title}.", to.clause, "to")
    if act.because != "immediate risk" and not act.why_this_stage.strip():
        return Refusal(
            "why-this-stage",
            f"Tell us why you are going straight to {to.title.lower()}",
            to.clause,
            "why_this_stage",
        )
    return None


def give_more_time(rules: Rules, state: State, act: acts.GiveMoreTime, by: By, at: datetime) -> Decision:
    if act.until <= london_date(at):
        return Refusal("date-past", "The date must be after today", about="until")
    if refusal := need(act.why, "why", "Enter why more time is right for the child", "why"):
        return refusal
    return (("more_time_given", {"until": iso(act.until), "why": act.why.strip()}),)


def record_lapse(rules: Rules, state: State, act: acts.RecordLapse, by: By, at: datetime) -> Decision:
    if act.duty in state.here.lapsed:
        return Refusal("recorded", "This is recorded already.")
    duty = next((d for d in agenda(rules, state, at) if d.key == act.duty), None)
    if duty is None or not duty.owed or not duty.late(at):
        return Refusal("not-lapsed", "No such date has passed.")
    return (("date_lapsed", {"duty": duty.key, "due": iso(duty.day)}),)
