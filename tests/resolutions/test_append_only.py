"""Nobody changes history: not the application's role, not the owner; and what a superuser does is found."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from tests.cast import NOW
from tests.resolutions import reached
from undrift.people.models import Authority
from undrift.record.models import Seal
from undrift.record.seals import seal, seal_file
from undrift.record.verify import verify
from undrift.resolutions.models import Resolution

STATEMENTS = (
    "UPDATE record_event SET by_name = 'Somebody Else'",
    "DELETE FROM record_event",
    "TRUNCATE record_event",
)


@pytest.fixture
def kept(transactional_db: None, settings: Any, tmp_path: Path) -> Resolution:
    from tests.cast import westmarch
    from tests.resolutions.conftest import under_shipped_versions

    settings.SEAL_FILE = tmp_path / "seals.jsonl"
    cast = under_shipped_versions(westmarch())
    resolution = reached.stage_one(cast).resolution
    reached.answered(cast, resolution, NOW)
    reached.stage_one(cast, "Tyler")
    return Resolution.objects.get(pk=resolution.pk)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_application_cannot_change_history(kept: Resolution, statement: str) -> None:
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify() == []


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_owner_of_the_tables_cannot_either(kept: Resolution, owner_cursor: psycopg.Cursor, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="History is only added to"):
        owner_cursor.execute(statement)
    assert verify() == []


def past_the_triggers(cursor: psycopg.Cursor, statement: str) -> None:
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(statement)


@pytest.mark.parametrize(
    "edit",
    [
        "payload = jsonb_set(payload, '{text}', '\"We did it all.\"')",
        "by_name = 'Somebody Else'",
        "happened_at = happened_at - interval '1 day'",
        "recorded_at = recorded_at + interval '1 microsecond'",
        "by_role = 'chair'",
        "type = 'answered'",
        "hash = repeat('0', 64)",
    ],
)
def test_an_edit_by_the_superuser_is_found(kept: Resolution, superuser_cursor: psycopg.Cursor, edit: str) -> None:
    assert verify() == []
    past_the_triggers(superuser_cursor, f"UPDATE record_event SET {edit} WHERE case_id = {kept.pk} AND seq = 3")
    faults = verify()
    assert {fault.reference for fault in faults} == {kept.reference}
    assert 3 in {fault.seq for fault in faults}


def test_an_entry_taken_out_of_the_middle_is_found(kept: Resolution, superuser_cursor: psycopg.Cursor) -> None:
    past_the_triggers(superuser_cursor, f"DELETE FROM record_event WHERE case_id = {kept.pk} AND seq = 2")
    assert "what stood between them is missing" in str(verify()[0])


def test_a_tail_cut_off_is_found_by_the_summary(kept: Resolution, superuser_cursor: psycopg.Cursor) -> None:
    past_the_triggers(superuser_cursor, f"DELETE FROM record_event WHERE case_id = {kept.pk} AND seq = 4")
    (fault,) = verify(Authority.objects.get(code="westmarch"))
    assert "the end was cut off" in fault.sentence


def cut_with_its_traces(cursor: psycopg.Cursor, resolution: Resolution) -> None:
    past_the_triggers(cursor, f"DELETE FROM record_event WHERE case_id = {resolution.pk} AND seq = 4")
    past_the_triggers(
        cursor,
        "UPDATE record_case r SET last_seq = 3, sealed_seq = 3, last_hash = e.hash "
        f"FROM record_event e WHERE e.case_id = r.id AND e.seq = 3 AND r.id = {resolution.pk}",
    )


def test_a_tail_cut_off_with_its_summary_is_found_by_the_seal(
    kept: Resolution, superuser_cursor: psycopg.Cursor
) -> None:
    assert seal(NOW) == 2
    assert verify() == []
    cut_with_its_traces(superuser_cursor, kept)
    assert any("the end was cut off" in f.sentence and f.reference == kept.reference for f in verify())


def test_even_with_the_seals_removed_the_file_outside_gives_it_away(
    kept: Resolution, superuser_cursor: psycopg.Cursor
) -> None:
    seal(NOW)
    cut_with_its_traces(superuser_cursor, kept)
    past_the_triggers(superuser_cursor, "DELETE FROM record_seal")
    sentences = [fault.sentence for fault in verify()]
    assert any("the end was cut off" in said and "kept outside the database" in said for said in sentences)
    assert "is missing in the database: it was deleted there." in sentences


def test_a_seal_is_made_of_what_grew_since_the_one_before(kept: Resolution) -> None:
    assert (seal(NOW), seal(NOW)) == (2, 0)
    made = Seal.objects.get()
    (line,) = seal_file().read_text().splitlines()
    assert json.loads(line)["root"] == made.root
    assert verify() == []
