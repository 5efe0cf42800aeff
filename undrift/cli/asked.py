"""What the commands about protocols are asked with: a text by its id or its path, a day or a moment, a closure day."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from undrift.engine.counting import LONDON
from undrift.library.protocols import SHIPPED, text_of
from undrift.protocol.model import Protocol
from undrift.protocol.reader import read

FOUND_WRONG = 1
WRONGLY_ASKED = 2


class WrongAsk(ValueError):
    """Something asked for that is not there or cannot be read. The message says what to write instead."""


@dataclass(frozen=True)
class Text:
    """A protocol's text and the name that messages give it."""

    name: str
    text: str

    def protocol(self) -> Protocol:
        """The protocol that it says. Refuses with ProtocolError."""
        return read(self.text, self.name)


def text_named(asked: str) -> Text:
    """The text of a protocol that ships with Undrift, or of a file. Refuses with WrongAsk."""
    if asked in SHIPPED:
        return Text(f"{asked}/protocol.toml", text_of(asked))
    return Text(asked, text_at(asked, f"These protocols ship with Undrift: {', '.join(SHIPPED)}."))


def text_at(path: str, otherwise: str) -> str:
    """The text of a file. Refuses with WrongAsk, and says `otherwise` where there is no such file."""
    try:
        return Path(path).read_text("utf-8")
    except FileNotFoundError:
        raise WrongAsk(f'There is no file "{path}". {otherwise}') from None
    except IsADirectoryError:
        raise WrongAsk(f'"{path}" is a folder. Give the file in it, as in {path.rstrip("/")}/protocol.toml.') from None
    except UnicodeDecodeError:
        raise WrongAsk(f'"{path}" is not text in UTF-8. Save it as plain text in UTF-8.') from None
    except OSError as error:
        raise WrongAsk(f'"{path}" cannot be read: {error.strerror}.') from None


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


def aligned(rows: Iterable[Sequence[str]], indent: str = "") -> str:
    """Rows in columns as wide as they need to be; the last column runs on."""
    table = [list(row) for row in rows]
    widths = [max(len(row[n]) for row in table) for n in range(len(table[0]))] if table else []
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table)
    return "\n".join(f"{indent}{line}".rstrip() for line in lines)
