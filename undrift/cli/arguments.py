"""What the commands about protocols are asked with: a text by its id or its path; days and moments as in `when`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from undrift.cli.when import WRONGLY_ASKED, WrongAsk, closure, day, refuse, start
from undrift.library.protocols import SHIPPED, text_of
from undrift.protocol.model import Protocol
from undrift.protocol.reader import read

__all__ = [
    "FOUND_WRONG",
    "WRONGLY_ASKED",
    "Text",
    "WrongAsk",
    "aligned",
    "closure",
    "day",
    "refuse",
    "start",
    "text_at",
    "text_named",
]

FOUND_WRONG = 1


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


def aligned(rows: Iterable[Sequence[str]], indent: str = "") -> str:
    """Rows in columns as wide as they need to be; the last column runs on."""
    table = [list(row) for row in rows]
    widths = [max(len(row[n]) for row in table) for n in range(len(table[0]))] if table else []
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table)
    return "\n".join(f"{indent}{line}".rstrip() for line in lines)
