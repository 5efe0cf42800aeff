"""How long a ladder can take: the working days from one stage to the top when every answer comes on its last day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from undrift.protocol.clocks import Agreed, Clock, Counted, SameWorkingDay, ShorterOf, Unit
from undrift.protocol.model import Protocol, Stage

WORKING_DAYS_IN: dict[Unit, float] = {
    Unit.DAYS: 1,  # as long as it can be: the authority may choose working days
    Unit.WORKING_DAYS: 1,
    Unit.CALENDAR_DAYS: 5 / 7,
    Unit.HOURS: 1 / 24,
    Unit.WORKING_WEEKS: 5,
    Unit.WEEKS: 5,
    Unit.MONTHS: 261 / 12,  # without bank holidays
}


@dataclass(frozen=True)
class Length:
    """`days` at most, over these stages in order; `open_ended` are those whose time the policy leaves to people."""

    days: int
    stages: tuple[str, ...]
    open_ended: tuple[str, ...]


def working_days_of(clock: Clock) -> int | None:
    """The working days that a clock can last; None where the policy leaves the time to people."""
    match clock:
        case Counted(number, unit):
            return ceil(number * WORKING_DAYS_IN[unit])
        case Agreed(Counted() as longest):
            return working_days_of(longest)
        case SameWorkingDay():
            return 0
        case ShorterOf(clocks):
            return min((days for each in clocks if (days := working_days_of(each)) is not None), default=None)
        case _:
            return None


def longest_way(protocol: Protocol, stages: Sequence[Stage]) -> Length:
    """The longest way up through these stages (in the ladder's order), each waiting for its last day."""
    ways: dict[str, Length] = {}
    for stage in reversed(stages):
        higher = [ways[e.to] for e in stage.exits if e.to in ways]
        above = max(higher, key=lambda way: (way.days, len(way.stages)), default=Length(0, (), ()))
        days = _days_at(stage)
        ways[stage.id] = Length(
            above.days + (days or 0),
            (stage.id, *above.stages),
            above.open_ended if days is not None else (stage.id, *above.open_ended),
        )
    return max(ways.values(), key=lambda way: (way.days, len(way.stages)), default=Length(0, (), ()))


def _days_at(stage: Stage) -> int | None:
    """How long a stage can wait: for its answer, or for the last of its steps."""
    clocks = [stage.answer.within] if stage.answer else [duty.within for duty in stage.duties]
    known = [days for clock in clocks if (days := working_days_of(clock)) is not None]
    return max(known) if known else None
