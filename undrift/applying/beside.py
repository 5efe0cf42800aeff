"""A part of a file and what is known, side by side: which child each row means, and what is wanted of each thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from undrift.applying.deciding import Deciding
from undrift.applying.known import Known
from undrift.applying.names import may_be_one
from undrift.applying.numbers import plain
from undrift.applying.said import Many, Said
from undrift.applying.wants import Want
from undrift.children.facts import ENTITY, Thing
from undrift.children.models import AllocationPart, Child, Conference, Family
from undrift.children.models.family import Sex
from undrift.engine.dates.moments import london_date
from undrift.intake.extract import ChildRow, Extract, InFile
from undrift.intake.findings import reject
from undrift.intake.plan_rules import place_of


@dataclass
class Beside:
    """Filled by the comparisons of children, plans, conferences and core groups, in that order."""

    extract: Extract
    known: Known
    said: Said
    deciding: Deciding
    wants: dict[int, Want] = field(default_factory=dict)  # by the thing in memory, as the plans below
    had_before: dict[str, Child] = field(default_factory=dict)
    new_children: dict[str, Child] = field(default_factory=dict)
    new_plans: dict[int, list[Want]] = field(default_factory=dict)  # by the child in memory, who may be new
    new_families: list[Family] = field(default_factory=list)
    family_keys: dict[str, Family] = field(default_factory=dict)
    family_names: list[tuple[Child, str]] = field(default_factory=list)
    # Children, and plans on file, of whom the file says something, what was asked or left too.
    named: set[str] = field(default_factory=set)
    plans_met: set[int] = field(default_factory=set)
    # Plans that run, on file, beside which the file has another: it is asked about, and not begun.
    plans_replaced: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, extract: Extract, known: Known, said: Said) -> Beside:
        return cls(extract, known, said, Deciding(known, said))

    # Which child -----------------------------------------------------------------------------------------------------

    def child(self, row: InFile) -> Child | None:
        """The child whom a row means, new ones too; None where that cannot be said, and the row is left out.

        Said once for each row: ask once.
        """
        number = row.child_id
        exact = self.known.children.get(number) or self.new_children.get(number) or self.had_before.get(number)
        if exact is not None:
            self.named.add(exact.external_id)
            if number in self.of_others:
                self.said.beside(
                    reject(
                        place_of(row),
                        "the birth in the file, with the names or the sex, is another child's than those on file"
                        " under this number",
                        wanted="The child's own number; if it is one child, put the birth right on the child's page.",
                    )
                )
                return None
            return exact
        alike = self._alike(row.child_id)
        if not alike:
            self.said.one(
                reject(
                    place_of(row),
                    "no child with this number is on file",
                    wanted="A row for the child in the same file.",
                )
            )
            return None
        if len(alike) > 1 or self._born_otherwise(row.child_id, alike[0]):
            self.said.beside(
                reject(
                    place_of(row),
                    "the number differs from that of another child only in the way it is written",
                    wanted="The number as the case system writes it.",
                )
            )
            return None
        self.said.of_many(Many.WRITTEN, row, "", alike[0].external_id)
        self.named.add(alike[0].external_id)
        return alike[0]

    def before(self, row: ChildRow) -> None:
        """A number that is not on file means the child who, as the source says, had another before, and is on file.

        Met where both have one and the same birth; else asked about, for numbers of two kinds may be alike.
        """
        if self.is_known(row.child_id):
            return
        for former in row.former_ids:
            child = self.known.children.get(former)
            if child is not None and row.born is not None and child.date_of_birth == row.born:
                self.had_before[row.child_id] = child
                self.said.of_many(Many.BEFORE, row, "", former)
                return

    def is_known(self, number: str) -> bool:
        """Whether the number is that of a child on file or of one that comes in, however it is written."""
        return number in self.known.children or number in self.had_before or bool(self._alike(number))

    def _alike(self, number: str) -> list[Child]:
        bare = plain(number)
        known = {child.pk: child for child in self.known.by_plain_number.get(bare, ())}
        if known:
            return list(known.values())
        return [child for new, child in self.new_children.items() if plain(new) == bare] if self._double else []

    @cached_property
    def _double(self) -> bool:
        """Whether any child stands in the file under two ways of writing the number."""
        numbers = set(self.numbers())
        return len({plain(number) for number in numbers}) < len(numbers)

    def _born_otherwise(self, number: str, child: Child) -> bool:
        born = self.born.get(number)
        return born is not None and child.date_of_birth is not None and born != child.date_of_birth

    @cached_property
    def born(self) -> Mapping[str, date]:
        return {row.child_id: row.born for row in self.extract.children if row.born is not None}

    @cached_property
    def of_others(self) -> frozenset[str]:
        """Numbers under which the file has another child than the one on file: nobody becomes somebody else by a file.

        Another birth alone is a birth put right.
        """
        known = self.known.children
        rows = (row for row in self.extract.children if row.child_id in known)
        return frozenset(row.child_id for row in rows if _of_another(row, known[row.child_id]))

    def numbers(self) -> Iterable[str]:
        """Every child's number in the file, as it is written there."""
        return (row.child_id for row in self.extract.rows)

    def family_of(self, child: Child) -> int | None:
        """The number of the child's family as the file would have it; None for one that is new itself."""
        want = self.wants.get(id(child))
        number: int | None = want.held("family_id") if want is not None else child.family_id
        return number

    # What is wanted --------------------------------------------------------------------------------------------------

    def want(self, thing: Thing, key: str, about: list[Child]) -> Want:
        """What is wanted of the thing so far; the first time, nothing."""
        found = self.wants.get(id(thing))
        if found is None:
            entity = ENTITY[type(thing)]
            row = self.known.rows.get((entity, key))
            found = Want(entity=entity, thing=thing, key=key, about=about, row=row, new=thing.pk is None)
            self.wants[id(thing)] = found
        elif key and not found.key:
            found.key, found.row = key, self.known.rows.get((found.entity, key))
        return found

    def remembered(self, entity: str, key: str, things: Iterable[Any]) -> Any:
        """The thing that the source's own key became, among these; None where it became none of them."""
        row = self.known.rows.get((entity, key))
        return next((thing for thing in things if thing.pk == row.object_id), None) if row is not None else None

    def not_yet(self, day: date | None) -> bool:
        return day is not None and day > self.extract.as_at

    def person(self, row: InFile, child: Child, email: str, column: str) -> tuple[int, int | None] | None:
        """Somebody within the authority's reach, and their agency; said where the address is nobody's.

        Whoever is kept out of the record of a child of the family gets no part in it by a file.
        """
        if not email:
            return None
        found = self.known.people.get(email.strip().lower())
        if found is None:
            self.said.of_many(Many.PERSON, row, column)
        elif self.known.bars(child, found[0]):
            self.said.of_many(Many.KEPT_OUT, row, column)
            return None
        return found

    def is_of_another_name(self, email: str, name: str) -> bool:
        """Whether the address is somebody's who has another name: then nobody can say which of the two is meant."""
        return bool(email) and not may_be_one(name, self.known.names.get(email.strip().lower(), ""))

    def taker(
        self, row: InFile, child: Child, email: str, column: str, part: AllocationPart, now: int | None
    ) -> int | None:
        """Somebody who may have the part in the child; said where the address is of nobody who may.

        As by page: whoever holds such a post, never whoever brings the file in, and of a restricted child only those
        who are named for it. `now` is who has the part, and keeps it.
        """
        found = self.person(row, child, email, column)
        if found is None or found[0] == now:
            return found[0] if found is not None else None
        number, restricted = found[0], self.wants.get(id(child))
        if number in self.known.oneself:
            self.said.of_many(Many.ONESELF, row, column)
        elif number not in self.known.takers[part]:
            self.said.of_many(Many.NO_SUCH_POST, row, column)
        elif (restricted.held("restricted") if restricted else child.restricted) and (
            (child.pk, number) not in self.known.named
        ):
            self.said.of_many(Many.NOT_NAMED, row, column)
        else:
            return number
        return None


def _of_another(row: ChildRow, child: Child) -> bool:
    """Another birth, and both names too; where they cannot be compared, the sex too."""
    if row.born is None or child.date_of_birth is None or row.born == child.date_of_birth:
        return False
    names = [(row.first_name, child.first_name), (row.last_name, child.last_name)]
    if all(mine and theirs for mine, theirs in names):
        return all(mine.casefold() != theirs.casefold() for mine, theirs in names)
    stated = Sex.NOT_STATED not in (row.sex, child.sex)
    return stated and row.sex != child.sex and not any(mine and mine == theirs for mine, theirs in names)


def grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def day_of(conference: Conference) -> date:
    """The day on which it was held, or is planned for."""
    moment = conference.held_on or conference.planned_for
    assert moment is not None
    return london_date(moment)
