"""Rows beside history that are only added to, or added and ended: what of each of them never changes, and its hash.

A seal names, for each table, the numbers it covers and one hash over them. A number that was given and not used, or
whose row was not committed yet, is named as missing; a row that comes to it soon is named by the seal after. A
transaction is over `UNDER_WAY` after its moment: a row that comes to a number later than that after the seal that
missed it, or that says it is of earlier, was put in.

What is ended is kept by the database itself, as a hash in `record_ending`, which is sealed like the others.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from undrift.library.numbers import NEAR, UNDER_WAY

# Table, after this number, up to this one, numbers missing, numbers that came late, hash, how many columns were hashed.
# Seals of before 0.12 do not say how many: `Table.first`.
Sealed = list[Any]


@dataclass(frozen=True)
class Table:
    """What a row is called, which of its columns are written once, when it was written; and those that end it.

    A column that seals came to know later stands at the end of `columns`; `first` counts those that they always knew.
    """

    called: str
    columns: str
    moment: str
    ends: tuple[str, ...] = ()
    first: int | None = None

    def hashed(self, width: int | None) -> str:
        """The first `width` columns, which is how many a seal says that it hashed."""
        return ", ".join(self.columns.split(", ")[: width or self.first])

    @property
    def width(self) -> int:
        return len(self.columns.split(", "))


GIVEN = ("ends", "ended_by_id", "ended_at")

TABLES: Mapping[str, Table] = {
    "access_look": Table(
        "A look", 'id, authority_id, person, name, at, page, children, "case", tried, how, refused', "at"
    ),
    "people_accountact": Table(
        "What was done with an account", "id, authority_id, person_id, what, by_id, by_role, at", "at"
    ),
    "people_letter": Table("A letter", "id, act_id, created_at", "created_at"),
    "access_opening": Table(
        "An emergency opening",
        "id, authority_id, child_id, person_id, purpose, reason, opened_at, review_due",
        "opened_at", ("until", "reviewed_by_id", "reviewed_at", "finding", "remark"),
    ),
    "access_restriction": Table(
        "A restriction", "id, authority_id, child_id, reason, set_by_id, set_at", "set_at",
        ("lift_asked_by_id", "lift_asked_at", "lifted_by_id", "lifted_at"),
    ),
    "access_listing": Table(
        "A name on a list", "id, authority_id, child_id, person_id, why, starts, by_id", "", GIVEN,
    ),
    "access_exclusion": Table(
        "Somebody kept out", "id, authority_id, child_id, person_id, why, by_id, since", "since",
        ("lifted_by_id", "lifted_at"),
    ),
    "access_alert": Table(
        "An alert", "id, authority_id, to_person_id, kind, about, day, reference, created_at", "created_at"
    ),
    "record_notice": Table(
        "A notice",
        "id, authority_id, case_id, seq, to_person_id, role, kind, ask, stage, due, urgent, created_at",
        "created_at", ("dropped_at",),
    ),
    "people_holding": Table(
        "Somebody in a post",
        "id, post_id, person_id, starts, kind, why, by_id, at, seconded_by_id, authority_id, partnership_id",
        "at", GIVEN, first=9,
    ),
    "people_cover": Table(
        "Cover",
        "id, away_id, covering_id, starts, post_id, by_id, at, seconded_by_id, reason, authority_id, partnership_id",
        "at", GIVEN, first=8,
    ),
    "children_factchange": Table(
        "What became of a fact",
        "id, authority_id, child_id, entity, object_id, field, was, now, at, by_id, import_run_id, why", "at",
    ),
    "children_allocation": Table(
        "What was said of a day to come",
        "id, authority_id, child_id, part, person_id, unit_id, from_day, why, by_id, at",
        "at", ("done_at", "ended_by_id", "ended_at"),
    ),
    "people_grant": Table(
        "What waits for a second person",
        'id, authority_id, kind, about_id, "to", terms, said, why, asked_by_id, asked_at', "asked_at",
        ("settled_by_id", "settled_at", "outcome"),
    ),
    "children_samechild": Table(
        "That two records are of one child", "id, authority_id, kept_id, other_id, same, by_id, at, why",
        "at", ("undone_by_id", "undone_at", "undone_why"),
    ),
    "children_alsoinfamily": Table(
        "That a child is in a second family", "id, authority_id, child_id, family_id, by_id, at, why",
        "at", ("ended_by_id", "ended_at"),
    ),
    "record_goodpracticereport": Table(
        "A good practice report",
        "id, authority_id, first, last, team_id, team_name, sentences, numbers, replaces_id, why, by_id, by_name, at",
        "at",
    ),
    "record_case": Table("A case", "id, authority_id, kind, reference, protocol_id, protocol_version", ""),
    "record_ending": Table("What became of a row", "id, of_table, number, said, at", "at"),
}  # fmt: skip

AS_IT_IS_HASHED = "SELECT set_config('datestyle', 'ISO', true), set_config('timezone', 'UTC', true)"
HASH = """
SELECT coalesce(encode(sha256(string_agg(
    sha256(convert_to(({columns})::text, 'UTF8')), ''::bytea ORDER BY id)), 'hex'), ''),
    min({moment}) FILTER (WHERE id > %(after)s)
