"""Somebody else takes a part: whose turn it is then, and by which day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.engine.test_telling import DENISE, GRACE, PRIYA, RULES, START, Story, no
from undrift.engine.dates.moments import london_date
from undrift.engine.duties import Duty
from undrift.engine.events import By
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import agenda, waits_until
from undrift.engine.ladder.decide import decide
from undrift.engine.ladder.standing import WAITING_FOR_CHAIR, WAITING_FOR_RESPONSE, standing
from undrift.engine.refusal import Refusal

PASSED = 13  # days after the start, when the date of stage 1 lies behind


def handing(until: date | None = None) -> acts.HandOver:
    return acts.HandOver("team-manager", "7", "Owen Tarrant", "Callum is off sick.", until)


def test_a_hand_over_with_a_new_date_makes_it_the_turn_of_the_new_holder_until_that_day() -> None:
    story = Story().says(GRACE, handing(date(2026, 5, 20)), days=PASSED)
    state, now = story.state, START + timedelta(days=PASSED, hours=1)
    assert state is not None
    assert [e.type for e in story.history[-2:]] == ["handed_over", "more_time_given"]
    step = standing(RULES, state, now)
    assert (step.tag, step.who) == (WAITING_FOR_RESPONSE, "team-manager")
    assert state.handed["team-manager"] == "7"
    assert step.day == date(2026, 5, 20)
    assert step.ends == waits_until(RULES, state, state.here)
    ends = waits_until(RULES, state, state.here)
    assert ends is not None
    assert london_date(ends) == date(2026, 5, 20)


def test_the_turn_comes_back_to_the_chair_when_the_new_date_passes_too() -> None:
    story = Story().says(GRACE, handing(date(2026, 5, 20)), days=PASSED)
    assert story.state is not None
    step = standing(RULES, story.state, START + timedelta(days=21))
    assert (step.tag, step.who, step.must) == (WAITING_FOR_CHAIR, "chair", "decide what next")
    assert step.day == date(2026, 5, 22)


def test_a_hand_over_without_a_date_after_it_has_passed_stays_with_the_chair() -> None:
    story = Story().says(GRACE, handing(), days=PASSED)
    assert story.state is not None
    step = standing(RULES, story.state, START + timedelta(days=PASSED, hours=1))
    assert (step.tag, step.who) == (WAITING_FOR_CHAIR, "chair")
    assert step.duty is not None


@pytest.mark.parametrize("until", [date(2026, 5, 12), date(2026, 5, 1)])
def test_the_new_date_lies_after_the_one_that_counts_now(until: date) -> None:
    refused = decide(RULES, Story().state, handing(until), GRACE, START + timedelta(days=PASSED))
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.about) == ("date-past", "until")


def test_no_new_date_is_given_to_an_answer_that_is_there() -> None:
    refused = decide(RULES, Story().answered().state, handing(date(2026, 5, 20)), GRACE, START + timedelta(days=6))
    assert isinstance(refused, Refusal)
    assert refused.code == "answered"


def test_after_more_time_the_next_date_is_the_new_one_and_lateness_keeps_to_the_policys() -> None:
    story = Story().says(GRACE, acts.GiveMoreTime(date(2026, 5, 20), "The school reopens on the 18th."), days=5)
    state, now = story.state, START + timedelta(days=PASSED + 1)
    assert state is not None
    step = standing(RULES, state, now)
    assert step.duty is not None
    assert step.duty.day is not None
    assert step.duty.day < london_date(now) < date(2026, 5, 20)
    assert (step.tag, step.day) == (WAITING_FOR_RESPONSE, date(2026, 5, 20))
    assert step.duty.late(now)


def test_a_date_earlier_than_the_policys_takes_no_time_away() -> None:
    """None is given any more; a record from before may hold one."""
    earlier = acts.GiveMoreTime(date(2026, 5, 6), "To be seen sooner.")
    refused = Story().decided(GRACE, earlier, 1)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.about) == ("not-later", "until")
    assert "12 May 2026" in refused.sentence
    story = Story().keeps("more_time_given", GRACE, until="2026-05-06", why="To be seen sooner.")
    assert story.state is not None
    step = standing(RULES, story.state, START + timedelta(days=2))
    assert (step.later, step.day) == (None, step.duty.day if step.duty else None)


def test_as_long_again_is_not_as_long_again_each_time() -> None:
    story = Story().says(GRACE, acts.GiveMoreTime(date(2026, 5, 21), "The school is closed."), days=1)
    refused = story.decided(GRACE, acts.GiveMoreTime(date(2026, 5, 22), "It is closed still."), 1)
    assert isinstance(refused, Refusal)
    assert (refused.code, "as long again, 7 days, to Thursday 21 May 2026" in refused.sentence) == (
        "no-time-left",
        True,
    )
    late = story.decided(GRACE, acts.GiveMoreTime(date(2026, 6, 30), "It is closed still."), 22)
    assert isinstance(late, Refusal)
    assert late.code == "date-too-late"
    assert not isinstance(story.decided(GRACE, acts.GiveMoreTime(date(2026, 5, 29), "It opens then."), 22), Refusal)


# Not theirs to answer ------------------------------------------------------------------------------------------------


def whose(story: Story, days: int = 1) -> list[tuple[str, bool, date | None]]:
    """The chair's decision whose it is: who owes it, whether it is still owed, by which day."""
    assert story.state is not None
    duties = agenda(RULES, story.state, START + timedelta(days=days, hours=1))
    return [(duty.who, duty.owed, duty.day) for duty in duties if duty.must == "decide whose it is"]


