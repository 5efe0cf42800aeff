"""What may happen at any stage, beside the ladder."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from undrift.engine.correcting import correction
from undrift.engine.dates.due import due_if_counted
from undrift.engine.dates.horizons import too_long_ago
from undrift.engine.dates.moments import in_words, london_date
from undrift.engine.dates.words import full_day
from undrift.engine.drafts import Decision, Draft, done_refused, iso, need
from undrift.engine.events import By, Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.drafts import whose_risk, whose_risk_refused
from undrift.engine.ladder.guards import may_take_part, stage_here, still_open
from undrift.engine.ladder.moving import give_more_time, may_give_time
from undrift.engine.ladder.state import State, Urgent, day_of, rung, when_on, whose_is_settled
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.who_may import first_role, only
from undrift.engine.written import written
from undrift.protocol.clocks import say
from undrift.protocol.model import Route


def may_hand_over(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage = stage_here(rules, state)
    return still_open(state) or only(rules, by, stage.judged_by, "choose who else takes part", stage.clause)


def note_down(rules: Rules, state: State, act: acts.Note, by: By, at: datetime) -> Decision:
    return need(act.text, "no-text", "Enter the note", "text") or (("noted", {"text": written(act.text)}),)


def record_urgent(rules: Rules, state: State, act: acts.RecordUrgentAction, by: By, at: datetime) -> Decision:
    if refusal := need(act.what, "no-text", "Enter what was done to keep the child safe", "what"):
        return refusal
    if refusal := done_refused(act.on, london_date(at)):
        return refusal
    if refusal := whose_risk_refused(act.children, state.children, "children"):
        return refusal
    payload = {"what": written(act.what), "who": act.who, "on": iso(act.on or london_date(at))}
    return (("urgent_action_recorded", {**payload, **whose_risk(act.children)}),)


def ring_back(rules: Rules, state: State, act: acts.RingBack, by: By, at: datetime) -> Decision:
    urgent = next((u for u in state.not_rung_back if u.seq == act.entry), None)
    if urgent is None:
        return Refusal("no-call-owed", "No call is waited for here.", about="entry")
    refusal = need(act.to, "no-name", "Enter whom you rang", "to") or done_refused(act.on, london_date(at))
    if refusal is None and act.on is not None and act.on < urgent.on:
        sentence = f"The date must be {full_day(urgent.on, short=True)}, when it was done, or later"
        refusal = Refusal("before-it", sentence, about="on")
    payload = {
        "entry": act.entry,
        "to": written(act.to),
        "on": iso(act.on or london_date(at)),
        "note": written(act.note),
    }
    left = [] if act.safe is None else [child for child in urgent.at_risk if child not in act.safe]
    return refusal or (("rung_back", {**payload, **({"not_safe": left} if left else {})}),)


def may_give_up_ring(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    if state.ended is None:
        return Refusal("open", "A call is owed for as long as this is open: ring, and record the call.")
    return may_take_part(rules, state, by, at)


def give_up_ring(rules: Rules, state: State, act: acts.GiveUpRing, by: By, at: datetime) -> Decision:
    if not any(u.seq == act.entry for u in state.not_rung_back):
        return Refusal("no-call-owed", "No call is waited for here.", about="entry")
    refusal = need(act.why, "why", "Enter why a call is no longer possible", "why")
    return refusal or (("ring_given_up", {"entry": act.entry, "why": written(act.why)}),)


def share(rules: Rules, state: State, act: acts.Share, by: By, at: datetime) -> Decision:
    if act.role not in rules.protocol.roles:
        return Refusal("no-role", "Select who to share it with", about="role")
    if refusal := need(act.why, "why", "Enter why you share it", "why"):
        return refusal
    return (("shared", {"role": act.role, "why": act.why}),)


def take_route(rules: Rules, state: State, act: acts.TakeRoute, by: By, at: datetime) -> Decision:
    route = next((r for r in rules.protocol.routes if r.id == act.route), None)
    if route is None:
        return Refusal("no-route", "Select a route", about="route")
    if route.may and not first_role(by, route.may):
        return only(rules, by, route.may, "use this route", route.clause) or Refusal("not-yours", "", route.clause)
    if route.asks and not written(act.note):
        return Refusal("no-note", route.asks, route.clause, "note")
    today = london_date(at)
    if refusal := done_refused(act.on, today) or _of_refused(act, today) or _too_late(rules, route, act, today):
        return refusal
    if route.urgent:  # there is one way to say that a child is at risk now, and everybody is told of it
        what = f"{route.title}. {act.note}".strip()
        return record_urgent(rules, state, acts.RecordUrgentAction(what, act.who, act.on), by, at)
    payload = {"route": act.route, "note": act.note, "on": iso(act.on or today), "who": written(act.who)}
    return (("route_taken", payload),)


def _of_refused(act: acts.TakeRoute, today: date) -> Refusal | None:
    """The day from which its time counts is past, and lies on or before the day on which it was taken."""
    if act.of is not None and act.of > today:
        return Refusal("of-later", "The day from which its time counts must be today or earlier", about="of")
    if act.of is not None and act.on is not None and act.of > act.on:
        return Refusal("on-before", "The date must be on or after the day from which its time counts", about="on")
    if too_long := too_long_ago(act.of, today):
        return Refusal("of-long-ago", too_long, about="of")
    return None


def _too_late(rules: Rules, route: Route, act: acts.TakeRoute, today: date) -> Refusal | None:
    """A route that the policy leaves open for a time is over after its last day."""
    if route.within is None or act.of is None:
        return None
    last = due_if_counted(rules.counted(route.within), act.of, rules.calendar, bare_days=rules.bare_days).date
    if last is None or (act.on or today) <= last:
        return None
    ended = f"{route.title}: its last day was {in_words(last)}, {say(route.within)} after {in_words(act.of)}."
    return Refusal("route-over", ended, route.clause, "on")


def hand_over(rules: Rules, state: State, act: acts.HandOver, by: By, at: datetime) -> Decision:
    if act.role not in rules.protocol.roles:
        return Refusal("no-role", "Select whose part it is", about="role")
    answer, asked = state.here.answer, rules.protocol.stage(state.here.stage).answer
    if asked and answer and act.role == asked.approved_by and answer.by.person == act.person:
        return Refusal("own-answer", "The person who answered cannot approve it. Choose someone else.", about="person")
    if refusal := need(act.why, "why", "Enter why somebody else takes this on", "why"):
        return refusal
    handed: Draft = (
        "handed_over",
        {"role": act.role, "person": act.person, "name": act.name, "why": written(act.why)},
    )
    if act.until is None:
        return (handed,)
    more = acts.GiveMoreTime(act.until, act.why)
    later = may_give_time(rules, state, by, at) or give_more_time(rules, state, more, by, at)
    return later if isinstance(later, Refusal) else (handed, *later)


def may_record_went_over(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    if by.roles or by.person:
        return Refusal("system-only", "That a child has somebody else is recorded by the service itself.")
    return still_open(state)


def record_went_over(rules: Rules, state: State, act: acts.RecordWentOver, by: By, at: datetime) -> Decision:
    """Beside the ladder: who has which part is looked up, and the history says since when, and why."""
    if act.part not in acts.WENT_OVER:
        return Refusal("no-part", "Nobody has that part by the child", about="part")
    if act.name == act.before:
        return Refusal("recorded", "They have it already", about="name")
    return (("went_over", {"part": act.part, "name": act.name, "before": act.before, "why": act.why}),)


def correct_entry(rules: Rules, state: State, act: acts.Correct, by: By, at: datetime) -> Decision:
    return correction(rules, state, act.seq, act.why, by)


def file_record(rules: Rules, state: State, act: acts.File, by: By, at: datetime) -> Decision:
    if act.child not in state.children:
        return Refusal("child-unknown", "That child is not part of this", about="child")
    return (("filed", {"child": act.child, "system": act.system}),)


# What each event of these changes ----------------------------------------------------------------------------------


def urgent_action_recorded(s: State, e: Event) -> State:
    p = e.payload
    children = tuple(p.get("children", s.children))
    urgent = Urgent(
        e.seq, p["what"], p.get("who", ""), day_of(p.get("on")) or london_date(e.at), e.by, e.at, children=children
    )
    return replace(s, risk=True, urgent=(*s.urgent, urgent))


def rung_back(s: State, e: Event) -> State:
    """The day of the call counts."""
    p = e.payload
    return rung(s, p["entry"], when_on(day_of(p["on"]), e.at), p.get("not_safe", ()), p.get("note", ""))


def ring_given_up(s: State, e: Event) -> State:
    entry, why = e.payload["entry"], e.payload["why"]
    made = (replace(u, given_up=e.at, why_given_up=why) if u.seq == entry else u for u in s.urgent)
    return replace(s, urgent=tuple(made))


def handed_over(s: State, e: Event) -> State:
    """Whose it is, where whoever had the part said that it is not theirs, is decided with it."""
    role = e.payload["role"]
    s = whose_is_settled(s, e.at) if s.whose is not None and s.whose.by.role == role else s
    return replace(s, handed={**s.handed, role: e.payload["person"]})


def corrected(s: State, e: Event) -> State:
    return replace(s, corrected=s.corrected | {e.payload["seq"]})


def filed(s: State, e: Event) -> State:
    return replace(s, filed=s.filed | {e.payload["child"]})


def changes_nothing(s: State, e: Event) -> State:
    """A note, a share, a route beside the ladder: kept in the history, and nothing stands differently for it."""
    return s
