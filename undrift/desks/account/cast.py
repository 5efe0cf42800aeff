"""The people one can be in the demo, under the organisation they work in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from undrift.access.matrix import matrix
from undrift.people import clock
from undrift.people.models import Holding, Person

# What two posts are there for, to somebody who meets them for the first time.
THERE_FOR: Mapping[str, str] = {
    **dict.fromkeys(
        matrix().roles["information-governance"].posts, "sees who has looked, and reviews emergency openings"
    ),
    **dict.fromkeys(matrix().roles["out-of-hours"].posts, "opens one child’s record for an hour, to read"),
}


@dataclass(frozen=True, slots=True)
class Member:
    pk: int
    name: str
    post: str


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    members: tuple[Member, ...]


def cast() -> list[Group]:
    """Everybody who may sign in, by council or partnership, in two queries."""
    posts = _posts_by_person(clock.today())
    people = Person.objects.filter(is_active=True).select_related("authority", "partnership", "agency")
    groups: dict[str, list[Member]] = {}
    for person in people.order_by("pk"):
        post = "; ".join(posts[person.pk]) or str(person.agency or "")
        groups.setdefault(str(person.authority or person.partnership), []).append(Member(person.pk, person.name, post))
    return [Group(name, tuple(members)) for name, members in groups.items()]


def _posts_by_person(day: date) -> defaultdict[int, list[str]]:
    current = Holding.objects.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day)
    posts: defaultdict[int, list[str]] = defaultdict(list)
    for held in current.select_related("post__unit").order_by("post__title", "pk"):
        unit = held.post.unit
        post = f"{held.post.title}, {unit.name}" if unit else held.post.title
        there_for = THERE_FOR.get(held.post.slug)
        posts[held.person_id].append(f"{post}: {there_for}" if there_for else post)
    return posts
