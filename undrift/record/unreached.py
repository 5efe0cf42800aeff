"""Who has not been told by email, although it was tried as often as it makes sense to wait for."""

from __future__ import annotations

from undrift.library.numbers import TRIES_BEFORE_SAYING_SO
from undrift.record.models import Case, Notice


def not_reached(case: Case) -> tuple[str, ...]:
    """The names of those who have a message of this case still unsent after so many tries. One query."""
    unsent = Notice.objects.filter(case=case.pk, sent_at=None, attempts__gte=TRIES_BEFORE_SAYING_SO)
    names = unsent.order_by("to_person__name").values_list("to_person__name", flat=True)
    return tuple(dict.fromkeys(names))
