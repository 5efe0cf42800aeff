"""Plans that have ended while a concern was open, into the record: the chair is asked whether it goes on.

Whoever ended the plan, by a file or by hand, is not asked to think of it: this finds it, as dates that pass are found.
Any number of these may run at once; each record is told once for each plan.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import date, datetime

from django.db import connection

from undrift.engine.dates.moments import london_date
from undrift.engine.ladder import acts
from undrift.record.keeping import Busy
from undrift.record.outcomes import Refused
from undrift.record.whence import who_ended_the_plan
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

log = logging.getLogger(__name__)

# Every plan of the child is over, and the engine would take it: the child's part is open, no earlier end waits for the
# chair's answer, and the chair has not carried it on after this one. The last plan ran when the concern was raised, by
# its days or by what was on file then: a file is days behind. Of one that had ended, as everybody could read, nobody is
# asked. What it was carried on after on a day within the last plan was that plan, whose end has been put right since.
# Of a child who has died nothing is asked.
ENDED = """
SELECT c.id, k.child_id, max(p.ends), max(p.starts)
FROM record_case c
JOIN resolutions_resolution r ON r.case_id = c.id
JOIN record_casechild k ON k.case_id = c.id
JOIN children_child d ON d.id = k.child_id AND d.died_on IS NULL
JOIN children_plan p ON p.child_id = k.child_id
WHERE c.ended_at IS NULL AND (%(children)s::bigint[] IS NULL OR k.child_id = ANY (%(children)s::bigint[]))
GROUP BY c.id, r.raised_at, k.child_id
HAVING bool_and(p.ends IS NOT NULL AND p.ends < %(today)s)
   AND (max(p.ends) >= (r.raised_at AT TIME ZONE 'Europe/London')::date OR EXISTS (
       SELECT 1 FROM children_factchange f
       WHERE f.entity = 'plan' AND f.object_id = (array_agg(p.id ORDER BY p.ends DESC, p.id DESC))[1]
         AND f.field = 'ends' AND f.was = '' AND f.at >= r.raised_at
   ))
   AND NOT EXISTS (
       SELECT 1 FROM record_event e
       WHERE e.case_id = c.id AND e.type = 'child_ended' AND e.payload->>'child' = k.child_id::text
         AND NOT EXISTS (
             SELECT 1 FROM record_event l
             WHERE l.case_id = c.id AND l.seq > e.seq AND l.type = 'child_reopened'
               AND l.payload->>'child' = k.child_id::text
         )
   )
   AND NOT EXISTS (
       SELECT 1 FROM record_event e
       LEFT JOIN LATERAL (
           SELECT l.type FROM record_event l
           WHERE l.case_id = c.id AND l.seq > e.seq AND (
               l.type = 'carried_on' AND l.payload->'children' ? k.child_id::text
               OR l.type IN ('child_ended', 'plan_end_taken_back') AND l.payload->>'child' = k.child_id::text
           )
           ORDER BY l.seq LIMIT 1
       ) answer ON true
       WHERE e.case_id = c.id AND e.type = 'plan_ended' AND e.payload->>'child' = k.child_id::text
         AND (answer.type IS NULL OR answer.type = 'carried_on' AND (
             (e.payload->>'on')::date >= max(p.ends) OR (e.payload->>'on')::date > max(p.starts)))
   )
ORDER BY c.id, k.child_id
LIMIT %(limit)s
"""


def record_plans_ended(
    now: datetime | None = None, limit: int = 1_000, *, children: Collection[int] | None = None
) -> int:
    """Record the plans that have ended under open concerns, at most `limit`; how many were recorded.

    Those of `children` alone, where they are given.

    `now` is the database's clock unless given. What the engine would refuse is not found: it would be found for ever.
    """
    recorded = 0
    for number, child, on, began in found(now, limit, children):
        act = acts.RecordPlanEnd(str(child), on, began, who_ended_the_plan(child, on))
        try:
            perform(act, resolution=Resolution(case_id=number), by=None, at=now)
        except Refused as refused:
            log.warning("case %s: a plan's end is not recorded: %s", number, refused.refusal.code)
        except Busy:
            continue
        else:
            recorded += 1
    return recorded


def found(
    now: datetime | None = None, limit: int = 1_000, children: Collection[int] | None = None
) -> list[tuple[int, int, date, date]]:
    """What is to be recorded: the case, the child, the last day of the plan and its first."""
    with connection.cursor() as cursor:
        if now is None:
            cursor.execute("SELECT clock_timestamp()")
            (now,) = cursor.fetchone()
        these = None if children is None else list(children)
        cursor.execute(ENDED, {"today": london_date(now), "limit": limit, "children": these})
        return list(cursor.fetchall())
