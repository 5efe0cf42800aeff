"""Cases locked until the transaction ends, each read whole, in one statement. See `migrations/taking_and_keeping.sql`.

Nothing is composed by the ORM here: every act begins with this, and composing it would cost more than asking it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connection, models

from undrift.engine.events import By, Event
from undrift.people import clock
from undrift.people.kept_rosters import Version
from undrift.people.models import Authority
from undrift.record.adopted import Closures
from undrift.record.filed import on_file
from undrift.record.models import Case
from undrift.record.summary import DUTY_FIELDS
from undrift.record.who_plays import Known, gathered

AnyCase = TypeVar("AnyCase", bound=Case)
Row = TypeVar("Row", bound=models.Model)
Told = Mapping[str, Any]

TAKE = "SELECT record_take(%s, %s)"
SEEN = "SELECT record_seen(number) FROM unnest(%s::bigint[]) number"
LATEST = """SELECT record_seen((
    SELECT c.id FROM record_case c JOIN record_casechild a ON a.case_id = c.id WHERE a.child_id = %s AND c.kind = %s
    ORDER BY c.ended_at DESC NULLS FIRST, c.id DESC LIMIT 1))"""
HOLD = "SELECT 1 FROM record_case WHERE id = ANY (%s) ORDER BY id FOR UPDATE"
COMPARE = "SELECT * FROM record_compare(%s)"
DUTY_MOMENTS, DUTY_DAYS = ("due_at", "met_at", "gone_at", "lapsed_at"), ("due",)
BEGIN = "SELECT record_begin(%s, %s, %s, %s)"


@dataclass(frozen=True)
class LockedRow(Generic[AnyCase]):
    """The row and its authority; its history; what else its rules and its people hang on; the database's clock.

    The clock was read once the lock was had: while it was waited for, others acted.
    """

    case: AnyCase
    events: list[Event]
    closures: Closures
    known: Known
    now: datetime


@dataclass(frozen=True)
class Beginning:
    """What a case begins with: its number, and the rest as a locked row has it."""

    number: int
    closures: Closures
    known: Known
    now: datetime


def locked_rows(kind: type[AnyCase], numbers: Sequence[int], *, wait: bool) -> list[LockedRow[AnyCase]]:
    """Those of these cases that the caller may see, in the order of their numbers.

    What somebody else holds is waited for, or left out where `wait` is False.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [list(numbers), wait])
        return [_row(kind, told) for (told,) in cursor.fetchall()]


def locked_row(kind: type[AnyCase], number: int, *, wait: bool) -> LockedRow[AnyCase] | None:
    """None where there is none, or where it is held by somebody else and `wait` is False."""
    return next(iter(locked_rows(kind, [number], wait=wait)), None)


def seen_rows(kind: type[AnyCase], numbers: Sequence[int]) -> list[LockedRow[AnyCase]]:
    """The same of those that are only looked at, and not locked: of these, what the reader sees. One query."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [list(numbers)])
        return [_row(kind, told) for (told,) in cursor.fetchall() if told is not None]


def seen_row(kind: type[AnyCase], number: int) -> LockedRow[AnyCase] | None:
    """The same of one; None where the reader does not see it."""
    return next(iter(seen_rows(kind, [number])), None)


def latest_seen(kind: type[AnyCase], of: str, child: int) -> LockedRow[AnyCase] | None:
    """The same of the one about this child that goes on, else of the last; None where there is none. One query."""
    with connection.cursor() as cursor:
        cursor.execute(LATEST, [child, of])
        (told,) = cursor.fetchone()
    return _row(kind, told) if told is not None else None


def hold(numbers: Sequence[int]) -> None:
    """Lock these cases until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [list(numbers)])


@dataclass(frozen=True)
class Stored:
    """What stands beside a case that its history should give: its duties, its children, and the end of its chain."""

    duties: Mapping[str, Mapping[str, Any]]
    children: Mapping[int, bool]
    last_hash: str


def compared_rows(kind: type[AnyCase], numbers: Sequence[int]) -> list[tuple[LockedRow[AnyCase], Stored]]:
    """These cases with what is stored beside them, all of one moment; not locked."""
    with connection.cursor() as cursor:
        cursor.execute(COMPARE, [list(numbers)])
        return [(_row(kind, whole), _stored(stored)) for whole, stored in cursor.fetchall()]


def _stored(told: Told) -> Stored:
    duties = {}
    for duty in told["duties"] or ():
        for names, read in ((DUTY_MOMENTS, datetime.fromisoformat), (DUTY_DAYS, date.fromisoformat)):
            for name in names:
                if duty[name] is not None:
                    duty[name] = read(duty[name])
        duties[duty["key"]] = {name: duty[name] for name in DUTY_FIELDS}
    return Stored(duties, dict(told["children"] or ()), told["hash"])


def beginning(authority: Authority, family: int | None, children: Sequence[int]) -> Beginning:
    """What a case about these children of a family of this council begins with."""
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, [authority.pk, authority.partnership_id, family, list(children)])
        (told,) = cursor.fetchone()
    return Beginning(told["number"], _closures(told), _known(told), _now(told))


def _row(kind: type[AnyCase], told: Told) -> LockedRow[AnyCase]:
    case = _instance(kind, {**told["case"], **(told["own"] or {})})
    case.authority = _instance(Authority, told["authority"])
    known = _known(told)
    case.kept_out = known.kept_out
    events = [_event(*values) for values in told["history"]]
    return LockedRow(case, events, _closures(told), known, _now(told))


def _now(told: Told) -> datetime:
    return clock.of_database(datetime.fromisoformat(told["now"]))


def _event(
    seq: int, kind: str, version: int, payload: Told, person: int | None, name: str, role: str, behalf: str, at: str
) -> Event:
    by = By(person="" if person is None else str(person), name=name, role=role, on_behalf_of=behalf)
    return Event(seq, kind, payload, by, datetime.fromisoformat(at), version)


def _closures(told: Told) -> Closures:
    return tuple((day, reason) for day, reason in told["council"]["closures"] or ())


def _known(told: Told) -> Known:
    council, partnership = told["council"]["roster"]
    version: Version = (council, partnership)
    kept_out = {int(person): why for person, why in (told["kept_out"] or {}).items()}
    dead = tuple(told.get("dead") or ())
    return Known(kept_out, gathered(told["gathered"]), version, on_file(told.get("file")), dead)


def _instance(model: type[Row], told: Told) -> Row:
    names, columns, moments, days = _read_as(model)
    values = list(map(told.__getitem__, columns))
    for places, read in ((moments, datetime.fromisoformat), (days, date.fromisoformat)):
        for place in _with_a_value(places, values):
            values[place] = read(values[place])
    return model.from_db(connection.alias, names, values)


def _with_a_value(places: Sequence[int], values: Sequence[Any]) -> Iterator[int]:
    return (place for place in places if values[place] is not None)


ReadAs = tuple[list[str], list[str], list[int], list[int]]


@cache
def _read_as(model: type[models.Model]) -> ReadAs:
    """The names of a model's columns in Python and in PostgreSQL; the places of moments, and of days."""
    fields = list(enumerate(model._meta.concrete_fields))
    moments = [place for place, each in fields if isinstance(each, models.DateTimeField)]
    days = [place for place, each in fields if isinstance(each, models.DateField) and place not in moments]
    return [each.attname for _, each in fields], [str(each.column) for _, each in fields], moments, days
