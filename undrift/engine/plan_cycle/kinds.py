"""The one table of what can be done in a plan cycle and of what can happen in it.

One row an act, one row an event, and no cell without a value: whoever adds a row is asked for all of it. What the cells
name stands below: an act's rule, its decision and what its event changes in the file of its subject, the words in
`sentences`, who is told in `audience`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from undrift.engine.drafts import Decision
from undrift.engine.events import By, Event, EventType, Upcast, stored
from undrift.engine.musts import CycleMust
from undrift.engine.named import Named
from undrift.engine.plan_cycle import acts, audience, begin_and_end, beside, between, conferences
from undrift.engine.plan_cycle import sentences as say
from undrift.engine.plan_cycle.guards import (
    Guard,
    may_ever,
    may_take_part,
    the_chair,
    the_chair_ever,
    the_service,
    whoever_owes,
)
from undrift.engine.plan_cycle.state import State
from undrift.engine.rules import Rules

# Events --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class EventKind:
    """One type of event, whole.

    `title` heads the timeline, `sentence` reads after the actor's name, `entry` is read by itself. `about` are the
    children in whose history it stands. `earlier` lifts the payload of each version before today's to the one after it.
    """

    type: EventType
    title: str
    sentence: str
    fold: Callable[[State, Event], State]
    entry: say.Entry
    tells: audience.Rule
    about: say.About
    earlier: Mapping[int, Upcast] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.type.name


def _begins(state: State, entry: Event) -> State:
    """The first event makes the state, and comes only once."""
    return begin_and_end.cycle_begun(entry)


_ALL_EVENTS = (
    EventKind(
        type=stored("cycle_begun", "children", "strategy"),
        title="Plan cycle begun", sentence="began the plan cycle",
        fold=_begins, entry=say.cycle_begun, tells=audience.the_chair(CycleMust.FIX), about=say.every_child,
    ),
    EventKind(
        type=stored("child_joined", "child why"),
        title="A child joined", sentence="added a child",
        fold=begin_and_end.child_joined, entry=say.child_joined, tells=audience.everyone, about=say.the_child,
    ),
    EventKind(
        type=stored("conference_fixed", "id kind on children", "time place invited reconvenes"),
        title="Conference fixed", sentence="fixed a conference",
        fold=conferences.conference_fixed, entry=say.conference_fixed, tells=audience.those_who_prepare,
        about=say.those_of_the_conference,
    ),
    EventKind(
        type=stored("conference_moved", "id on why", "time"),
        title="Conference moved", sentence="moved the conference",
        fold=conferences.conference_moved, entry=say.conference_moved, tells=audience.those_who_prepare,
        about=say.those_of_the_conference,
    ),
    EventKind(
        type=stored("conference_postponed", "id why"),
        title="Conference postponed", sentence="postponed the conference",
        fold=conferences.conference_postponed, entry=say.conference_postponed,
        tells=audience.the_chair_is_asked_for_a_date, about=say.those_of_the_conference,
    ),
    EventKind(
        type=stored("conference_cancelled", "id why"),
        title="Conference cancelled", sentence="cancelled the conference",
        fold=conferences.conference_cancelled, entry=say.conference_cancelled,
        tells=audience.the_chair_is_asked_for_a_date, about=say.those_of_the_conference,
    ),
    EventKind(
        type=stored("conference_held", "id on quorate", "time came missing"),
        title="Conference held", sentence="held the conference",
        fold=conferences.conference_held, entry=say.conference_held, tells=audience.everyone,
        about=say.those_of_the_conference,
    ),
    EventKind(
        type=stored("decided", "conference child plan", "category overruled father"),
        title="Decision for a child", sentence="recorded what was decided for a child",
        fold=conferences.decided, entry=say.decided, tells=audience.nobody, about=say.the_child,
    ),
    EventKind(
        type=stored("dissent_noted", "conference who why", "advice child"),
        title="Dissent", sentence="noted dissent",
        fold=conferences.dissent_noted, entry=say.dissent_noted, tells=audience.the_chair(),
        about=say.those_of_the_conference,
    ),
    EventKind(
        type=stored("report_shared", "conference on", "whose"),
        title="Report shared", sentence="shared a report",
        fold=conferences.report_shared, entry=say.report_shared, tells=audience.whoever_has("report shared"),
        about=say.those_of_the_conference,
    ),
    EventKind(
        type=stored("discussion_held", "conference on outcome", "answers how notes"),
        title="Discussion before the conference", sentence="held the discussion before the conference",
        fold=conferences.discussion_held, entry=say.discussion_held, tells=audience.whoever_has("discussion held"),
        about=say.those_of_the_conference,
    ),
    EventKind(
        type=stored("outline_written", "conference child parts"),
        title="Outline plan written", sentence="wrote an outline plan",
        fold=conferences.outline_written, entry=say.outline_written, tells=audience.nobody, about=say.the_child,
    ),
    EventKind(
        type=stored("sheet_sent", "conference on to", "time"),
        title="Decision sheet sent", sentence="sent the decision sheet",
        fold=conferences.sheet_sent, entry=say.sheet_sent, tells=audience.whoever_has("sheet sent"),
        about=say.those_of_the_conference,
    ),
    EventKind(
        type=stored("key_action_set", "id conference children wording by who", "person agency"),
        title="Key action", sentence="asked to hear about a key action",
        fold=between.key_action_set, entry=say.key_action_set, tells=audience.whoever_feeds_back,
        about=say.the_children,
    ),
    EventKind(
        type=stored("key_action_fed_back", "id on done text"),
        title="Feedback on a key action", sentence="told the chair how a key action stands",
        fold=between.key_action_fed_back, entry=say.key_action_fed_back, tells=audience.the_chair(),
        about=say.those_of_the_action,
    ),
    EventKind(
        type=stored("core_group_held", "children on updated", "came"),
        title="Core group held", sentence="held a core group",
        fold=between.core_group_held, entry=say.core_group_held, tells=audience.whoever_has("core group held"),
        about=say.the_children,
    ),
    EventKind(
        type=stored("core_group_missed", "children on why"),
        title="Core group not held", sentence="recorded that a core group was not held",
        fold=between.core_group_missed, entry=say.core_group_missed, tells=audience.the_chair(),
        about=say.the_children,
    ),
    EventKind(
        type=stored("recommendation_not_accepted", "children agency recommendation why"),
        title="Recommendation not accepted", sentence="told the chair that a recommendation is not accepted",
        fold=between.recommendation_not_accepted, entry=say.recommendation_not_accepted,
        tells=audience.the_chair(CycleMust.TAKE_UP), about=say.the_children,
    ),
    EventKind(
        type=stored("event_recorded", "child on what", "response"),
        title="Significant event", sentence="recorded a significant event",
        fold=between.event_recorded, entry=say.event_recorded, tells=audience.the_chair(), about=say.the_child,
    ),
    EventKind(
        type=stored(
            "check_done", "child on experience view next_step", "actions facts answers father notes",
        ),
        title="Check between two conferences", sentence="finished a check",
        fold=between.check_done, entry=say.check_done, tells=audience.whoever_has("check done"), about=say.the_child,
    ),
    EventKind(
        type=stored("step_done", "milestone on", "conference child"),
        title="Step of the plan cycle done", sentence="said that a step is done",
        fold=between.step_done, entry=say.step_done, tells=audience.those_of_the_step,
        about=say.those_of_the_conference,
    ),
    EventKind(
        type=stored("good_practice_noted", "child tier text worker quotable"),
        title="Good practice note", sentence="wrote a good practice note",
        fold=beside.good_practice_noted, entry=say.good_practice_noted, tells=audience.those_of_the_note,
        about=say.the_child,
    ),
    EventKind(
        type=stored("route_taken", "id route on who party children late", "text conference"),
        title="Appeal, complaint or referral", sentence="recorded an appeal, a complaint or a referral",
        fold=beside.route_taken, entry=say.route_taken, tells=audience.those_of_the_route, about=say.the_children,
    ),
    EventKind(
        type=stored("route_decided", "id upheld why", "reopens"),
        title="Decision on an appeal or a complaint", sentence="decided on an appeal or a complaint",
        fold=beside.route_decided, entry=say.route_decided, tells=audience.the_chair_reconvenes,
        about=say.those_of_the_route,
    ),
    EventKind(
        type=stored("concern_begun", "offer reference"),
        title="A concern was raised", sentence="raised a concern",
        fold=beside.concern_begun, entry=say.concern_begun, tells=audience.nobody, about=say.those_of_the_offer,
    ),
    EventKind(
        type=stored("offer_declined", "offer why"),
        title="No concern is raised", sentence="decided to raise no concern",
        fold=beside.offer_declined, entry=say.offer_declined, tells=audience.nobody, about=say.those_of_the_offer,
    ),
    EventKind(
        type=stored("date_lapsed", "duty due"),
        title="Date passed", sentence="recorded that a date of the plan cycle passed",
        fold=begin_and_end.date_lapsed, entry=say.date_lapsed, tells=audience.a_date_passed,
        about=say.those_of_the_date,
    ),
    EventKind(
        type=stored("plan_ended", "child on ending"),
        title="Plan ended", sentence="recorded how a child’s plan ended",
        fold=begin_and_end.plan_ended, entry=say.plan_ended, tells=audience.everyone, about=say.the_child,
    ),
    EventKind(
        type=stored("plan_end_taken_back", "child", "source"),
        title="The plan goes on", sentence="recorded that the end of a child’s plan is taken back",
        fold=begin_and_end.plan_end_taken_back, entry=say.plan_end_taken_back, tells=audience.everyone,
        about=say.the_child,
    ),
    EventKind(
        type=stored("cycle_ended", "why"),
        title="Plan cycle ended", sentence="ended the plan cycle",
        fold=begin_and_end.cycle_ended, entry=say.cycle_ended, tells=audience.everyone, about=say.every_child,
    ),
    EventKind(
        type=stored("corrected", "seq why"),
        title="Entry made in error", sentence="corrected an entry",
        fold=beside.corrected, entry=say.corrected, tells=audience.whoever_wrote_it, about=say.every_child,
    ),
)  # fmt: skip

EVENTS: Mapping[str, EventKind] = {kind.name: kind for kind in _ALL_EVENTS}

# Acts ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ActKind:
    """One act: whether this person may now, what it brings about, what of others makes it too late, whom it names."""

    act: type[acts.Act]
    may: Guard
    decide: Callable[[Rules, State, Any, By, datetime], Decision]
    conflicts: frozenset[str]
    names: Callable[[Any], Iterator[Named]]

    @property
    def name(self) -> str:
        """As examples and other programs write it: FixConference is fix_conference."""
        return "".join("_" + c.lower() if c.isupper() else c for c in self.act.__name__).lstrip("_")


def nobody(act: acts.Act) -> Iterator[Named]:
    return iter(())


def whoever_feeds_back(act: acts.SetKeyAction) -> Iterator[Named]:
    yield Named("who", act.person, act.who)


NOTHING: frozenset[str] = frozenset()
ITS_DATE = frozenset({"conference_moved", "conference_postponed", "conference_cancelled", "conference_held"})
OF_THE_OFFER = frozenset({"concern_begun", "offer_declined"})
A_CHILDS_END = frozenset({"decided", "plan_ended", "plan_end_taken_back"})

_ALL_ACTS = (
    ActKind(
        act=acts.JoinChild, may=the_chair("add a child"),
        decide=begin_and_end.join, conflicts=frozenset({"child_joined"}), names=nobody,
    ),
    ActKind(
        act=acts.FixConference, may=the_chair("fix a conference"),
        decide=conferences.fix, conflicts=frozenset({"conference_fixed"}), names=nobody,
    ),
    ActKind(
        act=acts.MoveConference, may=the_chair("move a conference"),
        decide=conferences.move, conflicts=ITS_DATE, names=nobody,
    ),
    ActKind(
        act=acts.PostponeConference, may=the_chair("postpone a conference"),
        decide=conferences.postpone, conflicts=ITS_DATE, names=nobody,
    ),
    ActKind(
        act=acts.CancelConference, may=the_chair("cancel a conference"),
        decide=conferences.cancel, conflicts=ITS_DATE, names=nobody,
    ),
    ActKind(
        act=acts.HoldConference, may=the_chair("record what a conference decided"),
        decide=conferences.hold, conflicts=ITS_DATE, names=nobody,
    ),
    ActKind(
        act=acts.ShareReport, may=whoever_owes("report shared", "say that a report was shared"),
        decide=conferences.share_report, conflicts=NOTHING, names=nobody,
    ),
    ActKind(
        act=acts.HoldDiscussion, may=whoever_owes("discussion held", "record the discussion"),
        decide=conferences.discuss, conflicts=frozenset({"discussion_held"}), names=nobody,
    ),
    ActKind(
        act=acts.WriteOutline, may=whoever_owes("sheet sent", "write the outline plan"),
        decide=conferences.write_outline, conflicts=frozenset({"outline_written"}), names=nobody,
    ),
    ActKind(
        act=acts.SendSheet, may=whoever_owes("sheet sent", "say that the sheet was sent"),
        decide=conferences.send_sheet, conflicts=frozenset({"outline_written", "sheet_sent"}), names=nobody,
    ),
    ActKind(
        act=acts.SetKeyAction, may=the_chair("ask to hear about a key action"),
        decide=between.set_key_action, conflicts=A_CHILDS_END, names=whoever_feeds_back,
    ),
    ActKind(
        act=acts.FeedBack, may=between.may_feed_back,
        decide=between.feed_back, conflicts=frozenset({"key_action_fed_back"}), names=nobody,
    ),
    ActKind(
        act=acts.HoldCoreGroup, may=whoever_owes("core group held", "record a core group"),
        decide=between.hold_core_group, conflicts=A_CHILDS_END, names=nobody,
    ),
    ActKind(
        act=acts.MissCoreGroup, may=whoever_owes("core group held", "record a core group"),
        decide=between.miss_core_group, conflicts=A_CHILDS_END, names=nobody,
    ),
    ActKind(
        act=acts.NotAccept, may=may_take_part,
        decide=between.not_accept, conflicts=A_CHILDS_END, names=nobody,
    ),
    ActKind(
        act=acts.RecordEvent, may=may_take_part,
        decide=between.record_event, conflicts=NOTHING, names=nobody,
    ),
    ActKind(
        act=acts.FinishCheck, may=whoever_owes("check done", "finish a check"),
        decide=between.finish_check, conflicts=A_CHILDS_END | {"check_done"}, names=nobody,
    ),
    ActKind(
        act=acts.DoStep, may=may_take_part,
        decide=between.do_step, conflicts=NOTHING, names=nobody,
    ),
    ActKind(
        act=acts.WriteNote, may=the_chair_ever("write a good practice note"),
        decide=beside.write_note, conflicts=NOTHING, names=nobody,
    ),
    ActKind(
        act=acts.TakeRoute, may=may_ever,
        decide=beside.take_route, conflicts=NOTHING, names=nobody,
    ),
    ActKind(
        act=acts.DecideRoute, may=may_ever,
        decide=beside.decide_route, conflicts=frozenset({"route_decided"}), names=nobody,
    ),
    ActKind(
        act=acts.BeginConcern, may=the_chair("raise a concern of it"),
        decide=beside.begin_concern, conflicts=OF_THE_OFFER, names=nobody,
    ),
    ActKind(
        act=acts.DeclineOffer, may=the_chair("decide that no concern is raised"),
        decide=beside.decline_offer, conflicts=OF_THE_OFFER, names=nobody,
    ),
    ActKind(
        act=acts.EndPlan, may=the_chair("record how a plan ended"),
        decide=begin_and_end.end_plan, conflicts=A_CHILDS_END, names=nobody,
    ),
    ActKind(
        act=acts.RecordEndTakenBack, may=the_service,
        decide=begin_and_end.record_end_taken_back, conflicts=NOTHING, names=nobody,
    ),
    ActKind(
        act=acts.EndCycle, may=the_chair("end the plan cycle"),
        decide=begin_and_end.end_cycle, conflicts=frozenset({"decided", "child_joined", "cycle_ended"}), names=nobody,
    ),
    ActKind(
        act=acts.RecordLapse, may=the_service,
        decide=begin_and_end.record_lapse, conflicts=NOTHING, names=nobody,
    ),
    ActKind(
        act=acts.Correct, may=may_ever,
        decide=beside.correct, conflicts=NOTHING, names=nobody,
    ),
)  # fmt: skip

ACTS: Mapping[type[acts.Act], ActKind] = {kind.act: kind for kind in _ALL_ACTS}
ACT_NAMES: Mapping[str, type[acts.Act]] = {"begin": acts.Begin, **{kind.name: kind.act for kind in _ALL_ACTS}}
