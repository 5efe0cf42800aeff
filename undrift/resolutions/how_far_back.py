"""How far back it can lie what an act says to have happened: as far as the plan of one of its children reaches.

A talk of the year before, typed with this plan, is a mistyped day or belongs to an earlier plan. Each field has a limit
of its own besides (`engine.dates.horizons`); this one is the child's.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Max, Q

from undrift.children.models import Child
from undrift.engine.dates.horizons import Earliest, of_the_child, of_the_plan
from undrift.engine.ladder import acts
from undrift.engine.ladder.days_told import days_told, too_early
from undrift.engine.refusal import Refusal
from undrift.record.sight import as_service


def refused(act: acts.Act, children: Collection[str], today: date, began: date | None = None) -> Refusal | None:
    """Why a day that the act tells of lies too far back for these children, at its field; None where none does.

    A record that `began` some time ago is of the plan of that time: another may have begun meanwhile. One query, where
    a day is told of that lies before it began.
    """
    first = began or today
    if all(told.day >= first for told in days_told(act)):
        return None
    earliest = _earliest(children, first)
    return too_early(act, earliest) if earliest is not None else None


def _earliest(children: Collection[str], first: date) -> Earliest | None:
    """Of the child of whom the longest ago may be told; None where of no child it is known."""
    numbers = [int(child) for child in children if child.isdigit()]
    began = Max("plans__starts", filter=Q(plans__starts__lte=first))
    rows = Child.objects.filter(pk__in=numbers).annotate(began=began)
    with as_service():  # the same for all who act, whichever of the children they may see
        found = [_of(*row) for row in rows.values_list("began", "date_of_birth", "expected_birth")]
    known = [each for each in found if each is not None]
    return min(known) if known and len(known) == len(found) else None


def _of(began: date | None, born: date | None, expected: date | None) -> Earliest | None:
    if began is not None:
        return of_the_plan(began)
    birth = born or expected
    return of_the_child(birth) if birth is not None else None
