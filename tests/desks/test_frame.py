"""The frame every page stands in, signing in, and the pages that are open to all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.desks.page_lint import findings, lint, names_of_the_program
from undrift.desks.frame import navigation
from undrift.desks.frame.answers import KeepNoCopy
from undrift.desks.frame.navigation import MOST_LINKS, places
from undrift.library.numbers import FREE_TRIES
from undrift.people.finders import SAFEGUARDING_AND_REVIEW
from undrift.people.models import Authority, Person, WrongTry

PASSWORD = "a long walk beside the canal"
OPEN_PAGES = ("sign-in", "signed-out", "session-ended", "urgent", "help", "words", "policy", "accessibility", "privacy")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_tried() -> None:
    cache.clear()


@pytest.fixture
def westmarch() -> Authority:
    return Authority.objects.create(
        code="westmarch", name="Westmarch Council", protocol_id="walsall", protocol_version="2018.1",
        front_door_phone="01632 960100", out_of_hours_phone="01632 960101",
    )  # fmt: skip


@pytest.fixture
def grace(westmarch: Authority) -> Person:
    return Person.objects.create_user(
        "grace.ollerton@westmarch.example", PASSWORD, name="Grace Ollerton", authority=westmarch
    )


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_open_page_is_in_order_for_everybody(client: Client, grace: Person, name: str) -> None:
    assert lint(client.get(reverse(name))).status_code == 200
    client.force_login(grace)
    assert "Grace Ollerton" in lint(client.get(reverse(name))).content.decode()


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_urgent_help_is_one_click_from_every_page(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert f'href="{reverse("urgent")}">Urgent help</a>' in page.partition("<main")[0]


def test_urgent_page_says_who_to_ring_before_anything_else(client: Client, westmarch: Authority) -> None:
    page = client.get(reverse("urgent")).content.decode()
    order = [page.index(words) for words in ("tel:999", "01632 960100", "01632 960101", "tell the service afterwards")]
    assert order == sorted(order)


def test_a_person_sees_the_numbers_of_their_own_council_only(client: Client, grace: Person) -> None:
    Authority.objects.create(code="northmoor", name="Northmoor Council", protocol_id="pan-lancashire",
                             protocol_version="2018.1", front_door_phone="01632 960200")  # fmt: skip
    assert "01632 960200" in client.get(reverse("urgent")).content.decode()
    client.force_login(grace)
    assert "01632 960200" not in client.get(reverse("urgent")).content.decode()


def test_pages_are_kept_by_nobody_and_listed_nowhere(client: Client, grace: Person) -> None:
    client.force_login(grace)
    for name in OPEN_PAGES:
        headers = client.get(reverse(name)).headers
        assert "no-store" in headers["Cache-Control"]
        assert "noindex" in headers["X-Robots-Tag"]


def test_the_frame_costs_no_query_beside_session_person_and_the_second_lock(
    client: Client, grace: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(grace)
    client.get(reverse("help"))
    with django_assert_num_queries(3):  # session; person, with where they sit; what they may see
        client.get(reverse("help"))


def test_signing_in_leads_to_where_one_was_going(client: Client, grace: Person) -> None:
    sent = {"email": "Grace.Ollerton@Westmarch.example", "password": PASSWORD, "next": reverse("words")}
    response = client.post(reverse("sign-in"), sent)
    assert (response.status_code, response["Location"]) == (302, reverse("words"))
    assert client.session["_auth_user_id"] == str(grace.pk)


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_signing_in_never_leads_elsewhere(client: Client, grace: Person, elsewhere: str) -> None:
    response = client.post(reverse("sign-in"), {"email": grace.email, "password": PASSWORD, "next": elsewhere})
    assert response["Location"] == "/"


def test_an_empty_sign_in_says_what_is_missing(client: Client) -> None:
    page = lint(client.post(reverse("sign-in"), {})).content.decode()
    assert "<title>Error: Sign in" in page
    assert '<a href="#id_email">Enter your email address</a>' in page
    assert '<a href="#id_password">Enter your password</a>' in page


def test_a_wrong_password_and_a_stranger_hear_the_same(client: Client, grace: Person) -> None:
    known = lint(client.post(reverse("sign-in"), {"email": grace.email, "password": "wrong"})).content.decode()
    unknown = client.post(reverse("sign-in"), {"email": "nobody@x.example", "password": "wrong"}).content.decode()
    sentence = "They do not match what we have"
    assert known.count(sentence) == unknown.count(sentence) == 2  # in the summary and at the field


def test_a_person_who_left_cannot_sign_in(client: Client, grace: Person) -> None:
    Person.objects.filter(pk=grace.pk).update(is_active=False)
    client.post(reverse("sign-in"), {"email": grace.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_wrong_tries_make_the_next_wait_longer_and_lock_nobody_out(client: Client, grace: Person) -> None:
    right = {"email": grace.email, "password": PASSWORD}
    with time_machine.travel(datetime(2026, 5, 6, 9, tzinfo=UTC), tick=False) as clock:
        for _ in range(FREE_TRIES):
            client.post(reverse("sign-in"), right | {"password": "wrong"})
        assert "Too many tries. Wait 2 seconds" in lint(client.post(reverse("sign-in"), right)).content.decode()
        clock.shift(3)
        assert client.post(reverse("sign-in"), right).status_code == 302
        assert not WrongTry.objects.exists()


def test_signing_out_is_a_post_and_ends_the_session(client: Client, grace: Person) -> None:
    client.force_login(grace)
    assert client.get(reverse("sign-out")).status_code == 405
    response = client.post(reverse("sign-out"), follow=True)
    assert "You have signed out" in lint(response).content.decode()
    assert "_auth_user_id" not in client.session


def test_somebody_whose_session_ended_is_told_so(client: Client, settings: Any) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "ended"
    assert "Your session ended" in client.get(reverse("sign-in"), {"next": "/help"}).content.decode()
    assert "Your session ended" not in Client().get(reverse("sign-in"), {"next": "/help"}).content.decode()


def test_in_the_demo_one_may_choose_a_person_to_be(client: Client, grace: Person, settings: Any) -> None:
    settings.DEMO = True
    page = lint(client.get(reverse("demo"))).content.decode()
    assert "All people and events are invented." in page
    assert "Continue as Grace Ollerton" in page
    client.post(reverse("demo"), {"person": grace.pk})
    assert client.session["_auth_user_id"] == str(grace.pk)


@pytest.mark.parametrize("method", ["get", "post"])
def test_outside_the_demo_nobody_chooses_who_to_be(client: Client, grace: Person, settings: Any, method: str) -> None:
    settings.DEMO = False
    assert getattr(client, method)(reverse("demo"), {"person": grace.pk}).status_code == 404
    assert "_auth_user_id" not in client.session
    assert "invented" not in client.get(reverse("help")).content.decode()
    assert client.get(reverse("components")).status_code == 404


def test_a_page_that_is_not_there_is_in_order(client: Client, grace: Person) -> None:
    client.force_login(grace)
    response = lint(client.get("/nothing-is-here"))
    assert response.status_code == 404
    assert "<title>Page not found" in response.content.decode()


@pytest.mark.parametrize("template", ["403.html", "403_csrf.html", "500.html", "503.html"])
def test_error_pages_stand_without_a_request(template: str) -> None:
    assert findings(render_to_string(template, {"exception": PermissionDenied("Ask Judith Calloway.")})) == []


@pytest.mark.parametrize("named", ["core-group-meeting", "moved_on", "csc-team-manager"])
def test_a_name_of_the_program_in_a_sentence_is_found(named: str) -> None:
    page = "<body><h1>Waiting</h1><p>It is {}</p><p>Now.</p></body>"
    assert list(names_of_the_program(page.format("here"))) == []
    assert list(names_of_the_program(page.format(named))) == [named]


def test_a_lost_database_is_said_in_words(rf: RequestFactory) -> None:
    def lost(request: HttpRequest) -> HttpResponse:
        raise AssertionError("not called")

    answer = KeepNoCopy(lost).process_exception(rf.get("/"), OperationalError("the connection was closed"))
    assert answer is not None
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert findings(answer.content.decode()) == []
    assert KeepNoCopy(lost).process_exception(rf.get("/"), ValueError("a mistake of ours")) is None


def test_navigation_leaves_out_what_is_not_built_and_marks_where_one_is() -> None:
    shown = places((("Help", "help"), ("Nowhere", "no-such-page"), ("Words", "words")), reverse("words"))
    assert [(place.text, place.current, place.here) for place in shown] == [
        ("Help", True, False), ("Words", True, True)
    ]  # fmt: skip
    assert len(places([("Help", "help")] * (MOST_LINKS + 1), "/")) == MOST_LINKS


@pytest.mark.parametrize("post", ["group-manager-for-safeguarding-and-review", "principal-iro"])
def test_safeguarding_and_review_keeps_the_people_and_finds_them_in_the_menu(post: str) -> None:
    assert post in SAFEGUARDING_AND_REVIEW
    desk = navigation._desk(frozenset({post}), "childrens-social-care")
    assert [place.href for place in places(desk, "/") if place.text == "People"] == [reverse("people")]


@pytest.mark.parametrize("post", navigation.BY_POST)
def test_no_menu_has_a_link_too_many_to_be_shown(post: str) -> None:
    links = navigation.BY_POST[post]
    shown = [text for text, name in links if navigation.address(name)]
    assert len(shown) <= MOST_LINKS


def test_when_one_is_away_is_one_click_from_every_page(client: Client, grace: Person) -> None:
    client.force_login(grace)
    page = client.get(reverse("help")).content.decode()
    assert f'href="{reverse("own-cover")}">Cover</a>' in page.partition("<main")[0]
    assert reverse("own-cover") not in Client().get(reverse("help")).content.decode()


def test_urgent_page_leads_to_the_child_about_whom_a_concern_is_raised(client: Client, grace: Person) -> None:
    assert "Sign in to raise a concern" in client.get(reverse("urgent")).content.decode()
    client.force_login(grace)
    page = lint(client.get(reverse("urgent"))).content.decode()
    assert f'href="{reverse("children")}" role="button"' in page.partition("<main")[2]
