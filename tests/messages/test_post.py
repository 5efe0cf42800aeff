"""The outbox by email, to a real mail server: what a message says, and that none is lost or sent twice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db.models import F
from django.test import Client

from tests.cast import NOW, northmoor, westmarch
from tests.messages.letterbox import Letterbox, letterbox, words
from tests.resolutions import reached
from tests.resolutions.conftest import under_shipped_versions
from undrift.access.restricting import restrict
from undrift.engine.ladder import acts
from undrift.engine.plan_cycle import acts as cycle
from undrift.messages.post import message_id, send_due
from undrift.plan_cycle.actions import perform as perform_in_cycle
from undrift.record.models import Event, Notice
from undrift.record.sweep import sweep
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

__all__ = ["letterbox"]


@pytest.fixture
def raised(db: None) -> Resolution:
    with time_machine.travel(NOW, tick=False):
        return reached.stage_one(under_shipped_versions(westmarch()), "Maya").resolution


def test_the_one_who_must_answer_is_told_what_to_do_and_by_when(raised: Resolution, letterbox: Letterbox) -> None:
    assert send_due() == 4
    (letter,) = letterbox.to("priya.nairn@westmarch.example")
    assert letter["Subject"] == "Respond by Fri 15 May: resolution R-2026-0001 (stage 1)"
    assert letter["Reply-To"] == "cp-resolutions@westmarch.example"
    assert "Please respond by Friday 15 May 2026." in words(letter)
    assert "/resolutions/R-2026-0001" in words(letter)
    assert "ring 01632 960142" in words(letter)


def test_no_message_says_anything_about_a_child(raised: Resolution, letterbox: Letterbox) -> None:
    send_due()
    everything = " ".join(str(letter["Subject"]) + words(letter) for letter in letterbox.letters)
    for secret in ("Maya", "Alder", "moved since", "waited for months", "NO-PROGRESS", "twice already"):
        assert secret not in everything


def test_a_message_is_sent_once(raised: Resolution, letterbox: Letterbox) -> None:
    assert (send_due(), send_due()) == (4, 0)
    assert len(letterbox.letters) == 4
    assert not Notice.objects.filter(sent_at=None).exists()


def test_a_message_that_failed_is_kept_with_its_reason_and_sent_later_under_the_same_id(
    raised: Resolution, letterbox: Letterbox
) -> None:
    letterbox.closed = True
    assert send_due() == 0
    waiting = Notice.objects.filter(sent_at=None, attempts=1)
    assert waiting.count() == 4
    assert all("451" in notice.last_error for notice in waiting)
    letterbox.closed = False
    assert send_due() == 0  # not before its pause is over
    Notice.objects.update(next_attempt_at=F("created_at"))
    assert send_due() == 4
    priya = Notice.objects.get(to_person__name="Priya Nairn")
    assert letterbox.to("priya.nairn@westmarch.example")[0]["Message-ID"] == message_id(priya)
    assert (priya.attempts, priya.last_error) == (2, "")


def test_a_late_action_is_what_its_mails_are_about_and_where_they_lead(db: None, letterbox: Letterbox) -> None:
    cast, day = under_shipped_versions(westmarch()), timedelta(days=1)
    raised = reached.stage_one(cast, "Maya").resolution
    ruth, visits = cast.person("Ruth"), "Write up the two visits."
    asked = acts.ActionAsked(visits, ruth.name, (NOW + 6 * day).date(), str(ruth.pk))
    perform(replace(reached.ANSWER, actions=(asked,)), resolution=raised, by=cast.person("Priya"), at=NOW + day)
    perform(acts.Approve(), resolution=raised, by=cast.person("Denise"), at=NOW + day)
    reached.judged(cast, raised, NOW + 2 * day)
    send_due()
    letterbox.letters.clear()
    sweep(NOW + 7 * day)
    assert Event.objects.filter(type="date_lapsed", payload__duty="action:a1").count() == 1
    send_due()
    (to_ruth,) = letterbox.to(ruth.email)
    (to_grace,) = letterbox.to(cast.person("Grace").email)
    assert "an action on R-2026-0001" in str(to_ruth["Subject"])
    assert "an action on R-2026-0001 is late" in str(to_grace["Subject"])
    sweep(NOW + 9 * day)
    send_due()
    assert letterbox.to(ruth.email) == [to_ruth]
    _, again = letterbox.to(cast.person("Grace").email)
    assert "an action on R-2026-0001 is late" in str(again["Subject"])
    for letter in (to_ruth, to_grace, again):
        assert "/resolutions/R-2026-0001/actions/a1" in words(letter)
        assert "response" not in words(letter)


def test_whom_it_is_shared_with_hears_where_it_says_by_whom_and_why_and_those_always_copied_that_they_are(
    db: None, letterbox: Letterbox
) -> None:
    cast = under_shipped_versions(westmarch())
    raised = reached.stage_one(cast, "Maya").resolution
    send_due()
    letterbox.letters.clear()
    why = "Three agencies were asked, and none has answered."
    perform(acts.Share("head-of-safeguarding", why), resolution=raised, by=cast.person("Grace"), at=NOW)
    send_due()
    (to_nadia,) = letterbox.to(cast.person("Nadia").email)
    assert str(to_nadia["Subject"]) == "Shared with you: R-2026-0001"
    assert "R-2026-0001 is shared with you; the record says by whom and why." in words(to_nadia)
    assert "Grace" not in words(to_nadia)
    for name in ("Judith", "Marcus"):
        (copied,) = letterbox.to(cast.person(name).email)
        assert str(copied["Subject"]) == "Shared with somebody: R-2026-0001"
        assert "You are copied in, as the policy says." in words(copied)
    assert not any(why in words(letter) for letter in letterbox.letters)


def test_a_message_of_a_plan_cycle_leads_whoever_gets_it_to_a_page_that_is_open_to_them(
    db: None, letterbox: Letterbox, client: Client
) -> None:
    """A core group has people of other agencies, and the child's record is not open to them."""
    cast = under_shipped_versions(northmoor())
    aisha, chair = cast.child("Aisha"), cast.person("Rosalind")
    held = cycle.HoldConference("", NOW.date(), {str(aisha.pk): cycle.Decision(True)}, kind="review")
    perform_in_cycle(held, context=context_for([aisha], NOW), by=chair, at=NOW)
    with time_machine.travel(NOW, tick=False):
        send_due()
    assert letterbox.letters
    led = set()
    for notice in Notice.objects.select_related("to_person"):
        client.force_login(notice.to_person)
        for letter in letterbox.to(notice.to_person.email):
            found = re.search(r"https?://[^/]+(/children/\S+)", words(letter))
            led.add(found is not None)
            if found is not None:
                assert client.get(found[1]).status_code == 200, notice.to_person.name
            else:
                assert "is not open to you here" in words(letter)
    assert led == {True, False}


