"""Who said what has become of a child, or which file: as the history of a concern says it, to whoever reads that.

Why somebody said so stands in the child's own history alone, as not everybody who reads the concern reads that.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from undrift.children import fact_words
from undrift.children.models import Entity, FactChange, Plan
from undrift.record.children_given import Part, why_left


def who_gave(part: Part, to: int, children: Collection[int], before: str) -> str:
    """Why these children have that chair, worker or team: a sentence; "" where nothing on file says it."""
    of = Q(field=part, now=str(to)) | Q(
        field="", entity=Entity.PLAN, object_id__in=Plan.objects.filter(**{part: to}).values("pk")
    )
    change = _latest(of, children)
    if change is not None and before and change.why == why_left(before):
        return change.why
    return _said(change)


def who_ended_the_plan(child: int, on: date) -> str:
    """Who said that the child's plan ended on that day: a sentence; "" where nothing on file says it."""
    ended = Plan.objects.filter(child=child, ends=on).values("pk")
    of = Q(field="ends", now=on.isoformat()) | Q(field="", entity=Entity.PLAN, object_id__in=ended)
    return _said(_latest(of, [child]))


def who_took_the_end_back(child: int, day: date) -> str:
    """Who said that the child's plan, which runs that day, had not ended: a sentence; "" where nothing on file says
    it.
    """
    runs = Plan.objects.filter(Q(ends=None) | Q(ends__gte=day), child=child).values("pk")
    return _said(_latest(Q(field="ends", entity=Entity.PLAN, object_id__in=runs) & ~Q(was=""), [child]))


def _latest(of: Q, children: Collection[int]) -> FactChange | None:
    found = FactChange.objects.filter(of, child__in=children).select_related("by", "import_run")
    return found.order_by("-id").first()


def _said(change: FactChange | None) -> str:
    return f"Said by {fact_words.said_by(change)}" if change is not None else ""
