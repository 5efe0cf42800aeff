"""The other records of one child, where somebody has said that there are some."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from undrift.children.models import Child, SameChild

NOW = Q(same=True, undone_at=None)


def other_records(child: Child) -> QuerySet[Child]:
    """Of which somebody said that they are of the same child, and has not taken it back."""
    said = SameChild.objects.filter(NOW)
    keeps = said.filter(Q(kept=child) | Q(other=child)).values("kept")
    group = said.filter(kept__in=keeps)
    return Child.objects.filter(Q(pk__in=group.values("kept")) | Q(pk__in=group.values("other"))).exclude(pk=child.pk)


def goes_on_as(child: Child) -> Child | None:
    """The record that goes on in place of this one; None where this one does."""
    said = SameChild.objects.filter(NOW, other=child).select_related("kept").first()
    return said.kept if said is not None else None
