"""What files say of a plan cycle, read for the engine: conferences, and what a plan says of one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from undrift.engine.plan_cycle.on_file import NOTHING, FiledConference
from undrift.record.filed import on_file

START, REVIEW = date(2026, 1, 20), date(2026, 4, 14)


def plan(child: int, **more: Any) -> dict[str, Any]:
    usual = {"starts": START.isoformat(), "ends": None, "review": None, "before": 0, "visit": None, "alone": "no"}
    return {"child": child, **usual, **more}


def told(*plans: dict[str, Any], conferences: Any = None, checks: Any = None) -> dict[str, Any]:
    return {"plans": list(plans), "conferences": conferences, "checks": checks}


def test_nothing_is_on_file_of_a_case_that_is_no_plan_cycle() -> None:
    assert on_file(None) == NOTHING
    assert on_file({"plans": None, "conferences": None, "checks": None}).conferences == ()


def test_a_plan_says_of_its_initial_conference_and_of_its_latest_review() -> None:
    file = on_file(told(plan(1, review=REVIEW.isoformat()), plan(2)))
    assert file.conferences == (
        FiledConference("initial", START, ("1", "2")),
        FiledConference("review", REVIEW, ("1",)),
    )


def test_a_conference_on_file_stands_before_what_a_plan_says() -> None:
    file = on_file(told(plan(1), conferences=[["initial", "2026-01-19"], ["review", "2026-04-14"]]))
    assert file.conferences[:2] == (
        FiledConference("initial", date(2026, 1, 19), ("1",)),
        FiledConference("review", REVIEW, ("1",)),
    )


def test_what_was_held_before_the_plan_or_in_another_is_none_of_its_conferences() -> None:
    ended = plan(1, starts="2024-01-10", ends="2024-12-10")
    file = on_file(told(ended, plan(1), conferences=[["review", "2024-06-01"], ["initial", "2024-01-10"]]))
    assert file.conferences == (FiledConference("initial", START, ("1",)),)
    assert file.of("1").earlier_plans == 1
    assert file.of("1").plan_began == START


def test_a_plan_that_ended_has_no_conference_any_more() -> None:
    file = on_file(told(plan(1, ends="2026-04-14", review=REVIEW.isoformat())))
    assert file.conferences == ()
    assert file.of("1").plan_began is None
    assert (file.of("1").plan_ended, file.of("1").end_told) == (REVIEW, None)


def test_of_a_plan_that_ended_it_is_known_when_that_was_said() -> None:
    ended = plan(1, ends=REVIEW.isoformat(), told="2026-04-20T09:00:00+00:00")
    assert on_file(told(ended)).of("1").end_told == datetime(2026, 4, 20, 9, tzinfo=UTC)
    assert on_file(told(plan(1), plan(1, starts="2024-01-10", ends="2024-12-10"))).of("1").plan_ended is None


def test_checks_and_the_latest_visit_are_the_childs_own() -> None:
    seen = plan(1, visit="2026-04-30", alone="yes")
    file = on_file(told(seen, plan(2), checks=[[1, "2026-03-02"], [1, "2026-02-02"]]))
    assert file.of("1").checks == (date(2026, 2, 2), date(2026, 3, 2))
    assert [(visit.on, visit.alone) for visit in file.of("1").visits] == [(date(2026, 4, 30), True)]
    assert file.of("2").visits == ()
