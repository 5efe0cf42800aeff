"""Whoever has the record of a child who has died hears that it is held: once, in a letter that names nobody.

Where the death is taken back, those who guard it hear that it is restricted still.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, Value

from undrift.access.alerts import DEATH_TAKEN_BACK, HELD, tell
from undrift.access.matrix import Action
from undrift.access.models import Alert, Restriction
from undrift.access.restricting import exclusions_of, in_charge, may, names_of
from undrift.children.models import Child, Entity, FactChange, Plan
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


def offer_to_lift(children: Collection[int], at: datetime) -> int:
    """An alert to those who guard the records of these children whose death was taken back just now.

    The restriction came with the death, nobody has said another reason for it, and only two people lift it.
    """
    these = Q(Among(F("child"), Value(list(children), numbers())))
    said = FactChange.objects.filter(these, entity=Entity.CHILD)
    back = said.filter(field="died_on", now="", at=at).values("child")
    deaths = said.filter(~Q(now=""), field="died_on", child=OuterRef("child"), at=OuterRef("at"))
    with_it = said.filter(Exists(deaths), field="restricted", child=OuterRef("pk"))
    written = Restriction.objects.filter(lifted_at=None).values("child")
    restricted = Child.objects.filter(Exists(with_it), pk__in=back, died_on=None, restricted=True)
    found = restricted.exclude(pk__in=written)
    told = 0
    for child in found.select_related("authority"):
        guards = [one for one in in_charge(child.authority, Action.GUARD, at) if may(one, Action.GUARD, child, at)]
        told += tell(guards, child.authority, DEATH_TAKEN_BACK, child.pk, london_date(at), at)
    return told


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
