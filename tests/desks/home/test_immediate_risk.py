"""An immediate risk on everybody's home: on top, of which child, until it is over, and in the words of the messages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, Cast
from tests.desks.home import scene
from tests.desks.home.test_home import asks, home_of, signed_in
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.engine.ladder import acts
from undrift.messages.texts import write
from undrift.record.models import Notice
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

CHECK = "Check that somebody has acted"
LONG_AGO = NOW - timedelta(days=60)
TODAY = {"on_day": "6", "on_month": "5", "on_year": "2026"}


def safe(cast: Cast, child: str, said: str) -> dict[str, str]:
    return {f"safe_{cast.child(child).public_id}": said}


def call_of(r: Resolution, entry: int = 1) -> str:
    return f"/resolutions/{r.reference}/urgent/{entry}/rung"


def messages_of(r: Resolution, kind: str) -> dict[str, str]:
    """What was sent about it, whole, by the given name of whoever has it."""
    sent = Notice.objects.filter(case=r.pk, kind=kind).select_related("to_person", "case__authority", "case__chair")
    texts = {notice.to_person.given_name: write(notice) for notice in sent}
    return {name: f"{text.subject}\n{text.body}" for name, text in texts.items()}


def test_a_call_of_long_ago_is_no_longer_on_top_and_can_be_given_up(west: Cast) -> None:
    old = reached.stage_one(west, "Maya", at=LONG_AGO).resolution
    perform(acts.RecordUrgentAction("She was seen."), resolution=old, by=west.person("Hannah"), at=LONG_AGO)
    perform(acts.Withdraw("Settled."), resolution=old, by=west.person("Grace"), at=LONG_AGO)
    risk = scene.at_risk(west).resolution
    page = home_of(west, "Grace")
    waiting, _, below = page.partition("Calls not recorded before it ended")
    assert call_of(old, 3) not in waiting
    assert asks(waiting, "Record the call", call_of(risk))
    assert call_of(old, 3) in below
    grace = signed_in(west, "Grace")
    assert "Was the call made?" in lint(grace.get(call_of(old, 3))).content.decode()
    unsaid = lint(grace.post(call_of(old, 3), {"made": "no"})).content.decode()
    assert "Enter why a call is no longer possible" in unsaid
    grace.post(call_of(old, 3), {"made": "no", "why": "The family has left the country."})
    assert "Calls not recorded" not in home_of(west, "Grace")
    record = lint(grace.get(f"/resolutions/{old.reference}")).content.decode()
    assert "No call was made" in record
    assert "The family has left the country." in record


def test_of_two_calls_the_newest_risk_is_first(west: Cast) -> None:
    older = reached.stage_one(west, "Maya", at=NOW - timedelta(days=9)).resolution
    before = NOW - timedelta(days=8)
    perform(acts.RecordUrgentAction("She was seen."), resolution=older, by=west.person("Hannah"), at=before)
    newer = scene.at_risk(west).resolution
    page = home_of(west, "Grace")
    assert page.index(call_of(newer)) < page.index(call_of(older, 3))


def test_a_risk_is_over_for_everybody_once_somebody_has_rung_and_the_child_is_safe(west: Cast) -> None:
    r = scene.at_risk(west).resolution
    assert CHECK in home_of(west, "Priya")
    grace = signed_in(west, "Grace")
    unsaid = lint(grace.post(call_of(r), {"to": "Denise Harkaway"} | TODAY)).content.decode()
    assert "Select whether Kai is safe now" in unsaid
    grace.post(call_of(r), {"to": "Denise Harkaway", "note": "He is asleep."} | TODAY | safe(west, "Kai", "no"))
    assert asks(home_of(west, "Grace"), "Record the call", call_of(r)), "not safe: it stays on the chair's list"
    assert CHECK in home_of(west, "Priya")
    record = lint(grace.get(f"/resolutions/{r.reference}")).content.decode()
    assert "Kai is not safe yet" in record
    grace.post(call_of(r), {"to": "Denise Harkaway"} | TODAY | safe(west, "Kai", "yes"))
    for name in ("Grace", "Priya", "Denise", "Judith"):
        page = home_of(west, name)
        assert CHECK not in page, name
        assert "Immediate risk" not in page, name
    record = lint(grace.get(f"/resolutions/{r.reference}")).content.decode()
    assert "Immediate risk</strong>" not in record.partition("What happened")[0]
    assert "Kai was at immediate risk" not in record.partition("What happened")[0]
    assert "Rung on" in record
    assert "Call made, not safe yet" in record.partition("What happened")[2]


@pytest.fixture(autouse=True)
def this_wednesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def told(west: Cast) -> dict[str, str]:
    return messages_of(scene.at_risk(west).resolution, "raised")


def test_messages_say_of_a_risk_what_home_says(west: Cast, told: dict[str, str]) -> None:
    """Whoever is told that there is nothing to do is not asked to check on home, and the other way round."""
    assert told["Denise"].startswith("IMMEDIATE RISK, ring Grace Ollerton now")
    assert {"Priya", "Denise"} <= told.keys(), "the manager of the child's team too, whose turn it is not"
    for name, text in told.items():
        assert text.startswith("IMMEDIATE RISK"), name
        assert "nothing you need to do" not in text, name
        assert "mmediate risk" in home_of(west, name), name
        if name != "Denise":
            assert CHECK in text, name
            assert CHECK in home_of(west, name), name


def test_who_oversees_the_council_reads_that_those_concerned_were_told(west: Cast, told: dict[str, str]) -> None:
    overseers = [name for name in west.built.people if "for your oversight" in home_of(west, name)]
    assert overseers
    assert not set(overseers) & {name.partition(" ")[0] for name in told}
    for name in overseers:
        assert CHECK not in home_of(west, name)


def test_urgent_action_and_the_call_reach_the_same_people(west: Cast) -> None:
    r = reached.stage_one(west, "Maya").resolution
    perform(acts.RecordUrgentAction("She was seen."), resolution=r, by=west.person("Hannah"), at=NOW)
    urgent = messages_of(r, "urgent_action_recorded")
    assert {"Grace", "Priya", "Denise"} <= urgent.keys()
    for name, text in urgent.items():
        assert "nothing you need to do" not in text, name
        assert "mmediate risk" in home_of(west, name), name
    perform(acts.RingBack(3, "Hannah Quill"), resolution=r, by=west.person("Grace"), at=NOW)
    over = messages_of(r, "rung_back")
    assert over.keys() == urgent.keys() - {"Grace"}
    assert all("the immediate risk is over" in text for text in over.values())


def test_an_ordinary_concern_tells_the_approver_by_when_it_needs_approval(west: Cast) -> None:
    r = reached.stage_one(west, "Maya").resolution
    denise = messages_of(r, "raised")["Denise"]
    assert denise.startswith("For your approval by ")
    assert "nothing you need to do" not in denise


def test_the_other_door_leads_to_the_one_way_to_say_that_a_child_is_at_risk(west: Cast, client: Client) -> None:
    r = reached.stage_one(west, "Maya").resolution
    grace = signed_in(west, "Grace")
    page = lint(grace.get(f"/resolutions/{r.reference}/route")).content.decode()
    assert 'value="immediate-safeguarding"' not in page
    assert f'href="/resolutions/{r.reference}/urgent"' in page
    act = acts.TakeRoute("immediate-safeguarding", "Rang the front door.", who="Hannah Quill")
    perform(act, resolution=r, by=west.person("Hannah"), at=NOW)
    assert asks(home_of(west, "Grace"), "Record the call", call_of(r, 3))


def test_a_risk_is_of_the_child_of_whom_it_is_said(west: Cast) -> None:
    r = reached.stage_one(west, "Maya", "Jude").resolution
    at, hannah = f"/resolutions/{r.reference}/urgent", signed_in(west, "Hannah")
    page = lint(hannah.get(at)).content.decode()
    assert "Which children are at immediate risk?" in page
    assert "checked" not in page.partition("Which children are at immediate risk?")[2]
    said = {"what": "She sleeps at her aunt's.", "who": "Hannah Quill"}
    assert "Select which children are at immediate risk" in lint(hannah.post(at, said)).content.decode()
    hannah.post(at, said | {"at_risk": west.child("Maya").public_id} | TODAY)
    record = lint(hannah.get(f"/resolutions/{r.reference}")).content.decode()
    assert "Immediate risk: Maya" in record
    section = record.partition('id="risk"')[2].partition("</section>")[0]
    assert "She sleeps at her aunt&#x27;s." in section
    assert "Hannah Quill, Wednesday 6 May 2026" in section
    assert "Immediate risk: Maya" in home_of(west, "Grace")
    assert "Immediate risk: Maya" in lint(signed_in(west, "Grace").get("/resolutions")).content.decode()
    grace = signed_in(west, "Grace")
    copies = {
        child: lint(grace.get(f"/resolutions/{r.reference}/copy/{west.child(child).public_id}")).content.decode()
        for child in ("Maya", "Jude")
    }
    assert "She sleeps at her aunt" in copies["Maya"]
    assert "aunt" not in copies["Jude"]
    assert "immediate risk" not in copies["Jude"]
    assert "may be at immediate risk" in lint(grace.get(f"/children/{west.child('Maya').public_id}")).content.decode()
    jude = lint(grace.get(f"/children/{west.child('Jude').public_id}")).content.decode()
    assert "may be at immediate risk" not in jude
