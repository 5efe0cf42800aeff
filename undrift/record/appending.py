"""Adding to history: events as rows, chained to the case's last. Nothing but `keeping` does it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from undrift.engine.events import Event as Happening
from undrift.people.models import Person
from undrift.record.history import Row, hash_of
from undrift.record.models import Case


def rows_for(case: Case, happenings: Sequence[Happening], recorded_at: datetime, absent: Person | None) -> list[Row]:
    """These events as rows, chained to the case's last. `absent` is whom the actor stands in for."""
    rows: list[Row] = []
    previous = case.last_hash
    for happened in happenings:
        open_row = Row(
            authority_id=case.authority_id,
            case_id=case.pk,
            seq=happened.seq,
            type=happened.type,
            version=happened.version,
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
