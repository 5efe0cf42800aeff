"""Which children are together: those of a family, and those who belong to it besides their own."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from undrift.children.models import AlsoInFamily, Child


def of_families(families: Collection[int]) -> Q:
    """Children whose family is one of these, or who are in one of them, too."""
    also = AlsoInFamily.objects.filter(family__in=families, ended_at=None)
    return Q(family__in=families) | Q(pk__in=also.values("child"))


def families_of(child: Child) -> list[int]:
    """The child's own, and those that it is in, too, in this order."""
    also = AlsoInFamily.objects.filter(child=child, ended_at=None).order_by("pk")
    return [child.family_id, *also.values_list("family_id", flat=True)]


def common_family(children: Collection[Child]) -> int | None:
    """A family that is the own one of one of these children, and in which all the others are, too; else None."""
    own = dict.fromkeys(child.family_id for child in children)
    if len(own) < 2:
        return next(iter(own), None)
    every = [set(families_of(child)) for child in children]
    return next((family for family in own if all(family in families for families in every)), None)
