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
from undrift.messages.texts import write
from undrift.record.adopted import rules_of
from undrift.record.models import Notice
from undrift.record.outbox import notices_of
from undrift.record.who_plays import known_of, who_plays
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
    assert be("Grace").get(address).status_code == 200
    assert be("Kofi").get(address).status_code == 404
    assert be("Kofi").post(address, {"text": WHY}).status_code == 404
    assert be("Grace").get(at(noted, "entries/99/correct")).status_code == 404


def offered(page: str) -> int:
    return page.count("Entered in error?")


def test_nobody_strikes_through_what_another_wrote(be: Be, noted: Resolution) -> None:
    """Beside what they may: what they wrote themselves."""
    address = at(noted, f"entries/{noted.last_seq}/correct")
    assert offered(be("Grace").get(at(noted)).text) == noted.last_seq
    assert offered(be("Priya").get(at(noted)).text) == 0
    refused = be("Priya").get(address)
    assert refused.status_code == 403
    said = "Only Grace Ollerton, the Group Manager for Safeguarding and Review or the Principal IRO can mark this entry"
    assert f"{said} as made in error." in refused.text
    assert be("Priya").post(address, {"text": WHY}).status_code == 403
    be("Priya").post(at(noted, "note"), {"text": "He was seen."})
    page = be("Priya").get(at(noted)).text
    assert offered(page) == 1
    assert at(noted, f"entries/{noted.last_seq + 1}/correct") in page


@pytest.mark.parametrize("who", ["Judith", "Marcus"])
def test_whoever_keeps_the_records_may_and_the_author_is_told(be: Be, noted: Resolution, who: str) -> None:
    be(who).post(at(noted, f"entries/{noted.last_seq}/correct"), {"text": WHY})
    (told,) = Notice.objects.filter(case=noted.pk, kind="corrected").select_related("to_person")
    assert told.to_person is not None
    assert told.to_person.given_name == "Grace"
    assert write(told).subject == f"What you wrote was marked as made in error: {noted.reference}"
    assert f"<s>{NOTE}</s>" in be("Grace").get(at(noted)).text


def test_what_the_service_wrote_is_struck_through_by_nobody(be: Be, noted: Resolution) -> None:
    passed = acts.RecordLapse("1:respond:team-manager")
    lapse = perform(passed, resolution=noted, by=None, at=NOW + timedelta(days=12)).events[-1]
    with time_machine.travel(NOW + timedelta(days=12, minutes=5), tick=False):
        address = at(noted, f"entries/{lapse.seq}/correct")
        for who in ("Grace", "Priya", "Judith"):
            assert address not in be(who).get(at(noted)).text
            refused = be(who).get(address)
            assert refused.status_code == 403
            assert "The service wrote this entry" in refused.text


def test_who_has_no_part_any_more_is_not_told(west: Cast, noted: Resolution) -> None:
    """A notice opens the record to whoever gets one."""
    done = perform(acts.Correct(noted.last_seq, WHY), resolution=noted, by=west.person("Judith"), at=NOW)
    resolution, rules = done.resolution, rules_of(done.resolution)
    known = known_of(resolution, rules.protocol, done.state)
    steps = [(event, done.state) for event in done.events]
    parts = who_plays(resolution, rules.protocol, done.state, NOW, known=known)
    told = [each["to_person_id"] for each in notices_of(resolution, rules, steps, (), parts, NOW, known)]
    assert told == [west.person("Grace").pk]
    assert notices_of(resolution, rules, steps, (), {}, NOW, known) == []


def test_on_the_childs_own_page_the_reason_stays_out(west: Cast, be: Be, noted: Resolution) -> None:
    """A reason may speak of a brother or sister."""
    perform(acts.Correct(noted.last_seq, WHY), resolution=noted, by=west.person("Grace"), at=NOW)
    page = be("Grace").get(f"/children/{west.child('Maya').public_id}/history").text
    assert "Marked as entered in error by Grace Ollerton" in page
    assert WHY not in page
