"""History in and out of the database, and the chain of hashes through it.

The hash of an event covers the event and the hash before it. So an event changed later, taken out or put in between
no longer fits the ones that follow. What is hashed is what PostgreSQL itself says of the row, so that anybody can check
it with a query and `sha256sum`, and `verify` reads no more than that. docs/why/decisions/0013
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast

from django.db import connection

from undrift.engine.events import By
from undrift.engine.events import Event as Happening
from undrift.engine.ladder.fold import fold
from undrift.engine.ladder.state import State
from undrift.record.adopted import protocol_of
from undrift.record.models import Case

# In this order they are hashed, all but the last.
COLUMNS = (
    "case_id", "seq", "previous_hash", "authority_id", "type", "version", "payload", "by_person", "by_name", "by_role",
    "on_behalf_of", "on_behalf_of_name", "happened_at", "recorded_at", "hash",
)  # fmt: skip
READ = f"SELECT {', '.join(COLUMNS)} FROM record_event WHERE case_id = %s ORDER BY seq"


class Row(NamedTuple):
    """One event as it is stored."""

    case_id: int
    seq: int
    previous_hash: str
    authority_id: int
    type: str
    version: int
    payload: Mapping[str, Any]
    by_person: int | None
    by_name: str
    by_role: str
    on_behalf_of: int | None
    on_behalf_of_name: str
    happened_at: datetime
    recorded_at: datetime
    hash: str


def history_of(case: Case) -> tuple[Happening, ...]:
    """Everything that has happened to it, oldest first. One query."""
    return tuple(happening(row) for row in rows_of(case.pk))


def state_of(case: Case) -> State:
    """Where it stands. One query."""
    return folded(case, history_of(case))


def folded(case: Case, history: Iterable[Happening]) -> State:
    state = fold(protocol_of(case), history)
    assert state is not None, f"{case.reference} has no history."
    return state


def rows_of(case_id: int) -> list[Row]:
    """The stored rows, oldest first. Every page and every act reads them, so no query is composed anew for it."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [case_id])
        rows = [Row(*values) for values in cursor]
    return [row._replace(payload=json.loads(cast(str, row.payload))) for row in rows]


def happening(row: Row) -> Happening:
    """A stored row as the engine's event. Roles that were held then are not stored: only the part played is."""
    by = By(
        person="" if row.by_person is None else str(row.by_person),
        name=row.by_name,
        role=row.by_role,
        on_behalf_of=row.on_behalf_of_name,
    )
    return Happening(row.seq, row.type, row.payload, by, row.happened_at, row.version)


def duty_passed(case_id: int, seq: int) -> str:
    """The key of the duty whose date an event says has passed; "" where it says another thing. One query."""
    return _said("duty", case_id, seq)


def action_set(case_id: int, seq: int) -> str:
    """The key action on which an event says that feedback is waited for; "" where it says another thing. One query."""
    return _said("id", case_id, seq)


def _said(what: str, case_id: int, seq: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload ->> %s FROM record_event WHERE case_id = %s AND seq = %s", [what, case_id, seq])
        row = cursor.fetchone()
    return str((row and row[0]) or "")


def hash_of(row: Row) -> str:
    """SHA-256 over everything in the row but the hash itself, the hash before it included."""
    return hashlib.sha256(hashed_text(row).encode()).hexdigest()


def hashed_text(row: Row) -> str:
    """What is hashed: the line that PostgreSQL's COPY writes of the row, without its hash. See `COLUMNS`."""
    return "\t".join(map(_field, row[:-1]))


# As COPY writes them: what ends a field or a line, and the sign that says so.
ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"})


def _field(value: Any) -> str:
    match value:
        case None:
            return "\\N"
        case datetime():
            return _moment(value)
        case Mapping():
            return as_jsonb(value).translate(ESCAPED)
    return str(value).translate(ESCAPED)


def _moment(moment: datetime) -> str:
    """As PostgreSQL writes it, in UTC: no zeros at the end of a second's parts."""
    here = moment.astimezone(UTC)
    parts = f".{here.microsecond:06}".rstrip("0") if here.microsecond else ""
    return f"{here:%Y-%m-%d %H:%M:%S}{parts}+00"


def as_jsonb(payload: Mapping[str, Any]) -> str:
    """The payload as PostgreSQL writes what it stores of it. Refuses a fraction, which the two write differently."""
    return json.dumps(_in_order(payload), separators=(", ", ": "), ensure_ascii=False)


def _in_order(value: Any) -> Any:
    """Keys as jsonb has them: the shorter first, then by their bytes."""
    match value:
        case Mapping():
            keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
            return {key: _in_order(value[key]) for key in keys}
        case list() | tuple():
            return [_in_order(each) for each in value]
        case float():
            raise TypeError(f"{value} in an event's payload: say it in whole numbers or in words.")
    return value
