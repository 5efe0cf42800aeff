"""What was agreed and is not done: whose turn it is, which ways there are, and how often a date has moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.engine.test_refused import (
    CHIEF,
    DIRECTOR,
    LANCASHIRE,
    PASSED,
    PHONED,
    YES,
    agreed,
    answered,
    at_the_chief_officer,
    begun,
    date_asked,
    informal_in_lancashire,
    sent,
    starred,
    urgent,
)
from tests.engine.test_telling import DENISE, GRACE, PLAN, PRIYA, RULES, START, Story, no
from tests.engine.test_told import hannahs
from undrift.engine.dates.moments import london_date
from undrift.engine.events import SYSTEM, By
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import agenda, turns, waits_until
from undrift.engine.ladder.moves import moves
from undrift.engine.ladder.standing import standing
from undrift.engine.ladder.state import DIED, ENDINGS, OF_ONE_CHILD, State
from undrift.engine.ladder.told import told
from undrift.engine.musts import Must
from undrift.engine.next_step import NextStep
from undrift.engine.refusal import Refusal

DUE = 14  # days after the start, when the action is due


def state(story: Story) -> State:
    assert story.state is not None
    return story.state


def step(story: Story, days: int) -> NextStep:
    return standing(story.rules, state(story), story.at(days))


def test_until_its_last_day_it_is_with_whoever_does_it_and_then_with_the_chair() -> None:
    story = agreed()
    assert (step(story, DUE).name, step(story, DUE).must) == ("Hannah Quill", "do the action")
    late = step(story, DUE + 1)
    assert (late.who, late.must, late.day) == ("chair", "decide on the action", date(2026, 5, 18))


def test_when_the_turn_will_change_is_known_beforehand() -> None:
    ends = turns(RULES, state(agreed()), agreed().at(7))
    assert ends is not None
    assert london_date(ends) == date(2026, 5, 14)
    assert turns(RULES, state(agreed()), agreed().at(DUE + 1)) is None
    waits = turns(RULES, state(begun()), begun().at(0))
    assert waits == waits_until(RULES, state(begun()), state(begun()).here)


WAYS = [
    (acts.ChangeActionDate("a1", date(2026, 5, 18), "It is booked for that day."), "do the action"),
    (acts.DropAction("a1", "She has moved school."), "resolve"),
    (acts.AskAgain(date(2026, 5, 18), "Nothing is written."), "respond"),
    (acts.MoveOn("stage-2", "not done"), "respond"),
    (acts.ReopenChild("maya", "Nothing is written."), "decide what next"),
    (acts.EndForChild("maya", "moved", "Known there."), ""),
]


@pytest.mark.parametrize(("way", "then"), WAYS, ids=lambda way: type(way).__name__)
def test_the_chair_has_every_way_on_once_its_date_has_passed(way: acts.Act, then: str) -> None:
    story = agreed()
    name = "".join("_" + c.lower() if c.isupper() else c for c in type(way).__name__).lstrip("_")
    assert moves(RULES, state(story), GRACE, story.at(DUE + 1))[name].allowed
    assert step(story.says(GRACE, way, days=DUE + 1), DUE + 1).must == then


def test_it_is_still_resolved_only_when_what_was_agreed_is_done_and_confirmed() -> None:
    refused = agreed().decided(GRACE, acts.Resolve({"maya": "She is seen."}), DUE + 1)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.clause) == ("actions-open", "")  # no policy says so: none is quoted


def test_a_new_date_is_asked_for_and_the_chair_agrees_to_it() -> None:
    story = date_asked()
    asked = step(story, 8)
    assert (asked.who, asked.must) == ("chair", "agree the new date")
    assert state(story).actions["a1"].by == date(2026, 5, 14), "until then the first date stands"
    story.says(GRACE, acts.ChangeActionDate("a1", date(2026, 5, 18), "Half term."), days=8)
    action = state(story).actions["a1"]
    assert (action.by, action.moved, action.asked) == (date(2026, 5, 18), 1, None)
    assert step(story, 8).must == "do the action"


def test_a_date_that_is_not_agreed_stays() -> None:
    story = date_asked().says(GRACE, acts.DeclineActionDate("a1", "She has waited since March."), days=8)
    action = state(story).actions["a1"]
    assert (action.by, action.moved, action.asked) == (date(2026, 5, 14), 0, None)


def test_what_is_done_needs_no_new_date() -> None:
    story = date_asked().says(PRIYA, acts.FinishAction("a1", date(2026, 5, 8)), days=8)
    assert step(story, 8).must == "confirm the action"


# Whoever was to do it has left ---------------------------------------------------------------------------------------


def left() -> Story:
    return hannahs().says(SYSTEM, acts.RecordOwnerLeft("a1"), days=7)


def test_an_action_of_somebody_who_has_left_is_the_chairs_to_give() -> None:
    story = left()
    asked = step(story, 7)
    assert (asked.who, asked.must, asked.day) == ("chair", "decide who does it", date(2026, 5, 11))
    assert [d.must for d in agenda(RULES, state(story), story.at(7)) if d.owed] == ["decide who does it"]
    assert step(story, DUE + 1).must == "decide on the action"


def test_given_to_somebody_else_it_is_theirs_by_the_same_day() -> None:
    story = left().says(GRACE, acts.GiveAction("a1", "Ruth Pemberly", "Hannah has left.", "12"), days=8)
    theirs = step(story, 8)
    assert (theirs.person, theirs.name, theirs.must, theirs.day) == (
        "12", "Ruth Pemberly", "do the action", date(2026, 5, 14)
    )  # fmt: skip


def test_what_was_done_before_they_left_is_confirmed_as_ever() -> None:
    assert step(left().says(GRACE, acts.FinishAction("a1", date(2026, 5, 6)), days=7), 7).must == "confirm the action"


# Asked again ---------------------------------------------------------------------------------------------------------


def asked_again(until: date, *, days: int = 6) -> Story:
    return answered().says(GRACE, acts.AskAgain(until, "By when?"), days=days)


@pytest.mark.parametrize("until", [date(2026, 5, 8), date(2026, 5, 12), date(2026, 5, 15)])
def test_the_day_by_which_it_is_asked_for_again_is_the_one_that_counts(until: date) -> None:
    """Before, on or after the policy's own date, which was for the first answer."""
    story = asked_again(until)
    waiting = step(story, 6)
    assert (waiting.who, waiting.must, waiting.day) == ("team-manager", "respond", until)
    passed = step(story, (until - START.date()).days + 1)
    assert (passed.who, passed.must) == ("chair", "decide what next")


