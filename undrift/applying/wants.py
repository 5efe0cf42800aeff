"""What a file would make of what is known: thing by thing, before anything is written."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.db import models

from undrift.applying.known import Remembered
from undrift.children import facts
from undrift.children.fact_words import MAY_NAME, called_so
from undrift.children.models import Child, Entity, Family, Plan
from undrift.engine.dates.moments import london_date
from undrift.intake.findings import Finding
from undrift.library.numbers import A_GREAT_PART

AT_MOST = 2_000  # changes that are told
ROWS, GUARDED = "rows", "guarded"


@dataclass(eq=False, slots=True)
class Want:
    """One thing as the file would have it. `values` are what would be written, by column; `said` what the file says.

    `key` is the source's; "" where the file has no row of the thing, and something follows for it all the same.
    A new thing has its values already; of a known one they stand beside what it is now.
    """

    entity: Entity
    thing: facts.Thing
    key: str
    about: list[Child]
    row: Remembered | None = None
    new: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    # Whom a conference has invited; the others of a known one stay.
    invited: list[int] = field(default_factory=list)

    def held(self, name: str) -> Any:
        return self.values[name] if name in self.values else getattr(self.thing, name)

    def take(self, name: str, value: Any) -> None:
        self.values[name] = value
        if self.new:
            setattr(self.thing, name, value)

    @property
    def becomes(self) -> Iterator[Any]:
        """Each column that is wanted otherwise, by name: what stands there, which is nothing in a new thing, and what
        is wanted.
        """
        for name, value in sorted(self.values.items()):
            yield from (name, None if self.new else getattr(self.thing, name), value)

    def told(self, name: str) -> str | None:
        """A hash of what this format said of it the last time; None where it said nothing."""
        before = self.row.told if self.row is not None else ()
        found: str | None = before[0]["said"].get(name) if before else None
        return found

    @property
    def outcome(self) -> str:
        return "new" if self.new else "updated" if self.values else "unchanged"


@dataclass(frozen=True)
class Comparison:
    """What would change by a file, or by a part of it."""

    wants: Sequence[Want]
    new_families: Sequence[Family]
    family_keys: Mapping[str, Family]
    family_names: Sequence[tuple[Child, str]]

    @property
    def restricted(self) -> list[Child]:
        """Those on file who would be restricted: by what the file says, or as it says that they died."""
        would = [want.thing for want in self.wants if want.values.get("restricted") and not want.new]
        return [thing for thing in would if isinstance(thing, Child)]


@dataclass
class Compared:
    """The whole of a file beside what is known. `ends` and `missing` are open plans that would end or have gone.

    `changes` tell child by child what would change, in words and without names; the first of them alone where there are
    very many, and none of them unless they are to be told.
    """

    findings: Sequence[Finding] = ()
    asked: int = 0
    children: int = 0
    open_before: int = 0
    ends: int = 0
    missing: int = 0
    guarded: Collection[int] = frozenset()
    telling: bool = True
    # What of the counts is about children who may be closed to somebody: by those children, and what is counted.
    of_guarded: Counter[tuple[tuple[int, ...], str]] = field(default_factory=Counter)
    _counted: Counter[tuple[Entity, str]] = field(default_factory=Counter)
    _changes: list[tuple[tuple[str, Entity], str]] = field(default_factory=list)
    _sum: int = 0

    def add(self, part: Comparison, children: int) -> None:
        """Before it is written."""
        self.children += children
        self._counted.update((want.entity, want.outcome) for want in part.wants)
        for want in part.wants if self.guarded else ():
            if of := tuple(sorted(child.pk for child in want.about if child.pk in self.guarded)):
                self.of_guarded[of, f"{want.entity.replace('-', '_')}_{want.outcome}"] += 1
        for want in part.wants:
            if want.new or want.values or want.invited:
                self._adds_up(want.key, (want.entity, *want.becomes, *want.invited))
        for child, name in part.family_names:
            self._adds_up(name, (child.pk,))
        if self.telling:
            self._tell(part.wants)

    def _adds_up(self, own: str, told: Iterable[Any]) -> None:
        words = ",".join([repr(own), *(_instant(one) if type(one) is datetime else _written(one) for one in told)])
        self._sum += int.from_bytes(hashlib.sha256(words.encode()).digest())

    def _tell(self, wants: Sequence[Want]) -> None:
        told: list[tuple[tuple[str, Entity], str]] = []
        for want in sorted((want for want in wants if want.new or want.values), key=_place):
            if len(told) >= AT_MOST or (len(self._changes) == AT_MOST and _place(want) > self._changes[-1][0]):
                break
            told += [(_place(want), what) for what in _in_words(want)]
        self._changes = sorted([*self._changes, *told], key=itemgetter(0))[:AT_MOST]

    @property
    def digest(self) -> str:
        """Of all that would change, in whatever order the file has it."""
        return f"{self._sum % 2**256:064x}"

    def is_about(self, child: int | None, what: str) -> None:
        """One more of those that are counted is about this child, if they may be closed to somebody."""
        if child is not None:
            self.of_guarded[(child,), what] += 1

    @property
    def counts(self) -> dict[str, int]:
        return {
            f"{entity.replace('-', '_')}_{what}": self._counted[entity, what]
            for entity in Entity
            for what in ("new", "updated", "unchanged")
        }

    @property
    def changes(self) -> list[dict[str, str]]:
        return [{"child": child, "entity": entity.value, "what": what} for (child, entity), what in self._changes]

    @property
    def braked(self) -> bool:
        """More than a tenth of the open plans would end, or have gone."""
        return (self.ends + self.missing) * A_GREAT_PART > self.open_before


@lru_cache(maxsize=20_000, typed=True)
def _written(value: Any) -> str:
    """A file says the same few things of very many. No two of one type are equal and not written alike."""
    return repr(value)


def _instant(value: datetime) -> str:
    """A file has it by the clocks here, and the database in UTC: these are equal, and not written alike."""
    return value.astimezone(UTC).isoformat()


def _place(want: Want) -> tuple[str, Entity]:
    return want.about[0].external_id, want.entity


def _in_words(want: Want) -> Iterator[str]:
    called = _thing(want)
    if want.new:
        yield f"{called} is new"
        return
    for name, value in want.values.items():
        fact = name.removesuffix("_id")
        words = called_so(fact)
        if fact in MAY_NAME:
            yield f"{called}: {words} changes"
        else:
            was, now = (_value(want, name, said) for said in (getattr(want.thing, name), value))
            yield f"{called}: {words} becomes {now}" + (f", and was {was}" if was else ", and was empty")


def _thing(want: Want) -> str:
    match want.entity:
        case Entity.CHILD:
            return "the child"
        case Entity.PLAN:
            assert isinstance(want.thing, Plan)
            return f"the plan that began {want.thing.starts:%d/%m/%Y}"
        case Entity.CONFERENCE:
            when = want.held("held_on") or want.held("planned_for")
            return f"the {want.held('kind')} conference of {london_date(when):%d/%m/%Y}"
        case Entity.LOOKED_AFTER:
            return f"being looked after from {want.held('starts'):%d/%m/%Y}"
    return f"a member of the core group from {want.held('starts'):%d/%m/%Y}"


def _value(want: Want, name: str, value: Any) -> str:
    match value:
        case datetime():
            return f"{london_date(value):%d/%m/%Y}"
        case date():
            return f"{value:%d/%m/%Y}"
    field = want.thing._meta.get_field(name)
    words = dict(field.flatchoices) if isinstance(field, models.Field) else {}
    return str(words.get(value, facts.as_text(value)))
