"""What many tests begin with is made once in each process; to every further test its rows are put back as they were.

They are put back by the application's role, under all its triggers and policies, and within the test's own transaction:
only the hundred steps of making them are left out. Their numbers are the same for every test of one process, and no
others get them, for what a sequence has given out it never gives again.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Generic, TypeVar

import time_machine
from django.apps import apps
from django.db import connection, connections, transaction
from psycopg import sql

Made = TypeVar("Made")


@dataclass(frozen=True)
class Kept(Generic[Made]):
    """What was made, and the one statement that puts its rows back."""

    made: Made
    rows: str


def made_once(at: datetime) -> Callable[[Callable[[], Made]], Callable[[], Made]]:
    """For a function that makes rows and returns something that knows them; `at` is the moment they are made."""

    def once(make: Callable[[], Made]) -> Callable[[], Made]:
        kept: list[Kept[Made]] = []

        @wraps(make)
        def again() -> Made:
            if not kept:
                kept.append(made_apart(make, at))
            with connection.cursor() as cursor:
                cursor.execute(kept[0].rows)
            return copy.deepcopy(kept[0].made)

        return again

    return once


def made_apart(make: Callable[[], Made], at: datetime) -> Kept[Made]:
    """In a transaction that is taken back, on a connection of its own: it sees no row of the test that is under way."""
    with another_connection(), transaction.atomic(), time_machine.travel(at, tick=False), connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (begun,) = cursor.fetchone()
        made = make()
        found = [insert(cursor, table, begun) for table in tables()]
        transaction.set_rollback(True)
        return Kept(made, ";\n".join(filter(None, found)))


@contextmanager
def another_connection() -> Iterator[None]:
    usual = connections["default"]
    connections["default"] = usual.copy()
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = usual


# The triggers write these again as the other rows are put back: a version that never was, an end as it is in its row.
BY_TRIGGERS = frozenset({"people_rosterversion", "record_ending"})


def tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return [m._meta.db_table for m in models if m._meta.managed and m._meta.db_table not in BY_TRIGGERS]


def insert(cursor: Any, table: str, begun: int) -> str:
    """The statement that puts back the rows which this table was given since that transaction; "" where it has none."""
    cursor.execute(
        "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        [table],
    )
    (columns,) = cursor.fetchone()
    cursor.execute(
        f'SELECT json_agg(t)::text FROM (SELECT {columns} FROM "{table}" WHERE xmin::text::bigint >= %s) t', [begun]
    )
    (rows,) = cursor.fetchone()
    if rows is None:
        return ""
    data = sql.Literal(rows).as_string(cursor.connection)
    return (
        f'INSERT INTO "{table}" ({columns}) OVERRIDING SYSTEM VALUE'
        f' SELECT {columns} FROM json_populate_recordset(NULL::"{table}", {data})'
    )
