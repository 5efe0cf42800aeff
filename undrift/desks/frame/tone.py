"""How pressing a date is, in the words that the styles know; never a colour without words beside it."""

from __future__ import annotations

from datetime import date, datetime

from undrift.desks.frame.components import Tone
from undrift.engine.dates.calendars import Calendar
from undrift.engine.dates.due import working_days_between
from undrift.engine.dates.moments import london_date
from undrift.library.numbers import SOON_DAYS


def lateness(day: date, now: datetime, calendar: Calendar) -> Tone:
    today = london_date(now)
    if day < today:
        return "late"
    return "soon" if working_days_between(today, day, calendar) <= SOON_DAYS else ""
