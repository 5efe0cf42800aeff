"""How far from today a date may lie that somebody types, by what it means. Each field has one; none is left open.

A mistyped year must be told at the field. What is on record is read whatever it says: nothing here is asked of it.
"""

from __future__ import annotations

from datetime import date, timedelta

from undrift.engine.dates.words import full_day

# An agreed action, or the time for completing a recommendation, lies before the next review of the plan, and that is
# six months away at most (Working Together to Safeguard Children 2023, child protection review conference).
AHEAD = timedelta(days=184)
# What is typed long after it happened belongs to an earlier plan: two reviews back is as far as a concern reaches.
BACK = timedelta(days=366)


def too_far_ahead(day: date | None, today: date) -> str:
    """Why a day is too far ahead for something agreed, as an error at its field; "" where it is not."""
    if day is None or day <= today + AHEAD:
        return ""
    return f"The date must be {full_day(today + AHEAD, short=True)} or earlier, within 6 months"


def too_long_ago(day: date | None, today: date) -> str:
    """Why a day is too long past for something done about this, as an error at its field; "" where it is not."""
    if day is None or day >= today - BACK:
        return ""
    return f"The date must be {full_day(today - BACK, short=True)} or later, within the last year"
