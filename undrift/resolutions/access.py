"""Who may see what. A resolution or a child is fetched through here alone: whoever holds one has been checked.

What a person may see follows from posts, cover and children, never from an account's flag. What is out of scope is
as absent as what does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from undrift.children.models import Child, Plan
from undrift.engine.moments import london_date
from undrift.people.models import Authority, Cover, Holding, Person, Unit
from undrift.resolutions.models import Duty, Notice, Resolution, ResolutionChild
from undrift.resolutions.rules import with_closures

Dated = TypeVar("Dated", Cover, Holding)

# Posts whose work is the whole authority's, by slug.
WHOLE_AUTHORITY = frozenset(
    {
        "assistant-director",
        "business-support-officer",
        "csc-quality-review-manager",
        "director",
        "directorate-safeguarding-manager",
        "group-manager-for-safeguarding-and-review",
        "head-of-csc",
        "head-of-safeguarding-inspection-audit",
        "head-of-service-for-safeguarding",
        "principal-iro",
        "quality-review-manager",
    }
)


class NotFound(Exception):
    """There is no such thing, or it is not this person's to see: nobody learns which."""


@dataclass(frozen=True)
class Scope:
    """What a person's posts and cover reach today. `people` are the person and those covered for."""

    people: frozenset[int]
    authority: int | None
    partnership: int | None
    whole: bool
    units: frozenset[int]


def scope_of(person: Person, now: datetime | None = None) -> Scope:
    """Two queries; three for somebody who manages a unit."""
    day = london_date(now or timezone.now())
    people = people_of(person, now)
    posts = list(
        _live(Holding.objects.filter(person__in=people), day).values_list(
            "post__slug", "post__authority", "post__unit", "post__heads_unit"
        )
    )
    whole = any(slug in WHOLE_AUTHORITY and authority is not None for slug, authority, _, _ in posts)
    heads = {unit for _, _, unit, is_head in posts if is_head and unit is not None}
    return Scope(
        people=people,
        authority=person.authority_id,
        partnership=person.partnership_id,
        whole=whole,
        units=_and_below(heads, person) if heads and not whole else frozenset(),
    )


def people_of(person: Person, now: datetime | None = None) -> frozenset[int]:
    """The person, and those they cover for today. One query."""
    day = london_date(now or timezone.now())
    covered = _live(Cover.objects.filter(covering=person), day).values_list("away", flat=True)
    return frozenset({person.pk, *covered})


def visible_to(person: Person, now: datetime | None = None, scope: Scope | None = None) -> QuerySet[Resolution]:
    """The resolutions that this person may see."""
    scope = scope or scope_of(person, now)
    reach = _told(scope)
    if scope.units:
        reach = Q(team__in=scope.units) | reach
    # In this order: the database asks what stands first, and what is cheap and usually true spares it the rest.
    allowed = ~_about_restricted() | _named(scope) if scope.whole else _named(scope) | (reach & ~_about_restricted())
    return Resolution.objects.filter(_tenant(scope)).filter(allowed)


def fetch(reference: str, person: Person, now: datetime | None = None) -> Resolution:
    """The resolution of that reference, with its authority and closure days. Refuses with `NotFound`."""
    found = (
        visible_to(person, now)
        .filter(reference=reference)
        .select_related(
            "authority", "family", "chair", "team", "social_worker", "responsible_agency", "next_person", "then_person"
        )
        .annotate(closures=with_closures())
        .first()
    )
    if found is None:
        raise NotFound(reference)
    return found


def children_visible_to(person: Person, now: datetime | None = None, scope: Scope | None = None) -> QuerySet[Child]:
    """The children whose pages this person may open."""
    scope = scope or scope_of(person, now)
    plans = Plan.objects.filter(child=OuterRef("pk"), ends=None)
    named = Exists(plans.filter(Q(chair__in=scope.people) | Q(social_worker__in=scope.people)))
    children = Child.objects.filter(authority=scope.authority)
    if scope.whole:
        return children.filter(Q(restricted=False) | named)
    managed = Exists(plans.filter(team__in=scope.units)) if scope.units else Q(pk__in=[])
    return children.filter(named | (Q(restricted=False) & managed))


def fetch_child(public_id: str, person: Person, now: datetime | None = None) -> Child:
    """The child of that public id. Refuses with `NotFound`."""
    found = children_visible_to(person, now).filter(public_id=public_id).select_related("family", "authority").first()
    if found is None:
        raise NotFound(public_id)
    return found


def _tenant(scope: Scope) -> Q:
    if scope.authority is not None:
        return Q(authority=scope.authority)
    return Q(authority__in=Authority.objects.filter(partnership=scope.partnership).values("pk"))


def _named(scope: Scope) -> Q:
    """Named in the case, or having something to do in it."""
    mine = scope.people
    duty = Duty.objects.filter(resolution=OuterRef("pk"), person__in=mine)
    return (
        Q(chair__in=mine)
        | Q(social_worker__in=mine)
        | Q(next_person__in=mine)
        | Q(then_person__in=mine)
        | Q(Exists(duty))
    )


def _told(scope: Scope) -> Q:
    return Q(Exists(Notice.objects.filter(resolution=OuterRef("pk"), to_person__in=scope.people)))


def _about_restricted() -> Q:
    return Q(Exists(ResolutionChild.objects.filter(resolution=OuterRef("pk"), child__restricted=True)))


def _live(rows: QuerySet[Dated], day: date) -> QuerySet[Dated]:
    return rows.filter(Q(ends=None) | Q(ends__gte=day), starts__lte=day)


def _and_below(units: Iterable[int], person: Person) -> frozenset[int]:
    """These units and all below them."""
    parents = dict(
        Unit.objects.filter(Q(authority=person.authority_id) | Q(partnership=person.partnership_id)).values_list(
            "pk", "parent_id"
        )
    )
    found = set(units)
    while more := {pk for pk, parent in parents.items() if parent in found} - found:
        found |= more
    return frozenset(found)
