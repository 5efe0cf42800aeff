"""The list of children, and what it is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from undrift.children.models import Child, Plan
from undrift.children.months import add_months
from undrift.children.plan_words import LATE_REVIEW
from undrift.desks.worklist.filters import Narrowing
from undrift.record.models import CaseChild
from undrift.resolutions.models import Resolution

LONG = 15  # months: the length at which the policies and the sector look again
REVIEWS = (("third", "Third review or later"),)
LENGTHS = (("long", f"Over {LONG} months"),)
PLANS = (("again", "Second plan or later"),)
CONCERNS = (("with", "With an open resolution"), ("without", "Without one"))


class ChildrenForm(Narrowing):
    def __init__(self, data: Mapping[str, str]) -> None:
        super().__init__(
            data,
            (
                ("review", "Review", REVIEWS),
                ("length", "Time on the plan", LENGTHS),
                ("plan", "Plan", PLANS),
                ("concern", "Resolutions", CONCERNS),
            ),
        )

    def narrow(self, children: QuerySet[Child], seen: QuerySet[Resolution], today: date) -> QuerySet[Child]:
        """The children on a plan that fit; `seen` are the resolutions that the viewer may see."""
        asked = self.query()
        plans = Plan.objects.filter(child=OuterRef("pk"), ends=None)
        if "review" in asked:
            plans = plans.filter(reviews_held__gte=LATE_REVIEW)
        if "length" in asked:
            plans = plans.filter(starts__lt=add_months(today, -LONG))
        if "plan" in asked:
            plans = plans.filter(previous_plans__gte=1)
        found = children.filter(Exists(plans))
        if "concern" not in asked:
            return found
        open_ones = Exists(
            CaseChild.objects.filter(child=OuterRef("pk"), case__in=seen.filter(ended_at=None).values("pk"))
        )
        return found.filter(Q(open_ones) if asked["concern"] == "with" else ~Q(open_ones))
