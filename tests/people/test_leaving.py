"""Somebody leaves: all they hold is handed over at once, or knowingly falls; the account closes and sessions end."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client

from tests.cast import NOW, TODAY, Cast, northmoor, westmarch
from undrift.people.finders import find
from undrift.people.leaving import CannotLeave, close_accounts, leave, posts_to_hand_over, would_fall_to
from undrift.people.models import Cover, Holding, Person, Post, Vacancy
from undrift.people.vacancies import alarmed_people, note_vacancies, people_without_a_manager, posts_without_a_holder

pytestmark = pytest.mark.django_db

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
THEN = NOW + timedelta(days=1)


@pytest.fixture
def west() -> Cast:
    return westmarch()


def hold(cast: Cast, name: str, post: Post, kind: str = "holder") -> Holding:
    return Holding.objects.create(
        authority=cast.authority, post=post, person=cast.person(name), starts=TODAY - timedelta(days=90), kind=kind
    )


def manager(cast: Cast, at: datetime) -> str:
    person = find("manager of the child's team", cast.case("Maya"), at).person
    assert person is not None
    return person.name


def test_several_posts_are_handed_over_at_once(west: Cast) -> None:
    north, area = west.post("team-manager", "North"), west.post("group-manager", "South Area")
    hold(west, "Priya", area)
    posts = posts_to_hand_over(west.person("Priya"), TODAY)
    assert set(posts) == {north, area}
    left = leave(west.person("Priya"), TODAY, {north: west.person("Dev"), area: west.person("Callum")}, at=NOW)
    assert {(one.post, one.found.person) for one in left.posts} == {
        (north, west.person("Dev")),
        (area, west.person("Callum")),
    }
    assert (manager(west, NOW), manager(west, THEN)) == ("Priya Nairn", "Dev Marchetti")


def test_a_post_that_is_not_named_is_refused_and_nothing_is_changed(west: Cast) -> None:
    with pytest.raises(CannotLeave, match="Choose who takes over Team Manager, North") as refused:
        leave(west.person("Priya"), TODAY, {}, at=NOW)
    assert refused.value.post == west.post("team-manager", "North")
    assert manager(west, THEN) == "Priya Nairn"
    assert west.person("Priya").leaves_on is None


@pytest.mark.parametrize("successor", ["Priya", "Dev"])
def test_a_successor_who_will_not_be_there_is_refused(west: Cast, successor: str) -> None:
    Person.objects.filter(name="Dev Marchetti").update(is_active=False)
    to = Person.objects.get(name__startswith=successor)
    with pytest.raises(CannotLeave, match="Choose somebody else for Team Manager, North"):
        leave(west.person("Priya"), TODAY, {west.post("team-manager", "North"): to}, at=NOW)


def test_without_a_successor_the_post_falls_and_safeguarding_and_review_has_an_alarm(west: Cast) -> None:
    post, priya = west.post("team-manager", "North"), west.person("Priya")
    assert would_fall_to(post, priya, TODAY).person == west.person("Denise")
    left = leave(priya, YESTERDAY, {post: None}, at=NOW)
    assert left.posts[0].found.how == (
        "Denise Harkaway, Group Manager, because nobody is in the post below it (Team Manager, North): "
        "tell an administrator."
    )
    alarm = Vacancy.objects.get()
    assert (alarm.post, alarm.since, alarm.fell_to, alarm.ended) == (post, TODAY, west.person("Denise"), None)
    assert alarmed_people(west.authority, NOW) == (west.person("Judith"), west.person("Marcus"))


def test_a_post_never_falls_to_nobody(west: Cast) -> None:
    others = Holding.objects.filter(authority=west.authority).exclude(person=west.person("Priya"))
    others.update(ends=YESTERDAY)
    with pytest.raises(CannotLeave, match="Nobody would answer for Team Manager, North"):
        leave(west.person("Priya"), TODAY, {west.post("team-manager", "North"): None}, at=NOW)
    assert manager(west, THEN) == "Priya Nairn"


def test_a_deputy_who_leaves_hands_nothing_over_and_an_acting_holder_does(west: Cast) -> None:
    post = west.post("group-manager", "South Area")
    hold(west, "Dev", post, "deputy")
    hold(west, "Yasmin", post, "acting")
    assert post not in posts_to_hand_over(west.person("Dev"), TODAY)
    assert post in posts_to_hand_over(west.person("Yasmin"), TODAY)


def test_cover_by_the_leaver_ends_and_it_is_said_for_whom(west: Cast) -> None:
    cover = Cover.objects.create(
        authority=west.authority, away=west.person("Callum"), covering=west.person("Priya"), starts=YESTERDAY
    )
    left = leave(west.person("Priya"), TODAY, {west.post("team-manager", "North"): None}, at=NOW)
    cover.refresh_from_db()
    assert (left.uncovered, cover.ends) == ((west.person("Callum"),), TODAY)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def test_sessions_end_at_once_and_nobody_elses_do(west: Cast) -> None:
    priya, denise = west.person("Priya"), west.person("Denise")
    theirs, other = signed_in(priya), signed_in(denise)
    left = leave(priya, YESTERDAY, {west.post("team-manager", "North"): None}, at=NOW)
    assert (left.closed, left.sessions_ended) == (True, 1)
    assert not SessionStore().exists(theirs.session.session_key or "")
    assert list(Session.objects.values_list("session_key", flat=True)) == [other.session.session_key]


def test_an_account_stays_open_through_the_last_day_and_is_closed_after_it(west: Cast) -> None:
    priya = west.person("Priya")
    left = leave(priya, TODAY, {west.post("team-manager", "North"): west.person("Dev")}, at=NOW)
    assert not left.closed
    assert close_accounts(NOW) == 0
    assert close_accounts(THEN) == 1
    assert close_accounts(THEN) == 0
    priya.refresh_from_db()
    assert not priya.is_active


def test_nobody_signs_in_after_their_last_day_even_if_no_worker_ran(west: Cast) -> None:
    priya = west.person("Priya")
    priya.set_password("a long enough secret")
    priya.save()
    assert authenticate(username=priya.email, password="a long enough secret") == priya
    Person.objects.filter(pk=priya.pk).update(leaves_on=YESTERDAY)  # long past by the real clock
    assert authenticate(username=priya.email, password="a long enough secret") is None


def test_somebody_may_be_stopped_at_once(west: Cast) -> None:
    left = leave(west.person("Priya"), TODAY, {west.post("team-manager", "North"): None}, at=NOW, at_once=True)
    assert left.closed
    assert manager(west, NOW) == "Denise Harkaway"


# Lists -------------------------------------------------------------------------------------------------------------


def test_every_post_is_held_and_everybody_in_a_unit_has_a_manager(west: Cast) -> None:
    assert posts_without_a_holder(west.authority, NOW) == []
    assert [(one.person.name, one.why) for one in people_without_a_manager(west.authority, NOW)] == [
        ("Jo Talbot", "Administrator sits in no unit."),
    ]


def test_a_post_without_a_holder_is_listed_though_somebody_acts_in_it(west: Cast) -> None:
    post = west.post("team-manager", "North")
    Holding.objects.filter(post=post).update(ends=YESTERDAY)
    hold(west, "Hannah", post, "acting")
    (empty,) = posts_without_a_holder(west.authority, NOW)
    assert (empty.post, empty.since, empty.found.person) == (post, TODAY, west.person("Hannah"))


def test_people_whose_whole_line_is_empty_have_no_manager(west: Cast) -> None:
    Holding.objects.filter(post__heads_unit=True, authority=west.authority).update(ends=YESTERDAY)
    listed = {one.person.name: one.why for one in people_without_a_manager(west.authority, NOW)}
    assert listed["Hannah Quill"] == "Nobody is in a post above Social Worker, North."
    assert listed["Priya Nairn"] == "Holds no post today."


def test_an_alarm_is_raised_once_kept_while_it_lasts_and_ended_when_somebody_comes(west: Cast) -> None:
    post = west.post("team-manager", "North")
    Holding.objects.filter(post=post).update(ends=YESTERDAY)
    assert [len(note_vacancies(west.authority, NOW).begun) for _ in range(2)] == [1, 0]
    Holding.objects.create(authority=west.authority, post=post, person=west.person("Dev"), starts=TODAY)
    assert note_vacancies(west.authority, NOW).ended == 1
    assert Vacancy.objects.get().ended == TODAY


def test_the_alarm_of_a_shared_agencys_post_is_one_for_all_three_councils() -> None:
    north = northmoor()
    Holding.objects.filter(post__slug="chief-officer", post__agency__name="Northmoor Police").update(ends=YESTERDAY)
    begun = [len(note_vacancies(council, NOW).begun) for council in north.built.authorities.values()]
    assert begun == [1, 0, 0]
    assert Vacancy.objects.get().partnership == north.built.partnership


# Cover by post -----------------------------------------------------------------------------------------------------


def test_cover_of_one_post_leaves_the_others_with_whoever_holds_them(west: Cast) -> None:
    north, south = west.post("team-manager", "North"), west.post("team-manager", "South")
    Holding.objects.filter(post=south).update(ends=YESTERDAY)
    hold(west, "Priya", south)
    Cover.objects.create(
        authority=west.authority, away=west.person("Priya"), covering=west.person("Dev"), starts=TODAY, post=north
    )
    team = "manager of the child's team"
    of_north, of_south = find(team, west.case("Maya"), NOW), find(team, west.case("Ella"), NOW)
    assert of_north.how == "Dev Marchetti, covering for Priya Nairn (Team Manager, North)."
    assert of_south.how == "Priya Nairn (Team Manager, South)."
