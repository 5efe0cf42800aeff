"""Ofsted's Annex A, List 7: the children on a plan now or in the last six months, read and checked.

One row a child, the latest plan alone, no names of children. Nothing here touches the database.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from undrift.children.models.family import Sex
from undrift.children.models.plan import Category, SeenAlone
from undrift.intake import cells
from undrift.intake.annex_a.workbook import Column, Row, Table, read_table
from undrift.intake.categories import CategoryRead, read_category
from undrift.intake.findings import Finding, Place, Severity, StopError, reject, stop, warn
from undrift.intake.plan_rows import Checked, PlanRow

# A plan may begin before the birth by as long as a pregnancy lasts at the most.
LONGEST_PREGNANCY = timedelta(weeks=42)

LONGEST_CHILD_ID = 60

SHEET = r"^list[\s_-]*0?7(?!\d)"

COLUMNS = (
    Column("child_id", "Child Unique ID", r"\bchild\b.*\b(id|identifier|reference)\b", needed=True),
    Column("sex", "Gender", r"^(gender|sex)\b"),
    Column("born", "Date of Birth", r"\bbirth\b"),
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
)
TITLES = {column.name: column.title for column in COLUMNS}


def check(path: Path, as_at: date) -> Checked:
    """Reads the whole file and says what it found. `as_at` is the day that the file describes."""
    try:
        table = read_table(path, sheet_pattern=SHEET, sheet_title="List 7", columns=COLUMNS)
        if not table.rows:
            raise StopError(
                stop(
                    "No rows below the headings",
                    sheet=table.sheet,
                    wanted="A list with nobody on a plan is far likelier to be a report that failed.",
                )
            )
    except StopError as refusal:
        return Checked(file_name=path.name, sha256=_sha256(path), as_at=as_at, rows=(), findings=(refusal.finding,))
    return _checked(path, table, as_at)


def _checked(path: Path, table: Table, as_at: date) -> Checked:
    findings = [_absent_column(table, column) for column in table.missing]
    rows: list[PlanRow] = []
    for row in table.rows:
        values, said = _read(row, table.sheet)
        place = Place(sheet=table.sheet, row=row.number, child=values.get("child_id") or "")
        said += _faults(values, place) if not _rejected(said) else []
        if not _rejected(said):
            said += _oddities(values, place, as_at)
            rows.append(_plan_row(row, values, as_at))
        findings += said
    kept, doubled = _without_repeats(rows, table.sheet)
    return Checked(
        file_name=path.name,
        sha256=_sha256(path),
        as_at=as_at,
        rows=kept,
        findings=[*findings, *doubled, *_several_plans(kept, table.sheet)],
        rows_in_file=len(table.rows),
        children_in_file=frozenset(_child_ids(table)),
    )


def _rejected(said: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.REJECT for finding in said)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _child_ids(table: Table) -> Iterator[str]:
    """Every child in the file, those of rejected rows too: a child whose row is bad is not a child who is gone."""
    for row in table.rows:
        try:
            yield cells.identifier(row.cells["child_id"])
        except cells.UnreadableError:
            continue


def _absent_column(table: Table, column: Column) -> Finding:
    return warn(
        Place(sheet=table.sheet),
        f'Column "{column.title}" not found',
        did="Imported without it; what is known already stays.",
    )


# --- cells -------------------------------------------------------------------------------------------


def _sex(cell: Any) -> Sex:
    words = cells.choice(cell)
    if re.match(r"f|2|.*\bfemale", words):
        return Sex.FEMALE
    return Sex.MALE if re.match(r"m|1|.*\bmale", words) else Sex.NOT_STATED


# "No Visit - new in last month" is no answer to whether the child was seen alone: it comes before "no".
SEEN_ALONE = (
    (r"no visit|n/?k\b|not (yet|known|recorded|applicable|stated)|unknown|unsure", SeenAlone.UNKNOWN),
    (r"y\b|yes|true|1\b|seen alone", SeenAlone.YES),
    (r"n\b|no|false|0\b", SeenAlone.NO),
)


def _seen_alone(cell: Any) -> SeenAlone:
    words = cells.choice(cell)
    for pattern, answer in SEEN_ALONE:
        if re.match(pattern, words):
            return answer
    if words and not words.startswith("unk"):
        raise cells.UnreadableError
    return SeenAlone.UNKNOWN


@dataclass(frozen=True)
class Reader:
    """How a column's cells are read; what is wanted where that fails, and what becomes of the row then."""

    read: Callable[[Any], Any]
    wanted: str = ""
    instead: Any = None
    rejects: bool = False


