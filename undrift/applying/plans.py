"""A checked List 7 into one authority: all of it in one transaction, and only what differs.

Nothing is ever deleted or closed because it is absent: List 7 leaves out plans that ended long ago, and a report that
failed leaves out all of them.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction

from undrift.children import facts
from undrift.children.facts import Because
from undrift.children.models import Child, Family, ImportedRow, ImportRun, Plan
from undrift.intake.extract import ChildRow, Extract, PlanRow
from undrift.intake.findings import Finding, Place, Severity, StopError, warn
from undrift.people.models import Authority, Person, Unit

SOURCE = "annex-a"

# What the columns for team and worker hold.
LONGEST_TEXT = 200

# A column of the file, and the field it fills. What several columns decide together stands under the first.
CHILD_FIELDS = {"sex": ("sex",), "born": ("date_of_birth",), "expected": ("expected_birth",)}
PLAN_FIELDS = {
    "ends": ("ends",),
    "initial_category": ("initial_category",),
    "latest_category": ("latest_category",),
    "last_visit": ("last_visit",),
    "seen_alone": ("seen_alone",),
    "latest_review": ("latest_review",),
    "previous_plans": ("previous_plans",),
    "team": ("team_text", "team_id"),
    "worker": ("worker_text",),
}


def apply(checked: Extract, authority: Authority, *, at: datetime, by: Person | None = None) -> ImportRun:
    """Imports what the check let through and returns the run, with counts and every finding.

    The same file a second time changes nothing. StopError when the check stopped the file.
    """
    for finding in checked.findings:
        if finding.severity is Severity.STOP:
            raise StopError(finding)
    with transaction.atomic():
        # Two imports at once into one authority would each add the same child: one waits here.
        authority = Authority.objects.select_for_update().get(pk=authority.pk)
        return _Import(checked, authority, at, by).whole()


@dataclass
class _Known:
    """What this authority has already, read at the start in a handful of queries."""

    children: dict[str, Child]
    plans: dict[tuple[int, Any], Plan]
    rows: dict[tuple[str, str], ImportedRow]
    units: dict[str, int]

    @classmethod
    def of(cls, authority: Authority) -> "_Known":
        plans = Plan.objects.filter(authority=authority).select_related("child")
        units = Unit.objects.filter(authority=authority).order_by("-pk").values_list("name", "pk")
        return cls(
            children={
                child.external_id: child for child in Child.objects.filter(authority=authority).exclude(external_id="")
            },
            plans={(plan.child_id, plan.starts): plan for plan in plans},
            rows={
                (row.entity, row.source_key): row
                for row in ImportedRow.objects.filter(authority=authority, source_system=SOURCE)
            },
            units={_plain(name): pk for name, pk in units},
        )


@dataclass
class _Import:
    checked: Extract
    authority: Authority
    at: datetime
    by: Person | None
    counts: Counter[str] = field(default_factory=Counter)
    strange_teams: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def whole(self) -> ImportRun:
        self.known = _Known.of(self.authority)
        self.run = ImportRun.objects.create(
            authority=self.authority,
            source_system=SOURCE,
            file_name=self.checked.file_name,
            sha256=self.checked.sha256,
            as_at=self.checked.as_at,
            started=self.at,
            by=self.by,
        )
        of = {child.child_id: child for child in self.checked.children}
        for row in self.checked.plans:
            self._plan(row, self._child(of[row.child_id]))
        findings = [*self.checked.findings, *self._team_findings(), *self._missing()]
        self.run.counts = self._counted(findings)
        self.run.findings = [finding.as_json() for finding in findings]
        self.run.save(update_fields=["counts", "findings"])
        return self.run

    def _child(self, row: ChildRow) -> Child:
        values = {"sex": row.sex, "date_of_birth": row.born, "expected_birth": row.expected}
        given = _only_given(values, CHILD_FIELDS, row)
        if row.expected is None:
            # Once born, the day that was expected is history and not an error to be erased.
            given.pop("expected_birth", None)
        child = self.known.children.get(row.child_id)
        if child is None:
            # List 7 knows no families: each child stands alone until somebody who knows puts siblings together.
            family = Family.objects.create(authority=self.authority)
            child = Child(authority=self.authority, family=family, external_id=row.child_id)
            self.known.children[row.child_id] = child
        self._store("child", row.child_id, child, given)
        return child

    def _plan(self, row: PlanRow, child: Child) -> None:
        plan = self.known.plans.get((child.pk, row.starts))
        if plan is None:
            plan = Plan(authority=self.authority, child=child, starts=row.starts)
            self.known.plans[child.pk, row.starts] = plan
        values = {
            "ends": row.ends,
            "initial_category": row.initial_category,
            "latest_category": row.latest_category,
            "last_visit": row.last_visit,
            "seen_alone": row.seen_alone,
            "latest_review": row.latest_review,
            "previous_plans": row.previous_plans,
            "team_text": row.team[:LONGEST_TEXT],
            "team_id": self._team(row, plan),
            "worker_text": row.worker[:LONGEST_TEXT],
        }
        self._store("plan", _plan_key(row), plan, _only_given(values, PLAN_FIELDS, row))

    def _team(self, row: PlanRow, plan: Plan) -> int | None:
        """The unit of that name. A team somebody chose by hand stays while the file keeps naming the same team."""
        unit = self.known.units.get(_plain(row.team))
        if unit is None and row.team:
            self.strange_teams[row.team].append(row.row)
        if plan.team_id is not None and plan.team_text == row.team[:LONGEST_TEXT]:
            return plan.team_id
        return unit

    def _store(self, entity: str, key: str, thing: Child | Plan, values: Mapping[str, Any]) -> None:
        row_hash = _hash(values)
        row = self.known.rows.get((entity, key))
        if row is not None and row.row_hash == row_hash:
            self.counts[f"{entity}_unchanged"] += 1
            return
        changes = _differences(thing, values)
        new = thing.pk is None
        for name, value in values.items():
            setattr(thing, name, value)
        thing.save()
        row = self._row(entity, key, thing, row, row_hash)
        if not new:
            because = Because(at=self.at, by=self.by, run=self.run)
            about = thing.pk if isinstance(thing, Child) else thing.child_id
            facts.keep(facts.changed(thing, about, name, was, now, because) for name, was, now in changes)
        self.counts[f"{entity}_new" if new else f"{entity}_updated" if changes else f"{entity}_unchanged"] += 1

    def _row(self, entity: str, key: str, thing: Child | Plan, row: ImportedRow | None, row_hash: str) -> ImportedRow:
        row = row or ImportedRow(
            authority=self.authority,
            source_system=SOURCE,
            entity=entity,
            source_key=key,
            object_id=thing.pk,
            first_seen=self.at,
        )
        row.row_hash, row.import_run = row_hash, self.run
        row.last_seen = row.last_changed = self.at
        row.save()
        self.known.rows[entity, key] = row
        return row

    def _team_findings(self) -> list[Finding]:
        # A team is named after its manager now and then: it is told by its rows.
        return [
            warn(
                Place(column="Allocated Team"),
                f"the team in {_rows(rows)} is no unit of {self.authority.name}",
                wanted="Add the unit, or choose the child's team.",
                did="Imported as text.",
            )
            for rows in self.strange_teams.values()
        ]

    def _missing(self) -> list[Finding]:
        """Open plans that came by this door before and that this file does not hold."""
        seen = {("plan", _plan_key(row)) for row in self.checked.plans}
        self._mark_seen(seen)
        plans = {plan.pk: plan for plan in self.known.plans.values()}
        gone = [
            plans[row.object_id]
            for (entity, key), row in self.known.rows.items()
            if entity == "plan" and (entity, key) not in seen and row.object_id in plans
        ]
        return [finding for plan in gone if plan.ends is None for finding in self._gone(plan)]

    def _gone(self, plan: Plan) -> Iterator[Finding]:
        place, was = Place(child=plan.child.external_id), f"the plan that began {plan.starts:%d/%m/%Y} was open"
        if plan.child.external_id in {row.child_id for row in self.checked.plans}:
            yield warn(
                place,
                f"{was}, and the list now gives another plan",
                did="Nothing was changed; give the earlier plan its end.",
            )
        elif plan.child.external_id not in self.checked.children_in_file:
            yield warn(
                place,
                f"{was} and is now missing from the list",
                did="Nothing was changed; find out whether it has ended.",
            )

    def _mark_seen(self, plans: set[tuple[str, str]]) -> None:
        children = {("child", row.child_id) for row in self.checked.plans}
        pks = [self.known.rows[key].pk for key in plans | children]
        ImportedRow.objects.filter(pk__in=pks).update(last_seen=self.at)

    def _counted(self, findings: Sequence[Finding]) -> dict[str, int]:
        severities = Counter(finding.severity for finding in findings)
        return {
            "rows": self.checked.rows_in_file,
            "plans": len(self.checked.plans),
            "open": self.checked.open_plans,
            **{
                name: self.counts[name]
                for name in (
                    "child_new",
                    "child_updated",
                    "child_unchanged",
                    "plan_new",
                    "plan_updated",
                    "plan_unchanged",
                )
            },
            "rejected": severities[Severity.REJECT],
            "warnings": severities[Severity.WARN],
        }


def changed(run: ImportRun) -> int:
    """How many children and plans the run added or altered."""
    return sum(run.counts[name] for name in ("child_new", "child_updated", "plan_new", "plan_updated"))


def _only_given(
    values: Mapping[str, Any], columns: Mapping[str, tuple[str, ...]], row: ChildRow | PlanRow
) -> dict[str, Any]:
    """The values whose column the file has; a column that is not there says nothing."""
    return {name: values[name] for column, names in columns.items() if column in row.given for name in names}


def _plan_key(row: PlanRow) -> str:
    return f"{row.child_id}|{row.starts.isoformat()}"


def _hash(values: Mapping[str, Any]) -> str:
    stored = {name: _as_text(value) for name, value in values.items()}
    return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()


def _differences(thing: models.Model, values: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    pairs = ((name, _as_text(getattr(thing, name)), _as_text(value)) for name, value in values.items())
    return [(name.removesuffix("_id"), was, now) for name, was, now in pairs if was != now]


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def _plain(name: str) -> str:
    return " ".join(name.lower().split())


def _rows(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    return f"rows {', '.join(map(str, numbers[:10]))}" + (f" and {len(numbers) - 10} more" if len(numbers) > 10 else "")
