"""What an authority has already, read in a handful of queries for each part of a file."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property, reduce
from operator import or_
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast

from undrift.access.models import Exclusion, Listing
from undrift.applying import keys as keys_of
from undrift.applying.keys import by_name
from undrift.applying.numbers import by_plain_number, plain
from undrift.children import in_bulk
from undrift.children.models import (
    AllocationPart,
    AlsoInFamily,
    Child,
    Conference,
    CoreGroupMember,
    Entity,
    FactChange,
    Family,
    ImportedRow,
    ImportRun,
    KeyAction,
    LookedAfter,
    Plan,
    SameChild,
)
from undrift.engine.dates.moments import london_date, noon
from undrift.intake.extract import Extract
from undrift.people import clock
from undrift.people.composed import Among
from undrift.people.models import Agency, Authority, Person, Unit
from undrift.people.roster import in_reach
from undrift.people.standing_in import stood_in_for
from undrift.record.allocations import people_who_take
from undrift.record.models import Case
from undrift.record.off_plan import restricted_off_plan


class Remembered(NamedTuple):
    """What became of a row of the source, and what the source told of it."""

    pk: int
    object_id: int
    kept: str

    @property
    def told(self) -> Sequence[Mapping[str, Any]]:
        """File by file. Of most rows nobody asks, and then it is not read."""
        found: list[dict[str, Any]] = json.loads(self.kept)
        return found


# A fact: what it is a fact of, the number of that, and the field; "" for all of it.
Fact = tuple[str, int, str]


@dataclass(frozen=True)
class Known:
    """What a file is compared with: what is so of the council, and of those whom a part of the file is about.

    `numbered` are the numbers of the council's children, without the ways of writing them; `family_of` is each one's
    family; `families_of_keys` what the source's families became. `newer` are facts that something younger than the file
    has told. `kept_out` are children, each with somebody who is kept out of the record, `named` each with somebody who
    is named for it. `guarded` are the numbers, however written, of those who may be closed to somebody. `takers` are
    those who hold such a post today; `oneself` is whoever brings the file in, and those in whose name they act.
    `newest` is the youngest day that this format has described, `rows_before` how many rows it had in each of its
    tables then.
    """

    authority: Authority
    source: str
    as_at: date
    with_meetings: bool
    with_core_groups: bool
    numbered: Mapping[str, Sequence[int]]
    family_of: Mapping[int, int]
    families_of_keys: Mapping[str, int]
    people: Mapping[str, tuple[int, int | None]]
    names: Mapping[str, str]
    units: Mapping[str, int]
    agencies: Mapping[str, int]
    kept_out: frozenset[tuple[int, int]]
    named: frozenset[tuple[int, int]]
    guarded: Mapping[str, int]
    takers: Mapping[AllocationPart, frozenset[int]]
    oneself: frozenset[int]
    newest: date | None
    rows_before: Mapping[str, int]
    counted: Counter[int]
    # Of those whom a part is about, and their families.
    children: Mapping[str, Child] = field(default_factory=dict)
    plans: Mapping[int, Sequence[Plan]] = field(default_factory=dict)
    conferences: Mapping[int, Sequence[Conference]] = field(default_factory=dict)
    core_groups: Mapping[int, Sequence[CoreGroupMember]] = field(default_factory=dict)
    looked_after: Mapping[int, Sequence[LookedAfter]] = field(default_factory=dict)
    families: dict[int, str] = field(default_factory=dict)
    rows: Mapping[tuple[str, str], Remembered] = field(default_factory=dict)
    newer: frozenset[Fact] = frozenset()

    @classmethod
    def of(cls, authority: Authority, extract: Extract, by: Person | None = None) -> Known:
        """What is so of the council; of whom the file is about, `about` tells part by part."""
        of_it: dict[str, Any] = {"authority": authority}
        today = london_date(clock.now())
        # The one that is being written counts nothing yet.
        runs = ImportRun.objects.filter(undone_at=None, source_system=extract.source, **of_it).exclude(counts={})
        meetings = bool(extract.meetings) or any(child.family_key for child in extract.children)
        numbered: dict[str, tuple[int, ...]] = {}
        family_of: dict[int, int] = {}
        on_file = Child.objects.filter(**of_it).exclude(external_id="").order_by("pk")
        shut: set[int] = set()
        columns = "external_id", "pk", "family_id", "restricted"
        for number, pk, family, restricted in on_file.values_list(*columns).iterator():
            numbered[plain(number)] = (*numbered.get(plain(number), ()), pk)
            family_of[pk] = family
            if restricted:
                shut.add(pk)
        newest, counts = runs.order_by("-as_at", "-pk").values_list("as_at", "counts").first() or (None, {})
        within_reach = Person.objects.filter(in_reach(authority), is_active=True)
        people = list(within_reach.values_list("email", "pk", "agency", "name"))
        bodies, guarded = _bodies(authority), _guarded(authority, today)
        shut.update(child for kind, child, _ in guarded if kind == KEPT_OUT)
        shut.update(child for kind, *both in guarded if kind == ONE_CHILD for child in both)
        return cls(
            authority=authority,
            source=extract.source,
            as_at=extract.as_at,
            with_meetings=meetings,
            with_core_groups=bool(extract.core_groups),
            numbered=numbered,
            family_of=family_of,
            families_of_keys=dict(
                ImportedRow.objects.filter(source_system=extract.source, entity="family", **of_it).values_list(
                    "source_key", "object_id"
                )
                if any(child.family_key for child in extract.children)
                else ()
            ),
            people={email.lower(): (pk, agency) for email, pk, agency, _ in people},
            names={email.lower(): name for email, _, _, name in people},
            units=_by_name((name, pk) for kind, name, pk in bodies if kind == UNIT),
            agencies=_by_name((name, pk) for kind, name, pk in bodies if kind == AGENCY),
            kept_out=frozenset((child, person) for kind, child, person in guarded if kind == KEPT_OUT),
            named=frozenset((child, person) for kind, child, person in guarded if kind == NAMED),
            guarded={number: pk for number, pks in numbered.items() for pk in pks if pk in shut},
            takers=people_who_take(authority, today),
            oneself=frozenset({by.pk} | stood_in_for(by, today)) if by is not None else frozenset(),
            newest=newest,
            rows_before={table: counts.get(rows_in(table), 0) for table in extract.tables},
            counted=_counted(authority) if meetings else Counter(),
        )

    def about(self, part: Extract) -> Known:
        """The same, with what is on file of those whom the part is about, and of their families."""
        of_it: dict[str, Any] = {"authority": self.authority}
        numbers = {row.child_id for row in part.rows}
        numbers.update(number for row in part.children for number in row.former_ids)
        families = {self.family_of[pk] for number in numbers for pk in self.numbered.get(plain(number), ())}
        families |= {
            self.families_of_keys[row.family_key] for row in part.children if row.family_key in self.families_of_keys
        }
        of_them = among("family", families)
        on_file = in_bulk.read(Child.objects.filter(of_them, **of_it).exclude(external_id=""))
        children = {one.external_id: one for one in on_file}
        pks = [child.pk for child in children.values()]
        plans = in_bulk.read(Plan.objects.filter(among("child", pks), **of_it))
        conferences = in_bulk.read(Conference.objects.filter(of_them, **of_it)) if self.with_meetings else []
        core_groups = list(CoreGroupMember.objects.filter(of_them, **of_it)) if self.with_core_groups else []
        looked_after = list(LookedAfter.objects.filter(among("child", pks), **of_it)) if part.looked_after else []
        things = {
            Entity.CHILD: pks,
            Entity.PLAN: [plan.pk for plan in plans],
            Entity.CONFERENCE: [conference.pk for conference in conferences],
            Entity.CORE_GROUP: [member.pk for member in core_groups],
            Entity.LOOKED_AFTER: [time.pk for time in looked_after],
        }
        return replace(
            self,
            children=children,
            plans=_by("child_id", plans),
            conferences=_by("family_id", conferences),
            core_groups=_by("family_id", core_groups),
            looked_after=_by("child_id", looked_after),
            families=dict(Family.objects.filter(among("pk", families), **of_it).values_list("pk", "name")),
            rows=self._remembered(part, children, numbers),
            newer=self._newer(things),
        )

    def _remembered(
        self, part: Extract, children: Mapping[str, Child], numbers: Collection[str]
    ) -> dict[tuple[str, str], Remembered]:
        """By every key that a row of the part may have: the number on file may be written otherwise than the file's."""
        written: dict[str, list[str]] = defaultdict(list)
        for number in {*children, *numbers}:
            written[plain(number)].append(number)
        before = {row.child_id: row.former_ids for row in part.children if row.former_ids}

        def ways(number: str) -> Iterator[str]:
            for one in (number, *before.get(number, ())):
                yield from written[plain(one)]

        keys: dict[str, set[str]] = {
            "child": {*children, *numbers},
            "family": {row.family_key for row in part.children if row.family_key},
            "plan": {keys_of.of_plan(row, number) for row in part.plans for number in ways(row.child_id)},
            "conference": {keys_of.of_meeting(row, number) for row in part.meetings for number in ways(row.child_id)},
            "core-group": {
                keys_of.of_member(row, number, person)
                for row in part.core_groups
                for number in ways(row.child_id)
                for person in (None, self.people.get(row.email.strip().lower(), (None,))[0])
            },
            "looked-after": {
                keys_of.of_time(row, number) for row in part.looked_after for number in ways(row.child_id)
            },
        }
        wanted = _any(among("source_key", of_it) & Q(entity=entity) for entity, of_it in keys.items() if of_it)
        rows = ImportedRow.objects.filter(wanted, authority=self.authority, source_system=self.source)
        kept = Cast("told", models.TextField())
        return {
            (entity, key): Remembered(*rest)
            for entity, key, *rest in rows.values_list("entity", "source_key", "pk", "object_id", kept)
        }

    def _newer(self, things: Mapping[Entity, Collection[int]]) -> frozenset[Fact]:
        """What was told after that day, by a younger file or by somebody; of an import that was undone, nothing."""
        next_day = noon(self.as_at + timedelta(days=1)).replace(hour=0)
        by_file = Q(import_run__as_at__gt=self.as_at, import_run__undone_at=None) & ~Q(field="")
        by_hand = Q(import_run=None, at__gte=next_day)
        of_them = _any(among("object_id", pks) & Q(entity=entity) for entity, pks in things.items() if pks)
        changes = FactChange.objects.filter(by_file | by_hand, of_them, authority=self.authority).order_by()
        told = ImportedRow.objects.filter(of_them, authority=self.authority, told__0__as_at__gt=self.as_at.isoformat())
        nothing: Value = Value(None, output_field=models.JSONField())
        kept = changes.annotate(entries=nothing).values_list("entity", "object_id", "field", "entries")
        of_files = told.order_by().annotate(none=Value("")).values_list("entity", "object_id", "none", "told")
        return frozenset(
            (entity, pk, one)
            for entity, pk, field, entries in kept.union(of_files, all=True)
            for one in ([field] if entries is None else self._said_later(entries))
        )

    def _said_later(self, entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        """What younger files have told of a row."""
        for entry in entries:
            if entry["as_at"] > self.as_at.isoformat():
                yield from entry["said"]

    @cached_property
    def by_plain_number(self) -> Mapping[str, list[Child]]:
        return by_plain_number(self.children.values())

    @cached_property
    def told_of_conferences(self) -> frozenset[int]:
        """Those of the part that this format has told of; asked only where a day is another than before."""
        of_them = among("object_id", [one.pk for many in self.conferences.values() for one in many])
        told = ImportedRow.objects.filter(of_them, authority=self.authority, entity=Entity.CONFERENCE)
        return frozenset(told.filter(source_system=self.source).values_list("object_id", flat=True))

    @cached_property
    def in_family(self) -> Counter[int]:
        """How many children each family has, of whom no file knows a number too, and those who are in it besides."""
        children = Child.objects.filter(among("family", self.families))
        also = AlsoInFamily.objects.filter(among("family", self.families), ended_at=None)
        return Counter([*children.values_list("family", flat=True), *also.values_list("family", flat=True)])

    @cached_property
    def restricted_in(self) -> Mapping[int, Sequence[int]]:
        """The restricted children of each family who are on no plan: whoever chairs its conferences sees them."""
        found: dict[int, list[int]] = defaultdict(list)
        for family, pk in restricted_off_plan(among("family", self.families)).values_list("family", "pk"):
            found[family].append(pk)
        return found

    def opens_another(self, child: Child, person: int) -> bool:
        """Whether a conference about the child would open a restricted record of the family to whoever chairs it."""
        beside = self.restricted_in.get(child.family_id, ()) if child.family_id is not None else ()
        return any(pk != child.pk and (pk, person) not in self.named for pk in beside)

    @cached_property
    def settled_families(self) -> frozenset[int]:
        """Families about whom people have said something: nobody is moved out of them by a file."""
        kinds = (CoreGroupMember, Case, KeyAction)
        of_them = [kind.objects.filter(authority=self.authority, family__in=self.families) for kind in kinds]
        return frozenset(pk for rows in of_them for pk in rows.values_list("family_id", flat=True))

    @cached_property
    def _barred(self) -> frozenset[tuple[int | None, int]]:
        """Each family of a child from whose record somebody is kept out, with them."""
        return frozenset((self.family_of.get(child), person) for child, person in self.kept_out)

    def bars(self, child: Child, person: int) -> bool:
        """Whether the person is kept out of the record of the child, or of another of the family."""
        own = (child.pk, person) in self.kept_out
        return own or (child.family_id is not None and (child.family_id, person) in self._barred)

    def is_newer(self, entity: str, pk: int, field: str) -> bool:
        return bool(self.newer) and ((entity, pk, field) in self.newer or (entity, pk, "") in self.newer)


def rows_in(table: str) -> str:
    """What the number of its rows is called among the counts of a run."""
    return f"rows_in_{table}"


def among(name: str, values: Collection[int] | Collection[str]) -> Q:
    """`name__in`, of very many: as one array, and not each by itself."""
    numbers = all(isinstance(value, int) for value in values)
    kind = ArrayField(models.BigIntegerField() if numbers else models.TextField())
    return Q(Among(F(name), Cast(Value(in_bulk.as_array(values)), kind)))


def _any(conditions: Iterable[Q]) -> Q:
    """Any of them; where there are none, nothing."""
    return reduce(or_, conditions, Q(pk__in=()))


def _by(name: str, things: Iterable[Any]) -> Mapping[int, Sequence[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for thing in things:
        found[getattr(thing, name)].append(thing)
    return found


def _by_name(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    return {by_name(name): pk for name, pk in pairs}


UNIT, AGENCY = "unit", "agency"


def _bodies(authority: Authority) -> list[tuple[str, str, int]]:
    """The council's units and the agencies within its reach: which, name and number. One query."""
    units = Unit.objects.filter(authority=authority).order_by().annotate(which=Value(UNIT))
    agencies = Agency.objects.filter(in_reach(authority)).order_by().annotate(which=Value(AGENCY))
    names = "which", "name", "pk"
    found = units.values_list(*names).union(agencies.values_list(*names), all=True)
    return sorted(found, key=lambda body: -body[2])  # of two with one name, the older


KEPT_OUT, NAMED, ONE_CHILD = "kept out", "named", "one child"


def _guarded(authority: Authority, today: date) -> list[tuple[str, int, int]]:
    """Who is kept out of a child's record, and who is named for one: which, child and person; and which two children
    are one. One query.
    """
    live = Q(ends=None) | Q(ends__gte=today)
    out = Exclusion.objects.filter(lifted_at=None, authority=authority).order_by().annotate(which=Value(KEPT_OUT))
    named = Listing.objects.filter(live, starts__lte=today, authority=authority).order_by()
    one = SameChild.objects.filter(same=True, undone_at=None, authority=authority).order_by()
    names = "which", "child_id", "person_id"
    return list(
        out.values_list(*names).union(
            named.annotate(which=Value(NAMED)).values_list(*names),
            one.annotate(which=Value(ONE_CHILD)).values_list("which", "kept_id", "other_id"),
            all=True,
        )
    )


def _counted(authority: Authority) -> Counter[int]:
    """The highest number among the references of conferences, by year."""
    highest: Counter[int] = Counter()
    for reference in Conference.objects.filter(authority=authority).values_list("reference", flat=True).iterator():
        _, _, rest = reference.partition("C-")
        year, _, number = rest.partition("-")
        if year.isdigit() and number.isdigit():
            highest[int(year)] = max(highest[int(year)], int(number))
    return highest
