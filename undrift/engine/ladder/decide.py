"""An act in, events or a refusal out. Nothing is changed here: the caller appends the events, or shows the refusal.

`engine.ladder.guards` answers "may this person, may this happen now"; the files beside it check what the act says, one
for each part of the work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from undrift.engine.dates.calendars import OutsideCalendar
from undrift.engine.events import By, Event, event
from undrift.engine.ladder import actions as tracking
from undrift.engine.ladder import acts, answering, beside, ending, moving, raising
from undrift.engine.ladder.drafts import Decision
from undrift.engine.ladder.guards import GUARDS, everyone, first_role
from undrift.engine.ladder.state import State
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules


def decide(rules: Rules, state: State | None, act: acts.Act, by: By, at: datetime) -> tuple[Event, ...] | Refusal:
    """The events that this act brings about, numbered after the state's last; or why it may not happen now.

    Refuses anything that is not the person's to do, not possible at this stage or incomplete, and a date beyond the
    calendar. Changes nothing.
    """
    try:
        if isinstance(act, acts.Raise):
            if state is not None:
                return Refusal("raised-already", "This has been raised already.")
            drafts, role = raising.raise_concern(rules, act, by, at), _role(by, rules.protocol.stages[0].sent_by)
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


_DECIDERS: Mapping[type[acts.Act], Callable[..., Decision]] = {
    acts.Speak: answering.speak,
    acts.Reach: answering.reach,
    acts.Respond: answering.respond,
    acts.Approve: answering.approve,
    acts.SendBack: answering.send_back,
    acts.Judge: moving.judge,
    acts.MoveOn: moving.move_on,
    acts.GiveMoreTime: moving.give_more_time,
    acts.RecordLapse: moving.record_lapse,
    acts.AgreeAction: tracking.agree_action,
    acts.StartAction: tracking.start_action,
    acts.FinishAction: tracking.finish_action,
    acts.ConfirmAction: tracking.confirm_action,
    acts.ReturnAction: tracking.return_action,
    acts.ChangeActionDate: tracking.redate_action,
    acts.DropAction: tracking.drop_action,
    acts.RecordUrgentAction: beside.record_urgent,
    acts.Resolve: ending.resolve,
    acts.Withdraw: ending.withdraw,
    acts.Close: ending.close,
    acts.Note: beside.note_down,
    acts.Share: beside.share,
    acts.TakeRoute: beside.take_route,
    acts.HandOver: beside.hand_over,
    acts.Correct: beside.correct_entry,
    acts.File: beside.file_record,
}


def _words(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


# Every act by its name as it is written in examples and between programs: move_on, give_more_time ...
_KINDS: tuple[type[acts.Act], ...] = (acts.Raise, *_DECIDERS)
ACT_NAMES: Mapping[str, type[acts.Act]] = {_words(kind.__name__): kind for kind in _KINDS}
