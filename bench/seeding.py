"""Many resolutions at once: copies of patterns, in a handful of statements, each copy with children of its own.

A copy differs from its pattern by its numbers alone: its own id, reference, family and children. Its history is
chained anew, so `undrift verify` and `undrift rebuild` find nothing to say about it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from undrift.children.models import Child, Family, Plan
from undrift.record.history import COLUMNS, Row, hashed_text, rows_of
from undrift.record.models import Case, CaseChild, Duty, Notice
from undrift.resolutions.models import Resolution

LETTERS = "B"  # of the copies' references, so that they never meet one that was given out
RESOLUTION, PREVIOUS = "@resolution@", "@previous@"


def seed(wanted: Mapping[int, int]) -> int:
    """Copy each resolution (by its number) so many times, in one transaction; how many copies were made.

    100,000 take well under a minute.
    """
    patterns = [Pattern.read(pk) for pk in wanted]
    with transaction.atomic():
        copies = list(_numbered(patterns, [wanted[p.resolution] for p in patterns]))
        _put("seeded", "resolution bigint, pattern bigint, reference text, family bigint", map(_as_line, copies))
        _put("seeded_child", "resolution bigint, old bigint, child bigint", _children(copies))
        _put("seeded_head", "resolution bigint, hash text", _copy_events(copies))
        with connection.cursor() as cursor:
            for statement in (*_copied_rows(), "SET CONSTRAINTS ALL IMMEDIATE", *_DROPS):
                cursor.execute(statement)
    return len(copies)


def _open(row: Row, marks: Mapping[str, str]) -> str:
    """What is hashed of one event, as `COPY` reads it, with its numbers left open."""
    marked = row._replace(payload=_marked(row.payload, marks), previous_hash=PREVIOUS)
    number, rest = hashed_text(marked).split("\t", 1)
    assert number == str(row.case_id), number
    return f"{RESOLUTION}\t{rest}"


@dataclass(frozen=True)
class Pattern:
    """A resolution to copy. Its children are in the order of their numbers, as the keys of stored JSON are."""

    resolution: int
    children: tuple[int, ...]
    events: tuple[str, ...]

    @classmethod
    def read(cls, pk: int) -> Pattern:
        about = CaseChild.objects.filter(case=pk).values_list("child_id", flat=True)
        children = tuple(sorted(about))
        marks = {str(child): _mark(place) for place, child in enumerate(children)}
        return cls(pk, children, tuple(_open(row, marks) for row in rows_of(pk)))


@dataclass(frozen=True)
class Copy:
    """One copy's own numbers; `children` stand in the places of the pattern's."""

    pattern: Pattern
    resolution: int
    reference: str
    family: int
    children: tuple[int, ...]


def _mark(place: int) -> str:
    return f"@child{place}@"


def _marked(value: Any, marks: Mapping[str, str]) -> Any:
    """The payload with the children's numbers left open, as keys and as values of the lists and tables of children."""
    match value:
        case {"id": str(child), **others} if child in marks:
            return {"id": marks[child], **_marked(others, marks)}
        case dict():
            return {
                marks.get(key, key): marks.get(inner, inner) if key == "child" else _marked(inner, marks)
                for key, inner in value.items()
            }
        case list():
            return [_marked(each, marks) for each in value]
    return value


def _numbered(patterns: Sequence[Pattern], times: Sequence[int]) -> Iterator[Copy]:
    """Each pattern in turn, so that what is due together does not lie together on the disk."""
    turns = [p for turn in range(max(times)) for p, often in zip(patterns, times, strict=True) if turn < often]
    resolutions, families = _ids(Case, len(turns)), _ids(Family, len(turns))
    children = _ids(Child, sum(len(p.children) for p in turns))
    for pattern, pk in zip(turns, resolutions, strict=True):
        own = tuple(sorted(next(children) for _ in pattern.children))
        yield Copy(pattern, pk, f"{LETTERS}-{pk:07d}", next(families), own)


def _ids(model: type[Model], number: int) -> Iterator[int]:
    with connection.cursor() as cursor:
        sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        cursor.execute(sequence, [model._meta.db_table, number])
        return iter([number for (number,) in cursor.fetchall()])


def _as_line(copy: Copy) -> str:
    return f"{copy.resolution}\t{copy.pattern.resolution}\t{copy.reference}\t{copy.family}\n"