FROM {table}
WHERE (id > %(after)s AND id <= %(to)s AND id <> ALL (%(missing)s::bigint[])) OR id = ANY (%(late)s::bigint[])
"""
GAPS = """
SELECT coalesce(array_agg(n.id ORDER BY n.id), '{{}}') FROM generate_series(%s::bigint + 1, %s) AS n (id)
WHERE NOT EXISTS (SELECT FROM {table} t WHERE t.id = n.id)
"""
# What the database kept of each end, beside what the row says now.
ENDED = """
WITH kept AS (
    SELECT DISTINCT ON (number) number, said FROM record_ending WHERE of_table = '{table}' ORDER BY number, id DESC
)
SELECT t.id FROM {table} t LEFT JOIN kept ON kept.number = t.id
WHERE (kept.number IS NOT NULL OR num_nonnulls({ends}) > 0)
    AND record_end(to_jsonb(t), ARRAY[{names}]) <> coalesce(kept.said, '')
ORDER BY t.id LIMIT 5
"""
MOST_GAPS = 1_000_000  # a jump of a number further than this is sealed from beyond it


@dataclass
class Covered:
    """What the seals so far cover of one table."""

    to: int = 0
    beside: list[tuple[int, int]] = field(default_factory=list)  # after this number, up to this one: named by no seal
    missing: dict[int, datetime] = field(default_factory=dict)  # and the moment of the seal that first missed it
    reached: list[tuple[int, datetime]] = field(default_factory=list)  # up to this number, by a seal of this moment

    def missed_at(self, number: int) -> datetime:
        """When the seal was made that was the first to reach beyond this number; long ago where none was."""
        place = bisect_left(self.reached, number, key=lambda one: one[0])
        return self.reached[place][1] if place < len(self.reached) else datetime.min.replace(tzinfo=UTC)


@dataclass
class Known:
    """What the seals say of the tables beside history, taken one after another."""

    tables: dict[str, Covered] = field(default_factory=dict)
    last: datetime | None = None

    def take(self, made_at: datetime, rows: Sequence[Sealed]) -> None:
        for table, after, to, missing, late, *_ in rows:
            covered = self.tables.setdefault(table, Covered())
            if after > covered.to:
                covered.beside.append((covered.to, after))
            if to > covered.to:
                covered.to = to
                covered.reached.append((to, made_at))
            covered.missing |= dict.fromkeys(missing, made_at)
            for number in late:
                covered.missing.pop(number, None)
        self.last = made_at

    def awaited(self, missed_at: datetime) -> bool:
        """Whether a row may still come to a number that a seal of this moment missed."""
        return self.last is None or missed_at >= self.last - UNDER_WAY


def seal_rows(before: Known, grew: bool) -> list[Sealed]:
    """What there is to seal beside history, after the seals before; empty where nothing came and nothing else grew.

    A table is named from the first seal on, though it be empty: what comes to it later is of later.
    """
    made = [found for table in TABLES if (found := _next(table, before)) is not None]
    if not made and not grew:
        return []
    begun = {*before.tables, *(row[0] for row in made)}
    return [*made, *([table, 0, 0, [], [], "", TABLES[table].width] for table in TABLES if table not in begun)]


def _next(table: str, before: Known) -> Sealed | None:
    covered = before.tables.get(table, Covered())
    after = covered.to
    waited = {number: at for number, at in covered.missing.items() if before.awaited(at)}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0), coalesce(min(id), 0) FROM {table} WHERE id > %s", [after])
        last, first = cursor.fetchone()
        late = [
            number
            for number, moment in _moments(table, "id = ANY (%s)", [list(waited)])
            if _in_time(moment, waited[number])
        ]
        if last <= after and not late:
            return None
        to = max(last, after)
        begin = max(after, first - 1 - NEAR) if after == 0 or to - after > MOST_GAPS else after
        cursor.execute(GAPS.format(table=table), [begin, to])
        missing = cursor.fetchone()[0]
    width = TABLES[table].width
    return [table, begin, to, missing, late, _read(table, begin, to, missing, late, width)[0], width]


def _in_time(moment: datetime | None, missed_at: datetime) -> bool:
    """Whether a row of this moment may have been under way when a seal missed it."""
    return moment is None or moment >= missed_at - UNDER_WAY


def _moments(
    table: str, where: str, values: Sequence[Any], most: int | None = None
) -> list[tuple[int, datetime | None]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {TABLES[table].moment or 'NULL'} FROM {table} WHERE {where} ORDER BY id LIMIT %s",
            [*values, most],
        )
        found: list[tuple[int, datetime | None]] = cursor.fetchall()
    return found


def _read(
    table: str, after: int, to: int, missing: Sequence[int], late: Sequence[int], width: int | None
) -> tuple[str, datetime | None]:
    """One hash over what never changes of these rows, as they are now; and the earliest moment of the new ones."""
    said = TABLES[table]
    with connection.cursor() as cursor:
        cursor.execute(AS_IT_IS_HASHED)
        asked: dict[str, Any] = {"after": after, "to": to, "missing": list(missing), "late": list(late)}
        moment = said.moment or "NULL::timestamptz"
        cursor.execute(HASH.format(columns=f"ROW({said.hashed(width)})", table=table, moment=moment), asked)
        found: tuple[str, datetime | None] = cursor.fetchone()
    return found


def broken(rows: Sequence[Sealed], before: Known | None = None) -> Iterator[str]:
    """A sentence for each thing in what one seal covers that is not as it was sealed.

    With what the seals before it say, also for what they should have known.
    """
    for row in rows:
        table, after, to, missing, late, sealed, *width = row
        if table not in TABLES:
            yield f"A row was sealed in {table}, which is not known here."
            continue
        called = TABLES[table].called
        found, earliest = _read(table, after, to, missing, late, *width or [None])
        if found != sealed:
            yield _what_broke(row)
        if before is None or before.last is None or table not in before.tables:
            continue
        if earliest is not None and earliest < before.last - UNDER_WAY:
            yield f"{called}, between {after + 1} and {to}, is dated before a seal that does not know it."
        covered = before.tables[table]
        for number, moment in _moments(table, "id = ANY (%s)", [late]) if late else ():
            missed_at = covered.missed_at(number)
            if not before.awaited(missed_at) or not _in_time(moment, missed_at):
                yield _put_in(table, number)


def _what_broke(row: Sealed) -> str:
    table, after, to, missing, *_ = row
    called = TABLES[table].called
    with connection.cursor() as cursor:
        cursor.execute(GAPS.format(table=table), [after, to])
        gone = sorted(set(cursor.fetchone()[0]) - set(missing))
    if gone:
        numbers = ", ".join(map(str, gone[:5])) + (f" and {len(gone) - 5} more" if len(gone) > 5 else "")
        return f"{called} was deleted: number {numbers}."
    return f"{called} was changed, added or put in another’s place, between {after + 1} and {to}."


def _put_in(table: str, number: int) -> str:
    return f"{TABLES[table].called}, number {number}, was put in under a number that a seal before it had passed."


def unsealed(known: Known) -> Iterator[str]:
    """Rows that no seal covers and that one should: by their moment, or by their number."""
    assert known.last is not None
    for table, said in TABLES.items():
        covered = known.tables.get(table, Covered())
        if said.moment:
            dated = f"id > %s AND {said.moment} < %s"
            for number, _ in _moments(table, dated, [covered.to, known.last - UNDER_WAY], 5):
                yield f"{said.called}, number {number}, is dated before the last seal, which does not know it."
        for number, _ in _moments(table, "id < 1", [], 5):
            yield f"{said.called}, number {number}, has a number that the database never gives."
        found = _moments(table, "id = ANY (%s)", [list(covered.missing)])
        for after, to in covered.beside:
            found += _moments(table, "id >= 1 AND id > %s AND id <= %s", [after, to], 5)
        for number, moment in found:
            missed_at = covered.missed_at(number)
            if not known.awaited(missed_at) or not _in_time(moment, missed_at):
                yield _put_in(table, number)


def ended_otherwise() -> Iterator[str]:
    """Rows whose end, or what else becomes of them, is not what the database kept when it was written."""
    for table, said in TABLES.items():
        if not said.ends:
            continue
        names = ", ".join(f"'{name}'" for name in said.ends)
        with connection.cursor() as cursor:
            cursor.execute(AS_IT_IS_HASHED)
            cursor.execute(ENDED.format(table=table, ends=", ".join(said.ends), names=names))
            for (number,) in cursor.fetchall():
                yield f"{said.called}, number {number}, was ended, reopened or reviewed otherwise than was kept of it."
