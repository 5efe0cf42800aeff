"""Agreed actions, from agreed to confirmed."""

from __future__ import annotations

from datetime import datetime

from undrift.engine.dates.moments import london_date
from undrift.engine.events import By
from undrift.engine.ladder import acts
from undrift.engine.ladder.drafts import Decision, actions_refused, asked_actions, iso, need
from undrift.engine.ladder.state import State
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules


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
