"""Dates that have passed, into the record. Any number of sweeps may run at once, and one may die at any moment.

Each resolution is one transaction under its own lock, and a date is recorded once: its duty then says so, and the
engine refuses a second time. Nothing is lost by a sweep that never ran: the next one finds the same dates.
"""

from __future__ import annotations

import random
from datetime import datetime

from django.db import connection, transaction

from undrift.record.held import NOT_SENT
from undrift.record.keeping import Busy, lock, record_lapses
from undrift.record.models import Case

# What is picked and left unlocked is checked again under the lock. Of what is held no date passes.
PASSED = f"""
SELECT case_id, min(due_at) FROM (
    SELECT case_id, due_at FROM record_duty
    WHERE due_at < coalesce(%(now)s, clock_timestamp())
      AND met_at IS NULL AND gone_at IS NULL AND lapsed_at IS NULL AND NOT never_late
      AND case_id <> ALL(%(but)s) AND NOT {NOT_SENT.format(case="case_id")}
    ORDER BY due_at, id LIMIT %(batch)s
) passed GROUP BY case_id
"""
KEYS = """
SELECT key FROM record_duty
WHERE case_id = %s AND due_at < %s
  AND met_at IS NULL AND gone_at IS NULL AND lapsed_at IS NULL AND NOT never_late
ORDER BY due_at, id
"""
A_BATCH = 200


def sweep(now: datetime | None = None, limit: int = 10_000) -> int:
    """Record the dates that have passed, at most about `limit`; how many were recorded.

    `now` is the database's clock unless given. A resolution that somebody is working on is left for the next sweep.
    """
    recorded, left_alone = 0, set[int]()
    while recorded < limit:
        waiting = _passed(now, left_alone)
        if not waiting:
            break
        for case_id in waiting:
            done, again = _record(case_id, now)
            recorded += done
            if not again:
                left_alone.add(case_id)
            if recorded >= limit:
                break
    return recorded


def _passed(now: datetime | None, but: set[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(PASSED, {"now": now, "but": list(but), "batch": A_BATCH})
        found = [case_id for case_id, _ in cursor.fetchall()]
    # Sweeps that run side by side begin in different places.
    random.shuffle(found)
    return found


def _record(case_id: int, now: datetime | None) -> tuple[int, bool]:
    """How many dates were recorded, and whether another look at this resolution could find more."""
    with transaction.atomic():
        try:
            locked = lock(Case, case_id, wait=False)
        except Busy:
            return 0, False
        moment = now or locked.now
        with connection.cursor() as cursor:
            cursor.execute(KEYS, [case_id, moment])
            keys = [key for (key,) in cursor.fetchall()]
        done = record_lapses(keys, locked, moment)
        return done, done > 0
