"""The first lock: the rows that a person's ties reach, as querysets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import (
    BigIntegerField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce

from undrift.access.matrix import Action, Tie, Ties, matrix
from undrift.access.scope import Scope, lifting, scope_of
from undrift.children.models import Child, Plan
from undrift.people.composed import Among, one_of
from undrift.people.models import Person
from undrift.record.locking import AnyCase
from undrift.record.models import NO_LONGER, CaseChild, Duty, Notice

# Ties to a resolution that are none to the child.
OF_RESOLUTIONS = frozenset({Tie.OWES, Tie.TOLD})
# Of duties, notices and resolutions together: more than this is a wide reach.
MUCH = 10_000


def visible_to(
    kind: type[AnyCase],
    person: Person,
    now: datetime | None = None,
    scope: Scope | None = None,
    action: Action = Action.LIST,
) -> QuerySet[AnyCase]:
    """The cases of one kind that this person may see.

    A query of its own, for somebody who does not see all of a council.

    Who reaches little has it gathered first, by index: asked row by row, a short list in a large council would be a
    search through all its resolutions. Who reaches much is asked for row by row, and soon has a page full.
    """
    scope = scope or scope_of(person, now)
    reached = reach(scope, action)
    numbers = Value(reached, output_field=ArrayField(BigIntegerField())) if reached is not None else None
    return cases_seen(kind, scope, action, numbers)


def reach(scope: Scope, action: Action = Action.LIST) -> list[int] | None:
    """The numbers of the cases in reach; None where they are asked for row by row. At most one query, and one for a
    whole request that only reads.
    """
    if not scope.has(action) or Tie.WHOLE in scope.ties(action):
        return None
    if scope.gathered is None:
        return _reached(scope, action)
    if action not in scope.gathered:
        scope.gathered[action] = _reached(scope, action)
    return scope.gathered[action]


def cases_seen(kind: type[AnyCase], scope: Scope, action: Action, reached: Any | None) -> QuerySet[AnyCase]:
    """The same by the scope, which may hold places for its values, and by what `reach` gave."""
    if not scope.has(action):
        return QuerySet[AnyCase](kind).none()
    if reached is None:
        return row_by_row(kind, scope, action)
    return QuerySet[AnyCase](kind).filter(_council(scope), _open_to(scope)).filter(Among(F("pk"), reached))


class WithSame(Func):
    """Of an array of children, those, and the other records of each (`children.other_records`)."""

    template = "(undrift_with_same(%(expressions)s))::bigint[]"
    output_field = ArrayField(BigIntegerField())


def row_by_row(kind: type[AnyCase], scope: Scope, action: Action = Action.LIST) -> QuerySet[AnyCase]:
    """The same cases as `_reached` gathers, by a question to each row."""
    ties = scope.opening(action, Action.READ)
    within = QuerySet[AnyCase](kind).filter(_council(scope), _open_to(scope))
    if scope.doors.opened and Tie.GLASS not in ties:
        # What is restricted, and stands open to be read for an hour, may not be copied.
        about = CaseChild.objects.filter(case=OuterRef("pk"), child__restricted=True)
        apart = _by(ties & matrix().restricted, scope, WHERE_RESTRICTED)
        within = within.filter(~one_of("pk", scope.doors.opened) | ~Exists(about) | apart)
    return within if Tie.WHOLE in ties else within.filter(_by(ties, scope, WAYS))


def _by(ties: Ties, scope: Scope, by: Mapping[Tie, Callable[[Scope], Q]]) -> Q:
    # In this order: the database asks what stands first, and what is cheap and usually true spares it the rest.
    ways = [way(scope) for tie, way in by.items() if tie in ties]
    if not ways:
        return Q(pk__in=[])
    found = ways[0]
    for another in ways[1:]:
        found |= another
    return found


def children_visible_to(
    person: Person, now: datetime | None = None, scope: Scope | None = None, action: Action = Action.CHILD
) -> QuerySet[Child]:
    """The children whose pages this person may open."""
    return children_seen(scope or scope_of(person, now), action)


def children_seen(scope: Scope, action: Action = Action.CHILD) -> QuerySet[Child]:
    """The same by the scope, which may hold places for its values."""
    ties = scope.opening(action, Action.CHILD)
    children = Child.objects.filter(authority=scope.authority)
    if scope.doors.closed_children:
        children = children.filter(~one_of("pk", scope.doors.closed_children))
    if Tie.WHOLE not in ties:
        children = children.filter(_tied(ties, scope))
    if not lifting(scope.roles) - OF_RESOLUTIONS <= ties:
        # What lifts the restriction for reading may open nothing else.
        children = children.filter(Q(restricted=False) | _tied(ties & matrix().restricted, scope))
    return children


def _tied(ties: Ties, scope: Scope) -> Q:
    """By number, gathered from the plans that run by index before any child is asked; and those whom a door opens."""
    found, plans = Q(pk__in=[]), Q(pk__in=[])
    for these in scope.doors.children(ties):
        found |= one_of("pk", these)
    for tie, of in PLANS.items():
        if tie in ties:
            plans |= of(scope)
    tied = Plan.objects.filter(plans, ends=None).order_by().values("child")
    return found | Q(Among(F("pk"), WithSame(ArraySubquery(tied))))


# Which plans of a child tie somebody to it.
PLANS: dict[Tie, Callable[[Scope], Q]] = {
    Tie.CHAIR: lambda scope: one_of("chair", scope.people),
    Tie.ALLOCATED: lambda scope: one_of("social_worker", scope.people),
    Tie.UNIT: lambda scope: one_of("team", scope.units),
}


def owes(people: frozenset[int]) -> Q:
    """The turn is theirs, or becomes theirs; or something is, or was, theirs to do."""
    return _owes(people, Q())


def owes_now(people: frozenset[int]) -> Q:
    """The turn is theirs, or becomes theirs; or something is still theirs to do."""
    return _owes(people, Q(met_at=None, gone_at=None))


def _owes(people: frozenset[int], which: Q) -> Q:
    mine = Duty.objects.filter(which, one_of("person", people), case=OuterRef("pk"))
    return one_of("next_person", people) | one_of("then_person", people) | is_there(mine)


def told(people: frozenset[int]) -> Q:
    """Told of it; that it is theirs no longer opens nothing."""
    return is_there(Notice.objects.filter(one_of("to_person", people), ~Q(kind=NO_LONGER), case=OuterRef("pk")))


WAYS: dict[Tie, Callable[[Scope], Q]] = {
    Tie.CHAIR: lambda scope: one_of("chair", scope.people),
    Tie.ALLOCATED: lambda scope: one_of("social_worker", scope.people),
    Tie.UNIT: lambda scope: one_of("team", scope.units),
    Tie.NAMED: lambda scope: one_of("pk", scope.doors.named),
    Tie.GLASS: lambda scope: one_of("pk", scope.doors.opened),
    Tie.OWES: lambda scope: owes(scope.people),
    Tie.TOLD: lambda scope: told(scope.people),
}
# Of a restricted child, as `undrift_doors` has it: what was theirs to do and is done ties nobody any more.
WHERE_RESTRICTED = {**WAYS, Tie.OWES: lambda scope: owes_now(scope.people)}


class LooksAt(Func):
    """The numbers of looks at a child, or tries in vain: found by an index, before which a policy would stand."""

    template = "((SELECT undrift_looks_at(%(expressions)s))::bigint[])"
    output_field = ArrayField(BigIntegerField())


def looks_at(child: int, names: Sequence[str]) -> Among:
    """Which looks were at this child, or were tried in vain by one of these names of its records."""
    return Among(F("pk"), LooksAt(Value(child), Value(list(names), output_field=ArrayField(TextField()))))


def _council(scope: Scope) -> Q:
    if scope.authority is not None:
        return Q(authority=scope.authority)
    return one_of("authority", scope.doors.councils)


def _open_to(scope: Scope) -> Q:
    """Not about a child that is closed to this person."""
    return ~one_of("pk", scope.doors.closed) if scope.doors.closed else Q()


def _let(ties: frozenset[Tie], named: frozenset[int], opened: frozenset[int]) -> frozenset[int]:
    return (named if Tie.NAMED in ties else frozenset()) | (opened if Tie.GLASS in ties else frozenset())


def is_there(rows: QuerySet[Any]) -> Q:
    """Not an EXISTS: the planner likes to answer that by gathering everything of the kind first, on every page."""
    return Q(Coalesce(Subquery(rows.order_by().values(there=Value(True))[:1]), False))


def _reached(scope: Scope, action: Action) -> list[int] | None:
    """The numbers of all that is in reach, from one index each; None where that is much. What ended is nobody's turn.

    One query, by a function that only gathers: what is then read by these numbers is asked of the second lock.
    """
    ties, mine = scope.ties(action), sorted(scope.people)
    by = {tie: mine if tie in ties else [] for tie in (Tie.CHAIR, Tie.ALLOCATED, Tie.OWES, Tie.TOLD)}
    managed = sorted(scope.units) if Tie.UNIT in ties else []
    with connection.cursor() as cursor:
        cursor.execute("SELECT undrift_gathered(%s, %s, %s, %s, %s, %s)", [*by.values(), managed, MUCH])
        (found,) = cursor.fetchone()
    return None if found is None else [*found, *_let(ties, scope.doors.named, scope.doors.opened)]
