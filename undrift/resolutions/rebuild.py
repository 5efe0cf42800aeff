"""`undrift rebuild`: the summary and the duties made again from history, and what differed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from undrift.access.restricting import kept_out_then
from undrift.people.kept_rosters import as_it_was
from undrift.people.models import Authority
from undrift.record import summary
from undrift.record.by_kind import ladder
from undrift.record.keeping import Locked, read, worked_out
from undrift.record.locking import Stored, compared_rows, hold
from undrift.record.models import Case, Kind
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
    return [difference for kind in (Resolution, Case) for difference in _of_kind(kind, authority, write)]


def _of_kind(kind: type[Case], authority: Authority | None, write: bool) -> Iterator[Difference]:
    """Concerns with what is their own; plan cycles, which are a case and no more."""
    numbers = _all(kind, authority)
    for start in range(0, len(numbers), A_BATCH):
        yield from _some(kind, numbers[start : start + A_BATCH], write)


def _all(kind: type[Case], authority: Authority | None) -> list[int]:
    found = kind._default_manager.filter(kind=Kind.RESOLUTION if kind is Resolution else Kind.PLAN).order_by("pk")
    if authority is not None:
        found = found.filter(authority=authority)
    return list(found.values_list("pk", flat=True))


def _some(kind: type[Case], numbers: list[int], write: bool) -> list[Difference]:
    """A batch in one transaction: what differs is put right in one statement, under the locks."""
    differences: list[Difference] = []
    changes: list[Change] = []
    with transaction.atomic():
        if write:
            hold(numbers)
        whole = compared_rows(kind, numbers)
        out = kept_out_then({row.case.pk: row.case.people_at for row, _ in whole})
        for row, stored in whole:
            locked = read(row)
            _keep_out(locked, out[locked.case.pk])
            with as_it_was():
                worked = worked_out(locked, locked.case.people_at)
            own = own_columns(locked.rules, ladder(locked.state)) if kind is Resolution else {}
            found = [Difference(locked.case.reference, *each) for each in _compared(locked.case, worked, own, stored)]
            if found and write:
                locked.case.last_hash = stored.last_hash
                changes.append(Change(locked.case, worked, own or None))
                summary.remove_children_but(locked.case, worked.children)
            differences += found
        write_all(changes)
    return differences


def _keep_out(locked: Locked[Case], out: Mapping[int, str]) -> None:
    locked.known = replace(locked.known, kept_out=out)
    locked.case.kept_out = out


def _compared(
    case: Case, worked: summary.Summary, own: Mapping[str, Any], stored: Stored
) -> Iterator[tuple[str, Any, Any]]:
    fields = {**own, **worked.fields, "last_hash": stored.last_hash}
    yield from _tables("", {name: getattr(case, name) for name in fields}, fields)
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
