"""A workbook's parts, unpacked with care and packed again for its reader, a piece of each sheet at a time.

An .xlsx file is a zip of XML. The reader behind (calamine) is quick and trusts the file: it believes the sizes that a
zip states, makes room for every cell between the first and the last, and gives a cell that holds one of Excel's errors
as an empty one. So each part is unpacked here first, within limits and against its checksum; cells are counted before
there is room for them; an error becomes the text that Excel shows; and what the reader gets is what was looked at. It
gets a long sheet piece by piece, for it holds all that it gets.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from undrift.intake.findings import StopError, stop
from undrift.intake.zips import CHUNK, DAMAGE, MEGABYTE, entries, unpacked, unspoilt

# 200,000 rows of an Annex A list are 11 MB, and 150 MB unpacked. A List 7 of the largest council is below 1 MB.
LARGEST_FILE = 20 * MEGABYTE
LARGEST_UNPACKED = 300 * MEGABYTE
LARGEST_BESIDE_SHEETS = 64 * MEGABYTE
MOST_ENTRIES = 1_000
HIGHEST_RATIO = 200
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_CELLS = 30 * MOST_ROWS  # from the first row and column to the last, the empty ones too
HEADER_WITHIN = 20

OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
WANTED = re.compile(r"(.*\.rels|\[content_types\]\.xml|xl/(workbook|sharedstrings|styles)\.xml)", re.IGNORECASE)

DECLARED = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
NOUGHT = re.compile(rb"\x00")
A_SHEET = re.compile(rb"<(\w+:)?sheetData", re.IGNORECASE)
LONGEST_FOUND = 64  # of these two, so that one that lies across two pieces is found
ROW = re.compile(rb"<(?:\w+:)?row(?=[\s>/])")
# What the quick count cannot answer for: a column beyond Z, a row beyond 199,999.
FAR_OUT = re.compile(rb'r="(?:[A-Z]{2}|[A-Z](?:[2-9]\d{5}|\d{7}))')
FIVE_FIGURES = re.compile(rb'r="[A-Z]\d{5}')
# A cell that holds something: where it says that it stands, or nothing where it leaves that out.
CELL = re.compile(rb"""<(?:\w+:)?c(?=[\s>])(?:[^<>]*?\sr=["']([A-Za-z]+)(\d+)["'])?[^<>]*(?<!/)>""")
ERROR_CELL = re.compile(rb"""(<(?:\w+:)?c\s(?:[^<>]*?\s)?t=)(["'])e["']""")
SHEET_DATA = re.compile(rb"<(\w+:)?sheetData\s*>")


@dataclass(frozen=True)
class Parts:
    """A workbook's parts after they were looked at, packed: those beside its sheets, and each sheet in pieces."""

    beside: Mapping[str, bytes]
    sheets: Mapping[str, Sequence[bytes]]

    @property
    def pieces(self) -> int:
        return max(map(len, self.sheets.values()), default=1)

    def piece(self, number: int) -> bytes:
        """A workbook with one piece of each sheet that has so many; the first holds every sheet."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for name, part in self.beside.items():
                archive.writestr(name, zlib.decompress(part))
            for name, pieces in self.sheets.items():
                archive.writestr(name, zlib.decompress(pieces[number]) if number < len(pieces) else NO_ROWS)
        return out.getvalue()


NO_ROWS = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'


def repacked(name: str, content: bytes) -> Parts:
    """The workbook's own parts, to be read. StopError says in a sentence why a file cannot be used."""
    if not content:
        raise StopError(stop(f"{name} is empty", wanted="Export or copy it again."))
    if content.startswith(OLD_EXCEL):
        raise StopError(
            stop(
                f"{name} is an old Excel file, or one with a password",
                wanted="Save it as .xlsx without a password.",
            )
        )
    if len(content) > LARGEST_FILE:
        raise _refusal(name, f"is larger than {LARGEST_FILE // MEGABYTE} MB")
    try:
        parts = entries(content)
    except DAMAGE as fault:
        raise StopError(
            stop(
                f"{name} is not a whole Excel workbook",
                wanted="Annex A comes as one .xlsx file: export or copy it again.",
            )
        ) from fault
    _within_limits(name, len(content), parts)
    try:
        return _packed(name, content, parts)
    except DAMAGE as fault:
        raise damaged(name) from fault


def damaged(name: str) -> StopError:
    return StopError(stop(f"{name} is damaged or only part of it arrived", wanted="Export or copy it again."))


def _refusal(name: str, what: str) -> StopError:
    return StopError(stop(f"{name} {what}", wanted="Export the list again, on its own."))


def _within_limits(name: str, size: int, parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in parts)
    beside = sum(entry.file_size for entry in parts if WANTED.fullmatch(entry.filename))
    limits = (
        (len(parts) > MOST_ENTRIES, f"holds more than {MOST_ENTRIES} parts"),
        (len({entry.filename for entry in parts}) < len(parts), "holds two parts of one name"),
        (any(entry.flag_bits & 1 for entry in parts), "has a password"),
        (unpacked > LARGEST_UNPACKED, f"unpacks to more than {LARGEST_UNPACKED // MEGABYTE} MB"),
        (beside > LARGEST_BESIDE_SHEETS, "holds far more beside its sheets than a list of children would"),
        (unpacked > HIGHEST_RATIO * size, "unpacks to far more than a list of children would"),
    )
    for exceeded, what in limits:
        if exceeded:
            raise _refusal(name, what)
    if not any(entry.filename.lower() == "xl/workbook.xml" for entry in parts):
        raise StopError(
            stop(f"{name} is a zip, and no Excel workbook", wanted="Save the workbook as .xlsx and send that file.")
        )


def _packed(name: str, content: bytes, parts: list[zipfile.ZipInfo]) -> Parts:
    beside: dict[str, bytes] = {}
    sheets: dict[str, list[bytes]] = {}
    # What stands beside the sheets is read again with every piece: pieces are as long as that, at least.
    size = max(CHUNK, sum(entry.file_size for entry in parts if WANTED.fullmatch(entry.filename)))
    for entry in parts:
        sheet = bool(SHEET.fullmatch(entry.filename))
        if not sheet and not WANTED.fullmatch(entry.filename):
            unspoilt(content, [entry])
            continue
        chunks = _without(DECLARED, "declares a document type or entities", name, unpacked(content, entry))
        chunks = _without(NOUGHT, "is not in UTF-8", name, chunks)
        if sheet:
            sheets[entry.filename] = [zlib.compress(piece, 1) for piece in _pieces(_sheet(name, chunks), size)]
        else:
            chunks = _without(A_SHEET, "has a sheet where none should be", name, chunks)
            beside[entry.filename] = _squeezed(chunks)
    return Parts(beside, sheets)


def _squeezed(chunks: Iterator[bytes]) -> bytes:
    packer = zlib.compressobj(1)
    return b"".join([*map(packer.compress, chunks), packer.flush()])


def _pieces(texts: Iterator[bytes], size: int) -> Iterator[bytes]:
    """A sheet as several, each with some of its rows. As one, from where cells do not say in which row they stand."""
    held: list[bytes] = []
    beginning = end = b""
    for text in texts:
        if not held and (begins := SHEET_DATA.search(text)):
            prefix = begins[1] or b""
            beginning, end = text[: begins.end()], b"</%ssheetData></%sworksheet>" % (prefix, prefix)
        elif beginning and sum(map(len, held)) >= size and _says_where(text):
            yield b"".join([*held, end])
            held = [beginning]
        if text:
            held.append(text)
    yield b"".join(held)


def _says_where(text: bytes) -> bool:
    return text.count(b'<c r="') == text.count(b"<c")


def _without(pattern: re.Pattern[bytes], what: str, name: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same. StopError where a part holds what no spreadsheet program writes there."""
    end = b""
    for chunk in chunks:
        if pattern.search(end + chunk):
            raise _refusal(name, f"{what}, as no spreadsheet program writes it")
        end = chunk[-LONGEST_FOUND:]
        yield chunk


def _sheet(name: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """A sheet row by row, its errors as text. StopError before there is more of it than the reader should hold."""
    rest = b""
    lines = rows = columns = 0
    for chunk in chunks:
        whole, rest = _up_to_a_row(rest + chunk)
        found = _counted(whole)
        lines, rows, columns = lines + found[0], max(rows, found[1]), max(columns, found[2])
        _no_larger(name, max(lines, rows), columns, len(rest))
        yield _errors_as_text(whole)
    found = _counted(rest)
    _no_larger(name, max(lines + found[0], rows, found[1]), max(columns, found[2]), 0)
    yield _errors_as_text(rest)


def _up_to_a_row(text: bytes) -> tuple[bytes, bytes]:
    """Before the last row that begins in the text, and from there on."""
    cut = max(text.rfind(b"<row"), text.rfind(b":row"))
    cut = text.rfind(b"<", 0, cut + 1) if cut > 0 else 0
    return (text[:cut], text[cut:]) if cut > 0 else (b"", text)


def _no_larger(name: str, rows: int, columns: int, waiting: int) -> None:
    limits = (
        (rows > MOST_ROWS + HEADER_WITHIN, f"has more than {MOST_ROWS:,} rows"),
        (columns > MOST_COLUMNS, f"has more than {MOST_COLUMNS} columns"),
        (rows * columns > MOST_CELLS, f"has more than {MOST_CELLS:,} cells"),
        (waiting > 4 * CHUNK, "has a row that no spreadsheet would write"),
    )
    for exceeded, what in limits:
        if exceeded:
            raise _refusal(name, f"{what} on one of its sheets")


def _counted(text: bytes) -> tuple[int, int, int]:
    """How many rows hold something, the last row that says its number, and the last column; or no more than these."""
    if _says_where(text) and not FAR_OUT.search(text):
        return text.count(b"<row"), 199_999 if FIVE_FIGURES.search(text) else 9_999, 26
    return _counted_cell_by_cell(text)


def _counted_cell_by_cell(text: bytes) -> tuple[int, int, int]:
    """The same where cells do not say where they stand, or empty ones with a format reach far out."""
    rows = columns = lines = 0
    for piece in ROW.split(text)[1:]:
        found = CELL.findall(piece)
        if not found:
            continue
        lines += 1
        columns = max(columns, len(found), *(_number(letters) for letters, _ in found))
        rows = max(rows, *(int(digits) for _, digits in found if digits), 0)
    return lines, rows, columns


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters[:5].upper():
        number = number * 26 + letter - 64
    return number


def _errors_as_text(text: bytes) -> bytes:
    return ERROR_CELL.sub(rb'\1"str"', text) if b't="e"' in text or b"t='e'" in text else text
