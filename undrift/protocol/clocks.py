"""Clocks: the rules that give a duty its time, as a policy writes them.

`parse` reads the words of a protocol and `say` writes them back. A clock holds no date: `undrift.engine.dates.due`
counts it from a start, on a calendar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

MOST = 1_000  # in any unit; a larger number is a slip of the pen and runs off every calendar

POSSIBLE = (
    'Write a number and a unit ("5 working days", "10 calendar days", "7 days", "48 hours", '
    '"2 working weeks", "3 weeks", "3 months"), "about" before it for a guide, "before" after it to count '
    'back; or one of "same working day", "immediately", "agreed", "agreed, at most 5 working days", '
    '"to suit the child", "the shorter of 3 days and to suit the child", "set by the authority", "none".'
)


class ClockError(ValueError):
    """A clock that cannot be read or built. The message names the words and says what is possible."""


class Unit(Enum):
    """What is counted. The value is the word for one of it."""

    DAYS = "day"  # the policy does not say which kind: the authority that adopts it chooses
    WORKING_DAYS = "working day"
    CALENDAR_DAYS = "calendar day"
    HOURS = "hour"  # elapsed hours, across both clock changes
    WORKING_WEEKS = "working week"  # five working days each
    WEEKS = "week"  # seven calendar days each
    MONTHS = "month"  # calendar months; one month from 31 January ends on the last day of February


class Clock:
    """A rule for a time. The family is closed: the classes of this file are all there are."""

    __slots__ = ()

    def __str__(self) -> str:
        return say(self)

    @classmethod
    def read(cls, value: object) -> Clock:
        """A clock from its words, or the clock itself; for use as a validator. Refuses with ClockError."""
        if isinstance(value, Clock):
            return value
        if isinstance(value, str):
            return parse(value)
        raise ClockError(f"{value!r} is not a clock: a clock is written in words. {POSSIBLE}")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        # Only pydantic calls this, so it is loaded by then; the command line need not wait for it.
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            cls.read,
            json_schema_input_schema=core_schema.str_schema(),
            serialization=core_schema.to_string_ser_schema(),
        )


@dataclass(frozen=True, slots=True)
class Counted(Clock):
    """So many of a unit after the start, or `before` it. `indicative`: a guide, never overdue."""

    number: int
    unit: Unit
    before: bool = False
    indicative: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.number <= MOST:
            raise ClockError(
                f'"{_counted(self)}" is not a clock: the number is from 1 to {MOST:,}. '
                'For the day itself write "same working day".'
            )


@dataclass(frozen=True, slots=True)
class SameWorkingDay(Clock):
    """By the end of the day it starts, or of the next working day where that day is none."""


@dataclass(frozen=True, slots=True)
class Immediately(Clock):
    """Without delay: the policy gives no number, so there is no date to pass."""


@dataclass(frozen=True, slots=True)
class ToSuitTheChild(Clock):
    """A time that suits the child: no date until somebody sets one for this child."""


@dataclass(frozen=True, slots=True)
class NoClock(Clock):
    """The policy sets no time here."""


@dataclass(frozen=True, slots=True)
class SetByTheAuthority(Clock):
    """The policy asks for a time and leaves the number to the authority: counted from the start, or back from it."""

    before: bool = False


@dataclass(frozen=True, slots=True)
class Agreed(Clock):
    """A date the parties agree, and the longest they may agree where the policy says so."""

    longest: Counted | None = None

    def __post_init__(self) -> None:
        if self.longest is not None and (self.longest.before or self.longest.indicative):
            raise ClockError(
                f'"agreed, at most {_counted(self.longest)}" is not a clock: the longest is a plain number '
                'of a unit, as in "agreed, at most 5 working days".'
            )


@dataclass(frozen=True, slots=True)
class ShorterOf(Clock):
    """Whichever of two or more clocks ends first."""

    clocks: tuple[Clock, ...]

    def __post_init__(self) -> None:
        if len(self.clocks) < 2:
            raise ClockError('"the shorter of" needs two clocks, as in "the shorter of 3 days and 48 hours".')
        for clock in self.clocks:
            if not _may_be_compared(clock):
                raise ClockError(
                    f'"the shorter of" cannot hold "{say(clock)}": it compares numbers of a unit after the '
                    'start, "same working day", "agreed" and "to suit the child".'
                )


def parse(text: str) -> Clock:
    """The clock these words say. Capitals and extra spaces do not matter. Refuses with ClockError."""
    words = " ".join(text.lower().split()).rstrip(".")
    if words in NAMED:
        return NAMED[words]
    if words.startswith(SHORTER):
        return ShorterOf(tuple(parse(part) for part in re.split(r",? and |, ", words.removeprefix(SHORTER))))
    if words.startswith(AT_MOST):
        return Agreed(_parse_counted(words.removeprefix(AT_MOST), text))
    return _parse_counted(words, text)


def parse_equivalent(text: str) -> tuple[Clock, Clock]:
    """Two clocks that a policy declares to be the same: `24 hours = 1 working day`. Refuses with ClockError."""
    said, equals, counted = text.partition("=")
    if not equals:
        raise ClockError(f'"{text}" does not say what is the same as what. Write "24 hours = 1 working day".')
    return parse(said), parse(counted)


def say(clock: Clock) -> str:
    """The words of a clock, as a protocol writes them: parse(say(clock)) == clock."""
    match clock:
        case Counted():
            return _counted(clock)
        case Agreed(Counted() as longest):
            return f"{AT_MOST}{_counted(longest)}"
        case ShorterOf(clocks):
            *others, last = map(say, clocks)
            return f"{SHORTER}{', '.join(others)} and {last}"
        case _:
            return SAID[clock]


SHORTER = "the shorter of "
AT_MOST = "agreed, at most "

NAMED: dict[str, Clock] = {
    "same working day": SameWorkingDay(),
    "immediately": Immediately(),
    "agreed": Agreed(),
    "to suit the child": ToSuitTheChild(),
    "none": NoClock(),
    "set by the authority": SetByTheAuthority(),
    "set by the authority, before": SetByTheAuthority(before=True),
}
SAID = {clock: words for words, clock in NAMED.items()}

UNITS = {unit.value + plural: unit for unit in Unit for plural in ("", "s")} | {
    "calendar week": Unit.WEEKS,
    "calendar weeks": Unit.WEEKS,
    "calendar month": Unit.MONTHS,
    "calendar months": Unit.MONTHS,
}

COUNTED = re.compile(r"(?P<about>about )?(?P<number>[0-9]+) (?P<unit>[a-z ]+?)(?P<before> before)?", re.ASCII)


def _parse_counted(words: str, text: str) -> Counted:
    found = COUNTED.fullmatch(words)
    if found is None:
        raise ClockError(f'"{text}" is not a clock. {POSSIBLE}')
    unit = UNITS.get(found["unit"])
    if unit is None:
        raise ClockError(f'"{text}" is not a clock: "{found["unit"]}" is not a unit we count. {POSSIBLE}')
    return Counted(
        int(found["number"]), unit, before=found["before"] is not None, indicative=found["about"] is not None
    )


def _counted(clock: Counted) -> str:
    about = "about " if clock.indicative else ""
    plural = "" if clock.number == 1 else "s"
    before = " before" if clock.before else ""
    return f"{about}{clock.number} {clock.unit.value}{plural}{before}"


def counts_back(clock: Clock) -> bool:
    """Whether it ends before its start: what has to be done ahead of something that is planned."""
    return isinstance(clock, Counted | SetByTheAuthority) and clock.before


def _may_be_compared(clock: Clock) -> bool:
    match clock:
        case Counted(before=before, indicative=indicative):
            return not before and not indicative
        case Agreed(longest):
            return longest is None
        case SameWorkingDay() | ToSuitTheChild():
            return True
        case _:
            return False
