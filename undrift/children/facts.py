"""The one way to change a fact about a child: it is written, and what it was before is kept beside who says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, models, transaction

from undrift.children import in_bulk
from undrift.children.models import (
    Child,
    Conference,
    CoreGroupMember,
    Entity,
    FactChange,
    ImportRun,
    LookedAfter,
    Plan,
)
from undrift.people.models import Person

Thing = Child | Plan | Conference | CoreGroupMember | LookedAfter

ON_FILE = "on file"

ENTITY: Mapping[type[models.Model], Entity] = {
    Child: Entity.CHILD,
    Plan: Entity.PLAN,
    Conference: Entity.CONFERENCE,
    CoreGroupMember: Entity.CORE_GROUP,
    LookedAfter: Entity.LOOKED_AFTER,
}


BACK = """
INSERT INTO children_factchange
    (authority_id, child_id, entity, object_id, field, was, now, at, by_id, import_run_id, why)
SELECT authority_id, child_id, entity, object_id, field, now, was, %(at)s, %(by)s, %(run)s, %(why)s
FROM children_factchange WHERE import_run_id = %(run)s AND why <> %(why)s ORDER BY id DESC
"""


@dataclass(frozen=True, kw_only=True)
class Because:
    """Who says so, or which file; when, by the database's clock; and why, where somebody gave a reason."""

    at: datetime
    by: Person | None = None
    run: ImportRun | None = None
    why: str = ""


def change(thing: Thing, values: Mapping[str, Any], because: Because, *, of: Iterable[Child] = ()) -> list[FactChange]:
    """Write those of the values that differ, and what each was. Gives the changes: none where nothing differs.

    `values` are by column: `chair_id`, `ends`. A thing without a number is new. `of` are the children whom it is about,
    where the thing does not say: those of a conference.
    """
    with transaction.atomic():
        new = thing.pk is None
        differing = {
            name: value for name, value in values.items() if new or as_text(getattr(thing, name)) != as_text(value)
        }
        was = {name: as_text(getattr(thing, name)) for name in differing}
        for name, value in differing.items():
            setattr(thing, name, value)
        if new:
            thing.save()
            return keep(of_new(thing, child, because) for child in about(thing, of))
        if not differing:
            return []
        thing.save(update_fields=list(differing))
        return keep(
            changed(thing, child, name, was[name], as_text(differing[name]), because)
            for child in about(thing, of)
            for name in differing
        )


def about(thing: Thing, of: Iterable[Child] = ()) -> list[int]:
    """The numbers of the children whom a thing is about."""
    match thing:
        case Child():
            return [thing.pk]
        case Plan() | LookedAfter():
            return [thing.child_id]
        case _:
            return [child.pk for child in of]


def changed(thing: Thing, child: int, field: str, was: str, now: str, because: Because) -> FactChange:
    """Not kept yet: one field that became another."""
    return FactChange(
        authority_id=thing.authority_id,
        child_id=child,
        entity=ENTITY[type(thing)],
        object_id=thing.pk,
        field=field_of(field),
        was=was,
        now=now,
        at=because.at,
        by=because.by,
        import_run=because.run,
        why=because.why,
    )


def field_of(column: str) -> str:
    """A fact's name: a column's `_id` is left out where it leads to another row."""
    return column if column == "external_id" else column.removesuffix("_id")


def of_new(thing: Thing, child: int, because: Because) -> FactChange:
    """Not kept yet: something is on file that was not."""
    return changed(thing, child, "", "", ON_FILE, because)


def keep_new(things: Iterable[tuple[Thing, int]], because: Because) -> None:
    """Each thing, with a child whom it is about, is on file that was not: as `of_new`, of very many."""
    by, run = (one.pk if one is not None else None for one in (because.by, because.run))
    pairs = list(things)
    columns: dict[str, list[Any]] = {
        "authority_id": [thing.authority_id for thing, _ in pairs],
        "child_id": [child for _, child in pairs],
        "entity": [ENTITY[type(thing)] for thing, _ in pairs],
        "object_id": [thing.pk for thing, _ in pairs],
    }
    in_bulk.add_values(
        FactChange, columns, field="", was="", now=ON_FILE, at=because.at, by_id=by, import_run_id=run, why=because.why
    )


def keep(changes: Iterable[FactChange]) -> list[FactChange]:
    """Add them to what became of the facts."""
    kept = list(changes)
    in_bulk.add(kept)
    return kept


def keep_back(because: Because) -> None:
    """Each change of the file's is kept once more, the other way round, from the last to the first."""
    by, run = (one.pk if one is not None else None for one in (because.by, because.run))
    with connection.cursor() as cursor:
        cursor.execute(BACK, {"at": because.at, "by": by, "run": run, "why": because.why})


def as_text(value: Any) -> str:
    """A value as it is kept: a day as 2026-05-06, yes and no, a person or a unit by number; "" for nothing."""
    if type(value) is str:
        return value
    match value:
        case None:
            return ""
        case date():
            return value.isoformat()
        case str():  # one of a kind of choices
            return str(value)
        case bool():
            return "yes" if value else "no"
        case models.Model():
            return str(value.pk)
    return str(value)
