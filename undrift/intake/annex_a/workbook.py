"""A workbook from outside, and one sheet's rows under the columns that were asked for.

Which sheet is which is said by its name, and which column by its heading. What is hidden is never read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from undrift.intake.annex_a.unpacking import HEADER_WITHIN, damaged, repacked
from undrift.intake.cells import text
from undrift.intake.findings import Finding, Place, StopError, stop, warn

SHEETS_NAMED = 20


@dataclass(frozen=True)
class Column:
    """One column that is looked for: the form's own heading, and words by which others know it."""

    name: str
    title: str
    pattern: str
    needed: bool = False
    spoken: bool = True  # whether its absence is said


@dataclass(frozen=True)
class List:
    """One list of the form: its title, how sheets that hold it are called, and its columns."""

    title: str
    pattern: str
    columns: Sequence[Column]

    @property
    def titles(self) -> Mapping[str, str]:
        return {column.name: column.title for column in self.columns}


@dataclass(frozen=True)
class Row:
    """One row as it stands: its number in the spreadsheet, and a cell for each column that was found."""

    number: int
    cells: Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """A list as it stands in a workbook; `findings` say which columns it lacks, and why this sheet was read.

    Its rows are given once, one after the other.
    """

    sheet: str
    rows: Iterator[Row]
    empty: bool
    findings: Sequence[Finding]


