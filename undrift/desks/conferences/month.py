"""A month as the address names it, and as a page draws it."""

from __future__ import annotations

import re
from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from undrift.children.months import add_months
from undrift.engine.dates.moments import LONDON

YEARS = range(1991, 2100)  # since conferences are held, and as far as anybody would leaf
WRITTEN = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True)
class Month:
    """`first` is its first day."""

    first: date

    @property
    def written(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def title(self) -> str:
        return f"{self.first:%B %Y}"

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time(), tzinfo=LONDON)

    @property
    def before(self) -> Month | None:
        return self._beside(-1)

    @property
    def after(self) -> Month | None:
        return self._beside(1)

    @property
    def ends(self) -> datetime:
        """The moment at which the next one begins."""
        return datetime.combine(add_months(self.first, 1), time(), tzinfo=LONDON)

    def _beside(self, months: int) -> Month | None:
        found = add_months(self.first, months)
        return Month(found) if found.year in YEARS else None

    def weeks(self, number: Mapping[date, int]) -> list[list[tuple[date | None, int]]]:
        """Its weeks from Monday on: each day with how many there are, None for a day of another month."""
        every = Calendar().monthdatescalendar(self.first.year, self.first.month)
        return [
            [(day if day.month == self.first.month else None, number.get(day, 0)) for day in week] for week in every
        ]


def month_asked(asked: str, today: date) -> Month:
    """The month of an address, and this one where it names none that is known: an old bookmark opens."""
    found = WRITTEN.fullmatch(asked)
    if found is not None:
        year, month = int(found[1]), int(found[2])
        if year in YEARS and 1 <= month <= 12:
            return Month(date(year, month, 1))
    return Month(today.replace(day=1))
