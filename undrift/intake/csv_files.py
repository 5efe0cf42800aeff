"""CSV files from outside, one by one or several in a zip, read row by row: no file is ever held as a whole.

A cut zip is refused. Of a single file nobody can say whether all of it arrived. One that breaks off within a row is
refused. A last row without a line break is how many programs end a file, and how a cut one ends too: whether its last
cell is whole is asked, and nothing is imported until somebody has said so. One that is cut where a row ends is a whole
file of fewer rows: what it leaves out is neither ended nor deleted, and a great part that is missing is asked about.
"""

from __future__ import annotations

import codecs
import csv
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from undrift.intake import cells
from undrift.intake.findings import Finding, Place, Said, StopError, confirm, reject, stop
from undrift.intake.zips import CHUNK, DAMAGE, MEGABYTE, entries, unpacked, unspoilt

# Every visit of six years in the largest council is some 300,000 rows, and 30 MB.
LARGEST_FILE = 50 * MEGABYTE
LARGEST_UNPACKED = 500 * MEGABYTE
MOST_ENTRIES = 500
HIGHEST_RATIO = 200
MOST_COLUMNS = 200
MOST_ROWS = 200_000
LONGEST_ROW = MEGABYTE
NAME_SHOWN = 60
BEGINNING = 64

AS_CSV = "Save it as CSV UTF-8."
NO_LINE_END = "The last row has no line end, as in a file that was cut short"
Cells = Sequence[str]


@dataclass(frozen=True)
class CsvFile:
    """One file: its name, its headings in small letters as they stand, and its rows when they are asked for."""

    name: str
    heads: tuple[str, ...]
    _pieces: Callable[[], Iterator[bytes]]

    def rows(self, said: Said, most: int = MOST_ROWS) -> Iterator[tuple[int, Cells]]:
        """Each row that holds something, with its number in a spreadsheet. A row of another length is left out, said.

        StopError where the file breaks off, or cannot be read.
        """
        lines, number = _Lines(self.name, self._pieces()), 1
        for number, row in enumerate(_records(self.name, lines), start=1):
            if number == 1 or not any(map(str.strip, row)):
                continue
            if number - 1 > most:  # the first is the heading
                raise StopError(stop(f"It has more than {most:,} rows", wanted="Split it.", sheet=self.name))
            if len(row) != len(self.heads):
                if lines.ended and not lines.whole:
                    raise _breaks_off(self.name, number)
                said.append(self._of_another_length(number, len(row)))
                continue
            yield number, row
        if not lines.whole:
            said.append(
                confirm(
                    Place(sheet=self.name, row=number),
                    NO_LINE_END,
                    wanted="Look whether its last cell is whole; if not, export it again.",
                )
            )

    def _of_another_length(self, number: int, length: int) -> Finding:
        return reject(
            Place(sheet=self.name, row=number),
            f"{length} cells under {len(self.heads)} headings",
            wanted="Put quotation marks around a cell with a comma.",
        )


def csv_files(name: str, content: bytes) -> list[CsvFile]:
    """The CSV files in a zip, or the one file. StopError says in a sentence why they cannot be used."""
    if not content:
        raise StopError(stop(f"{name} is empty", wanted="Export or copy it again."))
    if len(content) > LARGEST_FILE:
        raise StopError(stop(f"{name} is larger than {LARGEST_FILE // MEGABYTE} MB", wanted="Send fewer years."))
    if content[:BEGINNING].lstrip(codecs.BOM_UTF8 + b" \r\n\t").startswith((b"<", b"%PDF")):
        raise StopError(stop(f"{name} is no CSV file", wanted="Choose the kind of file that it is, or another file."))
    if not content.startswith(b"PK"):
        return [_file(name, lambda: _chunks(content))]
    try:
        return [_file(inside, pieces) for inside, pieces in _in_a_zip(name, content).items()]
    except DAMAGE as fault:
        raise StopError(
            stop(f"{name} is damaged or only part of it arrived", wanted="Make or copy the zip again.")
        ) from fault


