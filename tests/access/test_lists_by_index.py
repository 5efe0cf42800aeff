"""A list is met by index under row-level security: however many children a council has, few of their rows are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from tests.access.connected import analyzed, past_the_triggers, wide_connection
from tests.access.crowd import Crowd, One, build, furnish
from undrift.access import second_lock
from undrift.access.models import Look
from undrift.access.rows import children_visible_to, looks_at, visible_to
from undrift.access.scope import scope_of
from undrift.children.models import Child, Family, Plan
from undrift.people.seats import seat_of
from undrift.resolutions.children_narrowed import ChildFilters, children_on_a_plan
from undrift.resolutions.models import Resolution
from undrift.resolutions.queries import of_children

MANY = 5_000
NAMES = 500
MOST = 2_000  # rows read of one table: more than the crowd has in all, and far fewer than the council
NARROW = ("chair", "team-manager", "social-worker")
TABLES = ("children_child", "children_plan", "record_case", "resolutions_resolution", "access_look")


@pytest.fixture(scope="module")
def crowded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Crowd]:
    """A crowd of people with a narrow reach, in a council of so many children, each on a plan and looked at once."""
    with django_db_blocker.unblock(), wide_connection():
        crowd = build(NARROW)
        furnish(crowd)
        council = next(spot.child for spot in crowd.spots if spot.here).authority
        born = crowd.now.date()
        families = Family.objects.bulk_create(Family(authority=council, name="Dabney") for _ in range(MANY // 4))
        children = named_together(
            Child(authority=council, family=families[n // 4], first_name="Ash", last_name=name, date_of_birth=born)
            for n in range(MANY)
            for name in [f"Dabney{n % NAMES}"]
        )
        Plan.objects.bulk_create(Plan(authority=council, child=child, starts=born) for child in children)
        Look.objects.bulk_create(
            Look(authority=council, person=1, name="Somebody", at=crowd.now, children=[child.pk]) for child in children
        )
        analyzed()
        yield crowd


def named_together(children: Iterable[Child]) -> list[Child]:
    """Written down, and their names cut up for the search in one go: child by child it takes minutes."""
    with past_the_triggers(), connection.cursor() as cursor:
        made = Child.objects.bulk_create(children)
        cursor.execute("SELECT undrift_names_of(%s)", [[child.pk for child in made]])
    return made


def scans(rows: QuerySet[Any]) -> Iterator[tuple[str, str, float]]:
    """Of each scan of a table: the table, how, and how many of its rows were read, kept or not."""
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values)
        plan = cursor.fetchone()[0]
    yield from _within(plan[0]["Plan"])


def _within(node: dict[str, Any]) -> Iterator[tuple[str, str, float]]:
    if "Relation Name" in node:
        read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        yield node["Relation Name"], node["Node Type"], read * node["Actual Loops"]
    for part in node.get("Plans", ()):
        yield from _within(part)


def children(one: One, crowd: Crowd) -> QuerySet[Any]:
    return children_visible_to(one.person, crowd.now).order_by("last_name", "first_name", "pk")[:51]


def children_narrowed(one: One, crowd: Crowd) -> QuerySet[Any]:
    narrowed = ChildFilters(late_review=True, concern="with")
    return children_on_a_plan(one.person, narrowed, now=crowd.now)[:51]


def resolutions(one: One, crowd: Crowd) -> QuerySet[Any]:
    return visible_to(Resolution, one.person, crowd.now).filter(ended_at=None).order_by("due_at", "id")[:26]


def resolutions_of_children(one: One, crowd: Crowd) -> QuerySet[Any]:
    return of_children([spot.child.pk for spot in one.own], one.person, now=crowd.now)


def looks(one: One, crowd: Crowd) -> QuerySet[Any]:
    child = one.own[0].child
    return Look.objects.filter(looks_at(child.pk, [child.public_id]))[:26]


LISTS: tuple[Callable[[One, Crowd], QuerySet[Any]], ...] = (
    children, children_narrowed, resolutions, resolutions_of_children, looks,
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("asked", LISTS, ids=lambda asked: asked.__name__)
def test_no_list_of_a_narrow_reader_reads_through_a_council(
    crowded: Crowd, asked: Callable[[One, Crowd], QuerySet[Any]]
) -> None:
    wide = []
    for one in crowded.people:
        if scope_of(one.person, crowded.now).whole:
            continue
        with transaction.atomic():
            second_lock.enter(one.person, seat_of(one.person, crowded.now.date()), crowded.now)
            found = list(scans(asked(one, crowded)))
            transaction.set_rollback(True)
        wide += [f"{one.person}: {how} of {table}, {read:,.0f} rows" for table, how, read in found
                 if table in TABLES and read > MOST]  # fmt: skip
    assert not wide, "\n".join(wide[:20])
