"""An act in, events or a refusal out. Nothing is changed here: the caller appends the events, or shows the refusal.

`engine.guards` answers "may this person, may this happen now"; the functions below check what the act says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from undrift.engine import acts
from undrift.engine.agenda import agenda, waiting_over
from undrift.engine.calendars import OutsideCalendar
from undrift.engine.due import due, working_days_between
from undrift.engine.events import By, Event, event
from undrift.engine.guards import GUARDS, everyone, first_role, only
from undrift.engine.moments import london_date
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.state import ENDINGS, State
from undrift.protocol.clocks import Agreed, Clock, Counted, say
from undrift.protocol.model import Stage

Draft = tuple[str, Mapping[str, Any]]
Decision = tuple[Draft, ...] | Refusal
AGREEMENTS = ("agree", "agree in part", "do not agree")


def decide(rules: Rules, state: State | None, act: acts.Act, by: By, at: datetime) -> tuple[Event, ...] | Refusal:
    """The events that this act brings about, numbered after the state's last; or why it may not happen now.

    Refuses anything that is not the person's to do, not possible at this stage or incomplete, and a date beyond the
    calendar. Changes nothing.
    """
    try:
        if isinstance(act, acts.Raise):
            if state is not None:
                return Refusal("raised-already", "This has been raised already.")
            drafts, role = _raise(rules, act, by, at), _role(by, rules.protocol.stages[0].sent_by)
        elif state is None:
            return Refusal("not-raised", "There is nothing here yet: raise a concern first.")
        else:
            if (refusal := GUARDS[type(act)](rules, state, by, at)) and not _overtaken(refusal, act):
                return refusal
            drafts, role = _DECIDERS[type(act)](rules, state, act, by, at), _part(rules, state, act, by)
    except OutsideCalendar as outside:
        return Refusal("outside-calendar", str(outside), about="date")
    if isinstance(drafts, Refusal):
        return drafts
    first = 1 if state is None else state.seq + 1
    who = replace(by, role=role)
    return tuple(event(first + n, name, payload, who, at) for n, (name, payload) in enumerate(drafts))


WAITS = frozenset({"too-soon", "not-judged", "accepted", "milestone-pending"})


def _overtaken(refusal: Refusal, act: acts.Act) -> bool:
    """An immediate risk waits for no answer and no date: the reason to wait is overtaken."""
    return isinstance(act, acts.MoveOn) and act.because == "immediate risk" and refusal.code in WAITS


def _role(by: By, wanted: tuple[str, ...]) -> str:
    return first_role(by, wanted) or (sorted(by.roles)[0] if by.roles else by.role)


def _part(rules: Rules, state: State, act: acts.Act, by: By) -> str:
    """In which part this act is done: the one that the policy asks for, where the person holds several."""
    stage = rules.protocol.stage(state.here.stage)
    asked = stage.answer
    match act:
        case acts.Respond() if asked:
            return _role(by, (asked.who,))
        case acts.Approve() | acts.SendBack() if asked and asked.approved_by:
            return _role(by, (asked.approved_by,))
        case acts.RecordLapse():
            return "system"
        case _:
            return _role(by, (*stage.judged_by, *stage.sent_by, *everyone(rules, state)))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _need(text: str, code: str, sentence: str, about: str, clause: str = "") -> Refusal | None:
    return None if text.strip() else Refusal(code, sentence, clause, about)


def _asked_actions(actions: tuple[acts.ActionAsked, ...], first: int) -> list[dict[str, Any]]:
    return [
        {
            k: v
            for k, v in {
                "id": f"a{first + n}",
                "what": a.what,
                "who": a.who,
                "person": a.person,
                "by": _iso(a.by),
            }.items()
            if v
        }
        for n, a in enumerate(actions)
    ]


def _actions_refused(actions: tuple[acts.ActionAsked, ...], today: date) -> Refusal | None:
    for n, action in enumerate(actions, start=1):
        if not action.what.strip():
            return Refusal("action-what", f"Enter what will be done (action {n})", about="actions")
        if not action.who.strip():
            return Refusal("action-who", f"Enter who will do action {n}", about="actions")
        if action.by is not None and action.by < today:
            return Refusal("action-past", f"The date of action {n} must be today or later", about="actions")
    return None


def _risk(risk: acts.Risk | None) -> dict[str, str] | None:
    return None if risk is None else {"acted": risk.acted}


# Raising ---------------------------------------------------------------------------------------------------------


def _raise(rules: Rules, act: acts.Raise, by: By, at: datetime) -> Decision:
    protocol = rules.protocol
    if act.stage not in {s.id for s in protocol.stages}:
        return Refusal("no-stage", f'The policy has no stage "{act.stage}".', about="stage")
    stage, today = protocol.stage(act.stage), london_date(at)
    refusal = (
        only(rules, by, stage.sent_by, f"raise a concern at {stage.title}", stage.clause)
        or _raise_here(rules, stage, act)
        or _children_refused(stage, act)
        or _concern_refused(rules, act)
        or _conversation_refused(rules, stage, act.spoke, act.risk is not None, today)
        or _happened_refused(rules, act.happened, today)
        or _actions_refused(act.actions, today)
        or _date_refused(rules, stage, act.date, at)
        or _asked_by_refused(act.asked_by, today)
        or _not_set_out(stage, act.ask, act.completion, act.risk is not None, today)
    )
    if refusal:
        return refusal
    raised: Draft = (
        "raised",
        {
            "stage": stage.id,
            "children": {c.id: c.impact.strip() for c in act.children},
            "grounds": list(act.grounds),
            "concern": act.concern.strip(),
            "occasion": act.occasion,
            "risk": _risk(act.risk),
            "ask": act.ask,
            "tried": act.tried,
            "why_this_stage": act.why_this_stage,
            "actions": _asked_actions(act.actions, 1),
            "date": _iso(act.date),
            "asked_by": _iso(act.asked_by),
            "agency": act.agency,
            "recommendation": act.recommendation,
            "completion": _iso(act.completion),
            "copied": list(act.copied),
            "happened": _iso(act.happened),
            "conference": act.conference,
        },
    )
    return (raised, *_spoken(act.spoke, today))


def _spoken(talk: acts.Conversation | None, today: date) -> tuple[Draft, ...]:
    if talk is None:
        return ()
    payload = {
        "with": talk.to,
        "with_name": talk.name,
        "how": talk.how,
        "on": _iso(talk.on or today),
        "note": talk.note,
    }
    return (("spoke", payload),)


def _raise_here(rules: Rules, stage: Stage, act: acts.Raise) -> Refusal | None:
    if not stage.may_start_here:
        return Refusal("not-a-start", f"A concern cannot start at {stage.title}.", stage.clause, "stage")
    informal = [rules.protocol.position(s.id) for s in rules.protocol.stages if s.formality == "informal"]
    usual = min(informal) + 1 if informal else 0
    above = stage.formality == "formal" and rules.protocol.position(stage.id) > usual
    if above and act.risk is None and not act.why_this_stage.strip():
        return Refusal(
            "why-this-stage",
            f"Tell us why you are starting at {stage.title.lower()}",
            stage.clause,
            "why_this_stage",
        )
    return None


def _children_refused(stage: Stage, act: acts.Raise) -> Refusal | None:
    if not act.children:
        return Refusal("no-children", "Select at least one child", about="children")
    for child in act.children:
        if not child.impact.strip():
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
    if not act.grounds and not act.concern.strip():
        return Refusal("no-concern", "Select a reason or enter what the concern is", about="concern")
    return None


def _conversation_refused(
    rules: Rules, stage: Stage, talk: acts.Conversation | None, excused: bool, today: date
) -> Refusal | None:
    first = stage.speak_first
    if talk is not None:
        if not talk.how.strip():
            return Refusal("how-spoken", "Select how you spoke", about="spoke")
        if talk.on is not None and talk.on > today:
            return Refusal("spoken-later", "The date of the conversation must be today or earlier", about="spoke")
        return None
    if first is None or not first.required or excused:
        return None  # an immediate risk never waits for a conversation
    who = rules.protocol.title_of(first.to)
    return Refusal("speak-first", f"Contact the {who} first, and say how", first.clause or stage.clause, "spoke")


def _happened_refused(rules: Rules, happened: date | None, today: date) -> Refusal | None:
    if happened is None or happened == today:
        return None
    if happened > today:
        return Refusal("happened-later", "The date must be today or earlier", about="happened")
    if working_days_between(happened, today, rules.calendar) > rules.backdate_at_most:
        back = rules.backdate_at_most
        return Refusal("happened-long-ago", f"The date must be within the last {back} working days", about="happened")
    return None


def _asked_by_refused(asked: date | None, today: date) -> Refusal | None:
    if asked is not None and asked < today:
        return Refusal("asked-past", "The date you ask for must be today or later", about="asked_by")
    return None


def _date_refused(rules: Rules, stage: Stage, day: date | None, at: datetime) -> Refusal | None:
    """The agreed date where the clock is agreed; the chair's own date where the policy lets the chair set it."""
    asked, today = stage.answer, london_date(at)
    if asked is None:
        return None
    clock: Clock | None = asked.within
    if isinstance(clock, Agreed):
        if day is None:
            return Refusal("no-date", "Enter a date by which this will be done", asked.clause or stage.clause, "date")
        clock = clock.longest
    elif day is None:
        return None
    elif not stage.chair_sets_date:
        return Refusal(
            "date-not-yours",
            f"The policy sets the time here: {say(asked.within)}",
            asked.clause or stage.clause,
            "date",
        )
    if day <= today:
        return Refusal("date-past", "The date must be after today", asked.clause or stage.clause, "date")
    if isinstance(clock, Counted):
        last = due(clock, at, rules.calendar, bare_days=rules.bare_days)
        if last.date is not None and day > last.date:
            longest = f"{last.date.day} {last.date:%B %Y}"
            return Refusal(
                "date-too-late",
                f"The policy allows at most {say(clock)}: {longest} at the latest",
                asked.clause or stage.clause,
                "date",
            )
    return None


