"""Children whose chair or worker leaves or changes: who has them then, and what is open about them with them.

The chair of the child's plan today plays the chair's part in what is open, and its team is the team of today; what has
ended keeps those of then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from django.db import connection, transaction
from django.db.models import Count

from undrift.children import facts
from undrift.children.facts import Because
from undrift.children.models import Child, Conference, Plan
from undrift.engine.dates.moments import LONDON, london_date, noon
from undrift.people.leaving import A_DAY
from undrift.people.models import Grant, Person
from undrift.people.models.grant import GrantKind, Outcome
from undrift.record.allocations import shut_to
from undrift.record.models import Case
from undrift.record.sight import as_service

ByPlan = Literal["chair", "social_worker"]
Part = Literal["chair", "social_worker", "team"]

# Open cases whose chair, worker or team is no longer that of a child that they are about, and which is. A child that is
# not settled comes before one that is; where the children have several, whoever has the case keeps it. What was handed
# to somebody by an act stays theirs.
_MOVED = """
SELECT c.id, today.{part}_id FROM record_case c JOIN LATERAL (
    SELECT has.{part}_id FROM (
        SELECT a.settled, a.id, p.{part}_id FROM record_casechild a JOIN children_plan p ON p.child_id = a.child_id
        WHERE a.case_id = c.id AND p.{part}_id IS NOT NULL AND p.starts <= %(day)s
            AND (p.ends IS NULL OR p.ends >= %(day)s){also}
    ) has ORDER BY has.settled, coalesce(has.{part}_id = c.{part}_id, false) DESC, has.id LIMIT 1
) today ON true
WHERE c.ended_at IS NULL AND c.{part}_id IS DISTINCT FROM today.{part}_id {but}
    AND (%(children)s::bigint[] IS NULL OR EXISTS (
        SELECT FROM record_casechild a WHERE a.case_id = c.id AND a.child_id = ANY (%(children)s::bigint[])))
ORDER BY c.id
"""
# Before there is a plan, the chair of the latest initial conference.
_BEFORE = """
        UNION ALL
        SELECT a.settled, a.id, m.chair_id FROM record_casechild a JOIN children_child k ON k.id = a.child_id
            JOIN children_conference m ON m.id = undrift_latest_initial(k.family_id)
        WHERE a.case_id = c.id AND NOT EXISTS (SELECT FROM children_plan p WHERE p.child_id = k.id
            AND (p.ends IS NULL
                OR p.ends >= (coalesce(m.held_on, m.planned_for) AT TIME ZONE 'Europe/London')::date))"""
_BUT = """
    AND NOT EXISTS (SELECT FROM record_event e WHERE e.case_id = c.id AND e.type = 'handed_over'
                    AND e.payload ->> 'person' = c.{part}_id::text)
    AND NOT EXISTS (SELECT FROM record_casechild a JOIN access_exclusion x ON x.child_id = a.child_id
                    WHERE a.case_id = c.id AND x.person_id = today.{part}_id AND x.lifted_at IS NULL)"""


def _moved(part: Part, but: str = "", also: str = "") -> str:
    return _MOVED.format(part=part, but=but.format(part=part), also=also)


# Open concerns about several children, one of whom has had another chair, worker or team since people were looked up:
# whoever has the concern may keep it, and those of that child are told.
BESIDE = """
SELECT c.id FROM record_case c
WHERE c.ended_at IS NULL AND c.kind = 'resolution'
    AND 1 < (SELECT count(*) FROM record_casechild a WHERE a.case_id = c.id)
    AND EXISTS (SELECT FROM record_casechild a WHERE a.case_id = c.id AND CASE
        WHEN %(children)s::bigint[] IS NOT NULL THEN a.child_id = ANY (%(children)s::bigint[])
        ELSE EXISTS (SELECT FROM children_factchange f
            WHERE f.child_id = a.child_id AND f.entity = 'plan' AND f.at > c.people_at) END)
