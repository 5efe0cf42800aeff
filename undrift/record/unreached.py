"""Who has not been told by email, although it was tried as often as it makes sense to wait for."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from undrift.library.numbers import TRIES_BEFORE_SAYING_SO
from undrift.people.composed import NUMBER, composed
from undrift.record.models import Case, Notice


def not_reached(case: Case) -> tuple[str, ...]:
    """The names of those who have a message of this case still unsent after so many tries. One query."""
    return tuple(dict.fromkeys(_names(case=case.pk)))


@composed(case=NUMBER)
def _names(case: Any) -> QuerySet[Notice, str]:
    unsent = Notice.objects.filter(case=case, sent_at=None, dropped_at=None, attempts__gte=TRIES_BEFORE_SAYING_SO)
    return unsent.order_by("to_person__name").values_list("to_person__name", flat=True)
