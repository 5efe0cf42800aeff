"""May this act happen now, and may it be this person? Each rule answers with a sentence, never with False.

`decide` asks these before it looks at what an act says, and `moves` asks them to offer or explain each button.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from undrift.engine.dates.moments import in_words, london_date
from undrift.engine.events import By
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import agenda, waiting_over
from undrift.engine.ladder.state import State
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.protocol.model import Stage

Guard = Callable[[Rules, State, By, datetime], Refusal | None]


def titles(rules: Rules, roles: tuple[str, ...]) -> str:
    names = [rules.protocol.title_of(r) for r in roles]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1] if names else "nobody"


def spoken(moment: datetime) -> str:
    """A date as it is said aloud: Tuesday 12 May 2026."""
    return in_words(london_date(moment))


def first_role(by: By, roles: tuple[str, ...]) -> str | None:
    """The first of these roles that the person holds here."""
    return next((r for r in roles if r in by.roles), None)


def only(rules: Rules, by: By, roles: tuple[str, ...], doing: str, clause: str = "") -> Refusal | None:
    if first_role(by, roles):
        return None
    return Refusal("not-yours", f"Only the {titles(rules, roles)} can {doing}.", clause)


def still_open(state: State) -> Refusal | None:
    if state.ended is None:
        return None
    return Refusal("ended", f"This was {state.ended.kind} on {spoken(state.ended.at)}. Nothing more can be changed.")


def _here(rules: Rules, state: State) -> Stage:
    return rules.protocol.stage(state.here.stage)


def may_respond(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage, here = _here(rules, state), state.here
    if refusal := still_open(state):
        return refusal
    asked = stage.answer
    if asked is None or asked.must != "respond":
        return Refusal("no-response-here", f"No response is asked for at {stage.title}.", stage.clause)
    if refusal := only(rules, by, (asked.who,), "respond at this stage", asked.clause or stage.clause):
        return refusal
    if here.answer is not None and here.answer.approved_at is not None:
        return Refusal("answered", f"This was answered on {spoken(here.answer.approved_at)}. The chair has the answer.")
    if here.answer is not None and not here.answer.sent_back:
        approver = rules.protocol.title_of(asked.approved_by or "")
        return Refusal("with-approver", f"The answer is with the {approver} for approval.", asked.clause)
    return None


def may_approve(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage, answer = _here(rules, state), state.here.answer
    if refusal := still_open(state):
        return refusal
    asked = stage.answer
    if asked is None or asked.approved_by is None:
        return Refusal("no-approval-here", f"Answers at {stage.title} need no approval.", stage.clause)
    if refusal := only(rules, by, (asked.approved_by,), "approve this answer", asked.clause or stage.clause):
        return refusal
    if answer is None or answer.sent_back:
        return Refusal("nothing-to-approve", "No answer is waiting for approval.")
    if answer.approved_at is not None:
        return Refusal("approved", f"This answer was approved on {spoken(answer.approved_at)}.")
    if answer.by.person and answer.by.person == by.person:
        return Refusal("own-answer", "You cannot approve your own response. Choose someone else.", asked.clause)
    return None


def may_judge(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage, here = _here(rules, state), state.here
    if refusal := still_open(state) or only(rules, by, stage.judged_by, "decide", stage.clause):
        return refusal
    asked = stage.answer
    if asked is None:
        return Refusal("nothing-to-judge", f"At {stage.title} there is no answer to judge: move on when it is done.")
    if asked.must == "settle" or here.judged is not None:
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
    stage, here = _here(rules, state), state.here
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
    stage = _here(rules, state)
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
        if duty.key.startswith(f"{number}:") and duty.must in ("respond", "settle") and duty.ends is not None:
            return (
                f"The {rules.protocol.title_of(duty.who)} has until {spoken(duty.ends)}. "
                "It can move on then, or at once if a child is at immediate risk."
            )
    return "Decide whether what was agreed has been done first."


def may_give_time(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage = _here(rules, state)
    if refusal := still_open(state) or only(rules, by, stage.judged_by, "give more time", stage.clause):
        return refusal
    if stage.answer is None:
        return Refusal("no-date-here", f"{stage.title} has no date for an answer.")
    if state.here.answer is not None and state.here.answer.approved_at is not None:
        return Refusal("answered", f"This was answered on {spoken(state.here.answer.approved_at)}.")
    if state.here.judged is not None and state.here.judged.accepted:
        return Refusal("accepted", "This has been decided.")
    return None


def may_resolve(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage = _here(rules, state)
    if refusal := still_open(state) or only(rules, by, stage.judged_by, "resolve it", stage.clause):
        return refusal
    if state.here.judged is None or not state.here.judged.accepted:
        return Refusal("not-agreed", "First decide, for each child, that this is resolved.", stage.clause)
    if left := state.open_actions:
        count = "1 action is" if len(left) == 1 else f"{len(left)} actions are"
        return Refusal("actions-open", f"{count} not confirmed as complete yet.", stage.clause)
    return None


def may_end(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage = _here(rules, state)
    return still_open(state) or only(rules, by, stage.judged_by, "end it", stage.clause)


def everyone(rules: Rules, state: State) -> tuple[str, ...]:
    """Every role that has a part at a stage this resolution has been on."""
    found: dict[str, None] = {}
    for visit in state.visits:
        stage = rules.protocol.stage(visit.stage)
        for role in (*stage.judged_by, *stage.sent_by, *stage.to):
            found.setdefault(role)
        for asked in stage.duties:
            found.setdefault(asked.who)
            if asked.approved_by:
                found.setdefault(asked.approved_by)
    return tuple(found)


def may_take_part(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    if by.roles:
        return None
    return Refusal("not-yours", "You have no part in this resolution.")


def may_work_on_actions(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    if refusal := still_open(state):
        return refusal
    owner = any(a.person and a.person == by.person for a in state.actions.values())
    if owner or first_role(by, (*everyone(rules, state), "social-worker")):
        return None
    return Refusal("not-yours", "Only those who have a part in it can update its actions.")


def may_confirm_actions(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage = _here(rules, state)
    return still_open(state) or only(rules, by, stage.judged_by, "confirm an action", stage.clause)


def may_hand_over(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage = _here(rules, state)
    return still_open(state) or only(rules, by, stage.judged_by, "choose who else takes part", stage.clause)


def may_note(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    return may_take_part(rules, state, by, at)


def may_speak(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    return still_open(state) or may_take_part(rules, state, by, at)


def may_reach(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage = _here(rules, state)
    if refusal := still_open(state):
        return refusal
    roles = tuple(dict.fromkeys((*stage.judged_by, *(d.who for d in stage.duties))))
    return only(rules, by, roles, "record this", stage.clause)


def may_lapse(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    if by.roles or by.person:
        return Refusal("system-only", "A date that passes is recorded by the service itself.")
    return still_open(state)


GUARDS: Mapping[type[acts.Act], Guard] = {
    acts.Speak: may_speak,
    acts.Reach: may_reach,
    acts.Respond: may_respond,
    acts.Approve: may_approve,
    acts.SendBack: may_approve,
    acts.Judge: may_judge,
    acts.MoveOn: may_move_on,
    acts.GiveMoreTime: may_give_time,
    acts.RecordLapse: may_lapse,
    acts.AgreeAction: may_work_on_actions,
    acts.StartAction: may_work_on_actions,
    acts.FinishAction: may_work_on_actions,
    acts.ConfirmAction: may_confirm_actions,
    acts.ReturnAction: may_confirm_actions,
    acts.ChangeActionDate: may_work_on_actions,
    acts.DropAction: may_confirm_actions,
    acts.RecordUrgentAction: may_take_part,
    acts.Resolve: may_resolve,
    acts.Withdraw: may_end,
    acts.Close: may_end,
    acts.Note: may_note,
    acts.Share: may_speak,
    acts.TakeRoute: may_take_part,
    acts.HandOver: may_hand_over,
    acts.Correct: may_take_part,
    acts.File: may_take_part,
}
