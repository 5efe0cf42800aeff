"""Whether one of two people answers for the other: of two who have to agree, neither may be the other's stand-in."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from undrift.people.models import Cover, Person


def stands_in_for(one: Person, other: Person, day: date) -> bool:
    """Whether `one` covers for `other` that day, in everything or in one post. One query."""
    live = Q(ends=None) | Q(ends__gte=day)
    return Cover.objects.filter(live, covering=one, away=other, starts__lte=day).exists()


def stood_in_for(one: Person, day: date) -> set[int]:
    """The numbers of all for whom `one` covers that day. One query."""
    live = Q(ends=None) | Q(ends__gte=day)
    return set(Cover.objects.filter(live, covering=one, starts__lte=day).values_list("away", flat=True))


def is_second_to(one: Person, asked_by: Person, day: date) -> bool:
    """Whether `one` is a second person beside whoever asked: somebody else, and not in their name."""
    return one != asked_by and not stands_in_for(one, asked_by, day)