_DATE = Reader(cells.day, "A date is wanted, such as 31/03/2026.", rejects=True)
_CATEGORY = Reader(read_category)

READERS: Mapping[str, Reader] = {
    "child_id": Reader(cells.identifier, "The child's number in the case system is wanted.", rejects=True),
    "sex": Reader(_sex),
    "born": _DATE,
    "starts": _DATE,
    "ends": _DATE,
    "initial_category": _CATEGORY,
    "latest_category": _CATEGORY,
    "last_visit": _DATE,
    "seen_alone": Reader(_seen_alone, "Yes, No or Unknown is wanted.", instead=SeenAlone.UNKNOWN),
    "latest_review": _DATE,
    "previous_plans": Reader(cells.count, "A whole number is wanted.", instead=None),
    "team": Reader(cells.text),
    "worker": Reader(cells.text),
}


def _read(row: Row, sheet: str) -> tuple[dict[str, Any], list[Finding]]:
    """Each cell by its reader. A cell that cannot be read is described by its kind and never quoted whole."""
    values: dict[str, Any] = {}
    said: list[Finding] = []
    for name, cell in row.cells.items():
        reader = READERS[name]
        place = Place(sheet=sheet, row=row.number, child=values.get("child_id") or "", column=TITLES[name])
        try:
            values[name] = reader.read(cell)
        except cells.UnreadableError:
            values[name] = reader.instead
            said.append(_unreadable(place, cell, reader))
    return values, said


def _unreadable(place: Place, cell: Any, reader: Reader) -> Finding:
    found = f"{_shown(cell)} cannot be read"
    if reader.rejects:
        return reject(place, found, wanted=reader.wanted)
    return warn(place, found, wanted=reader.wanted, did="Imported without it.")


def _shown(cell: Any) -> str:
    """The cell in quotation marks if it is figures and signs; text may be somebody's name and is only named."""
    words = cells.text(cell)
    return f'"{words}"' if re.fullmatch(r"[\d\s/.:,-]{1,30}", words) else "Text"


# --- one row -----------------------------------------------------------------------------------------


def _faults(values: Mapping[str, Any], place: Place) -> list[Finding]:
    starts, ends = values["starts"], values["ends"]
    if not values["child_id"] or len(values["child_id"]) > LONGEST_CHILD_ID:
        return [reject(place, "No child number that can be used", wanted=READERS["child_id"].wanted)]
    if starts is None:
        return [reject(place, "A plan without a start date", wanted=_DATE.wanted)]
    if ends is not None and ends < starts:
        return [
            reject(
                place,
                f"Child Protection Plan End Date {_uk(ends)} earlier than Start Date {_uk(starts)}",
                code="8925",
            )
        ]
    return []


def _oddities(values: Mapping[str, Any], place: Place, as_at: date) -> list[Finding]:
    return [
        finding
        for oddity in (_birth, _same_day, _future, _visit, _review, _categories)
        for finding in oddity(values, place, as_at)
    ]


def _birth(values: Mapping[str, Any], place: Place, as_at: date) -> Iterator[Finding]:
    born, starts = values.get("born"), values["starts"]
    if born is not None and born - starts > LONGEST_PREGNANCY:
        yield warn(
            place,
            f"plan starts {(born - starts).days} days before the date of birth",
            wanted="One of the dates is wrong.",
            did="Imported, flagged.",
        )


def _same_day(values: Mapping[str, Any], place: Place, as_at: date) -> Iterator[Finding]:
    if values["ends"] == values["starts"]:
        yield warn(place, "plan starts and ends on the same day", did="Imported; please check.", code="8840")


def _future(values: Mapping[str, Any], place: Place, as_at: date) -> Iterator[Finding]:
    for name in ("starts", "ends", "last_visit", "latest_review"):
        found = values.get(name)
        if found is not None and found > as_at:
            yield warn(
                Place(sheet=place.sheet, row=place.row, child=place.child, column=TITLES[name]),
                f"{_uk(found)} is after {_uk(as_at)}, the day this file describes",
                did="Imported; please check.",
            )


def _visit(values: Mapping[str, Any], place: Place, as_at: date) -> Iterator[Finding]:
    visit, ends = values.get("last_visit"), values["ends"]
    if visit is not None and _after_the_end(visit, ends):
        yield warn(
            place,
            f"last visit {_uk(visit)} is after the plan ended {_uk(ends)}",
            did="Imported; visit not counted for this plan.",
        )