def _not_set_out(stage: Stage, ask: str, completion: date | None, at_risk: bool, today: date) -> Refusal | None:
    """What the policy wants the sender to write. An immediate risk never waits for it."""
    if completion is not None and completion < today:
        return Refusal("completion-past", "The date of completion must be today or later", stage.clause, "completion")
    if at_risk:
        return None
    if "ask" in stage.sets_out and not ask.strip():
        return Refusal("no-ask", "Enter what action is required", stage.clause, "ask")
    if "completion" in stage.sets_out and completion is None:
        return Refusal("no-completion", "Enter the date by which it has to be completed", stage.clause, "completion")
    return None


# Answering -------------------------------------------------------------------------------------------------------


def _speak(rules: Rules, state: State, act: acts.Speak, by: By, at: datetime) -> Decision:
    if refusal := _need(act.conversation.how, "how-spoken", "Select how you spoke", "spoke"):
        return refusal
    return _spoken(act.conversation, london_date(at))


def _reach(rules: Rules, state: State, act: acts.Reach, by: By, at: datetime) -> Decision:
    milestone = rules.protocol.milestone(act.milestone)
    if milestone is None:
        return Refusal("no-milestone", f'The policy has no step "{act.milestone}"', about="milestone")
    stage = rules.protocol.stage(state.here.stage)
    if act.milestone not in {d.must for d in stage.duties}:
        return Refusal("not-here", f"{milestone.title} does not belong to {stage.title}.", stage.clause, "milestone")
    if act.on > london_date(at):
        return Refusal("later", "The date must be today or earlier", milestone.clause, "on")
    if milestone.asks_if_accepted and act.accepted is None:
        return Refusal(
            "accepted-unsaid",
            "Say whether the agency accepts the recommendation",
            milestone.clause,
            "accepted",
        )
    payload = {"milestone": act.milestone, "on": _iso(act.on), "note": act.note, "accepted": act.accepted}
    return (("milestone_reached", payload),)


