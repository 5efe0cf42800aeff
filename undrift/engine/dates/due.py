"""Due dates: a clock, a start and a calendar give a date, and the reasons for it when somebody asks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from undrift.engine.dates.calendars import Calendar, OutsideCalendar, in_words
from undrift.engine.dates.counting import (
    DayKind,
    End,
    Start,
    UnclearStart,
    UnstatedDays,
    limit_of,
    london_day,
    working_days_from,
)
from undrift.engine.dates.which_days import which_days, why_no_date
from undrift.protocol.clocks import Clock, ClockError, Counted, Unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "AgreedBeforeStart",
    "Due",
    "OutsideCalendar",
    "UnclearStart",
    "UnstatedDays",
    "about_working_days_from",
    "due",
    "due_if_counted",
    "due_many",
    "working_days_between",
    "working_days_if_counted",
]

DAYS, WORKING_DAYS = Unit.DAYS, Unit.WORKING_DAYS
EPOCH = dt.date(1970, 1, 1)
ONE_DAY = dt.timedelta(days=1)


class AgreedBeforeStart(ValueError):
    """A date set for a duty that lies before the day its clock starts. The message names both."""


# A named tuple because what-ifs make them by the million: it is the lightest value that cannot be changed.
class Due(NamedTuple):
    """When a duty is due: `date` in Europe/London, or None and `none_because`.

    `instant` is set where hours were counted. Ask `at` for the last moment, and `reasons.prove` why it is so.
    """

    clock: Clock
    start: Start
    date: dt.date | None
    calendar: Calendar
    bare_days: DayKind | None = None
    agreed: dt.date | None = None
    instant: dt.datetime | None = None

    @property
    def at(self) -> dt.datetime | None:
        """The last moment, in UTC: the moment hours end, or the end of the due date in Europe/London."""
        return None if self.date is None else End(self.date, self.instant).last_moment

    @property
    def none_because(self) -> str | None:
        """Why there is no date, in a sentence; None where there is one."""
        return None if self.date is not None else why_no_date(self.clock)

    @property
    def counts(self) -> str | None:
        """Which days an authority chose to count where its policy says only "days"; None where it says."""
        return which_days(self.clock, self.bare_days)


def due(
    clock: Clock,
    start: Start,
    calendar: Calendar,
    *,
    bare_days: DayKind | None = None,
    agreed: dt.date | None = None,
) -> Due:
    """When a clock that starts on a day, or at a moment, ends.

    The day it starts is day 0. `bare_days` is what the authority chose where the policy says only "days".
    `agreed` is a date the parties or the chair set: it stands, but never later than the clock's own number.
    Refuses with UnstatedDays, UnclearStart, AgreedBeforeStart, or OutsideCalendar where working days run
    past the bank holidays known.
    """
    # The common clock by table alone, calling nothing; what the tables cannot answer falls through.
    if type(clock) is Counted and agreed is None:
        unit = clock.unit
        if (unit is WORKING_DAYS or (unit is DAYS and bare_days == "working")) and not clock.before:
            try:
                day = calendar.working_days[calendar.worked[start] + clock.number]
            except (KeyError, IndexError):
                pass
            else:
                return tuple.__new__(Due, (clock, start, day, calendar, bare_days, None, None))
    end = _standing(limit_of(clock, start, calendar, bare_days), clock, start, agreed)
    return Due(clock, start, end and end.date, calendar, bare_days, agreed, end and end.instant)


def due_if_counted(
    clock: Clock,
    start: Start,
    calendar: Calendar,
    *,
    bare_days: DayKind | None = None,
    agreed: dt.date | None = None,
) -> Due:
    """As `due`, for reading what is on record: beyond the bank holidays known there is no date, and it says why."""
    try:
        return due(clock, start, calendar, bare_days=bare_days, agreed=agreed)
    except OutsideCalendar:
        return Due(clock, start, None, calendar, bare_days, agreed)


def due_many(
    starts: NDArray[np.datetime64[Any]], working_days: int | NDArray[np.integer[Any]], calendar: Calendar
) -> NDArray[np.datetime64[Any]]:
    """The due date of each start (days, as datetime64[D]) after one number of working days, or one for each.

    The same answers as `due`, without reasons. Refuses with OutsideCalendar when any of them runs outside.
    """
    # Loaded only for bulk work: numpy costs the command line more than everything else it does.
    import numpy as np

    worked, dates = calendar.tables
    days = starts.astype("datetime64[D]", copy=False)
    if days.size == 0:
        return days.copy()
    if np.min(working_days) < 1:
        raise ClockError("A count of working days is 1 or more. For the day itself ask for same working day.")
    places = days.view(np.int64) - (calendar.first - EPOCH).days
    if places.min() < 0 or places.max() >= len(worked):
        raise _outside(days, calendar)
    ends = worked[places] + working_days
    if ends.max() >= len(dates):
        raise calendar.outside(calendar.last + ONE_DAY)
    return dates[ends]


def working_days_between(a: dt.date, b: dt.date, calendar: Calendar) -> int:
    """How many working days after `a` up to and with `b`; negative when `b` is the earlier."""
    try:
        return calendar.worked[b] - calendar.worked[a]
    except KeyError as day:
        raise calendar.outside(day.args[0]) from None


def working_days_if_counted(a: dt.date, b: dt.date, calendar: Calendar) -> int | None:
    """As `working_days_between`, for reading what is on record: None beyond the bank holidays known."""
    return working_days_between(a, b, calendar) if a in calendar.worked and b in calendar.worked else None


def about_working_days_from(day: dt.date, number: int, calendar: Calendar) -> dt.date:
    """The working day so many after a day, or before it; beyond the bank holidays known, five to a week.

    For our own thresholds, which nobody's rights depend on: what a policy sets is counted by `due`.
    """
    try:
        return working_days_from(day, number, calendar)
    except OutsideCalendar:
        return day + dt.timedelta(days=number * 7 // 5)


def _outside(days: NDArray[np.datetime64[Any]], calendar: Calendar) -> OutsideCalendar:
    earliest, latest = days.min().item(), days.max().item()
    if earliest is None:
        return OutsideCalendar("One of the starts holds no date. Leave it out, or give it one.")
    return calendar.outside(earliest if earliest < calendar.first else latest)


def _standing(limit: End | None, clock: Clock, start: Start, agreed: dt.date | None) -> End | None:
    """The end that stands: the date people set, within the clock's own limit."""
    if agreed is None:
        return limit
    counts_back = isinstance(clock, Counted) and clock.before
    if agreed < london_day(start) and not counts_back:
        raise AgreedBeforeStart(
            f"The date set, {in_words(agreed)}, lies before {in_words(london_day(start))}, "
            "when the clock starts. Set that day or a later one."
        )
    return End(agreed) if limit is None or agreed < limit.date else limit
