"""What is open about children of whom nobody lives any more is held as it is: no date of it passes, nobody is reminded.

It is not closed by that: the chair says what becomes of it, as of everything else.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from undrift.record.models import Case, CaseChild, Notice

# Of a case `c`, where its dates are gathered row by row.
HELD = """(EXISTS (SELECT FROM record_casechild a JOIN children_child k ON k.id = a.child_id
                  WHERE a.case_id = {case} AND k.died_on IS NOT NULL)
       AND NOT EXISTS (SELECT FROM record_casechild a JOIN children_child k ON k.id = a.child_id
                       WHERE a.case_id = {case} AND k.died_on IS NULL AND NOT a.settled))"""


def of_the_dead() -> Q:
    """Cases about a child who has died, and about no other for whom anything is open."""
    about = CaseChild.objects.filter(case=OuterRef("pk"))
    return Exists(about.filter(child__died_on__isnull=False)) & ~Exists(
        about.filter(child__died_on=None, settled=False)
    )


def one_has_died(case: int) -> bool:
    """Whether a child whom the case is about has died: nobody is thanked then."""
    return CaseChild.objects.filter(case=case, child__died_on__isnull=False).exists()


def held(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.filter(of_the_dead())


def hold(children: Collection[int], at: datetime) -> int:
    """What was to be sent about these children and has not gone out is dropped, where nobody of its case lives."""
    about = held(Case.objects.filter(about__child__in=children))
    unsent = Notice.objects.filter(case__in=about.values("pk"), sent_at=None, dropped_at=None)
    return unsent.update(dropped_at=at)