ORDER BY c.id
"""

MOVED: Mapping[Part, str] = {
    "team": _moved("team"),
    "chair": _moved("chair", _BUT, _BEFORE),
    "social_worker": _moved("social_worker", _BUT),
}


@as_service()
def children_of(person: Person, part: ByPlan) -> int:
    """How many children on a plan this person chairs for, or works with. A number, and nothing about any of them."""
    return Plan.objects.filter(**{part: person}, ends=None).count()


@dataclass
class Split:
    """How many plans have somebody else, and which open cases go with them: by number, who has which part then."""

    plans: int = 0
    cases: dict[int, dict[Part, int]] = field(default_factory=dict)

    def goes(self, case: int, part: Part, to: int) -> None:
        self.cases.setdefault(case, {})[part] = to


@as_service()
def give_children(person: Person, to: Mapping[ByPlan, Sequence[Person]], after: date, because: Because) -> Split:
    """The open plans that this person has go to others, split between them.

    The children of a family stay together. The conferences that they would chair `after` that day go with the children.
    A record that none of the others may have opened (`allocations.refusals`) has nobody, until its guards name one.
    What is open follows: hand it on afterwards (`handing_on.follow_the_children`).
    """
    given = Split()
    with transaction.atomic():
        for part, heirs in to.items():
            if heirs:
                _give(person, part, heirs, after, because, given)
    return given


def _give(person: Person, part: ByPlan, heirs: Sequence[Person], after: date, because: Because, given: Split) -> None:
    held = Plan.objects.filter(**{part: person}, ends=None)
    families = (
        held.order_by().values_list("child__family").annotate(plans=Count("pk")).order_by("-plans", "child__family")
    )
    has: Counter[int] = Counter({heir.pk: 0 for heir in heirs})
    of: dict[int, Person] = {}
    for family, plans in list(families):
        of[family] = min(heirs, key=lambda heir: has[heir.pk])
        has[of[family].pk] += plans
    if part == "chair":
        for conference in _later(person, after):
            heir = of.get(conference.family_id) or min(heirs, key=lambda one: has[one.pk])
            children = list(Child.objects.filter(family=conference.family_id))
            shut = _shut(children, heir, because.at)
            facts.change(conference, {"chair_id": None if shut else heir.pk}, because, of=children)
    for family, heir in of.items():
        plans_held = Plan.objects.filter(**{part: person}, ends=None, child__family=family).select_related("child")
        plans_of_family = list(plans_held.select_for_update(of=("self",)))
        shut = _shut([plan.child for plan in plans_of_family], heir, because.at)
        for plan in plans_of_family:
            facts.change(plan, {f"{part}_id": None if plan.child_id in shut else heir.pk}, because)
        given.plans += len(plans_of_family)
        about = Case.objects.filter(**{part: person}, ended_at=None, family=family).exclude(about__child__in=shut)
        for number in about.values_list("pk", flat=True):
            given.goes(number, part, heir.pk)


def _shut(children: Sequence[Child], heir: Person, at: datetime) -> set[int]:
    """Those whose record would be opened to the heir without its guards' say, or that the heir is kept out of."""
    return set(shut_to(children, heir, london_date(at)))


def _later(person: Person, after: date) -> list[Conference]:
    from_then = noon(after + A_DAY).astimezone(LONDON).replace(hour=0, minute=0)
    planned = Conference.objects.filter(chair=person, held_on=None, cancelled_at=None, planned_for__gte=from_then)
    return list(planned.order_by("planned_for", "pk"))


@as_service()
def give_those_of_leavers(now: datetime) -> Split:
    """What two people agreed for the day after a last day is done once that day is over.

    What they agreed last: a leaving may have been taken back since, and said again. Whoever has left in the meantime
    has no children by it. Where nobody is left of those agreed on, the children have nobody on file, and what is open
    falls as it does for a post that nobody holds.
    """
    today = london_date(now)
    confirmed = Grant.objects.filter(kind=GrantKind.LEAVING, outcome=Outcome.CONFIRMED, about__leaves_on__lt=today)
    given = Split()
    for grant in confirmed.select_related("about").order_by("about", "-settled_at", "-pk").distinct("about"):
        named = heirs_in(grant)
        here = {part: [heir for heir in heirs if heir.serves_on(today)] for part, heirs in named.items()}
        because = Because(at=now, by=grant.asked_by, why=why_of(grant.about))
        of_one = give_children(grant.about, here, grant.about.leaves_on or today, because)
        given.plans += of_one.plans
        for number, parts in of_one.cases.items():
            given.cases.setdefault(number, {}).update(parts)
        for part in (part for part, heirs in named.items() if heirs and not here[part]):
            given.plans += _left_with_nobody(grant.about, part, because)
    return given


def why_of(leaver: Person) -> str:
    """Why a leaver's children have others, as their history says it."""
    return why_left(leaver.name)


def why_left(name: str) -> str:
    return f"{name} left"[:200]


def _left_with_nobody(person: Person, part: ByPlan, because: Because) -> int:
    plans = list(Plan.objects.filter(**{part: person}, ends=None))
    for plan in plans:
        facts.change(plan, {f"{part}_id": None}, because)
    return len(plans)


def heirs_in(grant: Grant) -> dict[ByPlan, list[Person]]:
    """Who was to have the leaver's children, as it was agreed."""
    one = [grant.terms["heir"]] if grant.terms.get("heir") else []  # as it was asked before children were split
    said: Mapping[str, Sequence[int]] = grant.terms.get("heirs", {"chair": one, "social_worker": one})
    people = Person.objects.in_bulk([number for numbers in said.values() for number in numbers])
    parts: tuple[ByPlan, ...] = ("chair", "social_worker")
    return {part: [people[n] for n in said.get(part, ()) if n in people] for part in parts}


@as_service()
def moved(part: Part, now: datetime, children: Collection[int] | None = None) -> dict[int, int]:
    """Open cases whose children have another chair, worker or team today, each with which that is. One query.

    Those about one of `children`, where they are given.
    """
    with connection.cursor() as cursor:
        cursor.execute(MOVED[part], {"day": london_date(now), "children": None if children is None else list(children)})
        return dict(cursor.fetchall())


@as_service()
def beside(children: Collection[int] | None = None) -> list[int]:
    """Open concerns about several children, whose people of one child may be others today. One query.

    Those about one of `children`, where they are given; else those of whose children a plan has changed since people
    were looked up.
    """
    with connection.cursor() as cursor:
        cursor.execute(BESIDE, {"children": None if children is None else list(children)})
        return [number for (number,) in cursor]
