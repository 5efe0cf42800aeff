"""Our own CSV of children as an extract: one file alone, or several in a zip, each known by its columns."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from undrift.intake.child_rules import one_each, settle
from undrift.intake.children_csv.columns import READERS, TABLES
from undrift.intake.conference_rules import on_a_weekend, on_another_day
from undrift.intake.csv_files import CsvFile, csv_files
from undrift.intake.extract import ChildRow, CoreGroupRow, Extract, LookedAfterRow, MeetingRow, PlanRow, by_name
from undrift.intake.fields import Read, read_row
from undrift.intake.findings import Place, Said, StopError, reject, stop, warn
from undrift.intake.organisation.columns import Table, plain
from undrift.intake.plan_rules import judge, several, uk, without_repeats

SOURCE = "children"
MOST_ROWS = 50_000  # the core groups of the largest council are some 12,000
NOTHING = (None, "", ())
# A row's place in the file, and the child it is about.
Where = Mapping[str, Any]


def read(name: str, content: bytes, as_at: date) -> Extract:
    """The files and what there is to say of them. `as_at` is the day that they describe.

    They are no snapshot: what they leave out is not missing.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        return _Reading(as_at).extract(name, sha256, csv_files(name, content))
    except StopError as refusal:
        return Extract(
            source=SOURCE, file_name=name, sha256=sha256, as_at=as_at, whole=False, findings=[refusal.finding]
        )


@dataclass
class _Reading:
    as_at: date
    findings: Said = field(default_factory=Said)
    children: list[ChildRow] = field(default_factory=list)
    plans: list[PlanRow] = field(default_factory=list)
    meetings: list[MeetingRow] = field(default_factory=list)
    core_groups: list[CoreGroupRow] = field(default_factory=list)
    looked_after: list[LookedAfterRow] = field(default_factory=list)
    in_file: set[str] = field(default_factory=set)
    rows: int = 0

    def extract(self, name: str, sha256: str, files: list[CsvFile]) -> Extract:
        known = sorted(((_table(file), file) for file in files), key=lambda pair: TABLES.index(pair[0]))
        for table, file in known:
            for read in self._rows(table, file):
                WRITERS[table.name](self, read)
        if not self.rows:
            raise StopError(stop(f"{name} has no rows below the headings", wanted="Export the list again."))
        children, differing = one_each(self.children)
        plans, doubled = without_repeats(self._judged(children))
        conferred = [*on_a_weekend(self.meetings), *on_another_day(plans, self.meetings, self.as_at)]
        return Extract(
            source=SOURCE,
            file_name=name,
            sha256=sha256,
            as_at=self.as_at,
            whole=False,
            children=children,
            plans=plans,
            meetings=self.meetings,
            core_groups=self.core_groups,
            looked_after=self.looked_after,
            findings=[*self.findings, *differing, *doubled, *several(plans), *conferred],
            rows_in_file=self.rows,
            children_in_file=frozenset(self.in_file),
        )

    def _rows(self, table: Table, file: CsvFile) -> Iterator[Read]:
        """Each row that can be used; one that stands there already is left out and said."""
        seen: dict[tuple[str, ...], int] = {}
        for number, cells in file.rows(self.findings, MOST_ROWS):
            self.rows += 1
            row = {head: plain(cell) for head, cell in zip(file.heads, cells, strict=True)}
            place = Place(sheet=file.name, row=number)
            key = tuple(row.get(head, "").strip().lower() for head in table.key)
            if key in seen:
                self.findings.append(reject(place, f"The same as row {seen[key]}", wanted="Each row once."))
                continue
            seen[key] = number
            read = read_row(row, READERS[table.name], {}, place)
            self.findings += read.findings
            if not read.rejected:
                yield read

    def child(self, read: Read) -> None:
        values = _said(read)
        number = values.pop("family_number", "")
        key = number or by_name(values.get("family", ""))
        given = frozenset(values) | ({"family_key"} if key else set())
        child, said = settle(ChildRow(**_where(read, given), family_key=key, **values), self.as_at, {})
        self.findings += said
        self.children.append(child)

    def plan(self, read: Read) -> None:
        values = _said(read)
        self.in_file.add(read.place.child)
        if "worker" in values:
            values["worker_email"] = values.pop("worker")
        self.plans.append(PlanRow(**_where(read, frozenset(values)), **{"ends": None, **values}))

    def core_group(self, read: Read) -> None:
        values = _said(read)
        starts, ends = values["starts"], values.get("ends")
        if not values.get("email") and not values.get("name"):
            self.findings.append(reject(read.place, "Neither email nor name", wanted="One of the two."))
        elif ends is not None and ends < starts:
            self.findings.append(
                reject(read.place, "The last day is before the first", wanted="A day on or after the first.")
            )
        else:
            self.core_groups.append(CoreGroupRow(**_where(read, frozenset(values)), **values))

    def time_looked_after(self, read: Read) -> None:
        said = _said(read)
        names = {"looked_after_from": "starts", "looked_after_until": "ends"}
        values = {names.get(name, name): value for name, value in said.items()}
        ends = values.get("ends")
        if ends is not None and ends < values["starts"]:
            self.findings.append(
                reject(read.place, "The last day is before the first", wanted="A day on or after the first.")
            )
        else:
            self.looked_after.append(LookedAfterRow(**_where(read, frozenset(values)), **values))

    def conference(self, read: Read) -> None:
        values = _said(read)
        planned, held = values.pop("planned_for", None), values.pop("held_on", None)
        day = held or planned
        if day is None:
            self.findings.append(reject(read.place, "Neither planned_for nor held_on", wanted="One of the two."))
            return
        if held is not None and held > self.as_at:
            self.findings.append(
                warn(
                    read.place,
                    f"held_on {uk(held)} is after {uk(self.as_at)}, the day this file describes",
                    did="Imported as planned for that day.",
                )
            )
        if "meeting" in values:
            values["meeting_key"] = values.pop("meeting")
        given = frozenset(values) | {"day", "held"}
        happened = held is not None and held <= self.as_at
        self.meetings.append(MeetingRow(**_where(read, given), day=day, held=happened, **values))

    def _judged(self, children: Sequence[ChildRow]) -> list[PlanRow]:
        of = {child.child_id: child for child in children}
        kept = []
        for plan in self.plans:
            judged = judge(plan, of.get(plan.child_id), self.as_at, {})
            self.findings += judged.findings
            kept += [judged.plan] if judged.plan else []
        return kept