def _respond(rules: Rules, state: State, act: acts.Respond, by: By, at: datetime) -> Decision:
    stage = rules.protocol.stage(state.here.stage)
    if act.agree not in AGREEMENTS:
        return Refusal("agree-unsaid", "Select whether you agree there is a concern", about="agree")
    if refusal := _need(act.text, "no-text", "Enter what you will do and why", "text"):
        return refusal
    if refusal := _actions_refused(act.actions, london_date(at)):
        return refusal
    if refusal := _answer_not_set_out(stage, act):
        return refusal
    for question in stage.consider:
        if question.id not in act.consider:
            return Refusal(
                "consider",
                f"Select an answer: {question.question}",
                question.clause,
                f"consider-{question.id}",
            )
    asked = stage.answer
    name = "answer_drafted" if asked and asked.approved_by else "answered"
    payload = {
        "agree": act.agree,
        "text": act.text.strip(),
        "actions": _asked_actions(act.actions, len(state.actions) + 1),
        "obstacles": list(act.obstacles),
        "consider": dict(act.consider),
    }
    return ((name, payload),)


def _answer_not_set_out(stage: Stage, act: acts.Respond) -> Refusal | None:
    """What the policy wants an answer to set out. One that does not agree has no action to name."""
    asked = stage.answer
    if asked is None or act.agree == "do not agree":
        return None
    if "actions" in asked.sets_out and not act.actions:
        return Refusal("no-actions", "Enter the action being taken", asked.clause or stage.clause, "actions")
    if "dates" in asked.sets_out and (undated := [n for n, a in enumerate(act.actions, start=1) if a.by is None]):
        sentence = f"Enter the date by which action {undated[0]} will be done"
        return Refusal("action-undated", sentence, asked.clause or stage.clause, "actions")
    return None


