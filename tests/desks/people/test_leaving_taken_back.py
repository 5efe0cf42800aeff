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
from undrift.access.granting import NotGiven, ask_cover, ask_leaving, ask_post, confirm
from undrift.engine.dates.moments import noon
from undrift.people.finders import find
from undrift.people.leaving import A_DAY
from undrift.people.models import AccountAct, Grant, Holding, Person
from undrift.people.models.tenure import HoldingKind
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


# One at a time --------------------------------------------------------------------------------------------------------


def asked(cast: Cast, day: date, follows: str | None, *, at_once: bool = False) -> object:
    posts = {cast.post("team-manager", "North"): cast.person(follows) if follows else None}
    return ask_leaving(
        cast.authority,
        cast.person("Jo Talbot"),
        Person.objects.get(name="Priya Nairn"),
        day,
        posts,
        {},
        at_once,
        "She moves",
    )


@pytest.mark.parametrize("follows", ["Dev", None])
def test_while_one_last_day_waits_another_is_refused_and_names_the_first(west: Cast, follows: str | None) -> None:
    asked(west, NEXT_WEEK, "Callum")
    with pytest.raises(NotGiven) as refused:
        asked(west, NEXT_WEEK + timedelta(days=15), follows)
    assert refused.value.sentence == (
        "Another waits for a second person: Priya Nairn leaves on Wednesday 13 May 2026. Callum Stroud follows as Team "
        "Manager, North. Take it back first, or have it confirmed"
    )
    confirm(Grant.objects.get(), west.person("Judith"))
    assert (Person.objects.get(name="Priya Nairn").leaves_on, manager(west, NEXT_WEEK + A_DAY)) == (
        NEXT_WEEK, "Callum Stroud",
    )  # fmt: skip


@pytest.mark.parametrize("follows", ["Callum", None])
def test_a_last_day_that_was_agreed_is_another_only_once_it_is_taken_back(
    notice_given: Cast, follows: str | None
) -> None:
    west, later = notice_given, NEXT_WEEK + timedelta(days=15)
    with pytest.raises(NotGiven, match=r"leaves on Wednesday 13 May 2026 already\. Say first that they are staying"):
        asked(west, later, follows)
    be(west, "Jo Talbot").post(at(west, "Priya", "/stays"), {"why": "The notice is another"})
    confirmed(west, "Judith")
    asked(west, later, "Callum")
    confirmed(west, "Judith")
    assert Person.objects.get(name="Priya Nairn").leaves_on == later
    days = NEXT_WEEK, NEXT_WEEK + A_DAY, later, later + A_DAY
    assert [manager(west, day) for day in days] == ["Priya Nairn"] * 3 + ["Callum Stroud"]


def test_two_last_days_that_wait_already_are_not_both_confirmed(west: Cast) -> None:
    """As they may have been asked on two councils' pages, of somebody who works for both."""
    asked(west, NEXT_WEEK, "Callum")
    first = Grant.objects.get()
    other = Grant.objects.get()
    other.pk, other.terms = None, other.terms | {"on": str(NEXT_WEEK + timedelta(days=15))}
    other.save()
    confirm(first, west.person("Judith"))
    with pytest.raises(NotGiven, match="already"):
        confirm(other, west.person("Judith"))
    assert Person.objects.get(name="Priya Nairn").leaves_on == NEXT_WEEK


def test_an_account_closes_before_the_last_day_that_was_agreed_and_the_follower_stays(notice_given: Cast) -> None:
    west = notice_given
    said = leaving(west, **on("on", TODAY), closes="now", why="She is dismissed")
    page = lint(be(west, "Jo Talbot").post(at(west, "Priya", "/leaves"), said, follow=True)).text
    assert "Priya Nairn leaves on Wednesday 13 May 2026, and who follows stays as it was" in page
    priya = Person.objects.get(name="Priya Nairn")
    assert (priya.is_active, priya.leaves_on) == (False, NEXT_WEEK)
    assert manager(west, NEXT_WEEK + A_DAY) == "Dev Marchetti"


