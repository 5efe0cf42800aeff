"""What a comparison wants, written down: as many round trips to the database for a thousand children as for one."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, models

from undrift.applying.deciding import hashed
from undrift.applying.wants import Comparison, Want
from undrift.children import facts
from undrift.children.facts import Because
from undrift.children.models import (
    Child,
    Conference,
    CoreGroupMember,
    FactChange,
    Family,
    ImportedRow,
    ImportRun,
    Plan,
)

AT_ONCE = 2_000
KINDS: Sequence[type[models.Model]] = (Child, Plan, Conference, CoreGroupMember)

# The two latest that told of it are kept: the last import can be undone, and the one before it is known again.
TOLD = """
UPDATE children_importedrow i SET
    told = jsonb_path_query_array(jsonb_build_array(v.entry::jsonb) || i.told, '$[0 to 1]'),
    last_seen = %s, row_hash = v.hash,
    last_changed = CASE WHEN v.changed THEN %s ELSE i.last_changed END,
    import_run_id = CASE WHEN v.changed THEN %s ELSE i.import_run_id END
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::boolean[]) AS v(id, entry, hash, changed)
WHERE i.id = v.id
"""


def write(comparison: Comparison, run: ImportRun) -> None:
    """New things, facts that changed with what they were, and which row of the source became which thing."""
    because = Because(at=run.started, by=run.by, run=run)
    Family.objects.bulk_create(comparison.new_families, batch_size=AT_ONCE)
    changes: list[FactChange] = []
    for kind in KINDS:
        wants = [want for want in comparison.wants if isinstance(want.thing, kind)]
        changes += _changed(wants, because)
        _update(kind, [want for want in wants if not want.new])
        _create(kind, [want for want in wants if want.new])
        changes += [facts.of_new(want.thing, child.pk, because) for want in wants if want.new for child in want.about]
    changes += _families_named(comparison, because)
    changes += _invited([want for want in comparison.wants if want.invited], because)
    facts.keep(changes)
    _rows(comparison, run)


def _changed(wants: Iterable[Want], because: Because) -> Iterator[FactChange]:
    for want in wants:
        if want.new:
            continue
        for name, value in want.values.items():
            was, now = facts.as_text(getattr(want.thing, name)), facts.as_text(value)
            for child in want.about:
                yield facts.changed(want.thing, child.pk, name, was, now, because)


def _create(kind: type[models.Model], wants: Sequence[Want]) -> None:
    kind._default_manager.bulk_create([want.thing for want in wants], batch_size=AT_ONCE)


def _update(kind: type[models.Model], wants: Sequence[Want]) -> None:
    by_column: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    for want in wants:
        for name, value in want.values.items():
            by_column[name].append((want.thing.pk, value))
            setattr(want.thing, name, value)
    for name, pairs in by_column.items():
        update_column(kind, name, pairs)


def update_column(kind: type[models.Model], name: str, pairs: Sequence[tuple[int, Any]]) -> None:
    """One column of many rows, each with its own value, in one statement."""
    field = kind._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name)
    assert isinstance(field, models.Field)
    quote, type_of = connection.ops.quote_name, field.db_type(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(kind._meta.db_table)} t SET {quote(str(field.column))} = v.value::{type_of} "
            "FROM unnest(%s::bigint[], %s::text[]) AS v(id, value) WHERE t.id = v.id",
            [[pk for pk, _ in pairs], [_for_database(value) for _, value in pairs]],
        )


def _for_database(value: Any) -> str | None:
    return None if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)


def _families_named(comparison: Comparison, because: Because) -> Iterator[FactChange]:
    if comparison.family_names:
        update_column(Family, "name", [(child.family_id, name) for child, name in comparison.family_names])
    for child, name in comparison.family_names:
        yield facts.changed(child, child.pk, "family_name", "", name, because)


def _invited(wants: Iterable[Want], because: Because) -> Iterator[FactChange]:
    """Whom a conference invites besides those it has invited already."""
    through = Conference.participants.through
    wants = list(wants)
    known: dict[int, set[int]] = defaultdict(set)
    for conference, person in through._default_manager.filter(
        conference__in=[want.thing.pk for want in wants]
    ).values_list("conference_id", "person_id"):
        known[conference].add(person)
    added = []
    for want in wants:
        was = known[want.thing.pk]
        more = [person for person in want.invited if person not in was]
        added += [through(conference_id=want.thing.pk, person_id=person) for person in more]
        if more and not want.new:
            now = _numbers(was | set(more))
            for child in want.about:
                yield facts.changed(want.thing, child.pk, "participants", _numbers(was), now, because)
    through._default_manager.bulk_create(added, batch_size=AT_ONCE)


def _numbers(people: Iterable[int]) -> str:
    return ",".join(map(str, sorted(people)))


# What the source told -------------------------------------------------------------------------------------------------


def _rows(comparison: Comparison, run: ImportRun) -> None:
    known, new = [], []
    for want in comparison.wants:
        if want.key:
            (known if want.row is not None else new).append(want)
    ImportedRow.objects.bulk_create(
        [
            *(_row(run, want.entity, want.key, want.thing.pk, _entry(run, want), _hash(want)) for want in new),
            *(
                _row(run, "family", key, family.pk, {"run": run.pk, "as_at": run.as_at.isoformat(), "said": {}}, "")
                for key, family in comparison.family_keys.items()
            ),
        ],
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["authority", "source_system", "entity", "source_key"],
        update_fields=["last_seen", "object_id"],
    )
    with connection.cursor() as cursor:
        cursor.execute(
            TOLD,
            [
                *(run.started, run.started, run.pk),
                [want.row.pk for want in known if want.row is not None],
                [json.dumps(_entry(run, want)) for want in known],
                [_hash(want) for want in known],
                [bool(want.values) for want in known],
            ],
        )


def _row(run: ImportRun, entity: str, key: str, number: int, entry: dict[str, Any], row_hash: str) -> ImportedRow:
    return ImportedRow(
        authority_id=run.authority_id, source_system=run.source_system, entity=entity, source_key=key,
        object_id=number, row_hash=row_hash, import_run=run,
        first_seen=run.started, last_seen=run.started, last_changed=run.started, told=[entry],
    )  # fmt: skip


def _entry(run: ImportRun, want: Want) -> dict[str, Any]:
    said = {name: hashed(text) for name, text in want.said.items()}
    return {"run": run.pk, "as_at": run.as_at.isoformat(), "said": said}


def _hash(want: Want) -> str:
    return hashlib.sha256(json.dumps(want.said, sort_keys=True).encode()).hexdigest()
