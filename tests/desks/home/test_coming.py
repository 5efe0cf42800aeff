"""An approver's home says what is coming: an answer that will need their approval, by when, and what is late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Cast
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.engine.ladder import acts
from undrift.people.models import Cover
from undrift.record.sweep import sweep
from undrift.resolutions.actions import perform

pytestmark = pytest.mark.django_db

HEADING = "Coming to you for approval"
RAISED = datetime(2026, 4, 30, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def coming_to(cast: Cast, name: str) -> str:
    """What stands under the heading; "" where nothing comes."""
    client = Client()
    client.force_login(cast.person(name))
    return str(lint(client.get("/")).text).partition(HEADING)[2]


def test_an_answer_that_will_need_approval_is_on_the_approvers_home_with_its_date(west: Cast) -> None:
    assert coming_to(west, "Denise") == ""
    found = reached.stage_one(west, at=RAISED).resolution
    said = coming_to(west, "Denise")
    assert f'href="/resolutions/{found.reference}"' in said
    assert "Coming to you for approval by" in said
    assert "It is with Priya Nairn." in said
    assert coming_to(west, "Priya") == "", "who answers has it among what waits"
    assert coming_to(west, "Grace") == "", "who raised it approves no answer"
    assert coming_to(west, "Nadia") == "", "who sees it all and approves nothing has none"


def test_once_the_answer_is_there_it_waits_and_is_not_coming(west: Cast) -> None:
    found = reached.stage_one(west, at=RAISED).resolution
    reached.drafted(west, found, RAISED + timedelta(days=1))
    assert coming_to(west, "Denise") == ""
    send_back = acts.SendBack("Give a date for the core group.")
    perform(send_back, resolution=found, by=west.person("Denise"), at=RAISED + timedelta(days=1))
    assert "It is with Priya Nairn." in coming_to(west, "Denise"), "sent back, it comes once more"


def test_an_answer_that_is_late_says_so_and_whose_turn_it_is(west: Cast) -> None:
    found = reached.stage_one(west, at=RAISED).resolution
    with time_machine.travel(LATER, tick=False):
        before = coming_to(west, "Denise")
        sweep()
        for said in (before, coming_to(west, "Denise")):
            assert "Late: no response came by 12 May 2026." in said
            assert "It is the turn of Grace Ollerton" in said
            assert "working days late" in said
        perform(acts.Withdraw("It was settled."), resolution=found, by=west.person("Grace"), at=LATER)
        assert coming_to(west, "Denise") == ""


def test_whoever_covers_for_the_approver_sees_what_is_coming(west: Cast) -> None:
    reached.stage_one(west, at=RAISED)
    today = NOW.date()
    assert coming_to(west, "Owen") == ""
    Cover.objects.create(
        authority=west.authority, away=west.person("Denise"), covering=west.person("Owen"), starts=today, ends=today
    )
    assert "It is with Priya Nairn." in coming_to(west, "Owen")
    assert "It is with Priya Nairn." in coming_to(west, "Denise")


def test_what_is_coming_takes_the_same_queries_with_one_as_with_five(west: Cast) -> None:
    client = Client()
    client.force_login(west.person("Denise"))
    counted = []
    for children in (("Maya",), ("Kai", "Noor", "Tyler", "Ella")):
        for child in children:
            reached.stage_one(west, child, at=RAISED)
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[1] <= 35