WRITERS: Mapping[str, Callable[[_Reading, Read], None]] = {
    "children": _Reading.child,
    "plans": _Reading.plan,
    "core_groups": _Reading.core_group,
    "conferences": _Reading.conference,
    "looked_after": _Reading.time_looked_after,
}


def _table(file: CsvFile) -> Table:
    """The file's table: all that is needed is there, nothing strange, nothing twice. Of two that fit, the one that the
    file is called by.
    """
    heads = set(file.heads)
    fitting = [
        table
        for table in TABLES
        if {column.name for column in table.columns if column.needed} <= heads <= set(table.heads)
    ]
    if not fitting or len(heads) < len(file.heads) or len(heads) == 1:
        known = "; ".join(f"{one.name} has {', '.join(one.heads)}" for one in TABLES)
        raise StopError(
            stop("Its columns are those of no file we know", wanted=f"Of the five, {known}.", sheet=file.name)
        )
    if len(fitting) > 1:
        called = re.sub(r"[\s-]+", "_", file.name.lower())
        fitting = [table for table in fitting if called.startswith(table.name)] or fitting
    if len(fitting) > 1:
        could_be = " and ".join(table.name for table in fitting)
        raise StopError(
            stop(
                f"Its columns fit {could_be}",
                wanted="Call the file by what it is, or add a column that only one of them has.",
                sheet=file.name,
            )
        )
    return fitting[0]


def _where(read: Read, given: frozenset[str]) -> Where:
    return {"sheet": read.place.sheet, "row": read.place.row or 0, "child_id": read.place.child, "given": given}


def _said(read: Read) -> dict[str, Any]:
    """What the row says: an empty cell says nothing."""
    return {name: value for name, value in read.values.items() if name != "child_id" and value not in NOTHING}
