"""Dates as people say them, and how far off they are."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from undrift.engine.dates.words import due_label, full_day
from undrift.library.calendars import load

ENGLAND = load("england-and-wales")
# May 2026: the 4th is a bank holiday, the 8th a Friday.
SAID = [
    ("2026-05-08", "2026-05-06", "Due in 2 working days"),
    ("2026-05-11", "2026-05-08", "Due in 1 working day"),
    ("2026-05-07", "2026-05-06", "Due tomorrow"),
    ("2026-05-09", "2026-05-08", "Due tomorrow"),
    ("2026-05-10", "2026-05-08", "Due on Sunday"),
    ("2026-05-06", "2026-05-06", "Due today"),
    ("2026-05-08", "2026-05-09", "Was due yesterday"),  # a Saturday: no working day has passed
    ("2026-05-08", "2026-05-10", "Was due on Friday"),
    ("2026-05-01", "2026-05-04", "Was due on Friday"),  # Saturday, Sunday and a bank holiday since
    ("2026-05-08", "2026-05-11", "1 working day late"),
    ("2026-05-08", "2026-05-12", "2 working days late"),
]


@pytest.mark.parametrize(("day", "today", "said"), SAID)
def test_a_date_is_said_as_a_person_would(day: str, today: str, said: str) -> None:
    now = datetime.fromisoformat(f"{today}T10:00").replace(tzinfo=ZoneInfo("Europe/London"))
    assert due_label(date.fromisoformat(day), now, ENGLAND) == said


def test_a_week_off_is_too_long_to_name_the_day_alone() -> None:
    days = [date(2026, 5, 11 + n) for n in range(7) if n < 5]
    closed = load("england-and-wales", days)
    now = datetime(2026, 5, 15, 10, 0, tzinfo=ZoneInfo("Europe/London"))
    assert due_label(date(2026, 5, 8), now, closed) == "Was due on Friday 8 May 2026"


def test_a_day_is_said_with_its_weekday_or_short() -> None:
    assert full_day(date(2026, 5, 12)) == "Tuesday 12 May 2026"
    assert full_day(date(2026, 5, 12), short=True) == "12 May 2026"