def _in_a_zip(name: str, content: bytes) -> Mapping[str, Callable[[], Iterator[bytes]]]:
    parts = entries(content)
    unpacked_size = sum(entry.file_size for entry in parts)
    limits = (
        (len(parts) > MOST_ENTRIES, f"holds more than {MOST_ENTRIES} files"),
        (any(entry.flag_bits & 1 for entry in parts), "has a password"),
        (unpacked_size > LARGEST_UNPACKED, f"unpacks to more than {LARGEST_UNPACKED // MEGABYTE} MB"),
        (unpacked_size > HIGHEST_RATIO * len(content), "unpacks to far more than lists of children would"),
    )
    for exceeded, what in limits:
        if exceeded:
            raise StopError(stop(f"{name} {what}", wanted="Make it again, of these CSV files alone."))
    unspoilt(content, parts)
    found: dict[str, zipfile.ZipInfo] = {}
    if any(entry.filename.lower() == "xl/workbook.xml" for entry in parts):
        raise StopError(
            stop(
                f"{name} is an Excel workbook",
                wanted="Choose Annex A, if it is that; else save each of its sheets as CSV UTF-8.",
            )
        )
    for entry in parts:
        *folders, inside = entry.filename.split("/")
        if not inside.lower().endswith(".csv") or inside.startswith("._") or "__MACOSX" in folders:
            continue
        if inside in found:
            raise StopError(
                stop(f"{name} holds two files of the name {inside[:NAME_SHOWN]}", wanted="Keep one of them.")
            )
        found[inside] = entry
    if not found:
        raise StopError(stop(f"{name} holds no CSV file", wanted="Put the CSV files into the zip."))
    return {inside: _pieces_of(name, content, entry) for inside, entry in found.items()}


def _pieces_of(name: str, content: bytes, entry: zipfile.ZipInfo) -> Callable[[], Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        try:
            yield from unpacked(content, entry)
        except DAMAGE as fault:
            raise StopError(
                stop(f"{name} is damaged or only part of it arrived", wanted="Make or copy the zip again.")
            ) from fault

    return pieces


def _chunks(content: bytes) -> Iterator[bytes]:
    for begins in range(0, len(content), CHUNK):
        yield content[begins : begins + CHUNK]


def _file(name: str, pieces: Callable[[], Iterator[bytes]]) -> CsvFile:
    lines = _Lines(name, pieces())
    first = next(_records(name, lines), [])
    if lines.ended:
        found = "It breaks off within its headings" if first else "It is empty"
        raise StopError(
            stop(found, wanted="Export it again, or leave the file out.", sheet=cells.plain(name)[:NAME_SHOWN])
        )
    if len(first) == 1 and re.search(r"[;\t|]", first[0]):
        raise StopError(stop("There are no commas between its headings", wanted=AS_CSV, sheet=name))
    if len(first) > MOST_COLUMNS:
        raise StopError(stop(f"It has more than {MOST_COLUMNS} columns", wanted=AS_CSV, sheet=name))
    return CsvFile(cells.plain(name)[:NAME_SHOWN], tuple(cells.text(head).lower() for head in first), pieces)


def _records(name: str, lines: Iterator[str]) -> Iterator[Cells]:
    try:
        yield from csv.reader(lines, strict=True)
    except (UnicodeDecodeError, csv.Error) as fault:
        if "unexpected end" in str(fault):
            raise StopError(
                stop("It breaks off within a quotation", wanted="Export or copy it again.", sheet=name)
            ) from fault
        raise StopError(stop("This cannot be read as CSV in UTF-8", wanted=AS_CSV, sheet=name)) from fault


def _breaks_off(name: str, row: int) -> StopError:
    return StopError(stop(f"It breaks off within row {row}", wanted="Export or copy it again.", sheet=name))


class _Lines:
    """The lines of a file out of its pieces. `whole` once the last of them ended with a line break."""

    def __init__(self, name: str, pieces: Iterator[bytes]) -> None:
        self.name = name
        self.whole = False
        self.ended = False
        self._lines = self._split(codecs.iterdecode(pieces, "utf-8-sig"))

    def __iter__(self) -> Iterator[str]:
        return self._lines

    def __next__(self) -> str:
        return next(self._lines)

    def _split(self, texts: Iterator[str]) -> Iterator[str]:
        rest = ""
        for text in texts:
            *lines, rest = (rest + text).split("\n")
            for line in lines:
                yield line + "\n"
            if len(rest) > LONGEST_ROW:
                raise StopError(stop("A row is longer than any of a list of children", wanted=AS_CSV, sheet=self.name))
        self.ended, self.whole = True, not rest
        if rest:
            yield rest