def _approve(rules: Rules, state: State, act: acts.Approve, by: By, at: datetime) -> Decision:
    return (("approved", {"comment": act.comment}),)


def _send_back(rules: Rules, state: State, act: acts.SendBack, by: By, at: datetime) -> Decision:
    if refusal := _need(act.comment, "no-comment", "Enter what needs to change", "comment"):
        return refusal
    return (("sent_back", {"comment": act.comment.strip()}),)


# Judging and moving ----------------------------------------------------------------------------------------------


def _judge(rules: Rules, state: State, act: acts.Judge, by: By, at: datetime) -> Decision:
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


def _move_on(rules: Rules, state: State, act: acts.MoveOn, by: By, at: datetime) -> Decision:
    protocol, here = rules.protocol, state.here
    current = protocol.stage(here.stage)
    if act.to not in {s.id for s in protocol.stages}:
        return Refusal("no-stage", f'The policy has no stage "{act.to}"', about="to")
    to, today = protocol.stage(act.to), london_date(at)
    at_risk = act.risk is not None or act.because == "immediate risk"
    refusal = (
        _reason_refused(rules, state, act, at)
        or _way_refused(rules, current, to, act)
        or _conversation_refused(rules, to, act.spoke, at_risk, today)
        or _date_refused(rules, to, act.date, at)
        or _asked_by_refused(act.asked_by, today)
        or _not_set_out(to, act.ask, act.completion, at_risk, today)
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
        "date": _iso(act.date),
        "asked_by": _iso(act.asked_by),
        "agency": act.agency,
        "completion": _iso(act.completion),
        "risk": _risk(act.risk),
        "copied": list(act.copied),
        "why_this_stage": act.why_this_stage,
    }
    return (("moved_on", payload), *_spoken(act.spoke, today))


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


def _give_time(rules: Rules, state: State, act: acts.GiveMoreTime, by: By, at: datetime) -> Decision:
    if act.until <= london_date(at):
        return Refusal("date-past", "The date must be after today", about="until")
    if refusal := _need(act.why, "why", "Enter why more time is right for the child", "why"):
        return refusal
    return (("more_time_given", {"until": _iso(act.until), "why": act.why.strip()}),)


def _lapse(rules: Rules, state: State, act: acts.RecordLapse, by: By, at: datetime) -> Decision:
    if act.duty in state.here.lapsed:
        return Refusal("recorded", "This is recorded already.")
    duty = next((d for d in agenda(rules, state, at) if d.key == act.duty), None)
    if duty is None or not duty.owed or not duty.late(at):
        return Refusal("not-lapsed", "No such date has passed.")
    return (("date_lapsed", {"duty": duty.key, "due": _iso(duty.day)}),)


# Actions ---------------------------------------------------------------------------------------------------------


def _agree_action(rules: Rules, state: State, act: acts.AgreeAction, by: By, at: datetime) -> Decision:
    if refusal := _actions_refused((act.action,), london_date(at)):
        return refusal
    return (("action_agreed", _asked_actions((act.action,), _next_number(state))[0]),)


