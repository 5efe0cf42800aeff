"""Dates as people say them, and how far off they are: never a count that is stored."""

from __future__ import annotations

from datetime import date, datetime

from undrift.engine.dates.calendars import Calendar
from undrift.engine.dates.due import working_days_if_counted
from undrift.engine.dates.moments import london_date

A_WEEK = 7


def full_day(day: date, *, short: bool = False) -> str:
    """Tuesday 12 May 2026; short: 12 May 2026."""
    return f"{day.day} {day:%B %Y}" if short else f"{day:%A} {day.day} {day:%B %Y}"


def due_label(day: date, now: datetime, calendar: Calendar) -> str:
    """Due in 3 working days, Due tomorrow, Due today, 2 working days late; Was due on Friday, where no working
    day has passed since. Beyond the bank holidays known the day is said and nothing is counted."""
    today = london_date(now)
    if day == today:
        return "Due today"
    if day < today:
        days = working_days_if_counted(day, today, calendar)
        return f"{_counted(days)} late" if days else _lately(day, today)
    if (day - today).days == 1:
        return "Due tomorrow"
    days = working_days_if_counted(today, day, calendar)
    if days is None:
        return f"Due on {full_day(day)}"
    return f"Due in {_counted(days)}" if days > 0 else f"Due on {day:%A}"


def _lately(day: date, today: date) -> str:
    """A day just gone, with nothing but days off since."""
    gone = (today - day).days
    if gone == 1:
        return "Was due yesterday"
    return f"Was due on {day:%A}" if gone < A_WEEK else f"Was due on {full_day(day)}"


def _counted(days: int) -> str:
    return "1 working day" if days == 1 else f"{days} working days"
