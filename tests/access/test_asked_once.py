"""Two keepers who ask for the same thing at once, on two connections: it is asked for once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from tests.cast import westmarch
from undrift.access import granting
from undrift.people import clock
from undrift.people.models import Grant, Person
from undrift.people.models.tenure import HoldingKind

ROUNDS = 6


@pytest.mark.django_db(transaction=True)
def test_of_two_keepers_who_ask_for_the_same_at_once_one_is_told_that_it_waits() -> None:
    cast = westmarch()
    jo, judith, imran = cast.person("Jo Talbot"), cast.person("Judith"), cast.person("Imran")
    post, together = cast.post("team-manager", "North"), Barrier(2)

    def asks(by: Person, day: int) -> str:
        together.wait(timeout=120)
        starts = clock.today() + timedelta(days=day)
        try:
            granting.ask_post(cast.authority, by, post, imran, starts, HoldingKind.ACTING, "Somebody is away")
        except granting.NotGiven as refusal:
            return refusal.sentence
        return "asked"

    with ThreadPoolExecutor(1) as hers, ThreadPoolExecutor(1) as his:
        for day in range(ROUNDS):
            both = [thread.submit(asks, by, day) for thread, by in ((hers, jo), (his, judith))]
            waits = "This has been asked for already, and waits for a second person"
            assert sorted(each.result() for each in both) == [waits, "asked"]
            granting.take_back(Grant.objects.get(settled_at=None), jo)
        for thread in (hers, his):
            thread.submit(lambda: connection.close()).result(timeout=120)
    assert Grant.objects.count() == ROUNDS
