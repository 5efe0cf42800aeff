"""Which children are together: those of a family, and those who belong to it besides their own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from undrift.children.models import AlsoInFamily, Child
from undrift.people.composed import NUMBER, Place, composed, one_of


def of_families(families: Collection[int] | Place) -> Q:
    """Children whose family is one of these, or who are in one of them, too."""
    also = AlsoInFamily.objects.filter(one_of("family", families), ended_at=None)
    return one_of("family", families) | Q(pk__in=also.values("child"))


def families_of(child: Child) -> list[int]:
    """The child's own, and those that it is in, too, in this order."""
    return [child.family_id, *_also_in(child=child.pk)]


@composed(child=NUMBER)
def _also_in(child: Any) -> QuerySet[AlsoInFamily, int]:
    return AlsoInFamily.objects.filter(child=child, ended_at=None).order_by("pk").values_list("family_id", flat=True)


def common_family(children: Collection[Child]) -> int | None:
    """A family that is the own one of one of these children, and in which all the others are, too; else None."""
    own = dict.fromkeys(child.family_id for child in children)
    if len(own) < 2:
        return next(iter(own), None)
    every = [set(families_of(child)) for child in children]
    return next((family for family in own if all(family in families for families in every)), None)
