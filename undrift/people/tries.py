"""Tries counted before they are made, in one statement each: of many at once no more get through than may.

A try counts as a wrong one from its beginning; a right one is forgotten. Counted for a hash of what was typed (an
address, a person's codes), whether there is anybody of that name or not. By the database's clock.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.db import connection

from undrift.library.numbers import FREE_TRIES, LONGEST_WAIT, REMEMBERED
from undrift.people.models import WrongTry

AT_ONCE = 1  # seconds to wait where the same is tried in another window at this very moment
OLD_ROWS = 20  # of tries that count no more: so many go with each new one

# Of two at once the second does not wait for the first, which would hold up a whole process; it is told to.
TAKE = """
WITH free AS (SELECT pg_try_advisory_xact_lock(hashtextextended(%(key)s, 7310002)) AS mine),
old AS (
    DELETE FROM people_wrongtry WHERE key IN (
        SELECT key FROM people_wrongtry WHERE key <> %(key)s
            AND last < people_clock() - %(remembered)s * interval '1 second'
        ORDER BY last LIMIT %(old)s FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO people_wrongtry AS w (key, tries, last) SELECT %(key)s, 1, people_clock() FROM free WHERE mine
ON CONFLICT (key) DO UPDATE SET
    tries = CASE WHEN w.last < people_clock() - %(remembered)s * interval '1 second' THEN 1 ELSE w.tries + 1 END,
    last = excluded.last
WHERE w.tries < %(free)s
    OR w.last + least(2 ^ least(w.tries - %(free)s + 1, 30), %(longest)s) * interval '1 second' <= people_clock()
RETURNING 1
"""
LEFT = """
SELECT ceil(extract(epoch FROM
    last + least(2 ^ least(tries - %(free)s + 1, 30), %(longest)s) * interval '1 second' - people_clock()))
FROM people_wrongtry WHERE key = %(key)s AND tries >= %(free)s
"""
USE = """
WITH old AS (
    DELETE FROM people_usedcode WHERE key IN (
        SELECT key FROM people_usedcode WHERE key <> %(key)s AND until < people_clock()
        ORDER BY until LIMIT %(old)s FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO people_usedcode AS u (key, until) VALUES (%(key)s, people_clock() + %(lasts)s)
ON CONFLICT (key) DO UPDATE SET until = excluded.until WHERE u.until < people_clock()
RETURNING 1
"""


def take(who: str) -> int:
    """Begin a try: 0 where it may be made, and then it is counted; else how many seconds there are to wait."""
    said: dict[str, Any] = {
        "key": _key(who),
        "free": FREE_TRIES,
        "longest": LONGEST_WAIT,
        "remembered": REMEMBERED,
        "old": OLD_ROWS,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, said)
        if cursor.fetchone() is not None:
            return 0
        cursor.execute(LEFT, said)
        left = cursor.fetchone()
    return max(AT_ONCE, int(left[0])) if left is not None else AT_ONCE


def forget(who: str) -> None:
    """It was a right one: those before it count no more."""
    WrongTry.objects.filter(key=_key(who)).delete()


def use_once(what: str, lasts: timedelta) -> bool:
    """Whether this is used for the first time while it lasts."""
    with connection.cursor() as cursor:
        said: dict[str, Any] = {"key": _key(what), "lasts": lasts, "old": OLD_ROWS}
        cursor.execute(USE, said)
        return cursor.fetchone() is not None


def _key(who: str) -> str:
    return hashlib.sha256(who.strip().lower().encode()).hexdigest()
