"""Home of whoever guards the records: what waits for a second person, and what nobody can open any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, TODAY, Cast
from tests.desks.home import scene
from tests.desks.page_lint import lint
from tests.desks.people.test_people_pages import be
from undrift.access import granting, restricting
from undrift.access.models import Listing
from undrift.people import accounts
from undrift.people.leaving import close_account
from undrift.people.models import Cover, Grant
from undrift.people.models.tenure import HoldingKind

pytestmark = pytest.mark.django_db

TO_LIFT = "1 record to lift as a second person"
SHUT = "1 record that nobody can open: name somebody"


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def home_of(cast: Cast, name: str) -> str:
    return str(lint(be(cast, name).get("/")).text)


def test_a_lifting_stands_on_the_home_of_a_second_guard_alone(west: Cast) -> None:
    judith, kai = west.person("Judith"), west.child("Kai")
    restricting.restrict(kai, judith, "A parent works for the council.")
    assert TO_LIFT not in home_of(west, "Marcus")
    restricting.ask_to_lift(kai, judith)
    assert {name: TO_LIFT in home_of(west, name) for name in ("Marcus", "Judith", "Grace")} == {
        "Marcus": True, "Judith": False, "Grace": False,
    }  # fmt: skip
    Cover.objects.create(
        authority=west.authority, away=judith, covering=west.person("Marcus"), starts=TODAY, ends=TODAY
    )
    assert TO_LIFT not in home_of(west, "Marcus")


def test_a_record_that_nobody_can_open_stands_on_the_homes_of_its_guards_until_somebody_is_named(west: Cast) -> None:
    judith, kai = west.person("Judith"), west.child("Kai")
    restricting.restrict(kai, judith, "A parent works for the council.")
    named = list(Listing.objects.filter(child=kai).select_related("person"))
    assert len(named) > 1
    restricting.unname(named[0], judith)
    assert SHUT not in home_of(west, "Judith")
    for one in named:
        close_account(one.person)
    assert SHUT in home_of(west, "Judith")
    assert "Nothing is waiting for you" not in home_of(west, "Judith")
    assert "Nobody" in lint(be(west, "Judith").get("/guarding/restricted")).content.decode()
    restricting.name(kai, west.person("Imran"), "Chairs now", TODAY, judith)
    assert SHUT not in home_of(west, "Judith")
    assert "1 named" in lint(be(west, "Judith").get("/guarding/restricted")).content.decode()


def test_a_record_that_its_chair_or_worker_opens_is_open_though_nobody_is_named(west: Cast) -> None:
    """Of the cast one came restricted; who chairs for the child and who works with it open it by that."""
    robin, judith = west.child("Robin"), west.person("Judith")
    for chairs_or_works in ("Imran", "Ruth"):
        assert be(west, chairs_or_works).get(f"/children/{robin.public_id}").status_code == 200
    assert SHUT not in home_of(west, "Judith")
    assert "its chair or worker" in lint(be(west, "Judith").get("/guarding/restricted")).content.decode()
    for kept_out in ("Imran", "Ruth"):
        restricting.exclude(robin, west.person(kept_out), "is a relative of the family", judith)
    assert SHUT in home_of(west, "Judith")
    assert "Nobody" in lint(be(west, "Judith").get("/guarding/restricted")).content.decode()


def test_a_lost_second_factor_stands_on_the_homes_of_the_other_administrators_until_it_is_settled(west: Cast) -> None:
    grace, judith = west.person("Grace"), west.person("Judith")
    Authenticator.objects.create(user=grace, type=Authenticator.Type.TOTP, data={"secret": "x"})
    said = "A second factor is said to be lost"
    accounts.ask_removal(grace, judith, NOW)
    assert {name: said in home_of(west, name) for name in ("Marcus", "Judith", "Imran")} == {
        "Marcus": True, "Judith": False, "Imran": False,
    }  # fmt: skip
    assert f"/people/{grace.pk}/second-factor" in home_of(west, "Marcus")
    assert "Nothing is waiting for you" not in home_of(west, "Marcus")
    accounts.take_back_removal(grace, west.person("Marcus"), NOW)
    assert said not in home_of(west, "Marcus")
    accounts.ask_removal(grace, judith, NOW)
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        assert said not in home_of(west, "Marcus"), "it is asked anew after a day"


@pytest.mark.parametrize("name", ["Judith", "Marcus", "Grace"])
def test_all_of_it_is_asked_within_what_a_home_may_ask(west: Cast, name: str) -> None:
    scene.busy_day(west)
    restricting.restrict(west.child("Kai"), west.person("Judith"), "A parent works for the council.")
    post = west.post("social-worker", "North")
    for person in ("Imran", "Denise"):
        asked = granting.ask_post(
            west.authority, west.person("Jo Talbot"), post, west.person(person), TODAY, HoldingKind.ACTING, "A gap"
        )
        assert isinstance(asked, Grant)
    client = be(west, name)
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/").content.decode()
    assert ("acts in" in page) is (name != "Grace")
    assert sum("people_grant" in one["sql"] for one in queries) == (name != "Grace")
    assert len(queries) <= 35
