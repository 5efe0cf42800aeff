"""Conferences: fixed, moved, postponed, cancelled, held; the reports and the discussion before, the sheet after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from undrift.engine.drafts import Decision, Draft, iso, need
from undrift.engine.events import By, Event
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.guards import (
    after_refused,
    ahead_of,
    ahead_refused,
    answers_refused,
    children_refused,
    conference_of,
    done_on_refused,
    held_of,
)
from undrift.engine.plan_cycle.state import (
    ANSWERS,
    KINDS,
    OUTCOMES,
    Conference,
    Decided,
    Discussion,
    Held,
    State,
    moment,
    with_child,
    with_conference,
)
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules


def fix(rules: Rules, state: State, act: acts.FixConference, by: By, at: datetime) -> Decision:
    if act.kind not in KINDS:
        return Refusal("no-kind", "Select which conference it is", about="kind")
    earlier = conference_of(state, act.reconvenes) if act.kind == "reconvened" else None
    if isinstance(earlier, Refusal):
        return replace(earlier, about="reconvenes")
    again = tuple(child for child in earlier.children if _may_be_asked(state, earlier, child)) if earlier else ()
    children = act.children or again or tuple(c.id for c in state.open_children)
    others = tuple(child for child in children if child not in again)
    if (others or not children) and (refusal := children_refused(state, others)):
        return refusal
    if refusal := ahead_refused(act.on, at):
        return refusal
    if _is_fixed(state, act.kind, children):
        return Refusal("fixed", "A conference is fixed already: move it, or cancel it", about="on")
    return (_fixed(state, act.kind, act.on, children, act),)


def _is_fixed(state: State, kind: str, children: Collection[str]) -> bool:
    """Whether such a conference about one of them stands already; one that is held again does not wait for a review."""
    again = kind == "reconvened"
    fixed = (c for c in state.ahead if c.on is not None and (c.kind == "reconvened") == again)
    return any(set(c.children) & set(children) for c in fixed)


def _fixed(
    state: State, kind: str, on: date, children: tuple[str, ...], act: acts.FixConference | None = None
) -> Draft:
    more: dict[str, Any] = {}
    if act is not None:
        more = {"time": _time(act.time), "place": act.place.strip(), "invited": list(act.invited)}
        more["reconvenes"] = act.reconvenes if kind == "reconvened" else ""
    return "conference_fixed", {
        "id": f"c{_next_number(state)}",
        "kind": kind,
        "on": iso(on),
        "children": list(children),
        **more,
    }


def _next_number(state: State) -> int:
    return 1 + max((c.number for c in state.conferences.values()), default=0)


def move(rules: Rules, state: State, act: acts.MoveConference, by: By, at: datetime) -> Decision:
    found = ahead_of(state, act.conference)
    if isinstance(found, Refusal):
        return found
    if refusal := ahead_refused(act.on, at) or need(act.why, "why", "Enter why the date is changed", "why"):
        return refusal
    payload = {"id": act.conference, "on": iso(act.on), "time": _time(act.time), "why": act.why.strip()}
    return (("conference_moved", payload),)


def postpone(rules: Rules, state: State, act: acts.PostponeConference, by: By, at: datetime) -> Decision:
    found = ahead_of(state, act.conference)
    if isinstance(found, Refusal):
        return found
    if found.on is None:
        return Refusal("postponed", "This conference is postponed already: give it a date", about="conference")
    refusal = need(act.why, "why", "Enter why it is postponed", "why")
    return refusal or (("conference_postponed", {"id": act.conference, "why": act.why.strip()}),)


def cancel(rules: Rules, state: State, act: acts.CancelConference, by: By, at: datetime) -> Decision:
    found = ahead_of(state, act.conference)
    if isinstance(found, Refusal):
        return found
    refusal = need(act.why, "why", "Enter why it is cancelled", "why")
    return refusal or (("conference_cancelled", {"id": act.conference, "why": act.why.strip()}),)


def hold(rules: Rules, state: State, act: acts.HoldConference, by: By, at: datetime) -> Decision:
    """What is decided is decided for each child; only a conference that was not quorate may leave a child undecided."""
    found = ahead_of(state, act.conference) if act.conference else _not_fixed_before(state, act, at)
    if isinstance(found, Refusal):
        return found
    if refusal := done_on_refused(act.on, at) or _decisions_refused(rules, state, found, act):
        return refusal
    drafts: list[Draft] = [] if act.conference else [_fixed(state, act.kind, act.on, found.children)]
    state = replace(state, conferences={**state.conferences, found.id: found})
    if refusal := next(filter(None, (_dissent_refused(found, d) for d in act.dissents)), None):
        return refusal
    payload = {
        "id": found.id, "on": iso(act.on), "time": _time(act.time), "quorate": act.quorate,
        "came": list(act.came), "missing": list(act.missing),
    }  # fmt: skip
    drafts.append(("conference_held", payload))
    drafts += [_decided(found.id, child, each) for child, each in act.decisions.items()]
    drafts += [("dissent_noted", {"conference": found.id, **_dissent(d)}) for d in act.dissents]
    on_plan = tuple(child for child, each in act.decisions.items() if each.plan)
    if act.next_review is None or not on_plan:
        return tuple(drafts)
    refusal = ahead_refused(act.next_review, at, "next_review")
    others = {number: c for number, c in state.conferences.items() if number != found.id}
    if refusal is None and _is_fixed(replace(state, conferences=others), "review", on_plan):
        refusal = Refusal("fixed", "A review is fixed already: leave this empty, or move it", about="next_review")
    return refusal or (*drafts, _fixed(state, "review", act.next_review, on_plan))


def _not_fixed_before(state: State, act: acts.HoldConference, at: datetime) -> Conference | Refusal:
    """The conference that is put on the record with what it decided, because nobody had fixed it here."""
    if act.kind not in KINDS or act.kind == "reconvened":
        return Refusal("no-kind", "Select which conference it was", about="kind")
    children = act.children or tuple(act.decisions)
    if refusal := children_refused(state, children):
        return refusal
    number = f"c{_next_number(state)}"
    return Conference(number, act.kind, children, act.on, act.time, at, (act.on,), counts_as=act.kind)


def _decisions_refused(rules: Rules, state: State, conference: Conference, act: acts.HoldConference) -> Refusal | None:
    earlier = state.conferences.get(conference.reconvenes)
    asked = tuple(child for child in conference.children if _may_be_asked(state, earlier, child))
    for child, decision in act.decisions.items():
        if child not in asked:
            return Refusal("child-unknown", "That child was not discussed there", about="decisions", child=child)
        if decision.overruled and not rules.protocol.final_say:
            return Refusal("no-final-say", "Here the conference decides, and the chair cannot overrule it",
                           about="decisions", child=child)  # fmt: skip
    left = next((child for child in asked if child not in act.decisions), None)
    if left is not None and act.quorate:
        return Refusal("undecided", "Enter what was decided for each child", about="decisions", child=left)
    if not act.quorate and not act.missing:
        return Refusal("who-missing", "Enter who was missing", about="missing")
    return None


def _may_be_asked(state: State, earlier: Conference | None, child: str) -> bool:
    """Whether a conference decides about this child: it is on, or the one that is held again decided on no plan."""
    known = state.children[child]
    ended_there = earlier is not None and child in earlier.decided and not earlier.decided[child].plan
    return known.open or (ended_there and known.ending == "conference")


def _dissent_refused(conference: Conference, dissent: acts.Dissent) -> Refusal | None:
    if dissent.child and dissent.child not in conference.children:
        return Refusal("child-unknown", "That child was not discussed there", about="dissents", child=dissent.child)
    return need(dissent.who, "who", "Enter who dissents", "dissents") or need(
        dissent.why, "why", "Enter why they dissent", "dissents"
    )


def _decided(conference: str, child: str, decision: acts.Decision) -> Draft:
    said = {"category": decision.category, "overruled": decision.overruled.strip(), "father": decision.father}
    return "decided", {"conference": conference, "child": child, "plan": decision.plan, **said}


def _dissent(dissent: acts.Dissent) -> dict[str, str]:
    said = {"who": dissent.who.strip(), "why": dissent.why.strip(), "advice": dissent.advice.strip()}
    return {**said, "child": dissent.child}


def share_report(rules: Rules, state: State, act: acts.ShareReport, by: By, at: datetime) -> Decision:
    found = conference_of(state, act.conference)
    refusal = found if isinstance(found, Refusal) else done_on_refused(act.on, at)
    payload = {"conference": act.conference, "on": iso(act.on), "whose": act.whose.strip()}
    return refusal or (("report_shared", payload),)


def discuss(rules: Rules, state: State, act: acts.HoldDiscussion, by: By, at: datetime) -> Decision:
    found = ahead_of(state, act.conference)
    refusal = found if isinstance(found, Refusal) else done_on_refused(act.on, at)
    if refusal is None and act.outcome not in OUTCOMES:
        refusal = Refusal("no-outcome", "Select what came of the discussion", about="outcome")
    if refusal := refusal or answers_refused(rules, "discussion held", act.answers.items(), ANSWERS):
        return refusal
    said = {"answers": dict(act.answers), "how": act.how.strip(), "notes": act.notes.strip()}
    return (("discussion_held", {"conference": act.conference, "on": iso(act.on), "outcome": act.outcome, **said}),)


def write_outline(rules: Rules, state: State, act: acts.WriteOutline, by: By, at: datetime) -> Decision:
    """Each part that the policy lists is written; none of them may be empty."""
    found = held_of(state, act.conference)
    if isinstance(found, Refusal):
        return found
    decided = found.decided.get(act.child)
    if decided is None or not decided.plan:
        return Refusal("no-plan", "The conference decided on no plan for this child", about="child", child=act.child)
    listed = next((step.contains for step in rules.protocol.met_by("sheet sent")), ())
    written = tuple(part.strip() for part in act.parts)
    if len(written) < max(1, len(listed)) or not all(written):
        row = next((n for n, part in enumerate(written, start=1) if not part), len(written) + 1)
        return Refusal("part-missing", f"Enter part {row} of the outline plan", about="parts", child=act.child, row=row)
    return (("outline_written", {"conference": act.conference, "child": act.child, "parts": list(written)}),)


def send_sheet(rules: Rules, state: State, act: acts.SendSheet, by: By, at: datetime) -> Decision:
    """Once each child with a plan has its outline plan, where the policy lists what one contains."""
    found = held_of(state, act.conference)
    if isinstance(found, Refusal):
        return found
    if refusal := done_on_refused(act.on, at) or after_refused(act.on, held_on(found), "when it was held"):
        return refusal
    listed = any(step.contains for step in rules.protocol.met_by("sheet sent"))
    bare = next((c for c, decided in found.decided.items() if decided.plan and c not in found.outlines), None)
    if listed and bare is not None:
        return Refusal("no-outline", "Write the outline plan of each child first", about="child", child=bare)
    if not act.to:
        return Refusal("to-nobody", "Enter to whom it was sent", about="to")
    payload = {"conference": act.conference, "on": iso(act.on), "time": _time(act.time), "to": list(act.to)}
    return (("sheet_sent", payload),)


def held_on(conference: Conference) -> date | None:
    """None while it is still to be held."""
    return conference.held.on if conference.held is not None else None


def _time(time: dt.time | None) -> str:
    return time.strftime("%H:%M") if time is not None else ""


# What each event of these changes ------------------------------------------------------------------------------------


def conference_fixed(s: State, e: Event) -> State:
    p = e.payload
    earlier = s.conferences.get(p.get("reconvenes", ""))
    made = Conference(
        p["id"], p["kind"], tuple(p["children"]), day(p["on"]), time_of(p), e.at, (day(p["on"]),),
        reconvenes=p.get("reconvenes", ""), counts_as=earlier.counts_as if earlier else p["kind"],
        place=p.get("place", ""), invited=tuple(p.get("invited", ())),
    )  # fmt: skip
    return replace(s, conferences={**s.conferences, made.id: made})


def conference_moved(s: State, e: Event) -> State:
    p, to = e.payload, day(e.payload["on"])
    dates = (*s.conferences[p["id"]].dates, to)
    return with_conference(s, p["id"], on=to, time=time_of(p), dates=dates, why=p["why"], changed_at=e.at)


def conference_postponed(s: State, e: Event) -> State:
    return with_conference(s, e.payload["id"], on=None, time=None, why=e.payload["why"], changed_at=e.at)


def conference_cancelled(s: State, e: Event) -> State:
    return with_conference(s, e.payload["id"], why=e.payload["why"], cancelled=e.at)


def conference_held(s: State, e: Event) -> State:
    p = e.payload
    held = Held(day(p["on"]), time_of(p), p["quorate"], e.at, tuple(p.get("came", ())), tuple(p.get("missing", ())))
    return with_conference(s, p["id"], held=held)


def decided(s: State, e: Event) -> State:
    """A plan begins, goes on or ends with it; where none is needed, the cycle has no more to do with the child."""
    p = e.payload
    conference = s.conferences[p["conference"]]
    on = conference.held.on if conference.held is not None else day(e.at.date().isoformat())
    said = Decided(p["plan"], on, p.get("category", ""), p.get("overruled", ""), p.get("father"))
    s = with_conference(s, conference.id, decided={**conference.decided, p["child"]: said})
    child = s.children[p["child"]]
    fathers = child.fathers if said.father is None else (*child.fathers, (on, said.father))
    if said.plan:
        on_plan = child.on_plan or on
        return with_child(s, child.id, on_plan=on_plan, ended=None, ended_at=None, ending="", fathers=fathers)
    return with_child(s, child.id, ended=on, ended_at=e.at, ending="conference", fathers=fathers)


def dissent_noted(s: State, e: Event) -> State:
    conference = s.conferences[e.payload["conference"]]
    assert conference.held is not None, "dissent is noted with the conference"
    held = replace(conference.held, dissents=(*conference.held.dissents, dict(e.payload)))
    return with_conference(s, conference.id, held=held)


def report_shared(s: State, e: Event) -> State:
    p = e.payload
    shared = (*s.conferences[p["conference"]].reports, (p.get("whose", ""), day(p["on"])))
    return with_conference(s, p["conference"], reports=shared)


def discussion_held(s: State, e: Event) -> State:
    p = e.payload
    said = Discussion(day(p["on"]), p["outcome"], p.get("answers", {}), p.get("how", ""), p.get("notes", ""))
    return with_conference(s, p["conference"], discussion=said)


def outline_written(s: State, e: Event) -> State:
    p = e.payload
    outlines = {**s.conferences[p["conference"]].outlines, p["child"]: tuple(p["parts"])}
    return with_conference(s, p["conference"], outlines=outlines)


def sheet_sent(s: State, e: Event) -> State:
    """The first time counts: sent again, to others, it was not late for that."""
    p = e.payload
    before = s.conferences[p["conference"]].sheet
    to = tuple(p["to"]) if before is None else tuple(dict.fromkeys((*before[1], *p["to"])))
    sent = moment(day(p["on"]), time_of(p)) if before is None else before[0]
    return with_conference(s, p["conference"], sheet=(sent, to))


def day(text: str) -> date:
    return date.fromisoformat(text)


def time_of(payload: Any) -> dt.time | None:
    return dt.time.fromisoformat(payload["time"]) if payload.get("time") else None
