"""A workbook from outside, opened with care, and one sheet's rows under the columns that were asked for."""

import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from undrift.intake.cells import text
from undrift.intake.findings import Finding, StopError, stop

MEGABYTE = 1024 * 1024

# A List 7 of the largest council is below 1 MB; these limits leave room and keep a bomb from opening.
LARGEST_FILE = 20 * MEGABYTE
LARGEST_UNPACKED = 300 * MEGABYTE
MOST_ENTRIES = 1_000
HIGHEST_RATIO = 200
MOST_ROWS = 20_000
MOST_COLUMNS = 200
HEADER_WITHIN = 20

# What the reader raises, one way or another, when bytes of the file are missing or wrong.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    EOFError,
    AttributeError,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
)

OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Column:
    """One column that is looked for, by the words of its header."""

    name: str
    title: str
    pattern: str
    needed: bool = False


@dataclass(frozen=True)
class Row:
    """One row as it stands: its number in the spreadsheet, and a cell for each column that was found."""

    number: int
    cells: Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """A sheet's rows, and the columns that it does not have."""

    sheet: str
    rows: Sequence[Row]
    missing: Sequence[Column]


def read_table(path: Path, *, sheet_pattern: str, sheet_title: str, columns: Sequence[Column]) -> Table:
    """The rows of the sheet whose name fits. StopError says in a sentence why a file cannot be used."""
    try:
        if refusal := _not_a_workbook(path) or _too_large(path):
            raise StopError(refusal)
        title, lines = _lines(path, sheet_pattern, sheet_title)
    except DAMAGE as fault:
        raise StopError(
            stop(f"{path.name} is damaged or only part of it arrived", wanted="Export or copy it again.")
        ) from fault
    return _table(title, lines, columns)


def _not_a_workbook(path: Path) -> Finding | None:
    if not path.is_file():
        return stop(f"There is no file {path.name}", wanted="Give the path of an .xlsx file.")
    with path.open("rb") as file:
        beginning = file.read(len(OLD_EXCEL))
    if beginning == OLD_EXCEL:
        return stop(
            f"{path.name} is an old Excel file, or one with a password",
            wanted="Save it as .xlsx without a password.",
        )
    if not zipfile.is_zipfile(path):
        return stop(
            f"{path.name} is not a whole Excel workbook",
            wanted="Annex A comes as one .xlsx file: export or copy it again.",
        )
    return None


def _too_large(path: Path) -> Finding | None:
    size = path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    limits = (
        (size > LARGEST_FILE, f"is larger than {LARGEST_FILE // MEGABYTE} MB"),
        (len(entries) > MOST_ENTRIES, f"holds more than {MOST_ENTRIES} parts"),
        (unpacked > LARGEST_UNPACKED, f"unpacks to more than {LARGEST_UNPACKED // MEGABYTE} MB"),
        (unpacked > HIGHEST_RATIO * size, "unpacks to far more than a list of children would"),
    )
    for exceeded, what in limits:
        if exceeded:
            return stop(f"{path.name} {what}", wanted="Export the list again, on its own.")
    return None


def _lines(path: Path, sheet_pattern: str, sheet_title: str) -> tuple[str, list[tuple[int, tuple[Any, ...]]]]:
    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        names = [name for name in book.sheetnames if re.search(sheet_pattern, text(name), re.IGNORECASE)]
        if not names:
            raise StopError(
                stop(
                    f'Sheet "{sheet_title}" not found. Sheets in this file: {", ".join(book.sheetnames)}',
                    wanted=f"Annex A child protection is {sheet_title}.",
                )
            )
        sheet = book[names[0]]
        # Some exporters write a wrong size into the sheet, and a read-only reader would believe it.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=MOST_ROWS + HEADER_WITHIN + 1, max_col=MOST_COLUMNS, values_only=True)
        return names[0], list(enumerate(rows, start=1))
    finally:
        book.close()


def _table(title: str, lines: list[tuple[int, tuple[Any, ...]]], columns: Sequence[Column]) -> Table:
    header, places = _header(title, lines, columns)
    rows = [
        Row(number, {name: _cell(cells, place) for name, place in places.items()})
        for number, cells in lines
        if number > header and any(text(cell) for cell in cells)
    ]
    if len(rows) > MOST_ROWS:
        raise StopError(stop(f"More than {MOST_ROWS:,} rows", sheet=title, wanted="Export one council's list."))
    return Table(title, rows, [column for column in columns if column.name not in places])


def _header(
    title: str, lines: list[tuple[int, tuple[Any, ...]]], columns: Sequence[Column]
) -> tuple[int, dict[str, int]]:
    needed = [column for column in columns if column.needed]
    best: dict[str, int] = {}
    for number, cells in lines[:HEADER_WITHIN]:
        places = _places(title, cells, columns)
        if all(column.name in places for column in needed):
            return number, places
        best = max(best, places, key=len)
    absent = ", ".join(f'"{column.title}"' for column in needed if column.name not in best)
    raise StopError(
        stop(
            f"No row of headings with {absent} in the first {HEADER_WITHIN} rows",
            sheet=title,
            wanted="Keep the headings of the Annex A form; their order does not matter.",
        )
    )


def _places(title: str, cells: tuple[Any, ...], columns: Sequence[Column]) -> dict[str, int]:
    headings = [text(cell).lower() for cell in cells]
    found: dict[str, int] = {}
    for column in columns:
        fitting = [place for place, heading in enumerate(headings) if re.search(column.pattern, heading)]
        if len(fitting) > 1:
            raise StopError(
                stop(
                    f'{len(fitting)} columns fit "{column.title}" ({", ".join(_letters(place) for place in fitting)})',
                    sheet=title,
                    wanted="Keep one of them.",
                )
            )
        if fitting:
            found[column.name] = fitting[0]
    return found


def _cell(cells: tuple[Any, ...], place: int) -> Any:
    return cells[place] if place < len(cells) else None


def _letters(place: int) -> str:
    """Column 0 is A, 26 is AA, as the spreadsheet shows them."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
