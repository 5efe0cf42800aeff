"""Steps of the plan cycle, conversations, answers and their approval."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from undrift.engine.dates.moments import london_date
from undrift.engine.drafts import Decision, need
from undrift.engine.events import By, Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.actions import next_number
from undrift.engine.ladder.drafts import actions_refused, asked_actions
from undrift.engine.ladder.entering import NOT_REACHED, spoken_of, starts_too_early, talk_refused
from undrift.engine.ladder.guards import may_take_part, stage_here, still_open
from undrift.engine.ladder.state import (
    Answer,
    NotMine,
    State,
    Talked,
    day_of,
    here_with,
    rung,
    when_on,
    whose_is_settled,
)
from undrift.engine.musts import Must
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.who_may import only, spoken
from undrift.engine.written import written
from undrift.protocol.model import Stage

NOT_ASKED = Refusal("no-longer-asked", "No answer is waited for any more: it is settled or has ended for every child.")
AGREEMENTS = ("agree", "agree in part", "do not agree")


def may_respond(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    return _asked(rules, state, by, "respond at this stage")


def _asked(rules: Rules, state: State, by: By, doing: str) -> Refusal | None:
    """Why it is not, or no longer, theirs to answer."""
    stage, here = stage_here(rules, state), state.here
    if refusal := still_open(state):
        return refusal
    asked = stage.answer
    if asked is None or asked.must != Must.RESPOND:
        return Refusal("no-response-here", f"No response is asked for at {stage.title}.", stage.clause)
    if refusal := only(rules, by, (asked.who,), doing, asked.clause or stage.clause):
        return refusal
    if here.answer is not None and here.answer.approved_at is not None:
        return Refusal("answered", f"This was answered on {spoken(here.answer.approved_at)}. The chair has the answer.")
    if here.waits_for_approval:
        approver = rules.protocol.title_of(asked.approved_by or "")
        return Refusal("with-approver", f"The answer is with the {approver} for approval.", asked.clause)
    return _no_longer_asked(state)


def _no_longer_asked(state: State) -> Refusal | None:
    """The children for whom it was asked have ended, and the others are settled."""
    return NOT_ASKED if state.accepted else None


def may_say_not_mine(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    """Whoever has to answer, once until the chair has decided."""
    if refusal := _asked(rules, state, by, "say that it is not theirs to answer"):
        return refusal
    said = state.whose
    return Refusal("said", f"This was said on {spoken(said.at)}. The chair decides.") if said is not None else None


def may_say_it_stays(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage = stage_here(rules, state)
    if refusal := still_open(state) or only(rules, by, stage.judged_by, "decide whose it is", stage.clause):
        return refusal
    return None if state.whose is not None else Refusal("not-said", "Nobody says that this is not theirs to answer.")


def may_approve(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    return _approves(rules, state, by, "approve")


def may_send_back(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    return _approves(rules, state, by, "send back")


def _approves(rules: Rules, state: State, by: By, doing: str) -> Refusal | None:
    """Whoever approves answers here, of one that waits for them and is not their own."""
    stage, answer = stage_here(rules, state), state.here.answer
    if refusal := still_open(state):
        return refusal
    asked = stage.answer
    if asked is None or asked.approved_by is None:
        return Refusal("no-approval-here", f"Answers at {stage.title} need no approval.", stage.clause)
    if refusal := only(rules, by, (asked.approved_by,), f"{doing} this answer", asked.clause or stage.clause):
        return refusal
    if answer is None or answer.sent_back:
        return Refusal("nothing-to-approve", "No answer is waiting for approval.")
    if answer.approved_at is not None:
        return Refusal("approved", f"This answer was approved on {spoken(answer.approved_at)}.")
    if answer.by.person and answer.by.person == by.person:
        return Refusal("own-answer", f"You cannot {doing} your own response. Choose someone else.", asked.clause)
    return _no_longer_asked(state)


def may_speak(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    return still_open(state) or may_take_part(rules, state, by, at)


def speak(rules: Rules, state: State, act: acts.Speak, by: By, at: datetime) -> Decision:
    """A first talk at a stage whose time counts from it is recorded as soon as one that comes with a concern."""
    today = london_date(at)
    refusal = talk_refused(act.conversation, today)
    if state.here.talked is None:
        refusal = refusal or starts_too_early(rules, stage_here(rules, state), act.conversation, today)
    return refusal or spoken_of(act.conversation, today)


def respond(rules: Rules, state: State, act: acts.Respond, by: By, at: datetime) -> Decision:
    stage = rules.protocol.stage(state.here.stage)
    if act.agree not in AGREEMENTS:
        return Refusal("agree-unsaid", "Select whether you agree there is a concern", about="agree")
    if refusal := need(act.text, "no-text", "Enter what you will do and why", "text"):
        return refusal
    asked = stage.answer
    dated = asked.clause or stage.clause if asked and "dates" in asked.sets_out else ""
    if refusal := actions_refused(act.actions, london_date(at), dated) or _answer_not_set_out(stage, act):
        return refusal
    for question in stage.consider:
        if question.id not in act.consider:
            return Refusal(
                "consider",
                f"Select an answer: {question.question}",
                question.clause,
                f"consider-{question.id}",
            )
    name = "answer_drafted" if asked and asked.approved_by else "answered"
    promised = asked_actions(act.actions, next_number(state))
    payload = {
        "agree": act.agree,
        "text": written(act.text),
        "actions": promised,
        "obstacles": list(act.obstacles),
        "consider": dict(act.consider),
    }
    if not stage.directs:
        return ((name, payload),)
    return ((name, payload), *(("action_agreed", {**each, "directed": True}) for each in promised))


def say_not_mine(rules: Rules, state: State, act: acts.SayNotMine, by: By, at: datetime) -> Decision:
    refusal = need(act.who, "no-name", "Enter who should be asked", "who")
    refusal = refusal or need(act.why, "why", "Enter why it is theirs and not yours", "why")
    return refusal or (("said_not_mine", {"who": written(act.who), "why": written(act.why)}),)


def say_it_stays(rules: Rules, state: State, act: acts.SayItStays, by: By, at: datetime) -> Decision:
    refusal = need(act.why, "why", "Enter why it stays with them", "why")
    return refusal or (("said_to_stay", {"why": written(act.why)}),)


def _answer_not_set_out(stage: Stage, act: acts.Respond) -> Refusal | None:
    """What the policy wants an answer to set out. One that does not agree has no action to name."""
    asked = stage.answer
    if asked is None or act.agree == "do not agree":
        return None
    if "actions" in asked.sets_out and not act.actions:
        return Refusal("no-actions", "Enter the action being taken", asked.clause or stage.clause, "actions", row=1)
    return None


def approve(rules: Rules, state: State, act: acts.Approve, by: By, at: datetime) -> Decision:
    return (("approved", {"comment": act.comment}),)


def send_back(rules: Rules, state: State, act: acts.SendBack, by: By, at: datetime) -> Decision:
    if refusal := need(act.comment, "no-comment", "Enter what needs to change", "comment"):
        return refusal
    return (("sent_back", {"comment": written(act.comment)}),)


# What each event of these changes ----------------------------------------------------------------------------------


def spoke(s: State, e: Event) -> State:
    """The day on which somebody spoke counts, not that of typing. Who could not be reached was not spoken with."""
    if e.payload["how"] == NOT_REACHED:
        return s
    at, entry = when_on(day_of(e.payload.get("on")), e.at), e.payload.get("entry", 0)
    s = rung(s, entry, at, e.payload.get("not_safe", ()))
    talked = s.here.talked or (None if entry else Talked(at, e.at))
    return here_with(s, spoke=(*s.here.spoke, (e.payload.get("with", ""), at)), talked=talked)


def milestone_reached(s: State, e: Event) -> State:
    refused = s.here.refused or e.payload.get("accepted") is False
    return here_with(s, reached={**s.here.reached, e.payload["milestone"]: e.at}, refused=refused)


def _answer(e: Event) -> Answer:
    p = e.payload
    return Answer(
        seq=e.seq,
        agree=p["agree"],
        text=p["text"],
        by=e.by,
        at=e.at,
        actions=tuple(p.get("actions", ())),
        obstacles=tuple(p.get("obstacles", ())),
        consider=p.get("consider", {}),
        approved_at=e.at if e.type == "answered" else None,
    )


def answered(s: State, e: Event) -> State:
    earlier = s.here.earlier_answers
    if s.here.answer is not None:
        earlier = (*earlier, s.here.answer)
    return here_with(s, answer=_answer(e), earlier_answers=earlier)


def approved(s: State, e: Event) -> State:
    if s.here.answer is None:
        return s
    comment = e.payload.get("comment", "")
    answer = replace(s.here.answer, approved_at=e.at, approved_by=e.by, comment=comment, sent_back="")
    return here_with(s, answer=answer)


def sent_back(s: State, e: Event) -> State:
    if s.here.answer is None:
        return s
    return here_with(s, answer=replace(s.here.answer, sent_back=e.payload["comment"]))


def said_not_mine(s: State, e: Event) -> State:
    said = NotMine(e.seq, len(s.visits), e.payload["who"], e.payload["why"], e.by, e.at)
    return replace(s, not_mine=(*s.not_mine, said))


def said_to_stay(s: State, e: Event) -> State:
    return whose_is_settled(s, e.at)
