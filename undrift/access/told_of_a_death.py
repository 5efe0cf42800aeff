"""Whoever has the record of a child who has died hears that it is held: once, in a letter that names nobody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Q, Value

from undrift.access.alerts import HELD, tell
from undrift.access.models import Alert
from undrift.access.restricting import exclusions_of, names_of
from undrift.children.models import Child, Plan
from undrift.engine.dates.moments import london_date
from undrift.people.composed import Among, numbers
from undrift.people.models import Person
from undrift.record.models import Case


def tell_of_deaths(children: Collection[int], at: datetime) -> int:
    """An alert to those who have these children, of those who have died; how many are new."""
    known = Alert.objects.filter(kind=HELD).values("about")
    these = Q(Among(F("pk"), Value(list(children), numbers())))
    found = Child.objects.filter(these, died_on__isnull=False).exclude(pk__in=known).select_related("authority")
    return sum(tell(_whose(child, at), child.authority, HELD, child.pk, london_date(at), at) for child in found)


def _whose(child: Child, at: datetime) -> list[Person]:
    """Who chairs for the child and works with it, by the plan and by what is open, and who is named for the record."""
    plans = Plan.objects.filter(Q(ends=None) | Q(ends__gte=london_date(at)), child=child)
    cases = Case.objects.filter(about__child=child, ended_at=None)
    numbers = {
        number for rows in (plans, cases) for pair in rows.values_list("chair", "social_worker") for number in pair
    }
    numbers |= set(names_of(child, at).values_list("person", flat=True))
    numbers -= set(exclusions_of(child).values_list("person", flat=True))
    return list(Person.objects.filter(pk__in=numbers - {None}, is_active=True).order_by("pk"))
