"""Leaving by the pages: on what days, who may say so, and what is so once it is taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pytest
import time_machine

from tests.cast import NOW, TODAY, Cast
from tests.desks.page_lint import lint
from tests.desks.people.test_people_pages import at, be, confirmed, leaving, on
from tests.resolutions import reached
from undrift.engine.dates.moments import noon
from undrift.people.finders import find
from undrift.people.leaving import A_DAY
from undrift.people.models import AccountAct, Grant, Holding, Person
from undrift.record.handing_on import new_day

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def followed_now(cast: Cast) -> Mapping[str, str]:
    """Priya leaves at once, and Dev follows."""
    post, dev = cast.post("team-manager", "North"), str(cast.person("Dev").pk)
    return leaving(cast, **on("on", TODAY), closes="now", why="Dev knows the team", **{f"post-{post.pk}": dev})


@pytest.mark.parametrize("day", [date(1926, 5, 6), date(2016, 5, 6), date(2062, 5, 6), date(9999, 12, 31)])
def test_a_last_day_of_a_mistyped_year_is_refused_and_nothing_ends(west: Cast, day: date) -> None:
    said = be(west, "Jo Talbot").post(at(west, "Priya", "/leaves"), leaving(west, **on("on", day)))
    assert "The date must be" in lint(said).text
    priya = Person.objects.get(name="Priya Nairn")
    assert (priya.is_active, priya.leaves_on) == (True, None)
    assert not Holding.objects.filter(person=priya).exclude(ends=None).exists()


@pytest.mark.parametrize("closes", ["now", "after"])
def test_nobody_closes_their_own_account(west: Cast, closes: str) -> None:
    jo, client = west.person("Jo Talbot"), be(west, "Jo Talbot")
    posts = {f"post-{h.post_id}": "nobody" for h in Holding.objects.filter(person=jo)}
    said = client.post(at(west, "Jo Talbot", "/leaves"), {**on("on", TODAY), "closes": closes, **posts})
    assert "Nobody closes their own account. Ask another keeper of the organisation" in lint(said).text
    assert "They are leaving" not in lint(client.get(at(west, "Jo Talbot"))).text
    jo.refresh_from_db()
    assert (jo.is_active, jo.leaves_on) == (True, None)


def test_what_a_leaver_owes_goes_to_others_at_once_though_a_second_person_is_waited_for(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    be(west, "Jo Talbot").post(at(west, "Priya", "/leaves"), followed_now(west))
    assert not Person.objects.get(name="Priya Nairn").is_active
    resolution.refresh_from_db()
    assert resolution.next_person == west.person("Denise")


def test_a_leaving_taken_back_says_that_the_account_is_closed_and_it_can_be_opened(west: Cast) -> None:
    resolution = reached.stage_one(west).resolution
    client, priya = be(west, "Jo Talbot"), west.person("Priya")
    client.post(at(west, "Priya", "/leaves"), followed_now(west))
    open_it = "Open the account again"
    assert open_it not in lint(client.get(at(west, "Priya"))).text
    waits = client.post(at(west, "Priya", "/open"), follow=True)
    assert "That Priya Nairn leaves waits for a second person. Take it back first" in lint(waits).text
    said = client.post(f"/people/waiting/{Grant.objects.get().pk}", {"do": "take-back"}, follow=True)
    page = lint(said).text
    assert "Nothing has changed" not in page
    assert "The account of Priya Nairn stays closed until somebody opens it again, on this page." in page
    assert open_it in page
    assert "Priya Nairn can sign in again." in lint(client.post(at(west, "Priya", "/open"), follow=True)).text
    priya.refresh_from_db()
    assert (priya.is_active, priya.closed_at) == (True, None)
    assert AccountAct.objects.get(person=priya).what == "opened"
    resolution.refresh_from_db()
    assert resolution.next_person == priya


def test_the_account_of_somebody_who_has_left_is_not_opened(west: Cast) -> None:
    client = be(west, "Jo Talbot")
    client.post(at(west, "Priya", "/leaves"), leaving(west))
    assert "Priya Nairn has left" in lint(client.post(at(west, "Priya", "/open"), follow=True)).text
    assert not Person.objects.get(name="Priya Nairn").is_active


# Before it has come ---------------------------------------------------------------------------------------------------

NEXT_WEEK = TODAY + timedelta(days=7)


def manager(cast: Cast, day: date) -> str:
    found = find("manager of the child's team", cast.case("Maya"), noon(day)).person
    assert found is not None
    return found.name


@pytest.fixture
def notice_given(west: Cast) -> Cast:
    """Priya's last day is next week, and Dev follows: two keepers have agreed."""
    post, dev = west.post("team-manager", "North"), str(west.person("Dev").pk)
    said = leaving(west, **on("on", NEXT_WEEK), why="Dev knows the team", **{f"post-{post.pk}": dev})
    be(west, "Jo Talbot").post(at(west, "Priya", "/leaves"), said)
    confirmed(west, "Judith")
    assert manager(west, NEXT_WEEK + A_DAY) == "Dev Marchetti"
    return west


