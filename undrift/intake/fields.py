"""The cells of one row, each by its reader: values, what cannot be read, and what that means for the row.

A needed cell that cannot be read rejects its row. Any other leaves its own fact out and keeps the rest: what the file
does not say, it does not change. A cell that may hold somebody's name is described and never quoted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import time
from functools import lru_cache
from typing import Any

from undrift.children.models.plan import Category
from undrift.intake import answers, cells
from undrift.intake.categories import CategoryRead, read_category
from undrift.intake.findings import Finding, Place, Severity, reject, warn

LONGEST_TEXT = 200
LONGEST_CHILD_ID = 60
LONGEST_NAME = 100
# What a look-up of an empty cell leaves in a column of dates is a 0, and python-calamine 0.9 reads it as a time.
NOUGHT = time.min


@dataclass(frozen=True, eq=False)
class Reader:
    """How a cell is read. `wanted` is what is said where it cannot be, `odd` what is strange about one that can.

    `needed`: neither empty nor unreadable. `strict`: it may be empty, and rejects its row where it cannot be read.
    `instead`: what is taken for one that cannot be read, and the words that say so. `again`: a file says the same few
    things again and again, and each is read once.
    """

    read: Callable[[Any], Any]
    wanted: str = ""
    needed: bool = False
    strict: bool = False
    code: str = ""
    found: str = ""
    empty: str = "Empty"
    odd: Callable[[Any], str] | None = None
    instead: tuple[Any, str] | None = None
    again: bool = True


@dataclass(frozen=True)
class Read:
    """A row's values by field, the fields that the file says something of, and what there is to say."""

    values: Mapping[str, Any]
    given: frozenset[str]
    findings: tuple[Finding, ...]
    place: Place

    def called(self, **fields: str) -> Read:
        """The same, with fields by another name."""
        values = {fields.get(name, name): value for name, value in self.values.items()}
        return replace(self, values=values, given=frozenset(values))

    @property
    def rejected(self) -> bool:
        return any(finding.severity is Severity.REJECT for finding in self.findings)


def read_row(row: Mapping[str, Any], readers: Mapping[str, Reader], titles: Mapping[str, str], place: Place) -> Read:
    """Each cell by the reader of its field; `titles` are the columns as the file calls them.

    The child's number comes first, so that all that is said names it.
    """
    values: dict[str, Any] = {}
    said: list[Finding] = []
    for name in _in_order(tuple(row)):
        reader, cell = readers[name], row[name]
        try:
            value = _value_again(cell, reader) if reader.again else _value(cell, reader)
        except cells.UnreadableError:
            said.append(_unreadable(replace(place, column=titles.get(name, name)), cell, reader))
            if reader.instead:
                values[name] = reader.instead[0]
            continue
        if reader.needed and value in (None, ""):
            column = replace(place, column=titles.get(name, name))
            said.append(reject(column, reader.empty, wanted=reader.wanted, code=reader.code))
            continue
        values[name] = value
        if name == "child_id":
            place = Place(sheet=place.sheet, row=place.row, child=value)
        if reader.odd and (strange := reader.odd(cell)):
            said.append(warn(replace(place, column=titles.get(name, name)), strange, did="Imported; check it."))
    return Read(values, frozenset(values), tuple(said), place)


@lru_cache
def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: name != "child_id"))


def _value(cell: Any, reader: Reader) -> Any:
    if cells.is_error(cell):
        raise cells.UnreadableError
    return reader.read(cell)


_value_again = lru_cache(maxsize=20_000, typed=True)(_value)


def _unreadable(place: Place, cell: Any, reader: Reader) -> Finding:
    found = reader.found or f"{shown(cell)} cannot be read"
    if reader.needed or reader.strict:
        return reject(place, found, wanted=reader.wanted, code=reader.code)
    did = reader.instead[1] if reader.instead else "Imported without it."
    return warn(place, found, wanted=reader.wanted, code=reader.code, did=did)


def shown(cell: Any) -> str:
    """The cell in quotation marks if it is figures and signs or Excel's own error; text is only named."""
    if cell == NOUGHT:
        return 'A 0, which Excel shows as "00/01/1900",'
    if cells.is_error(cell):
        return f'Excel\'s "{cells.text(cell)}"'
    words = cells.text(cell)
    return f'"{words}"' if re.fullmatch(r"[\d\s/.:,+-]{1,30}", words) else "Text"


def rejected(findings: Collection[Finding]) -> bool:
    return any(finding.severity is Severity.REJECT for finding in findings)


# --- readers that several formats share --------------------------------------------------------------


def _child_id(cell: Any) -> str:
    found = cells.identifier(cell)
    if len(found) > LONGEST_CHILD_ID:
        raise cells.UnreadableError
    return found


def _category(cell: Any) -> Category | str:
    found = read_category(cell).category
    if found is None:
        raise cells.UnreadableError
    return found


def _cut_off(cell: Any) -> str:
    read: CategoryRead = read_category(cell)
    return f"read as {Category(read.category or '').label} (text is cut off)" if read.cut_off else ""


NO_KEYS = {"-1", "0"}  # what data warehouses write where nothing is linked


def _key(cell: Any) -> str:
    words = cells.text(cell)
    found = (re.sub(r"^(\d+)\.0+$", r"\1", words) if "." in words else words)[:LONGEST_TEXT]
    return "" if found in NO_KEYS else found


def _name(cell: Any) -> str:
    """A name as it stands: people are called Na and None, and nobody is called NULL."""
    words = cells.plain(cell)
    return "" if words == "NULL" else words[:LONGEST_NAME]


def _short(cell: Any) -> str:
    return cells.text(cell)[:LONGEST_TEXT]


def category(code: str) -> Reader:
    return Reader(_category, code=code, found="names no category of abuse", odd=_cut_off)


A_DATE = "A date is wanted, such as 31/03/2026."
CHILD_ID = Reader(
    _child_id,
    "The child's number in the case system is wanted.",
    needed=True,
    found="No child number that can be used",
    empty="No child number that can be used",
    again=False,
)
DATE = Reader(cells.day, A_DATE)
# A number of another table, and no child's: whatever it is, it is compared and never shown.
KEY = Reader(_key, again=False)
# A child's number in a row that can do without: the plan tells whose it is.
OTHER_CHILD_ID = Reader(_child_id, CHILD_ID.wanted, again=False)
START = Reader(cells.day, A_DATE, needed=True, code="8720", empty="A plan without a start date")
# It may be empty, and then the plan runs; one that cannot be read would let an ended plan look open.
END = Reader(cells.day, A_DATE, strict=True)
PREVIOUS_PLANS = Reader(cells.count, "A whole number is wanted.", code="8730")
TEXT = Reader(_short)
NAME = Reader(_name, again=False)
SEX = Reader(answers.sex, "Male, Female or Unknown is wanted.")
SEEN_ALONE = Reader(answers.seen_alone, "Yes, No or Unknown is wanted.")
YES_OR_NO = Reader(answers.yes, "Yes or No is wanted.")