def test_the_first_answer_was_not_late_for_its_date() -> None:
    story = asked_again(date(2026, 5, 15))
    respond = next(d for d in agenda(RULES, state(story), story.at(60)) if d.must == "respond")
    assert not respond.late(story.at(60))


def test_more_time_may_be_given_for_the_second_answer_too() -> None:
    story = asked_again(date(2026, 5, 8)).says(GRACE, acts.GiveMoreTime(date(2026, 5, 11), "Ill."), days=7)
    assert step(story, 7).day == date(2026, 5, 11)


def test_the_second_answer_is_approved_and_judged_like_the_first() -> None:
    story = asked_again(date(2026, 5, 15)).says(PRIYA, acts.Respond("agree", "By the 20th.", (PLAN,)), days=7)
    assert step(story, 7).must == "approve"
    story.says(DENISE, acts.Approve(), days=7).says(GRACE, YES, days=8)
    assert [a.id for a in state(story).open_actions] == ["a2"], "no number of an action is used twice"
    assert len(state(story).here.earlier_answers) == 1


# Promised, directed --------------------------------------------------------------------------------------------------


def test_of_an_answer_that_is_not_accepted_the_chair_keeps_what_is_to_be_done_nevertheless() -> None:
    keeps = acts.Judge({"maya": False}, "It is not enough.", keep=("a1",))
    story = answered().says(GRACE, keeps, days=6)
    assert [a.what for a in state(story).open_actions] == [PLAN.what]
    assert not state(answered().says(GRACE, no(), days=6)).actions