def not_mine() -> Story:
    return Story().says(PRIYA, acts.SayNotMine("Callum Stroud", "They moved to his team."))


def test_whoever_says_that_it_is_not_theirs_keeps_it_until_the_chair_has_decided() -> None:
    story = not_mine()
    assert story.state is not None
    assert whose(story) == [("chair", True, date(2026, 5, 5))]
    step = standing(RULES, story.state, START + timedelta(days=1))
    assert (step.tag, step.who, step.day) == (WAITING_FOR_RESPONSE, "team-manager", date(2026, 5, 12))


SETTLES: list[tuple[By, acts.Act]] = [
    (GRACE, handing()),
    (GRACE, acts.SayItStays("They are hers until the transfer.")),
    (PRIYA, acts.Respond("agree", "It is being written.")),
    (GRACE, acts.Withdraw("Settled.")),
]


@pytest.mark.parametrize(("by", "act"), SETTLES, ids=lambda one: type(one).__name__)
def test_it_is_decided_by_a_hand_over_or_by_saying_that_it_stays_and_over_once_answered(by: By, act: acts.Act) -> None:
    assert [owed for _, owed, _ in whose(not_mine().says(by, act, days=1))] == [False]


def test_handing_another_part_over_does_not_decide_it() -> None:
    story = not_mine().says(GRACE, acts.HandOver("group-manager", "8", "Judith Calloway", "Denise is away."), days=1)
    assert [owed for _, owed, _ in whose(story)] == [True]


def test_it_may_be_said_again_once_the_chair_has_decided() -> None:
    story = not_mine().says(GRACE, acts.SayItStays("They are hers."), days=1)
    story.says(PRIYA, acts.SayNotMine("Callum Stroud", "The transfer is done."), days=2)
    assert [owed for _, owed, _ in whose(story, 2)] == [False, True]


def test_what_was_asked_at_an_earlier_stay_stands_as_it_was() -> None:
    story = not_mine().answered().says(GRACE, no(), days=6)
    story.says(GRACE, acts.MoveOn("stage-2", "not accepted", different="Nothing has a date."), days=6)
    first = earliest_decision(story)
    assert not first.owed
    story.says(DENISE, acts.SayNotMine("Judith Calloway", "Her area now."), days=7)
    story.says(GRACE, acts.SayItStays("It is hers."), days=8)
    assert earliest_decision(story) == first


def earliest_decision(story: Story) -> Duty:
    assert story.state is not None
    duties = agenda(RULES, story.state, START + timedelta(days=9))
    return next(duty for duty in duties if duty.must == "decide whose it is")
