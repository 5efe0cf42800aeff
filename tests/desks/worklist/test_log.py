"""The log of a stage: what came to it, what was answered and done, where it went; on the page and as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from tests.cast import NOW, Cast
from tests.desks.home import scene
from tests.desks.page_lint import lint
from tests.resolutions import reached
from undrift.access.emergency import PURPOSES, open_glass
from undrift.access.models import Look
from undrift.access.restricting import exclude, restrict
from undrift.engine.ladder import acts
from undrift.record.history import history_of
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

pytestmark = pytest.mark.django_db

LOG, DAY = "/resolutions/logs/starred", timedelta(days=1)
NAME = "Starred Recommendation Log"


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def be(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.person(name))
    return client


def read(cast: Cast, name: str, path: str = LOG) -> str:
    return " ".join(str(lint(be(cast, name).get(path)).text).split())


def answered(cast: Cast, r: Resolution) -> None:
    plan = acts.ActionAsked("Offer the first appointment", "Somebody at Health", date(2026, 5, 12))
    perform(acts.Respond("agree", "She is next.", (plan,)), resolution=r, by=cast.person("Elias"), at=NOW - 3 * DAY)


def test_until_there_is_one_it_says_so(north: Cast) -> None:
    assert "No starred recommendation that you may read has been made yet." in read(north, "Rosalind")


def test_what_was_recommended_answered_and_decided_stands_in_one_row(north: Cast) -> None:
    r = scene.starred(north)
    first = read(north, "Rosalind")
    assert "1 starred recommendation" in first
    assert f'href="/resolutions/{r.reference}"' in first
    assert "CAMHS to offer a first appointment. Offer the first appointment." in first
    assert "Sent 30 April 2026. To be completed by 29 May 2026." in first
    assert "No response yet" in first
    answered(north, r)
    second = read(north, "Rosalind")
    assert "3 May 2026, Elias Thornby: She is next." in second
    assert "Offer the first appointment (Somebody at Health, by 12 May 2026)." in second
    perform(
        acts.Judge({str(north.child("Aisha").pk): False}, "It is too late."),
        resolution=r, by=north.person("Rosalind"), at=NOW - 2 * DAY,
    )  # fmt: skip
    onward = acts.MoveOn("formal-escalation", "not accepted", different="Too late.", ask="Sooner.")
    perform(onward, resolution=r, by=north.person("Rosalind"), at=NOW - DAY)
    third = read(north, "Rosalind")
    assert "Not accepted, 4 May 2026: It is too late." in third
    assert "Formal escalation (stage 5), 5 May 2026." in third


def test_it_is_narrowed_and_taken_away_as_a_file_which_leaves_a_trace_of_each_child(north: Cast) -> None:
    r = scene.starred(north)
    answered(north, r)
    assert "Nothing fits these filters" in read(north, "Rosalind", f"{LOG}?status=ended")
    health = north.agency("Moorland Health Trust").pk
    assert r.reference in read(north, "Rosalind", f"{LOG}?status=open&agency={health}")
    file = be(north, "Rosalind").get(f"{LOG}?as=csv")
    heads, line = csv.reader(file.content.decode("utf-8-sig").splitlines())
    row = dict(zip(heads, line, strict=True))
    assert row["Reference"] == r.reference
    assert row["Agency"] == "Moorland Health Trust"
    assert row["To be completed by"] == "29 May 2026"
    assert row["Response"].startswith("3 May 2026, Elias Thornby: She is next.")
    look = Look.objects.latest("pk")
    assert (look.page, look.children, look.name) == ("stage-log", [north.child("Aisha").pk], "Rosalind Amery")


def test_it_says_whose_it_was_at_the_stage_and_which_answer_was_made_in_error(north: Cast) -> None:
    r = scene.starred(north)
    answered(north, r)
    seq = history_of(r)[-1].seq
    perform(acts.Correct(seq, "It was meant for another."), resolution=r, by=north.person("Elias"), at=NOW - 2 * DAY)
    assert "This was marked as made in error." in read(north, "Rosalind")
    perform(
        acts.Judge({str(north.child("Aisha").pk): False}, "It is too late."),
        resolution=r, by=north.person("Rosalind"), at=NOW - 2 * DAY,
    )  # fmt: skip
    school = next(one for one in north.built.agencies.values() if one.name != "Moorland Health Trust")
    onward = acts.MoveOn(
        "formal-escalation", "not accepted", different="It is theirs.", ask="Sooner.", agency=str(school.pk)
    )
    perform(onward, resolution=r, by=north.person("Rosalind"), at=NOW - DAY)
    page = read(north, "Rosalind")
    assert "Aisha Plover. Moorland Health Trust" in page
    assert f">{escape(school.name)}</option>" in page, "the filter offers whoever has it now"


def test_an_agency_whose_recommendations_are_over_can_be_asked_for(north: Cast) -> None:
    r = scene.starred(north)
    perform(acts.Withdraw("It was done."), resolution=r, by=north.person("Rosalind"), at=NOW)
    health = north.agency("Moorland Health Trust").pk
    page = read(north, "Rosalind", f"{LOG}?status=ended&agency={health}")
    assert "Withdrawn, 6 May 2026" in page
    assert "Agency now: Moorland Health Trust" in page


def test_what_is_open_to_be_read_for_an_hour_is_in_no_file(north: Cast) -> None:
    r, desmond = scene.starred(north), north.person("Desmond")
    restrict(north.child("Aisha"), north.person("Rosalind"), "A worker knows the family.", NOW)
    assert r.reference not in read(north, "Desmond")
    open_glass(north.child("Aisha"), desmond, next(iter(PURPOSES)), "A call at night: she is with a stranger.", NOW)
    assert r.reference in read(north, "Desmond")
    assert r.reference not in be(north, "Desmond").get(f"{LOG}?as=csv").content.decode()


def test_whoever_may_not_read_the_record_finds_nothing_of_it(north: Cast) -> None:
    r = scene.starred(north)
    answered(north, r)
    exclude(north.child("Aisha"), north.person("Rosalind"), "Knows the family.", north.person("Desmond"), NOW)
    for name in ("Rosalind", "Arjun"):
        page = read(north, name)
        assert r.reference not in page, name
        assert "CAMHS" not in page


def test_a_policy_without_a_log_and_an_agency_have_no_such_page(north: Cast, west: Cast) -> None:
    assert be(west, "Grace").get(LOG).status_code == 404
    assert be(north, "Rosalind").get("/resolutions/logs/informal").status_code == 404
    assert be(north, "Elias").get(LOG).status_code == 404
    assert NAME in str(be(north, "Rosalind").get("/resolutions").text)
    assert NAME not in str(be(north, "Elias").get("/resolutions").text)
    assert "Log" not in str(be(west, "Grace").get("/resolutions").text)


def test_it_takes_as_many_queries_with_one_as_with_three(north: Cast) -> None:
    counted, client = [], be(north, "Rosalind")
    for number in range(2):
        for day in range(1 + number):
            answered(north, scene.starred(north, NOW - (20 + 10 * number + day) * DAY))
        client.get(LOG)
        with CaptureQueriesContext(connection) as queries:
            client.get(LOG)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[0] <= 14


# The schedule of one concern --------------------------------------------------------------------------------------


def test_the_schedule_of_a_concern_has_each_stage_with_its_time_its_dates_and_how_it_went(north: Cast) -> None:
    r = scene.starred(north, NOW - 30 * DAY)
    perform(
        acts.MoveOn("formal-escalation", "not answered", different="No answer came.", ask="Answer now."),
        resolution=r, by=north.person("Rosalind"), at=NOW - 16 * DAY,
    )  # fmt: skip
    record = str(be(north, "Rosalind").get(f"/resolutions/{r.reference}").text)
    assert f'href="/resolutions/{r.reference}/schedule">Problem Resolution Schedule</a>' in record
    page = read(north, "Rosalind", f"/resolutions/{r.reference}/schedule")
    assert f"Problem Resolution Schedule, {r.reference}" in page
    assert "Starred recommendation (stage 4)" in page
    assert "5 working days" in page
    assert "13 April 2026" in page
    assert "No response. It was not answered in time" in page
    assert "Still ahead" in page


def test_a_policy_that_has_no_name_for_it_has_a_schedule_all_the_same(west: Cast) -> None:
    r = reached.stage_one(west, at=NOW - DAY).resolution
    page = read(west, "Grace", f"/resolutions/{r.reference}/schedule")
    assert f"Schedule of stages, {r.reference}" in page
    assert "Team Manager" in page
    assert "7 days" in page
