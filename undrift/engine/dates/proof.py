"""Proofs: how a due date was worked out, in a form that can be read aloud, printed or stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from undrift.engine.dates.calendars import in_words


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a count: its number (0 for the start), or None and why it was not counted.

    In a count of hours `number` is None throughout and `why` says how many hours fell on the day.
    """

    date: date
    number: int | None
    why: str

    def as_text(self) -> str:
        place = "-" if self.number is None else str(self.number)
        return f"{place:>5}  {in_words(self.date)}{f'  ({self.why})' if self.why else ''}"

    def as_json(self) -> dict[str, object]:
        return {"date": self.date.isoformat(), "number": self.number, "why": self.why}


@dataclass(frozen=True, slots=True)
class Proof:
    """The rule, the start, every day counted or skipped and why, the due date, and the same in sentences."""

    rule: str
    start: date | datetime
    counted: tuple[Day, ...]
    due: date | None
    sentences: tuple[str, ...]

    def as_text(self) -> str:
        """The sentences, then a line for each day."""
        return "\n".join([*self.sentences, *self._table()])

    @property
    def lines(self) -> tuple[str, ...]:
        """The sentences and each day, as one list for a page."""
        return (*self.sentences, *(day.as_text().strip() for day in self.counted))

    def as_json(self) -> dict[str, object]:
        """The same as plain values; dates and moments in ISO 8601."""
        return {
            "rule": self.rule,
            "start": self.start.isoformat(),
            "due": self.due and self.due.isoformat(),
            "days": [day.as_json() for day in self.counted],
            "sentences": list(self.sentences),
        }

    def _table(self) -> Iterator[str]:
        if self.counted:
            yield ""
            yield from (day.as_text() for day in self.counted)