class Workbook:
    """An opened workbook. StopError says in a sentence why a file cannot be used."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self._parts = repacked(name, content)
        self._book = self._opened(0)
        self._shown = [sheet.name for sheet in self._book.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible]

    def _opened(self, piece: int) -> CalamineWorkbook:
        try:
            return CalamineWorkbook.from_filelike(io.BytesIO(self._parts.piece(piece)))
        except CalamineError as fault:
            raise damaged(self.name) from fault

    @property
    def sheets(self) -> str:
        """The names of the sheets that are shown, for a sentence."""
        rest = len(self._shown) - SHEETS_NAMED
        return ", ".join([*self._shown[:SHEETS_NAMED], *([f"and {rest} more"] if rest > 0 else [])])

    def hidden(self, wanted: List) -> list[Finding]:
        """What is said of the sheets that would fit, were they not hidden."""
        hidden = [name for name in _fitting(self._book.sheet_names, wanted) if name not in self._shown]
        return [
            warn(
                Place(sheet=name),
                "This sheet is hidden",
                wanted="If it is the list that is meant, unhide it and send the file again.",
                did="Not read.",
            )
            for name in hidden
        ]

    def table(self, wanted: List) -> Table | None:
        """The list, from the sheet whose name fits; None where no sheet that is shown does."""
        names = _fitting(self._shown, wanted)
        if not names:
            return None
        own = [name for name in names if text(name).lower() == wanted.title.lower()]
        if len(names) > 1 and len(own) != 1:
            raise StopError(
                stop(
                    f"{len(names)} sheets fit {wanted.title}: {', '.join(names[:SHEETS_NAMED])}",
                    wanted=f'Name the right one "{wanted.title}", or send it alone.',
                )
            )
        title = (own or names)[0]
        said = [
            warn(
                Place(sheet=other),
                f"This sheet fits {wanted.title} as well",
                did=f'Not read; the sheet "{title}" was, whose name is the form\'s own.',
            )
            for other in names
            if other != title
        ]
        return self._table(title, wanted, said)

    def _table(self, title: str, wanted: List, said: Sequence[Finding]) -> Table:
        lines = self._lines(title)
        beginning = list(islice(lines, HEADER_WITHIN))
        header = _header(title, beginning, wanted.columns)
        under = _under(header.places)
        rows = (
            Row(number, under(cells))
            for number, cells in chain((line for line in beginning if line[0] > header.row), lines)
            if any(cell != "" and text(cell) for cell in cells)
        )
        first = next(rows, None)
        return Table(
            title, chain([first] if first else [], rows), first is None, [*said, *header.said(title, wanted.columns)]
        )

    def _lines(self, title: str) -> Iterator[tuple[int, Sequence[Any]]]:
        """Each row with the number that the spreadsheet shows beside it, and its cells from column A on."""
        for piece in range(self._parts.pieces):
            # One piece is given back before the next is opened.
            yield from self._lines_of(piece, title)

    def _lines_of(self, piece: int, title: str) -> Iterator[tuple[int, Sequence[Any]]]:
        book = self._opened(piece) if piece else self._book
        try:
            sheet = book.get_sheet_by_name(title)
        except CalamineError as fault:
            raise damaged(self.name) from fault
        if sheet.start is not None:
            row, column = sheet.start
            before = [""] * column
            yield from enumerate((before + cells for cells in sheet.to_python()), start=row + 1)


def _fitting(names: Sequence[str], wanted: List) -> list[str]:
    return [name for name in names if re.search(wanted.pattern, text(name), re.IGNORECASE)]


def _absent(sheet: str, column: Column) -> Finding:
    return warn(
        Place(sheet=sheet),
        f'Column "{column.title}" not found',
        did="Imported without it; what is known already stays.",
    )


@dataclass(frozen=True)
class _Headings:
    """Where each column stands in a row of headings. `doubled` are those that several fit, each with where they are."""

    row: int
    places: Mapping[str, int]
    doubled: Mapping[Column, Sequence[int]]

    def said(self, title: str, columns: Sequence[Column]) -> list[Finding]:
        """Of the columns that are not read: none fits, or more than one does."""
        doubled = [
            warn(
                Place(sheet=title), _several_fit(column, places), wanted="Keep one of them.",
                did="Imported without it; what is known already stays.",
            )
            for column, places in self.doubled.items()
        ]  # fmt: skip
        found = {*self.places, *(column.name for column in self.doubled)}
        return [*doubled, *(_absent(title, one) for one in columns if one.spoken and one.name not in found)]


def _header(title: str, lines: Sequence[tuple[int, Sequence[Any]]], columns: Sequence[Column]) -> _Headings:
    """The first row in which every needed column stands. StopError where there is none, or two fit one of them."""
    needed = [column for column in columns if column.needed]
    best: dict[str, int] = {}
    for number, cells in lines:
        fitting = _fitting_each(cells, columns)
        places = {column.name: found[0] for column, found in fitting.items()}
        if all(column.name in places for column in needed):
            doubled = {column: found for column, found in fitting.items() if len(found) > 1}
            for column in doubled:
                if column.needed:
                    raise StopError(
                        stop(_several_fit(column, doubled[column]), sheet=title, wanted="Keep one of them.")
                    )
                del places[column.name]
            return _Headings(number, places, doubled)
        best = max(best, places, key=len)
    absent = ", ".join(f'"{column.title}"' for column in needed if column.name not in best)
    raise StopError(
        stop(
            f"No row of headings with {absent} in the first {HEADER_WITHIN} rows",
            sheet=title,
            wanted="Keep the headings of the Annex A form; their order does not matter.",
        )
    )


def _fitting_each(cells: Sequence[Any], columns: Sequence[Column]) -> dict[Column, list[int]]:
    """Where each column may stand: under the form's own heading, else under any that looks like it and is no other's
    own.
    """
    headings = [text(cell).lower() for cell in cells]
    bare = list(map(_bare, headings))
    own = {column: [place for place, words in enumerate(bare) if words == _bare(column.title)] for column in columns}
    taken = {place for places in own.values() for place in places}
    fitting = {
        column: own[column]
        or [place for place, words in enumerate(headings) if place not in taken and re.search(column.pattern, words)]
        for column in columns
    }
    return {column: places for column, places in fitting.items() if places}


def _bare(heading: str) -> str:
    """Letters and figures alone: a question mark more or less is the same heading."""
    return "".join(filter(str.isalnum, heading.lower()))


def _several_fit(column: Column, places: Sequence[int]) -> str:
    return f'{len(places)} columns fit "{column.title}" ({", ".join(map(_letters, places))})'


def _under(places: Mapping[str, int]) -> Callable[[Sequence[Any]], Mapping[str, Any]]:
    """Takes the cells of these columns out of a row, empty ones from beyond where it ends."""
    # Of several columns, as every list needs them, it gives a cell for each.
    cells_of, furthest = itemgetter(*places.values()), max(places.values())

    def taken(cells: Sequence[Any]) -> Mapping[str, Any]:
        if len(cells) <= furthest:
            cells = [*cells, *[""] * (furthest + 1 - len(cells))]
        return dict(zip(places, cells_of(cells), strict=True))

    return taken


def _letters(place: int) -> str:
    """Column 0 is A, 26 is AA, as the spreadsheet shows them."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
