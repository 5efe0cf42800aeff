"""Many rows in a few statements, column by column: neither this process nor PostgreSQL takes long over that.

Django's own way quotes every value by itself, which for the children of a large council takes minutes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState

AT_ONCE = 5_000
JSON_ARRAY = "jsonb_array_elements(%s::jsonb)"  # written and read in one go, where an array of it would be quoted twice

Row = TypeVar("Row", bound=models.Model)


def new(kind: type[Row], /, **values: Any) -> Row:
    """As `kind(**values)`, for very many: Django's own way looks at every field of each. Values are by column."""
    alike, called = _defaults(kind)
    made = {**alike, **values, "_state": ModelState()}
    for name, default in called:
        if name not in values:
            made[name] = default()
    row = kind.__new__(kind)
    row.__dict__ = made
    return row


def lead(row: models.Model, name: str, other: models.Model) -> None:
    """As `row.name = other`, for very many: Django's own way asks of each whether the two stand in one database.

    Of what is new the number is known, and written, once the other is (`add`).
    """
    row.__dict__[f"{name}_id"] = other.__dict__["id"]
    row._state.fields_cache[name] = other


def read(rows: models.QuerySet[Row]) -> list[Row]:
    """As `list(rows)`, for very many: Django's own way sets every field of each by itself."""
    kind = rows.model
    names = [field.attname for field in kind._meta.concrete_fields]
    found = []
    for values in rows.values_list(*names):
        state = ModelState()
        state.db, state.adding = rows.db, False
        row = kind.__new__(kind)
        row.__dict__ = dict(zip(names, values, strict=True), _state=state)
        found.append(row)
    return found


@cache
def _defaults(kind: type[models.Model]) -> tuple[Mapping[str, Any], Sequence[tuple[str, Callable[[], Any]]]]:
    """What stands in a new row of the kind: the same in each, and what is made for each."""
    made = {field for field in kind._meta.concrete_fields if field.has_default() and callable(field.default)}
    alike = {field.attname: field.get_default() for field in kind._meta.concrete_fields if field not in made}
    return alike, [(field.attname, field.default) for field in made]


def add(rows: Sequence[models.Model]) -> None:
    """Write new rows, all of one kind, which get their numbers."""
    if not rows:
        return
    kind = type(rows[0])
    led: set[str] = set(chain.from_iterable(row._state.__dict__.get("fields_cache", ()) for row in rows))
    columns = {str(field.column): _values(rows, field, field.name in led) for field in _written(kind)}
    numbers = (number for cursor in _added(kind, columns, {}, " RETURNING id") for (number,) in cursor.fetchall())
    for row, number in zip(rows, numbers, strict=True):
        row.__dict__["id"] = number
        row._state.adding = False


def add_values(kind: type[models.Model], columns: Mapping[str, Sequence[Any]], /, **same: Any) -> None:
    """The same, of rows that nobody holds: their values by column; `same` are those alike in each.

    Every column of the kind is among them.
    """
    for _ in _added(kind, columns, same, ""):
        pass


def _added(
    kind: type[models.Model], columns: Mapping[str, Sequence[Any]], same: Mapping[str, Any], giving: str
) -> Iterator[Any]:
    """The cursor of each statement. A column that is the same in all of its rows is written once, as `same` are."""
    fields = {str(field.column): field for field in _written(kind)}
    table = connection.ops.quote_name(kind._meta.db_table)
    for some in _batches(list(columns.values())):
        of_each = dict(zip(columns, some, strict=True))
        once = {name: column for name, column in of_each.items() if _is_one(column)}
        several = {name: of_each[name] for name in of_each if name not in once} or dict([once.popitem()])
        several = dict(sorted(several.items(), key=lambda column: is_json(fields[column[0]])))
        names = ", ".join(quoted(fields[name]) for name in (*several, *once, *same))
        given = [f"v.{quoted(fields[name])}" for name in several]
        given += [f"(%s::{type_of(fields[name])}[])[1]" for name in once]
        given += [f"%s::{type_of(fields[name])}" for name in same]
        values = [as_array(one[:1]) for one in once.values()] + [*same.values()]
        values += [json.dumps(one) if is_json(fields[name]) else as_array(one) for name, one in several.items()]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {', '.join(given)} "
                f"FROM {_unnested([fields[name] for name in several])}{giving}",
                values,
            )
            yield cursor


def _is_one(column: Sequence[Any]) -> bool:
    return column[0] == column[-1] and column.count(column[0]) == len(column)


def update(kind: type[models.Model], name: str, values: Sequence[tuple[int, Any]]) -> None:
    """One column of many rows, each with its own value. `name` is the field's or the column's."""
    _update(kind, name, [[pk for pk, _ in values], [value for _, value in values]])


def update_from(kind: type[models.Model], name: str, values: Sequence[tuple[int, Any, Any]]) -> bool:
    """The same, each with what is thought to stand there, too: a row where something else does is left as it is.

    Gives whether there was none such. Somebody who is writing one of them just now is waited for.
    """
    return _update(kind, name, [[row[place] for row in values] for place in range(3)]) == len(values)


