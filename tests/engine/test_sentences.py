"""Every kind of entry, as the timeline tells it and as it reads after the name of whoever did it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.engine.test_refused import (
    ADVISED,
    DIRECTOR,
    PASSED,
    PHONED,
    TODAY,
    YES,
    agreed,
    answered,
    at_the_top,
    begun,
    both,
    core_group_met,
    date_asked,
    escalated,
    in_the_plan_cycle,
    not_mine,
    plan_over,
    sent,
    spoken_about,
    starred,
    urgent,
    withdrawn,
)
from tests.engine.test_rungs import AT_RISK, UNTIMED, met, settled
from tests.engine.test_telling import DENISE, GRACE, NAMES, PRIYA, RULES, Story
from tests.engine.test_told import hannahs
from undrift.engine.events import SYSTEM, Event
from undrift.engine.ladder import acts, telling

SHARED = acts.TakeRoute("share-with-head-of-safeguarding", "By phone")


def speaking(how: str, to: str = "", **more: Any) -> Story:
    return begun().says(GRACE, acts.Speak(acts.Conversation(how, date(2026, 4, 28) if to else None, to, **more)))


def sheet_sent(**more: str) -> Story:
    payload: dict[str, Any] = {"milestone": "decision-sheet", "on": TODAY.isoformat(), **more}
    return in_the_plan_cycle("conference").keeps("milestone_reached", GRACE, **payload)


def judged_unanswered() -> Story:
    """As records from before may be: no act judges what is not answered any more."""
    return begun().keeps("judged", GRACE, days=PASSED, children={"maya": False}, why="The visits are still missing.")


def lapsed(story: Story, duty: str) -> Story:
    return story.says(SYSTEM, acts.RecordLapse(duty), days=30)


Tells = tuple[Callable[[], Story], str, str, str]

# The story, the kind of its entry, and what the timeline says of it.
TOLD: list[Tells] = [
    (lambda: Story(risk=acts.Risk()), "raised", "Raised",
     "Raised a concern at Stage 1 for Maya. A child was at immediate risk. Answer due by Tuesday 12 May 2026."),
    (lambda: Story(stage="top", rules=UNTIMED, spoke=None), "raised", "Raised", "Raised a concern at Top for Maya."),
    (lambda: speaking("phone", "team-manager", note="She will see her"), "spoke", "Conversation held",
     "Spoke with the Team Manager by phone on Tuesday 28 April 2026. She will see her."),
    (lambda: speaking("in person"), "spoke", "Conversation held", "Held a conversation in person."),
    (lambda: speaking("by letter", name="Ann"), "spoke", "Conversation held", "Spoke with Ann."),
    (lambda: sheet_sent(note="By post"), "milestone_reached", "Step of the plan cycle done",
     "Sent the Conference Decision Sheet on Thursday 30 April 2026. By post."),
    (lambda: core_group_met(accepted=True), "milestone_reached", "Step of the plan cycle done",
     "Held the core group meeting on Thursday 30 April 2026. The recommendation was accepted."),
    (lambda: core_group_met(accepted=False), "milestone_reached", "Step of the plan cycle done",
     "Held the core group meeting on Thursday 30 April 2026. The recommendation was not accepted."),
    (lambda: at_the_top().says(DIRECTOR, ADVISED), "answered", "Response sent",
     "Answered at Stage 5: agrees that there is a concern."),
    (lambda: sent().says(DENISE, acts.SendBack("By when?")), "sent_back", "Response sent back",
     "Priya Nairn’s answer at Stage 1 went back for changes. By when?"),
    (lambda: judged_unanswered(), "judged", "Not resolved yet",
     "The concern at Stage 1 is not resolved yet for Maya. The visits are still missing."),
    (lambda: spoken_about().says(GRACE, acts.MoveOn("stage-1", "not answered", spoke=PHONED), days=PASSED), "moved_on",
     "Moved to Stage 1", "Moved from Informal resolution to Stage 1: what was agreed was not done by 8 May 2026. "
     "Answer due by Friday 22 May 2026."),
    (lambda: judged_unanswered().says(GRACE, acts.MoveOn("stage-2", "not accepted"), days=PASSED),
     "moved_on", "Moved to Stage 2",
     "Moved from Stage 1 to Stage 2: it is not resolved yet. Answer due by Tuesday 19 May 2026."),
    (lambda: met(0, accepted=False), "moved_on", "Moved to Informal resolution (stage 3)",
     "Moved from Core group (stage 2) to Informal resolution (stage 3): the recommendation was not accepted. "
     "What was agreed is due by Friday 22 May 2026."),
    (lambda: met(0, accepted=True), "moved_on", "Moved to Informal resolution (stage 3)",
     "Moved from Core group (stage 2) to Informal resolution (stage 3): this stage is done. "
     "What was agreed is due by Friday 22 May 2026."),
    (lambda: begun().says(GRACE, AT_RISK), "moved_on", "Moved to Stage 2",
     "Moved from Stage 1 to Stage 2: a child was at immediate risk. Answer due by Thursday 7 May 2026."),
    (lambda: begun().says(GRACE, acts.GiveMoreTime(date(2026, 5, 20), "Hannah is away")), "more_time_given", "New date",
     "Gave more time at Stage 1, to Wednesday 20 May 2026. Hannah is away."),
    (lambda: lapsed(begun(), "1:decide:chair"), "date_lapsed", "No decision by 14 May 2026",
     "No decision by 14 May 2026 at Stage 1."),
    (lambda: lapsed(spoken_about(), "1:settle:team-manager"), "date_lapsed",
     "What was agreed was not recorded as done by 8 May 2026",
     "What was agreed was not recorded as done by 8 May 2026 at Informal resolution."),
    (lambda: lapsed(in_the_plan_cycle(), "1:core-group-meeting:core-group"), "date_lapsed",
     "Not yet recorded: First core group meeting by 15 May 2026",
     "Not yet recorded: First core group meeting by 15 May 2026 at Core group (stage 2)."),
    (lambda: lapsed(spoken_about().says(GRACE, YES), "resolve"), "date_lapsed",
     "What changed was not written by 5 May 2026",
     "What changed was not written by 5 May 2026 at Informal resolution."),
    (lambda: lapsed(agreed().says(PRIYA, acts.FinishAction("a1", date(2026, 5, 6)), days=6), "confirm:a1"),
     "date_lapsed", "Action not yet confirmed by 8 May 2026",
     "Not yet confirmed as complete by 8 May 2026: “Write up the two visits”."),
    (lambda: agreed().says(GRACE, acts.DropAction("a1", "She moved"), days=6), "action_dropped",
     "Action no longer needed", "No longer needed: “Write up the two visits”. She moved."),
    (lambda: undated(), "action_agreed", "Action agreed", "Agreed: “Visit” (Hannah)."),
    (lambda: undated().says(GRACE, acts.ChangeActionDate("a1", date(2026, 5, 8), "It has none")),
     "action_date_changed", "New date for an action", "New date Friday 8 May 2026: “Visit”. It has none."),
    (lambda: begun().says(PRIYA, acts.RecordUrgentAction("She was seen", "Hannah Quill", date(2026, 4, 29))),
     "urgent_action_recorded", "Action to keep a child safe",
     "She was seen. Hannah Quill, Wednesday 29 April 2026."),
    (lambda: settled(1), "resolved", "Resolved", "Resolved at Informal resolution for Maya."),
    (lambda: at_the_top().says(GRACE, acts.Close("disagreement-recorded", "It is on record"), days=PASSED), "closed",
     "Closed",
     "Closed at Stage 5: not agreed at the highest stage; the disagreement is on record. It is on record."),
    (lambda: begun().says(GRACE, acts.Share("director", "She asked")), "shared", "Shared",
     "Shared it with the Director of Children's Services. She asked."),
    (lambda: begun().says(GRACE, SHARED), "route_taken",
     "Another route",
     "Took another route: Share with the Head of Service for Safeguarding. By phone."),
    (lambda: begun().says(GRACE, acts.HandOver("team-manager", "7", "Owen Tarrant", "Callum is off sick")),
     "handed_over", "Handed over",
     "Owen Tarrant takes the part of the Team Manager at Stage 1. Callum is off sick."),
    (lambda: begun().says(GRACE, acts.File("maya", "Mosaic")), "filed", "Filed", "Filed on Maya’s record."),
    (withdrawn, "withdrawn", "Withdrawn", "Withdrawn at Stage 1. The family moved."),
    (lambda: begun().says(GRACE, acts.Note("He rang")), "noted", "Note", "He rang."),
    (lambda: begun().says(GRACE, acts.Speak(acts.Conversation("could not reach", to="team-manager", note="On leave"))),
     "spoke", "Not reached", "Could not reach the Team Manager. On leave."),
    (lambda: begun().says(GRACE, acts.Speak(acts.Conversation("could not reach", note="On leave"))),
     "spoke", "Not reached", "Could not reach anybody. On leave."),
    (lambda: answered().says(GRACE, acts.AskAgain(date(2026, 5, 15), "By when"), days=6), "asked_again", "Asked again",
     "Asked for another answer at Stage 1, by Friday 15 May 2026. By when."),
    (date_asked, "action_date_asked", "New date asked for",
     "Asks for Monday 18 May 2026, instead of 14 May 2026: “Write up the two visits”. Half term."),
    (lambda: undated_asked(), "action_date_asked", "New date asked for",
     "Asks for Friday 8 May 2026: “Visit”. It has none."),
    (lambda: date_asked().says(GRACE, acts.DeclineActionDate("a1", "She has waited"), days=8), "action_date_declined",
     "New date not agreed", "The date stays: “Write up the two visits”. She has waited."),
    (lambda: agreed().says(GRACE, acts.MoveOn("stage-2", "not done"), days=15), "moved_on", "Moved to Stage 2",
     "Moved from Stage 1 to Stage 2: what was agreed was not done in time. Answer due by Thursday 21 May 2026."),
    (lambda: lapsed(agreed(), "decide on the action:a1:1"), "date_lapsed",
     "No decision on an action by 18 May 2026",
     "No decision by 18 May 2026 on what was not done: “Write up the two visits”."),
    (lambda: lapsed(date_asked(), "agree the new date:a1:1"), "date_lapsed", "New date not decided by 11 May 2026",
     "No decision by 11 May 2026 on a new date: “Write up the two visits”."),
    (lambda: lapsed(plan_over(), "decide whether it goes on:maya"), "date_lapsed",
     "No decision whether it goes on by 5 May 2026", "No decision whether it goes on by 5 May 2026 at Stage 1."),
    (not_mine, "said_not_mine", "Not theirs to answer",
     "Not theirs to answer at Stage 1. It belongs to Callum Stroud. They moved to his team."),
    (lambda: not_mine().says(GRACE, acts.SayItStays("They are hers")), "said_to_stay",
     "It stays with whoever was asked", "It stays with the Team Manager. They are hers."),
    (lambda: lapsed(not_mine(), "decide whose it is:3"), "date_lapsed",
     "No decision whose it is to answer by 5 May 2026",
     "No decision whose it is to answer by 5 May 2026 at Stage 1."),
    (lambda: begun().says(SYSTEM, acts.RecordWentOver("chair", "Imran Dastgir", "Grace Ollerton", "She left")),
     "went_over", "Another chair",
     "Chair from Thursday 30 April 2026: Imran Dastgir; until then Grace Ollerton. She left."),
    (lambda: begun().says(SYSTEM, acts.RecordWentOver("social worker", "Kofi Ansell")), "went_over",
     "Another social worker", "Social worker from Thursday 30 April 2026: Kofi Ansell."),
    (lambda: begun().says(SYSTEM, acts.RecordPlanEnd("maya", TODAY, source="Said by Jo Talbot")),
     "plan_ended", "Plan ended",
     "Maya’s plan ended on Thursday 30 April 2026. Said by Jo Talbot. The chair decides whether the concern goes on."),
    (lambda: begun().says(SYSTEM, acts.RecordPlanEnd("maya", TODAY))
     .says(SYSTEM, acts.RecordEndTakenBack("maya", "Said by Jo Talbot")), "plan_end_taken_back", "Plan goes on",
     "The end of Maya’s plan is taken back: the plan goes on. Said by Jo Talbot. There is nothing to decide about it."),
    (lambda: left(), "owner_left", "Nobody does an action",
     "Hannah Quill is no longer here. The chair decides who does it: “Write up the two visits”."),
    (lambda: left().says(GRACE, acts.GiveAction("a1", "Ruth Pemberly", "Hannah has left"), days=8), "action_given",
     "Somebody else does an action",
     "Ruth Pemberly does it, instead of Hannah Quill: “Write up the two visits”. Hannah has left."),
    (lambda: left().says(SYSTEM, acts.RecordLapse("decide who does it:a1:1"), days=13), "date_lapsed",
     "Nobody chosen for an action by 11 May 2026",
     "Nobody chosen by 11 May 2026 to do it: “Write up the two visits”."),
    (lambda: lapsed(urgent(), "ring:3"), "date_lapsed", "No call recorded by 30 April 2026",
     "No call recorded by 30 April 2026 at Stage 1."),
    (lambda: urgent().says(GRACE, acts.RingBack(3, "Hannah Quill", note="He is safe")), "rung_back", "Call made",
     "Rang Hannah Quill on Thursday 30 April 2026. He is safe."),
    (lambda: begun().says(GRACE, acts.EndForChild("maya", "moved", "Known there", "She moved")), "child_ended",
     "Ended for Maya", "Ended for Maya: the child moved to another authority. Known there. She moved."),
    (lambda: both().says(GRACE, acts.ReopenChild("maya", "She waits"), days=6), "child_reopened",
     "Re-opened for Maya", "Re-opened for Maya. She waits."),
    (plan_over, "plan_ended", "Plan ended",
     "Maya’s plan ended on Thursday 30 April 2026. The chair decides whether the concern goes on."),
    (lambda: plan_over().says(GRACE, acts.CarryOn(("maya",), "It is owed")), "carried_on", "Carried on",
     "Goes on after the plan for Maya. It is owed."),
    (lambda: starred().says(GRACE, acts.TakeRoute("appeal", "By letter", TODAY, TODAY, "A parent"), days=2),
     "route_taken", "Another route",
     "Took another route: Appeal against a conference decision by A parent on Thursday 30 April 2026. "
     "By letter."),
    (lambda: agreed().says(GRACE, acts.Close("moved", "Known there"), days=6), "closed", "Closed",
     "Closed at Stage 1: the child moved to another authority. Known there. 1 agreed action was not complete."),
    (lambda: escalated_and_resolved(), "resolved", "Resolved",
     "Resolved at Formal escalation (stage 5) for Maya. A talk that the policy asks for was not held: She was away."),
]  # fmt: skip


def left() -> Story:
    """An action of somebody known here, who has left since."""
    return hannahs().says(SYSTEM, acts.RecordOwnerLeft("a1"), days=7)


def undated() -> Story:
    """As records from before may be: nothing is agreed without a date any more."""
    return begun().keeps("action_agreed", PRIYA, id="a1", what="Visit", who="Hannah")


def undated_asked() -> Story:
    asks = acts.AskForActionDate("a1", date(2026, 5, 8), "It has none.")
    return undated().says(PRIYA, asks)


def escalated_and_resolved() -> Story:
    done = acts.Resolve({"maya": "She is seen."}, not_spoken="She was away.")
    return escalated().says(GRACE, YES).says(GRACE, done)


def test_a_child_that_may_not_be_named_is_one_child() -> None:
    ended = begun().says(GRACE, acts.EndForChild("maya", "moved", "Known there."))
    assert ended.told("child_ended", {})[0] == "Ended for one child"
    assert both().says(GRACE, acts.ReopenChild("maya", "She waits."), days=6).told("child_reopened", {}) == (
        "Re-opened for one child", "Re-opened for one child. She waits."
    )  # fmt: skip
    over = begun().says(GRACE, acts.Withdraw("Settled.")).says(GRACE, acts.ReopenChild("maya", "She waits."))
    assert over.told("child_reopened") == (
        "Opened again for Maya", "It was withdrawn, and is open again for Maya. She waits."
    )  # fmt: skip
    assert urgent().says(PRIYA, acts.RingBack(3, "Hannah", safe=())).told("rung_back") == (
        "Call made, not safe yet", "Rang Hannah on Thursday 30 April 2026. Maya is not safe yet."
    )  # fmt: skip
    assert plan_over().told("plan_ended", {})[1].startswith("A child’s plan ended on ")


@pytest.mark.parametrize(("story", "kind", "title", "text"), TOLD)
def test_an_entry_is_told_in_whole_sentences(story: Callable[[], Story], kind: str, title: str, text: str) -> None:
    assert story().told(kind) == (title, text)


def test_a_record_is_filed_without_the_name_of_a_child_that_may_not_be_named() -> None:
    assert begun().says(GRACE, acts.File("maya")).told("filed", {}) == ("Filed", "Filed on the child’s record.")


LINES: list[tuple[Callable[[], Story], str, str]] = [
    (lambda: speaking("phone", "team-manager"), "spoke with the Team Manager", "Conversation held"),
    (lambda: speaking("phone", name="Ann"), "spoke with Ann", "Conversation held"),
    (lambda: speaking("could not reach", name="Ann", note="On leave."), "could not reach Ann", "Not reached"),
    (lambda: speaking("could not reach", note="On leave."), "could not reach anybody", "Not reached"),
    (lambda: speaking("in person"), "held a conversation", "Conversation held"),
    (lambda: sheet_sent(), "sent the Conference Decision Sheet", "Step of the plan cycle done"),
    (lambda: begun().says(GRACE, AT_RISK), "moved it to Stage 2", "Moved on"),
    (lambda: begun().says(GRACE, acts.GiveMoreTime(date(2026, 5, 20), "Away")),
     "gave more time, to Wednesday 20 May 2026", "New date"),
    (lambda: begun().says(GRACE, SHARED),
     "took another route: Share with the Head of Service for Safeguarding", "Another route"),
    (lambda: begun().says(GRACE, acts.Share("director", "She asked")),
     "shared it with the Director of Children's Services", "Shared"),
    (lambda: at_the_top().says(GRACE, acts.Close("disagreement-recorded", "On record"), days=PASSED),
     "closed it: not agreed at the highest stage; the disagreement is on record", "Closed"),
]  # fmt: skip


@pytest.mark.parametrize(("story", "line", "title"), LINES)
def test_a_line_reads_after_the_name_of_whoever_did_it(story: Callable[[], Story], line: str, title: str) -> None:
    told = story()
    last = told.history[-1]
    assert telling.sentence(told.rules.protocol, last) == line
    assert telling.title(last) == title
    assert telling.says_more(last)


def test_a_line_with_no_blank_says_no_more_than_its_heading() -> None:
    assert not telling.says_more(withdrawn().history[-1])


def kept(story: Story, kind: str, **payload: object) -> Event:
    """An event that an earlier policy, or another service, left in the history."""
    return Event((story.state.seq if story.state else 0) + 1, kind, payload, SYSTEM, story.at(1))


# What an event names that the policy or the history of today does not know.
FOREIGN: list[tuple[str, dict[str, object], str]] = [
    ("date_lapsed", {"duty": "9:respond:nobody", "due": "2026-05-12"}, "Not yet done by 12 May 2026, at Stage 1."),
    ("milestone_reached", {"milestone": "party", "on": "2026-05-12"}, "Party on Tuesday 12 May 2026."),
    ("route_taken", {"route": "detour"}, "Took another route: detour."),
    ("closed", {"ending": "tired", "why": "It is on record."}, "Closed at Stage 1: tired. It is on record."),
    ("corrected", {"seq": 9, "why": "Another family."}, "An earlier entry was entered in error. Another family."),
    ("rules_changed", {"version": "2027", "why": "A new text."},
     "Moved it to another version of the policy. A new text."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "payload", "text"), FOREIGN)
def test_what_is_not_known_today_is_told_as_it_was_kept(kind: str, payload: dict[str, object], text: str) -> None:
    story = begun()
    told = list(telling.entries(RULES, [*story.history, kept(story, kind, **payload)], NAMES))
    assert told[-1].text == text


def test_an_answer_by_somebody_without_a_name_is_the_answer() -> None:
    story = answered_by_nobody_named()
    assert story.told("sent_back")[1] == "The answer at Stage 1 went back for changes. By when?"


def answered_by_nobody_named() -> Story:
    story = begun().says(replace(PRIYA, name=""), acts.Respond("agree", "It is being written."))
    return story.says(DENISE, acts.SendBack("By when?"))
