"""Moments and days as templates write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from undrift.desks.frame.days import clock_time, day_and_time


def test_a_moment_is_shown_as_clocks_here_show_it_whoever_asks() -> None:
    assert day_and_time(datetime(2026, 5, 6, 10, 42, tzinfo=UTC)) == "6 May 2026, 11:42am"
    assert day_and_time(datetime(2026, 5, 6, 23, 30, tzinfo=UTC)) == "7 May 2026, 12:30am"
    assert clock_time(datetime(2026, 11, 6, 14, 0, tzinfo=UTC)) == "2pm"
    assert day_and_time(date(2026, 5, 6)) == "6 May 2026"