def _update(kind: type[models.Model], name: str, columns: Sequence[Sequence[Any]]) -> int:
    """How many rows were written. The columns: numbers, values, and perhaps what is thought to stand there."""
    field = kind._meta.get_field(name.removesuffix("_id"))
    assert isinstance(field, models.Field)
    arrays = ", ".join(["%s::bigint[]"] + [f"%s::{type_of(field)}[]"] * (len(columns) - 1))
    stood = f" AND t.{quoted(field)} IS NOT DISTINCT FROM v.was" if len(columns) == 3 else ""
    statement = (
        f"UPDATE {connection.ops.quote_name(kind._meta.db_table)} t SET {quoted(field)} = v.value "
        f"FROM unnest({arrays}) AS v({', '.join(('id', 'value', 'was')[: len(columns)])}) WHERE t.id = v.id{stood}"
    )
    written = 0
    for some in _batches(columns):
        with connection.cursor() as cursor:
            cursor.execute(statement, list(map(as_array, some)))
            written += cursor.rowcount
    return written


def update_columns(kind: type[models.Model], by_column: Mapping[str, Sequence[tuple[int, Any, Any]]]) -> bool:
    """Several columns of many rows, as `update_from` has them. Of a row whose first and last day both change the last
    is empty meanwhile: at no moment does a row end before it begins.
    """
    first, last = ({pk for pk, *_ in by_column.get(name, ())} for name in ("starts", "ends"))
    both, ends = first & last, by_column.get("ends", ())
    steps = [
        ("ends", [(pk, None, was) for pk, _, was in ends if pk in both]),
        *((name, rows) for name, rows in sorted(by_column.items()) if name != "ends"),
        ("ends", [(pk, value, None if pk in both else was) for pk, value, was in ends]),
    ]
    return all(update_from(kind, name, rows) for name, rows in steps if rows)


def take_away(kind: type[models.Model], numbers: Sequence[int]) -> None:
    """Rows by their numbers, and that they were invited, or otherwise among many, with them.

    Whatever else leads to one of them has to be gone: PostgreSQL refuses the whole transaction at its end.
    """
    tables = [
        (relation.related_model, relation.field)
        for relation in kind._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel) and relation.related_model._meta.auto_created
    ]
    for some in _batches([numbers]):
        for table, field in (*tables, (kind, kind._meta.pk)):
            with connection.cursor() as cursor:
                cursor.execute(
                    f"DELETE FROM {connection.ops.quote_name(table._meta.db_table)} WHERE {quoted(field)} = ANY(%s)",
                    [*map(as_array, some)],
                )


def _unnested(fields: Sequence[models.Field[Any, Any]]) -> str:
    """So many arrays as the rows of `v`, with the columns of these fields; those of JSON, which come last, as JSON."""
    arrays = ", ".join(f"%s::{type_of(field)}[]" for field in fields if not is_json(field))
    tables = [f"unnest({arrays})"] if arrays else []
    tables += [JSON_ARRAY for field in fields if is_json(field)]
    return f"ROWS FROM ({', '.join(tables)}) AS v({', '.join(map(quoted, fields))})"


def is_json(field: models.Field[Any, Any]) -> bool:
    return isinstance(field, models.JSONField)


def _written(kind: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in kind._meta.concrete_fields if not field.primary_key]


def _values(rows: Sequence[models.Model], field: models.Field[Any, Any], led: bool) -> list[Any]:
    """A column of the rows. What was new when it was put into a row, as some were `led`, may have its number by now."""
    values = list(map(attrgetter(field.attname), rows))
    if led and isinstance(field, models.ForeignKey) and None in values:
        for place, row in enumerate(rows):
            if values[place] is None and field.is_cached(row) and (other := getattr(row, field.name)) is not None:
                values[place] = other.pk
                setattr(row, field.attname, other.pk)
    return values


def quoted(field: models.Field[Any, Any]) -> str:
    """The field's column, as a statement names it."""
    return connection.ops.quote_name(str(field.column))


def type_of(field: models.Field[Any, Any]) -> str:
    """As PostgreSQL calls it; text for a limited text, which a cast would cut off without a word."""
    found = field.db_type(connection) or ""
    return "text" if found.startswith("varchar") else found


def _batches(columns: Sequence[Sequence[Any]]) -> Iterable[list[Sequence[Any]]]:
    return ([column[first : first + AT_ONCE] for column in columns] for first in range(0, len(columns[0]), AT_ONCE))


def as_array(values: Iterable[Any]) -> str:
    """The values as PostgreSQL writes an array."""
    values = list(values)
    kinds = set(map(type, values))
    if kinds == {str} and _quotes_none(together := '","'.join(values), len(values)):
        return f'{{"{together}"}}'
    if len(kinds) == 1:
        return f"{{{','.join(map(_ELEMENTS[kinds.pop()], values))}}}"
    return f"{{{','.join([_ELEMENTS[type(value)](value) for value in values])}}}"


def _quotes_none(together: str, number: int) -> bool:
    """Whether in none of so many texts, put together between quotation marks, there is anything to be escaped."""
    return "\\" not in together and together.count('"') == 2 * (number - 1)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class _Elements(dict[type, Callable[[Any], str]]):
    """How each kind of value is written in an array; one of a kind of choices as what it is stored as."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        self[kind] = next(self[base] for base in kind.__mro__[1:] if base in self)
        return self[kind]


_ELEMENTS = _Elements(
    {
        str: _quoted,
        type(None): lambda _: "NULL",
        bool: lambda value: "t" if value else "f",
        int: int.__str__,
        date: date.isoformat,
        datetime: datetime.isoformat,
        dict: lambda value: _quoted(json.dumps(value)),
        list: lambda value: _quoted(json.dumps(value)),
    }
)
