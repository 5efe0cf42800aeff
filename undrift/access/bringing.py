"""The children of a council as whoever brings them in has them: whom each has, and who lacks somebody. The first lock.

They need not be allowed to open a record: an administrator has the number in the case system, and never a name. A
restricted child is theirs only while they are named for it; of others they learn how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from undrift.access.fetching import NotFound, turned_away
from undrift.access.matrix import Action, Tie, matrix
from undrift.access.models import Look
from undrift.access.rows import children_visible_to
from undrift.access.scope import Scope, roles_of_people, scope_of
from undrift.children.in_families import families_of, of_families
from undrift.children.models import (
    Allocation,
    AllocationPart,
    AlsoInFamily,
    Child,
    Conference,
    CoreGroupMember,
    LookedAfter,
    Plan,
    SameChild,
)
from undrift.children.other_records import NOW, kept_beside
from undrift.engine.dates.moments import london_date
from undrift.library.numbers import UNDONE_SHOWN
from undrift.people.composed import NUMBER, composed
from undrift.people.models import Authority, Holding, Person, Unit
from undrift.people.roster import in_reach
from undrift.record.allocations import planned_initials, takers, workers_invited
from undrift.record.families import core_group
from undrift.record.off_plan import WORKERS
from undrift.record.sight import as_bringer, as_service


@dataclass(frozen=True)
class Placed:
    """Whom one child has, on the plan or before it. `name` is "" for whoever may not open the record."""

    child: Child
    name: str
    plan: Plan | None
    chair: Person | None
    worker: Person | None
    team: Unit | None
    ahead: tuple[Allocation, ...] = ()
    initial: Conference | None = None

    @property
    def number(self) -> str:
        return number_of(self.child)

    @property
    def called(self) -> str:
        return self.name or self.number

    def has(self, part: AllocationPart) -> Person | Unit | None:
        return {"chair": self.chair, "social_worker": self.worker, "team": self.team}[part.value]


def number_of(child: Child) -> str:
    return f"Child {child.external_id}" if child.external_id else f"Child without a number ({child.public_id})"


@dataclass(frozen=True, kw_only=True)
class Which:
    """What the list is narrowed to: who lacks somebody, whom they have, of which family (by reference); who is on no
    plan.
    """

    lacks: AllocationPart | None = None
    has: Mapping[AllocationPart, int] = field(default_factory=dict)
    family: str = ""
    elsewhere: bool = False  # on no plan, and before none


@dataclass(frozen=True)
class Lacking:
    """How many children have nobody in a part; and how many of them, besides, are closed to the reader."""

    open: int
    closed: int

    @property
    def all(self) -> int:
        return self.open + self.closed


@dataclass(frozen=True)
class Bringer:
    """Somebody who brings in the children of their council, at one moment."""

    person: Person
    authority: Authority
    now: datetime

    @cached_property
    def scope(self) -> Scope:
        return scope_of(self.person, self.now)

    @property
    def today(self) -> date:
        return london_date(self.now)

    # Which ---------------------------------------------------------------------------------------------------------

    def within_reach(self) -> QuerySet[Child]:
        """All of the council's that are not closed to them. Ask within `as_bringer`."""
        reached = children_visible_to(self.person, self.now, self.scope, Action.BRING)
        if Tie.NAMED in self.scope.ties(Action.CHILD) and (named := self.scope.doors.named_children - self._closed):
            reached |= Child.objects.filter(authority=self.authority, restricted=True, pk__in=named)
        return reached

    def allocated(self) -> QuerySet[Child]:
        """Those within reach who are on a plan, or whose initial conference is planned. Ask within `as_bringer`.

        Of several records of one child, the one that goes on.
        """
        return self.within_reach().filter(ON_A_PLAN | BEFORE_ONE, ~KEPT_BESIDE)

    def narrowed(self, which: Which) -> QuerySet[Child]:
        """Those of the allocated who fit. Ask within `as_bringer`."""
        found = (
            self.within_reach().filter(~(ON_A_PLAN | BEFORE_ONE), ~KEPT_BESIDE) if which.elsewhere else self.allocated()
        )
        if which.lacks is not None:
            found = found.filter(lacks(which.lacks, self.today))
        for part, number in which.has.items():
            found = found.filter(_has(part, number))
        if which.family:
            found = found.filter(family__reference=which.family)
        return found.annotate(on_it_since=Subquery(RUNNING.values("starts")[:1]))

    def having(self) -> Mapping[AllocationPart, list[tuple[str, str]]]:
        """Who has children of the council today, in each part, by number and name."""
        running = Plan.objects.filter(authority=self.authority, ends=None).order_by()
        found = {}
        with as_bringer():
            for part in AllocationPart:
                held = running.exclude(**{part.value: None}).values_list(part.value, f"{part.value}__name").distinct()
                found[part] = sorted(((str(number), name) for number, name in held), key=lambda one: one[1])
        return found

    def takers(self, part: AllocationPart) -> list[tuple[str, str]]:
        """Who could have children in that part, by number and name: nobody who is the reader, or for whom they are."""
        with as_service():
            return [(str(one.pk), one.name) for one in takers(self.authority, part, self.today) if one != self.person]

    def lacking(self) -> Mapping[AllocationPart, Lacking]:
        """How many children have no chair, no worker, no team. Seven queries at most: first, who lacks one."""
        with as_service():
            return self._lacking()

    def to_mend(self) -> tuple[Mapping[AllocationPart, Lacking], int]:
        """The same, and how much could not be done on its day, of late. Ask within `as_service`."""
        return self._lacking(), self._not_done().count()

    def _lacking(self) -> Mapping[AllocationPart, Lacking]:
        lack = self._lack_on_a_plan()
        for part, children in self._lack_before_one().items():
            lack[part] |= children
        every = frozenset[int]().union(*lack.values())
        beside = kept_beside(every) if every else frozenset[int]()
        lack, every = {part: found - beside for part, found in lack.items()}, every - beside
        reached = set(self.within_reach().filter(pk__in=every).values_list("pk", flat=True)) if every else set()
        return {part: Lacking(len(found & reached), len(found - reached)) for part, found in lack.items()}

    def _lack_on_a_plan(self) -> dict[AllocationPart, set[int]]:
        rows = _plans_that_lack(authority=self.authority.pk)
        return {part: {child for child, *has in rows if has[n] is None} for n, part in enumerate(AllocationPart)}

    def _lack_before_one(self) -> dict[AllocationPart, set[int]]:
        """Of the few families whose initial conference is planned."""
        initial = {one.family_id: one for one in reversed(_initials_of(authority=self.authority.pk))}
        if not initial:
            return {}
        children = self._all.filter(family__in=initial, died_on=None).values_list("pk", "family")
        on_it = set(Plan.objects.filter(child__family__in=initial, ends=None).values_list("child", flat=True))
        off_plan = [(child, initial[family]) for child, family in children if child not in on_it]
        with_worker = set(_workers(self.today).filter(person__conferences__in=initial.values())
                          .values_list("person__conferences", flat=True))  # fmt: skip
        return {
            AllocationPart.CHAIR: {child for child, conference in off_plan if conference.chair_id is None},
            AllocationPart.SOCIAL_WORKER: {child for child, conference in off_plan if conference.pk not in with_worker},
        }

    @property
    def _all(self) -> QuerySet[Child]:
        return Child.objects.filter(authority=self.authority)

    @property
    def _closed(self) -> frozenset[int]:
        return self.scope.doors.closed_children

    # How they stand ------------------------------------------------------------------------------------------------

    def placed(self, children: Iterable[Child]) -> list[Placed]:
        """How each of these stands, in their order; they were found through this. Five queries."""
        shown = list(children)
        named = set(children_visible_to(self.person, self.now, self.scope).filter(pk__in=_numbers(shown))
                    .values_list("pk", flat=True)) if self.scope.has(Action.CHILD) else set()  # fmt: skip
        with as_bringer():
            plans = {plan.child_id: plan for plan in _running(shown)}
            off_plan = [child for child in shown if child.pk not in plans]
            initial = {one.family_id: one for one in reversed(_initial_of(off_plan))} if off_plan else {}
            workers = workers_invited(initial.values(), self.today)
            ahead: dict[int, list[Allocation]] = {}
            for one in _ahead(shown):
                ahead.setdefault(one.child_id, []).append(one)
        return [
            _placed(
                child,
                str(child) if child.pk in named else "",
                plans.get(child.pk),
                initial.get(child.family_id) if child.pk not in plans else None,
                workers,
                ahead.get(child.pk, ()),
            )
            for child in shown
        ]

    # One -----------------------------------------------------------------------------------------------------------

    def one(self, public_id: str, page: str) -> Placed:
        """One child of the council, which leaves a trace. Refuses with `NotFound`, which leaves one, too."""
        with as_bringer():
            found = self.within_reach().select_related("family").filter(public_id=public_id).first()
        if found is None:
            turned_away(self.person, public_id, page=page)
            raise NotFound(public_id)
        Look.objects.create(
            authority_id=self.authority.pk, person=self.person.pk, name=self.person.name, at=self.now, page=page,
            children=[found.pk], how=Tie.WHOLE.name.lower(),
        )  # fmt: skip
        return self.placed([found])[0]

    def said_of_records(self, child: Child) -> list[SameChild]:
        """What stands about other records of this child that they reach: of one child, or of two."""
        with as_bringer():
            said = SameChild.objects.filter(Q(kept=child) | Q(other=child), undone_at=None)
            return list(said.select_related("kept", "other", "by").order_by("pk"))

    def looked_after(self, child: Child) -> list[LookedAfter]:
        """The times at which a child whom they reach was looked after, the latest first."""
        with as_bringer():
            return list(LookedAfter.objects.filter(child=child).select_related("iro").order_by("-starts"))

    def also_in(self, child: Child) -> list[AlsoInFamily]:
        """The families in which a child is besides its own, of which they reach somebody."""
        with as_bringer():
            said = AlsoInFamily.objects.filter(child=child, ended_at=None).select_related("by", "family")
            return list(said.order_by("pk"))

    def plans(self, child: Child) -> list[Plan]:
        """All of a child whom they reach, the latest first."""
        with as_bringer():
            return list(Plan.objects.filter(child=child).order_by("-starts"))

    def chosen(self, public_ids: Iterable[str]) -> list[Placed]:
        """Those of these whom they reach, by number."""
        with as_bringer():
            found = list(self.within_reach().filter(public_id__in=list(public_ids)).order_by("external_id", "pk"))
        return self.placed(found)

    def siblings(self, child: Child) -> list[Placed]:
        """The other children of the family, and of a second one, whom they reach."""
        with as_bringer():
            there = self.within_reach().filter(of_families(families_of(child)), ~KEPT_BESIDE)
            found = list(there.exclude(pk=child.pk).order_by("pk"))
        return self.placed(found)

    def has_siblings(self, child: Child) -> bool:
        """Whether the family has another child, whoever that is."""
        with as_service():
            return Child.objects.filter(family=child.family_id).exclude(pk=child.pk).exists()

    def numbered(self, number: str) -> Child | None:
        """The child of that number in the case system whom they reach."""
        with as_bringer():
            return self.within_reach().filter(external_id=number).exclude(external_id="").first()

    def people(self) -> list[Person]:
        """Who could be in a core group by account: whoever here, or shared, could read what they are told of."""
        here = Person.objects.filter(in_reach(self.authority), is_active=True, leaves_on=None)
        people = list(here.select_related("agency").order_by("name", "pk"))
        roles = roles_of_people([person.pk for person in people], self.today)
        return [one for one in people if Tie.TOLD in matrix().ties(roles.get(one.pk, ()), Action.READ)]

    def core_group(self, child: Child) -> list[CoreGroupMember]:
        with as_bringer():
            return list(core_group(child, self.today))

    def not_done(self) -> list[Allocation]:
        """What could not be done on its day, of late, and is of a child within reach; the latest first."""
        with as_bringer():
            return list(self._not_done().select_related("child", "person", "unit").order_by("-ended_at", "pk")[:20])

    def _not_done(self) -> QuerySet[Allocation]:
        return Allocation.objects.filter(
            authority=self.authority, done_at=None, ended_by=None, ended_at__gte=self.now - UNDONE_SHOWN,
            child__in=self.within_reach().values("pk"),
        )  # fmt: skip


