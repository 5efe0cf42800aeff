"""What commands are asked about time: a day, a moment, a closure day. Loads nothing that a clock does not need."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime

from undrift.engine.dates.counting import LONDON

WRONGLY_ASKED = 2


class WrongAsk(ValueError):
    """Something asked for that is not there or cannot be read. The message says what to write instead."""


def day(text: str) -> date:
    """A day as in 2026-04-30. Refuses with WrongAsk."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongAsk(f'"{text}" is not a day. Write year, month and day, as in 2026-04-30.') from None


def closure(text: str) -> tuple[date, str]:
    """A closure day and its name, as in 2026-12-24=Staff day."""
    on, _, name = text.partition("=")
    return day(on), name or "Closure day"


def start(text: str) -> date | datetime:
    """A day, or a moment; a moment without an offset is read on the London clock. Refuses with WrongAsk."""
    if "T" not in text and " " not in text:
        return day(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise WrongAsk(f'"{text}" is not a moment. Write it as in 2026-04-30T10:15.') from None
    return moment if moment.tzinfo else _on_the_london_clock(moment, text)


def _on_the_london_clock(moment: datetime, text: str) -> datetime:
    # When the clocks change, an hour of the night is missing or comes twice: nothing is guessed.
    first, second = (moment.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(LONDON).replace(tzinfo=None) != moment:
        raise WrongAsk(f'"{text}" does not exist: the clocks in London skip it. Write a later time.')
    if first != second:
        raise WrongAsk(f'"{text}" comes twice in London. Write which: {text}+01:00 or {text}+00:00.')
    return first


def refuse(sentence: str, status: int = WRONGLY_ASKED) -> int:
    """Says why nothing was done, where errors are said, and gives the status to end with."""
    print(sentence, file=sys.stderr)
    return status