def _next_number(state: State) -> int:
    return max((int(i[1:]) for i in state.actions if i[1:].isdigit()), default=0) + 1


def _known_action(state: State, action: str, statuses: tuple[str, ...]) -> Refusal | None:
    found = state.actions.get(action)
    if found is None:
        return Refusal("no-action", "There is no such action.", about="id")
    if found.status not in statuses:
        return Refusal("action-status", f"This action is {found.status}.", about="id")
    return None


def _start_action(rules: Rules, state: State, act: acts.StartAction, by: By, at: datetime) -> Decision:
    return _known_action(state, act.id, ("agreed",)) or (("action_started", {"id": act.id, "note": act.note}),)


def _finish_action(rules: Rules, state: State, act: acts.FinishAction, by: By, at: datetime) -> Decision:
    if refusal := _known_action(state, act.id, ("agreed", "in progress")):
        return refusal
    if act.on > london_date(at):
        return Refusal("later", "The date must be today or earlier", about="on")
    if act.on < london_date(state.raised):
        return Refusal("before-raised", "The date must be on or after the day this was raised", about="on")
    return (("action_done", {"id": act.id, "on": _iso(act.on), "helped": act.helped}),)


def _confirm_action(rules: Rules, state: State, act: acts.ConfirmAction, by: By, at: datetime) -> Decision:
    return _known_action(state, act.id, ("done",)) or (("action_confirmed", {"id": act.id, "note": act.note}),)


def _return_action(rules: Rules, state: State, act: acts.ReturnAction, by: By, at: datetime) -> Decision:
    refusal = _known_action(state, act.id, ("done",)) or _need(act.why, "why", "Enter what is still needed", "why")
    return refusal or (("action_returned", {"id": act.id, "why": act.why.strip()}),)


def _redate_action(rules: Rules, state: State, act: acts.ChangeActionDate, by: By, at: datetime) -> Decision:
    if refusal := _known_action(state, act.id, ("agreed", "in progress")):
        return refusal
    if act.by < london_date(at):
        return Refusal("date-past", "The date must be today or later", about="by")
    if refusal := _need(act.why, "why", "Enter why the date changes", "why"):
        return refusal
    return (("action_date_changed", {"id": act.id, "by": _iso(act.by), "why": act.why.strip()}),)


def _drop_action(rules: Rules, state: State, act: acts.DropAction, by: By, at: datetime) -> Decision:
    refusal = _known_action(state, act.id, ("agreed", "in progress", "done"))
    refusal = refusal or _need(act.why, "why", "Enter why it is no longer needed", "why")
    return refusal or (("action_dropped", {"id": act.id, "why": act.why.strip()}),)


# Endings and the rest --------------------------------------------------------------------------------------------


def _resolve(rules: Rules, state: State, act: acts.Resolve, by: By, at: datetime) -> Decision:
    for child in state.children:
        if not act.children.get(child, "").strip():
            return Refusal("no-change", "Enter what changed for each child", about="changed", child=child)
    payload = {"children": {c: act.children[c].strip() for c in state.children}, "too_long": act.too_long}
    return (("resolved", payload),)


def _withdraw(rules: Rules, state: State, act: acts.Withdraw, by: By, at: datetime) -> Decision:
    return _need(act.why, "why", "Enter why you are withdrawing it", "why") or (
        ("withdrawn", {"why": act.why.strip()}),
    )


def _close(rules: Rules, state: State, act: acts.Close, by: By, at: datetime) -> Decision:
    stage = rules.protocol.stage(state.here.stage)
    if act.ending not in ENDINGS and act.ending not in {e.ending for e in stage.exits if e.to == "ended"}:
        return Refusal("ending", "Select how it ended", about="ending")
    if act.ending == "disagreement-recorded" and not any(e.to == "ended" for e in stage.exits):
        return Refusal("not-highest", f"{stage.title} is not the highest stage: move it on.", stage.clause, "ending")
    if refusal := _need(act.why, "why", "Enter what happens for the child now", "why"):
        return refusal
    return (("closed", {"ending": act.ending, "why": act.why.strip(), "children": dict(act.children)}),)


def _note(rules: Rules, state: State, act: acts.Note, by: By, at: datetime) -> Decision:
    return _need(act.text, "no-text", "Enter the note", "text") or (("noted", {"text": act.text.strip()}),)


