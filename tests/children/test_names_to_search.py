"""The names by which children are searched for: the same whether they are written together or one by one."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from tests.access.connected import in_role, wide_connection
from tests.cast import westmarch
from undrift.children import in_bulk
from undrift.children.models import Child, Family
from undrift.people.models import Authority

NAMES = (
    ("Maya", "Alder"), ("maya", "Alder-Heron"), ("Jo", "O'Dea"), ("", ""), ("Wren Ash", "Fenn"), ("Ana", "Ana"),
    ("Bartholomew-Maximilian", "Featherstonehaugh-Cholmondeley"), ("Zoë", "Ørsted"), ("Ng", "Xu"), ("Rowan", "Fenn"),
)  # fmt: skip
# By another spelling, without one, the first with the name of the third; the others keep theirs.
RENAMED = {0: ("Jo", "Alder"), 1: ("", ""), 4: ("Wren", "Ashfenn"), 8: ("Nguyen", "Xu")}
FAMILIES = ("Alder", "Alder", "", "Fenn-Heron", "Fenn")
OF_FAMILY = (0, 1, 2, 2, 3, 3, 4, 4, 0, 1)


@pytest.fixture
def owner(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """As the superuser, who may read the tables of names."""
    with django_db_blocker.unblock(), wide_connection():
        in_role()
        yield


def names_on_file() -> tuple[list[Any], list[Any]]:
    """The parts of the children brought in here, by their numbers in the case system, and all names that are met."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.external_id, p.part, p.last_name, p.first_name, p.whole FROM children_namepart p"
            " JOIN children_child c ON c.id = p.child_id WHERE c.external_id LIKE 'n-%' ORDER BY 1, 2"
        )
        parts = cursor.fetchall()
        cursor.execute("SELECT name FROM children_nearname ORDER BY name")
        return parts, cursor.fetchall()


def new_children(council: Authority, families: list[Family]) -> list[Child]:
    return [
        Child(
            authority=council, family=families[OF_FAMILY[place]], external_id=f"n-{place}",
            first_name=first, last_name=last,
        )
        for place, (first, last) in enumerate(NAMES)
    ]  # fmt: skip


def one_by_one(council: Authority) -> Iterator[Any]:
    families = [Family.objects.create(authority=council, name=name) for name in FAMILIES]
    children = new_children(council, families)
    for child in children:
        child.save()
    yield names_on_file()
    for place, (first, last) in RENAMED.items():
        children[place].first_name, children[place].last_name = first, last
        children[place].save()
    yield names_on_file()
    families[1].name = "Thornbury"
    families[1].save()
    families[4].name = ""
    families[4].save()
    yield names_on_file()
    for child in children[:6]:
        child.delete()
    yield names_on_file()


def together(council: Authority) -> Iterator[Any]:
    families = [Family(authority=council, name=name) for name in FAMILIES]
    in_bulk.add(families)
    children = new_children(council, families)
    in_bulk.add(children)
    yield names_on_file()
    numbers = [child.pk for child in children]
    in_bulk.update(Child, "first_name", [(numbers[place], first) for place, (first, _) in RENAMED.items()])
    in_bulk.update(Child, "last_name", [(numbers[place], last) for place, (_, last) in RENAMED.items()])
    yield names_on_file()
    in_bulk.update(Family, "name", [(families[1].pk, "Thornbury"), (families[4].pk, ""), (families[0].pk, "Alder")])
    yield names_on_file()
    Child.objects.filter(pk__in=numbers[:6]).delete()
    yield names_on_file()


def test_names_written_together_are_those_written_one_by_one(owner: None) -> None:
    council = westmarch().authority
    before = names_on_file()
    steps = list(one_by_one(council))
    assert len({str(step) for step in steps}) == len(steps), "each step changes what is on file"
    Child.objects.filter(external_id__startswith="n-").delete()
    assert names_on_file() == before
    assert list(together(council)) == steps


def test_every_name_on_file_is_met_by_what_is_nearly_it(owner: None) -> None:
    """Beside a comparison with each of them."""
    list(together(westmarch().authority))
    words = ("maja", "aldr", "wrenahs", "fearn", "orsted", "nguyne", "thornbruy", "heorn", "xu", "featherstonehaugh")
    with connection.cursor() as cursor:
        for word in words:
            cursor.execute("SELECT undrift_names_near(%s) ORDER BY 1", [word])
            met = cursor.fetchall()
            cursor.execute("SELECT name FROM children_nearname WHERE undrift_is_near(%s, name) ORDER BY 1", [word])
            assert met == cursor.fetchall(), word


def test_a_statement_that_renames_many_cuts_their_names_up_once(owner: None) -> None:
    council = westmarch().authority
    family = Family.objects.create(authority=council)
    children = [Child(authority=council, family=family, external_id=f"n-{place}") for place in range(50)]
    in_bulk.add(children)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL track_functions = 'all'")
        in_bulk.update(Child, "last_name", [(child.pk, f"Name{place}") for place, child in enumerate(children)])
        cursor.execute("SELECT calls FROM pg_stat_xact_user_functions WHERE funcname = 'undrift_names_of'")
        assert cursor.fetchone() == (1,)


def test_names_that_were_on_file_before_are_met_as_before(owner: None) -> None:
    """The migration goes from whatever names stand there already."""
    list(together(westmarch().authority))
    before = names_on_file()
    migration = import_module("undrift.children.migrations.0012_names_nearly_met")
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(near ORDER BY near) FROM undrift_names_near('rowam') near")
        near = cursor.fetchone()
        cursor.execute("TRUNCATE children_nearname")
        cursor.execute(migration.NAMES)
        assert names_on_file() == before
        cursor.execute("SELECT array_agg(near ORDER BY near) FROM undrift_names_near('rowam') near")
        assert cursor.fetchone() == near
        assert "rowan" in near[0]
