"""Checked files into one authority: all of it in one transaction, and only what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models, transaction

from undrift.applying.councils import LONGEST_PHONE, LeftOut, area_of, authority_of, new_council, said_of_itself
from undrift.intake import cells
from undrift.intake.findings import Finding, Place, reject
from undrift.intake.organisation.checking import Checked, Row
from undrift.intake.organisation.columns import TABLES, Table
from undrift.people import clock
from undrift.people.models import Agency, Authority, Cover, Holding, Person, Post, Unit
from undrift.people.models.tenure import HoldingKind
from undrift.people.roster import in_reach

Cells = Mapping[str, str]
NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


@dataclass(frozen=True)
class Applied:
    """Rows that were new, changed and unchanged by table, and every finding, those of the check first."""

    counts: Mapping[str, Counter[str]]
    findings: Sequence[Finding]

    @property
    def changes(self) -> int:
        return sum(count[NEW] + count[CHANGED] for count in self.counts.values())


def apply_to(checked: Checked, code: str, *, only_check: bool = False) -> Applied:
    """As `apply`, to the council of that code, which the council file makes where there is none.

    Refuses (`UnknownAuthorityError`) where neither is so.
    """
    with transaction.atomic():
        council = Authority.objects.filter(code=code).first()
        made = None if council is not None or checked.stopped else new_council(checked, code)
        applied = apply(checked, council or made or authority_of(code))
        if made is not None:
            applied.counts["council"].update({NEW: 1, UNCHANGED: -1})
        if only_check:
            transaction.set_rollback(True)
    return applied


def apply(checked: Checked, authority: Authority, *, only_check: bool = False) -> Applied:
    """Writes what differs; with `only_check` everything is tried and nothing kept.

    Nothing is deleted because a file leaves it out. A row that names what is neither in the files nor in the
    authority, or what another council or another partnership owns, is left out with a finding.
    """
    if checked.stopped:
        return Applied({}, checked.findings)
    with transaction.atomic():
        # Two imports at once into one authority would each add the same unit: one waits here.
        authority = Authority.objects.select_for_update().get(pk=authority.pk)
        known = _Known.of(authority)
        findings = list(checked.findings)
        counts = {table.name: _table(known, table, checked.rows.get(table.name, ()), findings) for table in TABLES}
        if only_check:
            transaction.set_rollback(True)
    return Applied(counts, findings)


@dataclass
class _Known:
    """What is within the authority's reach, by what a row names it by."""

    authority: Authority
    agencies: dict[str, Agency] = field(default_factory=dict)
    units: dict[tuple[int, str], Unit] = field(default_factory=dict)
    posts: dict[tuple[int, int | None, str], Post] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    holdings: dict[tuple[int, int, str, date], Holding] = field(default_factory=dict)
    covers: dict[tuple[int, int, int | None, date], Cover] = field(default_factory=dict)

    @classmethod
    def of(cls, authority: Authority) -> _Known:
        here = in_reach(authority)
        return cls(
            authority,
            agencies={one.name: one for one in Agency.objects.filter(here)},
            units={(one.agency_id, one.name): one for one in Unit.objects.filter(here)},
            posts={(one.agency_id, one.unit_id, one.slug): one for one in Post.objects.filter(here)},
            people={one.email: one for one in Person.objects.filter(here)},
            holdings={(one.post_id, one.person_id, one.kind, one.starts): one for one in Holding.objects.filter(here)},
            covers={(one.away_id, one.covering_id, one.post_id, one.starts): one for one in Cover.objects.filter(here)},
        )

    def agency(self, row: Cells) -> Agency:
        found = self.agencies.get(row["agency"])
        if found is None:
            raise LeftOut("agency", "There is no such agency", "One of the units file, or one that is here.")
        return found

    def unit(self, row: Cells, column: str = "unit") -> Unit | None:
        if not row[column]:
            return None
        found = self.units.get((self.agency(row).pk, row[column]))
        if found is None:
            raise LeftOut(column, "The agency has no such unit", "One of the units file, or one that is here.")
        return found

    def post(self, row: Cells) -> Post:
        unit = self.unit(row)
        found = self.posts.get((self.agency(row).pk, unit.pk if unit else None, row["post"]))
        if found is None:
            raise LeftOut("post", "There is no such post there", "One of the posts file, or one that is here.")
        return found

    def person(self, row: Cells, column: str = "email") -> Person:
        found = self.people.get(row[column].lower())
        if found is None:
            raise LeftOut(column, "Nobody here has this email address", "One of the staff file, or one that is here.")
        return found


def _table(known: _Known, table: Table, rows: Sequence[Row], findings: list[Finding]) -> Counter[str]:
    """Every row; those that wait for another row of the same file are tried again after it."""
    counted = Counter({NEW: 0, CHANGED: 0, UNCHANGED: 0})
    waiting = list(rows)
    while waiting:
        left: list[tuple[Row, LeftOut]] = []
        for row in waiting:
            try:
                counted[WRITERS[table.name](known, row.cells)] += 1
            except LeftOut as why:
                left.append((row, why))
        if len(left) == len(waiting):
            findings.extend(
                reject(Place(sheet=row.file, row=row.number, column=why.column), why.found, wanted=why.wanted)
                for row, why in left
            )
            break
        waiting = [row for row, _ in left]
    return counted


def _unit(known: _Known, row: Cells) -> str:
    agency, said = _agency(known, row)
    if not row["unit"]:
        return said
    above = known.unit(row, "above")
    unit = known.units.get((agency.pk, row["unit"]))
    if unit is None:
        unit = Unit(agency=agency, name=row["unit"], parent=above, **_owner_of(agency))
        unit.save()
        known.units[agency.pk, unit.name] = unit
        return NEW
    if above is not None and unit.pk in _line(known, above):
        raise LeftOut("above", "The unit above sits below this unit", "A unit that is not below it.")
    return _bring(unit, {"parent_id": above.pk if above else None}) if said == UNCHANGED else said


