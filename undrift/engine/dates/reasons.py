"""Reasons: the proof of a due date, made from the date when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from undrift.engine.dates.calendars import SATURDAY, in_words, nation_title
from undrift.engine.dates.counting import LONDON, End, days_counted, limit_of, london_day, unit_counted
from undrift.engine.dates.due import Due
from undrift.engine.dates.proof import Day, Proof
from undrift.engine.dates.which_days import deciding_parts, which_days
from undrift.protocol.clocks import (
    Agreed,
    Clock,
    Counted,
    SameWorkingDay,
    ShorterOf,
    Unit,
    say,
)

NEEDS_BANK_HOLIDAYS = {Unit.WORKING_DAYS, Unit.WORKING_WEEKS}


def prove(due: Due, *, stated: bool = False, authority: str = "this authority") -> Proof:
    """How a due date was worked out. Asks the calendar again, so it says what the calendar says.

    `stated`: the policy itself says which days its "days" are; otherwise the authority named has chosen.
    """
    decided = _deciding(due)
    counted = _days(decided, due)
    chosen = which_days(due.clock, due.bare_days, stated=stated, authority=authority)
    return Proof(say(due.clock), due.start, counted, due.date, tuple(_sentences(decided, counted, due, chosen)))


def _limit(clock: Clock, due: Due) -> End | None:
    return limit_of(clock, due.start, due.calendar, due.bare_days)


def _deciding(due: Due) -> Counted | SameWorkingDay | None:
    """The clock that gave the date, or None where people set it or nobody did."""
    if due.date is None:
        return None
    for part in deciding_parts(due.clock):
        if isinstance(part, Counted | SameWorkingDay) and _limit(part, due) == (due.date, due.instant):
            return part
    return None


def _days(decided: Counted | SameWorkingDay | None, due: Due) -> tuple[Day, ...]:
    if due.date is None:
        return ()
    if decided is None:
        return (Day(london_day(due.start), 0, "the clock starts"), Day(due.date, None, "the date set"))
    return days_counted(decided, due.start, End(due.date, due.instant), due.calendar, due.bare_days)


def _sentences(
    decided: Counted | SameWorkingDay | None, counted: tuple[Day, ...], due: Due, chosen: str | None
) -> Iterator[str]:
    yield _headline(due)
    if chosen:
        yield chosen
    if due.agreed and due.date:
        yield _about_the_date_set(due.agreed, due)
    elif isinstance(due.clock, Agreed) and due.date:
        yield "No date has been agreed yet; this is the longest the policy allows."
    if isinstance(due.clock, ShorterOf) and due.date:
        yield _compared(due.clock, due)
    if isinstance(due.clock, Counted) and due.clock.indicative:
        yield "The policy gives this as a guide, so it is never shown as overdue."
    if decided and _counts_working_days(decided, due):
        yield from _about_working_days(counted, due)
    elif decided and due.instant is None:
        yield from _about_the_last_day(due)


def _about_the_last_day(due: Due) -> Iterator[str]:
    """Days that are all counted may end on one on which nobody works: whoever waits is told, as far as it is known."""
    day, calendar = due.date, due.calendar
    if day and calendar.first <= day <= calendar.last and (why_not := calendar.why_not(day)):
        yield f"{in_words(day)} is not a working day ({why_not}). Every day is counted, so it ends then all the same."


def _headline(due: Due) -> str:
    if due.date is None:
        return due.none_because or ""
    starts = _moment(due.start) if isinstance(due.start, datetime) else in_words(due.start)
    ends = f"at {_moment(due.instant)}" if due.instant else f"by the end of {in_words(_earlier_than(due) or due.date)}"
    return f'"{say(due.clock)}", starting {starts}: due {ends}.'


def _earlier_than(due: Due) -> date | None:
    """The policy's own last day, where the chair set an earlier one; None where nobody did."""
    if due.agreed is None or due.agreed != due.date or isinstance(due.clock, Agreed):
        return None
    end = _limit(due.clock, due)
    return end.date if end is not None and end.date > due.agreed else None


def _about_the_date_set(agreed: date, due: Due) -> str:
    if _earlier_than(due):
        return f"The chair set an earlier date, {in_words(agreed)}: that is when it is due."
    if agreed == due.date:
        return f"The date set for it is {in_words(agreed)}."
    return f"The date set, {in_words(agreed)}, is later than the policy allows: the policy's own date stands."


def _compared(clock: ShorterOf, due: Due) -> str:
    ends = ((part, _limit(part, due)) for part in clock.clocks)
    compared = [f'"{say(part)}": {in_words(end.date) if end else "no date of its own"}' for part, end in ends]
    return f"The earliest of these stands: {'; '.join(compared)}."


def _counts_working_days(clock: Counted | SameWorkingDay, due: Due) -> bool:
    return isinstance(clock, SameWorkingDay) or unit_counted(clock, due.bare_days) in NEEDS_BANK_HOLIDAYS


def _about_working_days(counted: tuple[Day, ...], due: Due) -> Iterator[str]:
    start = counted[0].date
    if why_not := due.calendar.why_not(start):
        first = "the next one" if counted[-1].date > start else "the last one before it"
        yield f"{in_words(start)} is not a working day ({why_not}), so counting begins with {first}."
    skipped = [day for day in counted[1:] if day.number is None and day.date.weekday() < SATURDAY]
    if skipped:
        named = "; ".join(f"{in_words(day.date)} ({day.why})" for day in skipped)
        yield f"Not counted, besides weekends: {named}."
    calendar = due.calendar
    dated = f"{calendar.as_of.day} {calendar.as_of:%B %Y}"
    yield f"Bank holidays of {nation_title(calendar.nation)}: {calendar.source}, {dated}."


def _moment(moment: datetime) -> str:
    """A moment on the London clock, with which clock it was, since one hour of the year comes twice."""
    local = moment.astimezone(LONDON)
    return f"{local:%H:%M %Z} on {in_words(local.date())}"