def test_what_a_chief_officer_directs_is_tracked_although_the_chair_is_not_content() -> None:
    story = at_the_chief_officer()
    assert step(story, 1).must == "decide"
    story.says(GRACE, no(), days=2)
    assert (step(story, 2).must, step(story, 2).name) == ("do the action", "Elias Thornby")
    assert (step(story, DUE + 1).who, step(story, DUE + 1).must) == ("chair", "decide on the action")
    story.says(GRACE, acts.FinishAction("a1", date(2026, 5, 8)), days=8).says(GRACE, acts.ConfirmAction("a1"), days=8)
    assert step(story, 8).must == "decide what next"


ENDS = [
    acts.Withdraw("It stands."),
    *(acts.Close(ending, "It stands.") for ending in ENDINGS if ending != DIED),
    *(acts.EndForChild("maya", ending, "It stands.") for ending in OF_ONE_CHILD),
]


@pytest.mark.parametrize("ending", ENDS, ids=str)
@pytest.mark.parametrize("judges", [True, False], ids=["content", "not content"])
def test_what_is_directed_is_still_owed_however_the_chair_would_end_it(ending: acts.Act, judges: bool) -> None:
    story = at_the_chief_officer().says(GRACE, YES if judges else no(), days=2)
    refused = story.decided(GRACE, ending, 2)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.clause) == ("directed", "Stage 6")
    assert "Find a home (Elias Thornby)" in refused.sentence
    assert refused.sentence.endswith("only the Chief Officer can end it otherwise.")
    story.says(GRACE, acts.FinishAction("a1", date(2026, 5, 8)), days=8).says(GRACE, acts.ConfirmAction("a1"), days=8)
    after = story.decided(GRACE, ending, 8)
    assert not isinstance(after, Refusal) or (judges and after.code == "agreed")


def test_what_is_directed_for_two_children_binds_when_it_ends_for_one_of_them() -> None:
    story = at_the_chief_officer("maya", "jude").says(GRACE, acts.Judge({"maya": False, "jude": False}, "No."), days=2)
    story.says(GRACE, acts.EndForChild("jude", "moved", "Known there."), days=3)
    last = story.decided(GRACE, acts.EndForChild("maya", "moved", "Known there."), 3)
    assert isinstance(last, Refusal)
    assert (last.code, last.about) == ("directed", "child")


def test_who_directed_an_action_ends_it_and_the_chair_does_not() -> None:
    story, drop = at_the_chief_officer().says(GRACE, no(), days=2), acts.DropAction("a1", "She has a home.")
    refused = story.decided(GRACE, drop, 2)
    assert isinstance(refused, Refusal)
    assert refused.sentence == "Only the Chief Officer can end what they directed: it binds until it is done."
    story.says(CHIEF, drop, days=3)
    assert step(story, 3).must == "decide what next"
    story.says(GRACE, acts.Withdraw("She has a home."), days=3)


@pytest.mark.parametrize("is_done", [False, True], ids=["to be done", "done"])
def test_the_decision_on_what_is_directed_stays_met_when_the_chair_asks_again(*, is_done: bool) -> None:
    """With the judgement it was met; once all is done the chair has it again, until another answer is asked for."""
    story = at_the_chief_officer().says(GRACE, no(), days=2)
    judged = state(story).last_at
    if is_done:
        story.says(GRACE, acts.FinishAction("a1", date(2026, 5, 8)), days=8).says(
            GRACE, acts.ConfirmAction("a1"), days=8
        )

    def decided() -> list[tuple[datetime | None, datetime | None]]:
        duties = agenda(LANCASHIRE, state(story), story.at(9))
        return [(d.began, d.met) for d in duties if d.must == Must.DECIDE and d.visit == len(state(story).visits)]

    before = decided()
    story.says(GRACE, acts.AskAgain(date(2026, 5, 15), "It is not enough."), days=9)
    (began, met), *more = before
    assert met == judged
    assert decided() == [(began, met), *[(since, state(story).last_at) for since, _ in more]]
    assert len(more) == is_done


def test_what_is_directed_is_agreed_once_when_the_chair_is_content() -> None:
    story = at_the_chief_officer().says(GRACE, YES, days=2)
    assert [(a.id, a.directed) for a in state(story).open_actions] == [("a1", True)]


# Days and talks ------------------------------------------------------------------------------------------------------


