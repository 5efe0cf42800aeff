"""Whoever did the last that was theirs on a restricted record lands on a page that they may open, and is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, Cast
from tests.desks.page_lint import lint
from tests.resolutions.reached import drafted, judged, stage_one
from undrift.access.restricting import restrict
from undrift.engine.ladder import acts
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

Be = Callable[[str], Client]


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


def restricted(cast: Cast) -> Resolution:
    resolution = stage_one(cast, "Maya").resolution
    restrict(cast.child("Maya"), cast.person("Marcus"), "A relative works here.", NOW)
    return resolution


def does(be: Be, name: str, resolution: Resolution, page: str, said: dict[str, str]) -> tuple[str, str]:
    """Where the act leads this person, and the page there."""
    response = be(name).post(f"/resolutions/{resolution.reference}/{page}", said, follow=True)
    return response.redirect_chain[-1][0], lint(response).text


def test_whoever_approves_is_told_so_at_home(west: Cast, be: Be) -> None:
    resolution = restricted(west)
    drafted(west, resolution, NOW)
    where, page = does(be, "Denise", resolution, "approve", {"verdict": "approve"})
    assert where == "/"
    assert "Approved and sent to Grace Ollerton." in page
    assert be("Denise").get(f"/resolutions/{resolution.reference}").status_code == 404


def test_whoever_sends_it_back_is_told_so_at_home_and_whoever_has_it_again_stays(west: Cast, be: Be) -> None:
    resolution = restricted(west)
    drafted(west, resolution, NOW)
    where, page = does(be, "Denise", resolution, "approve", {"verdict": "send back", "comment": "By when?"})
    assert where == "/"
    assert "Sent back to Priya Nairn." in page
    answer = {"agree": "agree", "text": "By Friday.", "actions-TOTAL_FORMS": "0", "actions-INITIAL_FORMS": "0"}
    where, page = does(be, "Priya", resolution, "respond", answer)
    assert where == f"/resolutions/{resolution.reference}"
    assert "Sent to Denise Harkaway for approval." in page


def test_whoever_has_done_what_they_had_agreed_to_is_told_so_at_home(west: Cast, be: Be) -> None:
    resolution, callum = restricted(west), west.person("Callum")
    action = acts.ActionAsked("Write up the visits", callum.name, date(2026, 5, 14), str(callum.pk))
    answer = acts.Respond("agree", "It is being written.", (action,))
    perform(answer, resolution=resolution, by=west.person("Priya"), at=NOW)
    perform(acts.Approve(), resolution=resolution, by=west.person("Denise"), at=NOW)
    judged(west, resolution, NOW)
    started = does(be, "Callum", resolution, "actions/a1", {"status": "started"})
    assert started[0] == f"/resolutions/{resolution.reference}"
    done = {"status": "done", "on_day": "6", "on_month": "5", "on_year": "2026", "helped": "Yes."}
    where, page = does(be, "Callum", resolution, "actions/a1", done)
    assert where == "/"
    assert "Saved." in page
