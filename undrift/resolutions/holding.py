"""A record is held once nobody lives of whom it is, and goes on where a death is taken back: written to its row.

Whoever said that a child has died is not asked to think of it. Any number of these may run at once.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from undrift.record.by_kind import ladder
from undrift.record.held import is_held, may_have_changed
from undrift.record.keeping import Busy, lock, worked_out
from undrift.record.models import Case, Kind, Notice
from undrift.record.sight import as_service
from undrift.record.writing import Change, write_all
from undrift.resolutions.models import Resolution
from undrift.resolutions.own_columns import own_columns


@as_service()
def hold(at: datetime | None = None, *, children: Collection[int] | None = None) -> int:
    """Bring the rows of what a child has died in line with that; how many were changed.

    Of `children` alone, where they are given. What somebody works on at the moment is left for the worker's next round.
    """
    chosen = Case.objects.filter(may_have_changed())
    if children is not None:
        chosen = chosen.filter(about__child__in=children)
    changed = 0
    for number, kind in set(chosen.values_list("pk", "kind")):
        try:
            with transaction.atomic():
                of = Resolution if kind == Kind.RESOLUTION else Case
                changed += _one(number, of, at, anyway=children is not None)
        except Busy:
            continue
    return changed


def _one(number: int, kind: type[Case], at: datetime | None, *, anyway: bool) -> bool:
    """What was to be sent about it and has not gone out is dropped, where nobody of whom it is lives.

    What is held already, or goes on already, is left as it is but where something was said of a child just now.
    """
    locked = lock(kind, number, wait=False)
    case, moment = locked.case, at or locked.now
    if locked.state.nobody_lives:
        Notice.objects.filter(case=number, sent_at=None, dropped_at=None).update(dropped_at=moment)
    if not anyway and is_held(case) == locked.state.nobody_lives:
        return False
    own = own_columns(locked.rules, ladder(locked.state)) if kind is Resolution else None
    write_all([Change(case, worked_out(locked, moment), own)])
    return True
