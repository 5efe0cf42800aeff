"""What stands above a list: how many there are, in which order, and the same as a file for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from undrift.desks.frame.components import Dated, Place, Table
from undrift.desks.frame.narrowing import with_query
from undrift.intake.organisation.columns import harmless

MOST_COUNTED = 1_000  # beyond it the number would cost more than it tells
MOST_EXPORTED = 5_000

Sorts = Mapping[str, str]  # what stands in the address, and the words; the first is the usual one


@dataclass(frozen=True)
class Above:
    """`sorts` are links, the one in use marked; `csv` is the address of the file, with the same filters."""

    count: str
    sorts: Sequence[Place] = ()
    csv: str = ""


def listing(found: int, things: tuple[str, str], here: str, asked: Mapping[str, str], sorts: Sorts, sort: str,
            file: str = "") -> Above:  # fmt: skip
    """`found` is as `counted` gives it; `things` are one of them and several; `asked` the filters in use."""
    usual = next(iter(sorts), "")
    links = [
        Place(words, with_query(here, {**asked, **({} if key == usual else {"sort": key})}), current=key == sort)
        for key, words in sorts.items()
    ]
    kept = {**asked, **({"sort": sort} if sort != usual else {})}
    return Above(in_words(found, things), links if found > 1 else (), with_query(file, kept) if file and found else "")


def in_words(found: int, things: tuple[str, str]) -> str:
    """ "1 child", "0 children", "More than 1,000 children"."""
    if found > MOST_COUNTED:
        return f"More than {MOST_COUNTED:,} {things[1]}"
    return f"{found:,} {things[0] if found == 1 else things[1]}"


def counted(rows: QuerySet[Model]) -> int:
    """How many, up to one more than are counted. One query, which reads no more rows than that."""
    return rows.order_by().values("pk")[: MOST_COUNTED + 1].count()


def sort_asked(request: HttpRequest, sorts: Sorts) -> str:
    """The order asked for, or the usual one."""
    asked = request.GET.get("sort", "")
    return asked if asked in sorts else next(iter(sorts), "")


def as_csv(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A file that a spreadsheet opens and does not work out: a cell like a formula begins with an apostrophe."""
    written = StringIO()
    csv.writer(written).writerows([[harmless(str(cell)) for cell in row] for row in (heads, *rows)])
    return HttpResponse(
        written.getvalue().encode("utf-8-sig"),  # the mark by which a spreadsheet knows the letters
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "X-Content-Type-Options": "nosniff"},
    )


# A table that stands whole on its page --------------------------------------------------------------------------------

USUAL = ""
FILE = "csv"  # what `as` asks for, at the page's own address


def listed(
    request: HttpRequest, table: Table, things: tuple[str, str], by: Sequence[int], *, usual: str, file: bool = True
) -> tuple[Table, Above]:
    """The table in the order asked for, and what stands above it. `by` are columns that may be sorted as words; `usual`
    names the order in which the rows come.
    """
    sorts = {USUAL: usual} | {str(column): table.heads[column] for column in by}
    sort = sort_asked(request, sorts)
    if sort != USUAL:
        rows = sorted(table.rows, key=lambda row: str(row[int(sort)]).casefold())
        table = replace(table, rows=rows)
    above = listing(len(table.rows), things, request.path, {}, sorts, sort, request.path if file else "")
    if above.csv:
        kept = {"sort": sort} if sort != USUAL else {}
        above = replace(above, csv=with_query(request.path, kept | {"as": FILE}))
    return table, above


def wants_file(request: HttpRequest) -> bool:
    return request.GET.get("as") == FILE


def table_as_csv(name: str, table: Table) -> HttpResponse:
    return as_csv(name, table.heads, ([_cell(cell) for cell in row] for row in table.rows))


def _cell(cell: object) -> str:
    return f"{cell.day.isoformat()} {cell.label}" if isinstance(cell, Dated) else str(cell)
