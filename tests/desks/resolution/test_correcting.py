"""An entry made in error is struck through, with who said so, when and why; it is never taken away."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from tests.cast import NOW, Cast
from tests.desks.page_lint import lint
from tests.desks.resolution.test_pages import Be, at
from tests.resolutions.reached import stage_one
from undrift.engine.ladder import acts
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

NOTE = "Rang the school of another family."
WHY = "This note belongs to another family."


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def noted(west: Cast) -> Resolution:
    r = stage_one(west).resolution
    perform(acts.Note(NOTE), resolution=r, by=west.person("Grace"), at=NOW)
    return Resolution.objects.get(pk=r.pk)


def test_the_timeline_leads_to_it_and_shows_who_when_and_why(be: Be, noted: Resolution) -> None:
    page = lint(be("Grace").get(at(noted))).text
    (entry,) = (m for m in re.findall(r'href="([^"]+/correct)">Entered in error\?<span[^>]*>: Note', page))
    assert f'<a class="govuk-link undrift-no-print" href="{entry}">' in page, "not on paper"
    asked = lint(be("Grace").get(entry)).text
    assert NOTE in asked
    assert "It stays on the record, struck through" in asked
    missing = be("Grace").post(entry, {"text": ""}).text
    assert "Enter what is wrong with this entry" in missing
    be("Grace").post(entry, {"text": WHY})
    after = lint(be("Grace").get(at(noted))).text
    assert f"<s>{NOTE}</s>" in after
    assert f"Marked as entered in error by Grace Ollerton, 6 May 2026, 9:35am: {WHY}" in after
    assert entry not in after
    assert be("Grace").get(entry).status_code == 404


def test_only_those_with_a_part_in_it_are_offered_it(be: Be, noted: Resolution) -> None:
    address = at(noted, "entries/2/correct")
    assert be("Priya").get(address).status_code == 200
    assert be("Kofi").get(address).status_code == 404
    assert be("Kofi").post(address, {"text": WHY}).status_code == 404
    assert be("Grace").get(at(noted, "entries/99/correct")).status_code == 404


def test_on_the_childs_own_page_the_reason_stays_out(west: Cast, be: Be, noted: Resolution) -> None:
    """A reason may speak of a brother or sister."""
    perform(acts.Correct(noted.last_seq, WHY), resolution=noted, by=west.person("Grace"), at=NOW)
    page = be("Grace").get(f"/children/{west.child('Maya').public_id}/history").text
    assert "Marked as entered in error by Grace Ollerton" in page
    assert WHY not in page
