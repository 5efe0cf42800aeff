"""Ends of plans that are taken back, into the record: of open concerns, and of plan cycles.

Whoever takes an end back is not asked to think of those who were told of it: this finds it, as plans that end are
found. Any number of these may run at once; each end is taken back once.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction

from undrift.engine.dates.moments import london_date
from undrift.record.by_kind import end_taken_back
from undrift.record.keeping import Busy, lock, of_the_service
from undrift.record.models import Case
from undrift.record.sight import as_service
from undrift.record.whence import who_took_the_end_back
from undrift.record.writing import write_all

# An end on the record that nobody has answered since, of a plan that runs: on file it has no end, or a later one that
# is not over. In a concern the end came from what is on file. In a plan cycle the chair put it down, and what is on
# file may be days behind: there somebody has said since that the end on file was none, or is later. Of a plan that
# began later nothing is taken back, and of a child who has died nothing.
TAKEN_BACK = """
SELECT e.case_id, k.child_id
FROM record_event e
JOIN record_case c ON c.id = e.case_id AND c.ended_at IS NULL
JOIN record_casechild k ON k.case_id = c.id AND k.child_id::text = e.payload->>'child'
JOIN children_child d ON d.id = k.child_id AND d.died_on IS NULL
JOIN children_plan p ON p.child_id = k.child_id AND p.starts <= (e.payload->>'on')::date
  AND (p.ends IS NULL OR p.ends >= %(today)s AND p.ends > (e.payload->>'on')::date)
WHERE e.type = 'plan_ended' AND k.child_id = ANY (%(children)s::bigint[])
  AND NOT EXISTS (
      SELECT 1 FROM record_event l
      WHERE l.case_id = e.case_id AND l.seq > e.seq AND (
          l.payload->>'child' = e.payload->>'child'
              AND l.type IN ('child_ended', 'plan_ended', 'plan_end_taken_back', 'decided')
          OR l.type = 'carried_on' AND l.payload->'children' ? (e.payload->>'child')
      )
  )
  AND (c.kind <> 'plan' OR EXISTS (
      SELECT 1 FROM children_factchange f
      WHERE f.entity = 'plan' AND f.object_id = p.id AND f.field = 'ends' AND f.was <> '' AND f.at >= e.happened_at
  ))
ORDER BY e.case_id, k.child_id
"""


@as_service()
def record_ends_taken_back(at: datetime, *, children: Collection[int]) -> int:
    """Put on the record of what is open about these children that the end of a plan was none; how many were.

    What somebody works on at that moment is waited for: nothing else would find it later.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKEN_BACK, {"today": london_date(at), "children": list(children)})
        found = list(cursor.fetchall())
    return sum(_one(number, child, at) for number, child in found)


def _one(number: int, child: int, at: datetime) -> bool:
    try:
        with transaction.atomic():
            locked = lock(Case, number)
            act = end_taken_back(locked.state, child, who_took_the_end_back(child, london_date(at)))
            change = of_the_service([act], locked, max(at, locked.state.last_at or at))
            write_all([change] if change is not None else [])
            return change is not None
    except Busy:
        return False
