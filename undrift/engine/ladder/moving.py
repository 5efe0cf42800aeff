"""An answer is judged, and the resolution moves on, waits longer or is late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from undrift.engine.dates.moments import london_date
from undrift.engine.events import By, Event
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
from undrift.engine.ladder.guards import only, spoken, stage_here, still_open
from undrift.engine.ladder.musts import Must
from undrift.engine.ladder.state import Judgement, State, Visit, day_of, here_with
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.protocol.model import Stage


def may_judge(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage, here = stage_here(rules, state), state.here
    if refusal := still_open(state) or only(rules, by, stage.judged_by, "decide", stage.clause):
        return refusal
    asked = stage.answer
    if asked is None:
        return Refusal("nothing-to-judge", f"At {stage.title} there is no answer to judge: move on when it is done.")
    if asked.must == Must.SETTLE or here.judged is not None:
        return None
    if here.answer is not None and here.answer.approved_at is not None:
        return None
    if waiting_over(rules, state, at):
        return None
    if here.answer is not None and not here.answer.sent_back:
        approver = rules.protocol.title_of(asked.approved_by or "")
        return Refusal("with-approver", f"The answer waits for the {approver} to approve it.", asked.clause)
    return Refusal("not-answered-yet", f"{rules.protocol.title_of(asked.who)} has not answered yet.", asked.clause)


def may_move_on(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    """May it move on for some reason at all? `decide` checks the reason that is given."""
    stage, here = stage_here(rules, state), state.here
    chairs = stage.judged_by + tuple(r for r in stage.sent_by if r not in stage.judged_by)
    if refusal := still_open(state) or only(rules, by, chairs, "move it to another stage", stage.clause):
        return refusal
    if rules.protocol.position(stage.id) == len(rules.protocol.stages) - 1 and not any(
        e.to not in ("resolved", "ended") for e in stage.exits
    ):
        return Refusal("top", f"{stage.title} is the highest stage.", stage.clause)
    if state.risk or (here.judged is not None and not here.judged.accepted):
        return None
    if stage.kind == "milestone":
        return _milestones_pending(rules, state)
    if waiting_over(rules, state, at):
        return None
    if here.judged is not None:
        return Refusal("accepted", "The chair decided that this resolves it. Decide again to change that.")
    if here.answer is not None and here.answer.approved_at is not None:
        return Refusal("not-judged", "Read the answer and decide first.", stage.clause)
    return Refusal("too-soon", _waiting_sentence(rules, state, at), stage.clause)


def _milestones_pending(rules: Rules, state: State) -> Refusal | None:
    stage = stage_here(rules, state)
    if state.here.refused:
        return None
    for asked in stage.duties:
        if (asked.must == "speak" and state.here.spoke_with(asked.to) is None) or (
            asked.must != "speak" and asked.must not in state.here.reached
        ):
            milestone = rules.protocol.milestone(asked.must)
            title = milestone.title if milestone else asked.must
            return Refusal("milestone-pending", f"{title} is not recorded yet.", asked.clause or stage.clause)
    return None


def _waiting_sentence(rules: Rules, state: State, at: datetime) -> str:
    number = len(state.visits)
    for duty in agenda(rules, state, at):
        if duty.visit == number and duty.is_answer and duty.ends is not None:
            return (
                f"The {rules.protocol.title_of(duty.who)} has until {spoken(duty.ends)}. "
                "It can move on then, or at once if a child is at immediate risk."
            )
    return "Decide whether what was agreed has been done first."


def may_give_time(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage = stage_here(rules, state)
    if refusal := still_open(state) or only(rules, by, stage.judged_by, "give more time", stage.clause):
        return refusal
    if stage.answer is None:
        return Refusal("no-date-here", f"{stage.title} has no date for an answer.")
    if state.here.answer is not None and state.here.answer.approved_at is not None:
        return Refusal("answered", f"This was answered on {spoken(state.here.answer.approved_at)}.")
    if state.here.judged is not None and state.here.judged.accepted:
        return Refusal("accepted", "This has been decided.")
    return None


def may_lapse(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    if by.roles or by.person:
        return Refusal("system-only", "A date that passes is recorded by the service itself.")
    return still_open(state)


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
        or _sender_refused(rules, to, act, by)
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
    stage = stage_here(rules, state)
    reason = REASONS.get(act.because)
    if reason is None or (act.because == "done" and stage.kind != "milestone"):
        return Refusal("because", "Select why it moves on", stage.clause, "because")
    return reason(rules, state, at)


def _not_over(rules: Rules, state: State, at: datetime) -> Refusal | None:
    if waiting_over(rules, state, at):
        return None
    return Refusal("not-over", "The time for an answer has not passed.", stage_here(rules, state).clause, "because")


def _not_refused(rules: Rules, state: State, at: datetime) -> Refusal | None:
    judged = state.here.judged
    if state.here.refused or (judged is not None and not judged.accepted):
        return None
    clause = stage_here(rules, state).clause
    return Refusal("not-judged", "Decide first whether the answer resolves it.", clause, "because")


def _no_objection(rules: Rules, state: State, at: datetime) -> Refusal | None:
    return None


# Why something moves on: every outcome of a stage but "accepted", which resolves it.
REASONS: Mapping[str, Callable[[Rules, State, datetime], Refusal | None]] = {
    "not answered": _not_over,
    "not accepted": _not_refused,
    "immediate risk": _no_objection,
    "done": _no_objection,
}


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


def _sender_refused(rules: Rules, to: Stage, act: acts.MoveOn, by: By) -> Refusal | None:
    """Whoever may send a stage sends it on the way up as well. An immediate risk waits for nobody."""
    if act.because == "immediate risk":
        return None
    return only(rules, by, to.sent_by, f"send it to {to.title}", to.clause)


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


# What each event of these changes ----------------------------------------------------------------------------------


def judged(s: State, e: Event) -> State:
    verdict: Mapping[str, bool] = e.payload["children"]
    children = {c: replace(child, settled=verdict.get(c, child.settled)) for c, child in s.children.items()}
    s = replace(s, children=children, last_decision=(e.by, e.at))
    return here_with(s, judged=Judgement(verdict, e.payload.get("why", ""), e.at, e.by))


def moved_on(s: State, e: Event) -> State:
    p = e.payload
    s = here_with(s, left=e.at, left_because=p["because"])
    impacts: Mapping[str, str] = p["children"]
    risk = p.get("risk")
    visit = Visit(
        stage=p["stage"],
        entered=e.at,
        because=p["because"],
        ask=p.get("ask", ""),
        date=day_of(p.get("date")),
        asked_by=day_of(p.get("asked_by")),
        agency=p.get("agency", "") or s.agency,
        completion=day_of(p.get("completion")),
        different=p.get("different", ""),
    )
    grounds = s.grounds + tuple(g for g in p.get("grounds", ()) if g not in s.grounds)
    copied = s.copied + tuple(c for c in p.get("copied", ()) if c not in s.copied)
    return replace(
        s,
        visits=(*s.visits, visit),
        children={
            c: replace(child, impact=impacts.get(c, child.impact), settled=child.settled and c not in impacts)
            for c, child in s.children.items()
        },
        grounds=grounds,
        copied=copied,
        agency=visit.agency,
        risk=s.risk or risk is not None,
        risk_acted=(*s.risk_acted, risk["acted"]) if risk and risk.get("acted") else s.risk_acted,
        last_decision=(e.by, e.at),
    )


def more_time_given(s: State, e: Event) -> State:
    s = replace(s, last_decision=(e.by, e.at))
    return here_with(s, until=day_of(e.payload["until"]), until_why=e.payload["why"])


def date_lapsed(s: State, e: Event) -> State:
    return here_with(s, lapsed=(*s.here.lapsed, e.payload["duty"]))
