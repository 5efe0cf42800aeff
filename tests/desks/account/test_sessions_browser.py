"""A session that ends while somebody types: warned of, cleared from the screen, and nothing typed is lost."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.house.browser import AxeRun, Opened, follow
from undrift.desks.frame import addresses as rules
from undrift.people.models import Authority, Person

PAGE = "/long-form"  # every kind of field
WHY = "The visits were not written up, and Maya’s school was not asked."
RESTORED = "What you typed is below. Check it, then send it."

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def has_a_long_form(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = "tests.desks.account.addresses"
    monkeypatch.setattr(rules, "RULES", {**rules.RULES, "long-form": rules.Rule(rules.Of.OWN)})


@pytest.fixture
def hannah(westmarch: Authority) -> Person:
    return Person.objects.create_user("hannah.birch@westmarch.example", name="Hannah Birch", authority=westmarch)


def pictured(page: Page, axe: AxeRun, name: str) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{width}.png")
    assert axe(page) == [], name


def be(page: Page, url: str, name: str) -> None:
    """Choose a person in the demonstration, from the page one was led to or from the start."""
    if "/sign-in" in page.url:
        follow(page.get_by_role("link", name="Choose a person to be"))
    else:
        page.goto(f"{url}/demo?next={PAGE}")
    follow(page.get_by_role("button", name=f"Continue as {name}"))


def begin_to_type(page: Page) -> None:
    page.get_by_label("Do not agree").check()
    page.get_by_label("Why not?").fill(WHY)
    page.get_by_label("Day").first.fill("12")
    page.get_by_label("What will be done").first.fill("Write up the two visits")


def is_kept_meanwhile(page: Page) -> None:
    """The page's script keeps what was typed, and whoever types is not away."""
    page.get_by_label("What will be done").first.blur()
    page.get_by_text("What you have typed was kept at").wait_for()
    page.wait_for_load_state("networkidle")


def shows_what_was_typed(page: Page) -> None:
    assert page.get_by_label("Do not agree").is_checked()
    assert page.get_by_label("Why not?").input_value() == WHY
    assert page.get_by_label("Day").first.input_value() == "12"
    assert page.get_by_label("What will be done").first.input_value() == "Write up the two visits"


def let_half_an_hour_pass() -> None:
    """As the database sees it: the rows of all sessions end a moment ago."""
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 375])
def test_a_form_sent_after_the_session_ended_is_there_again_after_signing_in(
    live_server: LiveServer, open_page: Opened, axe: AxeRun, grace: Person, width: int, javascript: bool
) -> None:
    page = open_page(width, javascript=javascript)
    be(page, live_server.url, "Grace Ollerton")
    begin_to_type(page)
    let_half_an_hour_pass()
    follow(page.get_by_role("button", name="Send to Priya Nairn"))
    page.get_by_text("We have kept it for you").wait_for()
    if javascript:
        pictured(page, axe, "ended-and-kept")
    be(page, live_server.url, "Grace Ollerton")
    page.get_by_text(RESTORED).wait_for()
    if javascript:
        pictured(page, axe, "restored")
    shows_what_was_typed(page)
    follow(page.get_by_role("button", name="Send to Priya Nairn"))
    page.goto(f"{live_server.url}{PAGE}")
    assert page.get_by_text(RESTORED).count() == 0


def test_nobody_else_is_given_what_was_typed(
    live_server: LiveServer, open_page: Opened, grace: Person, hannah: Person
) -> None:
    page = open_page(1280, javascript=False)
    be(page, live_server.url, "Grace Ollerton")
    begin_to_type(page)
    let_half_an_hour_pass()
    follow(page.get_by_role("button", name="Send to Priya Nairn"))
    be(page, live_server.url, "Hannah Birch")
    page.wait_for_url(f"**{PAGE}")
    assert WHY not in page.content()
    assert page.get_by_text(RESTORED).count() == 0
    follow(page.get_by_role("button", name="Sign out"))
    be(page, live_server.url, "Grace Ollerton")
    shows_what_was_typed(page)


@pytest.mark.parametrize("width", [1280, 375])
def test_two_minutes_before_the_end_one_is_asked_and_may_stay(
    live_server: LiveServer, open_page: Opened, axe: AxeRun, grace: Person, width: int
) -> None:
    page = open_page(width)
    page.clock.install()
    be(page, live_server.url, "Grace Ollerton")
    begin_to_type(page)
    is_kept_meanwhile(page)
    only_seconds_left(119)
    page.clock.fast_forward("28:01")
    notice = page.get_by_role("dialog", name="You will be signed out soon")
    notice.wait_for()
    assert notice.get_by_text("In 2 minutes we sign you out").is_visible()
    pictured(page, axe, "warned")
    notice.get_by_role("button", name="Stay signed in").click()
    notice.wait_for(state="hidden")
    shows_what_was_typed(page)
    assert SessionStore(session_key=session_key())["active"] > time.time() - 60


@pytest.mark.parametrize("width", [1280, 375])
def test_at_the_end_the_screen_is_cleared_and_what_was_typed_comes_back(
    live_server: LiveServer, open_page: Opened, axe: AxeRun, grace: Person, width: int
) -> None:
    page = open_page(width)
    page.clock.install()
    be(page, live_server.url, "Grace Ollerton")
    begin_to_type(page)
    is_kept_meanwhile(page)
    only_seconds_left(8)
    page.clock.fast_forward("28:01")
    page.wait_for_url("**/session-ended?**")
    assert WHY not in page.content()
    page.get_by_text("What you were typing is kept too").wait_for()
    pictured(page, axe, "session-ended")
    assert not any(SESSION_KEY in row.get_decoded() for row in Session.objects.all())
    follow(page.get_by_role("link", name="Sign in again"))
    page.wait_for_url("**/sign-in?**")
    be(page, live_server.url, "Grace Ollerton")
    page.get_by_text(RESTORED).wait_for()
    shows_what_was_typed(page)


def test_another_window_keeps_the_session_going(live_server: LiveServer, open_page: Opened, grace: Person) -> None:
    page = open_page(1280)
    page.clock.install()
    be(page, live_server.url, "Grace Ollerton")
    with page.expect_response("**/session/left"):
        page.clock.fast_forward("28:01")
    assert page.get_by_role("dialog").count() == 0


def session_key() -> str:
    return next(row.session_key for row in Session.objects.all() if SESSION_KEY in row.get_decoded())


def only_seconds_left(seconds: int) -> None:
    session = SessionStore(session_key=session_key())
    session["active"] = int(time.time()) - settings.SESSION_COOKIE_AGE + seconds
    session.save()
