"""Over which periods a report is made: quarters, and the years of a council, which begin in April."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from undrift.children.months import add_months

QUARTERS, YEARS = 9, 2  # the one that runs, and those before it


@dataclass(frozen=True)
class Period:
    """`key` is how the address names it."""

    key: str
    first: date
    last: date

    @property
    def title(self) -> str:
        return titled(self.first, self.last)


def titled(first: date, last: date) -> str:
    """ "July to September 2026", "April 2025 to March 2026"."""
    begins = f"{first:%B}" if first.year == last.year else f"{first:%B %Y}"
    return f"{begins} to {last:%B %Y}"


def periods(today: date) -> list[Period]:
    """Those that are offered: quarters, the latest first, then years."""
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    year = date(today.year - (today.month < 4), 4, 1)
    quarters = [_from(add_months(quarter, -3 * n), 3) for n in range(QUARTERS)]
    return quarters + [_from(add_months(year, -12 * n), 12) for n in range(YEARS)]


def _from(first: date, months: int) -> Period:
    last = add_months(first, months) - timedelta(days=1)
    key = f"{first.year}-q{(first.month + 2) // 3}" if months == 3 else f"{first.year}-{last:%y}"
    return Period(key, first, last)


def period_asked(asked: str, offered: Sequence[Period]) -> Period:
    """The one that an address names; else the last quarter that is over."""
    return next((period for period in offered if period.key == asked), offered[1])
