"""Every sentence with which an act is refused: by whom, when and how it was tried."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.engine.test_telling import DENISE, GRACE, PLAN, PRIYA, RULES, START, Story, no
from tests.protocol.written import changed
from undrift import library
from undrift.engine.events import SYSTEM, By
from undrift.engine.ladder import acts
from undrift.engine.ladder.decide import decide
from undrift.engine.ladder.moves import moves
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.library import calendars
from undrift.protocol.reader import read

ENGLAND = calendars.load("england-and-wales")
LANCASHIRE = Rules(library.load("pan-lancashire"), ENGLAND)
STRANGER = By("9", "Somebody Else")
ELIAS = By("4", "Elias Thornby", frozenset({"front-line-manager", "core-group"}))
DIRECTOR = By("5", "Jo Talbot", frozenset({"director"}))
PASSED = 13  # days after the start, when the date of stage 1 lies behind

PHONED = acts.Conversation("phone", to="front-line-manager")
YESTERDAY, TODAY, TOMORROW = date(2026, 4, 29), date(2026, 4, 30), date(2026, 5, 1)
SENT = acts.Respond("agree in part", "It is being written.", (PLAN,))
YES = acts.Judge({"maya": True})


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
    return Story(stage=stage, rules=LANCASHIRE, spoke=None)


def starred() -> Story:
    return Story(stage="starred", rules=LANCASHIRE, spoke=PHONED, completion=TOMORROW)


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
    (withdrawn, GRACE, acts.MoveOn("stage-2", "done"), 0, "ended"),
    (begun, PRIYA, acts.MoveOn("stage-2", "done"), 0, "not-yours"),
    (at_the_top, GRACE, acts.MoveOn("stage-4", "not accepted"), 0, "top"),
    (in_the_plan_cycle, GRACE, acts.MoveOn("informal", "done", spoke=PHONED), 0, "milestone-pending"),
    (agreed, GRACE, acts.MoveOn("stage-2", "not accepted"), 6, "accepted"),
    (answered, GRACE, acts.MoveOn("stage-2", "not accepted"), 6, "not-judged"),
    (begun, GRACE, acts.MoveOn("stage-2", "not answered"), 1, "too-soon"),
    (withdrawn, GRACE, acts.GiveMoreTime(TOMORROW, "Ill."), 0, "ended"),
    (begun, PRIYA, acts.GiveMoreTime(TOMORROW, "Ill."), 0, "not-yours"),
    (in_the_plan_cycle, GRACE, acts.GiveMoreTime(TOMORROW, "Ill."), 0, "no-date-here"),
    (answered, GRACE, acts.GiveMoreTime(date(2026, 6, 1), "Ill."), 6, "answered"),
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
    (lambda: in_the_plan_cycle().says(GRACE, acts.Withdraw("Moved.")), GRACE,
     acts.Reach("core-group-meeting", TODAY), 0, "ended"),
    (in_the_plan_cycle, STRANGER, acts.Reach("core-group-meeting", TODAY), 0, "not-yours"),
    (begun, GRACE, acts.RecordLapse("1:respond:team-manager"), PASSED, "system-only"),
    (withdrawn, SYSTEM, acts.RecordLapse("1:respond:team-manager"), PASSED, "ended"),
]  # fmt: skip

NOT_SAID_RIGHT: list[Told] = [
    (begun, GRACE, acts.Speak(acts.Conversation(" ", to="team-manager")), 0, "how-spoken"),
    (in_the_plan_cycle, GRACE, acts.Reach("party", TODAY), 0, "no-milestone"),
    (in_the_plan_cycle, GRACE, acts.Reach("decision-sheet", TODAY), 0, "not-here"),
    (in_the_plan_cycle, ELIAS, acts.Reach("core-group-meeting", TOMORROW), 0, "later"),
    (in_the_plan_cycle, ELIAS, acts.Reach("core-group-meeting", TODAY), 0, "accepted-unsaid"),
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
    (refused, GRACE, acts.MoveOn("informal", "not accepted"), 6, "down"),
    (refused, GRACE, acts.MoveOn("stage-3", "not accepted"), 6, "why-this-stage"),
    (refused, GRACE, acts.MoveOn("stage-2", "not accepted", impacts={"maya": " "}), 6, "no-impact"),
    (refused, GRACE, acts.MoveOn("stage-2", "not accepted", spoke=acts.Conversation("")), 6, "how-spoken"),
    (refused, GRACE, acts.MoveOn("stage-2", "not accepted", asked_by=YESTERDAY), 6, "asked-past"),
    (refused, GRACE, acts.MoveOn("stage-2", "not accepted", date=date(2026, 5, 12)), 6, "date-not-yours"),
    (refused, GRACE, acts.MoveOn("stage-2", "not accepted", completion=YESTERDAY), 6, "completion-past"),
    (begun, GRACE, acts.GiveMoreTime(TODAY, "Ill."), 0, "date-past"),
    (begun, GRACE, acts.GiveMoreTime(date(2026, 5, 20), " "), 0, "why"),
    (begun, SYSTEM, acts.RecordLapse("1:respond:team-manager"), 1, "not-lapsed"),
    (begun, SYSTEM, acts.RecordLapse("9:respond:nobody"), 1, "not-lapsed"),
    (lambda: begun().says(SYSTEM, acts.RecordLapse("1:respond:team-manager"), days=PASSED), SYSTEM,
     acts.RecordLapse("1:respond:team-manager"), PASSED, "recorded"),
    (begun, PRIYA, acts.AgreeAction(acts.ActionAsked(" ", "Hannah")), 0, "action-what"),
    (begun, PRIYA, acts.AgreeAction(acts.ActionAsked("Visit", " ")), 0, "action-who"),
    (begun, PRIYA, acts.AgreeAction(acts.ActionAsked("Visit", "Hannah", YESTERDAY)), 0, "action-past"),
    (begun, PRIYA, acts.StartAction("a1"), 0, "no-action"),
    (agreed, GRACE, acts.ConfirmAction("a1"), 6, "action-status"),
    (begun, PRIYA, acts.FinishAction("a1", TODAY), 0, "no-action"),
    (agreed, PRIYA, acts.FinishAction("a1", date(2026, 6, 1)), 6, "later"),
    (agreed, PRIYA, acts.FinishAction("a1", YESTERDAY), 6, "before-raised"),
    (begun, PRIYA, acts.ChangeActionDate("a1", TOMORROW, "Ill."), 0, "no-action"),
    (agreed, PRIYA, acts.ChangeActionDate("a1", YESTERDAY, "Ill."), 6, "date-past"),
    (agreed, PRIYA, acts.ChangeActionDate("a1", date(2026, 6, 1), " "), 6, "why"),
    (agreed, GRACE, acts.DropAction("a1", " "), 6, "why"),
    (agreed, GRACE, acts.ReturnAction("a1", "More."), 6, "action-status"),
    (begun, GRACE, acts.Note(" "), 0, "no-text"),
    (begun, GRACE, acts.RecordUrgentAction(" "), 0, "no-text"),
    (begun, GRACE, acts.Share("mayor"), 0, "no-role"),
    (begun, GRACE, acts.TakeRoute("complaint"), 0, "no-route"),
    (begun, PRIYA, acts.TakeRoute("share-with-head-of-safeguarding"), 0, "not-yours"),
    (begun, GRACE, acts.HandOver("mayor", "7", "Owen", "Ill."), 0, "no-role"),
    (sent, GRACE, acts.HandOver("group-manager", "2", "Priya Nairn", "Ill."), 0, "own-answer"),
    (begun, GRACE, acts.HandOver("team-manager", "7", "Owen", " "), 0, "why"),
    (begun, GRACE, acts.Correct(9, "Another family."), 0, "no-entry"),
    (begun, GRACE, acts.Correct(1, " "), 0, "why"),
    (begun, GRACE, acts.File("jude"), 0, "child-unknown"),
    (lambda: spoken_about().says(GRACE, YES), GRACE, acts.Resolve({"maya": " "}), 1, "no-change"),
    (begun, GRACE, acts.Withdraw(" "), 0, "why"),
    (begun, GRACE, acts.Close("tired", "It is enough."), 0, "ending"),
    (begun, GRACE, acts.Close("disagreement-recorded", "It is enough."), 0, "not-highest"),
    (at_the_top, GRACE, acts.Close("disagreement-recorded", " "), 0, "why"),
    (begun, GRACE, acts.MoveOn("stage-2", "immediate risk", risk=acts.Risk(), date=date(2080, 1, 1)), 0,
     "date-not-yours"),
]  # fmt: skip


@pytest.mark.parametrize(("story", "by", "act", "days", "code"), NOT_NOW_OR_NOT_YOURS + NOT_SAID_RIGHT)
def test_an_act_is_refused_with_its_reason(
    story: Callable[[], Story], by: By, act: acts.Act, days: int, code: str
) -> None:
    refusal = story().decided(by, act, days)
    assert isinstance(refusal, Refusal), refusal
    assert refusal.code == code, refusal


RESOLVED = '  { to = "resolved", when = ["accepted"] },\n'
CHILD = acts.ChildConcern("maya", "She waits.", "Maya")
RAISING: list[tuple[dict[str, Any], str]] = [
    ({"stage": "stage-9"}, "no-stage"),
    ({"why_this_stage": ""}, ""),
    ({"stage": "stage-2", "spoke": None, "why_this_stage": " "}, "why-this-stage"),
    ({"children": ()}, "no-children"),
    ({"children": (acts.ChildConcern("maya", " "),)}, "no-impact"),
    ({"grounds": ("WEATHER",)}, "no-ground"),
    ({"concern": " "}, "no-concern"),
    ({"spoke": None}, "speak-first"),
    ({"spoke": acts.Conversation(" ")}, "how-spoken"),
    ({"spoke": acts.Conversation("phone", TOMORROW)}, "spoken-later"),
    ({"happened": TODAY}, ""),
    ({"happened": TOMORROW}, "happened-later"),
    ({"happened": date(2026, 3, 2)}, "happened-long-ago"),
    ({"happened": YESTERDAY}, ""),
    ({"actions": (acts.ActionAsked("", "Hannah"),)}, "action-what"),
    ({"asked_by": YESTERDAY}, "asked-past"),
    ({"stage": "informal"}, "no-date"),
    ({"stage": "informal", "date": TODAY}, "date-past"),
    ({"date": TOMORROW}, "date-not-yours"),
]


@pytest.mark.parametrize(("said", "code"), RAISING)
def test_a_concern_is_raised_or_refused_with_its_reason(said: dict[str, Any], code: str) -> None:
    whole: dict[str, Any] = {"stage": "stage-1", "children": (CHILD,), "concern": "Nothing has moved.", "spoke": PHONED}
    done = decide(RULES, None, acts.Raise(**(whole | said)), GRACE, START)
    assert (done.code if isinstance(done, Refusal) else "") == code


STARRED: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    ({"stage": "formal-escalation"}, "not-a-start"),
    ({"children": (acts.ChildConcern("maya", "She waits.", on_plan=False),)}, "not-on-plan"),
    ({"ask": " "}, "no-ask"),
    ({"completion": None}, "no-completion"),
    ({"completion": YESTERDAY}, "completion-past"),
    ({"date": date(2026, 5, 7)}, ""),
    ({"date": date(2026, 6, 1)}, "date-too-late"),
    ({"completion": None, "ask": "", "risk": acts.Risk()}, ""),  # an immediate risk waits for no words
    ({"stage": "core-group", "date": TODAY}, ""),  # where no answer is asked for, no date is looked at
]


@pytest.mark.parametrize(("said", "code"), STARRED)
def test_a_starred_recommendation_says_what_the_policy_wants(said: dict[str, Any], code: str) -> None:
    whole: dict[str, Any] = {
        "stage": "starred", "children": (CHILD,), "concern": "Nothing has moved.", "ask": "A visit",
        "completion": TOMORROW, "why_this_stage": "It was spoken about twice.",
    }  # fmt: skip
    done = decide(LANCASHIRE, None, acts.Raise(**(whole | said)), GRACE, START)
    assert (done.code if isinstance(done, Refusal) else "") == code


def test_before_anything_is_raised_nothing_else_can_be_done() -> None:
    refusal = decide(RULES, None, acts.Note("Seen."), GRACE, START)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "not-raised"


def test_a_date_that_the_calendar_does_not_know_is_refused_in_its_words() -> None:
    after = START.replace(year=ENGLAND.last.year, month=12, day=29)
    talk = acts.Raise("informal", (CHILD,), concern="Late.", spoke=PHONED, date=date(ENGLAND.last.year + 1, 1, 20))
    starred = acts.Raise("starred", (CHILD,), concern="Late.", ask="A visit", completion=after.date(),
                         date=date(ENGLAND.last.year + 1, 1, 4), why_this_stage="Twice.")  # fmt: skip
    assert not isinstance(decide(RULES, None, talk, GRACE, after), Refusal)
    refusal = decide(LANCASHIRE, None, starred, GRACE, after)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.about) == ("outside-calendar", "date")


def test_an_immediate_risk_is_passed_on_at_once_past_what_waits() -> None:
    at_once = acts.MoveOn("stage-2", "immediate risk", risk=acts.Risk())
    for story in (begun(), answered(), agreed()):
        assert not isinstance(story.decided(GRACE, at_once, 6), Refusal)


def test_a_step_that_was_taken_or_refused_lets_it_move_on() -> None:
    step = acts.Reach("core-group-meeting", TODAY, accepted=False)
    on = acts.MoveOn("informal", "not accepted", spoke=PHONED)
    assert not isinstance(in_the_plan_cycle().says(ELIAS, step).decided(GRACE, on), Refusal)
    reached = acts.Reach("core-group-meeting", TODAY, accepted=True)
    done = acts.MoveOn("informal", "done", spoke=PHONED)
    assert not isinstance(in_the_plan_cycle().says(ELIAS, reached).decided(GRACE, done), Refusal)


def test_each_step_that_a_stage_waits_for_is_named_until_it_is_taken() -> None:
    sheet, speak = (
        'must = "sheet", within = "5 days" }',
        '{ who = "manager", must = "speak", to = "head", within = "5 days" }',
    )
    cycle = changed(
        ('formality = "informal"', 'formality = "informal"\nkind = "milestone"'),
        ('speak_first = { to = "manager" }\n', ""),
        ('must = "settle", within = "5 working days", of = "entered" }', f"{sheet}, {speak}"),
        (
            RESOLVED + '  { to = "formal", when = ["not answered", "not accepted"] }',
            '  { to = "formal", when = ["done"] }',
        ),
    )
    story = Story(stage="talk", rules=Rules(read(cycle, "heathmoor.toml"), ENGLAND, bare_days="working"), spoke=None)
    on = acts.MoveOn("formal", "done")
    steps = (
        (acts.Reach("sheet", TODAY), "Decision sheet"),
        (acts.Speak(acts.Conversation("phone", to="head")), "speak"),
    )
    for step, title in steps:
        refusal = story.decided(GRACE, on)
        assert isinstance(refusal, Refusal)
        assert refusal.code == "milestone-pending"
        assert refusal.sentence == f"{title} is not recorded yet."
        story.says(GRACE, step)
    assert not isinstance(story.decided(GRACE, on), Refusal)


def test_what_was_agreed_without_a_date_is_decided_before_it_moves_on() -> None:
    silent = ('"formal", when = ["not answered", "not accepted"]', '"formal", when = ["not accepted"]')
    untimed = Rules(read(changed(("5 working days", "none"), silent), "heathmoor.toml"), ENGLAND)
    story = Story(stage="talk", rules=untimed, spoke=acts.Conversation("phone"))
    refusal = story.decided(GRACE, acts.MoveOn("formal", "not answered"))
    assert isinstance(refusal, Refusal)
    assert refusal.sentence == "Decide whether what was agreed has been done first."


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