def test_what_was_done_between_the_talk_and_the_typing_is_done() -> None:
    talk = acts.Conversation("phone", date(2026, 4, 27), "team-manager")
    plan = replace(PLAN, by=START.date())
    story = Story(stage="informal", spoke=talk, date=START.date(), happened=date(2026, 4, 27), actions=(plan,))
    story.says(PRIYA, acts.FinishAction("a1", date(2026, 4, 28)))
    refused = Story(stage="informal", spoke=talk, actions=(plan,)).decided(
        PRIYA, acts.FinishAction("a1", date(2026, 4, 26))
    )
    assert isinstance(refused, Refusal)
    assert refused.sentence == "The date must be 27 April 2026, when this began, or later"


def test_fifteen_days_run_from_the_talk_and_not_from_the_typing() -> None:
    monday = acts.Conversation("phone", date(2026, 4, 27), "front-line-manager")
    story = Story(stage="informal", rules=LANCASHIRE, spoke=monday, date=None)
    assert step(story, 0).day == date(2026, 5, 19)


def without_a_talk() -> Story:
    """Informal in Pan-Lancashire, raised at once because of a risk: the time counts from then, to 22 May."""
    return Story(stage="informal", rules=LANCASHIRE, spoke=None, risk=acts.Risk("Seen."), date=None)


def spoken(day: date, to: str = "front-line-manager") -> acts.Speak:
    return acts.Speak(acts.Conversation("phone", day, to))


def test_a_talk_starts_the_time_until_it_has_passed_and_not_after() -> None:
    assert step(without_a_talk(), 0).day == date(2026, 5, 22)
    in_time = without_a_talk().says(GRACE, spoken(date(2026, 5, 18)), days=20)
    assert step(in_time, 20).day == date(2026, 6, 9)
    assert step(in_time.says(GRACE, spoken(date(2026, 5, 21)), days=21), 21).day == date(2026, 6, 9)
    passed = without_a_talk()
    before = step(passed, 24)
    assert (before.who, before.must) == ("chair", "decide what next")
    for by in (GRACE, By("4", "Elias Thornby", frozenset({"front-line-manager"}))):
        passed.says(by, spoken(date(2026, 5, 22)), days=24)
        assert (step(passed, 24).must, step(passed, 24).day) == (before.must, before.day)


def test_a_call_about_the_risk_starts_no_time() -> None:
    rang = acts.Conversation("phone", date(2026, 4, 1), "front-line-manager")
    story = Story(stage="informal", rules=LANCASHIRE, spoke=None, risk=acts.Risk("Seen."), rang=rang, date=None)
    assert step(story, 0).day == date(2026, 5, 22)


def test_who_could_not_be_reached_was_not_spoken_with() -> None:
    """It counts from when it was raised, so that it has a date."""
    tried = acts.Conversation("could not reach", date(2026, 4, 27), "front-line-manager", note="On leave.")
    story = Story(stage="informal", rules=LANCASHIRE, spoke=tried, date=None)
    assert state(story).here.spoke == ()
    assert step(story, 0).day == date(2026, 5, 22)


def test_a_talk_that_is_owed_may_be_held_after_it_has_moved_on() -> None:
    senior = acts.Speak(acts.Conversation("phone", to="csc-senior-manager"))
    story = (
        at_the_chief_officer().says(GRACE, YES, days=2).says(CHIEF, acts.DropAction("a1", "A home is found."), days=2)
    )
    owed = story.decided(GRACE, acts.Resolve({"maya": "She is home."}), 2)
    assert isinstance(owed, Refusal)
    assert (owed.code, owed.clause) == ("not-spoken", "Stage 5")
    story.says(GRACE, senior, days=2).says(GRACE, acts.Resolve({"maya": "She is home."}), days=2)
    assert story.history[-1].payload.get("not_spoken") is None


def test_a_call_is_owed_on_the_day_of_the_urgent_action_until_it_is_made() -> None:
    ring = next(d for d in agenda(RULES, state(urgent()), urgent().at(0)) if d.must == "ring")
    assert (ring.day, ring.who, ring.owed) == (START.date(), "chair", True)
    made = urgent().says(PRIYA, acts.RingBack(3, "Hannah Quill"))
    assert not [d for d in agenda(RULES, state(made), made.at(0)) if d.must == "ring" and d.owed]
    assert [u.what for u in state(made).urgent] == ["She was seen."]