def test_a_message_about_a_record_that_is_closed_to_them_has_no_link_and_says_who_tells_them(
    db: None, letterbox: Letterbox, client: Client
) -> None:
    """Of a restricted child, what was theirs to do and is done ties nobody any more."""
    cast = under_shipped_versions(westmarch())
    raised = reached.stage_one(cast, "Maya").resolution
    restrict(cast.child("Maya"), cast.person("Marcus"), "A relative works here.", NOW)
    reached.answered(cast, raised, NOW)
    reached.judged(cast, raised, NOW)
    with time_machine.travel(NOW, tick=False):
        send_due()
        led = set()
        for notice in Notice.objects.select_related("to_person"):
            client.force_login(notice.to_person)
            opens = client.get("/resolutions/R-2026-0001").status_code == 200
            led.add(opens)
            for letter in letterbox.to(notice.to_person.email):
                if "R-2026-0001" not in words(letter):  # that it is closed from now on, which names no record
                    continue
                assert ("/resolutions/R-2026-0001" in words(letter)) is opens, notice.to_person.name
                assert ("The record is not open to you. Grace Ollerton tells you" in words(letter)) is not opens or (
                    "Tell Grace Ollerton when it is done." in words(letter)
                )
                assert opens or "Read" not in words(letter)
    assert led == {True, False}


def test_a_route_that_the_policy_has_shared_with_somebody_says_so_to_them(db: None, letterbox: Letterbox) -> None:
    cast = under_shipped_versions(westmarch())
    raised = reached.stage_one(cast, "Maya").resolution
    send_due()
    letterbox.letters.clear()
    tried = acts.TakeRoute("share-with-head-of-safeguarding", "Health was asked three times.", NOW.date())
    perform(tried, resolution=raised, by=cast.person("Grace"), at=NOW)
    send_due()
    (to_nadia,) = letterbox.to(cast.person("Nadia").email)
    assert str(to_nadia["Subject"]) == "Shared with you, as the policy says: R-2026-0001"
    assert "the policy has it shared with you" in words(to_nadia)
    (copied,) = letterbox.to(cast.person("Judith").email)
    assert str(copied["Subject"]) == "Another route was used: R-2026-0001"


def test_an_immediate_risk_asks_to_act_and_to_ring_first(db: None, letterbox: Letterbox) -> None:
    cast = under_shipped_versions(westmarch())
    act = acts.Raise(
        stage="stage-2",
        children=tuple(reached.children_of(cast, "Kai")),
        concern="There is no safety plan.",
        risk=acts.Risk("Told the duty team at 9am."),
    )
    perform(act, by=cast.person("Grace"), at=NOW, context=context_for([cast.child("Kai")], NOW))
    send_due()
    (letter,) = letterbox.to("denise.harkaway@westmarch.example")
    subject = str(letter["Subject"]).replace("\n", "")
    assert subject == "IMMEDIATE RISK, ring Grace Ollerton now: R-2026-0001 (stage 2)"
    assert words(letter).startswith("Act first.")
