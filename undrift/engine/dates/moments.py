"""Days and moments in Europe/London."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from undrift.engine.dates.calendars import Calendar
from undrift.engine.dates.due import Due, due
from undrift.protocol.clocks import Agreed

LONDON = ZoneInfo("Europe/London")
_SET = Agreed(None)


def london_date(moment: datetime) -> date:
    """The day in Europe/London on which an aware moment falls."""
    return moment.astimezone(LONDON).date()


def noon(day: date) -> datetime:
    """A moment that stands for a day of which only the date is known."""
    return datetime.combine(day, time(12), LONDON)


def on_day(day: date, calendar: Calendar) -> Due:
    """A date that somebody set: due by the end of that day."""
    return due(_SET, day, calendar, agreed=day)


def in_words(day: date) -> str:
    """A date as it is said aloud: Tuesday 12 May 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"
