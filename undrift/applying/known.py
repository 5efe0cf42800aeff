"""What an authority has already, read at the start in a handful of queries, however long the file is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q

from undrift.access.models import Exclusion, Listing
from undrift.applying.numbers import by_plain_number
from undrift.children.models import (
    AllocationPart,
    Child,
    Conference,
    CoreGroupMember,
    FactChange,
    Family,
    ImportedRow,
    ImportRun,
    KeyAction,
    LookedAfter,
    Plan,
)
from undrift.engine.dates.moments import london_date, noon
from undrift.intake.extract import Extract
from undrift.people import clock
from undrift.people.models import Agency, Authority, Person, Unit
from undrift.people.roster import in_reach
from undrift.people.standing_in import stood_in_for
from undrift.record.allocations import HOLDS, takers
from undrift.record.models import Case


class Remembered(NamedTuple):
    """What became of a row of the source, and what the source told of it."""

    pk: int
    object_id: int
    told: Sequence[Mapping[str, Any]]


# A fact: what it is a fact of, the number of that, and the field; "" for all of it.
Fact = tuple[str, int, str]


@dataclass
class Known:
    """What a file is compared with. `newer` are facts that something younger than the file has told.

    `kept_out` are children, each with somebody who is kept out of the record, `named` each with somebody who is named
    for it. `takers` are those who hold such a post today; `oneself` is whoever brings the file in, and those in whose
    name they act.
    """

    authority: Authority
    children: Mapping[str, Child]
    plans: Mapping[int, Sequence[Plan]]
    conferences: Mapping[int, Sequence[Conference]]
    core_groups: Mapping[int, Sequence[CoreGroupMember]]
    looked_after: Mapping[int, Sequence[LookedAfter]]
    people: Mapping[str, tuple[int, int | None]]
    units: Mapping[str, int]
    agencies: Mapping[str, int]
    families: dict[int, str]
    rows: Mapping[tuple[str, str], Remembered]
    told_of_plans: frozenset[int]
    kept_out: frozenset[tuple[int, int]]
    named: frozenset[tuple[int, int]]
    takers: Mapping[AllocationPart, frozenset[int]]
    oneself: frozenset[int]
    newer: frozenset[Fact]
    newest: date | None
    council: str
    counted: Counter[int]

    @classmethod
    def of(cls, authority: Authority, extract: Extract, by: Person | None = None) -> Known:
        of_it: dict[str, Any] = {"authority": authority}
        today = london_date(clock.now())
        runs = ImportRun.objects.filter(undone_at=None, source_system=extract.source, **of_it)
        rows = ImportedRow.objects.filter(source_system=extract.source, **of_it)
        groups = bool(extract.core_groups)
        meetings = bool(extract.meetings) or any(child.family_key for child in extract.children)
        return cls(
            authority=authority,
            children={one.external_id: one for one in Child.objects.filter(**of_it).exclude(external_id="")},
            plans=_by("child_id", Plan.objects.filter(**of_it)),
            conferences=_by("family_id", Conference.objects.filter(**of_it) if meetings else ()),
            core_groups=_by("family_id", CoreGroupMember.objects.filter(**of_it) if groups else ()),
            looked_after=_by("child_id", LookedAfter.objects.filter(**of_it) if extract.looked_after else ()),
            people={
                email.lower(): (pk, agency)
                for email, pk, agency in Person.objects.filter(in_reach(authority), is_active=True).values_list(
                    "email", "pk", "agency"
                )
            },
            units=_by_name(Unit.objects.filter(**of_it).order_by("-pk").values_list("name", "pk")),
            agencies=_by_name(Agency.objects.filter(in_reach(authority)).values_list("name", "pk")),
            families=dict(Family.objects.filter(**of_it).values_list("pk", "name")),
            rows={
                (entity, key): Remembered(*rest)
                for entity, key, *rest in rows.values_list("entity", "source_key", "pk", "object_id", "told")
            },
            told_of_plans=frozenset(
                ImportedRow.objects.filter(entity="plan", **of_it).values_list("object_id", flat=True)
            ),
            kept_out=frozenset(Exclusion.objects.filter(lifted_at=None, **of_it).values_list("child_id", "person_id")),
            named=frozenset(
                Listing.objects.filter(Q(ends=None) | Q(ends__gte=today), starts__lte=today, **of_it).values_list(
                    "child_id", "person_id"
                )
            ),
            takers={part: frozenset(takers(authority, part, today).values_list("pk", flat=True)) for part in HOLDS},
            oneself=frozenset({by.pk} | stood_in_for(by, today)) if by is not None else frozenset(),
            newer=_newer(authority, extract.as_at),
            newest=runs.order_by("-as_at").values_list("as_at", flat=True).first(),
            council=ImportRun.objects.filter(undone_at=None, **of_it)
            .exclude(council="")
            .values_list("council", flat=True)
            .first()
            or "",
            counted=_counted(authority) if meetings else Counter(),
        )

    @cached_property
    def by_plain_number(self) -> Mapping[str, list[Child]]:
        return by_plain_number(self.children.values())

    @cached_property
    def in_family(self) -> Counter[int]:
        """How many children each family has."""
        return Counter(child.family_id for child in self.children.values())

    @cached_property
    def settled_families(self) -> frozenset[int]:
        """Families about whom people have said something: nobody is moved out of them by a file."""
        kinds = (CoreGroupMember, Case, KeyAction)
        of_it = [kind.objects.filter(authority=self.authority, family__isnull=False) for kind in kinds]
        return frozenset(pk for rows in of_it for pk in rows.values_list("family_id", flat=True))

    def bars(self, child: Child, person: int) -> bool:
        """Whether the person is kept out of the record of the child, or of another of the family."""
        families = {self.family_of.get(barred) for barred, who in self.kept_out if who == person}
        return (child.pk, person) in self.kept_out or (child.family_id is not None and child.family_id in families)

    @cached_property
    def family_of(self) -> Mapping[int, int]:
        return {child.pk: child.family_id for child in self.children.values()}

    def is_newer(self, entity: str, pk: int, field: str) -> bool:
        return (entity, pk, field) in self.newer or (entity, pk, "") in self.newer


def by_name(name: str) -> str:
    """A unit's or an agency's name as it is compared."""
    return " ".join(name.lower().split())


def _by(name: str, things: Iterable[Any]) -> Mapping[int, Sequence[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for thing in things:
        found[getattr(thing, name)].append(thing)
    return found


def _by_name(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    return {by_name(name): pk for name, pk in pairs}


def _newer(authority: Authority, as_at: date) -> frozenset[Fact]:
    """What was told after that day, by a younger file or by somebody; of an import that was undone, nothing."""
    next_day = noon(as_at + timedelta(days=1)).replace(hour=0)
    by_file = Q(import_run__as_at__gt=as_at, import_run__undone_at=None) & ~Q(field="")
    by_hand = Q(import_run=None, at__gte=next_day)
    changes = FactChange.objects.filter(by_file | by_hand, authority=authority).order_by()
    told = ImportedRow.objects.filter(authority=authority, told__0__as_at__gt=as_at.isoformat())
    return frozenset(changes.values_list("entity", "object_id", "field").distinct()) | {
        (entity, pk, field)
        for entity, pk, entries in told.values_list("entity", "object_id", "told")
        for entry in entries
        if entry["as_at"] > as_at.isoformat()
        for field in entry["said"]
    }


def _counted(authority: Authority) -> Counter[int]:
    """The highest number among the references of conferences, by year."""
    highest: Counter[int] = Counter()
    for reference in Conference.objects.filter(authority=authority).values_list("reference", flat=True):
        _, _, rest = reference.partition("C-")
        year, _, number = rest.partition("-")
        if year.isdigit() and number.isdigit():
            highest[int(year)] = max(highest[int(year)], int(number))
    return highest
