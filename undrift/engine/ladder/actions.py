"""Agreed actions, from agreed to confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from undrift.engine.dates.moments import london_date
from undrift.engine.events import By, Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.drafts import Decision, actions_refused, asked_actions, iso, need
from undrift.engine.ladder.guards import everyone, first_role, only, stage_here, still_open
from undrift.engine.ladder.state import Action, State, day_of
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules


def may_work_on_actions(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    if refusal := still_open(state):
        return refusal
    owner = any(a.person and a.person == by.person for a in state.actions.values())
    if owner or first_role(by, (*everyone(rules, state), "social-worker")):
        return None
    return Refusal("not-yours", "Only those who have a part in it can update its actions.")


def may_confirm_actions(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage = stage_here(rules, state)
    return still_open(state) or only(rules, by, stage.judged_by, "confirm an action", stage.clause)


def agree_action(rules: Rules, state: State, act: acts.AgreeAction, by: By, at: datetime) -> Decision:
    if refusal := actions_refused((act.action,), london_date(at)):
        return refusal
    return (("action_agreed", asked_actions((act.action,), _next_number(state))[0]),)


def _next_number(state: State) -> int:
    return max((int(i[1:]) for i in state.actions if i[1:].isdigit()), default=0) + 1


def _known_action(state: State, action: str, statuses: tuple[str, ...]) -> Refusal | None:
    found = state.actions.get(action)
    if found is None:
        return Refusal("no-action", "There is no such action.", about="id")
    if found.status not in statuses:
        return Refusal("action-status", f"This action is {found.status}.", about="id")
    return None


def start_action(rules: Rules, state: State, act: acts.StartAction, by: By, at: datetime) -> Decision:
    return _known_action(state, act.id, ("agreed",)) or (("action_started", {"id": act.id, "note": act.note}),)


def finish_action(rules: Rules, state: State, act: acts.FinishAction, by: By, at: datetime) -> Decision:
    if refusal := _known_action(state, act.id, ("agreed", "in progress")):
        return refusal
    if act.on > london_date(at):
        return Refusal("later", "The date must be today or earlier", about="on")
    if act.on < london_date(state.raised):
        return Refusal("before-raised", "The date must be on or after the day this was raised", about="on")
    return (("action_done", {"id": act.id, "on": iso(act.on), "helped": act.helped}),)


def confirm_action(rules: Rules, state: State, act: acts.ConfirmAction, by: By, at: datetime) -> Decision:
    return _known_action(state, act.id, ("done",)) or (("action_confirmed", {"id": act.id, "note": act.note}),)


def return_action(rules: Rules, state: State, act: acts.ReturnAction, by: By, at: datetime) -> Decision:
    refusal = _known_action(state, act.id, ("done",)) or need(act.why, "why", "Enter what is still needed", "why")
    return refusal or (("action_returned", {"id": act.id, "why": act.why.strip()}),)


def redate_action(rules: Rules, state: State, act: acts.ChangeActionDate, by: By, at: datetime) -> Decision:
    if refusal := _known_action(state, act.id, ("agreed", "in progress")):
        return refusal
    if act.by < london_date(at):
        return Refusal("date-past", "The date must be today or later", about="by")
    if refusal := need(act.why, "why", "Enter why the date changes", "why"):
        return refusal
    return (("action_date_changed", {"id": act.id, "by": iso(act.by), "why": act.why.strip()}),)


def drop_action(rules: Rules, state: State, act: acts.DropAction, by: By, at: datetime) -> Decision:
    refusal = _known_action(state, act.id, ("agreed", "in progress", "done"))
    refusal = refusal or need(act.why, "why", "Enter why it is no longer needed", "why")
    return refusal or (("action_dropped", {"id": act.id, "why": act.why.strip()}),)


# What each event of these changes ----------------------------------------------------------------------------------


def action_agreed(s: State, e: Event) -> State:
    return with_action(s, e.payload)


def action_started(s: State, e: Event) -> State:
    return _action(s, e, status="in progress")


def action_done(s: State, e: Event) -> State:
    done_on, helped = day_of(e.payload["on"]), e.payload.get("helped", "")
    return _action(s, e, status="done", done_on=done_on, helped=helped, returned="")


def action_confirmed(s: State, e: Event) -> State:
    return replace(_action(s, e, status="complete"), last_action_at=e.at)


def action_returned(s: State, e: Event) -> State:
    return _action(s, e, status="in progress", returned=e.payload["why"])


def action_date_changed(s: State, e: Event) -> State:
    by = day_of(e.payload["by"])
    found = s.actions.get(e.payload["id"])
    if found is None or by is None:
        return s
    return _action(s, e, by=by, dates=(*found.dates, by))


def action_dropped(s: State, e: Event) -> State:
    return replace(_action(s, e, status="dropped"), last_action_at=e.at)


def with_action(s: State, a: Mapping[str, Any]) -> State:
    by = day_of(a.get("by"))
    action = Action(a["id"], a["what"], a["who"], a.get("person", ""), by, dates=(by,) if by else ())
    return replace(s, actions={**s.actions, action.id: action})


def _action(s: State, e: Event, **changes: Any) -> State:
    found = s.actions.get(e.payload["id"])
    if found is None:
        return s
    return replace(s, actions={**s.actions, found.id: replace(found, **changes)})
