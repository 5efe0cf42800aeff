"""What is said of a clock before any day is counted: which days it means, and why it gives no date."""

from __future__ import annotations

from undrift.engine.dates.counting import DayKind
from undrift.protocol.clocks import (
    Agreed,
    Clock,
    Counted,
    Immediately,
    NoClock,
    SameWorkingDay,
    SetByTheAuthority,
    ShorterOf,
    ToSuitTheChild,
    Unit,
    say,
)

WHY_NO_DATE: dict[type[Clock], str] = {
    Immediately: 'The policy says "immediately" and gives no number, so there is no date to pass.',
    Agreed: "The date is to be agreed, and none has been agreed yet.",
    ToSuitTheChild: "The time is to suit the child, and no date has been set for this child yet.",
    ShorterOf: "The time is to be agreed or to suit the child, and no date has been set yet.",
    NoClock: "The policy sets no time here.",
    SetByTheAuthority: "The policy leaves the number to the authority, and this authority has not set one.",
}
NOT_COUNTED = (
    "It cannot be counted yet: it needs bank holidays that are not known here. "
    "A newer version of the service brings them."
)

STATED = ", and that its days are {kind} days."
TOLD_APART = ' here and "working days" elsewhere: every day is counted.'


def why_no_date(clock: Clock) -> str:
    """Why this clock gave no date: it leaves it to people, or it counts into a year whose holidays are not known."""
    counts = any(isinstance(part, Counted | SameWorkingDay) for part in deciding_parts(clock))
    return NOT_COUNTED if counts else WHY_NO_DATE[type(clock)]


def which_days(
    clock: Clock, bare_days: DayKind | None, *, stated: str = "", authority: str = "this authority"
) -> str | None:
    """Which days are counted and who says so, where the clock says only "days"; else None.

    `stated` is how the policy itself says it (`STATED`, `TOLD_APART`); empty where it leaves it to the authority.
    """
    part = _bare_part(clock)
    if part is None:
        return None
    if stated:
        return f'The policy says "{say(part)}"{stated.format(kind=bare_days)}'
    return f'The policy says "{say(part)}" and does not say which; {authority} counts {bare_days} days.'


def counted_as(clock: Clock, bare_days: DayKind | None, whose: str) -> str:
    """A clock in words, with what its days are and who says so: `7 days, which the policy counts as working days`."""
    if bare_days is None or (part := _bare_part(clock)) is None:
        return say(clock)
    if part is not clock or part.before:
        return f"{say(clock)} ({whose} counts {bare_days} days)"
    kind = f"a {bare_days} day" if part.number == 1 else f"{bare_days} days"
    return f"{say(clock)}, which {whose} counts as {kind}"


def _bare_part(clock: Clock) -> Counted | None:
    """The clock, or the part of it, that says "days" and not which."""
    counted = (part for part in deciding_parts(clock) if isinstance(part, Counted))
    return next((part for part in counted if part.unit is Unit.DAYS), None)


def deciding_parts(clock: Clock) -> tuple[Clock, ...]:
    """The clocks that may decide the date: those of "the shorter of", the longest of "agreed", or itself."""
    match clock:
        case ShorterOf(clocks):
            return clocks
        case Agreed(Counted() as longest):
            return (longest,)
        case _:
            return (clock,)
