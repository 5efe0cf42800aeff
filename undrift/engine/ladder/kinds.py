"""The one table of what can be done to a resolution and of what can happen to it.

One row an act, one row an event, and no cell without a value: whoever adds a row is asked for all of it. What the cells
name stands below: an act's rule, its decision and what its event changes in the file of its subject, the sentences in
`sentences`, who is told in `audience`, of which children it is in `concerning`. `docs/guides/adding-an-act.md` goes
through it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from undrift.engine.drafts import Decision
from undrift.engine.events import By, Event, EventType, Upcast, stored
from undrift.engine.ladder import (
    actions,
    acts,
    answering,
    audience,
    beside,
    concerning,
    ending,
    moving,
    naming,
    raising,
)
from undrift.engine.ladder import parts_played as parts
from undrift.engine.ladder import sentences as say
from undrift.engine.ladder.guards import Guard, may_take_part
from undrift.engine.ladder.state import State
from undrift.engine.musts import Must
from undrift.engine.rules import Rules

# Events --------------------------------------------------------------------------------------------------------------

Payload = Mapping[str, Any]
Fold = Callable[[State, Event], State]


class Meanwhile(NamedTuple):
    """What somebody is told whose own act came too late: what was done, and the words of the link to it."""

    done: str
    read: str


@dataclass(frozen=True, kw_only=True)
class EventKind:
    """One type of event, whole.

    `title` heads the timeline, `sentence` reads after the actor's name, `entry` is read by itself. `in_a_line` is what
    led to a thing to do ("Response received 5 May"); `LEADS_TO_NOTHING` where the event leads to none. `about` are the
    children in whose history it stands. `earlier` lifts the payload of each version before today's to the one after it.
    """

    type: EventType
    title: str
    sentence: str
    fold: Fold
    entry: Callable[[say.Scene], say.Said]
    tells: audience.Rule
    in_a_line: str
    meanwhile: Meanwhile
    about: concerning.Rule
    earlier: Mapping[int, Upcast] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.type.name


LEADS_TO_NOTHING = ""
DECIDED = Meanwhile("decided this", "Read the decision.")
ANSWERED = Meanwhile("answered this", "Read the answer.")
CHANGED_THE_ACTION = Meanwhile("changed this action", "Read the change.")

_ANSWER = "actions obstacles consider"
_ALL_EVENTS = (
    EventKind(
        type=stored(
            "raised", "stage children grounds concern",
            "occasion risk ask tried why_this_stage actions date asked_by agency recommendation completion copied "
            "happened starred conference linked",
        ),
        title="Raised", sentence="raised a concern at {stage}",
        fold=raising.raised, entry=say.raised, tells=audience.the_stage_begins,
        in_a_line="Raised by {by} on {day}", meanwhile=DECIDED,
        about=concerning.every_child,
    ),
    EventKind(
        type=stored("spoke", "how", "with with_name on note entry not_safe"),
        title="Conversation held", sentence="spoke with {with}",
        fold=answering.spoke, entry=say.spoke, tells=audience.nobody,
        in_a_line=LEADS_TO_NOTHING, meanwhile=DECIDED,
        about=concerning.those_asked_about,
    ),
    EventKind(
        type=stored("milestone_reached", "milestone on", "note accepted"),
        title="Step of the plan cycle done", sentence="{milestone}",
        fold=answering.milestone_reached, entry=say.milestone_reached, tells=audience.a_step_is_done,
        in_a_line="A step of the plan cycle was recorded, {day}", meanwhile=DECIDED,
        about=concerning.those_taking_part,
    ),
    EventKind(
        type=stored("answer_drafted", "agree text", _ANSWER),
        title="Response written", sentence="sent a response for approval",
        fold=answering.answered, entry=say.answer_drafted, tells=audience.the_approver,
        in_a_line="Response written by {by} on {day}", meanwhile=ANSWERED,
        about=concerning.those_asked_about,
    ),
    EventKind(
        type=stored("answered", "agree text", _ANSWER),
        title="Response sent", sentence="responded",
        fold=answering.answered, entry=say.answered, tells=audience.the_answer_is_in,
        in_a_line="Response received {day}", meanwhile=ANSWERED,
        about=concerning.those_asked_about,
    ),
    EventKind(
        type=stored("approved", "", "comment"),
        title="Response approved", sentence="approved the response",
        fold=answering.approved, entry=say.approved, tells=audience.the_answer_is_in,
        in_a_line="Response received {day}", meanwhile=Meanwhile("approved the answer", "Read the answer."),
        about=concerning.those_asked_about,
    ),
    EventKind(
        type=stored("sent_back", "comment"),
        title="Response sent back", sentence="asked for changes to the response",
        fold=answering.sent_back, entry=say.sent_back, tells=audience.the_responder("respond"),
        in_a_line="Draft sent back by {by} on {day}",
        meanwhile=Meanwhile("asked for changes to the answer", "Read the comment."),
        about=concerning.those_asked_about,
    ),
    EventKind(
        type=stored("judged", "children", "why"),
        title="Decision", sentence="decided",
        fold=moving.judged, entry=say.judged, tells=audience.it_is_judged,
        in_a_line="Decided by {by} on {day}", meanwhile=DECIDED,
        about=concerning.the_children,
    ),
    EventKind(
        type=stored(
            "moved_on", "stage because children",
            "different ask grounds date asked_by agency completion risk copied why_this_stage",
        ),
        title="Moved on", sentence="moved it to {stage}",
        fold=moving.moved_on, entry=say.moved_on, tells=audience.the_stage_begins,
        in_a_line="Moved to {stage} by {by} on {day}",
        meanwhile=Meanwhile("moved this to another stage", "Read the decision."),
        about=concerning.the_children,
    ),
    EventKind(
        type=stored("more_time_given", "until why"),
        title="New date", sentence="gave more time, to {until}",
        fold=moving.more_time_given, entry=say.more_time_given, tells=audience.the_responder_and_copied(""),
        in_a_line="More time given by {by} on {day}", meanwhile=Meanwhile("gave more time", "Read the decision."),
        about=concerning.those_asked_about,
    ),
    EventKind(
        type=stored("asked_again", "until why", "children"),
        title="Asked again", sentence="asked for another answer, by {until}",
        fold=moving.asked_again, entry=say.asked_again, tells=audience.the_responder_and_copied("respond"),
        in_a_line="Asked again by {by} on {day}", meanwhile=DECIDED,
        about=concerning.those_of_the_answer,
    ),
    EventKind(
        type=stored("date_lapsed", "duty due"),
        title="Date passed", sentence="recorded that a date passed",
        fold=moving.date_lapsed, entry=say.date_lapsed, tells=audience.a_date_passed,
        in_a_line=LEADS_TO_NOTHING, meanwhile=DECIDED,
        about=concerning.those_of_the_date,
    ),
    EventKind(
        type=stored("action_agreed", "id what who", "person by directed"),
        title="Action agreed", sentence="agreed an action",
        fold=actions.action_agreed, entry=say.action_agreed, tells=audience.whoever_is_to_do_it,
        in_a_line=LEADS_TO_NOTHING, meanwhile=DECIDED,
        about=concerning.those_of_the_action,
    ),
    EventKind(
        type=stored("action_started", "id", "note"),
        title="Action in progress", sentence="started an action",
        fold=actions.action_started, entry=say.of_the_action("In progress", "note"), tells=audience.nobody,
        in_a_line=LEADS_TO_NOTHING, meanwhile=DECIDED,
        about=concerning.those_of_the_action,
    ),
    EventKind(
        type=stored("action_done", "id on", "helped"),
        title="Action done", sentence="said an action is done",
        fold=actions.action_done, entry=say.action_done, tells=audience.the_chair("confirm"),
        in_a_line="An action was done, {day}", meanwhile=CHANGED_THE_ACTION,
        about=concerning.those_of_the_action,
    ),
    EventKind(
        type=stored("action_confirmed", "id", "note"),
        title="Action complete", sentence="confirmed an action",
        fold=actions.action_confirmed, entry=say.of_the_action("Confirmed as complete", "note"),
        tells=audience.whoever_does_it(""), in_a_line="An action was confirmed, {day}", meanwhile=CHANGED_THE_ACTION,
        about=concerning.those_of_the_action,
    ),
    EventKind(
        type=stored("action_returned", "id why"),
        title="Action not yet complete", sentence="asked for more on an action",
        fold=actions.action_returned, entry=say.of_the_action("More is needed", "why"),
        tells=audience.whoever_does_it(Must.DO_THE_ACTION), in_a_line="Sent back by {by} on {day}: more to do",
        meanwhile=CHANGED_THE_ACTION,
        about=concerning.those_of_the_action,
    ),
    EventKind(
        type=stored("action_date_changed", "id by why"),
        title="New date for an action", sentence="changed the date of an action",
        fold=actions.action_date_changed, entry=say.action_date_changed,
        tells=audience.the_chair_and_whoever_does_it,
        in_a_line="New date for an action, {day}", meanwhile=CHANGED_THE_ACTION,
        about=concerning.those_of_the_action,
    ),
    EventKind(
        type=stored("action_date_asked", "id by why"),
        title="New date asked for", sentence="asked for a new date for an action",
        fold=actions.action_date_asked, entry=say.action_date_asked,
        tells=audience.the_chair(Must.AGREE_THE_DATE),
        in_a_line="New date asked for by {by} on {day}", meanwhile=CHANGED_THE_ACTION,
        about=concerning.those_of_the_action,
    ),
    EventKind(
        type=stored("action_date_declined", "id why"),
        title="New date not agreed", sentence="did not agree a new date for an action",
        fold=actions.action_date_declined, entry=say.of_the_action("The date stays", "why"),
        tells=audience.whoever_does_it(""), in_a_line="A new date was not agreed, {day}",
        meanwhile=CHANGED_THE_ACTION,
        about=concerning.those_of_the_action,
    ),
    EventKind(
        type=stored("owner_left", "id"),
        title="Nobody does an action", sentence="recorded that whoever was to do an action is no longer here",
        fold=actions.owner_left, entry=say.owner_left, tells=audience.the_chair(Must.DECIDE_WHO_DOES_IT),
        in_a_line="Whoever was to do an action left, {day}", meanwhile=CHANGED_THE_ACTION,
        about=concerning.those_of_the_action,
    ),
    EventKind(
        type=stored("went_over", "part name", "before why"),
        title="Somebody else has it", sentence="recorded that somebody else has a part in it",
        fold=beside.changes_nothing, entry=say.went_over, tells=audience.nobody,
        in_a_line=LEADS_TO_NOTHING, meanwhile=DECIDED,
        about=concerning.those_taking_part,
    ),
    EventKind(
        type=stored("action_given", "id who person why"),
        title="Somebody else does an action", sentence="gave an action to somebody else",
        fold=actions.action_given, entry=say.action_given, tells=audience.whoever_does_it_now_and_had_it,
        in_a_line="Given by {by} on {day}", meanwhile=CHANGED_THE_ACTION,
        about=concerning.those_of_the_action,
    ),
    EventKind(
        type=stored("action_dropped", "id why"),
        title="Action no longer needed", sentence="ended an action that is no longer needed",
        fold=actions.action_dropped, entry=say.of_the_action("No longer needed", "why"),
        tells=audience.the_chair_and_whoever_does_it,
        in_a_line="An action is no longer needed, {day}", meanwhile=CHANGED_THE_ACTION,
        about=concerning.those_of_the_action,
    ),
    EventKind(
        type=stored("urgent_action_recorded", "what", "who on children"),
        title="Action to keep a child safe", sentence="recorded what was done now",
        fold=beside.urgent_action_recorded, entry=say.urgent_action_recorded, tells=audience.told_of_a_risk,
        in_a_line="Urgent action recorded by {by} on {day}", meanwhile=DECIDED,
        about=concerning.those_at_risk,
    ),
    EventKind(
        type=stored("rung_back", "entry to on", "note not_safe"),
        title="Call made", sentence="rang to make sure that the child is safe",
        fold=beside.rung_back, entry=say.rung_back, tells=audience.told_of_the_call,
        in_a_line="Rung by {by} on {day}", meanwhile=Meanwhile("rang already", "Read what was said."),
        about=concerning.those_of_the_risk,
    ),
    EventKind(
        type=stored("ring_given_up", "entry why"),
        title="No call was made", sentence="said that a call is no longer possible",
        fold=beside.ring_given_up, entry=say.ring_given_up, tells=audience.always_copied,
        in_a_line=LEADS_TO_NOTHING, meanwhile=Meanwhile("said that no call is possible", "Read why."),
        about=concerning.those_of_the_risk,
    ),
    EventKind(
        type=stored("child_ended", "child ending why", "changed"),
        title="Ended for one child", sentence="ended it for one child: {ending}",
        fold=ending.child_ended, entry=say.child_ended, tells=audience.everyone_here,
        in_a_line="Ended for one child by {by} on {day}", meanwhile=DECIDED,
        about=concerning.the_child,
    ),
    EventKind(
        type=stored("child_reopened", "child why", "ended also settled"),
        title="Re-opened for one child", sentence="re-opened it for one child",
        fold=ending.child_reopened, entry=say.child_reopened, tells=audience.it_is_open_again,
        in_a_line="Re-opened for one child by {by} on {day}", meanwhile=DECIDED,
        about=concerning.the_child,
    ),
    EventKind(
        type=stored("plan_ended", "child on", "source"),
        title="Plan ended", sentence="recorded that a child’s plan has ended",
        fold=ending.plan_ended, entry=say.plan_ended, tells=audience.the_plan_is_over,
        in_a_line="A child’s plan ended, put on file {day}", meanwhile=DECIDED,
        about=concerning.the_child,
    ),
    EventKind(
        type=stored("plan_end_taken_back", "child", "source"),
        title="Plan goes on", sentence="recorded that a child’s plan goes on",
        fold=ending.plan_end_taken_back, entry=say.plan_end_taken_back, tells=audience.the_chair(""),
        in_a_line="The end of a child’s plan was taken back on {day}", meanwhile=DECIDED,
        about=concerning.the_child,
    ),
    EventKind(
        type=stored("carried_on", "children why"),
        title="Carried on", sentence="carried it on after the plan",
        fold=ending.carried_on, entry=say.carried_on, tells=audience.everyone_here,
        in_a_line="Carried on by {by} on {day}", meanwhile=DECIDED,
        about=concerning.the_children,
    ),
    EventKind(
        type=stored("resolved", "children", "too_long not_spoken"),
        title="Resolved", sentence="resolved it",
        fold=ending.resolved, entry=say.resolved, tells=audience.it_ends,
        in_a_line=LEADS_TO_NOTHING, meanwhile=DECIDED,
        about=concerning.the_children,
    ),
    EventKind(
        type=stored("withdrawn", "why"),
        title="Withdrawn", sentence="withdrew it",
        fold=ending.withdrawn, entry=say.withdrawn, tells=audience.it_ends,
        in_a_line=LEADS_TO_NOTHING, meanwhile=DECIDED,
        about=concerning.those_taking_part,
    ),
    EventKind(
        type=stored("closed", "ending why", "children left_open"),
        title="Closed", sentence="closed it: {ending}",
        fold=ending.closed, entry=say.closed, tells=audience.it_ends,
        in_a_line=LEADS_TO_NOTHING, meanwhile=DECIDED,
        about=concerning.those_taking_part,
    ),
    EventKind(
        type=stored("noted", "text"),
        title="Note", sentence="added a note",
        fold=beside.changes_nothing, entry=say.noted, tells=audience.nobody,
        in_a_line=LEADS_TO_NOTHING, meanwhile=DECIDED,
        about=concerning.those_taking_part,
    ),
    EventKind(
        type=stored("shared", "role", "why"),
        title="Shared", sentence="shared it with {role}",
        fold=beside.changes_nothing, entry=say.plain("why"), tells=audience.whom_it_is_shared_with,
        in_a_line=LEADS_TO_NOTHING, meanwhile=DECIDED,
        about=concerning.those_taking_part,
    ),
    EventKind(
        type=stored("route_taken", "route", "note on who"),
        title="Another route", sentence="took another route: {route}",
        fold=beside.changes_nothing, entry=say.route_taken, tells=audience.a_route_is_taken,
        in_a_line=LEADS_TO_NOTHING, meanwhile=DECIDED,
        about=concerning.those_taking_part,
    ),
    EventKind(
        type=stored("handed_over", "role person name why"),
        title="Handed over", sentence="handed {role} to another person",
        fold=beside.handed_over, entry=say.handed_over, tells=audience.whoever_takes_over_and_those_concerned,
        in_a_line="Handed over by {by} on {day}", meanwhile=Meanwhile("handed this over", "Read why."),
        about=concerning.those_taking_part,
    ),
    EventKind(
        type=stored("said_not_mine", "who why"),
        title="Not theirs to answer", sentence="said that it is not theirs to answer",
        fold=answering.said_not_mine, entry=say.said_not_mine, tells=audience.the_chair(Must.DECIDE_WHOSE),
        in_a_line="{by} says it is not theirs to answer, {day}",
        meanwhile=Meanwhile("said that it is not theirs", "Read why."),
        about=concerning.those_asked_about,
    ),
    EventKind(
        type=stored("said_to_stay", "why"),
        title="It stays with whoever was asked", sentence="decided that it stays with whoever was asked",
        fold=answering.said_to_stay, entry=say.said_to_stay, tells=audience.the_responder(""),
        in_a_line="{by} decided that it stays, {day}",
        meanwhile=Meanwhile("decided whose it is", "Read why."),
        about=concerning.those_asked_about,
    ),
    EventKind(
        type=stored("corrected", "seq why"),
        title="Correction", sentence="marked an entry as made in error",
        fold=beside.corrected, entry=say.corrected, tells=audience.whoever_wrote_it,
        in_a_line=LEADS_TO_NOTHING, meanwhile=DECIDED,
        about=concerning.those_of_the_entry,
    ),
    EventKind(
        type=stored("filed", "child", "system"),
        title="Filed", sentence="filed it on the child's record",
        fold=beside.filed, entry=say.filed, tells=audience.nobody,
        in_a_line=LEADS_TO_NOTHING, meanwhile=DECIDED,
        about=concerning.the_child,
    ),
    # No act brings it any more; a history may hold it.
    EventKind(
        type=stored("rules_changed", "version why"),
        title="Policy version", sentence="moved it to another version of the policy",
        fold=beside.changes_nothing, entry=say.plain("why"), tells=audience.nobody,
        in_a_line=LEADS_TO_NOTHING, meanwhile=DECIDED,
        about=concerning.those_taking_part,
    ),
)  # fmt: skip

EVENTS: Mapping[str, EventKind] = {kind.name: kind for kind in _ALL_EVENTS}

# Acts ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ActKind:
    """One act, whole: may this person now, what follows, and what else is asked about it.

    `part` is in which of the roles that the person holds it is done. `conflicts` are events that, once somebody else
    has brought them about, leave nothing to decide. `names` are the people it gives something to, or tells.
    """

    act: type[acts.Act]
    may: Guard
    decide: Callable[[Rules, Any, Any, By, datetime], Decision]  # rules, state, act, by, at
    part: parts.Part
    conflicts: frozenset[str]
    names: naming.Names

    @property
    def name(self) -> str:
        """As it is written in examples and between programs: `give_more_time`."""
        return "".join("_" + c.lower() if c.isupper() else c for c in self.act.__name__).lstrip("_")


ENDS = frozenset({"resolved", "withdrawn", "closed"})
DECISIONS = ENDS | {
    "judged",
    "moved_on",
    "more_time_given",
    "asked_again",
    "child_ended",
    "child_reopened",
    "carried_on",
    "rules_changed",
}
DECISIONS_AND_ANSWERS = DECISIONS | {"answer_drafted", "answered", "approved", "sent_back"}
CHANGES_OF_AN_ACTION = frozenset(
    {
        "action_done",
        "action_confirmed",
        "action_returned",
        "action_date_changed",
        "action_date_asked",
        "action_date_declined",
        "action_dropped",
        "action_given",
    }
)
ENDS_AND_ACTIONS = ENDS | CHANGES_OF_AN_ACTION
ENDS_AND_HANDED_OVER = ENDS | {"handed_over"}
DECISIONS_AND_NEW_ACTIONS = DECISIONS | {"action_agreed", "action_returned"}
CALLS = frozenset({"rung_back", "ring_given_up"})
NOTHING: frozenset[str] = frozenset()


_ALL_ACTS = (
    ActKind(
        act=acts.Raise, may=raising.may_raise, decide=raising.raise_concern,
        part=parts.the_sender, conflicts=NOTHING, names=naming.of_actions,
    ),
    ActKind(
        act=acts.Speak, may=answering.may_speak, decide=answering.speak,
        part=parts.the_judge_first, conflicts=NOTHING, names=naming.nobody,
    ),
    ActKind(
        act=acts.Respond, may=answering.may_respond, decide=answering.respond,
        part=parts.the_answerer, conflicts=DECISIONS_AND_ANSWERS, names=naming.of_actions,
    ),
    ActKind(
        act=acts.Approve, may=answering.may_approve, decide=answering.approve,
        part=parts.the_approver, conflicts=DECISIONS_AND_ANSWERS, names=naming.nobody,
    ),
    ActKind(
        act=acts.SendBack, may=answering.may_send_back, decide=answering.send_back,
        part=parts.the_approver, conflicts=DECISIONS_AND_ANSWERS, names=naming.nobody,
    ),
    ActKind(
        act=acts.Judge, may=moving.may_judge, decide=moving.judge,
        part=parts.the_judge_first, conflicts=DECISIONS_AND_ANSWERS, names=naming.nobody,
    ),
    ActKind(
        act=acts.MoveOn, may=moving.may_move_on, decide=moving.move_on,
        part=parts.the_judge_first, conflicts=DECISIONS_AND_ANSWERS, names=naming.nobody,
    ),
    ActKind(
        act=acts.GiveMoreTime, may=moving.may_give_time, decide=moving.give_more_time,
        part=parts.the_judge_first, conflicts=DECISIONS_AND_ANSWERS, names=naming.nobody,
    ),
    ActKind(
        act=acts.AskAgain, may=moving.may_ask_again, decide=moving.ask_again,
        part=parts.the_judge_first, conflicts=DECISIONS_AND_ANSWERS, names=naming.nobody,
    ),
    ActKind(
        act=acts.ReopenChild, may=ending.may_reopen, decide=ending.reopen_child,
        part=parts.the_judge_first, conflicts=DECISIONS, names=naming.nobody,
    ),
    ActKind(
        act=acts.EndForChild, may=ending.may_end_for_a_child, decide=ending.end_for_child,
        part=parts.the_judge_first, conflicts=DECISIONS_AND_ANSWERS, names=naming.nobody,
    ),
    ActKind(
        act=acts.RecordPlanEnd, may=ending.may_record_plan_end, decide=ending.record_plan_end,
        part=parts.the_service, conflicts=NOTHING, names=naming.nobody,
    ),
    ActKind(
        act=acts.RecordEndTakenBack, may=ending.may_record_end_taken_back, decide=ending.record_end_taken_back,
        part=parts.the_service, conflicts=NOTHING, names=naming.nobody,
    ),
    ActKind(
        act=acts.CarryOn, may=ending.may_carry_on, decide=ending.carry_on,
        part=parts.the_judge_first, conflicts=DECISIONS, names=naming.nobody,
    ),
    ActKind(
        act=acts.RecordLapse, may=moving.may_lapse, decide=moving.record_lapse,
        part=parts.the_service, conflicts=NOTHING, names=naming.nobody,
    ),
    ActKind(
        act=acts.AgreeAction, may=actions.may_agree, decide=actions.agree_action,
        part=parts.the_judge_first, conflicts=NOTHING, names=naming.of_one_action,
    ),
    ActKind(
        act=acts.StartAction, may=actions.may_start, decide=actions.start_action,
        part=parts.the_judge_first, conflicts=ENDS_AND_ACTIONS, names=naming.nobody,
    ),
    ActKind(
        act=acts.FinishAction, may=actions.may_finish, decide=actions.finish_action,
        part=parts.the_judge_first, conflicts=ENDS_AND_ACTIONS, names=naming.nobody,
    ),
    ActKind(
        act=acts.ConfirmAction, may=actions.may_confirm, decide=actions.confirm_action,
        part=parts.the_judge_first, conflicts=ENDS_AND_ACTIONS, names=naming.nobody,
    ),
    ActKind(
        act=acts.ReturnAction, may=actions.may_return, decide=actions.return_action,
        part=parts.the_judge_first, conflicts=ENDS_AND_ACTIONS, names=naming.nobody,
    ),
    ActKind(
        act=acts.ChangeActionDate, may=actions.may_redate, decide=actions.redate_action,
        part=parts.the_judge_first, conflicts=ENDS_AND_ACTIONS, names=naming.nobody,
    ),
    ActKind(
        act=acts.AskForActionDate, may=actions.may_ask_for_a_date, decide=actions.ask_for_a_date,
        part=parts.the_judge_first, conflicts=ENDS_AND_ACTIONS, names=naming.nobody,
    ),
    ActKind(
        act=acts.DeclineActionDate, may=actions.may_decline_the_date, decide=actions.decline_the_date,
        part=parts.the_judge_first, conflicts=ENDS_AND_ACTIONS, names=naming.nobody,
    ),
    ActKind(
        act=acts.RecordOwnerLeft, may=actions.may_record_owner_left, decide=actions.record_owner_left,
        part=parts.the_service, conflicts=NOTHING, names=naming.nobody,
    ),
    ActKind(
        act=acts.RecordWentOver, may=beside.may_record_went_over, decide=beside.record_went_over,
        part=parts.the_service, conflicts=NOTHING, names=naming.nobody,
    ),
    ActKind(
        act=acts.GiveAction, may=actions.may_give, decide=actions.give_action,
        part=parts.the_judge_first, conflicts=ENDS_AND_ACTIONS, names=naming.who_does_it,
    ),
    ActKind(
        act=acts.DropAction, may=actions.may_drop, decide=actions.drop_action,
        part=parts.the_judge_first, conflicts=ENDS_AND_ACTIONS, names=naming.nobody,
    ),
    ActKind(
        act=acts.RecordUrgentAction, may=may_take_part, decide=beside.record_urgent,
        part=parts.the_judge_first, conflicts=NOTHING, names=naming.nobody,
    ),
    ActKind(
        act=acts.RingBack, may=may_take_part, decide=beside.ring_back,
        part=parts.the_judge_first, conflicts=CALLS, names=naming.nobody,
    ),
    ActKind(
        act=acts.GiveUpRing, may=beside.may_give_up_ring, decide=beside.give_up_ring,
        part=parts.the_judge_first, conflicts=CALLS, names=naming.nobody,
    ),
    ActKind(
        act=acts.Resolve, may=ending.may_resolve, decide=ending.resolve,
        part=parts.the_judge_first, conflicts=DECISIONS_AND_NEW_ACTIONS, names=naming.nobody,
    ),
    ActKind(
        act=acts.Withdraw, may=ending.may_end, decide=ending.withdraw,
        part=parts.the_judge_first, conflicts=DECISIONS_AND_ANSWERS, names=naming.nobody,
    ),
    ActKind(
        act=acts.Close, may=ending.may_end, decide=ending.close,
        part=parts.the_judge_first, conflicts=DECISIONS_AND_ANSWERS, names=naming.nobody,
    ),
    ActKind(
        act=acts.Note, may=may_take_part, decide=beside.note_down,
        part=parts.the_judge_first, conflicts=NOTHING, names=naming.nobody,
    ),
    ActKind(
        act=acts.Share, may=answering.may_speak, decide=beside.share,
        part=parts.the_judge_first, conflicts=NOTHING, names=naming.the_role,
    ),
    ActKind(
        act=acts.TakeRoute, may=may_take_part, decide=beside.take_route,
        part=parts.the_judge_first, conflicts=NOTHING, names=naming.nobody,
    ),
    ActKind(
        act=acts.SayNotMine, may=answering.may_say_not_mine, decide=answering.say_not_mine,
        part=parts.the_answerer, conflicts=DECISIONS_AND_ANSWERS, names=naming.nobody,
    ),
    ActKind(
        act=acts.SayItStays, may=answering.may_say_it_stays, decide=answering.say_it_stays,
        part=parts.the_judge_first, conflicts=DECISIONS_AND_ANSWERS | {"handed_over"}, names=naming.nobody,
    ),
    ActKind(
        act=acts.HandOver, may=beside.may_hand_over, decide=beside.hand_over,
        part=parts.the_judge_first, conflicts=ENDS_AND_HANDED_OVER, names=naming.the_person,
    ),
    ActKind(
        act=acts.Correct, may=may_take_part, decide=beside.correct_entry,
        part=parts.the_judge_first, conflicts=NOTHING, names=naming.nobody,
    ),
    ActKind(
        act=acts.File, may=may_take_part, decide=beside.file_record,
        part=parts.the_judge_first, conflicts=NOTHING, names=naming.nobody,
    ),
)  # fmt: skip

ACTS: Mapping[type[acts.Act], ActKind] = {kind.act: kind for kind in _ALL_ACTS}
ACT_NAMES: Mapping[str, type[acts.Act]] = {kind.name: kind.act for kind in _ALL_ACTS}
