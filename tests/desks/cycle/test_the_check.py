"""The check between two conferences has the policy's own name, and what it finds says that it came up then."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, TODAY, Cast
from tests.desks.page_lint import lint
from tests.resolutions.conftest import north, west
from undrift.children.models import MidpointCheck
from undrift.desks.concern.typed_so_far import FORMAL
from undrift.engine.plan_cycle import acts
from undrift.plan_cycle.actions import perform
from undrift.record.adopted import rules_for
from undrift.record.models import Draft
from undrift.record.who_plays import context_for

pytestmark = pytest.mark.django_db
__all__ = ["north", "west"]

OF = {
    "west": ("Grace", "Maya", "midway check", "midway"),
    "north": ("Rosalind", "Aisha", "mid-point check", "midpoint"),
}


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(cast: Cast, chair: str) -> Client:
    client = Client()
    client.force_login(cast.person(chair))
    return client


@pytest.mark.parametrize("council", OF)
def test_a_concern_that_it_finds_begins_with_when_it_came_up(west: Cast, north: Cast, council: str) -> None:
    cast = west if council == "west" else north
    chair, name, called, occasion = OF[council]
    child = cast.child(name)
    check = acts.FinishCheck(str(child.pk), TODAY, "She waits.", "concern", "raise")
    perform(check, context=context_for([child], NOW), by=cast.person(chair), at=NOW)
    client = signed_in(cast, chair)
    page = client.get(f"/children/{child.public_id}/cycle")
    assert f"The {called} found a concern. The policy offers" in lint(page).text
    raises = re.search(r'href="([^"]*from=check[^"]*)"', page.content.decode())
    assert raises is not None
    first = raises[1].replace("&amp;", "&")
    assert re.search(f'value="{FORMAL}"[^>]*checked', client.get(first).content.decode()), "the kind of its stage"
    client.post(first, {"kind": FORMAL})
    typed = Draft.objects.get(person=cast.person(chair)).content["typed"]
    assert typed["occasion"] == [occasion]
    assert typed["stage"] == [
        next(s.id for s in rules_for(cast.authority).protocol.ladder if s.formality != "informal")
    ]


@pytest.mark.parametrize("council", OF)
def test_pages_call_it_as_the_councils_own_policy_does(west: Cast, north: Cast, council: str) -> None:
    cast = west if council == "west" else north
    chair, name, called, _ = OF[council]
    MidpointCheck.objects.create(authority=cast.authority, plan=cast.plan(name), due=TODAY)
    other = next(words for _, _, words, _ in OF.values() if words != called)
    child, client = f"/children/{cast.child(name).public_id}", signed_in(cast, chair)
    home, record, cycle = (client.get(url).content.decode() for url in ("/", child, f"{child}/cycle"))
    for page in (home, record, cycle):
        assert called in page.lower()
        assert other not in page.lower()
    assert f"{called.capitalize()}s due" in home
