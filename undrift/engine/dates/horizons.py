"""How far from today a date may lie that somebody types, by what it means. Each field has one; none is left open.

A mistyped year must be told at the field. What is on record is read whatever it says: nothing here is asked of it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from undrift.engine.dates.words import full_day

# An agreed action, or the time for completing a recommendation, lies before the next review of the plan, and that is
# six months away at most (Working Together to Safeguard Children 2023, child protection review conference).
AHEAD = timedelta(days=184)
WITHIN = "Within 6 months"  # the same, as the hint of a field
# What is typed long after it happened belongs to an earlier plan: two reviews back is as far as a concern reaches.
BACK = timedelta(days=366)


# Somebody's last day, and the first in a post: notice is three months for most, and six at the longest. A last day that
# nobody told in time is told within a quarter.
NOTICE = AHEAD
TOLD_LATE = timedelta(days=92)
# What a file describes: the yearly census is brought in up to the next one, and one more year fills a history.
OF_A_FILE = timedelta(days=2 * 366)
# A date of birth in a child's record: expected at the latest, and of a young person who leaves care at the earliest.
EXPECTED = timedelta(days=280)
GROWN_UP = timedelta(days=26 * 366)


# From the strategy discussion to the conference at which a plan begins are 15 working days at most (Working Together to
# Safeguard Children 2023, initial child protection conferences); where the conference itself drifts, it is a quarter.
ENQUIRY = timedelta(days=92)


class Earliest(NamedTuple):
    """The first day of which something about a child can be told, and the sentence to whoever tells of one before."""

    day: date
    sentence: str


def of_the_plan(begins: date) -> Earliest:
    """What is said of a child on a plan, or after it, happened under that plan, or in the enquiry before it."""
    return _earliest(begins - ENQUIRY, f"The plan began on {full_day(begins, short=True)}")


def of_the_child(birth: date) -> Earliest:
    """What is said of a child before any plan happened since the pregnancy. `birth` may be the day it is expected."""
    return _earliest(birth - EXPECTED, "Before that, no child was expected")


def _earliest(day: date, because: str) -> Earliest:
    return Earliest(day, f"The date must be {full_day(day, short=True)} or later. {because}")


def too_far_ahead(day: date | None, today: date) -> str:
    """Why a day is too far ahead for something agreed, as an error at its field; "" where it is not."""
    return _too_late(day, today + AHEAD, "within 6 months")


def far_ahead(today: date) -> str:
    """How far ahead something agreed may lie, as the hint of its field."""
    return f"{full_day(today + AHEAD, short=True)} at the latest, within 6 months"


def too_long_ago(day: date | None, today: date) -> str:
    """Why a day is too long past for something done about this, as an error at its field; "" where it is not."""
    return _too_early(day, today - BACK, "within the last year")


def no_first_day(day: date | None, today: date) -> str:
    """Why nobody begins in a post on that day, as an error at its field; "" where somebody may."""
    if day is not None and day < today:
        return "The first day must be today or later. Nobody is appointed for days past"
    return _too_late(day, today + NOTICE, "within 6 months")


def no_last_day(day: date | None, today: date) -> str:
    """Why that is nobody's last day at work, as an error at its field; "" where it may be."""
    too_early = _too_early(day, today - TOLD_LATE, "within the last 3 months")
    return too_early or _too_late(day, today + NOTICE, "within 6 months")


def no_day_of_birth(day: date | None, today: date) -> str:
    """Why no child in this service was or will be born on that day, as an error at its field; "" where one may be."""
    return _too_early(day, today - GROWN_UP, "for a child") or _too_late(day, today + EXPECTED, "for a child")


def no_day_of_the_past(day: date | None, today: date) -> str:
    """Why nothing on file about a child happened that day, as an error at its field; "" where it may have."""
    if day is not None and day > today:
        return "The day must be today or earlier. What is still to come is said once it has happened"
    return _too_early(day, today - GROWN_UP, "for a child")


def no_day_of_the_log(day: date | None, today: date) -> str:
    """Why nothing can have been logged on that day, as an error at its field; "" where something may be."""
    return "The log ends today. The date must be today or earlier" if day is not None and day > today else ""


def no_day_of_a_file(day: date | None, today: date) -> str:
    """Why no file describes that day, as an error at its field; "" where one may."""
    if day is not None and day > today:
        return "The day that the file describes must be today or earlier"
    return _too_early(day, today - OF_A_FILE, "within the last 2 years")


def _too_late(day: date | None, last: date, said: str) -> str:
    if day is None or day <= last:
        return ""
    return f"The date must be {full_day(last, short=True)} or earlier, {said}"


def _too_early(day: date | None, first: date, said: str) -> str:
    if day is None or day >= first:
        return ""
    return f"The date must be {full_day(first, short=True)} or later, {said}"
