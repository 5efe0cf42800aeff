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
from undrift.children import facts, in_bulk
from undrift.children.facts import Because
from undrift.children.models import (
    Child,
    Conference,
    CoreGroupMember,
    FactChange,
    Family,
    ImportedRow,
    ImportRun,
    LookedAfter,
    Plan,
)

KINDS: Sequence[type[models.Model]] = (Child, Plan, Conference, CoreGroupMember, LookedAfter)

# The two youngest files that told of it are kept: the last import can be undone, and the one before it is known again.
TOLD = """
UPDATE children_importedrow i SET
    told = (
        SELECT jsonb_agg(e ORDER BY e ->> 'as_at' DESC, place) FROM (
            SELECT e, place FROM jsonb_array_elements(jsonb_build_array(v.entry) || i.told)
            WITH ORDINALITY AS t(e, place) ORDER BY e ->> 'as_at' DESC, place LIMIT 2
        ) two
    ),
    last_seen = %(at)s, row_hash = v.hash, object_id = v.object,
    last_changed = CASE WHEN v.changed THEN %(at)s ELSE i.last_changed END,
    import_run_id = CASE WHEN v.changed THEN %(run)s ELSE i.import_run_id END
FROM jsonb_to_recordset(%(rows)s::jsonb) AS v(id bigint, object bigint, entry jsonb, hash text, changed boolean)
WHERE i.id = v.id
"""


def write(comparison: Comparison, run: ImportRun) -> None:
    """New things, facts that changed with what they were, and which row of the source became which thing."""
    because = Because(at=run.started, by=run.by, run=run)
    in_bulk.add(comparison.new_families)
    changes: list[FactChange] = []
    for kind in KINDS:
        wants = [want for want in comparison.wants if isinstance(want.thing, kind)]
        changes += _changed(wants, because)
        _update(kind, [want for want in wants if not want.new])
        in_bulk.add([want.thing for want in wants if want.new])
        facts.keep_new(((want.thing, child.pk) for want in wants if want.new for child in want.about), because)
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


def _update(kind: type[models.Model], wants: Sequence[Want]) -> None:
    by_column: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    for want in wants:
        for name, value in want.values.items():
            by_column[name].append((want.thing.pk, value))
            setattr(want.thing, name, value)
    for name, pairs in by_column.items():
        in_bulk.update(kind, name, pairs)


def _families_named(comparison: Comparison, because: Because) -> Iterator[FactChange]:
    if comparison.family_names:
        in_bulk.update(Family, "name", [(child.family_id, name) for child, name in comparison.family_names])
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
    in_bulk.add(added)


def _numbers(people: Iterable[int]) -> str:
    return ",".join(map(str, sorted(people)))


# What the source told -------------------------------------------------------------------------------------------------


def _rows(comparison: Comparison, run: ImportRun) -> None:
    known: list[Want] = []
    new: list[Want] = []
    keys: set[tuple[str, str]] = set()
    for want in comparison.wants:
        if want.key and (want.entity, want.key) not in keys:
            keys.add((want.entity, want.key))
            (known if want.row is not None else new).append(want)
    of_families = ImportedRow.objects.filter(
        authority=run.authority_id, source_system=run.source_system, entity="family"
    )
    of_families.filter(source_key__in=comparison.family_keys).delete()
    in_bulk.add_values(
        ImportedRow,
        [
            *(_row(run, want.entity, want.key, want.thing.pk, _entry(run, want), _hash(want)) for want in new),
            *(_row(run, "family", key, family.pk, _entry(run), "") for key, family in comparison.family_keys.items()),
        ],
    )
    told = [
        {
            "id": want.row.pk, "object": want.thing.pk, "entry": _entry(run, want), "hash": _hash(want),
            "changed": bool(want.values),
        }
        for want in known if want.row is not None
    ]  # fmt: skip
    if told:
        with connection.cursor() as cursor:
            cursor.execute(TOLD, {"at": run.started, "run": run.pk, "rows": in_bulk.as_json(told)})


def _row(run: ImportRun, entity: str, key: str, number: int, entry: dict[str, Any], row_hash: str) -> dict[str, Any]:
    at = run.started.isoformat()
    return {
        "authority_id": run.authority_id, "source_system": run.source_system, "entity": entity, "source_key": key,
        "object_id": number, "row_hash": row_hash, "import_run_id": run.pk,
        "first_seen": at, "last_seen": at, "last_changed": at, "told": [entry],
    }  # fmt: skip


def _entry(run: ImportRun, want: Want | None = None) -> dict[str, Any]:
    said = {name: hashed(text) for name, text in want.said.items()} if want is not None else {}
    return {"run": run.pk, "as_at": run.as_at.isoformat(), "said": said}


def _hash(want: Want) -> str:
    return hashlib.sha256(json.dumps(want.said, sort_keys=True).encode()).hexdigest()
