"""The Standard Safeguarding Dataset as an extract: the children with a plan or an initial conference, and no others."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from undrift.children.models.plan import SeenAlone
from undrift.intake import cells
from undrift.intake.child_rules import one_each, settle
from undrift.intake.conference_rules import on_a_weekend, on_another_day
from undrift.intake.csv_files import csv_files
from undrift.intake.dfe_rules import broken
from undrift.intake.extract import ChildRow, Extract, LookedAfterRow, Meeting, MeetingRow, PlanRow
from undrift.intake.fields import Read, read_row
from undrift.intake.findings import Finding, Place, Said, StopError, reject, stop, warn
from undrift.intake.plan_rules import judge, several, uk, without_repeats
from undrift.intake.ssd import tables
from undrift.intake.ssd.linking import Counted, Links, current, families
from undrift.intake.ssd.tables import Dataset, Table

SOURCE = "ssd"
CASE_WORKER = "CW"
NEXT_DAY = timedelta(days=1)
AGAIN = "A table with nobody on a plan is far likelier to be an export that failed."


def read(name: str, content: bytes, as_at: date) -> Extract:
    """The tables in the zip and what there is to say of them. `as_at` is the day that they describe."""
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        return _Reading(name, sha256, as_at, Dataset(csv_files(name, content))).extract()
    except StopError as refusal:
        return Extract(source=SOURCE, file_name=name, sha256=sha256, as_at=as_at, findings=[refusal.finding])


@dataclass
class _Reading:
    name: str
    sha256: str
    as_at: date
    data: Dataset
    findings: Said = field(default_factory=Said)
    in_file: set[str] = field(default_factory=set)
    meetings: dict[tuple[str, Meeting, date], MeetingRow] = field(default_factory=dict)

    def extract(self) -> Extract:
        plans = self._plans()
        conferences = list(self._conferences())
        wanted = {plan.child_id for plan in plans} | {read.place.child for read in conferences}
        children = self._children(wanted)
        judged = self._judged(plans, children)
        links = Links(judged)
        self._initial(conferences)
        self._reviews(links)
        self._visits(links)
        kept = self._with_what_they_had(judged, links)
        family = families(
            (one.child_id, one.meeting_key, one.day) for one in self.meetings.values() if one.child_id in children
        )
        meetings = [one for one in self.meetings.values() if one.child_id in children]
        conferred = [*on_a_weekend(meetings), *on_another_day(kept, meetings, self.as_at)]
        return Extract(
            source=SOURCE,
            file_name=self.name,
            sha256=self.sha256,
            as_at=self.as_at,
            children=[_of_a_family(child, family) for child in children.values()],
            plans=kept,
            looked_after=self._looked_after(children),
            meetings=meetings,
            findings=[*self.data.findings, *self.findings, *several(kept), *conferred],
            rows_in_file=sum(self.data.counts.values()),
            tables=dict(self.data.counts),
            children_in_file=frozenset(self.in_file),
        )

    def _rows(self, table: Table) -> Iterator[Read]:
        """Each row by its readers. Rows that say the very same are one: some scripts write one for each worker."""
        name = self.data.file_name(table) if self.data.has(table) else ""
        for number, row in self.data.rows(table):
            yield read_row(row, table.readers, table.titles, Place(sheet=name, row=number))

    # --- plans and children --------------------------------------------------------------------------

    def _plans(self) -> Sequence[PlanRow]:
        plans: list[PlanRow] = []
        said: set[tuple[Any, ...]] = set()
        for read in self._rows(tables.PLANS):
            self.in_file |= {read.place.child} - {""}
            self.findings += read.findings
            values = dict(read.values)
            same = tuple(sorted((name, str(value)) for name, value in values.items()))
            if read.rejected or same in said:
                continue
            said.add(same)
            if values.pop("elsewhere", None):
                self.findings.append(
                    reject(read.place, "this is another council's plan", wanted="The plans of this council alone.")
                )
                continue
            plans.append(PlanRow(**_where(read), given=read.given - {"child_id", "elsewhere"}, **_less(values)))
        if not self.data.counts[tables.PLANS.name]:
            raise StopError(stop("No rows below the headings", sheet=self.data.file_name(tables.PLANS), wanted=AGAIN))
        once, doubled = without_repeats(plans)
        self.findings += doubled
        return once

    def _children(self, wanted: set[str]) -> dict[str, ChildRow]:
        """Those who are wanted, and nobody else of the many who are known to the council."""
        found: list[ChildRow] = []
        name = self.data.file_name(tables.PERSON)
        for number, row in self.data.rows(tables.PERSON):
            if _number(row["child_id"]) not in wanted:
                continue
            read = read_row(row, tables.PERSON.readers, tables.PERSON.titles, Place(sheet=name, row=number))
            self.findings += read.findings
            values = _less(read.values)
            legacy = values.pop("legacy_id", "")
            former = (legacy,) if legacy and legacy != read.place.child else ()
            given = read.given - {"child_id", "legacy_id"} | ({"former_ids"} if former else set())
            child = ChildRow(**_where(read), given=frozenset(given), former_ids=former, **values)
            child, said = settle(child, self.as_at, tables.PERSON.titles)
            self.findings += said
            found.append(child)
        if not self.data.counts[tables.PERSON.name]:
            raise StopError(stop("No rows below the headings", sheet=name, wanted="Export the children again."))
        each, differing = one_each(found)
        self.findings += differing
        children = {child.child_id: child for child in each}
        for child_id in sorted(wanted - set(children)):
            self.findings.append(
                warn(
                    Place(sheet=name, child=child_id),
                    "this child has no row",
                    wanted="Export the children again, with those of every plan.",
                    did="Imported by number alone.",
                )
            )
            children[child_id] = ChildRow(sheet=name, row=0, child_id=child_id, given=frozenset())
        return children

    def _judged(self, plans: Sequence[PlanRow], children: Mapping[str, ChildRow]) -> list[PlanRow]:
        kept: list[PlanRow] = []
        for plan in plans:
            judged = judge(plan, children[plan.child_id], self.as_at, tables.PLANS.titles)
            self.findings += judged.findings
            kept += [judged.plan] if judged.plan else []
        return kept

    # --- conferences ---------------------------------------------------------------------------------

    def _conferences(self) -> Iterator[Read]:
        for read in self._rows(tables.CONFERENCES):
            self.findings += read.findings
            if not read.rejected and read.values.get("day") is not None:
                yield read

    def _initial(self, conferences: list[Read]) -> None:
        began = {
            read.values["source_key"]: read.values.get("starts")
            for read in self._rows(tables.ENQUIRIES)
            if read.values.get("source_key")
        }
        for read in conferences:
            day: date = read.values["day"]
            new = self._meeting(read, read.place.child, Meeting.INITIAL, day)
            enquiry = began.get(read.values.get("enquiry", ""))
            if new and enquiry is not None and enquiry > day:
                found = f"initial conference {uk(day)} is before the section 47 enquiry began {uk(enquiry)}"
                self.findings.append(broken("8615", read.place, found))

    def _reviews(self, links: Links) -> None:
        counted = Counted()
        for read in self._rows(tables.REVIEWS):
            counted.rows += 1
            self.findings += read.findings
            day = read.values.get("day")
            number = read.values.get("plan", "")
            child = links.child_of(read.values.get("child_id", ""), number)
            if read.rejected:
                continue
            if day is None:
                counted.not_yet += 1
                continue
            if not links.knows(child):
                counted.nobody += 1
                continue
            if day > self.as_at:
                self._meeting(read, child, Meeting.REVIEW, day)
                continue
            kept = links.plan_of(child, number, day, counted, review=True)
            if kept is not None:
                kept.reviews.add(day)
            self._meeting(read, child, Meeting.REVIEW, day)
        self.findings += _said(tables.REVIEWS, counted, "review", "held without a plan")
        if counted.too_early:
            found = f"{_of(counted.too_early, 'review')} on or before the day on which the plan starts"
            self.findings.append(broken("8841", Place(sheet=tables.REVIEWS.name), found))

    def _meeting(self, read: Read, child: str, kind: Meeting, day: date) -> bool:
        """Whether it is new. One that stands there twice, for two workers or two teams, is one."""
        key = (child, kind, day)
        if key in self.meetings:
            return False
        self.meetings[key] = MeetingRow(
            sheet=read.place.sheet,
            row=read.place.row or 0,
            child_id=child,
            given=frozenset({"day", "held"}),
            kind=kind,
            day=day,
            held=day <= self.as_at,
            source_key=read.values.get("source_key", ""),
            meeting_key=read.values.get("meeting_key", ""),
        )
        return True

    # --- looked after ---------------------------------------------------------------------------------

    def _looked_after(self, children: Mapping[str, ChildRow]) -> list[LookedAfterRow]:
        """One time for episodes that follow one another without a day between them."""
        episodes: dict[str, list[Read]] = defaultdict(list)
        for read in self._rows(tables.CARE):
            if read.values.get("child_id", "") in children:
                self.findings += read.findings
                if not read.rejected and read.values.get("starts") is not None:
                    episodes[read.values["child_id"]].append(read)
        return [time for child in sorted(episodes) for time in self._times(child, episodes[child])]

    def _times(self, child: str, episodes: list[Read]) -> list[LookedAfterRow]:
        times: list[LookedAfterRow] = []
        for read in sorted(episodes, key=lambda one: (one.values["starts"], one.values.get("ends") or date.max)):
            starts, ends = read.values["starts"], read.values.get("ends")
            if ends is not None and ends < starts:
                self.findings.append(
                    warn(read.place, f"Looked after until {uk(ends)}, before {uk(starts)}", did="Left out; check it.")
                )
            elif times and (times[-1].ends is None or starts <= times[-1].ends + NEXT_DAY):
                last = times[-1].ends
                times[-1] = replace(times[-1], ends=max(last, ends) if last is not None and ends is not None else None)
            else:
                times.append(
                    LookedAfterRow(
                        sheet=read.place.sheet, row=read.place.row or 0, child_id=child, given=frozenset({"ends"}),
                        starts=starts, ends=ends,
                    )
                )  # fmt: skip
        return times

    # --- visits and people ---------------------------------------------------------------------------

    def _visits(self, links: Links) -> None:
        """The last visit of each plan. Where there are two on one day, it is enough that one saw the child alone."""
        counted, unreadable = Counted(), 0
        # There are more visits than rows of all other tables, and few different days, answers and children among them.
        read = {name: lru_cache(maxsize=50_000)(reader.read) for name, reader in tables.VISITS.readers.items()}
        for _, row in self.data.rows(tables.VISITS):
            counted.rows += 1
            try:
                day = read["day"](row["day"])
                seen = read["seen"](row.get("seen"))
                alone = read["seen_alone"](row.get("seen_alone"))
                number = read["plan"](row.get("plan"))
                child = links.child_of(read["child_id"](row.get("child_id")), number)
            except cells.UnreadableError:
                unreadable += 1
                continue
            if day is None or day > self.as_at:
                counted.not_yet += 1
            elif not links.knows(child):
                counted.nobody += 1
            elif seen is False:
                counted.not_seen += 1
            elif (kept := links.plan_of(child, number, day, counted, review=False)) is not None:
                if kept.last_visit is None or day > kept.last_visit:
                    kept.last_visit, kept.seen_alone = day, alone
                elif day == kept.last_visit and kept.seen_alone is not SeenAlone.YES:
                    kept.seen_alone = alone
        self.findings += _said(tables.VISITS, counted, "visit", "not counted for any plan")
        if unreadable:
            self.findings.append(
                warn(
                    Place(sheet=tables.VISITS.name),
                    f"{_of(unreadable, 'visit')} with a day, an answer or a number that cannot be read",
                    wanted="A date, Yes or No, and the number in the case system are wanted.",
                    did="Not counted.",
                )
            )

    def _with_what_they_had(self, plans: list[PlanRow], links: Links) -> list[PlanRow]:
        working = self._working()
        reviews, visits = self.data.has(tables.REVIEWS), self.data.has(tables.VISITS)
        kept = []
        for plan in plans:
            had = links.of(plan)
            given = set(plan.given)
            values: dict[str, Any] = {}
            if reviews:
                given |= {"reviews_held", "latest_review"}
                values |= {"reviews_held": len(had.reviews), "latest_review": max(had.reviews, default=None)}
            if visits:
                given |= {"last_visit", "seen_alone"}
                values |= {"last_visit": had.last_visit, "seen_alone": had.seen_alone}
            if plan.is_open(self.as_at):
                for name, said in zip(("worker", "team"), current(working.get(plan.child_id, ())), strict=True):
                    given |= {name} if said else set()
                    values |= {name: said}
            kept.append(replace(plan, given=frozenset(given), **values))
        return kept

    def _working(self) -> Mapping[str, list[tuple[date | None, str, str]]]:
        """Who is allocated to each child today: since when, the worker's name, the team's."""
        names = self._names(tables.PROFESSIONALS, "key", "staff_key")
        teams = self._names(tables.DEPARTMENTS, "key")
        found: dict[str, list[tuple[date | None, str, str]]] = defaultdict(list)
        for read in self._rows(tables.INVOLVEMENTS):
            values = read.values
            starts, ends = values.get("starts"), values.get("ends")
            over = (ends is not None and ends <= self.as_at) or (starts is not None and starts > self.as_at)
            if read.rejected or over or values.get("role", CASE_WORKER).upper() != CASE_WORKER:
                continue
            worker, team = names.get(values.get("worker", ""), ""), teams.get(values.get("team", ""), "")
            found[values.get("child_id", "")].append((starts, worker, team))
        return found

    def _names(self, table: Table, *keys: str) -> Mapping[str, str]:
        return {
            read.values[key]: read.values.get("name", "")
            for read in self._rows(table)
            for key in keys
            if read.values.get(key)
        }


def _where(read: Read) -> dict[str, Any]:
    return {"sheet": read.place.sheet, "row": read.place.row or 0, "child_id": read.place.child}


def _less(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "child_id"}


def _number(cell: str) -> str:
    try:
        return cells.identifier(cell)
    except cells.UnreadableError:
        return ""


def _of_a_family(child: ChildRow, family: Mapping[str, str]) -> ChildRow:
    key = family.get(child.child_id)
    return replace(child, family_key=key, given=child.given | {"family_key"}) if key else child


def _said(table: Table, counted: Counted, thing: str, left: str) -> list[Finding]:
    """How the rows found their plans, with every count, zero too."""
    if not counted.rows:
        return []
    sentences = [
        (
            counted.without_number or counted.by_day or counted.left,
            f"{counted.without_number:,} of {_of(counted.rows, thing)} carry no plan id",
            f"{counted.by_day:,} linked by date, {counted.left:,} {left}.",
        ),
        (counted.not_yet, f"{_of(counted.not_yet, thing)} without a day, or still to come", "Not counted as held."),
        (counted.nobody, f"{_of(counted.nobody, thing)} of children without a plan in this file", "Not imported."),
        (counted.not_seen, f"{_of(counted.not_seen, thing)} at which the child was not seen", "Not counted."),
    ]
    return [warn(Place(sheet=table.name), found, did=did) for many, found, did in sentences if many]


def _of(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
