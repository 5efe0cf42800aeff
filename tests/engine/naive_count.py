"""A second count of due dates, written apart from the engine: day by day, from the packed bank holidays themselves.

It shares no code and no data file with what it checks. It is slow, and short enough to be believed. A bank holiday
that was proclaimed and that the packed list lacks is written here once more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Literal

RAW = json.loads((files("govuk_bank_holidays") / "bank-holidays.json").read_text("utf-8"))
PROCLAIMED = {"scotland": {date(2026, 6, 15)}}
HOLIDAYS = {
    nation: {date.fromisoformat(event["date"]) for event in listed["events"]} | PROCLAIMED.get(nation, set())
    for nation, listed in RAW.items()
}
FIRST = date(2012, 1, 1)
LAST = date(2028, 12, 31)
ONE_DAY = timedelta(days=1)


class PastTheData(Exception):
    """The count would need a day whose bank holidays nobody has listed."""


@dataclass(frozen=True)
class Case:
    """What is asked: so many of a unit, forwards (1) or back (-1), from a start."""

    number: int
    unit: str
    direction: int
    start: date | datetime
    nation: str
    closed: Collection[date]
    bare_days: Literal["working", "calendar"] | None = None


def naive_due(case: Case) -> tuple[date, datetime]:
    """The due date and its last moment in UTC."""
    if isinstance(case.start, datetime) and case.unit == "hour":
        utc = case.start.astimezone(UTC)
        for _ in range(case.number):
            utc += case.direction * timedelta(seconds=3600)
        return on_the_london_clock(utc).date(), utc
    day = on_the_london_clock(case.start.astimezone(UTC)).date() if isinstance(case.start, datetime) else case.start
    end = COUNTS[f"{case.bare_days} day" if case.unit == "day" else case.unit](day, case)
    return end, end_of_london_day(end)


def works(day: date, case: Case) -> bool:
    if not FIRST <= day <= LAST:
        raise PastTheData
    return day.isoweekday() < 6 and day not in HOLIDAYS[case.nation] and day not in case.closed


def working_days(day: date, case: Case, number: int | None = None) -> date:
    works(day, case)
    left = number or case.number
    while left:
        day += case.direction * ONE_DAY
        if works(day, case):
            left -= 1
    return day


def same_working_day(day: date, case: Case) -> date:
    while not works(day, case):
        day += ONE_DAY
    return day


def days(day: date, case: Case, number: int | None = None) -> date:
    for _ in range(number or case.number):
        day += case.direction * ONE_DAY
    return day


def months(day: date, case: Case) -> date:
    month, year = day.month, day.year
    for _ in range(case.number):
        month += case.direction
        if month == 13:
            month, year = 1, year + 1
        if month == 0:
            month, year = 12, year - 1
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError(day)


COUNTS: dict[str, Callable[[date, Case], date]] = {
    "working day": working_days,
    "working week": lambda day, case: working_days(day, case, case.number * 5),
    "calendar day": days,
    "week": lambda day, case: days(day, case, case.number * 7),
    "month": months,
    "same working day": same_working_day,
}


def on_the_london_clock(utc: datetime) -> datetime:
    """London's clock: an hour ahead from 01:00 UTC on March's last Sunday to 01:00 UTC on October's."""
    summer = last_sunday(utc.year, 3) <= utc < last_sunday(utc.year, 10)
    return utc.replace(tzinfo=None) + timedelta(hours=1 if summer else 0)


def last_sunday(year: int, month: int) -> datetime:
    moment = datetime(year, month, 31, 1, tzinfo=UTC)
    while moment.isoweekday() != 7:
        moment -= ONE_DAY
    return moment


def end_of_london_day(day: date) -> datetime:
    """The last microsecond of the day: found among the two UTC moments it can be."""
    midnight = datetime(day.year, day.month, day.day, 23, 59, 59, 999999, tzinfo=UTC)
    an_hour_before = midnight - timedelta(hours=1)
    wanted = midnight.replace(tzinfo=None)
    return midnight if on_the_london_clock(midnight) == wanted else an_hour_before
