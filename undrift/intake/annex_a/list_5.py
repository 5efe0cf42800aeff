"""Ofsted's Annex A, List 5: section 47 enquiries of the last six months, and the initial conferences after them."""

from __future__ import annotations

from datetime import date
from typing import Any

from undrift.intake import fields
from undrift.intake.annex_a.list_7 import UNBORN, Line, child_of
from undrift.intake.annex_a.workbook import Column, List, Row
from undrift.intake.conference_rules import enquiry_open_too_long
from undrift.intake.dfe_rules import broken
from undrift.intake.extract import ChildRow, Meeting, MeetingRow
from undrift.intake.fields import Read, read_row
from undrift.intake.findings import Finding, Place
from undrift.intake.plan_rules import place_of, uk

LIST_5 = List(
    "List 5",
    r"^list[\s_-]*0?5(?!\d)",
    (
        Column("child_id", "Child Unique ID", r"\bchild\b.*\b(id|identifier|reference)\b", needed=True),
        Column("sex", "Gender", r"^(gender|sex)\b"),
        Column("born", "Date of Birth", r"\bbirth\b"),
        Column("unborn", "Age of Child (Years)", r"^age\b", spoken=False),
        Column(
            "enquiry",
            "Strategy discussion initiating Section 47 Enquiry Start Date",
            r"\bsection 47\b.*\bstart\b|^s(ection )?47 start",
        ),
        Column(
            "unnecessary",
            "Was an Initial Child Protection Conference deemed unnecessary?",
            r"\bconference\b.*\b(deemed )?unnecessary\b|\bicpc\b.*\b(un|not )(necessary|required)\b",
            spoken=False,
        ),
        Column(
            "day",
            "Date of Initial Child Protection Conference",
            r"\bdate of\b.*\binitial child protection conference\b|\bicpc date\b|\bdate of icpc\b",
            needed=True,
        ),
        Column("team", "Allocated Team", r"^allocated team\b"),
        Column("worker", "Allocated Worker", r"^allocated worker\b"),
    ),
)
TITLES = LIST_5.titles

READERS = {
    "child_id": fields.CHILD_ID,
    "sex": fields.SEX,
    "born": fields.DATE,
    "unborn": UNBORN,
    "enquiry": fields.DATE,
    "unnecessary": fields.YES_OR_NO,
    # Empty while no conference is needed or none is arranged; one that cannot be read would be lost.
    "day": fields.END,
    "team": fields.TEXT,
    "worker": fields.TEXT,
}


def read_line(row: Row, sheet: str, as_at: date) -> Line:
    """The child and the conference. An enquiry that has come to no conference says nothing of either."""
    read = read_row(row.cells, READERS, TITLES, Place(sheet=sheet, row=row.number))
    day = read.values.get("day")
    if read.rejected or day is None:
        return Line(read.place.child, read.findings if read.rejected else _without(read, as_at))
    child, said = child_of(read, as_at, TITLES)
    meeting = initial(
        child, day, as_at, **{name: read.values[name] for name in ("team", "worker") if read.values.get(name)}
    )
    said = [*read.findings, *said, *_odd(meeting, read.values.get("enquiry"))]
    return Line(read.place.child, said, child, meeting=meeting)


def initial(child: ChildRow, day: date, as_at: date, **more: Any) -> MeetingRow:
    """An initial conference of the child: held, or planned where its day is after the file's own."""
    return MeetingRow(
        sheet=child.sheet,
        row=child.row,
        child_id=child.child_id,
        given=frozenset({"day", "held", *more}),
        kind=Meeting.INITIAL,
        day=day,
        held=day <= as_at,
        **more,
    )


def _without(read: Read, as_at: date) -> list[Finding]:
    """Of an enquiry without a conference; nothing where the file does not say whether one is needed."""
    starts = read.values.get("enquiry")
    if starts is None or "unnecessary" not in read.given or read.values["unnecessary"]:
        return []
    return list(enquiry_open_too_long(starts, as_at, read.place))


def _odd(meeting: MeetingRow, enquiry: date | None) -> list[Finding]:
    if enquiry is None or enquiry <= meeting.day:
        return []
    found = f"initial conference {uk(meeting.day)} is before the section 47 enquiry began {uk(enquiry)}"
    return [broken("8615", place_of(meeting), found)]
