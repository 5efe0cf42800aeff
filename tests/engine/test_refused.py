"""Every sentence with which an act is refused: by whom, when and how it was tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.engine.test_telling import DENISE, GRACE, PLAN, PRIYA, RULES, START, Story, no
from tests.protocol.written import changed
from undrift import library
from undrift.engine.events import SYSTEM, By
from undrift.engine.ladder import acts
from undrift.engine.ladder.moves import moves
from undrift.engine.ladder.state import with_the_dead
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.library import calendars
from undrift.protocol.reader import read

ENGLAND = calendars.load("england-and-wales")
LANCASHIRE = Rules(library.load("pan-lancashire"), ENGLAND, bare_days="calendar")
STRANGER = By("9", "Somebody Else")
ELIAS = By("4", "Elias Thornby", frozenset({"front-line-manager", "core-group"}))
RUTH = By("6", "Ruth", frozenset({"head-of-service"}))
CHIEF = By("8", "Jo Amberley", frozenset({"chief-officer"}))
KEEPER = By("11", "Ines Marlow", frozenset({"group-manager-sr"}))
DIRECTOR = By("5", "Jo Talbot", frozenset({"director"}))
PASSED = 13  # days after the start, when the date of stage 1 lies behind

PHONED = acts.Conversation("phone", to="front-line-manager")
YESTERDAY, TODAY, TOMORROW = date(2026, 4, 29), date(2026, 4, 30), date(2026, 5, 1)
SENT = acts.Respond("agree in part", "It is being written.", (PLAN,))
YES = acts.Judge({"maya": True})
RISK, RANG = acts.RecordUrgentAction("She was seen."), acts.RingBack(3, "Hannah Quill")
ADVISED = acts.Respond("agree", "Yes.", consider={"wider-partnership": False})


def begun() -> Story:
    return Story()


def sent() -> Story:
    return Story().says(PRIYA, SENT)


def answered() -> Story:
    return Story().answered()


def agreed() -> Story:
    return answered().says(GRACE, YES, days=6)


def refused() -> Story:
    return answered().says(GRACE, no(), days=6)


def withdrawn() -> Story:
    return Story().says(GRACE, acts.Withdraw("The family moved."))


def spoken_about() -> Story:
    return Story(stage="informal")


def at_the_top() -> Story:
    return Story(stage="stage-5")


def in_the_plan_cycle(stage: str = "core-group") -> Story:
    return Story.of_old(stage, LANCASHIRE)


def core_group_met(accepted: bool, *, days: int = 0, on: date | None = None) -> Story:
    payload = {"milestone": "core-group-meeting", "on": (on or date(2026, 4, 30)).isoformat(), "accepted": accepted}
    return in_the_plan_cycle().keeps("milestone_reached", ELIAS, days=days, **payload)


def both() -> Story:
    """Two children, one of them settled."""
    return Story("maya", "jude").answered().says(GRACE, acts.Judge({"maya": True, "jude": False}, "No date."), days=6)


def brother_died() -> Story:
    story = both()
    assert story.state is not None
    story.state = with_the_dead(story.state, ["jude"])
    return story


def two_owners() -> Story:
    """Somebody with no other part does one action, somebody known here another."""
    return agreed().says(GRACE, acts.AgreeAction(replace(PLAN, who="Somebody Else", person="9")), days=6).says(
        GRACE, acts.AgreeAction(replace(PLAN, who="Hannah Quill", person="12")), days=6)  # fmt: skip


def late() -> Story:
    """What was agreed is due on Thursday 14 May, the fourteenth day after the start."""
    return agreed()


def done() -> Story:
    return agreed().says(PRIYA, acts.FinishAction("a1", date(2026, 5, 6)), days=6)


def date_asked() -> Story:
    return agreed().says(PRIYA, acts.AskForActionDate("a1", date(2026, 5, 18), "Half term."), days=7)


def plan_over() -> Story:
    return begun().says(SYSTEM, acts.RecordPlanEnd("maya", TODAY))


def not_mine() -> Story:
    return begun().says(PRIYA, acts.SayNotMine("Callum Stroud", "They moved to his team."))


def urgent() -> Story:
    """An urgent action of yesterday, the third entry."""
    return begun().says(PRIYA, acts.RecordUrgentAction("She was seen.", "Hannah Quill", YESTERDAY))


def urgent_and_over() -> Story:
    """It ended, and nobody has recorded the call that makes sure."""
    return urgent().says(GRACE, acts.Withdraw("Settled."))


def starred(*children: str, rules: Rules = LANCASHIRE) -> Story:
    return Story(*children, stage="starred", rules=rules, spoke=PHONED, completion=TOMORROW)


def starred_for_soon() -> Story:
    """The chair set a date earlier than the longest that the policy allows, which ends on 8 May."""
    return Story(stage="starred", rules=LANCASHIRE, spoke=PHONED, completion=TOMORROW, date=date(2026, 5, 6))


def informal_in_lancashire() -> Story:
    """The talk did not resolve it."""
    return Story(stage="informal", rules=LANCASHIRE, spoke=PHONED, date=None).says(GRACE, no())


def escalated(*children: str, rules: Rules = LANCASHIRE) -> Story:
    """Answered at stage 5, where the chair owes a talk with the Senior Manager."""
    story = starred(*children, rules=rules).says(
        GRACE, acts.MoveOn("formal-escalation", "immediate risk", risk=acts.Risk("A visit."))
    )
    return story.says(By("7", "Rhian Bell", frozenset({"safeguarding-lead"})), acts.Respond("agree", "It is done."))


def at_the_chief_officer(*children: str) -> Story:
    refused = acts.Judge(dict.fromkeys(children or ("maya",), False), "The visits are still missing.")
    story = escalated(*children).says(GRACE, refused).says(GRACE, acts.MoveOn("chief-officer", "not accepted"))
    home = acts.ActionAsked("Find a home", "Elias Thornby", date(2026, 5, 14))
    return story.says(CHIEF, acts.Respond("agree", "It is directed.", (home,)), days=1)


def directed() -> Story:
    """What the Chief Officer directs does not satisfy the chair."""
    return at_the_chief_officer().says(GRACE, no(), days=2)


def agreed_and_directed() -> Story:
    """The chair has agreed something beside what is directed."""
    return directed().says(GRACE, acts.AgreeAction(PLAN), days=2)


def at_stage_2() -> Story:
    """Maya is settled at stage 1, and stage 2 is about Jude alone."""
    return both().says(GRACE, acts.MoveOn("stage-2", "not accepted", ask="A date for Jude."), days=6)


def drafted_for_jude() -> Story:
    return at_stage_2().says(DENISE, acts.Respond("agree", "Soon."), days=7)


def late_before() -> Story:
    """What was agreed at stage 1 for Maya is late; Jude is settled at stage 2."""
    story = drafted_for_jude().says(RUTH, acts.Approve(), days=7)
    return story.says(GRACE, acts.Judge({"jude": True}), days=8)


def without_jude(story: Story) -> Story:
    """Jude, about whom alone it stands at stage 2, has ended."""
    return story.says(GRACE, acts.EndForChild("jude", "moved", "Known there."), days=7)


Told = tuple[Callable[[], Story], By, acts.Act, int, str]

# The story so far, who acts, how, how many days after the start, and the code of the refusal.
NOT_NOW_OR_NOT_YOURS: list[Told] = [
    (begun, GRACE, acts.Raise("stage-1", ()), 0, "raised-already"),
    (withdrawn, PRIYA, SENT, 0, "ended"),
    (spoken_about, PRIYA, SENT, 0, "no-response-here"),
    (begun, GRACE, SENT, 0, "not-yours"),
    (answered, PRIYA, SENT, 6, "answered"),
    (sent, PRIYA, SENT, 0, "with-approver"),
    (withdrawn, DENISE, acts.Approve(), 0, "ended"),
    (at_the_top, DENISE, acts.Approve(), 0, "no-approval-here"),
    (sent, PRIYA, acts.Approve(), 0, "not-yours"),
    (begun, DENISE, acts.Approve(), 0, "nothing-to-approve"),
    (answered, DENISE, acts.Approve(), 6, "approved"),
    (sent, By("2", "Priya Nairn", frozenset({"group-manager"})), acts.Approve(), 0, "own-answer"),
    (withdrawn, GRACE, YES, 0, "ended"),
    (begun, PRIYA, YES, 0, "not-yours"),
    (in_the_plan_cycle, GRACE, YES, 0, "nothing-to-judge"),
    (sent, GRACE, YES, 0, "with-approver"),
    (begun, GRACE, YES, 0, "not-answered-yet"),
    # An answer that was never approved, or was sent back, is none, however long its date has passed.
    (sent, GRACE, YES, PASSED, "with-approver"),
    (begun, GRACE, YES, PASSED, "not-answered-yet"),
    (lambda: sent().says(DENISE, acts.SendBack("By when?")), GRACE, YES, PASSED, "not-answered-yet"),
    (agreed, GRACE, YES, 6, "settled"),
    (withdrawn, GRACE, acts.AskAgain(TOMORROW, "More."), 0, "ended"),
    (answered, PRIYA, acts.AskAgain(TOMORROW, "More."), 6, "not-yours"),
    (begun, GRACE, acts.AskAgain(TOMORROW, "More."), 0, "not-answered-yet"),
    (sent, GRACE, acts.AskAgain(TOMORROW, "More."), PASSED, "not-answered-yet"),
    (agreed, GRACE, acts.AskAgain(date(2026, 5, 12), "More."), 6, "accepted"),
    (late_before, GRACE, acts.AskAgain(date(2026, 5, 18), "More."), 15, "late-before"),
    (lambda: without_jude(at_stage_2()), DENISE, SENT, 7, "no-longer-asked"),
    (lambda: without_jude(drafted_for_jude()), RUTH, acts.Approve(), 7, "no-longer-asked"),
    (directed, GRACE, acts.Withdraw("It stands."), 2, "directed"),
    (withdrawn, PRIYA, acts.ReopenChild("maya", "She waits."), 0, "not-yours"),
    (directed, GRACE, acts.Close("in-error", "It stands."), 2, "directed"),
    (directed, GRACE, acts.DropAction("a1", "It stands."), 2, "not-yours"),
    (lambda: begun().says(GRACE, RISK).says(PRIYA, RANG), GRACE, acts.MoveOn("stage-2", "not answered"), 0, "too-soon"),
    (agreed, PRIYA, acts.ReopenChild("maya", "She waits."), 6, "not-yours"),
    (begun, GRACE, acts.ReopenChild("maya", "She waits."), 0, "nothing-settled"),
    (withdrawn, GRACE, acts.EndForChild("maya", "moved", "Known there."), 0, "ended"),
    (begun, PRIYA, acts.EndForChild("maya", "moved", "Known there."), 0, "not-yours"),
    (begun, GRACE, acts.RecordPlanEnd("maya", TODAY), 0, "system-only"),
    (withdrawn, SYSTEM, acts.RecordPlanEnd("maya", TODAY), 0, "ended"),
    (begun, GRACE, acts.CarryOn(("maya",), "It is owed."), 0, "plan-runs"),
    (brother_died, GRACE, acts.EndForChild("jude", "moved", "Known there."), 6, "child-died"),
    (brother_died, GRACE, acts.ReopenChild("jude", "He waits."), 6, "child-died"),
    (plan_over, PRIYA, acts.CarryOn(("maya",), "It is owed."), 0, "not-yours"),
    (withdrawn, PRIYA, acts.AskForActionDate("a1", TOMORROW, "Ill."), 0, "ended"),
    (agreed, STRANGER, acts.AskForActionDate("a1", TOMORROW, "Ill."), 6, "not-yours"),
    (agreed, GRACE, acts.AskForActionDate("a1", TOMORROW, "Ill."), 6, "yours-to-agree"),
    (date_asked, PRIYA, acts.DeclineActionDate("a1", "They waited."), 7, "not-yours"),
    (agreed, PRIYA, acts.ChangeActionDate("a1", date(2026, 5, 18), "Ill."), 6, "not-yours"),
    (agreed, PRIYA, acts.DropAction("a1", "She moved."), 6, "not-yours"),
    (agreed, PRIYA, acts.GiveAction("a1", "Ruth", "Ill."), 6, "not-yours"),
    (agreed, GRACE, acts.RecordOwnerLeft("a1"), 6, "system-only"),
    (withdrawn, SYSTEM, acts.RecordOwnerLeft("a1"), 0, "ended"),
    (begun, GRACE, acts.RecordWentOver("chair", "Imran", "Grace"), 0, "system-only"),
    (withdrawn, SYSTEM, acts.RecordWentOver("chair", "Imran", "Grace"), 0, "ended"),
    (begun, GRACE, acts.SayNotMine("Callum", "He has them."), 0, "not-yours"),
    (not_mine, PRIYA, acts.SayNotMine("Callum", "He has them."), 1, "said"),
    (not_mine, PRIYA, acts.SayItStays("They are hers."), 1, "not-yours"),
    (begun, GRACE, acts.SayItStays("They are hers."), 0, "not-said"),
    (urgent, STRANGER, acts.RingBack(3, "Hannah"), 0, "not-yours"),
    (in_the_plan_cycle, STRANGER, acts.Note("Seen."), 0, "not-yours"),
    (withdrawn, GRACE, acts.MoveOn("stage-2", "done"), 0, "ended"),
    (begun, PRIYA, acts.MoveOn("stage-2", "done"), 0, "not-yours"),
    (at_the_top, GRACE, acts.MoveOn("stage-4", "not accepted"), 0, "top"),
    (agreed, GRACE, acts.MoveOn("stage-2", "not accepted"), 6, "accepted"),
    (answered, GRACE, acts.MoveOn("stage-2", "not accepted"), 6, "not-judged"),
    (begun, GRACE, acts.MoveOn("stage-2", "not answered"), 1, "too-soon"),
    (withdrawn, GRACE, acts.GiveMoreTime(TOMORROW, "Ill."), 0, "ended"),
    (begun, PRIYA, acts.GiveMoreTime(TOMORROW, "Ill."), 0, "not-yours"),
    (in_the_plan_cycle, GRACE, acts.GiveMoreTime(TOMORROW, "Ill."), 0, "no-date-here"),
    (answered, GRACE, acts.GiveMoreTime(date(2026, 6, 1), "Ill."), 6, "answered"),
    (starred, GRACE, acts.GiveMoreTime(date(2026, 5, 9), "Ill."), 0, "no-time-left"),  # it has all that there is
    (starred_for_soon, GRACE, acts.GiveMoreTime(date(2026, 5, 12), "Ill."), 10, "no-time-left"),
    (lambda: spoken_about().says(GRACE, YES), GRACE, acts.GiveMoreTime(date(2026, 6, 1), "Ill."), 6, "accepted"),
    (begun, PRIYA, acts.Resolve({}), 0, "not-yours"),
    (begun, GRACE, acts.Resolve({}), 0, "not-agreed"),
    (agreed, GRACE, acts.Resolve({}), 6, "actions-open"),
    (lambda: agreed().says(GRACE, acts.AgreeAction(PLAN), days=6), GRACE, acts.Resolve({}), 6, "actions-open"),
    (begun, PRIYA, acts.Withdraw("Moved."), 0, "not-yours"),
    (begun, STRANGER, acts.Note("Seen."), 0, "not-yours"),
    (withdrawn, GRACE, acts.AgreeAction(PLAN), 0, "ended"),
    (begun, STRANGER, acts.AgreeAction(PLAN), 0, "not-yours"),
    (begun, PRIYA, acts.ConfirmAction("a1"), 0, "not-yours"),
    (begun, PRIYA, acts.HandOver("chair", "7", "Owen", "Ill."), 0, "not-yours"),
    (withdrawn, GRACE, acts.Speak(PHONED), 0, "ended"),
    (begun, GRACE, acts.RecordLapse("1:respond:team-manager"), PASSED, "system-only"),
    (withdrawn, SYSTEM, acts.RecordLapse("1:respond:team-manager"), PASSED, "ended"),
]  # fmt: skip

NOT_SAID_RIGHT: list[Told] = [
    (begun, GRACE, acts.Speak(acts.Conversation(" ", to="team-manager")), 0, "how-spoken"),
    (begun, GRACE, acts.Speak(acts.Conversation("phone", TOMORROW)), 0, "spoken-later"),
    (begun, GRACE, acts.Speak(acts.Conversation("phone", date(2024, 5, 1))), 0, "spoken-long-ago"),
    (begun, GRACE, acts.Speak(acts.Conversation("could not reach", to="team-manager")), 0, "not-reached"),
    (begun, PRIYA, acts.Respond("perhaps", "It is being written."), 0, "agree-unsaid"),
    (begun, PRIYA, acts.Respond("agree", " "), 0, "no-text"),
    (begun, PRIYA, acts.Respond("agree", "Soon.", (acts.ActionAsked("", "Hannah"),)), 0, "action-what"),
    (starred, ELIAS, acts.Respond("agree", "Soon."), 0, "no-actions"),
    (starred, ELIAS, acts.Respond("agree", "Soon.", (acts.ActionAsked("Visit", "Hannah"),)), 0, "action-undated"),
    (at_the_top, DIRECTOR, acts.Respond("agree", "Soon."), 0, "consider"),
    (sent, DENISE, acts.SendBack(" "), 0, "no-comment"),
    (answered, GRACE, acts.Judge({}), 6, "child-unjudged"),
    (answered, GRACE, acts.Judge({"maya": True, "jude": True}), 6, "child-unknown"),
    (answered, GRACE, acts.Judge({"maya": False}), 6, "why"),
    (refused, GRACE, acts.MoveOn("stage-9", "not accepted"), 6, "no-stage"),
    (refused, GRACE, acts.MoveOn("stage-2", "not answered"), 6, "not-over"),
    (begun, GRACE, acts.MoveOn("stage-2", "not accepted"), PASSED, "not-judged"),
    (refused, GRACE, acts.MoveOn("stage-2", "tired of it"), 6, "because"),
    (lambda: in_the_plan_cycle("conference"), GRACE, acts.MoveOn("core-group", "done"), 0, "plan-cycle"),
    (informal_in_lancashire, GRACE, acts.MoveOn("core-group", "not accepted"), 0, "plan-cycle"),
    (refused, GRACE, acts.MoveOn("stage-2", "done"), 6, "because"),
    (refused, GRACE, acts.MoveOn("stage-2", "not done"), 6, "not-overdue"),
    (agreed, GRACE, acts.MoveOn("stage-2", "not done"), 14, "accepted"),  # the last day of the action
    (late, GRACE, acts.MoveOn("stage-2", "not accepted"), 15, "not-judged"),
    (begun, GRACE, acts.MoveOn("stage-2", "immediate risk"), 0, "no-risk"),
    (begun, GRACE, acts.MoveOn("stage-2", "immediate risk", risk=acts.Risk(" ")), 0, "no-risk"),
    (starred, GRACE, acts.MoveOn("chief-officer", "immediate risk", risk=acts.Risk("A visit.")), 0, "not-a-start"),
    (lambda: both().says(SYSTEM, acts.RecordPlanEnd("jude", TODAY), days=6), GRACE,
     acts.MoveOn("stage-9", "not accepted"), 6, "no-stage"),
    (lambda: informal_in_lancashire().says(SYSTEM, acts.RecordPlanEnd("maya", TODAY)), GRACE,
     acts.MoveOn("starred", "not accepted", ask="A visit", completion=TOMORROW), 0, "not-on-plan"),
    (lambda: informal_in_lancashire(), GRACE,
     acts.MoveOn("starred", "not accepted", ask="A visit", completion=TOMORROW, off_plan=frozenset({"maya"})), 0,
     "not-on-plan"),
    (lambda: informal_in_lancashire(), GRACE,
     acts.MoveOn("starred", "not accepted", ask="A visit", completion=date(2027, 5, 1)), 0, "completion-far"),
    (both, GRACE, acts.Judge({"jude": True, "maya": True}), 6, "child-unknown"),
    (answered, GRACE, acts.Judge({"maya": False}, "No date.", keep=("a9",)), 6, "no-action"),
    (answered, GRACE, acts.AskAgain(YESTERDAY, "More."), 6, "date-past"),
    (answered, GRACE, acts.AskAgain(date(2027, 5, 1), "More."), 6, "date-far"),
    (answered, GRACE, acts.AskAgain(date(2026, 5, 16), "More."), 6, "date-too-late"),
    (answered, GRACE, acts.AskAgain(date(2026, 5, 15), " "), 6, "why"),
    (agreed, GRACE, acts.ReopenChild("jude", "He waits."), 6, "child-open"),
    (both, GRACE, acts.ReopenChild("jude", "He waits."), 6, "child-open"),
    (both, GRACE, acts.ReopenChild("maya", " "), 6, "why"),
    (withdrawn, GRACE, acts.ReopenChild("jude", "He waits."), 0, "child-open"),
    (withdrawn, GRACE, acts.ReopenChild("maya", " "), 0, "why"),
    (begun, GRACE, acts.EndForChild("maya", "plan-ended", "Safe.", on_plan=frozenset({"maya"})), 0,
     "plan-runs-on-file"),
    (begun, GRACE, acts.Close("plan-ended", "Safe.", on_plan=frozenset({"maya"})), 0, "plan-runs-on-file"),
    (begun, GRACE, acts.EndForChild("jude", "moved", "Known there."), 0, "child-unknown"),
    (lambda: both().says(GRACE, acts.EndForChild("jude", "moved", "Known there."), days=6), GRACE,
     acts.EndForChild("jude", "moved", "Known there."), 6, "child-unknown"),
    (begun, GRACE, acts.EndForChild("maya", "tired", "Known there."), 0, "ending"),
    (begun, GRACE, acts.EndForChild("maya", "disagreement-recorded", "Known there."), 0, "ending"),
    (begun, GRACE, acts.EndForChild("maya", "moved", " "), 0, "why"),
    (begun, SYSTEM, acts.RecordPlanEnd("jude", TODAY), 0, "child-unknown"),
    (begun, SYSTEM, acts.RecordPlanEnd("maya", TOMORROW), 0, "later"),
    (plan_over, SYSTEM, acts.RecordPlanEnd("maya", TODAY), 1, "recorded"),
    (begun, SYSTEM, acts.RecordEndTakenBack("maya", "Said by Judith Calloway"), 0, "plan-runs"),
    (lambda: both().says(SYSTEM, acts.RecordPlanEnd("jude", TODAY), days=6), SYSTEM,
     acts.RecordEndTakenBack("maya", "Said by Judith Calloway"), 6, "plan-runs"),
    (plan_over, GRACE, acts.RecordEndTakenBack("maya"), 1, "system-only"),
    (begun, SYSTEM, acts.RecordEndTakenBack("maya"), 1, "plan-runs"),
    (lambda: plan_over().says(GRACE, acts.CarryOn(("maya",), "It is owed.")), SYSTEM,
     acts.RecordPlanEnd("maya", TODAY), 1, "recorded"),
    (plan_over, GRACE, acts.CarryOn((), "It is owed."), 0, "child-unknown"),
    (plan_over, GRACE, acts.CarryOn(("jude",), "It is owed."), 0, "child-unknown"),
    (plan_over, GRACE, acts.CarryOn(("maya",), " "), 0, "why"),
    (agreed, GRACE, acts.GiveAction("a9", "Ruth", "Ill."), 6, "no-action"),
    (done, GRACE, acts.GiveAction("a1", "Ruth", "Ill."), 6, "action-status"),
    (agreed, GRACE, acts.GiveAction("a1", " ", "Ill."), 6, "no-name"),
    (agreed, GRACE, acts.GiveAction("a1", "Hannah Quill", "Ill."), 6, "same-person"),
    (agreed, GRACE, acts.GiveAction("a1", "Ruth", " "), 6, "why"),
    (agreed, SYSTEM, acts.RecordOwnerLeft("a9"), 6, "no-action"),
    (agreed, SYSTEM, acts.RecordOwnerLeft("a1"), 6, "recorded"),  # a name alone, of whom nobody knows
    (begun, SYSTEM, acts.RecordWentOver("school", "Imran", "Grace"), 0, "no-part"),
    (begun, SYSTEM, acts.RecordWentOver("chair", "Grace", "Grace"), 0, "recorded"),
    (begun, PRIYA, acts.SayNotMine(" ", "He has them."), 0, "no-name"),
    (begun, PRIYA, acts.SayNotMine("Callum", " "), 0, "why"),
    (not_mine, GRACE, acts.SayItStays(" "), 1, "why"),
    (refused, GRACE, acts.MoveOn("informal", "not accepted"), 6, "down"),
    (refused, GRACE, acts.MoveOn("stage-3", "not accepted"), 6, "why-this-stage"),
    (refused, GRACE, acts.MoveOn("stage-2", "not accepted", impacts={"maya": " "}), 6, "no-impact"),
    (refused, GRACE, acts.MoveOn("stage-2", "not accepted", spoke=acts.Conversation("")), 6, "how-spoken"),
    (refused, GRACE, acts.MoveOn("stage-2", "not accepted", asked_by=YESTERDAY), 6, "asked-past"),
    (refused, GRACE, acts.MoveOn("stage-2", "not accepted", date=date(2026, 5, 12)), 6, "date-not-yours"),
    (refused, GRACE, acts.MoveOn("stage-2", "not accepted", completion=YESTERDAY), 6, "completion-past"),
    (begun, GRACE, acts.GiveMoreTime(YESTERDAY, "Ill."), 0, "date-past"),
    (begun, GRACE, acts.GiveMoreTime(TODAY, "Ill."), 0, "not-later"),
    (begun, GRACE, acts.GiveMoreTime(date(2026, 5, 12), "Ill."), 0, "not-later"),  # the day it is due already
    (begun, GRACE, acts.GiveMoreTime(date(2026, 5, 22), "Ill."), 0, "date-too-late"),  # as long again ends on the 21st
    (begun, GRACE, acts.GiveMoreTime(date(2027, 5, 1), "Ill."), 0, "date-far"),
    (starred_for_soon, GRACE, acts.GiveMoreTime(date(2026, 5, 9), "Ill."), 0, "date-too-late"),  # five working days
    (begun, GRACE, acts.GiveMoreTime(date(2026, 5, 20), " "), 0, "why"),
    (begun, SYSTEM, acts.RecordLapse("1:respond:team-manager"), 1, "not-lapsed"),
    (begun, SYSTEM, acts.RecordLapse("9:respond:nobody"), 1, "not-lapsed"),
    (lambda: begun().says(SYSTEM, acts.RecordLapse("1:respond:team-manager"), days=PASSED), SYSTEM,
     acts.RecordLapse("1:respond:team-manager"), PASSED, "recorded"),
    (begun, PRIYA, acts.AgreeAction(acts.ActionAsked(" ", "Hannah")), 0, "action-what"),
    (begun, PRIYA, acts.AgreeAction(acts.ActionAsked("Visit", " ")), 0, "action-who"),
    (begun, PRIYA, acts.AgreeAction(acts.ActionAsked("Visit", "Hannah")), 0, "action-undated"),
    (begun, PRIYA, acts.Respond("agree", "Soon.", (acts.ActionAsked("Visit", "Hannah"),)), 0, "action-undated"),
    (directed, GRACE, acts.EndForChild("maya", "in-error", "It stands."), 2, "directed"),
    (agreed_and_directed, CHIEF, acts.DropAction("a2", "Not mine."), 2, "not-yours"),
    (lambda: begun().says(GRACE, RISK).says(PRIYA, RANG), GRACE, acts.MoveOn("stage-2", "immediate risk"), 0,
     "no-risk"),
    (lambda: Story(stage="informal", rules=LANCASHIRE, spoke=None, risk=acts.Risk(), date=None), GRACE,
     acts.Speak(acts.Conversation("phone", date(2026, 1, 30))), 0, "spoken-long-ago"),
    (begun, PRIYA, acts.AgreeAction(acts.ActionAsked("Visit", "Hannah", YESTERDAY)), 0, "action-past"),
    (begun, PRIYA, acts.StartAction("a1"), 0, "no-action"),
    (agreed, GRACE, acts.ConfirmAction("a1"), 6, "action-status"),
    (begun, PRIYA, acts.FinishAction("a1", TODAY), 0, "no-action"),
    (agreed, PRIYA, acts.FinishAction("a1", date(2026, 6, 1)), 6, "later"),
    (agreed, PRIYA, acts.FinishAction("a1", YESTERDAY), 6, "before-raised"),
    (begun, GRACE, acts.ChangeActionDate("a1", TOMORROW, "Ill."), 0, "no-action"),
    (agreed, GRACE, acts.ChangeActionDate("a1", YESTERDAY, "Ill."), 6, "date-past"),
    (agreed, GRACE, acts.ChangeActionDate("a1", date(2026, 12, 1), "Ill."), 6, "date-far"),
    (agreed, GRACE, acts.ChangeActionDate("a1", date(2026, 6, 1), " "), 6, "why"),
    (begun, PRIYA, acts.AskForActionDate("a1", TOMORROW, "Ill."), 0, "no-action"),
    (done, PRIYA, acts.AskForActionDate("a1", date(2026, 5, 18), "Ill."), 6, "action-status"),
    (agreed, PRIYA, acts.AskForActionDate("a1", date(2026, 5, 14), "Ill."), 6, "same-date"),
    (agreed, PRIYA, acts.AskForActionDate("a1", YESTERDAY, "Ill."), 6, "date-past"),
    (agreed, PRIYA, acts.AskForActionDate("a1", date(2026, 12, 1), "Ill."), 6, "date-far"),
    (agreed, PRIYA, acts.AskForActionDate("a1", date(2026, 5, 18), " "), 6, "why"),
    (begun, GRACE, acts.DeclineActionDate("a1", "They waited."), 0, "no-action"),
    (agreed, GRACE, acts.DeclineActionDate("a1", "They waited."), 6, "not-asked"),
    (date_asked, GRACE, acts.DeclineActionDate("a1", " "), 7, "why"),
    (begun, PRIYA, acts.AgreeAction(acts.ActionAsked("Visit", "Hannah", date(2026, 12, 1))), 0, "action-far"),
    (agreed, GRACE, acts.DropAction("a1", " "), 6, "why"),
    (agreed, GRACE, acts.ReturnAction("a1", "More."), 6, "action-status"),
    (begun, GRACE, acts.Note(" "), 0, "no-text"),
    (begun, GRACE, acts.RecordUrgentAction(" "), 0, "no-text"),
    (begun, GRACE, acts.RecordUrgentAction("She was seen.", on=TOMORROW), 0, "later"),
    (begun, GRACE, acts.RecordUrgentAction("She was seen.", on=date(2024, 5, 1)), 0, "long-ago"),
    (begun, GRACE, acts.RecordUrgentAction("She was seen.", children=("sibling",)), 0, "child-unknown"),
    (begun, GRACE, acts.RingBack(1, "Hannah"), 0, "no-call-owed"),
    (urgent, GRACE, acts.GiveUpRing(3, "She moved."), 0, "open"),
    (urgent_and_over, STRANGER, acts.GiveUpRing(3, "She moved."), 0, "not-yours"),
    (urgent_and_over, GRACE, acts.GiveUpRing(1, "She moved."), 0, "no-call-owed"),
    (urgent_and_over, GRACE, acts.GiveUpRing(3, " "), 0, "why"),
    (urgent, GRACE, acts.RingBack(3, " "), 0, "no-name"),
    (urgent, GRACE, acts.RingBack(3, "Hannah", TOMORROW), 0, "later"),
    (urgent, GRACE, acts.RingBack(3, "Hannah", date(2026, 4, 28)), 0, "before-it"),
    (lambda: urgent().says(GRACE, acts.RingBack(3, "Hannah")), GRACE, acts.RingBack(3, "Hannah"), 0, "no-call-owed"),
    (begun, GRACE, acts.Share("mayor"), 0, "no-role"),
    (begun, GRACE, acts.Share("director", " "), 0, "why"),
    (begun, GRACE, acts.TakeRoute("share-with-head-of-safeguarding", " "), 0, "no-note"),
    (begun, GRACE, acts.TakeRoute("immediate-safeguarding", on=TOMORROW), 0, "later"),
    (begun, GRACE, acts.TakeRoute("immediate-safeguarding", of=TOMORROW), 0, "of-later"),
    (begun, GRACE, acts.TakeRoute("immediate-safeguarding", on=YESTERDAY, of=TODAY), 0, "on-before"),
    (begun, GRACE, acts.TakeRoute("immediate-safeguarding", of=date(2024, 5, 1)), 0, "of-long-ago"),
    (starred, GRACE, acts.TakeRoute("appeal", of=date(2026, 4, 1)), 0, "route-over"),  # its last day was the 22nd
    (begun, GRACE, acts.TakeRoute("complaint"), 0, "no-route"),
    (begun, PRIYA, acts.TakeRoute("share-with-head-of-safeguarding"), 0, "not-yours"),
    (begun, GRACE, acts.HandOver("mayor", "7", "Owen", "Ill."), 0, "no-role"),
    (sent, GRACE, acts.HandOver("group-manager", "2", "Priya Nairn", "Ill."), 0, "own-answer"),
    (begun, GRACE, acts.HandOver("team-manager", "7", "Owen", " "), 0, "why"),
    (begun, GRACE, acts.Correct(9, "Another family."), 0, "no-entry"),
    (begun, GRACE, acts.Correct(1, " "), 0, "why"),
    (begun, PRIYA, acts.Correct(1, "Another family."), 0, "not-the-author"),
    (answered, GRACE, acts.Correct(3, "Another family."), 6, "not-the-author"),  # the manager's answer
    (lambda: begun().says(SYSTEM, acts.RecordLapse("1:respond:team-manager"), days=PASSED), KEEPER,
     acts.Correct(3, "No."), PASSED, "the-services"),
    (begun, GRACE, acts.File("jude"), 0, "child-unknown"),
    (lambda: spoken_about().says(GRACE, YES), GRACE, acts.Resolve({"maya": " "}), 1, "no-change"),
    (begun, GRACE, acts.Withdraw(" "), 0, "why"),
    (begun, GRACE, acts.Close("died", "She died."), 0, "nobody-died"),
    (begun, GRACE, acts.EndForChild("maya", "died", "She died."), 0, "ending"),
    (begun, GRACE, acts.Close("tired", "It is enough."), 0, "ending"),
    (begun, GRACE, acts.Close("disagreement-recorded", "It is enough."), 0, "not-highest"),
    (at_the_top, GRACE, acts.Close("disagreement-recorded", "It is enough."), 0, "not-over"),
    (at_the_top, GRACE, acts.Close("disagreement-recorded", " "), PASSED, "why"),
    (lambda: at_the_top().says(DIRECTOR, ADVISED).says(GRACE, YES), GRACE,
     acts.Close("disagreement-recorded", "It is enough."), 0, "agreed"),
    (lambda: escalated().says(GRACE, acts.Judge({"maya": True})), GRACE, acts.Resolve({"maya": "She is seen."}), 0,
     "not-spoken"),
    (begun, GRACE, acts.MoveOn("stage-2", "immediate risk", risk=acts.Risk("A visit."), date=date(2080, 1, 1)), 0,
     "date-not-yours"),
]  # fmt: skip


@pytest.mark.parametrize(("story", "by", "act", "days", "code"), NOT_NOW_OR_NOT_YOURS + NOT_SAID_RIGHT)
def test_an_act_is_refused_with_its_reason(
    story: Callable[[], Story], by: By, act: acts.Act, days: int, code: str
) -> None:
    refusal = story().decided(by, act, days)
    assert isinstance(refusal, Refusal), refusal
    assert refusal.code == code, refusal


@pytest.mark.parametrize(
    ("story", "act", "tried"),
    [
        (plan_over, acts.CarryOn(("maya",), "It is owed."), "Only the CP Coordinator can carry it on after the plan."),
        (agreed, acts.ConfirmAction("a1"), "Only the CP Coordinator can confirm an action."),
        (agreed, acts.ReturnAction("a1", "More."), "Only the CP Coordinator can ask for more on an action."),
        (agreed, acts.GiveAction("a1", "Ruth", "Ill."), "Only the CP Coordinator can give an action to somebody else."),
        (agreed, acts.DropAction("a1", "Moved."), "Only the CP Coordinator can end an action."),
        (date_asked, acts.DeclineActionDate("a1", "No."), "Only the CP Coordinator can decide about a new date."),
        (begun, acts.AgreeAction(PLAN), "Only those who have a part in it can add an action."),
        (begun, acts.SayNotMine("Callum", "His."), "Only the Team Manager can say that it is not theirs to answer."),
        (sent, acts.SendBack("More."), "Only the Group Manager can send back this answer."),
    ],
)
def test_a_refusal_names_what_was_tried(story: Callable[[], Story], act: acts.Act, tried: str) -> None:
    found = story().decided(STRANGER, act, 6)
    assert isinstance(found, Refusal)
    assert found.sentence == tried


def test_whoever_does_one_action_says_nothing_of_another() -> None:
    story = two_owners()
    assert story.state is not None
    theirs, hannahs = (key for key, action in story.state.actions.items() if action.person)
    for act in (
        acts.StartAction(hannahs),
        acts.FinishAction(hannahs, date(2026, 5, 6)),
        acts.AskForActionDate(hannahs, date(2026, 5, 18), "Ill."),
    ):
        refused = story.decided(STRANGER, act, 6)
        assert isinstance(refused, Refusal), act
        assert refused.sentence == "This is for Hannah Quill to say, or for those who have a part in it."
        assert not isinstance(story.decided(STRANGER, replace(act, id=theirs), 6), Refusal)
        assert not isinstance(story.decided(PRIYA, act, 6), Refusal)


def test_an_immediate_risk_is_passed_on_at_once_past_what_waits() -> None:
    at_once = acts.MoveOn("stage-2", "immediate risk", risk=acts.Risk("A visit was made."))
    for story in (begun(), answered(), agreed()):
        assert not isinstance(story.decided(GRACE, at_once, 6), Refusal)
    on_record = begun().says(PRIYA, acts.RecordUrgentAction("A visit was made."))
    assert not isinstance(on_record.decided(GRACE, acts.MoveOn("stage-2", "immediate risk")), Refusal)


def test_a_step_that_was_taken_or_refused_lets_it_move_on() -> None:
    """As records from before may stand: at a step of the plan cycle, which they can leave at any time."""
    on = acts.MoveOn("informal", "not accepted", spoke=PHONED)
    assert not isinstance(core_group_met(accepted=False).decided(GRACE, on), Refusal)
    leaves = acts.MoveOn("informal", "done", spoke=PHONED)
    assert not isinstance(core_group_met(accepted=True).decided(GRACE, leaves), Refusal)
    assert not isinstance(in_the_plan_cycle().decided(GRACE, leaves), Refusal)


def test_what_was_agreed_without_a_date_is_decided_before_it_moves_on() -> None:
    silent = ('"formal", when = ["not answered", "not accepted", "not done"]', '"formal", when = ["not accepted"]')
    untimed = Rules(read(changed(("5 working days", "none"), silent), "heathmoor.toml"), ENGLAND)
    story = Story(stage="talk", rules=untimed, spoke=acts.Conversation("phone"))
    refusal = story.decided(GRACE, acts.MoveOn("formal", "not answered"))
    assert isinstance(refusal, Refusal)
    assert refusal.sentence == "Decide whether what was agreed has been done first."


def test_where_a_stage_leads_nowhere_for_what_happened_nothing_is_offered_but_a_risk_still_moves_it() -> None:
    text = library.text_of("pan-lancashire").replace(
        '{ to = "chief-officer", when = ["not answered", "not accepted", "not done"]',
        '{ to = "chief-officer", when = ["not answered", "not accepted"]',
    )
    rules = Rules(read(text, "pan-lancashire.toml"), ENGLAND, bare_days="calendar")
    story = escalated(rules=rules).says(GRACE, YES, days=1).says(GRACE, acts.AgreeAction(PLAN), days=1)
    for_the_chief = acts.MoveOn("chief-officer", "not done")
    refusal = story.decided(GRACE, for_the_chief, 20)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.clause) == ("no-way", "Stage 5")
    assert story.state is not None
    assert not moves(rules, story.state, GRACE, story.at(20))["move_on"].allowed
    at_once = acts.MoveOn("chief-officer", "immediate risk", risk=acts.Risk("She was seen."))
    assert not isinstance(story.decided(GRACE, at_once, 20), Refusal)
    # By the policy itself it goes to the chief officer.
    as_it_stands = escalated().says(GRACE, YES, days=1).says(GRACE, acts.AgreeAction(PLAN), days=1)
    assert not isinstance(as_it_stands.decided(GRACE, for_the_chief, 20), Refusal)


def test_each_button_is_offered_or_explained_by_the_rule_that_the_act_asks() -> None:
    story = begun()
    assert story.state is not None
    offered = moves(RULES, story.state, GRACE, START)
    assert offered["withdraw"].allowed
    refusal = offered["respond"].refusal
    assert refusal is not None
    assert not offered["respond"].allowed
    assert refusal == story.decided(GRACE, SENT)


def test_an_act_is_kept_under_the_part_in_which_it_was_done() -> None:
    both = By("8", "Ruth", frozenset({"social-worker", "director"}))
    story = at_the_top().says(both, acts.Note("Seen."))
    assert story.history[-1].by.role == "director"
    assert sent().says(DENISE, acts.SendBack("By when?")).history[-1].by.role == "group-manager"
    assert begun().says(By("9", "Ann", frozenset({"zoo"})), acts.Note("Seen.")).history[-1].by.role == "zoo"
