"""What is checked of conferences and of the enquiries before them, whatever file they stand in: DfE's rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from undrift.children.months import add_months
from undrift.engine.dates.due import working_days_if_counted
from undrift.intake.dfe_rules import broken
from undrift.intake.extract import Meeting, MeetingRow, PlanRow
from undrift.intake.findings import Finding, Place
from undrift.intake.plan_rules import place_of, uk
from undrift.intake.rows import where
from undrift.library import calendars

SATURDAY = 5
CONFERENCE_WITHIN = 15  # working days, DfE's 8675Q
NEAR = timedelta(weeks=4)


def in_the_year(day: date | None, as_at: date) -> bool:
    """Whether the day lies in the year that ends on the file's own: 1 April to 31 March for a census."""
    return day is not None and add_months(as_at + timedelta(days=1), -12) <= day <= as_at


def on_a_weekend(meetings: Iterable[MeetingRow]) -> Iterator[Finding]:
    """Initial conferences on a day on which none is held."""
    for one in where(meetings, "kind", Meeting.INITIAL):
        if one.day.weekday() >= SATURDAY:
            yield broken("8875", place_of(one), f"initial conference on a {one.day:%A}, {uk(one.day)}")


def on_another_day(plans: Iterable[PlanRow], meetings: Iterable[MeetingRow], as_at: date) -> Iterator[Finding]:
    """Plans of the year whose child had an initial conference at about that time, and none on the very day.

    A file that is no census need not hold the conference: one that is further away is another's.
    """
    held: dict[str, set[date]] = defaultdict(set)
    for one in where(meetings, "kind", Meeting.INITIAL):
        held[one.child_id].add(one.day)
    for plan in plans if held else ():
        near = sorted(day for day in held.get(plan.child_id, ()) if abs(day - plan.starts) <= NEAR)
        if near and plan.starts not in near and in_the_year(plan.starts, as_at):
            on = ", ".join(uk(day) for day in near)
            yield broken("2885", place_of(plan), f"plan starts {uk(plan.starts)}, and the initial conference is {on}")


def enquiry_open_too_long(starts: date, as_at: date, place: Place) -> Iterator[Finding]:
    """Of an enquiry that has come to no conference, where one is not said to be unnecessary."""
    days = working_days_if_counted(starts, as_at, calendars.load("england-and-wales"))
    if days is not None and days > CONFERENCE_WITHIN:
        found = f"section 47 enquiry began {uk(starts)}, {days} working days ago, without an initial conference"
        yield broken("8675Q", place, found)
