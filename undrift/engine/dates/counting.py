"""Counting a number of a unit from a start: where it ends, and each day on the way."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from undrift.engine.dates.calendars import Calendar, OutsideCalendar
from undrift.engine.dates.proof import Day
from undrift.protocol.clocks import Agreed, Clock, Counted, SameWorkingDay, ShorterOf, Unit, say

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)
WORKING_WEEK = 5

DayKind = Literal["working", "calendar"]
Start = date | datetime


class UnstatedDays(ValueError):
    """Bare "days" where nobody has chosen which kind they are. The message says who chooses."""


class UnclearStart(ValueError):
    """A start that does not say enough: a moment without its offset, or hours from a day without a time."""


class End(NamedTuple):
    """Where a count ends: a London date, and the very moment where hours were counted."""

    date: date
    instant: datetime | None = None

    @property
    def last_moment(self) -> datetime:
        """The last moment in time, in UTC: a day runs to its end in Europe/London."""
        return self.instant or _end_of(self.date)


@lru_cache(maxsize=4096)
def _end_of(day: date) -> datetime:
    """Worked out once for a day: whatever is owed asks it over and over of the same few."""
    return datetime.combine(day, time.max, LONDON).astimezone(UTC)


def london_day(start: Start) -> date:
    """The day a count starts on: the day itself, or the London date of a moment."""
    if not isinstance(start, datetime):
        return start
    if start.tzinfo is None:
        raise UnclearStart(f"{start.isoformat()} does not say its offset from UTC. Add it, as in +00:00.")
    return start.astimezone(LONDON).date()


def unit_counted(clock: Counted, bare_days: DayKind | None) -> Unit:
    """What is counted, once bare days are settled. Refuses with UnstatedDays when they are not."""
    if clock.unit is not Unit.DAYS:
        return clock.unit
    if bare_days is None:
        raise UnstatedDays(
            f'The policy says "{say(clock)}" and does not say which days. '
            "The authority that adopts it chooses working days or calendar days."
        )
    return Unit.WORKING_DAYS if bare_days == "working" else Unit.CALENDAR_DAYS


def limit_of(clock: Clock, start: Start, calendar: Calendar, bare_days: DayKind | None) -> End | None:
    """Where a clock ends by its own words, or None where it leaves the time to people."""
    match clock:
        case Counted():
            return end_of(clock, start, calendar, bare_days)
        case Agreed(Counted() as longest):
            return end_of(longest, start, calendar, bare_days)
        case SameWorkingDay():
            return same_working_day(start, calendar)
        case ShorterOf(clocks):
            ends = (limit_of(each, start, calendar, bare_days) for each in clocks)
            return min((end for end in ends if end), key=lambda end: end.last_moment, default=None)
        case _:
            return None


def end_of(clock: Counted, start: Start, calendar: Calendar, bare_days: DayKind | None) -> End:
    """Where a count ends. Refuses with UnstatedDays, UnclearStart or OutsideCalendar."""
    unit = unit_counted(clock, bare_days)
    number = -clock.number if clock.before else clock.number
    if unit is Unit.HOURS:
        instant = _moment(clock, start) + timedelta(hours=number)
        return End(london_day(instant), instant)
    try:
        return End(STEPS[unit](london_day(start), number, calendar))
    except OverflowError:
        raise OutsideCalendar(f'"{say(clock)}" from {start} ends outside the years 1 to 9999.') from None


def same_working_day(start: Start, calendar: Calendar) -> End:
    """The day itself, or the next working day where it is none."""
    day = london_day(start)
    return End(day if calendar.is_working_day(day) else working_days_from(day, 1, calendar))


def working_days_from(day: date, number: int, calendar: Calendar) -> date:
    """The working day so many after a day (or before it, for a negative number); never the day itself."""
    try:
        place = calendar.worked[day] + number
    except KeyError:
        raise calendar.outside(day) from None
    if number < 0 and not calendar.is_working_day(day):
        place += 1  # the tables count up to and with the day, so a day off has its last working day behind it
    if place < 1:
        raise calendar.outside(calendar.first - ONE_DAY)
    if place >= len(calendar.working_days):
        raise calendar.outside(calendar.last + ONE_DAY)
    return calendar.working_days[place]


def months_from(day: date, number: int) -> date:
    """The same day of another month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


STEPS: dict[Unit, Callable[[date, int, Calendar], date]] = {
    Unit.WORKING_DAYS: working_days_from,
    Unit.WORKING_WEEKS: lambda day, number, calendar: working_days_from(day, number * WORKING_WEEK, calendar),
    Unit.CALENDAR_DAYS: lambda day, number, calendar: day + number * ONE_DAY,
    Unit.WEEKS: lambda day, number, calendar: day + number * 7 * ONE_DAY,
    Unit.MONTHS: lambda day, number, calendar: months_from(day, number),
}


def days_counted(
    clock: Counted | SameWorkingDay, start: Start, end: End, calendar: Calendar, bare_days: DayKind | None
) -> tuple[Day, ...]:
    """Each day from the start to the end of a count, with its number or the reason it has none."""
    day = london_day(start)
    if isinstance(clock, SameWorkingDay):
        return (_start_of_working_days(day, calendar), *_working_days(day, end.date, calendar))
    unit = unit_counted(clock, bare_days)
    match unit:
        case Unit.WORKING_DAYS | Unit.WORKING_WEEKS:
            return (_start_of_working_days(day, calendar), *_working_days(day, end.date, calendar))
        case Unit.MONTHS:
            step = -1 if clock.before else 1
            months = ((n, months_from(day, step * n)) for n in range(1, clock.number + 1))
            return (_start(day), *(Day(ends, n, f"month {n}") for n, ends in months))
        case Unit.HOURS:
            return tuple(_hours(*sorted((_moment(clock, start), end.last_moment))))
        case _:
            return (_start(day), *(Day(each, n, "") for n, each in enumerate(_walk(day, end.date), start=1)))


def _moment(clock: Counted, start: Start) -> datetime:
    if not isinstance(start, datetime):
        raise UnclearStart(f'"{say(clock)}" counts from a time of day, and {start.isoformat()} has none.')
    london_day(start)  # refuses a moment without its offset
    return start.astimezone(UTC)


def _start(day: date) -> Day:
    return Day(day, 0, "the clock starts")


def _start_of_working_days(day: date, calendar: Calendar) -> Day:
    why_not = calendar.why_not(day)
    return Day(day, 0, f"the clock starts; {why_not}" if why_not else "the clock starts")


def _working_days(start: date, end: date, calendar: Calendar) -> Iterator[Day]:
    numbers = count(1)
    for day in _walk(start, end):
        why_not = calendar.why_not(day)
        yield Day(day, None, why_not) if why_not else Day(day, next(numbers), "")


def _walk(start: date, end: date) -> Iterator[date]:
    """The days after the start, towards the end and with it."""
    step = ONE_DAY if end > start else -ONE_DAY
    return (start + n * step for n in range(1, abs((end - start).days) + 1))


def _hours(first: datetime, last: datetime) -> Iterator[Day]:
    """How many hours of a span fall on each London day; 23 or 25 on a whole day when the clocks change."""
    day = london_day(first)
    while first < last:
        midnight = datetime.combine(day + ONE_DAY, time.min, LONDON).astimezone(UTC)
        until = min(midnight, last)
        yield Day(day, None, _length(until - first))
        day, first = day + ONE_DAY, until


def _length(span: timedelta) -> str:
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    counts = ((hours, "hour"), (minutes, "minute"))
    parts = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in counts if number]
    return " ".join(parts) or "0 minutes"
