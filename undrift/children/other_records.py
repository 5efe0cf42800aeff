"""The other records of one child, where somebody has said that there are some."""

from __future__ import annotations

from collections.abc import Iterable
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


def of_several(children: Iterable[int]) -> dict[int, bool]:
    """Those of these, by number, that are one of several records of a child: whether it is the one that goes on. One
    query.
    """
    asked = set(children)
    said = SameChild.objects.filter(NOW).filter(Q(kept__in=asked) | Q(other__in=asked)).values_list("kept", "other")
    found = dict.fromkeys((kept for kept, _ in said), True) | dict.fromkeys((other for _, other in said), False)
    return {number: goes_on for number, goes_on in found.items() if number in asked}


def kept_beside(children: Iterable[int]) -> frozenset[int]:
    """Those of these records, by number, in place of which another one goes on. One query."""
    return frozenset(number for number, goes_on in of_several(children).items() if not goes_on)


@composed(other=NUMBER)
def _kept_of(other: Any) -> QuerySet[SameChild]:
    return SameChild.objects.filter(NOW, other=other).select_related("kept").order_by("pk")[:1]
