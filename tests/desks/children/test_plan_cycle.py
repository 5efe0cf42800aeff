"""What the policy dates from a conference, on the family's page and beside the stages of a record."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from tests.cast import Cast
from tests.desks.page_lint import lint, read
from undrift.children.models import Conference
from undrift.engine.ladder import acts
from undrift.record.who_plays import context_for
from undrift.resolutions.actions import perform

LONDON = ZoneInfo("Europe/London")
HELD = datetime(2026, 5, 8, 14, tzinfo=LONDON)
MONDAY = datetime(2026, 5, 11, 9, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def conference(north: Cast) -> Conference:
    """Held on Friday, typed on Monday."""
    family = north.child("Aisha").family
    Conference.objects.filter(family=family).delete()
    return Conference.objects.create(
        authority=family.authority, family=family, reference="C-2026-0801", kind="initial", held_on=HELD,
        chair=north.person("Rosalind Amery"),
    )  # fmt: skip


def test_the_dates_count_from_the_conference_and_not_from_the_typing(
    north: Cast, conference: Conference, client: Client
) -> None:
    client.force_login(north.person("Rosalind Amery"))
    page = lint(client.get(f"/families/{conference.family.reference}")).text
    assert "After the conference of 8 May 2026" in page
    for said in ("11 May 2026", "22 May 2026", "29 May 2026"):  # the sheet, the core group, the last day of an appeal
        assert said in page
    why = page.partition("Why 22 May 2026 for First core group meeting?")[2].partition("</details>")[0]
    for day in ("0 Friday 8 May 2026", "1 Monday 11 May 2026", "- Saturday 16 May 2026", "10 Friday 22 May 2026"):
        assert day in why, day
    appeal = page.partition("Why 29 May 2026 for Appeal against a conference decision?")[2].partition("</details>")[0]
    assert (
        "The policy says &quot;21 days&quot; here and &quot;working days&quot; elsewhere: every day is counted."
        in appeal
    )
    for day in ("1 Saturday 9 May 2026", "17 Monday 25 May 2026", "21 Friday 29 May 2026"):  # the bank holiday too
        assert day in appeal, day
    assert page.count("<li>0 Friday 8 May 2026") == 3  # each of the three dates day by day
    assert "Appeal against a conference decision" in page


def test_a_record_shows_the_six_stages_and_of_the_first_two_what_was_held(
    north: Cast, conference: Conference, client: Client
) -> None:
    rosalind, aisha = north.person("Rosalind Amery"), north.child("Aisha")
    talk = acts.Conversation("phone", HELD.date() + timedelta(days=1), "front-line-manager")
    act = acts.Raise(
        "informal", (acts.ChildConcern(str(aisha.pk), "She waits.", "Aisha"),), ("NOT-ACCEPTED",), "Not accepted.",
        occasion="core-group", spoke=talk, date=date(2026, 5, 20),
    )  # fmt: skip
    done = perform(act, by=rosalind, at=MONDAY, context=context_for([aisha], MONDAY))
    client.force_login(rosalind)
    answer = lint(client.get(f"/resolutions/{done.resolution.reference}"))
    page = answer.text
    assert f'<h1 class="govuk-heading-l">Resolution {done.resolution.reference}</h1>' in page
    assert f"Starred recommendation {done.resolution.reference}" not in page
    assert "Conference 8 May 2026, due 11 May 2026. Not recorded here: the plan cycle is where it is recorded" in page
    assert "Conference 8 May 2026, due 22 May 2026" in page
    (stages,) = (each for each in read(answer.text).all("ol") if "undrift-ladder" in each.attrs.get("class", ""))
    numbers = [re.findall(r"\(stage (\d)\)", step.text) for step in stages.all("li")]
    assert numbers == [["1"], ["2"], ["3"], ["4"], ["5"], ["6"]]
