"""Whoever had a part in an open concern and is shut out of it hears so: no child, no reference and no reason."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from undrift.access.rows import visible_to
from undrift.children.models import Child
from undrift.people.models import Person
from undrift.record.models import NO_LONGER, Case, Duty, Kind, Notice

PARTS = ("chair", "social_worker", "next_person", "then_person")


def with_a_part(child: Child, at: datetime) -> dict[Person, frozenset[int]]:
    """Who plays a part in the open concerns about this child or was told of them, each with those that they see."""
    concerns = Case.objects.filter(about__child=child, ended_at=None, kind=Kind.RESOLUTION)
    numbers = {number for row in concerns.values_list(*PARTS) for number in row if number is not None}
    told = Notice.objects.filter(~Q(kind=NO_LONGER), case__in=concerns, dropped_at=None)
    numbers |= set(told.values_list("to_person", flat=True))
    numbers |= set(Duty.objects.filter(case__in=concerns, person__isnull=False).values_list("person", flat=True))
    people = Person.objects.filter(pk__in=numbers, is_active=True).order_by("pk")
    return {person: seen for person in people if (seen := _seen(person, concerns.values_list("pk", flat=True), at))}


def now_shut(before: dict[Person, frozenset[int]], at: datetime) -> list[Person]:
    """Those of them to whom one is closed by now."""
    return [person for person, seen in before.items() if seen - _seen(person, seen, at)]


def _seen(person: Person, cases: Collection[int], at: datetime) -> frozenset[int]:
    return frozenset(visible_to(Case, person, at).filter(pk__in=cases).values_list("pk", flat=True))
