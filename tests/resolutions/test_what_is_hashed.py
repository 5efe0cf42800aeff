"""What is hashed of an event is the line that PostgreSQL itself writes of it, whatever people wrote in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import NOW, Cast
from tests.resolutions import reached
from undrift.engine.ladder import acts
from undrift.record.history import COLUMNS, as_jsonb, hash_of, hashed_text, rows_of
from undrift.record.verify import AS_IT_WAS_HASHED, READ
from undrift.resolutions.actions import perform

# PostgreSQL stores no zero byte, and a half of a pair is no character.
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=8,
)
AWKWARD = 'Tab\t, line\nend\r, back\\slash, "quoted", \x0b\x08\x0c\x7f \x01, é, 子, 😀, \\N, \\.'


def lines() -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(AS_IT_WAS_HASHED)
        with cursor.copy(f"COPY ({READ(columns=', '.join(COLUMNS), where='')}) TO STDOUT") as copied:
            return [bytes(line) for line in copied]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payload=st.dictionaries(WORDS, VALUES, max_size=5))
def test_a_payload_is_written_as_postgresql_writes_it(db: None, payload: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb::text", [as_jsonb(payload)])
        assert cursor.fetchone() == (as_jsonb(payload),)


def test_a_fraction_is_refused() -> None:
    with pytest.raises(TypeError, match="whole numbers"):
        as_jsonb({"share": 0.5})


def test_each_line_is_what_was_hashed_and_then_its_hash(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    grace = west.person("Grace")
    for parts in (0, 1, 10, 100_000, 123_456):
        at = NOW + timedelta(hours=1, microseconds=parts)
        perform(acts.Note(AWKWARD), resolution=resolution, by=grace, at=at)
    summer = datetime(2026, 7, 1, 0, 30, tzinfo=UTC)
    reached.stage_one(west, "Tyler", at=summer)
    rows = [row for case in (resolution.pk, resolution.pk + 1) for row in rows_of(case)]
    stored = lines()
    assert len(rows) == len(stored) == 9
    for row, line in zip(rows, stored, strict=True):
        text, told = line.rstrip(b"\n").rsplit(b"\t", 1)
        assert text.decode() == hashed_text(row)
        assert told.decode() == row.hash == hash_of(row) == sha256(text).hexdigest()
