"""Calendars: which days a nation and an authority work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate, compress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SATURDAY = 5
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class OutsideCalendar(ValueError):
    """A count that needs a day whose bank holidays are not known. The message says what to do."""


@dataclass(frozen=True)
class Calendar:
    """The working days of a nation, less an authority's closure days, from `first` to `last` inclusive.

    `source` and `as_of` say where the bank holidays come from and how old they are. Outside the days covered
    nothing is guessed: a count that needs such a day refuses with OutsideCalendar.
    """

    nation: str
    holidays: Mapping[date, str] = field(hash=False)
    closures: Mapping[date, str] = field(hash=False)
    first: date
    last: date
    source: str
    as_of: date

    # Tables made once: the n-th working day after a day is working_days[worked[day] + n].
    # Plain attributes and not properties, because every due date reads both.
    worked: Mapping[date, int] = field(init=False, repr=False, compare=False)
    """For each day covered: how many working days there are from `first` up to and with it."""
    working_days: tuple[date, ...] = field(init=False, repr=False, compare=False)
    """The working days in order, counted from 1: the first entry only fills place 0."""

    def __post_init__(self) -> None:
        days = [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]
        working = [self.why_not(day) is None for day in days]
        object.__setattr__(self, "worked", dict(zip(days, accumulate(working), strict=True)))
        object.__setattr__(self, "working_days", (date.min, *compress(days, working)))

    def is_working_day(self, day: date) -> bool:
        """Whether people work that day. Refuses outside the days covered."""
        return self.why_not(day) is None

    def why_not(self, day: date) -> str | None:
        """Why a day is not worked ("Saturday", "Good Friday, bank holiday"), or None for a working day."""
        if not self.first <= day <= self.last:
            raise self.outside(day)
        if day.weekday() >= SATURDAY:
            return WEEKDAYS[day.weekday()]
        if day in self.holidays:
            return _with_kind(self.holidays[day], "bank holiday")
        if day in self.closures:
            return _with_kind(self.closures[day], "closure day")
        return None

    def outside(self, day: date) -> OutsideCalendar:
        """The refusal for a day, or a count running to it, that this calendar does not cover."""
        return OutsideCalendar(
            f"Bank holidays of {nation_title(self.nation)} are known from {self.first.year} to "
            f"{self.last.year}, and this date needs {in_words(day)}. A newer version of the service brings the "
            "bank holidays announced since; then it can be worked out."
        )

    def with_closures(self, closures: Mapping[date, str]) -> Calendar:
        """This calendar with the days on which an authority is closed."""
        return replace(self, closures={**self.closures, **closures})

    @cached_property
    def tables(self) -> tuple[NDArray[np.intp], NDArray[np.datetime64[Any]]]:
        """`worked` (by days since `first`) and `working_days` as arrays."""
        # Loaded only for bulk work: numpy costs the command line more than everything else it does.
        import numpy as np

        return (
            np.fromiter(self.worked.values(), dtype=np.intp),
            np.array(self.working_days, dtype="datetime64[D]"),
        )


def in_words(day: date) -> str:
    """A day as a person says it: "Tuesday 12 May 2026"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {day:%B %Y}"


def nation_title(nation: str) -> str:
    """A nation's id as a person says it: "England and Wales"."""
    return nation.replace("-", " ").title().replace(" And ", " and ")


def _with_kind(name: str, kind: str) -> str:
    return name if kind in name.lower() else f"{name}, {kind}"
