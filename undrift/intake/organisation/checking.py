"""The files as they were sent: which table each is, and what is wrong with each row. Asks no database."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.text import slugify

from undrift.intake import cells
from undrift.intake.csv_files import NO_LINE_END
from undrift.intake.findings import Finding, Place, Severity, reject, stop
from undrift.intake.organisation.columns import TABLES, Table, plain
from undrift.library.protocols import SHIPPED
from undrift.people.models.organisation import AgencyKind
from undrift.people.models.tenure import HoldingKind

MOST_ROWS = 20_000
LONGEST_TEXT = 200
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")

SAY_WHOLE = "Look whether its last cell is whole; if not, export it again. If it is, say --yes for it."

Wrong = Callable[[str, str, str], Finding]


class Row(NamedTuple):
    """A row that can be read: its file, its number as a spreadsheet shows it, and its cells by column."""

    file: str
    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Checked:
    """The files as they were read: rows by table, and every finding."""

    rows: Mapping[str, Sequence[Row]]
    findings: Sequence[Finding]

    @property
    def stopped(self) -> bool:
        return any(finding.severity is Severity.STOP for finding in self.findings)


def check(files: Mapping[str, bytes], *, whole: bool = False) -> Checked:
    """Reads the files, by name. A file is known by its columns. Changes nothing and asks no database.

    A file whose last row has no line end may have been cut: it is refused, unless somebody says that it is `whole`.
    """
    rows: dict[str, list[Row]] = {}
    findings: list[Finding] = []
    for name, content in files.items():
        read = _read(name, content, whole)
        if isinstance(read, Finding):
            findings.append(read)
            continue
        table, heads, lines = read
        rows.setdefault(table.name, []).extend(_kept(table, name, heads, lines, findings))
    return Checked(rows, findings)


def _read(name: str, content: bytes, whole: bool) -> tuple[Table, list[str], list[list[str]]] | Finding:
    """The table, its heads as they stand in the file, and the lines below; or why the file cannot be used."""
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return stop("This cannot be read as CSV in UTF-8", wanted="Save it as CSV UTF-8.", sheet=name)
    heads = [cells.text(head).lower() for head in lines[0]] if lines else []
    table = next((one for one in TABLES if _fits(one, heads)), None)
    if table is None:
        known = "; ".join(f"{one.name} has {', '.join(one.heads)}" for one in TABLES)
        return stop("Its columns are those of no file we know", wanted=f"Of the six, {known}.", sheet=name)
    if len(lines) > MOST_ROWS:
        return stop(f"It has more than {MOST_ROWS} rows", wanted="Split it.", sheet=name)
    if not content.endswith(b"\n"):
        if len(lines[-1]) < len(heads) or len(lines) == 1:
            return stop(f"It breaks off within row {len(lines)}", wanted="Export or copy it again.", sheet=name)
        if not whole:
            return stop(f"{NO_LINE_END}: row {len(lines)}", wanted=SAY_WHOLE, sheet=name)
    return table, heads, lines[1:]


def _fits(table: Table, heads: Sequence[str]) -> bool:
    """All that is needed is there, nothing strange, nothing twice; and the column that marks this table."""
    needed = {column.name for column in table.columns if column.needed}
    return len(set(heads)) == len(heads) and needed <= set(heads) <= set(table.heads) and table.mark in heads


def _kept(
    table: Table, name: str, heads: Sequence[str], body: Sequence[Sequence[str]], findings: list[Finding]
) -> Iterator[Row]:
    seen: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(body, start=2):
        if not any(cell.strip() for cell in line):
            continue
        given = {head: plain(cells.text(cell)) for head, cell in zip(heads, line, strict=False)}
        row = Row(name, number, {head: given.get(head, "") for head in table.heads})
        if finding := _refused(table, name, row, len(line) > len(heads)):
            findings.append(finding)
            continue
        key = tuple(row.cells[column].lower() for column in table.key)
        if key in seen:
            place = Place(sheet=name, row=number)
            findings.append(reject(place, f"The same as row {seen[key]}", wanted="Each row once."))
            continue
        seen[key] = number
        yield row


def _refused(table: Table, name: str, row: Row, too_long: bool) -> Finding | None:
    def wrong(column: str, found: str, wanted: str) -> Finding:
        return reject(Place(sheet=name, row=row.number, column=column), found, wanted=wanted)

    if too_long:
        return wrong("", "More cells than columns", "Put quotation marks around a cell with a comma.")
    for column in table.columns:
        value = row.cells[column.name]
        if column.needed and not value:
            return wrong(column.name, "Empty", column.says)
        if len(value) > LONGEST_TEXT:
            return wrong(column.name, f"More than {LONGEST_TEXT} characters", "Shorten it.")
        if value and (found := CHECKS.get(column.name, _anything)(value)):
            return wrong(column.name, found, column.says)
    starts, ends = row.cells.get("starts", ""), row.cells.get("ends", "")
    if ends and ends_before(starts, ends):
        return wrong("ends", "The last day is before the first", "A day on or after the first.")
    if table.name == "covers":
        return _refused_cover(row, wrong)
    if table.name == "units" and row.cells["unit"] and row.cells["unit"] == row.cells["above"]:
        return wrong("above", "A unit is not above itself", "The unit above, or nothing.")
    if row.cells.get("heads_unit") == "yes" and not row.cells["unit"]:
        return wrong("heads_unit", "A post that manages a unit names no unit", "Name the unit.")
    return None


def _refused_cover(row: Row, wrong: Wrong) -> Finding | None:
    if row.cells["away"].lower() == row.cells["covering"].lower():
        return wrong("covering", "Nobody covers for themselves", "Another email address.")
    if bool(row.cells["agency"]) != bool(row.cells["post"]):
        return wrong("post", "Agency and post belong together", "Fill both, or neither.")
    return None


def ends_before(starts: str, ends: str) -> bool:
    first, last = cells.day(starts), cells.day(ends)
    return first is not None and last is not None and last < first


def _anything(value: str) -> str:
    return ""


def _address(value: str) -> str:
    return "" if EMAIL.fullmatch(value) else "This is no email address"


def _day(value: str) -> str:
    try:
        cells.day(value)
    except cells.UnreadableError:
        return "This is no day"
    return ""


def _one_of(*values: str) -> Callable[[str], str]:
    return lambda value: "" if value.lower() in values else f'"{value}" is none of {", ".join(values)}'


def _kind_of_post(value: str) -> str:
    return "" if value == slugify(value) and len(value) <= 80 else "Small letters, figures and hyphens only"


def _three_figures(value: str) -> str:
    return "" if re.fullmatch(r"\d{3}", value) else "Three figures are wanted"


CHECKS: Mapping[str, Callable[[str], str]] = {
    "email": _address,
    "away": _address,
    "covering": _address,
    "starts": _day,
    "ends": _day,
    "shared": _one_of("yes", "no"),
    "heads_unit": _one_of("yes", "no"),
    "kind": _one_of(*AgencyKind.values),
    "as": _one_of(*HoldingKind.values),
    "post": _kind_of_post,
    "code": _kind_of_post,
    "policy": _one_of(*SHIPPED),
    "lea": _three_figures,
    "mailbox": _address,
}
