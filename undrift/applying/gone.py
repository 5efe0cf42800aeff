"""Open plans that a whole list does not have any more, and children who may have come back under another number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from undrift.applying.beside import Beside, grouped
from undrift.applying.known import Known, among
from undrift.applying.numbers import plain
from undrift.applying.said import ONE_CHILD
from undrift.children.models import Child, ImportedRow, Plan
from undrift.intake.extract import Extract
from undrift.intake.findings import Finding, Place, warn
from undrift.intake.plan_rules import uk


class Absent(NamedTuple):
    """An open plan of which a file has told, and whose child has no row about a plan in this one."""

    number: str
    starts: date
    born: date | None
    sex: str
    first_name: str
    last_name: str


Absentee = tuple[date | None, date]  # a birth, and a plan's start


@dataclass
class Gone:
    """How many plans were open before the file, would end by it, and are missing from it; what is to be said.

    Of children who may be closed to whoever brings it in none is counted: whether so many end is asked of them, and
    would tell whether a plan is on file.

    Nothing is ended because it is absent: a list leaves out what is long past, and a report that failed all.
    """

    absent: dict[str, list[Absent]]
    open_before: int
    guarded: Mapping[str, int]
    ends: int = 0
    _another: list[Finding] = field(default_factory=list)
    _asked_about: list[str] = field(default_factory=list)
    _come: dict[Absentee, list[Child]] = field(default_factory=dict)
    _named: set[str] = field(default_factory=set)

    @classmethod
    def before(cls, extract: Extract, known: Known) -> Gone:
        """What is open before anything of the file is written."""
        in_file = frozenset(map(plain, extract.children_in_file))
        running = _open(known)
        younger = known.newest is not None and known.newest > extract.as_at
        absent: dict[str, list[Absent]] = {}
        if extract.whole and not younger:
            of_child = ("child__external_id", "starts", "child__date_of_birth", "child__sex")
            names = ("child__first_name", "child__last_name")
            rows = running.values_list("pk", *of_child, *names).iterator()
            found = {pk: Absent(*one) for pk, *one in rows if plain(one[0]) not in in_file}
            # What no file has told of is missing from none.
            told_of = ImportedRow.objects.filter(among("object_id", found), authority=known.authority, entity="plan")
            told = frozenset(told_of.values_list("object_id", flat=True))
            for one in (one for pk, one in found.items() if pk in told):
                absent.setdefault(one.number, []).append(one)
        shut = running.filter(child__in=set(known.guarded.values())).count() if known.guarded else 0
        return cls(absent, running.count() - shut, known.guarded)

    def part(self, beside: Beside) -> None:
        """What a part of the file says of open plans; before it is written."""
        extract, known = beside.extract, beside.known
        younger = known.newest is not None and known.newest > extract.as_at
        self._named |= beside.named & self.absent.keys()
        for number in beside.named:
            child = known.children.get(number)
            for plan in known.plans.get(child.pk, ()) if child is not None else ():
                if (plan.ends is not None and not beside.not_yet(plan.ends)) or beside.not_yet(plan.starts):
                    continue
                want = beside.wants.get(id(plan))
                if plain(number) not in self.guarded:
                    self.ends += want is not None and "ends" in want.values
                unmet = plan.pk not in beside.plans_met and extract.whole and not younger
                if unmet and plan.pk in beside.plans_replaced:
                    self._asked_about.append(number)
                elif unmet and child is not None and _named_again(beside, child, plan):
                    self._another.append(_another(child, plan))
        if self.absent:
            self._remember_new(beside)

    def _remember_new(self, beside: Beside) -> None:
        gone = {(one.born, one.starts) for plans in self.absent.values() for one in plans}
        for want in (want for wants in beside.new_plans.values() for want in wants):
            (child,) = want.about
            like = (child.date_of_birth, want.held("starts"))
            if child.pk is None and child.date_of_birth and like in gone:
                self._come.setdefault(like, []).append(child)

    @property
    def believed_missing(self) -> int:
        """Open plans that are missing, those of a child who has another plan in the file among them."""
        numbers = [
            *(one.place.child for one in self._another),
            *self._asked_about,
            *(one.number for one in self.missing),
        ]
        return sum(plain(number) not in self.guarded for number in numbers)

    @property
    def missing(self) -> list[Absent]:
        """Whoever is named in the file for something else is not missing."""
        return [one for number, plans in self.absent.items() if number not in self._named for one in plans]

    def findings(self) -> tuple[list[Finding], list[Finding]]:
        """All that is to be said; and what is asked besides."""
        missing = self.missing
        return [*self._another, *map(_missing, missing)], list(self._renumbered(missing))

    def _renumbered(self, missing: list[Absent]) -> Iterator[Finding]:
        """A new child has the birth, the plan's start and, as far as they are given, the names of one who is gone."""
        candidates = grouped(((one.born, one.starts), one) for one in missing)
        for like, children in self._come.items():
            for new in children:
                for one in (one for one in candidates.get(like, ()) if _could_be(new, one)):
                    found = warn(
                        Place(child=one.number),
                        f"missing, and child {new.external_id}, who is new, has the same birth and start of the plan",
                        wanted=ONE_CHILD,
                        did="Imported as another child; nothing was merged.",
                    )
                    yield replace(found, also=new.external_id)


def _open(known: Known) -> QuerySet[Plan]:
    running = Q(ends=None) | Q(ends__gt=known.as_at)
    return Plan.objects.filter(running, authority=known.authority, starts__lte=known.as_at).exclude(
        child__external_id=""
    )


def _named_again(beside: Beside, child: Child, plan: Plan) -> bool:
    """Whether the file has a plan of the child, and it is another one."""
    others = beside.known.plans.get(child.pk, ())
    return id(child) in beside.new_plans or any(one.pk in beside.plans_met for one in others if one is not plan)


def _another(child: Child, plan: Plan) -> Finding:
    return warn(
        Place(child=child.external_id),
        f"the plan that began {uk(plan.starts)} was open, and the list now gives another plan",
        did="Nothing was changed; give the earlier plan its end.",
    )


def _missing(one: Absent) -> Finding:
    return warn(
        Place(child=one.number),
        f"the plan that began {uk(one.starts)} was open and is now missing from the list",
        did="Nothing was changed; find out whether it has ended.",
    )


def _could_be(new: Child, old: Absent) -> bool:
    return all(
        not mine or not theirs or mine.casefold() == theirs.casefold()
        for mine, theirs in ((new.first_name, old.first_name), (new.last_name, old.last_name))
    ) and (new.sex == old.sex or "U" in (new.sex, old.sex))
