"""`undrift rebuild`: the summary and the duties made again from history, and what differed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from undrift.people.models import Authority
from undrift.record import summary
from undrift.record.history import rows_of
from undrift.record.keeping import Locked, lock, refresh
from undrift.record.who_plays import kept_out_of, who_plays
from undrift.resolutions.models import Resolution
from undrift.resolutions.own_columns import own_columns


@dataclass(frozen=True)
class Difference:
    """A stored value that history does not bear out."""

    reference: str
    place: str
    stored: Any
    worked_out: Any

    def __str__(self) -> str:
        return f"{self.reference}: {self.place} was {self.stored!r}; history gives {self.worked_out!r}."


def rebuild(authority: Authority | None = None, *, write: bool = True) -> list[Difference]:
    """Work out every summary from its history, and put right what differs. Expected: no difference."""
    return [d for pk in _all(authority) for d in _one(pk, write)]


def reassign(now: datetime, authority: Authority | None = None) -> int:
    """Look up again who holds the roles of all that is open, after a change of posts or cover; how many changed."""
    changed = 0
    for pk in _all(authority, only_open=True):
        with transaction.atomic():
            locked = lock(Resolution, pk)
            before = _people(locked.case)
            refresh(locked, people_at=now)
            changed += before != _people(locked.case)
    return changed


def _all(authority: Authority | None, *, only_open: bool = False) -> list[int]:
    found = Resolution.objects.order_by("pk")
    if authority is not None:
        found = found.filter(authority=authority)
    if only_open:
        found = found.filter(ended_at=None)
    return list(found.values_list("pk", flat=True))


def _people(resolution: Resolution) -> tuple[Any, ...]:
    duties = resolution.duties.order_by("key").values_list("key", "person_id")
    return (resolution.next_person_id, resolution.then_person_id, *duties)


def _one(pk: int, write: bool) -> list[Difference]:
    with transaction.atomic():
        locked = lock(Resolution, pk)
        resolution = locked.case
        moment = resolution.people_at
        found = who_plays(resolution, locked.rules.protocol, locked.state, moment)
        worked = summary.work_out(
            locked.rules,
            locked.state,
            locked.events,
            found,
            moment,
            kept_out_of(resolution),
            own_columns(locked.rules, locked.state),
        )
        last_hash = rows_of(pk)[-1].hash
        differences = [
            Difference(resolution.reference, *difference) for difference in _compared(locked, worked, last_hash)
        ]
        if write and differences:
            resolution.last_hash = last_hash
            summary.write(resolution, worked)
            summary.remove_children_but(resolution, worked.children)
        return differences


def _compared(locked: Locked[Resolution], worked: summary.Summary, last_hash: str) -> Iterator[tuple[str, Any, Any]]:
    resolution = locked.case
    stored = {name: getattr(resolution, name) for name in worked.fields}
    yield from _tables("", {**stored, "last_hash": resolution.last_hash}, {**worked.fields, "last_hash": last_hash})
    duties = summary.stored_duties(resolution)
    for key in sorted({*duties, *worked.duties}):
        yield from _tables(f"duty {key} ", duties.get(key, {}), worked.duties.get(key, {}))
    yield from _tables("child ", summary.stored_children(resolution), worked.children)


def _tables(place: str, stored: Any, worked: Any) -> Iterator[tuple[str, Any, Any]]:
    for name in sorted({*stored, *worked}, key=str):
        if stored.get(name) != worked.get(name):
            yield f"{place}{name}", stored.get(name), worked.get(name)
