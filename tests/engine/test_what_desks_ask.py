"""What pages and messages ask of the ladder besides who owes what: each answer for each state it can be in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.test_refused import (
    SENT,
    TOMORROW,
    agreed,
    answered,
    begun,
    core_group_met,
    escalated,
    in_the_plan_cycle,
    refused,
    starred,
)
from tests.engine.test_telling import PRIYA, Story
from undrift.engine.duties import subject_of
from undrift.engine.events import SYSTEM
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import unanswered
from undrift.engine.ladder.moving import because_now
from undrift.engine.ladder.standing import whose_part
from undrift.engine.ladder.state import State
from undrift.engine.ladder.told import told

PASSED_BY = 20  # days


def state_of(story: Story) -> State:
    assert story.state is not None
    return story.state


@pytest.mark.parametrize(
    ("story", "days", "because"),
    [
        (agreed, 6, "not done"),
        (refused, 6, "not accepted"),
        (begun, PASSED_BY, "not answered"),
        (begun, 1, "immediate risk"),
        (in_the_plan_cycle, 1, "done"),
        (lambda: core_group_met(accepted=False), 1, "not accepted"),
    ],
)
def test_why_it_would_move_on_now_is_what_the_record_shows(story: Callable[[], Story], days: int, because: str) -> None:
    played = story()
    assert because_now(played.rules, state_of(played), played.at(days)) == because


@pytest.mark.parametrize(
    ("story", "role"),
    [
        (begun, "team-manager"),
        (lambda: begun().says(PRIYA, SENT), "group-manager"),
        (answered, "team-manager"),
        (in_the_plan_cycle, "chair"),
    ],
)
def test_the_answer_is_with_whoever_can_still_do_something_about_it(story: Callable[[], Story], role: str) -> None:
    played = story()
    assert whose_part(played.rules, state_of(played)) == role


def test_it_is_unanswered_from_the_end_of_its_time_until_the_chair_decides() -> None:
    played = begun()
    assert not unanswered(played.rules, state_of(played), played.at(1))
    assert unanswered(played.rules, state_of(played), played.at(PASSED_BY))
    assert not unanswered(agreed().rules, state_of(agreed()), played.at(PASSED_BY))
    assert not unanswered(in_the_plan_cycle().rules, state_of(in_the_plan_cycle()), played.at(PASSED_BY))


def test_the_day_by_which_it_is_to_be_completed_stays_at_the_stages_above() -> None:
    assert state_of(starred()).completion == TOMORROW
    assert state_of(escalated()).completion == TOMORROW
    assert state_of(begun()).completion is None


def test_what_a_duty_is_about_is_read_from_its_key() -> None:
    assert subject_of("do the action:a1") == "a1"
    assert subject_of("ring:3") == "3"
    assert subject_of("resolve:maya") == ""
    assert subject_of("1:respond:team-manager") == ""
    assert subject_of("resolve") == ""


def test_of_a_date_that_a_later_reading_does_not_know_nobody_is_asked_for_anything() -> None:
    played = begun().keeps("date_lapsed", SYSTEM, days=PASSED_BY, duty="7:respond:nobody", due="2026-05-12")
    asked = told(played.rules, state_of(played), played.history[-1])
    assert asked
    assert {each.ask for each in asked} == {""}


def test_where_nobody_approves_whoever_answers_is_asked_for_the_late_answer() -> None:
    played = starred().says(SYSTEM, acts.RecordLapse("1:respond:front-line-manager"), days=PASSED_BY)
    asked = {each.role: each.ask for each in told(played.rules, state_of(played), played.history[-1])}
    assert asked["front-line-manager"] == "respond"
    assert asked["chair"] == "decide what next"
