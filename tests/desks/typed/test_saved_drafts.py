"""A draft whose form opens no more can be read, and discarded, by whoever wrote it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.cast import Cast
from tests.desks.page_lint import lint
from tests.desks.raising.chairs import Chair
from tests.desks.typed.test_kept_text import TEXT, at
from tests.desks.typed.test_two_tabs import home_leads_to
from tests.resolutions.reached import answered, drafted, judged, stage_one
from undrift.children.models import Plan
from undrift.engine.ladder import acts
from undrift.record.models import Draft
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

SAID = {"text": TEXT, "save": "later", "actions-TOTAL_FORMS": "1", "actions-INITIAL_FORMS": "0",
        "actions-0-what": "Visit", "actions-0-by_day": "9"}  # fmt: skip


@pytest.fixture
def r(west: Cast) -> Resolution:
    return stage_one(west, at=timezone.now()).resolution


def test_a_saved_answer_is_read_and_discarded_once_the_concern_is_withdrawn(west: Cast, r: Resolution) -> None:
    priya = Chair(west, "Priya")
    priya.client.post(at(r, "respond"), SAID)
    assert f'href="{at(r, "respond")}"' in priya.client.get("/").text
    perform(acts.Withdraw("Settled."), resolution=r, by=west.person("Grace"))
    assert priya.client.get(at(r, "respond")).status_code == 403
    page = home_leads_to(priya, f"Draft: response to {r.reference}")
    assert all(said in page for said in (TEXT, "Visit", "9", "What will you do, and why?"))
    assert "Open the form again" not in page
    draft = Draft.objects.get()
    for method in (Chair(west, "Grace").client.get, Chair(west, "Grace").client.post):
        assert method(f"/drafts/{draft.pk}").status_code in (404, 405)
    assert Chair(west, "Grace").client.post(f"/drafts/{draft.pk}/clear").status_code == 404
    priya.client.post(f"/drafts/{draft.pk}/clear")
    assert not Draft.objects.exists()


def test_an_answer_that_was_saved_is_read_once_somebody_else_has_answered(west: Cast, r: Resolution) -> None:
    priya = Chair(west, "Priya")
    priya.client.post(at(r, "respond"), SAID)
    drafted(west, r, timezone.now())
    assert TEXT in home_leads_to(priya, f"Draft: response to {r.reference}")
    perform(acts.SendBack("When?"), resolution=r, by=west.person("Denise"))
    assert TEXT not in priya.client.get(at(r, "respond")).text
    priya.client.post(at(r, "respond"), SAID | {"text": "Another."})
    assert {draft.content["text"] for draft in Draft.objects.all()} == {TEXT, "Another."}


@pytest.mark.parametrize("hours", [-26, 26])
def test_an_answer_saved_after_it_was_sent_back_is_offered_whatever_the_webs_clock_says(
    west: Cast, r: Resolution, hours: int
) -> None:
    drafted(west, r, timezone.now())
    perform(acts.SendBack("When?"), resolution=r, by=west.person("Denise"))
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        priya = Chair(west, "Priya")
        priya.client.post(at(r, "respond"), SAID)
        assert TEXT in priya.client.get(at(r, "respond")).text
        assert f"Draft: response to {r.reference}" in priya.client.get("/").text


def test_whoever_answers_now_has_the_answer_that_came_back_whole_and_reads_whose_it_is(
    west: Cast, r: Resolution
) -> None:
    """The part went to somebody else while it waited for approval, as it does where the child changes team."""
    callum = west.person("Callum")
    visits = acts.ActionAsked(
        "Write up the visits", "Hannah Quill", timezone.localdate() + timedelta(days=9), str(west.person("Hannah").pk)
    )
    perform(acts.Respond("agree", TEXT, (visits,)), resolution=r, by=west.person("Priya"))
    over = acts.HandOver("team-manager", str(callum.pk), callum.name, "Another team has them.")
    perform(over, resolution=r, by=west.person("Grace"))
    his = Chair(west, "Callum")
    assert TEXT not in his.client.get(f"/resolutions/{r.reference}").text, (
        "until it comes back to him it is to be approved"
    )
    perform(acts.SendBack("By when, and who?"), resolution=r, by=west.person("Denise"))
    page = lint(his.client.get(at(r, "respond"))).text
    assert all(said in page for said in (TEXT, "Write up the visits", "What needs to change", "By when, and who?"))
    assert "This response was written by Priya Nairn." in page
    his.client.post(at(r, "respond"), SAID)
    assert "was written by" not in his.client.get(at(r, "respond")).text, "what he saved is his own"


def test_whoever_wrote_what_came_back_is_not_told_that_they_did(west: Cast, r: Resolution) -> None:
    drafted(west, r, timezone.now())
    perform(acts.SendBack("When?"), resolution=r, by=west.person("Denise"))
    page = lint(Chair(west, "Priya").client.get(at(r, "respond"))).text
    assert "What needs to change" in page
    assert "was written by" not in page


def test_a_move_that_was_begun_is_read_once_it_is_judged(west: Cast) -> None:
    now, grace = timezone.now(), Chair(west, "Grace")
    r = stage_one(west, at=now - timedelta(days=40)).resolution
    grace.client.post(at(r, "next-stage"), {"different": TEXT, "save": "later", "seen": str(r.last_seq)})
    assert f'href="{at(r, "next-stage")}"' in grace.client.get("/").text
    answered(west, r, timezone.now())
    judged(west, r, timezone.now())
    page = home_leads_to(grace, f"Draft: move {r.reference} to the next stage")
    assert TEXT in page
    assert "What is different now?" in page


def test_a_concern_that_was_begun_is_read_once_the_family_is_another_chairs(west: Cast) -> None:
    grace = Chair(west, "Grace")
    address = grace.begins_informal("Heron")
    grace.client.post(address, {"concern": TEXT, "save": "later"})
    Plan.objects.filter(child=west.child("Tyler")).update(chair=west.person("Imran"))
    assert grace.client.get(address).status_code == 404
    assert TEXT in home_leads_to(grace, "Draft: informal record")
    lint(grace.client.get("/"))
