"""Our own CSV of children, as whoever fills it in needs it: its files, their columns, an empty one of each."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from undrift.desks.frame.components import Fact
from undrift.desks.frame.listing import as_csv
from undrift.desks.frame.narrowing import with_query
from undrift.intake.children_csv.columns import TABLES

NEEDED = "Needed. "


@dataclass(frozen=True)
class OwnFile:
    """One of the files: what a row of it is, its columns, and where an empty one is."""

    name: str
    says: str
    columns: tuple[Fact, ...]
    href: str


def own_files(here: str) -> list[OwnFile]:
    return [
        OwnFile(
            f"{table.name}.csv",
            table.row_is,
            tuple(Fact(column.name, f"{NEEDED if column.needed else ''}{column.says}") for column in table.columns),
            with_query(here, {"as": table.name}),
        )
        for table in TABLES
    ]


def empty_file(name: str) -> HttpResponse | None:
    """The headings alone, to be filled in; None where there is no such file."""
    return next((as_csv(table.name, table.heads, ()) for table in TABLES if table.name == name), None)
