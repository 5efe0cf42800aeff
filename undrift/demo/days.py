"""Days and moments of the demonstration, all told from today by working days, so that it never ages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from undrift.children.months import add_months
from undrift.engine.dates.calendars import Calendar
from undrift.engine.dates.moments import LONDON


@dataclass(frozen=True)
class Days:
    """Today, on a calendar. Working day 0 is today, or the last working day where today is none.

    So a date that passed on working day -2 is two working days late today, whatever day of the week today is.
    """

    today: date
    calendar: Calendar

    def day(self, number: int) -> date:
        """The working day so many from working day 0; negative ones are behind us."""
        return self.calendar.working_days[self.calendar.worked[self.today] + number]

    def at(self, number: int, clock: str = "10:00") -> datetime:
        """That working day at a time in London."""
        return moment(self.day(number), clock)

    def number_of(self, day: date) -> int:
        """Which working day a day is, or the last one before it."""
        return self.calendar.worked[day] - self.calendar.worked[self.today]

    def or_next_working_day(self, day: date) -> date:
        while not self.calendar.is_working_day(day):
            day += timedelta(days=1)
        return day

    def or_last_working_day(self, day: date) -> date:
        while not self.calendar.is_working_day(day):
            day -= timedelta(days=1)
        return day

    def months_ago(self, months: int, days: int = 0) -> date:
        """The working day on or before the day so many months and days ago."""
        return self.or_last_working_day(add_months(self.today, -months) - timedelta(days=days))

    def born(self, *, years: int = 0, months: int = 0, days: int = 0) -> date:
        """The birthday of a child who is that old today."""
        return add_months(self.today, -12 * years - months) - timedelta(days=days)

    @property
    def next_week(self) -> date:
        """The Wednesday of next week, or the first working day after it."""
        return self.or_next_working_day(self.today + timedelta(days=9 - self.today.weekday()))

    @property
    def thursday_before_bank_holiday(self) -> date:
        """The latest Thursday before a bank holiday Monday that lies twelve working days back or more."""
        latest = self.day(-12)
        thursdays = (h - timedelta(days=4) for h in self.calendar.holidays if h.weekday() == 0)
        return max(day for day in thursdays if day <= latest and day in self.calendar.working_days)


def moment(day: date, clock: str = "10:00") -> datetime:
    """A day at a time in London."""
    return datetime.combine(day, time.fromisoformat(clock), LONDON)