def _urgent(rules: Rules, state: State, act: acts.RecordUrgentAction, by: By, at: datetime) -> Decision:
    if refusal := _need(act.what, "no-text", "Enter what was done to keep the child safe", "what"):
        return refusal
    payload = {"what": act.what.strip(), "who": act.who, "on": _iso(act.on or london_date(at))}
    return (("urgent_action_recorded", payload),)


def _share(rules: Rules, state: State, act: acts.Share, by: By, at: datetime) -> Decision:
    if act.role not in rules.protocol.roles:
        return Refusal("no-role", "Select who to share it with", about="role")
    return (("shared", {"role": act.role, "why": act.why}),)


def _route(rules: Rules, state: State, act: acts.TakeRoute, by: By, at: datetime) -> Decision:
    route = next((r for r in rules.protocol.routes if r.id == act.route), None)
    if route is None:
        return Refusal("no-route", "Select a route", about="route")
    if route.may and not first_role(by, route.may):
        return only(rules, by, route.may, "use this route", route.clause) or Refusal("not-yours", "", route.clause)
    return (("route_taken", {"route": act.route, "note": act.note}),)


def _hand_over(rules: Rules, state: State, act: acts.HandOver, by: By, at: datetime) -> Decision:
    if act.role not in rules.protocol.roles:
        return Refusal("no-role", "Select whose part it is", about="role")
    answer, asked = state.here.answer, rules.protocol.stage(state.here.stage).answer
    if asked and answer and act.role == asked.approved_by and answer.by.person == act.person:
        return Refusal("own-answer", "The person who answered cannot approve it. Choose someone else.", about="person")
    if refusal := _need(act.why, "why", "Enter why somebody else takes this on", "why"):
        return refusal
    handed: Draft = (
        "handed_over",
        {"role": act.role, "person": act.person, "name": act.name, "why": act.why.strip()},
    )
    if act.until is None:
        return (handed,)
    more = acts.GiveMoreTime(act.until, act.why)
    later = GUARDS[acts.GiveMoreTime](rules, state, by, at) or _give_time(rules, state, more, by, at)
    return later if isinstance(later, Refusal) else (handed, *later)


def _correct(rules: Rules, state: State, act: acts.Correct, by: By, at: datetime) -> Decision:
    if not 1 <= act.seq <= state.seq or act.seq in state.corrected:
        return Refusal("no-entry", "There is no such entry to correct.", about="seq")
    refusal = _need(act.why, "why", "Enter what is wrong with this entry", "why")
    return refusal or (("corrected", {"seq": act.seq, "why": act.why.strip()}),)


def _file(rules: Rules, state: State, act: acts.File, by: By, at: datetime) -> Decision:
    if act.child not in state.children:
        return Refusal("child-unknown", "That child is not part of this", about="child")
    return (("filed", {"child": act.child, "system": act.system}),)


_DECIDERS: Mapping[type[acts.Act], Callable[..., Decision]] = {
    acts.Speak: _speak,
    acts.Reach: _reach,
    acts.Respond: _respond,
    acts.Approve: _approve,
    acts.SendBack: _send_back,
    acts.Judge: _judge,
    acts.MoveOn: _move_on,
    acts.GiveMoreTime: _give_time,
    acts.RecordLapse: _lapse,
    acts.AgreeAction: _agree_action,
    acts.StartAction: _start_action,
    acts.FinishAction: _finish_action,
    acts.ConfirmAction: _confirm_action,
    acts.ReturnAction: _return_action,
    acts.ChangeActionDate: _redate_action,
    acts.DropAction: _drop_action,
    acts.RecordUrgentAction: _urgent,
    acts.Resolve: _resolve,
    acts.Withdraw: _withdraw,
    acts.Close: _close,
    acts.Note: _note,
    acts.Share: _share,
    acts.TakeRoute: _route,
    acts.HandOver: _hand_over,
    acts.Correct: _correct,
    acts.File: _file,
}


def _words(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


# Every act by its name as it is written in examples and between programs: move_on, give_more_time ...
_KINDS: tuple[type[acts.Act], ...] = (acts.Raise, *_DECIDERS)
ACT_NAMES: Mapping[str, type[acts.Act]] = {_words(kind.__name__): kind for kind in _KINDS}
