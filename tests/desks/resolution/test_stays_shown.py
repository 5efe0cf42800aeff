"""What has been asked or is owed stays on the record as it goes on, and each child's part is told from the others'."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, Cast
from tests.desks.home import scene
from tests.desks.page_lint import lint
from tests.desks.resolution.test_ways_on import at, on, text
from tests.desks.resolution.test_ways_on import text as whole
from tests.resolutions.reached import answered, stage_one
from undrift.engine.ladder import acts
from undrift.people.models import Person
from undrift.record.models import Duty
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

DAY = timedelta(days=1)
TALK = "The Conference Chairperson still has to talk with the CSC Senior Manager"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def starred(north: Cast) -> Resolution:
    """About Aisha, since 6 April; to be completed by 29 May."""
    return scene.starred(north, at=NOW - 30 * DAY)


def moved_on(cast: Cast, r: Resolution, stage: str, days: int) -> None:
    act = acts.MoveOn(stage, "not answered", different="No answer came.", ask=f"Answer at {stage}.")
    perform(act, resolution=r, by=cast.person("Rosalind"), at=NOW - days * DAY)


def signed_in(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


# When it is to be completed -------------------------------------------------------------------------------------------


def test_when_a_starred_recommendation_is_to_be_completed_stays_in_its_heading(
    north: Cast, client: Client, starred: Resolution
) -> None:
    rosalind = signed_in(client, north.person("Rosalind"))
    said = "<dt>To be completed</dt><dd>by Friday 29 May 2026 (due in 16 working days)</dd>"

    def text(client: Client, address: str) -> str:
        return whole(client, address).replace("</dt> <dd>", "</dt><dd>")

    assert said in text(rosalind, at(starred))
    moved_on(north, starred, "formal-escalation", 16)
    assert said in text(rosalind, at(starred))
    moved_on(north, starred, "chief-officer", 2)
    page = text(rosalind, at(starred))
    assert said in page
    assert "To be completed by</h3>" in page
    assert said in text(rosalind, at(starred, "note")), "on the pages beside it as well"
    with time_machine.travel(NOW + 28 * DAY, tick=False):  # Wednesday 3 June
        rosalind = signed_in(client, north.person("Rosalind"))
        assert "by Friday 29 May 2026 (3 working days late)" in text(rosalind, at(starred))
        withdraw = acts.Withdraw("Health has done it.")
        perform(withdraw, resolution=starred, by=north.person("Rosalind"), at=NOW + 28 * DAY)
        assert "<dt>To be completed</dt>" not in text(rosalind, at(starred))


def test_an_answer_beyond_it_is_pointed_out_at_the_stages_above_too(
    north: Cast, client: Client, starred: Resolution
) -> None:
    for stage, days in (("formal-escalation", 16), ("chief-officer", 2)):
        moved_on(north, starred, stage, days)
    plan = acts.ActionAsked("Offer the first appointment", "Somebody at Health", date(2026, 6, 20))
    assert "Your answer directs." in text(signed_in(client, north.person("Paul")), at(starred, "respond"))
    perform(acts.Respond("agree", "In June.", (plan,)), resolution=starred, by=north.person("Paul"), at=NOW)
    page = text(signed_in(client, north.person("Rosalind")), at(starred, "decide"))
    assert "is promised for Saturday 20 June 2026. It was to be completed by Friday 29 May 2026." in page


# A talk that the policy asks for --------------------------------------------------------------------------------------


def test_a_talk_owed_at_one_stage_is_owed_and_shown_at_the_next(
    north: Cast, client: Client, starred: Resolution
) -> None:
    """Pan-Lancashire, stage 5: the chair will also discuss it with the CSC Senior Manager."""
    rosalind = signed_in(client, north.person("Rosalind"))
    moved_on(north, starred, "formal-escalation", 16)
    assert f"{TALK}, by Monday 27 April 2026 (6 working days late)." in text(rosalind, at(starred))
    moved_on(north, starred, "chief-officer", 2)
    assert f"{TALK}, as asked at Formal escalation (stage 5), by Monday 27 April 2026 (6 working days late)." in text(
        rosalind, at(starred)
    )
    assert "Why 27 April 2026 for the talk?" in text(rosalind, at(starred))
    assert "Speak with the CSC Senior Manager" in text(rosalind, "/")
    asked = text(rosalind, at(starred, "spoke"))
    assert f'href="{at(starred, "spoke")}" role="button"' in rosalind.get(at(starred)).text
    assert TALK in text(rosalind, at(starred, "sent"))
    assert 'value="csc-senior-manager" checked' in asked.replace("\n", " ")
    talk = {"role": "csc-senior-manager", "how": "phone", "note": "He knows of it.", **on("on", NOW.date())}
    assert rosalind.post(at(starred, "spoke"), talk).status_code == 302
    assert TALK not in text(rosalind, at(starred))
    assert "Speak with the CSC Senior Manager" not in text(rosalind, "/")
    (owed,) = Duty.objects.filter(case=starred.pk, must="speak")
    assert owed.met_at is not None


def test_a_talk_is_no_longer_owed_once_all_of_it_has_ended(north: Cast, client: Client, starred: Resolution) -> None:
    for stage, days in (("formal-escalation", 16), ("chief-officer", 2)):
        moved_on(north, starred, stage, days)
    perform(acts.Withdraw("Health has done it."), resolution=starred, by=north.person("Rosalind"), at=NOW)
    rosalind = signed_in(client, north.person("Rosalind"))
    assert TALK not in text(rosalind, at(starred))
    assert "Speak with the CSC Senior Manager" not in text(rosalind, "/")


# Each child's part ----------------------------------------------------------------------------------------------------


@pytest.fixture
def grace(west: Cast, client: Client) -> Client:
    return signed_in(client, west.person("Grace"))


def everywhere(grace: Client, r: Resolution) -> dict[str, str]:
    """The record's heading, and the lists on which the record stands."""
    assert r.family is not None
    pages = {
        "home": "/",
        "worklist": "/resolutions",
        "family": f"/families/{r.family.reference}",
    }
    found = {"by name": searched(grace, "Jude"), "by reference": searched(grace, r.reference)}
    return {name: text(grace, address) for name, address in pages.items()} | found


