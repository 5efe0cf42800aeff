"""What is composed once gives the rows that the ORM gives when it composes anew: for every cell, and of every query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet

from tests.access.conftest import Told
from tests.access.crowd import Crowd, One, Spot
from tests.house.thorough import THOROUGH
from undrift.access import bringing, emergency, family_facts, fetching, granting, naming, restricting
from undrift.access.matrix import Action
from undrift.access.rows import cases_seen, children_seen, reach, row_by_row
from undrift.access.scope import Scope, scope_of
from undrift.applying import on_file
from undrift.children import in_families, other_records
from undrift.children.models import Child, Plan
from undrift.desks.home import drafts, parts, views
from undrift.engine.musts import Must
from undrift.people.composed import ALL, Composed, Known, Placed, Those, composed, numbers
from undrift.plan_cycle import queries as cycles
from undrift.record import adopted, typed_texts, unreached
from undrift.resolutions import finding, owed, queries, with_another_chair
from undrift.resolutions.models import Resolution

MANY = 1_000  # more than there are
OF_A_SHAPE = MANY if THOROUGH else 3  # people for whom each form of a query is asked


def shape_of(*shape: Any) -> tuple[Hashable, ...]:
    """What decides the form of a composed query."""
    return tuple(one.placed()[0] if isinstance(one, Placed) else one for one in shape)


@composed()
def seen_children(scope: Scope, action: Action) -> QuerySet[Child, int]:
    return children_seen(scope, action).order_by("pk").values_list("pk", flat=True)


@composed()
def seen_row_by_row(scope: Scope, action: Action) -> QuerySet[Resolution, int]:
    return row_by_row(Resolution, scope, action).order_by("pk").values_list("pk", flat=True)


@composed(reached=numbers)
def seen_in_lists(scope: Scope, by_row: bool, reached: Any) -> QuerySet[Resolution, int]:
    seen = cases_seen(Resolution, scope, Action.LIST, None if by_row else reached)
    return seen.order_by("pk").values_list("pk", flat=True)


def test_every_cell_is_the_same_when_it_is_composed_once(crowd: Crowd, told: Told) -> None:
    asked, wrong, shapes_met = 0, [], Counter[Hashable]()
    for one in crowd.people:
        scope, kept = scope_of(one.person, crowd.now), set()
        for action in Action:
            ties = scope.opening(action, Action.CHILD), scope.opening(action, Action.READ)
            if ties in kept:
                continue
            kept.add(ties)
            shapes_met[of := shape_of(scope, action)] += 1
            if shapes_met[of] > OF_A_SHAPE:
                continue
            for query in (seen_children, seen_row_by_row):
                asked += 1
                if query(scope, action) != list(query.plain(scope, action)):
                    wrong.append(f"{one.role} {action}: {query.build.__name__}")
        reached = reach(scope)
        anew = cases_seen(Resolution, scope, Action.LIST, reached).order_by("pk").values_list("pk", flat=True)
        if seen_in_lists(scope, reached is None, reached=reached) != list(anew):
            wrong.append(f"{one.role}: the list")
    assert not wrong, "\n".join(wrong[:40])
    shapes = sum(len(query.kept) for query in (seen_children, seen_row_by_row, seen_in_lists))
    told(f"{asked:,} sets of ties of {len(crowd.people)} people composed once, in {shapes} shapes, and anew: the same")


Asked = tuple[Composed[Any], tuple[Any, ...], dict[str, Any]]


def asked_by(one: One, spots: tuple[Spot, ...], now: datetime) -> Iterator[Asked]:
    """Each query that the pages ask, of these children and of those in reach."""
    scope, spot = scope_of(one.person, now), spots[0]
    child, case = spot.child, spot.resolution
    plan = Plan.objects.filter(child=child).values_list("pk", flat=True).first() or 0
    listed = reach(scope)
    by_row = listed is None
    several = [each.child.pk for each in spots]
    families = {"families": [each.child.family_id for each in spots]}
    of_reach = {"reached": listed or []}
    words = of_reach | {"named": [each.resolution.pk for each in spots], "reference": case.reference}
    yield fetching._case, (Resolution, scope, Action.READ), {"reference": case.reference}
    yield fetching._case, (Resolution, scope, Action.ANSWER), {"reference": case.reference}
    yield fetching._child, (scope, Action.CHILD), {"public_id": child.public_id}
    yield fetching._child, (scope, Action.LOG), {"public_id": child.public_id}
    yield fetching._together, (scope, Action.CHILD, "reference"), {"asked": child.family.reference}
    yield fetching._together, (scope, Action.CHILD, "children__public_id"), {"asked": child.public_id}
    yield fetching._opens, (scope, Action.LOG), {"public_id": child.public_id}
    yield naming._in_reach, (scope,), {}
    yield naming._of_cases, (Resolution, scope, by_row), of_reach
    for query in (family_facts._last_plan, family_facts._voice, family_facts._looked_after,
                  family_facts._other_records):  # fmt: skip
        yield query, (scope,), {"child": child.pk}
    for of_plan in (family_facts._imported_plan, family_facts._checks):
        yield of_plan, (scope,), {"plan": plan}
    yield family_facts._next_conference, (scope,), {"family": child.family_id, "now": now}
    yield family_facts._children_of, (scope,), families
    week, today = now + timedelta(days=7), now.date()
    yield family_facts._chaired_conferences, (scope, MANY), {"since": now, "until": week}
    yield family_facts._chaired, (scope,), {}
    yield family_facts._families_worked, (scope,), {"today": today}
    yield family_facts._latest_held, (scope,), {"now": now, "today": today}
    yield family_facts._chaired_key_actions, (scope, MANY), {"today": today}
    yield family_facts._own_key_actions, (scope, MANY), {}
    yield family_facts._chaired_checks, (scope, MANY), {"since": today, "until": week.date()}
    yield cycles._owed, (scope, MANY), {"today": today}
    yield adopted._with_its_closures, (), {"authority": child.authority_id}
    yield views._covers, (), {"person": one.person.pk, "day": today}
    yield unreached._names, (), {"case": case.pk}
    yield typed_texts._unsent, (), {"person": one.person.pk}
    yield typed_texts._offered, (), {"person": one.person.pk, "address": "/"}
    council = {"authority": child.authority_id}
    yield emergency._unreviewed, (), council | {"person": one.person.pk}
    yield restricting._asked_or_shut, (), council | {"person": one.person.pk, "day": today}
    for of_council in (bringing._plans_that_lack, bringing._initials_of, on_file._checks):
        yield of_council, (), council
    yield granting._waiting, (), {"council": child.authority_id}
    answers = ("walsall", "2018.1", "stage-1"), (Must.RESPOND, Must.DECIDE_NEXT)
    for present in (answers, ((), answers[1])):
        yield queries._answer_to_come, (scope, by_row, *present, MANY), of_reach
    yield parts._held_by_nobody, (scope, by_row, MANY), of_reach
    yield parts._undecided, (scope, by_row, MANY), of_reach | {"now": week}
    yield drafts._begun, (), {"person": one.person.pk}
    yield family_facts._live_plans, (), {"children": several}
    yield in_families._also_in, (), {"child": child.pk}
    yield other_records._kept_of, (), {"other": child.pk}
    yield adopted._closures, (), {"authority": child.authority_id}
    for which in (queries.ALL, queries.OPEN, queries.RISKY):
        yield queries._of_children, (scope, by_row, which, 0, None), of_reach | {"children": several}
    yield queries._numbers_about, (scope, by_row, MANY), of_reach | {"children": several}
    yield queries._by_number, (), {"wanted": [case.pk]}
    yield queries._about_cases, (), {"cases": [case.pk]}
    yield queries._cases_of, (), {"children": several}
    yield queries._due_of, (Those(scope.people), MANY), {"now": now}
    for filters in (queries.Filters(), queries.Filters(risk=True), queries.Filters(mine=True, due="this week"),
                    queries.Filters(due="late"), queries.Filters(ended=True)):  # fmt: skip
        moments = of_reach | {"now": now, "ahead": week}
        yield queries._listed, (scope, by_row, filters, "", 0, MANY), moments
        yield queries._counted, (scope, by_row, filters, MANY), moments
    yield owed._agreed, (), {"cases": [case.pk]}
    yield owed._owed, (), {"people": scope.people, "cases": [each.resolution.pk for each in spots]}
    yield owed._happened, (), {"cases": [case.pk]}
    yield owed._shared, (scope, by_row, MANY), of_reach
    yield owed._unreached, (scope, by_row, MANY), of_reach
    yield owed._late, (scope, by_row, MANY), of_reach | {"now": week}
    yield with_another_chair._found, (scope, by_row, MANY), of_reach
    for near in (False, True):
        yield queries._searched, (scope, by_row, near, 0, MANY), words
        yield finding._fitting, (scope, near), {"named": several, "reference": case.reference}


def test_every_query_of_the_pages_gives_the_same_when_it_is_composed_once(crowd: Crowd, told: Told) -> None:
    asked, found, wrong, met, shapes_met = 0, 0, [], set(), Counter[Hashable]()
    for one in crowd.people:
        for query, shape, values in asked_by(one, one.own or crowd.spots[:1], crowd.now):
            met.add(query)
            shapes_met[of := (query, shape_of(*shape))] += 1
            if shapes_met[of] > OF_A_SHAPE:
                continue
            once, anew = query(*shape, **values), list(query.plain(*shape, **values))
            asked, found = asked + 1, found + len(anew)
            if sorted(map(said, once)) != sorted(map(said, anew)):
                wrong.append(f"{one.role}: {query.build.__qualname__}")
    assert not wrong, "\n".join(wrong[:40])
    ours = {query for query in ALL if query.build.__module__.startswith("undrift.")}
    assert ours <= met, [query.build.__qualname__ for query in ours - met]
    told(f"{len(met)} queries asked {asked:,} times, composed once and anew: {found:,} rows, the same")


def said(row: Any) -> str:
    """A row with all that came with it."""
    return str({name: value for name, value in vars(row).items() if name != "_state"} if hasattr(row, "pk") else row)


@pytest.mark.django_db
def test_two_people_of_one_shape_are_asked_for_with_their_own_values(crowd: Crowd) -> None:
    chairs = [one for one in crowd.people if one.role == "chair"]
    seen = [frozenset(seen_children(scope_of(one.person, crowd.now), Action.CHILD)) for one in chairs]
    assert len(chairs) > 1
    assert len(set(seen)) > 1


def test_what_belongs_to_one_occasion_is_not_composed_once() -> None:
    whose = 7
    with pytest.raises(TypeError, match="holds on to something"):
        composed()(lambda: Child.objects.filter(pk=whose))
    with pytest.raises(TypeError, match="is of one occasion"):
        born_today()


@composed()
def born_today() -> QuerySet[Child]:
    return Child.objects.filter(date_of_birth=date(2026, 5, 12))


def test_rows_that_were_read_are_not_narrowed_in_passing() -> None:
    known = Known.of(Child, [Child(pk=1)])
    assert [child.pk for child in known] == [1]
    with pytest.raises(TypeError, match="asked for anew"):
        known.filter(pk=2)
