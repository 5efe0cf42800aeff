"""What was decided of any number of cases, written in one statement. See `migrations/taking_and_keeping.sql`.

The rows are told to the database as lists in JSON: the ORM would compose ten statements for each case.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db import DatabaseError, connection, transaction

from undrift.record.history import Row
from undrift.record.models import Case
from undrift.record.summary import Summary

KEEP = f"SELECT record_keep({', '.join(['%s'] * 8)})"


@dataclass(frozen=True)
class Counter:
    """What a new case's reference is counted in: "R", 2026, within an authority or its partnership."""

    scope: str
    letters: str
    year: int


@dataclass(frozen=True)
class Change:
    """What is to be written of one case: its summary, and the rows that are added. `own` is what its kind adds to it.

    The caller holds the case's lock, or it is `new`, and so under the next reference of that counter.
    """

    case: Case
    summary: Summary
    own: Mapping[str, Any] | None = None
    rows: Sequence[Row] = ()
    notices: Sequence[Mapping[str, Any]] = ()
    new: Counter | None = None


@contextmanager
def one_transaction() -> Iterator[None]:
    """The caller's, where there is one: all that an act writes is one statement, so nothing is left of a refusal."""
    if not connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    try:
        yield
    except DatabaseError:
        # PostgreSQL has given up the caller's transaction: it is not to be taken for one that can go on.
        transaction.set_rollback(True)
        raise


def write_all(changes: Sequence[Change]) -> None:
    """Bring the database in line with all of them, wholly or not at all. One statement. The cases then say so, too."""
    if not changes:
        return
    for change in changes:
        _put_on(change.case, {**change.summary.fields, **(change.own or {})})
        if change.rows:
            change.case.last_hash = change.rows[-1].hash
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [json.dumps(rows, default=_moment, ensure_ascii=False) for rows in _told(changes)])
        (references,) = cursor.fetchone()
    for case in (change.case for change in changes if change.new is not None):
        case.reference = references[str(case.pk)]
        case._state.adding, case._state.db = False, connection.alias


def _put_on(case: Case, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(case, name, value)


def _told(changes: Sequence[Change]) -> Iterator[list[Any]]:
    """The lists that `record_keep` is given, in its order."""
    yield [_new(c.case, c.new) for c in changes if c.new is not None]
    yield [_values(c.case) for c in changes]
    yield [{"case_id": c.case.pk, **c.own} for c in changes if c.own is not None]
    yield [{**row._asdict(), "payload": dict(row.payload)} for c in changes for row in c.rows]
    yield [_of(c.case, key=key, **duty) for c in changes for key, duty in c.summary.duties.items()]
    yield [{"case_id": c.case.pk, "keys": list(c.summary.duties)} for c in changes]
    yield [_of(c.case, child_id=child, settled=done) for c in changes for child, done in c.summary.children.items()]
    yield [notice for c in changes for notice in c.notices]


def _new(case: Case, counter: Counter) -> dict[str, Any]:
    return {"id": case.pk, "scope": counter.scope, "letters": counter.letters, "year": counter.year}


def _of(case: Case, **values: Any) -> dict[str, Any]:
    return {"authority_id": case.authority_id, "case_id": case.pk, **values}


def _values(case: Case) -> dict[str, Any]:
    held = vars(case)
    return {column: held.get(name) for name, column in _columns()}


@cache
def _columns() -> tuple[tuple[str, str], ...]:
    return tuple((each.attname, str(each.column)) for each in Case._meta.local_concrete_fields)


def _moment(value: date) -> str:
    return value.isoformat()
