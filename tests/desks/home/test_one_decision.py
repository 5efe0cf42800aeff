"""An informal record that is late is one thing for the chair to decide on, however many actions were agreed in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, Cast
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.access.scope import scope_of
from undrift.desks.home.waiting import Waiting
from undrift.engine.ladder import acts
from undrift.record.sweep import sweep
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution
from undrift.resolutions.plans_ended import record_plans_ended

pytestmark = pytest.mark.django_db

AT = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def agreed(cast: Cast, checked: date) -> Resolution:
    """Three actions by 1 May, and the day on which the chair looks again."""
    hannah = cast.person("Hannah")
    actions = tuple(
        acts.ActionAsked(what, hannah.name, date(2026, 5, 1), person=str(hannah.pk))
        for what in ("Write up the visit", "Share the report", "Ring the school")
    )
    act = acts.Raise(
        stage="informal", children=tuple(reached.children_of(cast, "Maya")), grounds=("REPORT-LATE",),
        concern="The report came on the morning.", spoke=replace(reached.SPOKE, on=AT.date()), date=checked,
        actions=actions,
    )  # fmt: skip
    context = context_for([cast.child("Maya")], AT)
    return perform(act, by=cast.person("Grace"), at=AT, context=context).resolution


def home(cast: Cast) -> str:
    client = Client()
    client.force_login(cast.person("Grace"))
    return str(lint(client.get("/")).text)


@pytest.mark.parametrize("checked", [date(2026, 5, 1), date(2026, 5, 29)])
def test_a_late_informal_record_is_one_item(west: Cast, checked: date) -> None:
    found = agreed(west, checked)
    assert sweep() > 0
    grace = west.person("Grace")
    (task,) = Waiting(grace, scope_of(grace, NOW), NOW).tasks
    assert task.reference == found.reference
    assert task.kind in ("decide", "missed")
    page = home(west)
    assert "Not done in time: " in page
    assert ", and " in page
    assert "Read the response" not in page


def test_once_the_plan_has_ended_whether_it_goes_on_comes_first(west: Cast) -> None:
    found = agreed(west, date(2026, 5, 1))
    assert sweep() > 0
    west.child("Maya").plans.update(ends=date(2026, 5, 5))
    assert record_plans_ended(NOW) == 1
    grace = west.person("Grace")
    (task,) = Waiting(grace, scope_of(grace, NOW), NOW).tasks
    assert (task.action_text, task.action_href) == (
        "Decide whether it goes on", f"/resolutions/{found.reference}/carry-on",
    )  # fmt: skip
    assert "A child’s plan ended" in task.happened
