"""Beside the cycle's own steps: good practice, the ways outside any concern, what becomes of an offer, corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from undrift.engine.correcting import correction
from undrift.engine.dates.due import Due, due_if_counted
from undrift.engine.drafts import Decision, iso, need
from undrift.engine.events import By, Event
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.agenda import starts
from undrift.engine.plan_cycle.conferences import day
from undrift.engine.plan_cycle.guards import child_refused, children_refused, done_on_refused, held_of
from undrift.engine.plan_cycle.offers import offers
from undrift.engine.plan_cycle.state import PARTIES, Note, State, Taken
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.who_may import only
from undrift.protocol.model import Route


def write_note(rules: Rules, state: State, act: acts.WriteNote, by: By, at: datetime) -> Decision:
    refusal = (
        (None if act.child in state.children else child_refused(state, act.child))
        or need(act.text, "text", "Write the note to the child", "text")
        or need(act.worker, "worker", "Enter whose work it is about", "worker")
    )
    if refusal is None and act.tier not in {tier.id for tier in rules.protocol.good_practice}:
        refusal = Refusal("no-tier", "Select how good the work was", about="tier")
    payload = {
        "child": act.child, "tier": act.tier, "text": act.text.strip(), "worker": act.worker.strip(),
        "quotable": act.quotable,
    }  # fmt: skip
    return refusal or (("good_practice_noted", payload),)


def last_day_of(rules: Rules, state: State, route: Route, conference: str) -> Due | None:
    """Until when a way is open after a conference; None where the policy sets no time, or it was not held."""
    found = state.conferences.get(conference)
    if route.within is None or found is None or found.held is None or not starts(found, route.of):
        return None
    return due_if_counted(rules.counted(route.within), found.held.on, rules.calendar, bare_days=rules.bare_days)


def take_route(rules: Rules, state: State, act: acts.TakeRoute, by: By, at: datetime) -> Decision:
    """A late one is recorded as late, and refused to nobody: whoever decides on it says what that means."""
    route = rules.protocol.route(act.route)
    if route is None:
        return Refusal("no-route", "Select a way", about="route")
    if refusal := only(rules, by, route.may, "use this route", route.clause) if route.may else None:
        return refusal
    if act.party not in PARTIES:
        return Refusal("no-party", "Select who takes it", about="party")
    refusal = need(act.who, "who", "Enter who takes it", "who") or done_on_refused(act.on, at)
    if refusal is None and route.asks and not act.text.strip():
        refusal = Refusal("no-text", route.asks, route.clause, "text")
    if refusal is None and (act.conference or _counts_from_one(state, route)):
        found = held_of(state, act.conference) if act.conference else Refusal(
            "no-conference", "Select which conference it is about", route.clause, "conference"
        )  # fmt: skip
        refusal = found if isinstance(found, Refusal) else None
    children = act.children or tuple(
        state.conferences[act.conference].children if act.conference in state.conferences else state.children
    )
    unknown = next((child for child in children if child not in state.children), None)
    if refusal := refusal or (children_refused(state, (unknown,)) if unknown else None):
        return refusal
    last = last_day_of(rules, state, route, act.conference)
    late = last is not None and last.date is not None and act.on > last.date
    about = act.conference if act.conference and state.conferences[act.conference].number else ""
    payload = {
        "id": f"r{len(state.routes) + 1}", "route": route.id, "on": iso(act.on), "who": act.who.strip(),
        "party": act.party, "children": list(children), "text": act.text.strip(), "conference": about,
        "late": late,
    }  # fmt: skip
    return (("route_taken", payload),)


def _counts_from_one(state: State, route: Route) -> bool:
    """Whether its last day counts from a conference that was held: where none is known, it is taken all the same."""
    return route.within is not None and any(c.held is not None for c in state.conferences.values())


def decide_route(rules: Rules, state: State, act: acts.DecideRoute, by: By, at: datetime) -> Decision:
    taken = state.routes.get(act.id)
    route = rules.protocol.route(taken.route) if taken is not None else None
    if taken is None or route is None or taken.upheld is not None or not route.decided_by:
        return Refusal("nothing-to-decide", "Nothing waits for a decision here", about="id")
    refusal = only(rules, by, route.decided_by, "decide on it", route.clause) or need(
        act.why, "why", "Enter why", "why"
    )
    reopens = act.upheld and route.reconvenes and state.ended is not None
    payload = {"id": act.id, "upheld": act.upheld, "why": act.why.strip(), "reopens": reopens or None}
    return refusal or (("route_decided", payload),)


def begin_concern(rules: Rules, state: State, act: acts.BeginConcern, by: By, at: datetime) -> Decision:
    refusal = _not_offered(rules, state, act.offer, at) or need(
        act.reference, "reference", "Enter the concern's reference", "reference"
    )
    return refusal or (("concern_begun", {"offer": act.offer, "reference": act.reference}),)


def decline_offer(rules: Rules, state: State, act: acts.DeclineOffer, by: By, at: datetime) -> Decision:
    refusal = _not_offered(rules, state, act.offer, at) or need(
        act.why, "why", "Enter why no concern is raised of it", "why"
    )
    return refusal or (("offer_declined", {"offer": act.offer, "why": act.why.strip()}),)


def _not_offered(rules: Rules, state: State, key: str, at: datetime) -> Refusal | None:
    if any(offer.key == key for offer in offers(rules, state, at)):
        return None
    return Refusal("not-offered", "Nothing is offered here, or it was decided already", about="offer")


def correct(rules: Rules, state: State, act: acts.Correct, by: By, at: datetime) -> Decision:
    return correction(rules, state, act.seq, act.why, by)


# What each event of these changes ------------------------------------------------------------------------------------


def good_practice_noted(s: State, e: Event) -> State:
    p = e.payload
    note = Note(str(e.seq), p["child"], p["tier"], p["text"], p["worker"], e.at, p["quotable"])
    return replace(s, notes=(*s.notes, note))


def route_taken(s: State, e: Event) -> State:
    p = e.payload
    taken = Taken(
        p["id"], p["route"], day(p["on"]), p["who"], p["party"], tuple(p["children"]), p.get("conference", ""),
        p.get("text", ""), p["late"],
    )  # fmt: skip
    return replace(s, routes={**s.routes, taken.id: taken})


def route_decided(s: State, e: Event) -> State:
    """An appeal that is upheld opens again what has ended: the conference is held once more."""
    p = e.payload
    decided = replace(s.routes[p["id"]], upheld=p["upheld"], decided_at=e.at)
    return replace(s, routes={**s.routes, p["id"]: decided}, ended=None if p.get("reopens") else s.ended)


def concern_begun(s: State, e: Event) -> State:
    return replace(s, taken_up={**s.taken_up, e.payload["offer"]: (e.payload["reference"], e.at)})


def offer_declined(s: State, e: Event) -> State:
    return replace(s, declined={**s.declined, e.payload["offer"]: (e.payload["why"], e.at)})


def corrected(s: State, e: Event) -> State:
    return replace(s, corrected=s.corrected | {e.payload["seq"]})
