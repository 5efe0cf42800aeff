"""Ofsted's Annex A workbook as an extract: Lists 5 and 7, or the one of them that is there."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date

from undrift.intake.annex_a import list_5, list_7
from undrift.intake.annex_a.list_5 import LIST_5
from undrift.intake.annex_a.list_7 import LIST_7
from undrift.intake.annex_a.workbook import List, Table, Workbook
from undrift.intake.child_rules import one_each
from undrift.intake.conference_rules import on_a_weekend, on_another_day
from undrift.intake.extract import ChildRow, Extract, MeetingRow, PlanRow
from undrift.intake.findings import Finding, Place, Said, StopError, stop, warn
from undrift.intake.plan_rules import several, without_repeats
from undrift.intake.rows import Rows, several_times

SOURCE = "annex-a"


def read(name: str, content: bytes, as_at: date) -> Extract:
    """The whole workbook and what there is to say of it. `as_at` is the day that it describes.

    A list that is not there leaves what is known as it is: without List 7 no plan is missing.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        book = Workbook(name, content)
        plans, meetings = book.table(LIST_7), book.table(LIST_5)
        said = Said([*book.hidden(LIST_7), *book.hidden(LIST_5), *_nothing_to_read(book, plans, meetings)])
        return _extract(name, sha256, as_at, plans, meetings, said)
    except StopError as refusal:
        return Extract(source=SOURCE, file_name=name, sha256=sha256, as_at=as_at, findings=[refusal.finding])


def _nothing_to_read(book: Workbook, plans: Table | None, meetings: Table | None) -> list[Finding]:
    """What is said of a list that is not there. StopError where that leaves nothing."""
    if plans is not None and plans.empty:
        raise StopError(
            stop(
                "No rows below the headings",
                sheet=plans.sheet,
                wanted="A list with nobody on a plan is far likelier to be a report that failed.",
            )
        )
    if plans is None and (meetings is None or meetings.empty):
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


def _extract(name: str, sha256: str, as_at: date, seven: Table | None, five: Table | None, said: Said) -> Extract:
    children, plans, meetings = Rows(ChildRow), Rows(PlanRow), Rows(MeetingRow)
    ids: dict[str, set[str]] = {LIST_7.title: set(), LIST_5.title: set()}
    rows = 0
    for wanted, table, read_line in ((LIST_7, seven, list_7.read_line), (LIST_5, five, list_5.read_line)):
        said += table.findings if table else ()
        for row in table.rows if table else ():
            line = read_line(row, table.sheet if table else "", as_at)
            rows += 1
            ids[wanted.title] |= {line.child_id} - {""}
            if line.child:
                children.append(line.child)
            if line.plan:
                plans.append(line.plan)
            if line.meeting:
                meetings.append(line.meeting)
            said += line.findings
    kept, doubled = without_repeats(plans.few())
    each, differing = one_each(children.few())
    once = _once(meetings.few())
    conferred = [*on_a_weekend(once), *on_another_day(kept, once, as_at)]
    return Extract(
        source=SOURCE,
        file_name=name,
        sha256=sha256,
        as_at=as_at,
        whole=seven is not None,
        children=each,
        plans=kept,
        meetings=once,
        findings=[*said, *doubled, *several(kept), *conferred, *differing],
        rows_in_file=rows,
        # A child whose row is bad is not a child who is gone: those of rejected rows are among them.
        children_in_file=frozenset(ids[LIST_7.title] if seven else ids[LIST_5.title]),
    )


def _once(meetings: Sequence[MeetingRow]) -> Sequence[MeetingRow]:
    """A child with several enquiries stands in List 5 several times, with the same conference."""
    again = several_times(meetings, "child_id")
    if not again:
        return meetings
    of_them = [one for one in meetings if one.child_id in again]
    first = {(one.child_id, one.kind, one.day): one for one in reversed(of_them)}
    left = Counter((one.child_id, one.kind, one.day) for one in of_them)
    kept = Rows(MeetingRow)
    for one in meetings:
        if one.child_id not in again:
            kept.append(one)
            continue
        key = one.child_id, one.kind, one.day
        left[key] -= 1
        if not left[key]:
            kept.append(first[key])
    return kept.few()
