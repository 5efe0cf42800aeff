"""What is open about children of whom nobody lives any more is held as it is: no date of it passes, nobody is reminded.

It is not closed by that: the chair says what becomes of it, as of everything else. The engine knows what is owed then,
which is nothing (`nobody_lives`); the row says so to the lists, and `resolutions.holding` writes it there.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from undrift.engine.next_step import HELD
from undrift.record.models import Case, CaseChild

# Of a case, by its number: nothing of it is sent. By its children and by its row, which may be a moment behind.
NOT_SENT = f"""(EXISTS (SELECT FROM record_case c WHERE c.id = {{case}} AND c.tag = '{HELD}')
       OR EXISTS (SELECT FROM record_casechild a WHERE a.case_id = {{case}}) AND NOT EXISTS (
           SELECT FROM record_casechild a JOIN children_child k ON k.id = a.child_id
           WHERE a.case_id = {{case}} AND k.died_on IS NULL))"""


def may_have_changed() -> Q:
    """Open cases of which a child has died, or which are held."""
    dead = CaseChild.objects.filter(case=OuterRef("pk"), child__died_on__isnull=False)
    return Q(ended_at=None) & (Q(Exists(dead)) | Q(tag=HELD))


def one_has_died(case: int) -> bool:
    """Whether a child whom the case is about has died: nobody is thanked then."""
    return CaseChild.objects.filter(case=case, child__died_on__isnull=False).exists()


def is_held(case: Case) -> bool:
    """As its row says."""
    return case.ended_at is None and case.tag == HELD
