"""Rows beside history that are only added to, or added and ended: what of each of them never changes, and its hash.

A seal names, for each table, the numbers it covers and one hash over them. A number that was given and not used, or
whose row was not committed yet, is named as missing; a row that comes to it later is named by the seal after.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

Sealed = list[Any]  # table, after this number, up to this one, numbers missing, numbers that came late, hash


@dataclass(frozen=True)
class Table:
    """What a row is called, which of its columns are written once, and when it was written."""

    called: str
    columns: str
    moment: str


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
        "id, authority_id, child_id, person_id, purpose, reason, opened_at, review_due", "opened_at",
    ),
    "access_restriction": Table("A restriction", "id, authority_id, child_id, reason, set_by_id, set_at", "set_at"),
    "access_listing": Table("A name on a list", "id, authority_id, child_id, person_id, why, starts, by_id", ""),
    "access_exclusion": Table(
        "Somebody kept out", "id, authority_id, child_id, person_id, why, by_id, since", "since"
    ),
    "access_alert": Table(
        "An alert", "id, authority_id, to_person_id, kind, about, day, reference, created_at", "created_at"
    ),
    "record_notice": Table(
        "A notice",
        "id, authority_id, case_id, seq, to_person_id, role, kind, ask, stage, due, urgent, created_at", "created_at",
    ),
    "people_holding": Table(
        "Somebody in a post", "id, post_id, person_id, starts, kind, why, by_id, at, seconded_by_id", "at"
    ),
    "people_cover": Table(
        "Cover", "id, away_id, covering_id, starts, post_id, by_id, at, seconded_by_id", "at"
    ),
    "children_factchange": Table(
        "What became of a fact",
        "id, authority_id, child_id, entity, object_id, field, was, now, at, by_id, import_run_id, why", "at",
    ),
    "children_allocation": Table(
        "What was said of a day to come",
        "id, authority_id, child_id, part, person_id, unit_id, from_day, why, by_id, at", "at",
    ),
    "people_grant": Table(
        "What waits for a second person",
        'id, authority_id, kind, about_id, "to", terms, said, why, asked_by_id, asked_at', "asked_at",
    ),
}  # fmt: skip

AS_IT_IS_HASHED = "SELECT set_config('datestyle', 'ISO', true), set_config('timezone', 'UTC', true)"
HASH = """
SELECT coalesce(encode(sha256(string_agg(
    sha256(convert_to(({columns})::text, 'UTF8')), ''::bytea ORDER BY id)), 'hex'), '')
FROM {table}
WHERE (id > %(after)s AND id <= %(to)s AND id <> ALL (%(missing)s::bigint[])) OR id = ANY (%(late)s::bigint[])
"""
GAPS = """
SELECT coalesce(array_agg(n.id ORDER BY n.id), '{{}}') FROM generate_series(%s::bigint + 1, %s) AS n (id)
WHERE NOT EXISTS (SELECT FROM {table} t WHERE t.id = n.id)
"""
MOST_GAPS = 1_000_000  # a jump of a number further than this is sealed from beyond it


def seal_rows(before: Sequence[Sequence[Sealed]]) -> list[Sealed]:
    """What there is to seal beside history, after the seals before; empty where nothing came."""
    made = []
    for table in TABLES:
        earlier = [one for rows in before for one in rows if one[0] == table]
        after = max((one[2] for one in earlier), default=0)
        waited = {number for one in earlier for number in one[3]} - {n for one in earlier for n in one[4]}
        found = _next(table, after, sorted(waited))
        if found is not None:
            made.append(found)
    return made


def _next(table: str, after: int, waited: list[int]) -> Sealed | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0), coalesce(min(id), 0) FROM {table} WHERE id > %s", [after])
        last, first = cursor.fetchone()
        cursor.execute(f"SELECT id FROM {table} WHERE id = ANY (%s) ORDER BY id", [waited])
        late = [number for (number,) in cursor.fetchall()]
        if last <= after and not late:
            return None
        to = max(last, after)
        begin = max(after, first - 1) if after == 0 or to - after > MOST_GAPS else after
        cursor.execute(GAPS.format(table=table), [begin, to])
        missing = cursor.fetchone()[0]
    return [table, begin, to, missing, late, hash_of(table, begin, to, missing, late)]


def hash_of(table: str, after: int, to: int, missing: Sequence[int], late: Sequence[int]) -> str:
    """One hash over what never changes of these rows, as they are now."""
    with connection.cursor() as cursor:
        cursor.execute(AS_IT_IS_HASHED)
        asked: dict[str, Any] = {"after": after, "to": to, "missing": list(missing), "late": list(late)}
        cursor.execute(HASH.format(columns=f"ROW({TABLES[table].columns})", table=table), asked)
        return str(cursor.fetchone()[0])


def broken(rows: Sequence[Sealed]) -> Iterator[tuple[str, str]]:
    """Of what one seal covers: which table, and a sentence for each that is not as it was sealed."""
    for table, after, to, missing, late, sealed in rows:
        if table not in TABLES or hash_of(table, after, to, missing, late) != sealed:
            called = TABLES[table].called if table in TABLES else "A row"
            with connection.cursor() as cursor:
                cursor.execute(GAPS.format(table=table), [after, to])
                gone = sorted(set(cursor.fetchone()[0]) - set(missing))
            if gone:
                numbers = ", ".join(map(str, gone[:5])) + (f" and {len(gone) - 5} more" if len(gone) > 5 else "")
                yield table, f"{called} was deleted: number {numbers}."
            else:
                yield table, f"{called} was changed, added or put in another’s place, between {after + 1} and {to}."


def dated_before(covered: Mapping[str, int], moment: Any) -> Iterator[tuple[str, str]]:
    """Rows that no seal covers and that say they were written long before the last one was made."""
    for table, said in TABLES.items():
        if not said.moment:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM {table} WHERE id > %s AND {said.moment} < %s ORDER BY id LIMIT 5",
                [covered.get(table, 0), moment],
            )
            for (number,) in cursor.fetchall():
                yield table, f"{said.called}, number {number}, is dated before the last seal, which does not know it."
