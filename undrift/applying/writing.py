"""What a comparison wants, written down: as many round trips to the database for a thousand children as for one."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from django.db import connection, models

from undrift.applying.keys import hashed
from undrift.applying.refusing import changed_since
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

FILES_KEPT = 5  # of each row: a month of weekly files, and one more

TOLD = """
UPDATE children_importedrow i SET
    told = v.told, last_seen = %s, row_hash = v.hash, object_id = v.object,
    last_changed = CASE WHEN v.changed THEN %s ELSE i.last_changed END,
    import_run_id = CASE WHEN v.changed THEN %s ELSE i.import_run_id END
FROM ROWS FROM (
    unnest(%s::bigint[], %s::bigint[], %s::text[], %s::boolean[]), jsonb_array_elements(%s::jsonb)
) AS v(id, object, hash, changed, told)
WHERE i.id = v.id
"""


def write(comparison: Comparison, run: ImportRun) -> None:
    """New things, facts that changed with what they were, and which row of the source became which thing.

    Refuses (`NotApplied`) where somebody has changed one of these facts since the file was compared with it.
    """
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
    by_column: dict[str, list[tuple[int, Any, Any]]] = defaultdict(list)
    for want in wants:
        for name, value in want.values.items():
            by_column[name].append((want.thing.pk, value, getattr(want.thing, name)))
            setattr(want.thing, name, value)
    if not in_bulk.update_columns(kind, by_column):
        raise changed_since()


def _families_named(comparison: Comparison, because: Because) -> Iterator[FactChange]:
    if comparison.family_names:
        names = [(child.family_id, name, "") for child, name in comparison.family_names]
        if not in_bulk.update_from(Family, "name", names):
            raise changed_since()
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
    new_rows = [
        *((want.entity, want.key, want.thing.pk, _hash(want), [_entry(run, want)]) for want in new),
        *(("family", key, family.pk, "", [_entry(run)]) for key, family in comparison.family_keys.items()),
    ]
    names = ("entity", "source_key", "object_id", "row_hash", "told")
    if new_rows:
        in_bulk.add_values(
            ImportedRow, dict(zip(names, zip(*new_rows, strict=True), strict=True)),
            authority_id=run.authority_id, source_system=run.source_system, import_run_id=run.pk,
            first_seen=run.started, last_seen=run.started, last_changed=run.started,
        )  # fmt: skip
    told = [
        (want.row.pk, want.thing.pk, _hash(want), bool(want.values), _youngest(_entry(run, want), want.row.told))
        for want in known if want.row is not None
    ]  # fmt: skip
    if told:
        *columns, entries = zip(*told, strict=True)
        values = [*map(in_bulk.as_array, columns), json.dumps(entries)]
        with connection.cursor() as cursor:
            cursor.execute(TOLD, [run.started, run.started, run.pk, *values])


def _youngest(entry: dict[str, Any], before: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The youngest files that told of it: one import after another can be undone, and what was told before is known."""
    return sorted((entry, *before), key=itemgetter("as_at"), reverse=True)[:FILES_KEPT]


def _entry(run: ImportRun, want: Want | None = None) -> dict[str, Any]:
    said = {name: hashed(text) for name, text in want.said.items()} if want is not None else {}
    return {"run": run.pk, "as_at": run.as_at.isoformat(), "said": said}


def _hash(want: Want) -> str:
    return hashlib.sha256("|".join(chain.from_iterable(sorted(want.said.items()))).encode()).hexdigest()
