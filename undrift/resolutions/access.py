"""Who may see what. A resolution or a child is fetched through here alone: whoever holds one has been checked.

What a person may see follows from posts, cover and children, never from an account's flag. What is out of scope is
as absent as what does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from undrift.children.models import Child, Plan
from undrift.engine.moments import london_date
from undrift.people.models import Authority, Person
from undrift.people.seats import seat_of
from undrift.resolutions.models import Duty, Notice, Resolution, ResolutionChild
from undrift.resolutions.rules import with_closures

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

# Of duties, notices and resolutions together: more than this is a wide reach.
MUCH = 10_000


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
    """No query for the person who signed in; one for anybody else."""
    seat = seat_of(person, london_date(now or timezone.now()))
    whole = any(slug in WHOLE_AUTHORITY and authority is not None for slug, authority in seat.held)
    return Scope(
        people=seat.people,
        authority=person.authority_id,
        partnership=person.partnership_id,
        whole=whole,
        units=frozenset() if whole else seat.units,
    )


def people_of(person: Person, now: datetime | None = None) -> frozenset[int]:
    """The person, and those they cover for today. As many queries as `scope_of`."""
    return seat_of(person, london_date(now or timezone.now())).people


def visible_to(person: Person, now: datetime | None = None, scope: Scope | None = None) -> QuerySet[Resolution]:
    """The resolutions that this person may see. A query of its own, for somebody who does not see all of a council.

    Who reaches little has it gathered first, by index: asked row by row, a short list in a large council would be a
    search through all its resolutions. Who reaches much is asked for row by row, and soon has a page full.
    """
    scope = scope or scope_of(person, now)
    if scope.whole or _reaches_much(scope):
        return row_by_row(scope)
    reached = ArraySubquery(_reached(scope, restricted=False))
    return Resolution.objects.filter(_tenant(scope)).filter(Among(F("pk"), reached))


class Among(Func):
    """One of an array, which is made once: the planner may not mix the gathering with the order a list asks for."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def fetch(reference: str, person: Person, now: datetime | None = None) -> Resolution:
    """The resolution of that reference, with its authority and closure days. Refuses with `NotFound`."""
    found = (
        row_by_row(scope_of(person, now))
        .filter(reference=reference)
        .select_related("authority", "family", "chair", "team")
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


def row_by_row(scope: Scope) -> QuerySet[Resolution]:
    """The same resolutions as `_reached` gathers, by a question to each row."""
    reach = _told(scope)
    if scope.units:
        reach = Q(team__in=scope.units) | reach
    # In this order: the database asks what stands first, and what is cheap and usually true spares it the rest.
    allowed = ~_restricted("pk") | _named(scope) if scope.whole else _named(scope) | (reach & ~_restricted("pk"))
    return Resolution.objects.filter(_tenant(scope)).filter(allowed)


def _named(scope: Scope) -> Q:
    """Named in the case, or having something to do in it."""
    mine = scope.people
    return (
        Q(chair__in=mine)
        | Q(social_worker__in=mine)
        | Q(next_person__in=mine)
        | Q(then_person__in=mine)
        | _is_there(Duty.objects.filter(resolution=OuterRef("pk"), person__in=mine))
    )


def _told(scope: Scope) -> Q:
    return _is_there(Notice.objects.filter(resolution=OuterRef("pk"), to_person__in=scope.people))


def _is_there(rows: QuerySet[Any]) -> Q:
    """Not an EXISTS: the planner likes to answer that by gathering everything of the kind first, on every page."""
    return Q(Coalesce(Subquery(rows.order_by().values(there=Value(True))[:1]), False))


def _restricted(resolution: str) -> Q:
    """Whether any of the children is restricted."""
    return _is_there(ResolutionChild.objects.filter(resolution=OuterRef(resolution), child__restricted=True))


def _reached(scope: Scope, *, restricted: bool) -> QuerySet[Any, Any]:
    """The numbers of all that is in reach, some several times, from one index each. What ended is nobody's turn."""
    mine, resolutions = scope.people, Resolution.objects.order_by()
    told, managed = Notice.objects.filter(to_person__in=mine), resolutions.filter(team__in=scope.units)
    if not restricted:
        told, managed = told.exclude(_restricted("resolution")), managed.exclude(_restricted("pk"))
    return resolutions.filter(chair__in=mine).values("pk").union(
        resolutions.filter(social_worker__in=mine).values("pk"),
        resolutions.filter(next_person__in=mine, ended_at=None).values("pk"),
        resolutions.filter(then_person__in=mine, ended_at=None).values("pk"),
        Duty.objects.filter(person__in=mine).values("resolution"),
        told.values("resolution"),
        *([managed.values("pk")] if scope.units else []),
        all=True,
    )  # fmt: skip


def _reaches_much(scope: Scope) -> bool:
    return bool(_reached(scope, restricted=True)[MUCH : MUCH + 1])
