"""What was decided of any number of cases, written in one statement. See `migrations/taking_and_keeping.sql`.

The rows are told to the database as one JSON document: the ORM would compose ten statements for each case.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, models

from undrift.record.history import Row
from undrift.record.models import Case, Notice
from undrift.record.summary import Summary

KEEP = "SELECT record_keep(%s)"


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
    notices: Sequence[Notice] = ()
    new: Counter | None = None


def write_all(changes: Sequence[Change]) -> None:
    """Bring the database in line with all of them, wholly or not at all. One statement. The cases then say so, too."""
    if not changes:
        return
    for change in changes:
        _put_on(change.case, {**change.summary.fields, **(change.own or {})})
        if change.rows:
            change.case.last_hash = change.rows[-1].hash
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [json.dumps(_told(changes), default=_moment, ensure_ascii=False)])
        (references,) = cursor.fetchone()
    for case in (change.case for change in changes if change.new is not None):
        case.reference = references[str(case.pk)]
        case._state.adding, case._state.db = False, connection.alias


def _put_on(case: Case, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(case, name, value)


def _told(changes: Sequence[Change]) -> dict[str, list[Any]]:
    return {
        "new": [_new(c.case, c.new) for c in changes if c.new is not None],
        "cases": [_values(c.case, Case._meta.local_concrete_fields) for c in changes],
        "resolutions": [{"case_id": c.case.pk, **c.own} for c in changes if c.own is not None],
        "events": [{**row._asdict(), "payload": dict(row.payload)} for c in changes for row in c.rows],
        "duties": [_of(c.case, key=key, **duty) for c in changes for key, duty in c.summary.duties.items()],
        "owed": [{"case_id": c.case.pk, "keys": list(c.summary.duties)} for c in changes],
        "children": [
            _of(c.case, child_id=child, settled=settled) for c in changes for child, settled in c.summary.children.items()
        ],
        "notices": [_values(notice, Notice._meta.local_concrete_fields) for c in changes for notice in c.notices],
    }


def _new(case: Case, counter: Counter) -> dict[str, Any]:
    return {"id": case.pk, "scope": counter.scope, "letters": counter.letters, "year": counter.year}


def _of(case: Case, **values: Any) -> dict[str, Any]:
    return {"authority_id": case.authority_id, "case_id": case.pk, **values}


def _values(row: models.Model, fields: Iterable[Any]) -> dict[str, Any]:
    return {field.column: row.__dict__.get(field.attname) for field in fields}


def _moment(value: date) -> str:
    return value.isoformat()