def _children(copies: Sequence[Copy]) -> Iterator[str]:
    for copy in copies:
        for old, child in zip(copy.pattern.children, copy.children, strict=True):
            yield f"{copy.resolution}\t{old}\t{child}\n"


# Events --------------------------------------------------------------------------------------------------------------


def _copy_events(copies: Sequence[Copy]) -> list[str]:
    """Store each copy's history, chained from its first event; the line of each copy's head."""
    heads: list[str] = []

    def lines() -> Iterator[str]:
        for copy in copies:
            head = ""
            for event in copy.pattern.events:
                line, head = _filled(event, copy, head)
                yield line
            heads.append(f"{copy.resolution}\t{head}\n")

    # By way of a table of our own: nothing is copied straight into one that row-level security guards.
    columns = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE seeded_event ON COMMIT DROP AS SELECT {columns} FROM record_event LIMIT 0"
        )
    _copy(f"seeded_event ({columns})", lines())
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO record_event ({columns}) SELECT {columns} FROM seeded_event")
    return heads


def _filled(event: str, copy: Copy, previous: str) -> tuple[str, str]:
    """The line that is stored, and its hash."""
    for place, child in enumerate(copy.children):
        event = event.replace(_mark(place), str(child))
    hashed = event.replace(RESOLUTION, str(copy.resolution), 1).replace(PREVIOUS, previous, 1)
    head = hashlib.sha256(hashed.encode()).hexdigest()
    return f"{hashed}\t{head}\n", head


# The other tables ----------------------------------------------------------------------------------------------------


def _copied_rows() -> Iterator[str]:
    opaque = "left(md5(random()::text || {}), 12)"
    copy, pattern = "FROM seeded s", "JOIN record_case p ON p.id = s.pattern"
    child = "FROM seeded_child c"
    yield insert(
        Family._meta.db_table,
        {"id": "s.family", "reference": opaque.format("s.family")},
        f"{copy} {pattern} JOIN children_family old ON old.id = p.family_id",
    )
    yield insert(
        Child._meta.db_table,
        {
            "id": "c.child",
            "family_id": "s.family",
            "external_id": "'seeded ' || c.child",
            "public_id": opaque.format("c.child"),
        },
        f"{child} JOIN seeded s USING (resolution) JOIN children_child old ON old.id = c.old",
    )
    yield insert(
        Plan._meta.db_table, {"child_id": "c.child"}, f"{child} JOIN children_plan old ON old.child_id = c.old"
    )
    own = {"id": "s.resolution", "reference": "s.reference", "family_id": "s.family", "last_hash": "h.hash"}
    yield insert(
        Case._meta.db_table,
        {**own, "sealed_seq": "0"},
        f"{copy} JOIN seeded_head h USING (resolution) JOIN record_case old ON old.id = s.pattern",
    )
    rows = f"{copy} JOIN resolutions_resolution old ON old.case_id = s.pattern"
    yield insert(Resolution._meta.db_table, {"case_id": "s.resolution"}, rows)
    yield insert(
        CaseChild._meta.db_table,
        {"case_id": "s.resolution", "child_id": "c.child"},
        f"{child} JOIN seeded s USING (resolution) "
        "JOIN record_casechild old ON old.case_id = s.pattern AND old.child_id = c.old",
    )
    for model in (Duty, Notice):
        rows = f"{copy} JOIN {model._meta.db_table} old ON old.case_id = s.pattern"
        yield insert(model._meta.db_table, {"case_id": "s.resolution"}, rows)


def insert(table: str, own: Mapping[str, str], rows: str) -> str:
    """Copy rows (`old`) whole but for what is their `own`. An id that is not given is the table's next."""
    model = next(each for each in apps.get_models(include_auto_created=True) if each._meta.db_table == table)
    known = [str(f.column) for f in model._meta.local_concrete_fields]
    columns = [column for column in known if column != "id" or "id" in own]
    values = ", ".join(own.get(column, f"old.{column}") for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} {rows}"


_DROPS = tuple(f"DROP TABLE {table}" for table in ("seeded", "seeded_child", "seeded_head"))


def _put(table: str, columns: str, lines: Iterator[str] | Sequence[str]) -> None:
    """A table of our own, for the length of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns}) ON COMMIT DROP")
    _copy(table, lines)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")


def _copy(table: str, lines: Iterator[str] | Sequence[str]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as sink:
        for line in lines:
            sink.write(line)