# Who lacks somebody ---------------------------------------------------------------------------------------------------


@composed(authority=NUMBER)
def _plans_that_lack(authority: Any) -> QuerySet[Plan, tuple[Any, ...]]:
    """The child of each, and whom it has in each part."""
    nobody = reduce(or_, (Q(**{part.value: None}) for part in AllocationPart))
    running = Plan.objects.filter(nobody, ends=None, authority=authority, child__died_on=None).order_by()
    return running.values_list("child", *(part.value for part in AllocationPart))


@composed(authority=NUMBER)
def _initials_of(authority: Any) -> QuerySet[Conference]:
    return planned_initials().filter(authority=authority)


def _plan(**of: object) -> Exists:
    return Exists(Plan.objects.filter(child=OuterRef("pk"), ends=None, **of))


def _conference(which: QuerySet[Conference]) -> Q:
    return ~Q(_plan()) & Q(Exists(which.filter(family=OuterRef("family"))))


def _has(part: AllocationPart, number: int) -> Q:
    before = Q()
    if part is AllocationPart.CHAIR:
        before = _conference(planned_initials().filter(chair=number))
    elif part is AllocationPart.SOCIAL_WORKER:
        before = _conference(planned_initials().filter(participants=number))
    return Q(_plan(**{part.value: number})) | before if before else Q(_plan(**{part.value: number}))


