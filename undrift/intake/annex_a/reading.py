"""Ofsted's Annex A workbook as an extract: Lists 5 and 7, or the one of them that is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date

from undrift.intake import cells
from undrift.intake.annex_a import list_5, list_7
from undrift.intake.annex_a.list_5 import LIST_5
from undrift.intake.annex_a.list_7 import LIST_7
from undrift.intake.annex_a.workbook import List, Table, Workbook
from undrift.intake.child_rules import one_each
from undrift.intake.extract import ChildRow, Extract, MeetingRow, PlanRow
from undrift.intake.findings import Finding, Place, StopError, stop, warn
from undrift.intake.plan_rules import several, without_repeats

SOURCE = "annex-a"


def read(name: str, content: bytes, as_at: date) -> Extract:
    """The whole workbook and what there is to say of it. `as_at` is the day that it describes.

    A list that is not there leaves what is known as it is: without List 7 no plan is missing.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        book = Workbook(name, content)
        plans, meetings = book.table(LIST_7), book.table(LIST_5)
        said = [*book.hidden(LIST_7), *book.hidden(LIST_5), *_nothing_to_read(book, plans, meetings)]
    except StopError as refusal:
        return Extract(source=SOURCE, file_name=name, sha256=sha256, as_at=as_at, findings=[refusal.finding])
    return _extract(name, sha256, as_at, plans, meetings, said)


def _nothing_to_read(book: Workbook, plans: Table | None, meetings: Table | None) -> list[Finding]:
    """What is said of a list that is not there. StopError where that leaves nothing."""
    if plans is not None and not plans.rows:
        raise StopError(
            stop(
                "No rows below the headings",
                sheet=plans.sheet,
                wanted="A list with nobody on a plan is far likelier to be a report that failed.",
            )
        )
    if plans is None and (meetings is None or not meetings.rows):
        hidden = f' The sheet "{LIST_7.title}" is hidden: unhide it.' if book.hidden(LIST_7) else ""
        raise StopError(
            stop(
                f'Sheet "{LIST_7.title}" not found. Sheets in this file: {book.sheets}',
                wanted=f"Annex A child protection is {LIST_7.title}.{hidden}",
            )
        )
    return [_absent(wanted) for wanted, found in ((LIST_7, plans), (LIST_5, meetings)) if found is None]


def _absent(wanted: List) -> Finding:
    return warn(
        Place(),
        f'Sheet "{wanted.title}" not found',
        did="Imported without it; what is known already stays.",
    )


def _extract(
    name: str, sha256: str, as_at: date, seven: Table | None, five: Table | None, said: list[Finding]
) -> Extract:
    children: list[ChildRow] = []
    plans: list[PlanRow] = []
    meetings: list[MeetingRow] = []
    for row in seven.rows if seven else ():
        child, plan, review, more = list_7.read_line(row, seven.sheet if seven else "", as_at)
        children += [child] if child else []
        plans += [plan] if plan else []
        meetings += [review] if review else []
        said += more
    for row in five.rows if five else ():
        child, conference, more = list_5.read_line(row, five.sheet if five else "", as_at)
        children += [child] if child else []
        meetings += [conference] if conference else []
        said += more
    kept, doubled = without_repeats(plans)
    each, differing = one_each(children)
    tables = [table for table in (seven, five) if table is not None]
    return Extract(
        source=SOURCE,
        file_name=name,
        sha256=sha256,
        as_at=as_at,
        whole=seven is not None,
        children=each,
        plans=kept,
        meetings=_once(meetings),
        findings=[*(each for table in tables for each in table.findings), *said, *doubled, *several(kept), *differing],
        rows_in_file=sum(len(table.rows) for table in tables),
        children_in_file=frozenset(_child_ids([seven] if seven else tables)),
    )


def _once(meetings: Sequence[MeetingRow]) -> list[MeetingRow]:
    """A child with several enquiries stands in List 5 several times, with the same conference."""
    return list({(one.child_id, one.kind, one.day): one for one in reversed(meetings)}.values())[::-1]


def _child_ids(tables: Sequence[Table]) -> Iterator[str]:
    """Every child with a row about a plan, rejected ones too: a child whose row is bad is not a child who is gone."""
    for table in tables:
        for row in table.rows:
            try:
                yield cells.identifier(row.cells["child_id"])
            except cells.UnreadableError:
                continue
