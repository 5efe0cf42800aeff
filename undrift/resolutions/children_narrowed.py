"""Children on a plan, or before one or after one, narrowed by their plan and by what is open about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet

from undrift.access.family_facts import FamilyFacts
from undrift.access.rows import visible_to
from undrift.children.models import Child
from undrift.children.months import add_months
from undrift.library.numbers import LATE_REVIEW, LONG_ON_PLAN
from undrift.people.models import Person
from undrift.record.models import CaseChild
from undrift.resolutions.models import Resolution


@dataclass(frozen=True, kw_only=True)
class ChildFilters:
    late_review: bool = False
    long_on_plan: bool = False
    again: bool = False  # not the first plan
    concern: Literal["", "with", "without"] = ""


def children_on_a_plan(person: Person, filters: ChildFilters, *, now: datetime) -> QuerySet[Child]:
    """The children on a plan whom this person may see and who fit.

    Where nothing is asked of the plan, also those whom a conference, a plan that has ended or an open concern ties to
    this person.
    """
    facts = FamilyFacts(person, now)
    shown = Q(Exists(facts.live_plans.filter(_fits(filters, facts), child=OuterRef("pk"))))
    doors = facts.scope.doors
    off_plan = doors.chaired_children | doors.invited_children
    if off_plan and not (filters.late_review or filters.long_on_plan or filters.again):
        shown |= Q(pk__in=off_plan)
    found = facts.children.filter(shown)
    if not filters.concern:
        return found
    seen = visible_to(Resolution, person, now, facts.scope).filter(ended_at=None)
    open_ones = Exists(CaseChild.objects.filter(child=OuterRef("pk"), case__in=seen.values("pk")))
    return found.filter(Q(open_ones) if filters.concern == "with" else ~Q(open_ones))


def _fits(filters: ChildFilters, facts: FamilyFacts) -> Q:
    fits = Q()
    if filters.late_review:
        fits &= Q(reviews_held__gte=LATE_REVIEW)
    if filters.long_on_plan:
        fits &= Q(starts__lt=add_months(facts.today, -LONG_ON_PLAN))
    if filters.again:
        fits &= Q(previous_plans__gte=1)
    return fits
