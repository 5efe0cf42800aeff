"""Many rows in a few statements, each as one JSON text: neither this process nor PostgreSQL takes long over that.

Django's own way quotes every value by itself, which for the children of a large council takes minutes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.db import connection, models

AT_ONCE = 5_000

Row = TypeVar("Row")


def add(rows: Sequence[models.Model]) -> None:
    """Write new rows, all of one kind, which get their numbers."""
    if not rows:
        return
    fields = _written(type(rows[0]))
    for row in rows:
        _look_up_numbers(row, fields)
    numbers = add_values(
        type(rows[0]), [{str(field.column): getattr(row, field.attname) for field in fields} for row in rows]
    )
    for row, number in zip(rows, numbers, strict=True):
        row.pk = number
        row._state.adding = False


def add_values(kind: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The same, of rows that nobody holds: each is its values by column, and all of them. Gives their numbers."""
    fields = _written(kind)
    columns = ", ".join(quoted(field) for field in fields)
    shape = ", ".join(f"{quoted(field)} {type_of(field)}" for field in fields)
    statement = (
        f"INSERT INTO {connection.ops.quote_name(kind._meta.db_table)} ({columns}) "
        f"SELECT {columns} FROM jsonb_to_recordset(%s::jsonb) AS v({shape}) RETURNING id"
    )
    numbers: list[int] = []
    for some in _batches(rows):
        with connection.cursor() as cursor:
            cursor.execute(statement, [as_json(some)])
            numbers += [number for (number,) in cursor.fetchall()]
    return numbers


def update(kind: type[models.Model], name: str, values: Sequence[tuple[int, Any]]) -> None:
    """One column of many rows, each with its own value. `name` is the field's or the column's."""
    field = kind._meta.get_field(name.removesuffix("_id"))
    assert isinstance(field, models.Field)
    quote = connection.ops.quote_name
    statement = (
        f"UPDATE {quote(kind._meta.db_table)} t SET {quoted(field)} = v.value "
        f"FROM jsonb_to_recordset(%s::jsonb) AS v(id bigint, value {type_of(field)}) WHERE t.id = v.id"
    )
    for some in _batches(values):
        with connection.cursor() as cursor:
            cursor.execute(statement, [as_json([{"id": pk, "value": value} for pk, value in some])])


def _written(kind: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in kind._meta.concrete_fields if not field.primary_key]


def quoted(field: models.Field[Any, Any]) -> str:
    """The field's column, as a statement names it."""
    return connection.ops.quote_name(str(field.column))


def type_of(field: models.Field[Any, Any]) -> str:
    """As PostgreSQL calls it; text for a limited text, which a cast would cut off without a word."""
    found = field.db_type(connection) or ""
    return "text" if found.startswith("varchar") else found


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[first : first + AT_ONCE] for first in range(0, len(rows), AT_ONCE))


def as_json(rows: Any) -> str:
    return json.dumps(rows, default=_day)


def _day(value: Any) -> str:
    assert isinstance(value, date)  # a moment is one too
    return value.isoformat()


def _look_up_numbers(row: models.Model, fields: Sequence[models.Field[Any, Any]]) -> None:
    """What was new when it was put here may have its number by now."""
    for field in fields:
        if isinstance(field, models.ForeignKey) and getattr(row, field.attname) is None and field.is_cached(row):
            setattr(row, field.attname, getattr(row, field.name).pk if getattr(row, field.name) else None)
