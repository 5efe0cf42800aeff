"""Files that a test writes as values: what a reader would give, brought in by the same door as any file."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from undrift.applying.from_file import apply_check, check_file
from undrift.applying.in_words import findings_of
from undrift.children.models import (
    Child,
    Conference,
    CoreGroupMember,
    Family,
    ImportCheck,
    ImportRun,
    LookedAfter,
    Plan,
)
from undrift.intake.extract import ChildRow, CoreGroupRow, Extract, LookedAfterRow, Meeting, MeetingRow, PlanRow
from undrift.people.models import Authority, Person

AS_AT = date(2026, 5, 6)
LATER = date(2026, 5, 13)
FIRST = datetime(2026, 5, 6, 9, 0, tzinfo=UTC)
SECOND = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
THIRD = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)

HANDMADE = "by-hand"
ANOTHER = "by-another-hand"


def child(number: str = "90001", *, row: int = 2, **said: Any) -> ChildRow:
    """A row about a child; of what is not said it has no column."""
    return ChildRow(sheet="Children", row=row, child_id=number, given=frozenset(said), **said)


def plan(number: str = "90001", *, row: int = 2, **said: Any) -> PlanRow:
    """A row about a plan; it has a column for the end, and for what is said besides."""
    facts: dict[str, Any] = {"starts": date(2025, 12, 4), "ends": None} | said
    return PlanRow(sheet="Plans", row=row, child_id=number, given=frozenset(facts), **facts)


def meeting(number: str = "90001", *, row: int = 2, **said: Any) -> MeetingRow:
    facts: dict[str, Any] = {"kind": Meeting.REVIEW, "day": date(2026, 2, 26), "held": True} | said
    return MeetingRow(sheet="Meetings", row=row, child_id=number, given=frozenset(facts), **facts)


def member(number: str = "90001", *, row: int = 2, **said: Any) -> CoreGroupRow:
    facts: dict[str, Any] = {"starts": date(2025, 12, 4)} | said
    return CoreGroupRow(sheet="Core group", row=row, child_id=number, given=frozenset(facts), **facts)


def care(number: str = "90001", *, row: int = 2, **said: Any) -> LookedAfterRow:
    """A row about a time of being looked after; it has a column for the end, and for what is said besides."""
    facts: dict[str, Any] = {"starts": date(2026, 1, 5), "ends": None} | said
    return LookedAfterRow(sheet="Care", row=row, child_id=number, given=frozenset(facts), **facts)


def a_file(*rows: Any, as_at: date = AS_AT, source: str = HANDMADE, **about: Any) -> Extract:
    """A file of these rows. A child of whom there is a plan and no row gets one that says nothing."""
    children = [row for row in rows if isinstance(row, ChildRow)]
    plans = [row for row in rows if isinstance(row, PlanRow)]
    told = {row.child_id for row in children}
    if about.pop("whole_children", True):
        children += [child(number) for number in dict.fromkeys(row.child_id for row in plans) if number not in told]
    return Extract(
        source=source,
        file_name="by-hand.csv",
        sha256=hashlib.sha256(repr((rows, as_at, about)).encode()).hexdigest(),
        as_at=as_at,
        children=children,
        plans=plans,
        meetings=[row for row in rows if isinstance(row, MeetingRow)],
        core_groups=[row for row in rows if isinstance(row, CoreGroupRow)],
        looked_after=[row for row in rows if isinstance(row, LookedAfterRow)],
        rows_in_file=len(rows),
        children_in_file=frozenset(row.child_id for row in rows),
        **about,
    )


def checked(file: Extract, authority: Authority, *, at: datetime = FIRST, by: Person | None = None) -> ImportCheck:
    return check_file(authority, file.source, file.file_name, pickle.dumps(file), as_at=file.as_at, at=at, by=by)


def brought_in(
    file: Extract, authority: Authority, *, at: datetime = FIRST, by: Person | None = None, agreed: bool = True
) -> ImportRun:
    """Checked, and applied as it was shown."""
    return apply_check(checked(file, authority, at=at, by=by), at=at, by=by, agreed=agreed)


def sentences(of: ImportRun | ImportCheck) -> list[str]:
    return [str(finding) for finding in findings_of(of)]


def all_facts(authority: Authority) -> dict[str, list[Any]]:
    """Everything that is known of the authority's children."""
    of_it = {"authority": authority}
    kinds: Iterable[Any] = (Family, Child, Plan, Conference, CoreGroupMember, LookedAfter)
    return {kind.__name__: list(kind.objects.filter(**of_it).order_by("pk").values()) for kind in kinds} | {
        "invited": list(Conference.participants.through.objects.order_by("pk").values_list("conference", "person"))
    }