def test_while_a_post_waits_for_somebody_the_same_post_is_asked_for_nobody_twice(west: Cast) -> None:
    north, jo, imran = west.post("team-manager", "North"), west.person("Jo Talbot"), west.person("Imran")
    ask_post(west.authority, jo, north, imran, TODAY, HoldingKind.ACTING, "Somebody is away")
    with pytest.raises(NotGiven, match="Another waits for a second person: Imran Dastgir acts in Team Manager, North"):
        ask_post(west.authority, jo, north, imran, NEXT_WEEK, HoldingKind.ACTING, "Somebody is away")
    south = west.post("team-manager", "South")
    assert ask_post(west.authority, jo, south, imran, TODAY, HoldingKind.ACTING, "Somebody is away")
    assert ask_post(west.authority, jo, north, west.person("Dev"), TODAY, HoldingKind.ACTING, "Somebody is away")


def test_while_cover_waits_for_a_day_no_other_cover_is_asked_for_it(west: Cast) -> None:
    jo, priya, north = west.person("Jo Talbot"), west.person("Priya"), west.post("team-manager", "North")
    callum, dev = west.person("Callum"), west.person("Dev")
    ask_cover(west.authority, jo, priya, callum, TODAY, NEXT_WEEK, None, "Off sick")
    with pytest.raises(NotGiven, match="Another waits for a second person: Callum Stroud covers for Priya Nairn"):
        ask_cover(west.authority, jo, priya, dev, NEXT_WEEK, NEXT_WEEK + A_DAY, north, "Off sick")
    assert ask_cover(west.authority, jo, priya, dev, NEXT_WEEK + A_DAY, NEXT_WEEK + A_DAY, north, "Off sick")


# What is held until a day ---------------------------------------------------------------------------------------------


def held_until(cast: Cast, day: date) -> list[tuple[date, date | None]]:
    """Dev's days as manager of North beside Priya, which end then; read by what is given later."""
    north = cast.post("team-manager", "North")
    Holding.objects.create(authority=cast.authority, post=north, person=cast.person("Dev"), starts=TODAY, ends=day)
    return [(TODAY, day)]


def of_dev(cast: Cast) -> list[tuple[date, date | None]]:
    held = Holding.objects.filter(post=cast.post("team-manager", "North"), person=cast.person("Dev"))
    return list(held.order_by("starts").values_list("starts", "ends"))


def test_a_post_that_ends_and_is_given_anew_goes_on_the_day_after(west: Cast) -> None:
    first = held_until(west, NEXT_WEEK)
    north, dev = west.post("team-manager", "North"), west.person("Dev")
    for _ in range(2):
        given = ask_post(west.authority, west.person("Jo Talbot"), north, dev, TODAY, HoldingKind.HOLDER, "He stays on")
        confirm(given, west.person("Judith"))
        assert of_dev(west) == [*first, (NEXT_WEEK + A_DAY, None)]


def test_whoever_follows_in_a_post_that_they_hold_until_a_day_goes_on_in_it_and_not_where_it_is_taken_back(
    west: Cast,
) -> None:
    first = held_until(west, NEXT_WEEK + A_DAY)
    asked(west, NEXT_WEEK, "Dev")
    confirmed(west, "Judith")
    assert of_dev(west) == [*first, (NEXT_WEEK + 2 * A_DAY, None)]
    be(west, "Jo Talbot").post(at(west, "Priya", "/stays"), {"why": "She does not"})
    confirmed(west, "Judith")
    assert of_dev(west) == [*first, (NEXT_WEEK + 2 * A_DAY, TODAY - A_DAY)]


def test_nobody_follows_in_a_post_that_the_leaver_has_given_up_by_then(west: Cast) -> None:
    asked(west, NEXT_WEEK, "Dev")
    Holding.objects.filter(person=west.person("Priya")).update(ends=TODAY)
    assert "Dev Marchetti cannot follow as Team Manager, North: Priya Nairn gives it up earlier. Take this" in (
        confirmed(west, "Judith")
    )
    assert Person.objects.get(name="Priya Nairn").leaves_on is None
