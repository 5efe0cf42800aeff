"""Once the bank holidays known have run out, every page, list and message can still be read, and the worker goes on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings

from tests.canaries.driving import Round
from tests.canaries.watching import Caught, listening, post_office
from tests.canaries.world import World, one_holder_a_post
from tests.house.thorough import THOROUGH
from undrift.access.emergency import hand_up_unreviewed
from undrift.library import calendars
from undrift.messages.post import send_due
from undrift.record.sweep import sweep

YEARS = (2029, 2062) if THOROUGH else (2029,)
PEOPLE = None if THOROUGH else 2  # of each council


@pytest.fixture(params=YEARS)
def later(request: pytest.FixtureRequest) -> Iterator[datetime]:
    then = datetime(request.param, 6, 4, 11, tzinfo=UTC)
    assert then.date() not in calendars.load("england-and-wales").worked
    with time_machine.travel(then):
        yield then


def test_every_page_answers_when_no_bank_holiday_is_known(world: World, later: datetime) -> None:
    caught, opened = Caught(), set[str]()
    went: defaultdict[bool, int] = defaultdict(int)
    with override_settings(SECOND_FACTOR_REQUIRED=False), listening(caught), post_office(caught):
        for post, west, person in one_holder_a_post(world):
            went[west] += 1
            if PEOPLE is not None and went[west] > PEOPLE:
                continue
            caught.reader = post
            with transaction.atomic():
                sweep(later)
                send_due()
                hand_up_unreviewed(later)
                going = Round(person, caught)
                going.go()
                opened |= going.of_a_kind.keys()
                transaction.set_rollback(True)
    assert not [each for each in caught.amiss if "answered 5" in each]
    assert {"home", "resolution", "family", "child", "resolutions"} <= opened