def test_a_leaving_that_has_not_come_is_taken_back_by_two(notice_given: Cast) -> None:
    west, client = notice_given, be(notice_given, "Jo Talbot")
    assert "They are staying after all" in lint(client.get(at(west, "Priya"))).text
    page = lint(client.get(at(west, "Priya", "/stays"))).text
    assert "Their last day is Wednesday 13 May 2026. They keep what they hold until then: Team Manager, North." in page
    said = client.post(at(west, "Priya", "/stays"), {"why": "The notice is withdrawn"}, follow=True)
    assert "It waits for a second person" in lint(said).text
    assert "They are staying after all" not in said.text
    assert manager(west, NEXT_WEEK + A_DAY) == "Dev Marchetti"
    assert "Priya Nairn stays, as Team Manager, North." in confirmed(west, "Judith")
    assert Person.objects.get(name="Priya Nairn").leaves_on is None
    assert {manager(west, NEXT_WEEK + timedelta(days=days)) for days in (0, 1, 90)} == {"Priya Nairn"}
    assert client.get(at(west, "Priya", "/stays")).status_code == 404
    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        new_day(NOW + timedelta(days=30))
        assert Person.objects.get(name="Priya Nairn").is_active


def test_nobody_asks_for_themselves_to_stay_nor_confirms_it(west: Cast) -> None:
    judith = west.person("Judith")
    posts = {f"post-{h.post_id}": "nobody" for h in Holding.objects.filter(person=judith)}
    said = {**on("on", NEXT_WEEK), "closes": "after", **posts}
    be(west, "Jo Talbot").post(at(west, "Judith", "/leaves"), said)
    assert Person.objects.get(pk=judith.pk).leaves_on == NEXT_WEEK
    answer = be(west, "Judith").post(at(west, "Judith", "/stays"), {"why": "I like it here"})
    assert "You cannot give this to yourself" in lint(answer).text
    be(west, "Jo Talbot").post(at(west, "Judith", "/stays"), {"why": "She likes it here"})
    assert "It gives you something, so somebody else confirms it" in confirmed(west, "Judith")
    assert "Judith Calloway stays" in confirmed(west, "Marcus")


def test_heirs_of_a_leaving_that_was_taken_back_get_no_child_by_it(west: Cast) -> None:
    post = west.post("cp-coordinator", "Safeguarding and Review")
    said = {**on("on", NEXT_WEEK), "closes": "after", f"post-{post.pk}": "nobody", "why": "She retires"}
    be(west, "Judith").post(at(west, "Grace", "/leaves"), {**said, "children": str(west.person("Imran").pk)})
    confirmed(west, "Marcus")
    be(west, "Judith").post(at(west, "Grace", "/stays"), {"why": "She does not"})
    confirmed(west, "Marcus")
    be(west, "Judith").post(at(west, "Grace", "/leaves"), {**said, "children": "nobody"})
    later = NOW + timedelta(days=30)
    with time_machine.travel(later, tick=False):
        new_day(later)
    assert not west.child("Maya").plans.filter(chair=west.person("Imran")).exists()
