"""Dates as people say them, and how far off they are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from undrift.desks.frame.days import clock_time, day_and_time
from undrift.engine.dates.words import due_label
from undrift.library import calendars

ENGLAND = calendars.load("england-and-wales")
# May 2026: the 4th is a bank holiday, the 8th a Friday.
SAID = [
    ("2026-05-08", "2026-05-06", "Due in 2 working days"),
    ("2026-05-07", "2026-05-06", "Due tomorrow"),
    ("2026-05-06", "2026-05-06", "Due today"),
    ("2026-05-08", "2026-05-09", "Due yesterday"),  # a Saturday: no working day has passed
    ("2026-05-08", "2026-05-10", "Was due on Friday"),
    ("2026-05-08", "2026-05-11", "1 working day late"),
    ("2026-05-01", "2026-05-04", "Was due on Friday"),  # Saturday, Sunday and a bank holiday since
    ("2026-05-01", "2026-05-05", "1 working day late"),
    ("2026-05-05", "2026-05-06", "1 working day late"),
    ("2026-05-09", "2026-05-08", "Due tomorrow"),
    ("2026-05-10", "2026-05-08", "Due on Sunday"),
]


@pytest.mark.parametrize(("day", "today", "said"), SAID)
def test_a_date_is_said_as_a_person_would(day: str, today: str, said: str) -> None:
    now = datetime.fromisoformat(f"{today}T10:00").replace(tzinfo=ZoneInfo("Europe/London"))
    assert due_label(datetime.fromisoformat(day).date(), now, ENGLAND) == said


def test_a_moment_is_shown_as_clocks_here_show_it_whoever_asks() -> None:
    assert day_and_time(datetime(2026, 5, 6, 10, 42, tzinfo=UTC)) == "6 May 2026, 11:42am"
    assert day_and_time(datetime(2026, 5, 6, 23, 30, tzinfo=UTC)) == "7 May 2026, 12:30am"
    assert clock_time(datetime(2026, 11, 6, 14, 0, tzinfo=UTC)) == "2pm"
    assert day_and_time(date(2026, 5, 6)) == "6 May 2026"
