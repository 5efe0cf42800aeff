"""Agreed actions, from agreed to confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from undrift.engine.dates.horizons import too_far_ahead
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.drafts import Decision, iso, need
from undrift.engine.events import By, Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.drafts import actions_refused, asked_actions
from undrift.engine.ladder.guards import Guard, everyone, stage_here, still_open
from undrift.engine.ladder.state import TO_DO, Action, Past, State, day_of
from undrift.engine.musts import Must
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.who_may import first_role, only
from undrift.engine.written import written
from undrift.protocol.model import Stage


def takes_part(doing: str) -> Guard:
    """Whoever has a part in it, the child's social worker and whoever does one of its actions."""

    def may(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
        if refusal := still_open(state):
            return refusal
        owner = any(a.person and a.person == by.person for a in state.actions.values())
        if owner or _has_a_part(rules, state, by):
            return None
        return Refusal("not-yours", f"Only those who have a part in it can {doing}.")

    return may


def _has_a_part(rules: Rules, state: State, by: By) -> bool:
    return first_role(by, (*everyone(rules, state), "social-worker")) is not None


may_agree = takes_part("add an action")
may_start = takes_part("say that an action is begun")
may_finish = takes_part("say that an action is done")


def not_theirs(rules: Rules, state: State, action: Action, by: By) -> Refusal | None:
    """Whoever plays no part in it but to do an action speaks of that one alone."""
    if action.person == by.person or _has_a_part(rules, state, by):
        return None
    return Refusal("not-yours", f"This is for {action.who} to say, or for those who have a part in it.", about="id")


def the_judge(doing: str) -> Guard:
    """Whoever judges at this stage."""

    def may(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
        stage = stage_here(rules, state)
        return still_open(state) or only(rules, by, stage.judged_by, doing, stage.clause)

    return may


may_confirm = the_judge("confirm an action")
may_return = the_judge("ask for more on an action")
may_redate = the_judge("change the date of an action")
may_decline_the_date = the_judge("decide about a new date")
may_give = the_judge("give an action to somebody else")
_may_end_what_was_agreed = the_judge("end an action")


def may_drop(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    """May they end any of its actions? `decide` asks about the one that is named."""
    own = any(first_role(by, who_directs(rules, state, action)) for action in state.directed)
    return still_open(state) if own else _may_end_what_was_agreed(rules, state, by, at)


def may_drop_this(rules: Rules, state: State, action: Action, by: By, at: datetime) -> Refusal | None:
    """The chair ends what was agreed; what was directed, whoever directed it, and nobody else."""
    if not action.directed:
        return _may_end_what_was_agreed(rules, state, by, at)
    clause, doing = _directed_at(rules, state, action).clause, "end what they directed: it binds until it is done"
    return still_open(state) or only(rules, by, who_directs(rules, state, action), doing, clause)


def who_directs(rules: Rules, state: State, action: Action) -> tuple[str, ...]:
    """The roles that answer at the stage where it was directed."""
    answer = _directed_at(rules, state, action).answer
    return (answer.who,) if answer else ()


def _directed_at(rules: Rules, state: State, action: Action) -> Stage:
    return rules.protocol.stage(state.visits[action.visit - 1].stage)


_may_ask = takes_part("ask for another date")


def may_ask_for_a_date(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    """Whoever does an action asks; the chair, who agrees, just changes it."""
    if refusal := _may_ask(rules, state, by, at):
        return refusal
    if first_role(by, stage_here(rules, state).judged_by):
        return Refusal("yours-to-agree", "You agree the dates yourself: change it.")
    return None


def agree_action(rules: Rules, state: State, act: acts.AgreeAction, by: By, at: datetime) -> Decision:
    if refusal := actions_refused((act.action,), london_date(at)):
        return refusal
    return (("action_agreed", asked_actions((act.action,), next_number(state))[0]),)


def next_number(state: State) -> int:
    """The number of the next action: none is used twice, whatever was promised and not agreed."""
    promised = [a["id"] for v in state.visits for w in (*v.earlier_answers, v.answer) if w for a in w.actions]
    return max((int(i[1:]) for i in (*state.actions, *promised) if i[1:].isdigit()), default=0) + 1


def _theirs(rules: Rules, state: State, action: str, by: By, statuses: tuple[str, ...]) -> Refusal | None:
    """The same, of an action that is theirs to speak of."""
    return _known_action(state, action, statuses) or not_theirs(rules, state, state.actions[action], by)


def _known_action(state: State, action: str, statuses: tuple[str, ...]) -> Refusal | None:
    found = state.actions.get(action)
    if found is None:
        return Refusal("no-action", "There is no such action.", about="id")
    if found.status not in statuses:
        return Refusal("action-status", f"This action is {found.status}.", about="id")
    return None


def start_action(rules: Rules, state: State, act: acts.StartAction, by: By, at: datetime) -> Decision:
    return _theirs(rules, state, act.id, by, ("agreed",)) or (("action_started", {"id": act.id, "note": act.note}),)


def finish_action(rules: Rules, state: State, act: acts.FinishAction, by: By, at: datetime) -> Decision:
    if refusal := _theirs(rules, state, act.id, by, TO_DO):
        return refusal
    if act.on > london_date(at):
        return Refusal("later", "The date must be today or earlier", about="on")
    if act.on < (began := state.first_day):
        sentence = f"The date must be {full_day(began, short=True)}, when this began, or later"
        return Refusal("before-raised", sentence, about="on")
    before = state.actions[act.id]
    if before.returned and before.done_on is not None and act.on < before.done_on:
        sentence = f"The date must be {full_day(before.done_on, short=True)}, when more was needed, or later"
        return Refusal("before-returned", sentence, about="on")
    return (("action_done", {"id": act.id, "on": iso(act.on), "helped": act.helped}),)


def confirm_action(rules: Rules, state: State, act: acts.ConfirmAction, by: By, at: datetime) -> Decision:
    return _known_action(state, act.id, ("done",)) or (("action_confirmed", {"id": act.id, "note": act.note}),)


def return_action(rules: Rules, state: State, act: acts.ReturnAction, by: By, at: datetime) -> Decision:
    refusal = _known_action(state, act.id, ("done",)) or need(act.why, "why", "Enter what is still needed", "why")
    return refusal or (("action_returned", {"id": act.id, "why": written(act.why)}),)


def redate_action(rules: Rules, state: State, act: acts.ChangeActionDate, by: By, at: datetime) -> Decision:
    if refusal := _known_action(state, act.id, TO_DO):
        return refusal
    if refusal := _new_date_refused(act.by, at) or need(act.why, "why", "Enter why the date changes", "why"):
        return refusal
    return (("action_date_changed", {"id": act.id, "by": iso(act.by), "why": written(act.why)}),)


def _new_date_refused(day: date, at: datetime) -> Refusal | None:
    if day < london_date(at):
        return Refusal("date-past", "The date must be today or later", about="by")
    if too_far := too_far_ahead(day, london_date(at)):
        return Refusal("date-far", too_far, about="by")
    return None


def ask_for_a_date(rules: Rules, state: State, act: acts.AskForActionDate, by: By, at: datetime) -> Decision:
    if refusal := _theirs(rules, state, act.id, by, TO_DO):
        return refusal
    if act.by == state.actions[act.id].by:
        return Refusal("same-date", "That is the date it has already", about="by")
    if refusal := _new_date_refused(act.by, at) or need(act.why, "why", "Enter why it needs another date", "why"):
        return refusal
    return (("action_date_asked", {"id": act.id, "by": iso(act.by), "why": written(act.why)}),)


def decline_the_date(rules: Rules, state: State, act: acts.DeclineActionDate, by: By, at: datetime) -> Decision:
    if refusal := _known_action(state, act.id, TO_DO):
        return refusal
    if state.actions[act.id].asked is None:
        return Refusal("not-asked", "Nobody has asked for a new date.", about="id")
    refusal = need(act.why, "why", "Enter why the date stays", "why")
    return refusal or (("action_date_declined", {"id": act.id, "why": written(act.why)}),)


def may_record_owner_left(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    if by.roles or by.person:
        return Refusal("system-only", "That somebody has left is recorded by the service itself.")
    return still_open(state)


def record_owner_left(rules: Rules, state: State, act: acts.RecordOwnerLeft, by: By, at: datetime) -> Decision:
    if refusal := _known_action(state, act.id, TO_DO):
        return refusal
    action = state.actions[act.id]
    if not action.person or action.owner_left is not None:
        return Refusal("recorded", "This is recorded already.")
    return (("owner_left", {"id": act.id}),)


def give_action(rules: Rules, state: State, act: acts.GiveAction, by: By, at: datetime) -> Decision:
    if refusal := _known_action(state, act.id, TO_DO):
        return refusal
    if refusal := need(act.who, "no-name", "Enter who will do it", "who"):
        return refusal
    action = state.actions[act.id]
    if (act.person, written(act.who)) == (action.person, action.who):
        return Refusal("same-person", "They have it already. Choose somebody else", about="who")
    if refusal := need(act.why, "why", "Enter why somebody else does it", "why"):
        return refusal
    return (("action_given", {"id": act.id, "who": written(act.who), "person": act.person, "why": written(act.why)}),)


def drop_action(rules: Rules, state: State, act: acts.DropAction, by: By, at: datetime) -> Decision:
    refusal = _known_action(state, act.id, (*TO_DO, "done"))
    refusal = refusal or may_drop_this(rules, state, state.actions[act.id], by, at)
    refusal = refusal or need(act.why, "why", "Enter why it is no longer needed", "why")
    return refusal or (("action_dropped", {"id": act.id, "why": written(act.why)}),)


# What each event of these changes ----------------------------------------------------------------------------------


def action_agreed(s: State, e: Event) -> State:
    return with_action(s, e.payload, _for_whom(s, e.payload["id"]))


def _for_whom(s: State, action: str) -> tuple[str, ...]:
    """Those for whom the answer that promised it was accepted; what was agreed without one is for all in it here."""
    judged = s.here.judged if action in _promised(s) else None
    settled = tuple(c for c, yes in judged.children.items() if yes) if judged else ()
    return settled or tuple(c.id for c in (s.unsettled if judged else ()) or s.taking_part)


def _promised(s: State) -> frozenset[str]:
    return frozenset(a["id"] for a in s.here.answer.actions) if s.here.answer else frozenset()


def agreed_for(s: State, children: Iterable[str]) -> State:
    """What the answer promises and is agreed already is for these children as well."""
    also = tuple(children)
    promised = {
        a.id: replace(a, children=tuple(dict.fromkeys((*a.children, *also))))
        for a in (s.actions[number] for number in _promised(s) & s.actions.keys())
    }
    return replace(s, actions={**s.actions, **promised}) if also and promised else s


def action_started(s: State, e: Event) -> State:
    return _action(s, e, status="in progress")


def action_done(s: State, e: Event) -> State:
    done_on, helped = day_of(e.payload["on"]), e.payload.get("helped", "")
    s = _no_more_owed(s, e, met=False)
    return _action(s, e, status="done", done_on=done_on, done_at=e.at, helped=helped, returned="", **NOTHING_ASKED)


def action_confirmed(s: State, e: Event) -> State:
    return _over(s, e, "complete")


def _over(s: State, e: Event, status: str) -> State:
    directed = bool(s.directed)
    s = replace(_action(_no_more_owed(s, e), e, status=status), last_action_at=e.at)
    return replace(s, directed_done=e.at) if directed and not s.directed else s


def action_returned(s: State, e: Event) -> State:
    return _action(_no_more_owed(s, e), e, status="in progress", returned=e.payload["why"])


def action_date_changed(s: State, e: Event) -> State:
    by = day_of(e.payload["by"])
    found = s.actions.get(e.payload["id"])
    if found is None or by is None:
        return s
    return _action(
        _no_more_owed(s, e), e, by=by, dates=(*found.dates, by), decided=None, word=_word(e), **NOTHING_ASKED
    )


NOTHING_ASKED: Mapping[str, None] = {"asked": None, "asked_at": None, "asked_by": None}


def action_date_asked(s: State, e: Event) -> State:
    asked, why = day_of(e.payload["by"]), e.payload["why"]
    s = _no_more_owed(s, e, (Must.AGREE_THE_DATE,), met=False)  # one that was asked for before and not decided
    return _action(s, e, asked=asked, asked_why=why, asked_at=e.at, asked_by=e.by)


def action_date_declined(s: State, e: Event) -> State:
    return _action(_no_more_owed(s, e, (Must.AGREE_THE_DATE,)), e, word=_word(e), **NOTHING_ASKED)


def _word(e: Event) -> tuple[str, str]:
    return e.type, str(e.payload.get("why") or "")


def owner_left(s: State, e: Event) -> State:
    return _action(s, e, owner_left=e.at)


def action_given(s: State, e: Event) -> State:
    s = _no_more_owed(s, e, (Must.AGREE_THE_DATE,), met=False)
    who, person, found = e.payload["who"], e.payload["person"], s.actions.get(e.payload["id"])
    had = found.person if found is not None and found.owner_left is None else ""
    return _action(s, e, who=who, person=person, had=had, owner_left=None, word=_word(e), **NOTHING_ASKED)


def action_dropped(s: State, e: Event) -> State:
    return _over(_action(s, e, word=_word(e)), e, "dropped")


def gone_on_without(s: State, e: Event, since: int = 0) -> State:
    """The chair goes on although the date of an action has passed: that is the decision on it.

    On each that was agreed in that stay on a stage, the first being 1, or since.
    """
    late = {a.id: a for a in s.actions.values() if a.visit >= since and s.to_decide_on(a, london_date(e.at))}
    decided = {
        key: replace(a, decided=e.at, past=(*a.past, *_owed(s, a, e.at, (Must.DECIDE_ON_THE_ACTION,))))
        for key, a in late.items()
    }
    return replace(s, actions={**s.actions, **decided}) if decided else s


_THE_CHAIRS = (Must.AGREE_THE_DATE, Must.DECIDE_ON_THE_ACTION, Must.CONFIRM_THE_ACTION)


def _no_more_owed(s: State, e: Event, musts: tuple[Must, ...] = _THE_CHAIRS, *, met: bool = True) -> State:
    """What the chair owed about this action is over with this event: it stays findable, with when."""
    found = s.actions.get(e.payload["id"])
    if found is None or not (owed := _owed(s, found, e.at, musts, met=met)):
        return s
    return replace(s, actions={**s.actions, found.id: replace(found, past=(*found.past, *owed))})


def _owed(s: State, a: Action, at: datetime, musts: tuple[Must, ...], *, met: bool = True) -> tuple[Past, ...]:
    owes: dict[Must, tuple[datetime | None, date | None]] = {}
    if a.asked_at is not None and a.open:
        owes[Must.AGREE_THE_DATE] = (a.asked_at, None)
    if s.to_decide_on(a, london_date(at)):
        owes[Must.DECIDE_ON_THE_ACTION] = (s.judged_at if a.decided else None, a.by)
    if a.status == "done" and a.done_at is not None:
        owes[Must.CONFIRM_THE_ACTION] = (a.done_at, None)
    return tuple(
        Past(must, since, at if met else None, None if met else at, day, a.nth(must))
        for must, (since, day) in owes.items()
        if must in musts
    )


def with_action(s: State, a: Mapping[str, Any], children: tuple[str, ...]) -> State:
    by = day_of(a.get("by"))
    dates, directed = (by,) if by else (), bool(a.get("directed"))
    action = Action(
        a["id"], a["what"], a["who"], a.get("person", ""), by, dates=dates, directed=directed, visit=len(s.visits),
        children=children,
    )  # fmt: skip
    return replace(s, actions={**s.actions, action.id: action})


def _action(s: State, e: Event, **changes: Any) -> State:
    found = s.actions.get(e.payload["id"])
    if found is None:
        return s
    return replace(s, actions={**s.actions, found.id: replace(found, **changes)})
