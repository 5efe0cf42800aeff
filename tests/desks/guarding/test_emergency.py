"""Opening a record in an emergency: the second factor again, one answer to hidden and absent, a red frame, a review."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Cast
from tests.desks.page_lint import lint
from tests.resolutions import reached
from tests.resolutions.guarded import REASON, emergency_duty, information_governance
from undrift.access.emergency import Sought, open_found, review
from undrift.access.models import Alert, Look, Opening
from undrift.access.restricting import exclude, restrict
from undrift.desks.frame import factor

pytestmark = pytest.mark.django_db
Be = Callable[[str], Client]
Clock = Any
WAY = "/search/emergency"
SAID = {"purpose": "immediate-risk", "reason": REASON}
BY_NAME = {"by": "name", "first_name": "Maya", "last_name": "Alder", "born_day": "3", "born_month": "9",
           "born_year": "2016", **SAID}  # fmt: skip


def by_number(number: str) -> dict[str, str]:
    return {"by": "number", "number": number, **SAID}


def child(cast: Cast, page: str = "") -> str:
    return f"/children/{cast.child('Maya').public_id}{page}"


def plain(answer: Any) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"|name="sending" value="[^"]*"', "", answer.text)


def test_the_search_leads_there_who_may_open_a_record(west: Cast, be: Be, the_sixth_of_may: Clock) -> None:
    emergency_duty(west)
    offered = {
        who: WAY in lint(be(who).post("/search", {"q": "Maya"}, follow=True)).text
        for who in ("Tomasz", "Marcus", "Judith", "Grace", "Priya", "Nadia", "Jo Talbot")
    }
    assert offered == {who: who in ("Tomasz", "Marcus", "Judith") for who in offered}


def test_whose_post_does_not_have_it_is_told_whom_to_ring(west: Cast, be: Be, the_sixth_of_may: Clock) -> None:
    for who in ("Grace", "Priya", "Siobhan", "Jo Talbot"):
        for answer in (be(who).get(WAY), be(who).post(WAY, BY_NAME)):
            assert answer.status_code == 403
            assert "Only the emergency duty team and Safeguarding and Review open a record" in answer.text
    assert not Opening.objects.exists()


@pytest.mark.parametrize("sent", [BY_NAME, by_number("4101")], ids=["name", "number"])
def test_it_opens_in_a_red_frame_to_read_and_no_more(
    west: Cast, be: Be, the_sixth_of_may: Clock, sent: dict[str, str]
) -> None:
    found = reached.stage_one(west).resolution
    emergency_duty(west)
    client = be("Tomasz")
    assert client.get(child(west)).status_code == 404
    assert lint(client.get(WAY)).status_code == 200
    before = client.session.session_key
    answer = client.post(WAY, sent)
    assert (answer.status_code, answer["Location"]) == (302, child(west))
    assert client.session.session_key != before
    for page in ("", "/resolutions", "/history"):
        text = lint(client.get(child(west, page))).text
        assert "Open to you until 10:30am. Read only. Everyone concerned has been told." in text
        assert "undrift-glass" in text
        assert "Raise a concern" not in text
        assert "/looks" not in text
        assert "/who-may-see" not in text
    way = f"/resolutions/{found.reference}"
    for page in (way, f"/families/{west.family('Alder').reference}"):
        text = lint(client.get(page)).text
        assert "Open to you until 10:30am. Read only. Everyone concerned has been told." in text
        assert "60 minutes left." in text
        assert text.count("undrift-glass__said") == 1
        assert "Close this record now" in text
    for act in ("copy", "note", "urgent", "respond"):
        assert f"{way}/{act}" not in client.get(way).text
    assert "undrift-glass" not in client.get("/").text
    assert client.get(child(west, "/raise")).status_code == 404
    assert client.post(f"/resolutions/{found.reference}/respond").status_code in (403, 404)
    the_sixth_of_may.shift(timedelta(minutes=61))
    assert be("Tomasz").get(child(west)).status_code == 404


def test_a_text_is_not_taken_away_and_nothing_is_written_under_an_opening(
    west: Cast, be: Be, the_sixth_of_may: Clock
) -> None:
    """By whoever else knows the act: it is the emergency opening that carries none."""
    found = reached.stage_one(west, "Maya").resolution
    restrict(west.child("Maya"), west.person("Grace"), "A relative works here.", NOW)
    emergency_duty(west)
    way, copy = f"/resolutions/{found.reference}", f"/copy/{west.child('Maya').public_id}"
    for who in ("Tomasz", "Marcus"):
        client = be(who)
        client.post(WAY, BY_NAME)
        assert "Maya" in client.get(way).text
        for page in (copy, f"{copy}/filed", "/note", "/spoke", "/share", "/route", "/milestone", "/actions/new",
                     "/respond", "/decide", "/withdraw", "/next-stage"):  # fmt: skip
            for answer in (client.get(way + page), client.post(way + page, {"text": "Words", "system": "Mosaic"})):
                assert answer.status_code in (404, 405), (who, page)
                assert "Maya" not in answer.text
    grace = be("Grace")
    assert [grace.get(way + page).status_code for page in (copy, "/note", "/spoke")] == [200, 200, 200]


def test_it_is_closed_before_its_hour_is_over_and_its_review_stays_due(
    west: Cast, be: Be, the_sixth_of_may: Clock
) -> None:
    emergency_duty(west)
    client = be("Tomasz")
    client.post(WAY, BY_NAME)
    the_sixth_of_may.shift(timedelta(minutes=17, seconds=30))
    assert "43 minutes left." in client.get(child(west)).text
    assert be("Marcus").post(f"{WAY}/end").status_code == 302  # who has nothing open closes nothing
    assert be("Grace").post(f"{WAY}/end").status_code == 403
    assert client.get(f"{WAY}/end").status_code == 405
    assert client.get(child(west)).status_code == 200
    closed = lint(client.post(f"{WAY}/end", follow=True)).text
    assert "The record is closed to you again." in closed
    assert client.get(child(west)).status_code == 404
    one = Opening.objects.get()
    assert (one.until - one.opened_at, one.reviewed_at) == (timedelta(minutes=17, seconds=30), None)
    client.post(WAY, BY_NAME)  # another begins with a reason and an alert of its own
    assert Opening.objects.count() == 2
    client.post(f"{WAY}/end")  # in the same moment
    the_sixth_of_may.shift(timedelta(seconds=1))
    assert client.get(child(west)).status_code == 404


def test_a_page_that_shows_nothing_of_the_record_has_no_frame(west: Cast, be: Be, the_sixth_of_may: Clock) -> None:
    found = reached.stage_one(west, "Tyler").resolution
    restrict(west.child("Maya"), west.person("Grace"), "A relative works here.", NOW)
    client = be("Marcus")
    client.post(WAY, BY_NAME)
    assert "undrift-glass" in client.get(child(west)).text
    for page in ("/", "/resolutions", f"/resolutions/{found.reference}", "/guarding/openings"):
        assert "undrift-glass" not in client.get(page).text, page


def test_those_whose_work_it_is_see_no_frame(west: Cast, be: Be, the_sixth_of_may: Clock) -> None:
    emergency_duty(west)
    be("Tomasz").post(WAY, BY_NAME)
    for who in ("Grace", "Judith"):
        assert "undrift-glass" not in be(who).get(child(west)).text


def test_hidden_elsewhere_kept_out_and_absent_are_answered_alike(
    west: Cast, north: Cast, be: Be, the_sixth_of_may: Clock
) -> None:
    """Byte for byte, and with as many queries."""
    exclude(west.child("Maya"), emergency_duty(west), "is a relative of the family", west.person("Marcus"), NOW)
    client = be("Tomasz")
    client.get(WAY)
    answers, queries = set(), set()
    for sent in (BY_NAME, by_number("4101"), by_number("7101"), by_number("0"), BY_NAME | {"first_name": "Nobody"}):
        with CaptureQueriesContext(connection) as asked:
            answers.add(plain(lint(client.post(WAY, sent))))
        queries.add(len(asked))
    assert len(answers) == len(queries) == 1
    assert "Nothing was shown." in answers.pop()
    assert Look.objects.filter(refused=True, page="glass", tried="emergency opening", children=[]).count() == 5


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Select how you know the child"),
        ({}, "Select why you need to see this record now"),
        ({"by": "name"}, "Enter the date of birth"),
        ({"by": "number"}, "Enter the number"),
        (BY_NAME | {"reason": "Too short"}, "Say in 20 characters or more what has happened"),
        (BY_NAME | {"born_month": "13"}, "enter a real date"),
        (BY_NAME | {"purpose": "curious"}, "Select why you need to see this record now"),
    ],
)
def test_what_is_missing_is_said(west: Cast, be: Be, the_sixth_of_may: Clock, sent: dict[str, str], said: str) -> None:
    emergency_duty(west)
    answer = be("Tomasz").post(WAY, sent)
    assert said in answer.text
    assert not Opening.objects.exists()


def test_a_second_record_waits_until_the_first_is_closed(west: Cast, be: Be, the_sixth_of_may: Clock) -> None:
    emergency_duty(west)
    client = be("Tomasz")
    client.post(WAY, BY_NAME)
    assert "Go to the record that is open" in lint(client.get(WAY)).text
    for sent in (by_number("4111"), by_number("0")):
        assert (
            "You have a record open until 10:30. Only one can be open at a time." in lint(client.post(WAY, sent)).text
        )
    assert Opening.objects.count() == 1


@pytest.mark.second_factor
def test_the_second_factor_is_asked_for_again_after_five_minutes(
    west: Cast, be: Be, the_sixth_of_may: Clock, settings: Any
) -> None:
    settings.DEMO = False
    edt = emergency_duty(west)
    client = be("Tomasz")
    session = client.session
    factor.give(session, edt, "test")
    session.save()
    assert client.get(WAY).status_code == 200
    the_sixth_of_may.shift(timedelta(minutes=5, seconds=1))
    for answer in (client.get(WAY), client.post(WAY, BY_NAME)):
        assert (answer.status_code, answer["Location"]) == (302, "/account/prove?next=%2Fsearch%2Femergency")
    assert not Opening.objects.exists()
    session = client.session
    factor.give(session, edt, "test")
    session.save()
    assert client.post(WAY, BY_NAME)["Location"] == child(west)


# Reviewing ------------------------------------------------------------------------------------------------------------


def opened(cast: Cast) -> Opening:
    found = open_found(Sought(number="4101"), emergency_duty(cast), "immediate-risk", REASON, NOW)
    assert found is not None
    return found


def test_it_waits_on_home_for_those_who_review_it(west: Cast, be: Be, the_sixth_of_may: Clock) -> None:
    information_governance(west)
    one = opened(west)
    for who in ("Marcus", "Judith", "Nadia", "Bethan"):
        home = lint(be(who).get("/")).text
        assert "Emergency openings to review" in home, who
        assert f'href="/guarding/openings/{one.pk}"' in home
        assert "Due in 2 working days" in home
    for who in ("Grace", "Priya", "Tomasz", "Jo Talbot"):
        assert "Emergency openings to review" not in be(who).get("/").text
    the_sixth_of_may.shift(timedelta(days=7))
    home = be("Bethan").get("/").text
    assert "Nobody has reviewed it in 5 working days" in home
    assert "3 working days late" in home


def test_the_list_says_how_each_stands_and_a_chair_sees_those_of_their_own_children(
    west: Cast, be: Be, the_sixth_of_may: Clock
) -> None:
    one = opened(west)
    for who in ("Marcus", "Grace"):
        text = lint(be(who).get("/guarding/openings")).text
        assert "Tomasz Wrenfield" in text
        assert "Due in 2 working days" in text
        assert "Maya" not in text
    assert "No record has been opened in an emergency." in lint(be("Imran").get("/guarding/openings")).text
    assert be("Imran").get(f"/guarding/openings/{one.pk}").status_code == 404
    assert be("Priya").get("/guarding/openings").status_code == 403


def test_a_review_is_kept_and_done_once(west: Cast, be: Be, the_sixth_of_may: Clock) -> None:
    one = opened(west)
    marcus, way = be("Marcus"), f"/guarding/openings/{one.pk}"
    text = lint(marcus.get(way)).text
    assert REASON in text
    assert f'href="{child(west, "/looks")}"' in text
    assert "Select what your review came to" in lint(marcus.post(way, {})).text
    assert "Say what was not right" in lint(marcus.post(way, {"finding": "not-justified"})).text
    kept = lint(marcus.post(way, {"finding": "justified", "remark": ""}, follow=True)).text
    assert "Your review is on record." in kept
    assert "Justified, Marcus Penhale" in kept
    again = lint(be("Judith").post(way, {"finding": "not-justified", "remark": "No."})).text
    assert "Marcus Penhale has reviewed this already." in again
    assert Opening.objects.get().finding == "justified"
    assert "Emergency openings to review" not in marcus.get("/").text


def test_whoever_may_not_review_it_reads_why(west: Cast, be: Be, the_sixth_of_may: Clock) -> None:
    one = open_found(Sought(number="4101"), west.person("Marcus"), "incident", REASON, NOW)
    assert one is not None
    way = f"/guarding/openings/{one.pk}"
    assert "You opened this record, so somebody else reviews it." in lint(be("Marcus").get(way)).text
    refused = lint(be("Marcus").post(way, {"finding": "justified"})).text
    assert "You opened this record, so somebody else reviews it." in refused
    assert "Ask one of them." in lint(be("Grace").get(way)).text
    assert Opening.objects.get().reviewed_at is None


def test_the_figures_of_each_month_stand_above_the_list_for_those_who_guard_the_council(
    west: Cast, be: Be, the_sixth_of_may: Clock
) -> None:
    edt, marcus = emergency_duty(west), west.person("Marcus")
    days = {"4101": (-40, -38, "justified"), "4102": (-38, -20, "not-justified"), "4111": (-2, None, "")}
    for number, (began, reviewed, finding) in days.items():
        one = open_found(Sought(number=number), edt, "immediate-risk", REASON, NOW + timedelta(days=began))
        assert one is not None
        if reviewed is not None:
            review(one, marcus, finding, "Read.", NOW + timedelta(days=reviewed))
    page = lint(be("Marcus").get("/guarding/openings")).text
    rows = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in re.findall(r"<tr.*?</tr>", page, re.S)]
    assert ["May 2026", "1", "0", "0", "1", "0"] in rows
    assert ["March 2026", "2", "1", "1", "0", "1"] in rows
    assert "By month" not in be("Grace").get("/guarding/openings").text


def test_a_restricted_child_is_a_number_to_whoever_reviews(west: Cast, be: Be, the_sixth_of_may: Clock) -> None:
    restrict(west.child("Maya"), west.person("Grace"), "A relative works here.", NOW)
    one = opened(west)
    text = lint(be("Marcus").get(f"/guarding/openings/{one.pk}")).text
    assert "Child 4101" in text
    assert "Maya" not in text
    assert "/looks" not in text


def test_no_alert_names_a_child(west: Cast, the_sixth_of_may: Clock) -> None:
    opened(west)
    everything = " ".join(str(value) for row in Alert.objects.values() for value in row.values())
    assert not {word for word in ("Maya", "Alder", "4101", REASON, west.child("Maya").public_id) if word in everything}
