"""How pressing a date is, in the words that the styles know; never a colour without words beside it."""

from __future__ import annotations

from datetime import date, datetime

from undrift.desks.frame.components import Tone
from undrift.engine.dates.calendars import Calendar
from undrift.engine.dates.due import working_days_if_counted
from undrift.engine.dates.moments import london_date
from undrift.library.numbers import SOON_DAYS


def lateness(day: date, now: datetime, calendar: Calendar) -> Tone:
    today = london_date(now)
    if day < today:
        return "late"
    left = working_days_if_counted(today, day, calendar)
    return "soon" if left is not None and left <= SOON_DAYS else ""