def searched(grace: Client, words: str) -> str:
    return str(lint(grace.post("/search", {"q": words}, follow=True)).text)


def test_a_child_for_whom_it_has_ended_is_marked_wherever_the_record_names_it(west: Cast, grace: Client) -> None:
    r = stage_one(west, "Maya", "Jude").resolution
    end = acts.EndForChild(str(west.child("Jude").pk), "moved", "His new council has the file.")
    perform(end, resolution=r, by=west.person("Grace"), at=NOW)
    page = text(grace, at(r))
    assert "Maya, 9 · Jude, 6 (ended)" in page
    assert "Maya, 9 · Jude, 6 (ended)" in text(grace, at(r, "note"))
    for name, listed in everywhere(grace, r).items():
        assert ("Maya and Jude (ended) Alder" in listed) is (name != "home"), name
    assert "1 ended for Jude" in searched(grace, "Jude")


def test_a_child_for_whom_it_is_settled_is_told_from_those_of_whom_it_is_asked(west: Cast, grace: Client) -> None:
    r = stage_one(west, "Maya", "Jude").resolution
    answered(west, r, NOW)
    verdict = {str(west.child("Maya").pk): True, str(west.child("Jude").pk): False}
    perform(acts.Judge(verdict, "He is not seen."), resolution=r, by=west.person("Grace"), at=NOW)
    assert "Maya, 9 (settled) · Jude, 6" in text(grace, at(r))
    for name, listed in everywhere(grace, r).items():
        assert "Maya (settled) and Jude Alder" in listed, name
    perform(acts.Judge({str(west.child("Jude").pk): True}), resolution=r, by=west.person("Grace"), at=NOW)
    assert "settled)" not in text(grace, at(r)), "settled for all: the record itself says so"


def test_a_child_whose_plan_has_ended_is_marked_until_the_chair_decides(west: Cast, grace: Client) -> None:
    r = stage_one(west, "Maya", "Jude").resolution
    west.child("Jude").plans.update(ends=date(2026, 5, 5))
    over = acts.RecordPlanEnd(str(west.child("Jude").pk), date(2026, 5, 5))
    perform(over, resolution=r, by=None, at=NOW)
    assert "Maya, 9 · Jude, 6 (plan ended)" in text(grace, at(r))


# The text for the case system -----------------------------------------------------------------------------------------


def copied(client: Client, r: Resolution, child: str) -> str:
    page = text(client, at(r, f"copy/{child}"))
    return page.partition("<pre")[2].partition("</pre>")[0].partition(">")[2]


def test_the_copied_text_says_what_was_asked_of_whom_by_when_and_what_came_of_it(
    north: Cast, client: Client, starred: Resolution
) -> None:
    rosalind, aisha = signed_in(client, north.person("Rosalind")), north.child("Aisha").public_id
    moved_on(north, starred, "formal-escalation", 16)
    lines = copied(rosalind, starred, aisha).splitlines()
    four, five = "Starred recommendation (stage 4)", "Formal escalation (stage 5)"
    assert "The recommendation, as worded at the conference: CAMHS to offer a first appointment." in lines
    assert f"{four}: asked of the Front-line Manager by Monday 13 April 2026: Offer the first appointment." in lines
    assert f"{four}: to be completed by Friday 29 May 2026" in lines
    assert f"{four}: no answer" in lines
    (asked,) = (line for line in lines if line.startswith(f"{five}: asked of the Safeguarding Lead ("))
    assert asked.endswith(" by Monday 27 April 2026: Answer at formal-escalation.")
    assert f"{five}: what was different: No answer came." in lines


def test_the_copied_text_of_one_child_has_nothing_that_was_asked_for_another(west: Cast, grace: Client) -> None:
    r = stage_one(west, "Maya", "Jude").resolution
    answered(west, r, NOW)
    verdict = {str(west.child("Maya").pk): True, str(west.child("Jude").pk): False}
    perform(acts.Judge(verdict, "He is not seen."), resolution=r, by=west.person("Grace"), at=NOW)
    only = {str(west.child("Jude").pk): "He is not seen."}
    onward = acts.MoveOn("stage-2", "not accepted", only, ask="Find a group for him.", why_this_stage="Still nothing.")
    perform(onward, resolution=r, by=west.person("Grace"), at=NOW)
    maya, jude = (copied(grace, r, west.child(name).public_id) for name in ("Maya", "Jude"))
    first = "asked of the Team Manager (Priya Nairn) by Friday 15 May 2026: Say what will change, and by when."
    assert first in maya
    assert first in jude
    assert "Find a group for him." in jude
    assert "Find a group for him." not in maya
