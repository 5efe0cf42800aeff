"""Ages, months on a plan, reviews and midpoints, as pages say them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undrift.children.ages import age_text
from undrift.children.months import add_months, months_between
from undrift.children.plan_words import midpoint, review_due, time_on_plan, which_plan, which_review

TODAY = date(2026, 5, 6)


@pytest.mark.parametrize(
    ("born", "expected", "words"),
    [
        (date(2016, 9, 3), None, "9"),
        (date(2025, 5, 6), None, "1"),  # the birthday itself
        (date(2025, 5, 7), None, "11 months"),
        (date(2026, 3, 2), None, "2 months"),
        (date(2026, 3, 11), None, "8 weeks"),
        (date(2026, 4, 29), None, "1 week"),
        (date(2026, 5, 5), None, "1 day"),
        (TODAY, None, "0 days"),
        (None, date(2026, 6, 3), "unborn, expected 3 June"),
        (date(2026, 6, 3), None, "unborn, expected 3 June"),
        (None, None, "age not known"),
        (date(2008, 2, 29), None, "18"),
    ],
)
def test_an_age_is_said_as_people_say_it(born: date | None, expected: date | None, words: str) -> None:
    assert age_text(born, expected, TODAY) == words


def test_of_a_child_who_died_the_day_is_said_in_place_of_an_age() -> None:
    assert age_text(date(2016, 9, 3), None, TODAY, date(2026, 3, 1)) == "died on 1 March 2026"


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (date(2026, 4, 20), None, "less than a month"),
        (date(2026, 4, 6), None, "1 month"),
        (date(2025, 1, 3), None, "16 months"),
        (date(2025, 1, 3), date(2025, 3, 3), "2 months"),
    ],
)
def test_time_on_a_plan_is_counted_in_whole_months_to_its_end(starts: date, ends: date | None, words: str) -> None:
    assert time_on_plan(starts, ends, TODAY) == words


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (0, "before the first review"),
        (1, "first review held"),
        (2, "second review held"),
        (3, "third review or later"),
        (7, "third review or later"),
    ],
)
def test_a_plan_at_its_third_review_or_later_is_called_so(held: int, words: str) -> None:
    assert which_review(held) == words


@pytest.mark.parametrize(("before", "words"), [(0, "first plan"), (1, "second plan"), (11, "12th plan")])
def test_a_plan_is_counted_with_those_before_it(before: int, words: str) -> None:
    assert which_plan(before) == words


@pytest.mark.parametrize(
    ("starts", "review", "due"),
    [
        (date(2025, 12, 4), None, date(2026, 3, 4)),
        (date(2025, 11, 30), None, date(2026, 2, 28)),
        (date(2021, 2, 8), None, date(2021, 5, 8)),
        (date(2025, 12, 4), date(2026, 2, 26), date(2026, 8, 26)),
        (date(2025, 8, 31), date(2025, 8, 31), date(2025, 11, 30)),  # a "review" on the first day is none
    ],
)
def test_a_review_is_due_in_three_months_and_then_in_six(starts: date, review: date | None, due: date) -> None:
    assert review_due(starts, review) == due


def test_the_midpoint_lies_halfway_between_two_conferences() -> None:
    assert midpoint(date(2026, 1, 1), date(2026, 7, 1)) == date(2026, 4, 1)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 240))
def test_months_added_are_the_months_between_unless_the_month_is_too_short(start: date, months: int) -> None:
    end = add_months(start, months)
    assert months_between(start, end) == months - (end.day < start.day)
