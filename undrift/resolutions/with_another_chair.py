"""What is open about a child whom somebody chairs for, and another chair decides, for a brother or sister."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet

from undrift.access.rows import is_there, reach
from undrift.access.scope import Scope
from undrift.children.models import Plan
from undrift.people.composed import composed, numbers, one_of
from undrift.record.models import CaseChild
from undrift.resolutions.models import Resolution
from undrift.resolutions.owed import open_seen


def with_another_chair(scope: Scope, most: int) -> list[Resolution]:
    """The soonest due first. At most two queries."""
    reached = reach(scope)
    return list(_found(scope, reached is None, most, reached=reached))


@composed(reached=numbers)
def _found(scope: Scope, by_row: bool, most: int, reached: Any) -> QuerySet[Resolution]:
    theirs = Plan.objects.filter(one_of("chair", scope.people), ends=None).values("child")
    about = CaseChild.objects.filter(case=OuterRef("pk"), child__in=theirs)
    anothers = Q(chair=None) | ~one_of("chair", scope.people)
    found = open_seen(scope, by_row, reached).filter(anothers, is_there(about))
    return found.select_related("chair").order_by("due_at", "pk")[:most]
