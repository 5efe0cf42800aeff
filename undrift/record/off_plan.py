"""Whose a child is where no plan says so: before there is one, and after it has ended.

The chair by the same rule by which they see the child (`undrift_off_plan`, a migration of `access`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from undrift.children.models import Child, Conference, Plan
from undrift.children.models.conference import ConferenceKind
from undrift.library.numbers import FOLLOWED_FOR
from undrift.people.models import Holding, Person, Unit

WORKERS = ("senior-social-worker", "social-worker")


class Around(NamedTuple):
    """Who is there for a child: the chair, the social worker, the team."""

    chair: Person | None
    social_worker: Person | None
    team: Unit | None


def chairs_off_plan(children: Iterable[int], day: date) -> list[Person]:
    """Who chairs for one of these children though no plan says so, whose conference or plan was latest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT undrift_chairs_off_plan(%s, %s, %s)", [list(children), day, day - FOLLOWED_FOR])
        (numbers,) = cursor.fetchone()
    people = Person.objects.in_bulk(numbers) if numbers else {}
    return [people[number] for number in numbers]


def restricted_off_plan(of: Q) -> QuerySet[Child]:
    """Those of the children who are restricted and on no plan: whoever chairs their family's conference sees them."""
    running = Plan.objects.filter(ends=None)
    return Child.objects.filter(of, restricted=True).exclude(pk__in=running.values("child"))


def around(children: Collection[Child], day: date, chairing: Collection[int] = ()) -> Around:
    """Of several chairs, one of those in `chairing`. The worker and the team are those of the worker who is invited to
    the initial conference, else of the last plan.
    """
    chairs = chairs_off_plan([child.pk for child in children], day)
    chair = next((one for one in chairs if one.pk in chairing), chairs[0] if chairs else None)
    invited = _invited(children, day)
    if invited is not None:
        return Around(chair, invited.person, invited.post.unit)
    plans = Plan.objects.filter(child__in=children).select_related("social_worker", "team__agency")
    plan = plans.order_by("-starts").first()
    return Around(chair, plan.social_worker if plan else None, plan.team if plan else None)


def _invited(children: Collection[Child], day: date) -> Holding | None:
    """The post of the one social worker who is invited; None where that is nobody, or several."""
    family, council = next((child.family_id, child.authority_id) for child in children)
    initial = Conference.objects.filter(family=family, kind=ConferenceKind.INITIAL, cancelled_at=None)
    lately = initial.filter(Q(held_on__date__gte=day - FOLLOWED_FOR) | Q(held_on=None))
    latest = lately.filter(Q(planned_for__date__gte=day - FOLLOWED_FOR) | Q(planned_for=None))
    held = Holding.objects.filter(
        Q(ends=None) | Q(ends__gte=day), starts__lte=day, person__conferences__in=latest, post__slug__in=WORKERS,
        post__authority=council,
    )  # fmt: skip
    found = list(held.select_related("person", "post__unit__agency").order_by("pk"))
    return found[0] if len({one.person_id for one in found}) == 1 else None