RUNNING = Plan.objects.filter(child=OuterRef("pk"), ends=None).order_by("-starts")
ON_A_PLAN = Q(_plan())
KEPT_BESIDE = Q(Exists(SameChild.objects.filter(NOW, other=OuterRef("pk"))))
BEFORE_ONE = _conference(planned_initials())


def lacks(part: AllocationPart, day: date) -> Q:
    """Nobody in that part, on the plan or before it. Before it, the team is the worker's, and is not asked for.

    Whoever has died lacks nobody.
    """
    return Q(died_on=None) & _lacks(part, day)


def _lacks(part: AllocationPart, day: date) -> Q:
    on_it = Q(_plan(**{part.value: None}))
    match part:
        case AllocationPart.CHAIR:
            return on_it | _conference(planned_initials().filter(chair=None))
        case AllocationPart.SOCIAL_WORKER:
            invited = _workers(day).values("person")
            return on_it | _conference(planned_initials().exclude(participants__in=invited))
    return on_it


def _workers(day: date) -> QuerySet[Holding]:
    live = Q(ends=None) | Q(ends__gte=day)
    return Holding.objects.filter(live, starts__lte=day, post__slug__in=WORKERS)


def _placed(
    child: Child,
    name: str,
    plan: Plan | None,
    initial: Conference | None,
    workers: Mapping[int, Holding],
    ahead: Iterable[Allocation],
) -> Placed:
    if plan is not None:
        return Placed(child, name, plan, plan.chair, plan.social_worker, plan.team, tuple(ahead))
    held = workers.get(initial.pk) if initial is not None else None
    return Placed(
        child, name, None, initial.chair if initial else None, held.person if held else None,
        held.post.unit if held else None, tuple(ahead), initial,
    )  # fmt: skip


# Workings -------------------------------------------------------------------------------------------------------------


def _numbers(children: Iterable[Child]) -> list[int]:
    return [child.pk for child in children]


def _running(children: Iterable[Child]) -> QuerySet[Plan]:
    plans = Plan.objects.filter(child__in=_numbers(children), ends=None)
    return plans.select_related("chair", "social_worker", "team").order_by("starts")


def _initial_of(children: Iterable[Child]) -> list[Conference]:
    """The last one of a family first."""
    return list(planned_initials().filter(family__in={child.family_id for child in children}).select_related("chair"))


def _ahead(children: Iterable[Child]) -> QuerySet[Allocation]:
    ahead = Allocation.objects.filter(child__in=_numbers(children), done_at=None, ended_at=None)
    return ahead.select_related("person", "unit", "by").order_by("from_day", "pk")
