"""The trace of a list that was taken away as a file: who, when, and every child in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from undrift.access.models import Look
from undrift.people.models import Person

LIST = "list"  # what opened it: each row was within the reader's reach


def leave_trace(person: Person, children: Iterable[tuple[int, int]], *, page: str, now: datetime) -> None:
    """One look for each council; `children` are council and child. Without any child, one of the reader's own."""
    of: defaultdict[int | None, set[int]] = defaultdict(set)
    for council, child in children:
        of[council].add(child)
    if not of:
        of[person.authority_id] = set()
    for authority, about in of.items():
        Look.objects.create(
            authority_id=authority,
            person=person.pk,
            name=person.name,
            at=now,
            page=page,
            children=sorted(about),
            how=LIST,
        )
