"""The database itself: which tables are bound, by whom they are owned, and what an unset connection sees."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import Error, connection, models, transaction

from tests.access import policies
from tests.access.conftest import Told
from tests.access.crowd import Crowd, build, furnish
from undrift.access import second_lock
from undrift.children.models import Allocation, Child, Conference, FactChange, Plan, Voice
from undrift.config import databases
from undrift.people.models import Authority, Person
from undrift.people.seats import seat_of
from undrift.record.sight import as_bringer, as_service, council
from undrift.resolutions.models import Resolution

BOUND = {*policies.SEEN, *policies.LINKS, "resolutions_resolution"}
# Rows of these tell nothing of a child; each with why not.
FREE = {
    "record_seal": "numbers and hashes of histories, made and read by the service",
    "record_ending": "numbers of rows and hashes of what became of them, written by the database alone",
    "record_referencecounter": "the last number given out in a year",
}
NAMES_A_CHILD = (Child, Resolution, Authority)


@pytest.fixture
def furnished(db: None) -> Crowd:
    crowd = build(["chair", "business-support"])
    furnish(crowd)
    return crowd


def tables() -> dict[str, type[models.Model]]:
    """The tables of the two rooms that hold records about children, those between two rows among them."""
    return {
        model._meta.db_table: model
        for room in ("children", "record", "access", "resolutions")
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
    }


def asked(statement: str, *values: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def test_a_connection_with_nothing_set_sees_no_row_about_a_child(furnished: Crowd, told: Told) -> None:
    names = sorted(BOUND - {"access_alert"})
    with_rows = [name for name in names if asked(f"SELECT 1 FROM {name} LIMIT 1")]
    assert with_rows == names, f"Nothing to hide in {set(names) - set(with_rows)}: give the crowd a row there."
    for reach in ("", "everything", "Service"):
        with transaction.atomic():
            asked("SELECT set_config('undrift.reach', %s, true)", reach)
            seen = {name: asked(f"SELECT count(*) FROM {name}")[0][0] for name in BOUND}
            transaction.set_rollback(True)
        assert not any(seen.values()), seen
    told(f"a connection with nothing set: 0 rows of {len(BOUND)} tables")


def test_whoever_brings_children_in_sees_on_those_pages_all_that_are_not_closed_to_them(db: None) -> None:
    crowd = build(["business-support", "administrator", "review-manager", "chair"])
    furnish(crowd)
    council = next(spot.child for spot in crowd.spots if spot.here).authority
    all_of_it = set(Child.objects.filter(authority=council).values_list("pk", flat=True))
    closed_to_some = False
    for one in crowd.people:
        seat = seat_of(one.person, crowd.now.date())
        with transaction.atomic():
            closed = set(second_lock.enter(one.person, seat, crowd.now).closed_children)
            usual = set(Child.objects.values_list("pk", flat=True))
            with as_bringer():
                seen = set(Child.objects.values_list("pk", flat=True))
                told_of = [
                    set(of._default_manager.values_list("child", flat=True)) for of in (Plan, FactChange, Allocation)
                ]
                families = set(Conference.objects.values_list("family", flat=True))
            assert set(Child.objects.values_list("pk", flat=True)) == usual, "it ends with the block"
            transaction.set_rollback(True)
        expected = set() if one.role == "chair" else all_of_it - closed
        assert seen == expected, one.person
        assert all(numbers <= expected for numbers in told_of)
        assert families <= set(Child.objects.filter(pk__in=expected).values_list("family", flat=True))
        assert [bool(numbers) for numbers in (*told_of, families)] == [bool(expected)] * 4, "of each there is one"
        closed_to_some |= bool(expected and closed)
    assert closed_to_some, "nothing was closed, so nothing was tried"


def test_what_was_refused_leaves_the_page_as_narrow_as_it_was(db: None) -> None:
    crowd = build(["business-support"])
    person = crowd.people[0].person
    with transaction.atomic():
        second_lock.enter(person, seat_of(person, crowd.now.date()), crowd.now)
        for widened in (as_bringer, as_service, lambda: council(person.authority_id or 0)):
            with pytest.raises(ValueError, match="refused"), widened():
                raise ValueError("refused")
            assert reach() == "person"
        with pytest.raises(ValueError, match="refused"), as_service(), transaction.atomic():
            raise ValueError("refused")
        assert reach() == "person", "what was written was taken back, and the page goes on"
        with pytest.raises(Error), transaction.atomic(), as_service():
            asked("SELECT 1 / 0")
        assert reach() == "person", "a failure takes its settings back itself"
        transaction.set_rollback(True)


def reach() -> str:
    return str(asked("SELECT current_setting('undrift.reach', true)")[0][0])


def test_every_table_of_these_rooms_is_bound_or_says_why_not(db: None) -> None:
    bound = {str(name) for (name,) in asked(
        "SELECT c.relname FROM pg_class c WHERE c.relrowsecurity AND c.relkind = 'r' AND EXISTS"
        " (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)"
    )}  # fmt: skip
    unbound = set(tables()) - bound
    assert unbound == set(FREE), f"Give {unbound - set(FREE)} a policy, or say in FREE why it needs none."
    assert bound == BOUND, bound ^ BOUND


def test_a_table_of_another_room_that_names_a_child_is_bound(db: None) -> None:
    linked = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model in (Child, Resolution)
    }
    assert linked <= BOUND, linked - BOUND


def test_the_applications_role_owns_nothing_and_is_bound_by_every_policy(db: None) -> None:
    role = databases.APPLICATION
    assert asked("SELECT current_user")[0][0] == role
    assert asked("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = %s", role) == [
        (False, False, False)
    ]
    assert asked("SELECT 1 FROM pg_class WHERE relowner = %s::regrole", role) == []
    assert asked("SELECT 1 FROM pg_proc WHERE proowner = %s::regrole", role) == []
    assert asked("SELECT 1 FROM pg_auth_members WHERE member = %s::regrole", role) == []


def test_what_asks_past_the_policies_looks_for_its_tables_nowhere_else(db: None) -> None:
    """A function of the owner's that took its search path from the caller could be led to the caller's tables."""
    found = asked("SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND proname LIKE 'undrift%%'")
    assert len(found) >= len(policies.FUNCTIONS) + 1
    assert {name for name, config in found if "search_path=public, pg_temp" not in config} == set()


def test_no_row_is_added_to_another_council(furnished: Crowd) -> None:
    one = furnished.people[0]
    there = next(spot.child for spot in furnished.spots if not spot.here)
    here = next(spot.child for spot in one.own if spot.here)
    day = furnished.now.date()
    with transaction.atomic():
        second_lock.enter(one.person, seat_of(one.person, day), furnished.now)
        Voice.objects.bulk_create([Voice(authority_id=here.authority_id, child=here, text="words", heard_on=day)])
        with pytest.raises(Error, match="row-level security"), transaction.atomic():
            Voice.objects.bulk_create([Voice(authority_id=there.authority_id, child=there, text="words", heard_on=day)])


def test_an_act_sees_its_own_council_and_no_other(furnished: Crowd) -> None:
    one = furnished.people[0]
    here = {spot.child.authority_id for spot in furnished.spots if spot.here}
    with transaction.atomic():
        second_lock.enter(one.person, seat_of(one.person, furnished.now.date()), furnished.now)
        before = Child.objects.count()
        with council(here.copy().pop()):
            assert set(Child.objects.values_list("authority", flat=True)) == here
            assert Child.objects.count() == sum(spot.here for spot in furnished.spots)
        assert Child.objects.count() == before < len(furnished.spots)
        second_lock.enter_nobody()
        assert not Child.objects.exists()


def test_a_person_without_any_post_sees_nothing(furnished: Crowd) -> None:
    person = Person.objects.get(email="bystander@crowd.example")
    with transaction.atomic():
        second_lock.enter(person, seat_of(person, furnished.now.date()), furnished.now)
        assert not Child.objects.exists()
        assert not Resolution.objects.exists()
