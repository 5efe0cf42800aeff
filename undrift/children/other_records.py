"""The other records of one child, where somebody has said that there are some."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from undrift.children.models import Child, SameChild
from undrift.people.composed import NUMBER, composed, first

NOW = Q(same=True, undone_at=None)


def other_records(child: Child) -> QuerySet[Child]:
    """Of which somebody said that they are of the same child, and has not taken it back."""
    return others_of(child.pk)


def others_of(child: Any) -> QuerySet[Child]:
    """The same by the child's number, or by a place for it."""
    said = SameChild.objects.filter(NOW)
    keeps = said.filter(Q(kept=child) | Q(other=child)).values("kept")
    group = said.filter(kept__in=keeps)
    return Child.objects.filter(Q(pk__in=group.values("kept")) | Q(pk__in=group.values("other"))).filter(~Q(pk=child))


def goes_on_as(child: Child) -> Child | None:
    """The record that goes on in place of this one; None where this one does."""
    said = first(_kept_of(other=child.pk))
    return said.kept if said is not None else None


@composed(other=NUMBER)
def _kept_of(other: Any) -> QuerySet[SameChild]:
    return SameChild.objects.filter(NOW, other=other).select_related("kept").order_by("pk")[:1]
