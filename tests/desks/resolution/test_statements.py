"""How many statements the page of one resolution costs: the same for everybody, whatever has happened in it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Cast
from tests.resolutions.reached import answered, stage_one
from undrift.engine.ladder import acts
from undrift.people.models import Cover, Person
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

MOST = 10


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


def statements(client: Client, person: Person, path: str) -> int:
    client.force_login(person)
    client.get(path)  # renews the session, as one page a minute does
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200, person.name
    return len(asked)


def test_the_page_costs_everybody_the_same(west: Cast, client: Client) -> None:
    """The chair, who answers, who approves, the social worker, a manager above, who sees all, who covers for one."""
    resolution = stage_one(west).resolution
    answered(west, resolution, NOW)
    grace, tomasz = west.person("Grace"), west.person("Tomasz")
    Cover.objects.create(
        authority=west.authority, away=grace, covering=tomasz, starts=NOW.date(), ends=NOW.date() + timedelta(days=9)
    )
    names = ("Grace", "Priya", "Denise", "Hannah", "Farah", "Judith", "Angela", "Tomasz")
    path = f"/resolutions/{resolution.reference}"
    found = {name: statements(client, west.person(name), path) for name in names}
    assert len(set(found.values())) == 1, found
    assert found["Grace"] <= MOST - 1  # a policy that asks for the core group costs one more


def test_a_part_handed_over_costs_no_more(west: Cast, client: Client) -> None:
    resolution = stage_one(west).resolution
    callum = west.person("Callum")
    over = acts.HandOver("team-manager", str(callum.pk), callum.name, "Priya is away.")
    perform(over, resolution=resolution, by=west.person("Grace"), at=NOW)
    path = f"/resolutions/{resolution.reference}"
    assert statements(client, callum, path) <= MOST


def test_a_policy_that_asks_for_the_core_group_stays_within_it_too(north: Cast, client: Client) -> None:
    resolution = starred(north)
    path = f"/resolutions/{resolution.reference}"
    found = {name: statements(client, north.person(name), path) for name in ("Rosalind", "Elias", "Desmond")}
    assert max(found.values()) <= MOST, found


def starred(north: Cast) -> Resolution:
    """A starred recommendation to an agency of the partnership."""
    child = north.child("Aisha")
    act = acts.Raise(
        stage="starred",
        children=(acts.ChildConcern(str(child.pk), "Nothing has been offered.", "Aisha"),),
        concern="The service agreed at the conference has not begun.",
        recommendation="Offer a first appointment.",
        ask="Offer a first appointment.",
        completion=date(2026, 5, 29),
        why_this_stage="It cannot wait.",
        agency=str(north.agency("Moorland Health Trust").pk),
    )
    return perform(act, by=north.person("Rosalind"), at=NOW, context=context_for([child], NOW)).resolution
