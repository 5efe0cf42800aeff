"""`undrift rebuild`: the summary and the duties made again from history, and what differed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from undrift.access.restricting import kept_out_then
from undrift.people.kept_rosters import as_it_was
from undrift.people.models import Authority
from undrift.record import summary
from undrift.record.keeping import Locked, lock, read, refresh, worked_out
from undrift.record.locking import Stored, compared_rows, hold
from undrift.record.writing import Change, write_all
from undrift.resolutions.models import Resolution
from undrift.resolutions.own_columns import own_columns

A_BATCH = 200


@dataclass(frozen=True)
class Difference:
    """A stored value that history does not bear out."""

    reference: str
    place: str
    stored: Any
    worked_out: Any

    def __str__(self) -> str:
        return f"{self.reference}: {self.place} was {self.stored!r}; history gives {self.worked_out!r}."


def rebuild(authority: Authority | None = None, *, write: bool = False) -> list[Difference]:
    """Work out every summary from its history; with `write`, put right what differs. Expected: no difference.

    Who played a part is asked of the moment at which it was looked up, as things were then: what was given, ended,
    closed or kept out since changes nothing in the past.
    """
    numbers = _all(authority)
    batches = (numbers[start : start + A_BATCH] for start in range(0, len(numbers), A_BATCH))
    return [difference for batch in batches for difference in _some(batch, write)]


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


def _some(numbers: list[int], write: bool) -> list[Difference]:
    """A batch in one transaction: what differs is put right in one statement, under the locks."""
    differences: list[Difference] = []
    changes: list[Change] = []
    with transaction.atomic():
        if write:
            hold(numbers)
        whole = compared_rows(Resolution, numbers)
        out = kept_out_then({row.case.pk: row.case.people_at for row, _ in whole})
        for row, stored in whole:
            locked = read(row)
            _keep_out(locked, out[locked.case.pk])
            with as_it_was():
                worked = worked_out(locked, locked.case.people_at)
            own = own_columns(locked.rules, locked.state)
            found = [Difference(locked.case.reference, *each) for each in _compared(locked.case, worked, own, stored)]
            if found and write:
                locked.case.last_hash = stored.last_hash
                changes.append(Change(locked.case, worked, own))
                summary.remove_children_but(locked.case, worked.children)
            differences += found
        write_all(changes)
    return differences


def _keep_out(locked: Locked[Resolution], out: Mapping[int, str]) -> None:
    locked.known = replace(locked.known, kept_out=out)
    locked.case.kept_out = out


def _compared(
    resolution: Resolution, worked: summary.Summary, own: Mapping[str, Any], stored: Stored
) -> Iterator[tuple[str, Any, Any]]:
    fields = {**own, **worked.fields, "last_hash": stored.last_hash}
    yield from _tables("", {name: getattr(resolution, name) for name in fields}, fields)
    if stored.duties != worked.duties:
        for key in sorted({*stored.duties, *worked.duties}):
            yield from _tables(f"duty {key} ", stored.duties.get(key, {}), worked.duties.get(key, {}))
    yield from _tables("child ", stored.children, worked.children)


def _tables(place: str, stored: Any, worked: Any) -> Iterator[tuple[str, Any, Any]]:
    if stored == worked:
        return
    for name in sorted({*stored, *worked}, key=str):
        if stored.get(name) != worked.get(name):
            yield f"{place}{name}", stored.get(name), worked.get(name)
