"""Adding to history: events as rows, chained to the case's last. Nothing but `keeping` does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from undrift.engine.events import EVENT_TYPES
from undrift.engine.events import Event as Happening
from undrift.people.models import Person
from undrift.record.history import COLUMNS, Row, hash_of
from undrift.record.models import Case


def rows_for(case: Case, happenings: Sequence[Happening], recorded_at: datetime, absent: Person | None) -> list[Row]:
    """These events as rows, chained to the resolution's last. `absent` is whom the actor stands in for."""
    rows: list[Row] = []
    previous = case.last_hash
    for happened in happenings:
        open_row = Row(
            authority_id=case.authority_id,
            case_id=case.pk,
            seq=happened.seq,
            type=happened.type,
            version=EVENT_TYPES[happened.type].version,
            payload=happened.payload,
            by_person=int(happened.by.person) if happened.by.person else None,
            by_name=happened.by.name,
            by_role=happened.by.role,
            on_behalf_of=absent.pk if absent else None,
            on_behalf_of_name=absent.name if absent else "",
            happened_at=happened.at,
            recorded_at=recorded_at,
            previous_hash=previous,
            hash="",
        )
        previous = hash_of(open_row)
        rows.append(open_row._replace(hash=previous))
    return rows


def append(rows: Sequence[Row]) -> None:
    """Add rows to the history, in one statement."""
    place = "(" + ", ".join(["%s"] * len(COLUMNS)) + ")"
    values: list[Any] = [Jsonb(dict(v)) if isinstance(v, Mapping) else v for row in rows for v in row]
    statement = f"INSERT INTO record_event ({', '.join(COLUMNS)}) VALUES " + ", ".join([place] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
