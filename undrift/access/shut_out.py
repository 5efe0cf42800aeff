"""Whoever had a part in an open concern and is shut out by a restriction hears so: no child, reference or reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db.models import Q

from undrift.access.alerts import SHUT, tell
from undrift.access.models import Exclusion
from undrift.access.rows import visible_to
from undrift.children.models import Child
from undrift.engine.dates.moments import london_date
from undrift.people.models import Person
from undrift.record.models import NO_LONGER, Case, Duty, Kind, Notice

PARTS = ("chair", "social_worker", "next_person", "then_person")


@contextmanager
def telling_who_is_shut_out(children: Sequence[Child], by: Person | None, at: datetime) -> Iterator[None]:
    """Whoever is shut out by what is done within to the records of these children, of one council, hears so: once.

    But `by`, who did it, and whoever is kept out of one of the records.
    """
    before = _with_a_part(children, at) if children else {}
    yield
    shut = [person for person, seen in before.items() if seen - _seen(person, seen, at)]
    if shut:
        out = Exclusion.objects.filter(child__in=children, person__in=shut, lifted_at=None)
        kept_out = set(out.values_list("person", flat=True))
        told = [person for person in shut if person != by and person.pk not in kept_out]
        tell(told, children[0].authority, SHUT, children[0].pk, london_date(at), at)


def _with_a_part(children: Collection[Child], at: datetime) -> dict[Person, frozenset[int]]:
    """Who plays a part in the open concerns about these children or was told of them, each with those that they see."""
    concerns = Case.objects.filter(about__child__in=children, ended_at=None, kind=Kind.RESOLUTION)
    numbers = {number for row in concerns.values_list(*PARTS) for number in row if number is not None}
    told = Notice.objects.filter(~Q(kind=NO_LONGER), case__in=concerns, dropped_at=None)
    numbers |= set(told.values_list("to_person", flat=True))
    numbers |= set(Duty.objects.filter(case__in=concerns, person__isnull=False).values_list("person", flat=True))
    people = Person.objects.filter(pk__in=numbers, is_active=True).order_by("pk")
    about = frozenset(concerns.values_list("pk", flat=True))
    return {person: seen for person in people if (seen := _seen(person, about, at))}


def _seen(person: Person, cases: Collection[int], at: datetime) -> frozenset[int]:
    return frozenset(visible_to(Case, person, at).filter(pk__in=cases).values_list("pk", flat=True))
