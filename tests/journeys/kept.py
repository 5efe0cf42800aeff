"""The demonstration is loaded once, and its rows are kept: putting them back is far quicker than telling it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import psycopg
from django.db import connection
from psycopg import sql

from tests.house.database import NOT_OURS, past_the_triggers, superuser_url
from undrift.demo.stories import Demonstration, load


@dataclass(frozen=True)
class Kept:
    """A demonstration, the rows it consists of, and how far its numbers had come."""

    demo: Demonstration
    rows: dict[str, bytes]
    numbers: dict[str, int]

    @property
    def today(self) -> date:
        return self.demo.days.today


def told(today: date) -> Kept:
    """Load it into the empty tables, and keep what came of it."""
    demo = load(today)
    with psycopg.connect(superuser_url()) as superuser:
        rows = {table: _out(superuser, table) for table in connection.introspection.table_names()}
        counted = "SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
        numbers: dict[str, int] = dict(superuser.execute(counted).fetchall())
    ours = {table: data for table, data in rows.items() if table not in NOT_OURS}
    return Kept(demo, ours, numbers)


def put_back(kept: Kept) -> None:
    """Into empty tables. By the superuser, past the triggers: these rows were checked when they were first written."""
    with past_the_triggers() as superuser:
        for table, data in kept.rows.items():
            into = sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(sql.Identifier(table))
            with superuser.cursor() as cursor, cursor.copy(into) as copy:
                copy.write(data)
        for sequence, value in kept.numbers.items():
            superuser.execute("SELECT setval(%s, %s)", (sequence, value))


def _out(superuser: psycopg.Connection, table: str) -> bytes:
    with superuser.cursor() as cursor:
        out_of = sql.SQL("COPY {} TO STDOUT (FORMAT BINARY)").format(sql.Identifier(table))
        with cursor.copy(out_of) as copy:
            return b"".join(bytes(part) for part in copy)