def test_the_other_urgent_action_still_waits_for_its_call() -> None:
    two = urgent().says(PRIYA, acts.RecordUrgentAction("He was seen."))
    two.says(GRACE, acts.RingBack(4, "Hannah Quill"))
    assert [u.seq for u in state(two).not_rung_back] == [3]


def test_a_call_told_of_on_raising_is_the_call_that_is_owed() -> None:
    raised = Story(stage="stage-2", risk=acts.Risk(), rang=acts.Conversation("phone", to="group-manager"), spoke=PHONED)
    assert [e.type for e in raised.history] == ["raised", "spoke", "spoke"]
    assert state(raised).not_rung_back == ()
    assert state(Story(stage="stage-2", risk=acts.Risk(), spoke=PHONED)).not_rung_back != ()


@pytest.mark.parametrize(
    "ends",
    [acts.Withdraw("It was settled."), acts.Close("moved", "Their new council has the file.")],
    ids=lambda act: type(act).__name__,
)
def test_a_call_is_owed_still_when_it_has_ended_without_one(ends: acts.Act) -> None:
    story = urgent().says(GRACE, ends)
    ring = next(d for d in agenda(RULES, state(story), story.at(1)) if d.must == "ring")
    assert ring.owed
    lapsed = story.decided(SYSTEM, acts.RecordLapse("ring:3"), 2)
    assert not isinstance(lapsed, Refusal)
    assert [one.ask for one in told(RULES, state(story), lapsed[0]) if one.role == "chair"] == ["ring"]
    made = story.says(GRACE, acts.RingBack(3, "Hannah Quill"))
    assert not any(d.owed for d in agenda(RULES, state(made), made.at(1)))


def test_an_answer_that_was_not_approved_is_not_judged_however_late() -> None:
    story = sent()
    late = step(story, PASSED)
    assert (late.who, late.must) == ("chair", "decide what next")
    assert not moves(RULES, state(story), GRACE, story.at(PASSED))["judge"].allowed


def test_the_director_s_stage_is_not_closed_as_not_agreed_before_it_is_read() -> None:
    story = Story(stage="stage-5")
    ends = acts.Close("disagreement-recorded", "It stands on record.")
    assert isinstance(story.decided(GRACE, ends), Refusal)
    answer = acts.Respond("do not agree", "No.", consider={"wider-partnership": False})
    story.says(DIRECTOR, answer, days=1).says(GRACE, no(), days=1)
    assert not isinstance(story.decided(GRACE, ends, 1), Refusal)
    assert not isinstance(Story(stage="stage-5").decided(GRACE, ends, 30), Refusal)


def test_a_starred_recommendation_can_be_made_from_any_stage_that_stands() -> None:
    for story in (informal_in_lancashire(), Story(stage="informal", rules=LANCASHIRE, spoke=PHONED, date=None)):
        on = acts.MoveOn("starred", "not accepted", ask="A visit", completion=date(2026, 5, 8))
        if state(story).here.judged is None:
            story.says(GRACE, no())
        story.says(GRACE, on)
        assert state(story).here.completion == date(2026, 5, 8)
    assert state(starred()).here.stage == "starred"


def test_an_action_of_a_year_ago_is_as_late_as_one_of_yesterday() -> None:
    assert standing(RULES, state(agreed()), START + timedelta(days=400)).must == "decide on the action"


def test_what_was_returned_is_not_done_before_the_day_on_which_more_was_needed() -> None:
    story = agreed().says(PRIYA, acts.FinishAction("a1", date(2026, 5, 6)), days=6)
    story.says(GRACE, acts.ReturnAction("a1", "She has not been seen."), days=7)
    with pytest.raises(AssertionError, match="when more was needed, or later"):
        story.says(PRIYA, acts.FinishAction("a1", date(2026, 5, 5)), days=8)
    story.says(PRIYA, acts.FinishAction("a1", date(2026, 5, 6)), days=8)
