"""A resolution's row, locked and read with what its rules need, in one statement.

Written out rather than composed: every act begins with it, and composing it would cost more than asking it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, models

from undrift.people.models import Authority
from undrift.resolutions.cases import KEPT_OUT
from undrift.resolutions.models import Resolution
from undrift.resolutions.rules import Closures


class LockedRow(NamedTuple):
    """The row, with its authority and closure days; and the database's clock once the lock was had."""

    resolution: Resolution
    closures: Closures
    now: datetime


def _columns(model: type[models.Model], alias: str) -> str:
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


# clock_timestamp() and not now(), which is when the transaction began: while it waited for the lock, others acted.
SELECT = """
SELECT clock_timestamp(),
       ARRAY(SELECT json_build_object('date', date, 'reason', reason) FROM people_closureday d
             WHERE d.authority_id = r.authority_id ORDER BY date),
       (SELECT json_object_agg(k.person_id, k.why) FROM undrift_kept_out(r.id) k),
       {resolution}, {authority}
FROM resolutions_resolution r JOIN people_authority a ON a.id = r.authority_id
WHERE r.id = %s FOR UPDATE OF r {wait}
"""
KNOWN = 3


def locked_row(resolution_id: int, *, wait: bool) -> LockedRow | None:
    """None where there is none, or where it is held by somebody else and `wait` is False."""
    statement = SELECT.format(
        resolution=_columns(Resolution, "r"), authority=_columns(Authority, "a"), wait="" if wait else "SKIP LOCKED"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [resolution_id])
        values = cursor.fetchone()
    if values is None:
        return None
    now, closures, kept_out = values[:KNOWN]
    names = _names(Resolution)
    resolution = Resolution.from_db(connection.alias, names, values[KNOWN : KNOWN + len(names)])
    setattr(resolution, KEPT_OUT, {int(person): why for person, why in (_plain(kept_out) or {}).items()})
    resolution.authority = _authority(values[KNOWN + len(names) :])
    days = tuple((day["date"], day["reason"]) for day in map(_plain, closures))
    return LockedRow(resolution, days, now)


def _authority(values: tuple[Any, ...]) -> Authority:
    authority = Authority.from_db(connection.alias, _names(Authority), values)
    authority.choices = _plain(authority.choices)
    return authority


def _plain(value: Any) -> Any:
    """Django has its connections give JSON as text."""
    return json.loads(value) if isinstance(value, str) else value