def _line(known: _Known, unit: Unit) -> list[int]:
    by_pk = {one.pk: one for one in known.units.values()}
    line = [unit.pk]
    while (parent := by_pk[line[-1]].parent_id) is not None and parent not in line:
        line.append(parent)
    return line


def _agency(known: _Known, row: Cells) -> tuple[Agency, str]:
    agency = known.agencies.get(row["agency"])
    if agency is not None:
        return agency, UNCHANGED
    if not row["kind"]:
        raise LeftOut("kind", "The agency is new, and its kind is not said", "What the agency is.")
    council = known.authority
    if row["shared"].lower() == "yes":
        if council.partnership_id is None:
            raise LeftOut("shared", "The council is in no partnership that could share it", "no")
        owner: dict[str, Any] = {"partnership_id": council.partnership_id}
    else:
        owner = {"authority_id": council.pk}
    agency = Agency.objects.create(name=row["agency"], kind=row["kind"].lower(), **owner)
    known.agencies[agency.name] = agency
    return agency, NEW


def _post(known: _Known, row: Cells) -> str:
    agency, unit = known.agency(row), known.unit(row)
    heads = row["heads_unit"].lower() == "yes"
    key = (agency.pk, unit.pk if unit else None, row["post"])
    other = next((p for p in known.posts.values() if heads and unit and p.unit_id == unit.pk and p.heads_unit), None)
    post = known.posts.get(key)
    if other is not None and other != post:
        raise LeftOut("heads_unit", "Another post manages this unit", "One such post in a unit.")
    if post is None:
        post = Post(
            agency=agency, unit=unit, slug=row["post"], title=row["title"], heads_unit=heads, **_owner_of(agency)
        )
        post.save()
        known.posts[key] = post
        return NEW
    return _bring(post, {"title": row["title"], "heads_unit": heads})


def _person(known: _Known, row: Cells) -> str:
    agency = known.agency(row)
    email = row["email"].lower()
    values = {"name": row["name"], "phone": _phone(row["phone"])}
    person = known.people.get(email)
    if person is not None:
        return _bring(person, {**values, "agency_id": agency.pk, **_owner_of(agency)})
    if Person.objects.filter(email=email).exists():
        raise LeftOut("email", "Somebody of another organisation has this email address", "An address of their own.")
    # Without a password: they sign in through their organisation, or are invited.
    known.people[email] = Person.objects.create_user(email, None, agency=agency, **values)
    return NEW


def _phone(said: str) -> str:
    if len(said) > LONGEST_PHONE:
        raise LeftOut("phone", f"More than {LONGEST_PHONE} characters", "One number.")
    return said


def _holding(known: _Known, row: Cells) -> str:
    post, person = known.post(row), known.person(row)
    kind, starts = row["as"].lower() or HoldingKind.HOLDER.value, _needed_day(row["starts"])
    holding = known.holdings.get((post.pk, person.pk, kind, starts))
    if holding is not None:
        return _bring(holding, {"ends": cells.day(row["ends"])})
    known.holdings[post.pk, person.pk, kind, starts] = Holding.objects.create(
        post=post, person=person, kind=kind, starts=starts, ends=cells.day(row["ends"]),
        at=clock.now(), **_owner_of(post),
    )  # fmt: skip
    return NEW


def _cover(known: _Known, row: Cells) -> str:
    away, covering = known.person(row, "away"), known.person(row, "covering")
    post = known.post(row) if row["post"] else None
    key = (away.pk, covering.pk, post.pk if post else None, _needed_day(row["starts"]))
    values = {"ends": cells.day(row["ends"]), "reason": row["reason"]}
    cover = known.covers.get(key)
    if cover is not None:
        return _bring(cover, {"ends": values["ends"]})  # why it was given stays as it was said
    owner = {"authority_id": away.authority_id, "partnership_id": None if away.authority_id else away.partnership_id}
    known.covers[key] = Cover.objects.create(
        away=away, covering=covering, post=post, starts=key[3], at=clock.now(), **values, **owner
    )
    return NEW


def _council(known: _Known, row: Cells) -> str:
    """The policy is adopted, and not changed by a file; nor is the partnership, which owns what it shares."""
    council = known.authority
    if row["code"] != council.code:
        raise LeftOut("code", "This is another council than the one asked for", f"{council.code}, or no such row.")
    if row["policy"].lower() != council.protocol_id:
        raise LeftOut("policy", f"The council works by {council.protocol_id}", "The policy that it has adopted.")
    partnership = council.partnership.name if council.partnership is not None else ""
    if row["partnership"] and row["partnership"] != partnership:
        raise LeftOut("partnership", "The council is in another partnership, or in none", "The one it is in.")
    return _bring(council, said_of_itself(row) | {"area": area_of(council.protocol_id, row["area"]) or council.area})


WRITERS: Mapping[str, Callable[[_Known, Cells], str]] = {
    "council": _council,
    "units": _unit,
    "posts": _post,
    "staff": _person,
    "holdings": _holding,
    "covers": _cover,
}


def _needed_day(said: str) -> date:
    day = cells.day(said)
    assert day is not None  # the check refuses a row without it
    return day


def _owner_of(row: Agency | Post) -> dict[str, Any]:
    return {"authority_id": row.authority_id, "partnership_id": row.partnership_id}


def _bring(row: models.Model, values: Mapping[str, Any]) -> str:
    """Bring the stored row in line with the file's."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return UNCHANGED
    for name in changed:
        setattr(row, name, values[name])
    row.save(update_fields=changed)
    return CHANGED
