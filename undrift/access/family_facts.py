"""What is on file about a family: plans, conferences, key actions, midway checks. The first lock on all of them.

A fact is its reader's to see where the record of the child, or of one child of the family, is open to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import Coalesce

from undrift.access.matrix import Action, Tie
from undrift.access.rows import Among, children_visible_to
from undrift.access.scope import Scope, scope_of
from undrift.children.fact_words import NUMBERED, Named
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
from undrift.children.other_records import goes_on_as, other_records
from undrift.engine.dates.moments import london_date
from undrift.library.numbers import LATE_REVIEW
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
        return children_visible_to(self.person, self.now, self.scope)

    def called(self, references: Collection[str]) -> Mapping[str, str]:
        """What the families of these references are called, of which a child is seen. One query, or none."""
        if not references:
            return {}
        seen = self.children.filter(family__reference__in=references).select_related("family")
        return {child.family.reference: str(child.family) for child in seen}

    # Plans -----------------------------------------------------------------------------------------------------------

    @property
    def plans(self) -> QuerySet[Plan]:
        return Plan.objects.filter(child__in=self.children)

    @property
    def live_plans(self) -> QuerySet[Plan]:
        """Those that run; to be asked of children who are seen."""
        return Plan.objects.filter(ends=None)

    @property
    def chaired_plans(self) -> QuerySet[Plan]:
        """Those that run and that this person, or somebody they cover for, chairs."""
        return self.plans.filter(chair__in=self.scope.people, ends=None)

    def chaired(self) -> Chaired:
        counted = self.chaired_plans.aggregate(
            children=Count("child", distinct=True),
            families=Count("child__family", distinct=True),
            late=Count("child", distinct=True, filter=Q(reviews_held__gte=LATE_REVIEW, child__died_on=None)),
        )
        return Chaired(**counted)

    def last_plan(self, child: Child) -> Plan | None:
        """The one that began last, whether or not it runs."""
        return (
            self.plans.filter(child=child).select_related("chair", "team", "social_worker").order_by("-starts").first()
        )

    def as_at(self, plan: Plan) -> date | None:
        """Of which day the facts of a plan are, where an import brought them."""
        rows = ImportedRow.objects.filter(entity="plan", object_id__in=self.plans.filter(pk=plan.pk).values("pk"))
        found = rows.select_related("import_run").order_by("-last_seen").first()
        return found.import_run.as_at if found is not None else None

    def latest_voice(self, child: Child) -> Voice | None:
        """What the child said last."""
        return Voice.objects.filter(child__in=self.children.filter(pk=child.pk)).select_related("heard_by").first()

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
        now = LookedAfter.objects.filter(child__in=self.children.filter(pk=child.pk), ends=None)
        return now.select_related("iro").first()

    # Other records of the same child ---------------------------------------------------------------------------------

    def other_records(self, child: Child) -> list[Child]:
        """Those of the same child that are open to them."""
        return list(self.children.filter(pk__in=other_records(child).values("pk")).order_by("pk"))

    def goes_on_as(self, child: Child) -> Child | None:
        """The record that goes on in place of this one, where it does not itself."""
        return goes_on_as(child)

    # Conferences -----------------------------------------------------------------------------------------------------

    @property
    def conferences(self) -> QuerySet[Conference]:
        return Conference.objects.filter(Exists(self.children.filter(family=OuterRef("family"))))

    @property
    def planned_conferences(self) -> QuerySet[Conference]:
        """Neither held nor cancelled, the soonest first."""
        return self.conferences.filter(held_on=None, cancelled_at=None).order_by("planned_for", "pk")

    def chaired_conferences(self, until: datetime) -> QuerySet[Conference]:
        """Those that this person chairs, or somebody they cover for: planned before that moment, or initial ones."""
        soon = Q(planned_for__lt=until) | Q(kind=ConferenceKind.INITIAL)
        return self.planned_conferences.filter(soon, chair__in=self.scope.people).select_related("family")

    def initial_conference(self, family: int) -> Conference | None:
        """The one that was held or planned last, and not cancelled."""
        found = self.conferences.filter(family=family, kind=ConferenceKind.INITIAL, cancelled_at=None)
        return found.select_related("chair").order_by(Coalesce("held_on", "planned_for").desc()).first()

    def next_conference(self, family: int) -> Conference | None:
        return self.planned_conferences.filter(family=family, planned_for__gte=self.now).first()

    def latest_conference(self, family: int) -> Conference | None:
        return self.conferences.filter(family=family, held_on__lte=self.now).order_by("-held_on").first()

    def latest_conferences(self) -> QuerySet[Conference]:
        """Of each family that this person chairs for or works with, the latest that was held; but of those whose plan
        cycle goes on here. One query.
        """
        chaired = self.chaired_plans.values("child__family")
        cycle = Exists(CYCLES.filter(family=OuterRef("family")))
        theirs = Q(family__in=chaired) | Q(family__in=self._worked)
        held = self.conferences.filter(~cycle, theirs, held_on__lte=self.now)
        return held.select_related("family").order_by("family", "-held_on").distinct("family")

    def families_worked_with(self) -> frozenset[int]:
        """Those for a child of whom they are the allocated worker, or in whose core group they are. One query."""
        return frozenset(self._worked.values_list("pk", flat=True))

    @property
    def _worked(self) -> QuerySet[Family]:
        mine = self.scope.people
        allocated = self.plans.filter(social_worker__in=mine, ends=None).values("child__family")
        group = CoreGroupMember.objects.filter(Q(ends=None) | Q(ends__gte=self.today), person__in=mine)
        return Family.objects.filter(Q(pk__in=allocated) | Q(pk__in=group.values("family")))

    # Key actions -----------------------------------------------------------------------------------------------------

    @property
    def waiting_key_actions(self) -> QuerySet[KeyAction]:
        """Those whose feedback is still waited for, the longest due first. None that names a child who is closed."""
        open_ones = Exists(self.children.filter(family=OuterRef("family")))
        found = KeyAction.objects.filter(open_ones, OF_THE_LIVING, status=KeyActionStatus.WAITING)
        if self.scope.doors.closed_children:
            found = found.exclude(children__in=self.scope.doors.closed_children)
        return found.order_by("feedback_due", "pk")

    def chaired_key_actions(self) -> QuerySet[KeyAction]:
        """Those of conferences that this person chaired, or of children whose plan they chair; past their day."""
        # From their own conferences and children on, by number: a council has many more that wait.
        asked = KeyAction.objects.filter(conference__chair__in=self.scope.people).values("pk")
        named = KeyAction.children.through.objects.filter(child__in=self.chaired_plans.values("child"))
        theirs = Q(Among(F("pk"), ArraySubquery(asked))) | Q(Among(F("pk"), ArraySubquery(named.values("keyaction"))))
        overdue = self.waiting_key_actions.filter(theirs, feedback_due__lt=self.today)
        return overdue.select_related("family", "agency", "who").prefetch_related("children")

    def own_key_actions(self, most: int) -> list[KeyAction]:
        """Those on which feedback is waited for from this person, or from somebody they cover for, the first due first.

        Whoever was asked reads what was asked, of which children and by which conference, whether or not a record is
        open to them; of the family no more. At most four queries.
        """
        if Tie.OWES not in self.scope.ties(Action.LIST):
            return []
        found = KeyAction.objects.filter(OF_THE_LIVING, who__in=self.scope.people, status=KeyActionStatus.WAITING)
        if self.scope.doors.closed_children:
            found = found.exclude(children__in=self.scope.doors.closed_children)
        asked = list(found.select_related("authority").order_by("feedback_due", "pk")[:most])
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
        return list(MidpointCheck.objects.filter(plan__in=self.plans.filter(pk=plan.pk)).order_by("due"))

    def chaired_midway_checks(self) -> QuerySet[MidpointCheck]:
        """Those not done yet, the soonest due first; but of children whose plan cycle goes on here."""
        cycle = Exists(CYCLES.filter(about__child=OuterRef("plan__child")))
        of = {"plan__in": self.chaired_plans, "plan__child__died_on": None, "done_at": None}
        waiting = MidpointCheck.objects.filter(~cycle, **of)
        return waiting.select_related("plan__child__family").order_by("due", "pk")


def with_live_plans() -> Prefetch[str, QuerySet[Plan], str]:
    """For a queryset of children that are seen: the plan that each is on."""
    live = Plan.objects.filter(ends=None).select_related("chair", "team", "social_worker").order_by("-starts")
    return Prefetch("plans", live)


def plans_today(children: list[int], now: datetime) -> dict[int, Plan]:
    """Of children who were fetched: the plan that each is on today, by the child's number."""
    today = london_date(now)
    on_it = Plan.objects.filter(Q(ends=None) | Q(ends__gte=today), child__in=children, starts__lte=today)
    return {plan.child_id: plan for plan in on_it.order_by("starts")}
