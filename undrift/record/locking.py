"""A case's row, locked and read with what its rules need, in one statement.

Written out rather than composed: every act begins with it, and composing it would cost more than asking it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connection, models

from undrift.people.models import Authority
from undrift.record.adopted import Closures
from undrift.record.models import Case
from undrift.record.who_plays import KEPT_OUT

AnyCase = TypeVar("AnyCase", bound=Case)


@dataclass(frozen=True)
class LockedRow(Generic[AnyCase]):
    """The row, with its authority and closure days; and the database's clock once the lock was had."""

    case: AnyCase
    closures: Closures
    now: datetime


def _columns(model: type[models.Model]) -> str:
    """Every column of a model, of its case's table, too, where it has columns of its own beside a case's."""
    return ", ".join(f'"{field.model._meta.db_table}"."{field.column}"' for field in model._meta.concrete_fields)


@cache
def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


# clock_timestamp() and not now(), which is when the transaction began: while it waited for the lock, others acted.
SELECT = """
SELECT clock_timestamp(),
       ARRAY(SELECT json_build_object('date', date, 'reason', reason) FROM people_closureday d
             WHERE d.authority_id = record_case.authority_id ORDER BY date),
       (SELECT json_object_agg(k.person_id, k.why) FROM undrift_kept_out(record_case.id) k),
       {case}, {authority}
FROM record_case {own} JOIN people_authority ON people_authority.id = record_case.authority_id
WHERE record_case.id = %s FOR UPDATE OF record_case {wait}
"""
KNOWN = 3


@cache
def _statement(kind: type[Case], *, wait: bool) -> str:
    own = f"JOIN {kind._meta.db_table} ON {kind._meta.db_table}.case_id = record_case.id" if kind is not Case else ""
    return SELECT.format(
        case=_columns(kind), authority=_columns(Authority), own=own, wait="" if wait else "SKIP LOCKED"
    )


def locked_row(kind: type[AnyCase], number: int, *, wait: bool) -> LockedRow[AnyCase] | None:
    """None where there is none, or where it is held by somebody else and `wait` is False."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(kind, wait=wait), [number])
        values = cursor.fetchone()
    if values is None:
        return None
    now, closures, kept_out = values[:KNOWN]
    names = _names(kind)
    case = kind.from_db(connection.alias, names, values[KNOWN : KNOWN + len(names)])
    setattr(case, KEPT_OUT, {int(person): why for person, why in (_plain(kept_out) or {}).items()})
    case.authority = _authority(values[KNOWN + len(names) :])
    days = tuple((day["date"], day["reason"]) for day in map(_plain, closures))
    return LockedRow(case, days, now)


def _authority(values: tuple[Any, ...]) -> Authority:
    authority = Authority.from_db(connection.alias, _names(Authority), values)
    authority.choices = _plain(authority.choices)
    return authority


def _plain(value: Any) -> Any:
    """Django has its connections give JSON as text."""
    return json.loads(value) if isinstance(value, str) else value
