"""What acts of any kind of case say alike: a text that must not be empty, a day as text, the day of what was done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from undrift.engine.dates.horizons import too_long_ago
from undrift.engine.refusal import Refusal
from undrift.engine.written import written

Draft = tuple[str, Mapping[str, Any]]
Decision = tuple[Draft, ...] | Refusal


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def need(text: str, code: str, sentence: str, about: str, clause: str = "") -> Refusal | None:
    return None if written(text) else Refusal(code, sentence, clause, about)


def done_refused(day: date | None, today: date, code: str = "", about: str = "on") -> Refusal | None:
    """The day of something that was done; `code` goes before the refusal's own."""
    if day is not None and day > today:
        return Refusal(f"{code}later", "The date must be today or earlier", about=about)
    if too_long := too_long_ago(day, today):
        return Refusal(f"{code}long-ago", too_long, about=about)
    return None
