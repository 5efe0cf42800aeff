"""A child in two families: both show it to whoever sees it, a concern goes with either, and who may see is no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.access.test_ties_in_time import by_the_first, by_the_second
from tests.cast import NOW, Cast, westmarch
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.children.facts import Because, change
from undrift.children.models import AlsoInFamily, FactChange
from undrift.record.families import NotChanged, also_in, no_longer_in
from undrift.record.who_plays import ChildrenApart, context_for

pytestmark = pytest.mark.django_db

EVERYBODY = ("Grace", "Imran", "Hannah", "Priya", "Kofi", "Siobhan", "Callum", "Ella", "Dev")


@pytest.fixture
def west() -> Cast:
    """Kai Sorrel has a half-brother, Tyler Heron, whom somebody else chairs for."""
    cast = westmarch()
    change(cast.plan("Tyler"), {"chair_id": cast.person("Imran").pk}, Because(at=NOW))
    return cast


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def in_both(west: Cast) -> AlsoInFamily:
    return also_in(west.child("Kai"), west.child("Tyler"), by=west.person("Pauline"), at=NOW, why="One father")


def be(west: Cast, who: str) -> Client:
    client = Client()
    client.force_login(west.person(who))
    return client


def seen(west: Cast, child: str) -> dict[str, tuple[bool, bool]]:
    found = west.child(child)
    people = [name for name in EVERYBODY if name in {one.split()[0] for one in west.built.people}]
    return {who: (by_the_first(west, who, found), by_the_second(west, who, found)) for who in people}


def test_who_may_see_either_is_the_same_as_before(west: Cast) -> None:
    before = seen(west, "Kai"), seen(west, "Tyler")
    said = in_both(west)
    assert (seen(west, "Kai"), seen(west, "Tyler")) == before
    no_longer_in(said, by=west.person("Judith"), at=NOW)
    assert (seen(west, "Kai"), seen(west, "Tyler")) == before


def test_whoever_sees_both_sees_them_together_and_nobody_else(west: Cast) -> None:
    in_both(west)
    kai, tyler = west.child("Kai"), west.child("Tyler")
    heron, sorrel = (f"/families/{one.family.reference}" for one in (tyler, kai))
    both = lint(be(west, "Hannah").get(heron)).text
    assert "Kai Sorrel" in both
    assert "Tyler Heron" in both
    assert "Tyler Heron" in lint(be(west, "Hannah").get(f"/children/{kai.public_id}")).text
    assert "Kai Sorrel" in lint(be(west, "Hannah").get(f"/children/{tyler.public_id}")).text
    # Grace chairs for Kai alone, and Imran for Tyler alone.
    assert be(west, "Grace").get(heron).status_code == 404
    assert be(west, "Grace").get(sorrel).status_code == 200
    assert "Tyler" not in be(west, "Grace").get(f"/children/{kai.public_id}").text
    page = be(west, "Imran").get(heron)
    assert page.status_code == 200
    assert "Kai" not in page.text


def test_a_concern_goes_with_either_family(west: Cast) -> None:
    kai, tyler, maya = west.child("Kai"), west.child("Tyler"), west.child("Maya")
    with pytest.raises(ChildrenApart):
        context_for([kai, tyler], NOW)
    in_both(west)
    assert context_for([kai], NOW).family == kai.family
    assert context_for([kai, tyler], NOW).family == context_for([tyler, kai], NOW).family == tyler.family
    with pytest.raises(ChildrenApart):
        context_for([kai, tyler, maya], NOW)


def test_the_chair_of_both_raises_about_them_from_the_second_family(west: Cast) -> None:
    in_both(west)
    change(west.plan("Tyler"), {"chair_id": west.person("Grace").pk}, Because(at=NOW))
    heron = west.child("Tyler").family.reference
    begun = be(west, "Grace").get(f"/families/{heron}/raise")
    assert begun.status_code == 200


def test_it_ends_and_stays_in_the_history_but_not_under_an_open_concern(west: Cast) -> None:
    said, kai = in_both(west), west.child("Kai")
    change(west.plan("Tyler"), {"chair_id": west.person("Grace").pk}, Because(at=NOW))
    with pytest.raises(NotChanged, match="They are in one family already"):
        in_both(west)
    reached.stage_one(west, "Kai", "Tyler", at=NOW)
    with pytest.raises(NotChanged, match="An open concern is about this child together"):
        no_longer_in(said, by=west.person("Judith"), at=NOW + timedelta(hours=1))
    assert list(FactChange.objects.filter(child=kai).values_list("field", "was", "now", "why")) == [
        ("also_in", "", str(west.child("Tyler").family_id), "One father")
    ]
