"""What became of each fact on the child's page: what it was, what it is, who says so; for all who open the record."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, TODAY, Cast
from tests.desks.page_lint import lint
from undrift.access.restricting import restrict
from undrift.applying.formats import FORMATS
from undrift.children.facts import Because, change, changed, keep
from undrift.children.models import Child, Conference, ImportRun
from undrift.record.families import join

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def page(cast: Cast, who: str, child: str, more: str = "") -> str:
    client = Client()
    client.force_login(cast.person(who), backend="undrift.people.seats.SignedIn")
    return str(lint(client.get(f"/children/{cast.child(child).public_id}/facts{more}")).text)


def because(cast: Cast) -> Because:
    return Because(at=NOW, by=cast.person("Pauline"), why="The case was transferred")


def test_each_change_says_what_it_was_what_it_is_by_whom_and_why(west: Cast) -> None:
    change(west.plan("Maya"), {"chair_id": west.person("Imran").pk, "last_visit": TODAY}, because(west))
    change(west.plan("Maya"), {"team_id": None}, because(west))
    said = page(west, "Hannah", "Maya")
    assert "Chair (the plan)" in said
    assert "Was Grace Ollerton, became Imran Dastgir. Why: The case was transferred." in said
    assert "by Pauline Greaves" in said
    assert "Was nothing, became 6 May 2026" in said
    assert "Was North, became nothing" in said
    assert said.index("Team (the plan)") < said.index("Chair (the plan)")


def test_those_invited_are_told_by_name(west: Cast) -> None:
    maya, told = west.child("Maya"), (west.person("Hannah"), west.person("Kofi"))
    conference = Conference.objects.create(
        authority=west.authority, family=maya.family, reference="C-2026-9001", kind="review", held_on=NOW
    )
    was, now = str(told[0].pk), ",".join(str(one.pk) for one in told)
    keep([changed(conference, maya.pk, "participants", was, now, because(west))])
    said = page(west, "Grace", "Maya")
    assert "Those invited (a conference)" in said
    assert "Was Hannah Quill, became Hannah Quill, Kofi Ansell." in said


def test_what_a_file_changed_names_the_file_by_its_format_and_its_day(west: Cast) -> None:
    run = ImportRun.objects.create(
        authority=west.authority, source_system="annex-a", file_name="Maya Alder.xlsx", sha256="0" * 64,
        as_at="2026-05-01", started=NOW,
    )  # fmt: skip
    change(west.plan("Maya"), {"latest_category": "EMO"}, Because(at=NOW, run=run))
    said = page(west, "Grace", "Maya")
    assert "Was Neglect, became Emotional abuse." in said
    assert f"by a file ({FORMATS['annex-a'].title}) as at 1 May 2026" in said
    assert "Maya Alder.xlsx" not in said


def test_where_nothing_changed_the_page_says_so(west: Cast) -> None:
    assert "Nothing on file about Kai has changed" in page(west, "Grace", "Kai")


def test_it_is_leafed_through(west: Cast) -> None:
    for number in range(51):
        change(west.plan("Kai"), {"reviews_held": number + 10}, because(west))
    first, second = page(west, "Grace", "Kai"), page(west, "Grace", "Kai", "?page=2")
    assert "became 60" in first
    assert "became 10." not in first
    assert "became 10." in second


def test_a_family_of_which_no_child_is_seen_is_not_named(west: Cast) -> None:
    """Whoever works with the child alone does not learn who else is in the family that it was in."""
    join(west.child("Kai"), west.child("Poppy"), by=west.person("Pauline"), at=NOW)
    said = page(west, "Hannah", "Kai")
    assert "Sorrel family" not in said
    assert "Was another family, became Rowan family" in said


@pytest.mark.parametrize("who", ["Kofi", "Siobhan", "Jo Talbot"])
def test_nobody_reads_it_who_may_not_open_the_record(west: Cast, who: str) -> None:
    change(west.plan("Maya"), {"chair_id": None}, because(west))
    client = Client()
    client.force_login(west.person(who), backend="undrift.people.seats.SignedIn")
    assert client.get(f"/children/{west.child('Maya').public_id}/facts").status_code == 404


def test_a_restricted_record_is_shut_here_too(west: Cast) -> None:
    change(west.plan("Maya"), {"reviews_held": 4}, because(west))
    restrict(west.child("Maya"), west.person("Judith"), "A relative works here.", NOW)
    client = Client()
    for who, status in (("Marcus", 404), ("Hannah", 200)):
        client.force_login(west.person(who), backend="undrift.people.seats.SignedIn")
        assert client.get(f"/children/{west.child('Maya').public_id}/facts").status_code == status
    assert Child.objects.get(pk=west.child("Maya").pk).restricted


def test_whoever_allocates_is_led_there_from_the_record(west: Cast) -> None:
    client = Client()
    for who, led in (("Judith", True), ("Pauline", True), ("Grace", False), ("Hannah", False)):
        client.force_login(west.person(who), backend="undrift.people.seats.SignedIn")
        shown = client.get(f"/children/{west.child('Maya').public_id}").text
        assert (f"/allocation/children/{west.child('Maya').public_id}" in shown) is led, who
