"""History in and out of the database, and the chain of hashes through it.

The hash of an event covers the event and the hash before it. So an event changed later, taken out or put in between
no longer fits the ones that follow. `undrift.record.verify` does the checking.
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
from undrift.engine.ladder.state import State, fold
from undrift.record.adopted import protocol_of
from undrift.record.models import Case

COLUMNS = (
    "authority_id", "case_id", "seq", "type", "version", "payload", "by_person", "by_name", "by_role",
    "on_behalf_of", "on_behalf_of_name", "happened_at", "recorded_at", "previous_hash", "hash",
)  # fmt: skip
READ = f"SELECT {', '.join(COLUMNS)} FROM record_event WHERE case_id = %s ORDER BY seq"


class Row(NamedTuple):
    """One event as it is stored."""

    authority_id: int
    case_id: int
    seq: int
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
    previous_hash: str
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
    return Happening(row.seq, row.type, row.payload, by, row.happened_at)


def hash_of(row: Row) -> str:
    """SHA-256 over everything in the row but the hash itself."""
    return hashlib.sha256(hashed_text(row).encode()).hexdigest()


def hashed_text(row: Row) -> str:
    """What is hashed: the row without its hash, as JSON with sorted keys."""
    told = row._replace(happened_at=_utc(row.happened_at), recorded_at=_utc(row.recorded_at))._asdict()
    del told["hash"]
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _utc(moment: datetime) -> Any:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
