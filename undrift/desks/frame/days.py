"""Days and moments as the pages say them."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def full_day(day: date | None) -> str:
    """Tuesday 12 May 2026: for sentences."""
    return f"{day:%A} {day.day} {day:%B %Y}" if day else ""


def short_day(day: date | None) -> str:
    """12 May 2026: for tables."""
    return f"{day.day} {day:%B %Y}" if day else ""


def clock_time(moment: datetime | None) -> str:
    """9:30am, 2pm."""
    if not moment:
        return ""
    moment = timezone.localtime(moment)
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def day_and_time(moment: date | None) -> str:
    """12 May 2026, 9:30am, as clocks here show it; a plain date has no time."""
    if not isinstance(moment, datetime):
        return short_day(moment)
    here = timezone.localtime(moment)
    return f"{short_day(here)}, {clock_time(here)}"
