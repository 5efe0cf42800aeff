"""Ofsted's Annex A, List 7: the children on a plan now or in the last six months.

One row a child, the latest plan alone, no names of children.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from undrift.intake import cells, fields
from undrift.intake.annex_a.workbook import Column, List, Row
from undrift.intake.child_rules import settle
from undrift.intake.extract import ChildRow, Meeting, MeetingRow, PlanRow
from undrift.intake.fields import Read, Reader, read_row
from undrift.intake.findings import Finding, Place
from undrift.intake.plan_rules import judge

LIST_7 = List(
    "List 7",
    r"^list[\s_-]*0?7(?!\d)",
    (
        Column("child_id", "Child Unique ID", r"\bchild\b.*\b(id|identifier|reference)\b", needed=True),
        Column("sex", "Gender", r"^(gender|sex)\b"),
        Column("born", "Date of Birth", r"\bbirth\b"),
        Column("unborn", "Age of Child (Years)", r"^age\b", spoken=False),
        Column("starts", "Child Protection Plan Start Date", r"\bplan start\b", needed=True),
        Column("initial_category", "Initial Category of Abuse", r"^initial category\b"),
        Column("latest_category", "Latest Category of Abuse", r"^latest category\b"),
        Column("last_visit", "Date of the Last Statutory Visit", r"\b(last|latest)\b.*\bvisit\b"),
        Column("seen_alone", "Was the Child Seen Alone?", r"\bseen alone\b"),
        Column("latest_review", "Date of latest review conference", r"\breview conference\b"),
        # Without it every plan would look open.
        Column("ends", "Child Protection Plan End Date", r"\bplan end\b", needed=True),
        Column("previous_plans", "Number of Previous Child Protection Plans", r"\bnumber of previous\b"),
        Column("team", "Allocated Team", r"^allocated team\b"),
        Column("worker", "Allocated Worker", r"^allocated worker\b"),
    ),
)
TITLES = LIST_7.titles

# The form writes -1 for a child not yet born; the age of any other is worked out from the date of birth.
UNBORN = Reader(lambda cell: cells.text(cell) in ("-1", "-1.0"))

READERS = {
    "child_id": fields.CHILD_ID,
    "sex": fields.SEX,
    "born": fields.DATE,
    "unborn": UNBORN,
    "starts": fields.START,
    "ends": fields.END,
    "initial_category": fields.category("8905"),
    "latest_category": fields.category("8910"),
    "last_visit": fields.DATE,
    "seen_alone": fields.SEEN_ALONE,
    "latest_review": fields.DATE,
    "previous_plans": fields.PREVIOUS_PLANS,
    "team": fields.TEXT,
    "worker": fields.TEXT,
}
OF_A_CHILD = frozenset({"sex", "born", "expected"})
OF_A_PLAN = frozenset(READERS) - OF_A_CHILD - {"child_id", "unborn"}


@dataclass(frozen=True)
class Line:
    """What one row of a list says. Of a rejected row the child's number alone is known, and why it was rejected."""

    child_id: str
    findings: Sequence[Finding]
    child: ChildRow | None = None
    plan: PlanRow | None = None
    meeting: MeetingRow | None = None


def read_line(row: Row, sheet: str, as_at: date) -> Line:
    """The child, the plan and its latest review."""
    read = read_row(row.cells, READERS, TITLES, Place(sheet=sheet, row=row.number))
    if read.rejected:
        return Line(read.place.child, read.findings)
    child, said = child_of(read, as_at, TITLES)
    plan = _plan(read)
    judged = judge(plan, child, as_at, TITLES)
    said = [*read.findings, *said, *judged.findings]
    if judged.plan is None:
        return Line(read.place.child, said)
    return Line(read.place.child, said, child, judged.plan, _review(plan, judged.plan, as_at))


def child_of(read: Read, as_at: date, titles: Mapping[str, str]) -> tuple[ChildRow, list[Finding]]:
    """What a row of any list says of the child itself."""
    if read.values.get("unborn") and "born" in read.values:
        read = read.called(born="expected")
    return settle(ChildRow(**_where(read, OF_A_CHILD), **_values(read, OF_A_CHILD)), as_at, titles)


def _plan(read: Read) -> PlanRow:
    values = _values(read, OF_A_PLAN)
    if values.get("previous_plans") is None:
        values.pop("previous_plans", None)  # an empty cell does not say that there were none
    given = frozenset(values)
    return PlanRow(**_where(read, given), **{"ends": None, **values})


def _review(plan: PlanRow, counted: PlanRow, as_at: date) -> MeetingRow | None:
    """The latest review, held; or planned, where its day is after the file's own."""
    day = plan.latest_review
    held = counted.latest_review is not None
    if day is None or not (held or day > as_at):
        return None
    return MeetingRow(
        sheet=plan.sheet,
        row=plan.row,
        child_id=plan.child_id,
        given=frozenset({"day", "held"}),
        kind=Meeting.REVIEW,
        day=day,
        held=held,
    )


def _where(read: Read, names: frozenset[str]) -> dict[str, Any]:
    place = read.place
    return {"sheet": place.sheet, "row": place.row, "child_id": place.child, "given": names & read.given}


def _values(read: Read, names: frozenset[str]) -> dict[str, Any]:
    values = read.values
    return {name: values[name] for name in names if name in values}
