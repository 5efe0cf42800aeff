"""What is on file about a family: plans, conferences, key actions, midway checks. The first lock on all of them.

A fact is its reader's to see where the record of the child, or of one child of the family, is open to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value, prefetch_related_objects
from django.db.models.functions import Coalesce

from undrift.access.matrix import Action, Tie
from undrift.access.rows import children_seen
from undrift.access.scope import Scope, scope_of
from undrift.children.fact_words import NUMBERED, Named
from undrift.children.in_families import of_families
from undrift.children.models import (
    Child,
    Conference,
    CoreGroupMember,
    FactChange,
    Family,
    ImportedRow,
    KeyAction,
    LookedAfter,
    MidpointCheck,
    Plan,
    Voice,
)
from undrift.children.models.conference import ConferenceKind, KeyActionStatus
from undrift.children.other_records import goes_on_as, others_of
from undrift.engine.dates.moments import london_date
from undrift.library.numbers import LATE_REVIEW
from undrift.people.composed import DAY, MOMENT, NUMBER, Among, Known, composed, first, numbers, one_of
from undrift.people.models import Agency, Person, Unit
from undrift.record.models import Case, Kind
from undrift.record.sight import as_service

# Of one who has died nothing is waited for any more; of several children, while one of them lives.
_NAMED = KeyAction.children.through.objects.filter(keyaction=OuterRef("pk"))
OF_THE_LIVING = ~Exists(_NAMED.filter(child__died_on__isnull=False)) | Exists(_NAMED.filter(child__died_on=None))


# What is owed in these is counted there, with what files say laid over it: it is not asked for twice.
CYCLES = Case.objects.filter(kind=Kind.PLAN, ended_at=None)


@dataclass(frozen=True)
class Chaired:
    """How much there is of what one chairs."""

    children: int
    families: int
    late: int  # at their third review or later


@dataclass(frozen=True)
class FamilyFacts:
    """The facts that one person may see at one moment."""

    person: Person
    now: datetime

    @cached_property
    def scope(self) -> Scope:
        return scope_of(self.person, self.now)

    @property
    def today(self) -> date:
        return london_date(self.now)

    @property
    def children(self) -> QuerySet[Child]:
        return children_seen(self.scope)

    def of_families(self, families: Collection[int]) -> Sequence[Child]:
        """Who is in one of these families and is seen, the eldest first, each with the plan it is on. Two queries."""
        return note_live_plans(self.in_families(families))

    def in_families(self, families: Collection[int]) -> Sequence[Child]:
        """The same, without their plans. One query."""
        return _children_of(self.scope, families=list(families))

    def called(self, references: Collection[str]) -> Mapping[str, str]:
        """What the families of these references are called, of which a child is seen. One query, or none."""
        if not references:
            return {}
        seen = self.children.filter(family__reference__in=references).select_related("family")
        return {child.family.reference: str(child.family) for child in seen}

    # Plans -----------------------------------------------------------------------------------------------------------

    @property
    def plans(self) -> QuerySet[Plan]:
        return _plans(self.scope)

    @property
    def live_plans(self) -> QuerySet[Plan]:
        """Those that run; to be asked of children who are seen."""
        return Plan.objects.filter(ends=None)

    def chaired(self) -> Chaired:
        return Chaired(*(first(_chaired(self.scope)) or (0, 0, 0)))

    def last_plan(self, child: Child) -> Plan | None:
        """The one that began last, whether or not it runs."""
        return first(_last_plan(self.scope, child=child.pk))

    def as_at(self, plan: Plan) -> date | None:
        """Of which day the facts of a plan are, where an import brought them."""
        found = first(_imported_plan(self.scope, plan=plan.pk))
        return found.import_run.as_at if found is not None else None

    def latest_voice(self, child: Child) -> Voice | None:
        """What the child said last."""
        return first(_voice(self.scope, child=child.pk))

    # What became of each -------------------------------------------------------------------------------------------

    def changes(self, child: Child) -> QuerySet[FactChange]:
        """What became of the facts about a child, the latest first."""
        of_child = FactChange.objects.filter(child__in=self.children.filter(pk=child.pk).values("pk"))
        return of_child.select_related("by", "import_run").order_by("-id")

    def named_in(self, changes: Iterable[FactChange]) -> Named:
        """What the numbers in these are called: people, teams, agencies, and families of which a child is seen."""
        numbers: defaultdict[str, set[int]] = defaultdict(set)
        for change in changes:
            for value in (change.was, change.now):
                if change.field in NUMBERED:
                    numbers[NUMBERED[change.field]].update(int(one) for one in value.split(",") if one.isdigit())
        return Named(
            people=dict(Person.objects.filter(pk__in=numbers["person"]).values_list("pk", "name")),
            units=dict(Unit.objects.filter(pk__in=numbers["unit"]).values_list("pk", "name")),
            agencies=dict(Agency.objects.filter(pk__in=numbers["agency"]).values_list("pk", "name")),
            children={
                one.pk: f"child {one.external_id}"
                for one in self.children.filter(pk__in=numbers["child"]).exclude(external_id="")
            },
            families={
                one.family_id: str(one.family)
                for one in self.children.filter(family__in=numbers["family"]).select_related("family")
            },
        )

    # Looked after ----------------------------------------------------------------------------------------------------

    def looked_after(self, child: Child) -> LookedAfter | None:
        """Since when the child is looked after, and who reviews it; None where it is not."""
        return first(_looked_after(self.scope, child=child.pk))

    # Other records of the same child ---------------------------------------------------------------------------------

    def other_records(self, child: Child) -> list[Child]:
        """Those of the same child that are open to them."""
        return _other_records(self.scope, child=child.pk)

    def goes_on_as(self, child: Child) -> Child | None:
        """The record that goes on in place of this one, where it does not itself."""
        return goes_on_as(child)

    # Conferences -----------------------------------------------------------------------------------------------------

    @property
    def conferences(self) -> QuerySet[Conference]:
        return _conferences(self.scope)

    @property
    def planned_conferences(self) -> QuerySet[Conference]:
        """Neither held nor cancelled, the soonest first."""
        return _planned(self.scope)

    def conferences_between(self, begins: datetime, ends: datetime) -> QuerySet[Conference]:
        """Held or planned from one moment to before the other, cancelled ones too, the earliest first."""
        dated = self.conferences.annotate(on=Coalesce("held_on", "planned_for")).filter(on__gte=begins, on__lt=ends)
        return dated.select_related("family", "chair").order_by("on", "pk")

    def of_each(self, conferences: Iterable[Conference]) -> list[tuple[int, int]]:
        """The children seen whom these are about, council and child, for the trace of a list. One query."""
        about = self.children.filter(family__in={one.family_id for one in conferences})
        return list(about.values_list("authority_id", "pk"))

    def chaired_conferences(self, most: int, since: datetime, until: datetime) -> list[Conference]:
        """Those ahead that this person chairs, or somebody they cover for: planned before `until`, or initial ones."""
        return _chaired_conferences(self.scope, most, since=since, until=until)

    def initial_conference(self, family: int) -> Conference | None:
        """The one that was held or planned last, and not cancelled."""
        found = self.conferences.filter(family=family, kind=ConferenceKind.INITIAL, cancelled_at=None)
        return found.select_related("chair").order_by(Coalesce("held_on", "planned_for").desc()).first()

    def next_conference(self, family: int) -> Conference | None:
        return first(_next_conference(self.scope, family=family, now=self.now))

    def latest_conference(self, family: int) -> Conference | None:
        return self.conferences.filter(family=family, held_on__lte=self.now).order_by("-held_on").first()

    def latest_conferences(self) -> list[Conference]:
        """Of each family that this person chairs for or works with, the latest that was held; but of those whose plan
        cycle goes on here. One query.
        """
        return _latest_held(self.scope, now=self.now, today=self.today)

    def families_worked_with(self) -> frozenset[int]:
        """Those for a child of whom they are the allocated worker, or in whose core group they are. One query."""
        return frozenset(_families_worked(self.scope, today=self.today))

    # Key actions -----------------------------------------------------------------------------------------------------

    @property
    def waiting_key_actions(self) -> QuerySet[KeyAction]:
        """Those whose feedback is still waited for, the longest due first. None that names a child who is closed."""
        return _waiting_key_actions(self.scope)

    def chaired_key_actions(self, most: int) -> list[KeyAction]:
        """Those of conferences that this person chaired, or of children whose plan they chair; past their day."""
        found = _chaired_key_actions(self.scope, most, today=self.today)
        prefetch_related_objects(found, "children")
        return found

    def own_key_actions(self, most: int) -> list[KeyAction]:
        """Those on which feedback is waited for from this person, or from somebody they cover for, the first due first.

        Whoever was asked reads what was asked, of which children and by which conference, whether or not a record is
        open to them; of the family no more. At most four queries.
        """
        if Tie.OWES not in self.scope.ties(Action.LIST):
            return []
        asked = _own_key_actions(self.scope, most)
        if asked:
            with as_service():
                prefetch_related_objects(asked, "children", "family", "conference__chair")
        return asked

    def key_actions_of(self, family: Family, children: Sequence[Child]) -> list[KeyAction]:
        """Those of this family that name these children and no others, the latest first. At most two queries."""
        found = KeyAction.objects.filter(Exists(_NAMED), ~Exists(_NAMED.exclude(child__in=children)), family=family)
        rows = found.select_related("agency", "who").prefetch_related("children")
        return list(rows.order_by("-feedback_due", "-pk"))

    def waiting_key_action(self, family: Family) -> KeyAction | None:
        """The recommendation on which feedback has been due the longest."""
        return self.waiting_key_actions.filter(family=family).first()

    # Midway checks ---------------------------------------------------------------------------------------------------

    def midway_checks(self, plan: Plan) -> list[MidpointCheck]:
        return _checks(self.scope, plan=plan.pk)

    def chaired_midway_checks(
        self, most: int, *, since: date = date.min, until: date = date.max
    ) -> list[MidpointCheck]:
        """Those not done yet and due then, the soonest first; but of children whose plan cycle goes on here."""
        return _chaired_checks(self.scope, most, since=since, until=until)


# Composed once -------------------------------------------------------------------------------------------------------


def _plans(scope: Scope) -> QuerySet[Plan]:
    return Plan.objects.filter(child__in=children_seen(scope))


@composed(child=NUMBER)
def _last_plan(scope: Scope, child: Any) -> QuerySet[Plan]:
    named = _plans(scope).filter(child=child).select_related("chair", "team", "social_worker")
    return named.order_by("-starts")[:1]


@composed(plan=NUMBER)
def _imported_plan(scope: Scope, plan: Any) -> QuerySet[ImportedRow]:
    rows = ImportedRow.objects.filter(entity="plan", object_id__in=_plans(scope).filter(pk=plan).values("pk"))
    return rows.select_related("import_run").order_by("-last_seen")[:1]


@composed(child=NUMBER)
def _voice(scope: Scope, child: Any) -> QuerySet[Voice]:
    return Voice.objects.filter(child__in=children_seen(scope).filter(pk=child)).select_related("heard_by")[:1]


@composed(child=NUMBER)
def _looked_after(scope: Scope, child: Any) -> QuerySet[LookedAfter]:
    now = LookedAfter.objects.filter(child__in=children_seen(scope).filter(pk=child), ends=None)
    return now.select_related("iro")[:1]


@composed(child=NUMBER)
def _other_records(scope: Scope, child: Any) -> QuerySet[Child]:
    return children_seen(scope).filter(pk__in=others_of(child).values("pk")).order_by("pk")


def _conferences(scope: Scope) -> QuerySet[Conference]:
    return Conference.objects.filter(Exists(children_seen(scope).filter(family=OuterRef("family"))))


def _planned(scope: Scope) -> QuerySet[Conference]:
    return _conferences(scope).filter(held_on=None, cancelled_at=None).order_by("planned_for", "pk")


@composed(family=NUMBER, now=MOMENT)
def _next_conference(scope: Scope, family: Any, now: Any) -> QuerySet[Conference]:
    return _planned(scope).filter(family=family, planned_for__gte=now)[:1]


@composed(since=MOMENT, until=MOMENT)
def _chaired_conferences(scope: Scope, most: int, since: Any, until: Any) -> QuerySet[Conference]:
    soon = Q(planned_for__lt=until) | Q(kind=ConferenceKind.INITIAL)
    mine = _planned(scope).filter(soon, one_of("chair", scope.people), planned_for__gte=since)
    return mine.select_related("family")[:most]


def _chaired_plans(scope: Scope) -> QuerySet[Plan]:
    return _plans(scope).filter(one_of("chair", scope.people), ends=None)


@composed()
def _chaired(scope: Scope) -> QuerySet[Plan, tuple[int, int, int]]:
    late = Q(reviews_held__gte=LATE_REVIEW, child__died_on=None)
    counted = _chaired_plans(scope).order_by().values(of=Value(1)).annotate(
        number=Count("child", distinct=True), families=Count("child__family", distinct=True),
        late=Count("child", distinct=True, filter=late),
    )  # fmt: skip
    return counted.values_list("number", "families", "late")


def _worked(scope: Scope, today: Any) -> QuerySet[Family]:
    allocated = _plans(scope).filter(one_of("social_worker", scope.people), ends=None).values("child__family")
    group = CoreGroupMember.objects.filter(Q(ends=None) | Q(ends__gte=today), one_of("person", scope.people))
    return Family.objects.filter(Q(pk__in=allocated) | Q(pk__in=group.values("family")))


@composed(today=DAY)
def _families_worked(scope: Scope, today: Any) -> QuerySet[Family, int]:
    return _worked(scope, today).values_list("pk", flat=True)


@composed(now=MOMENT, today=DAY)
def _latest_held(scope: Scope, now: Any, today: Any) -> QuerySet[Conference]:
    cycle = Exists(CYCLES.filter(family=OuterRef("family")))
    theirs = Q(family__in=_chaired_plans(scope).values("child__family")) | Q(family__in=_worked(scope, today))
    held = _conferences(scope).filter(~cycle, theirs, held_on__lte=now)
    return held.select_related("family").order_by("family", "-held_on").distinct("family")


def _not_of_the_closed(found: QuerySet[KeyAction], scope: Scope) -> QuerySet[KeyAction]:
    if not scope.doors.closed_children:
        return found
    return found.filter(~Exists(_NAMED.filter(one_of("child", scope.doors.closed_children))))


def _waiting_key_actions(scope: Scope) -> QuerySet[KeyAction]:
    open_ones = Exists(children_seen(scope).filter(family=OuterRef("family")))
    found = KeyAction.objects.filter(open_ones, OF_THE_LIVING, status=KeyActionStatus.WAITING)
    return _not_of_the_closed(found, scope).order_by("feedback_due", "pk")


@composed(today=DAY)
def _chaired_key_actions(scope: Scope, most: int, today: Any) -> QuerySet[KeyAction]:
    # From their own conferences and children on, by number: a council has many more that wait.
    asked = KeyAction.objects.filter(one_of("conference__chair", scope.people)).values("pk")
    named = KeyAction.children.through.objects.filter(child__in=_chaired_plans(scope).values("child"))
    theirs = Q(Among(F("pk"), ArraySubquery(asked))) | Q(Among(F("pk"), ArraySubquery(named.values("keyaction"))))
    overdue = _waiting_key_actions(scope).filter(theirs, feedback_due__lt=today)
    return overdue.select_related("family", "agency", "who")[:most]


@composed()
def _own_key_actions(scope: Scope, most: int) -> QuerySet[KeyAction]:
    mine = KeyAction.objects.filter(OF_THE_LIVING, one_of("who", scope.people), status=KeyActionStatus.WAITING)
    return _not_of_the_closed(mine, scope).select_related("authority").order_by("feedback_due", "pk")[:most]


@composed(since=DAY, until=DAY)
def _chaired_checks(scope: Scope, most: int, since: Any, until: Any) -> QuerySet[MidpointCheck]:
    cycle = Exists(CYCLES.filter(about__child=OuterRef("plan__child")))
    of = {"plan__in": _chaired_plans(scope), "plan__child__died_on": None, "done_at": None}
    waiting = MidpointCheck.objects.filter(~cycle, due__gte=since, due__lte=until, **of)
    return waiting.select_related("plan__child__family").order_by("due", "pk")[:most]


@composed(plan=NUMBER)
def _checks(scope: Scope, plan: Any) -> QuerySet[MidpointCheck]:
    return MidpointCheck.objects.filter(plan__in=_plans(scope).filter(pk=plan)).order_by("due")


@composed(families=numbers)
def _children_of(scope: Scope, families: Any) -> QuerySet[Child]:
    there = children_seen(scope).filter(of_families(families)).select_related("family")
    return there.order_by("date_of_birth", "expected_birth", "pk")


@composed(children=numbers)
def _live_plans(children: Any) -> QuerySet[Plan]:
    live = Plan.objects.filter(one_of("child", children), ends=None)
    return live.select_related("chair", "team", "social_worker").order_by("-starts")


def note_live_plans(children: Sequence[Child]) -> Sequence[Child]:
    """These children, who are seen, each with the plan it is on. One query, or none."""
    plans: defaultdict[int, list[Plan]] = defaultdict(list)
    for plan in _live_plans(children=[child.pk for child in children]) if children else ():
        plans[plan.child_id].append(plan)
    for child in children:
        kept = vars(child).setdefault("_prefetched_objects_cache", {})
        kept["plans"] = Known.of(Plan, plans[child.pk])
    return children


def with_live_plans() -> Prefetch[str, QuerySet[Plan], str]:
    """For a queryset of children that are seen: the plan that each is on."""
    live = Plan.objects.filter(ends=None).select_related("chair", "team", "social_worker").order_by("-starts")
    return Prefetch("plans", live)


def plans_today(children: list[int], now: datetime) -> dict[int, Plan]:
    """Of children who were fetched: the plan that each is on today, by the child's number."""
    today = london_date(now)
    on_it = Plan.objects.filter(Q(ends=None) | Q(ends__gte=today), child__in=children, starts__lte=today)
    return {plan.child_id: plan for plan in on_it.order_by("starts")}