def _review(values: Mapping[str, Any], place: Place, as_at: date) -> Iterator[Finding]:
    review, starts, ends = values.get("latest_review"), values["starts"], values["ends"]
    if review is not None and review <= starts:
        yield warn(
            place,
            f"latest review {_uk(review)} is not after the plan's start {_uk(starts)}",
            did="Imported; review not counted for this plan.",
            code="8841",
        )
    if review is not None and _after_the_end(review, ends):
        yield warn(
            place,
            f"latest review {_uk(review)} is after the plan ended {_uk(ends)}",
            did="Imported; review not counted for this plan.",
        )


def _categories(values: Mapping[str, Any], place: Place, as_at: date) -> Iterator[Finding]:
    for name in ("initial_category", "latest_category"):
        read: CategoryRead | None = values.get(name)
        if read is None:
            continue
        where = Place(sheet=place.sheet, row=place.row, child=place.child, column=TITLES[name])
        if read.category is None:
            yield warn(where, "names no category of abuse", did="Imported without it.", code="8910")
        elif read.cut_off:
            label = Category(read.category).label
            yield warn(where, f"read as {label} (text is cut off)", did="Imported; please check.")


def _after_the_end(day: date | None, ends: date | None) -> bool:
    return day is not None and ends is not None and day > ends


def _plan_row(row: Row, values: Mapping[str, Any], as_at: date) -> PlanRow:
    born, starts, ends = values.get("born"), values["starts"], values["ends"]
    visit, review = values.get("last_visit"), values.get("latest_review")
    unborn = born is not None and born > as_at
    visit_counts = not _after_the_end(visit, ends)
    review_counts = not _after_the_end(review, ends) and not (review is not None and review <= starts)
    return PlanRow(
        row=row.number,
        given=frozenset(row.cells),
        child_id=values["child_id"],
        sex=values.get("sex", Sex.NOT_STATED),
        born=None if unborn else born,
        expected=born if unborn else None,
        starts=starts,
        ends=ends,
        initial_category=_category(values.get("initial_category")),
        latest_category=_category(values.get("latest_category")),
        last_visit=visit if visit_counts else None,
        seen_alone=values.get("seen_alone", SeenAlone.UNKNOWN) if visit_counts else SeenAlone.UNKNOWN,
        latest_review=review if review_counts else None,
        previous_plans=values.get("previous_plans") or 0,
        team=values.get("team", ""),
        worker=values.get("worker", ""),
    )


def _category(read: CategoryRead | None) -> Category | str:
    return read.category or "" if read else ""


# --- rows together -----------------------------------------------------------------------------------


def _without_repeats(rows: Sequence[PlanRow], sheet: str) -> tuple[list[PlanRow], list[Finding]]:
    """One row for each child and start date: the first that stands in the file."""
    kept: dict[tuple[str, date], PlanRow] = {}
    said: list[Finding] = []
    for row in rows:
        first = kept.setdefault((row.child_id, row.starts), row)
        if first is not row:
            said.append(
                reject(
                    Place(sheet=sheet, row=row.row, child=row.child_id),
                    f"the plan that starts {_uk(row.starts)} stands in row {first.row} already",
                    wanted="List 7 has one row for each plan.",
                )
            )
    return list(kept.values()), said


def _several_plans(rows: Sequence[PlanRow], sheet: str) -> list[Finding]:
    by_child: dict[str, list[PlanRow]] = defaultdict(list)
    for row in rows:
        by_child[row.child_id].append(row)
    return [
        finding
        for plans in by_child.values()
        for earlier, later in _pairs(sorted(plans, key=lambda plan: plan.starts))
        for finding in _overlap(earlier, later, sheet)
    ]


def _pairs(plans: Sequence[PlanRow]) -> Iterator[tuple[PlanRow, PlanRow]]:
    return ((earlier, later) for place, earlier in enumerate(plans) for later in plans[place + 1 :])


def _overlap(earlier: PlanRow, later: PlanRow, sheet: str) -> Iterator[Finding]:
    if earlier.ends is not None and earlier.ends <= later.starts:
        return
    both_open = earlier.ends is None and later.ends is None
    yield warn(
        Place(sheet=sheet, row=later.row, child=later.child_id),
        f"two plans that {'are both open' if both_open else 'overlap'} ({_span(earlier)}, {_span(later)})",
        did="Both imported; the child's page shows the later one.",
        code="8935" if both_open else "8940",
    )


def _span(plan: PlanRow) -> str:
    return f"{_uk(plan.starts)} to {_uk(plan.ends) if plan.ends else 'today'}"


def _uk(day: date) -> str:
    return f"{day:%d/%m/%Y}"
