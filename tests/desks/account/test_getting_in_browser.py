"""From an invitation to Home, and back in after a forgotten password, in a real browser; without scripts as well."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as used
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.cast import Cast, westmarch
from tests.desks.account.codes import code_of, next_code, slow_fingers
from tests.desks.page_lint import findings
from tests.house.browser import AxeRun, Opened, follow
from tests.messages.letterbox import Letterbox, letterbox, words
from tests.resolutions.conftest import under_shipped_versions
from undrift.desks.frame import factor
from undrift.messages.post import send_due
from undrift.people.models import Person

__all__ = ["letterbox", "slow_fingers"]

pytestmark = [pytest.mark.browser, pytest.mark.second_factor, pytest.mark.django_db(transaction=True)]
FIRST, SECOND = "four herons on a cold weir", "seven ferries and a lighthouse"
ADDRESS = "ines.farrow@westmarch.example"
Looked = Callable[[Page, str], None]
WAYS = [(1280, True), (375, True), (1280, False)]


@pytest.fixture
def looked(axe: AxeRun) -> Looked:
    """Clean by axe, or without scripts by the page lint; no wider than the screen. PICTURES names a folder for them."""

    def look(page: Page, name: str) -> None:
        page.wait_for_load_state()
        served = page.content()  # before a picture, for which styles of its own are put in
        width = page.viewport_size["width"] if page.viewport_size else 0
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        if page.locator("body.js-enabled").count() == 0:
            assert findings(served) == [], name
            return
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name

    return look


def heading(page: Page, text: str) -> None:
    page.get_by_role("heading", level=1, name=text, exact=True).wait_for()


def is_home(page: Page) -> None:
    page.get_by_role("heading", level=1, name=re.compile("^Good .*, Ines$")).wait_for()


def be(page: Page, cast: Cast, name: str, server: LiveServer) -> None:
    client, person = Client(), cast.person(name)
    client.force_login(person, backend="undrift.people.seats.SignedIn")
    session = client.session
    factor.give(session, person, by="test")
    session.save()
    key = client.cookies[used.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": used.SESSION_COOKIE_NAME, "value": key, "url": server.url}])


def link_sent(letterbox: Letterbox) -> str:
    assert send_due() == 1
    return next(word for word in words(letterbox.letters[-1]).split() if word.startswith("http"))


def choose(page: Page, password: str) -> None:
    page.get_by_label("New password", exact=True).fill(password)
    page.get_by_label("New password again").fill(password)
    follow(page.get_by_role("button", name="Set password"))
    page.get_by_text("Your password is set. Sign in with it.").wait_for()


def sign_in(page: Page, password: str) -> None:
    page.get_by_label("Email address").fill(ADDRESS)
    page.get_by_label("Password", exact=True).fill(password)
    follow(page.get_by_role("button", name="Sign in", exact=True))


@pytest.mark.usefixtures("slow_fingers")
@pytest.mark.parametrize(("width", "javascript"), WAYS)
def test_invited_then_forgotten_then_signed_in_elsewhere(
    live_server: LiveServer, open_page: Opened, looked: Looked, letterbox: Letterbox, settings: Any, width: int,
    javascript: bool, clock: time_machine.Traveller,
) -> None:  # fmt: skip
    settings.SITE_URL = live_server.url
    west = under_shipped_versions(westmarch())
    keeper = open_page(width, javascript=javascript)
    be(keeper, west, "Jo Talbot", live_server)
    keeper.goto(f"{live_server.url}/people")
    follow(keeper.get_by_role("button", name="Add a person"))
    looked(keeper, "add-person")
    follow(keeper.get_by_role("button", name="Add this person"))
    looked(keeper, "add-person-wrong")
    keeper.get_by_label("Name", exact=True).fill("Ines Farrow")
    keeper.get_by_label("Work email address").fill(ADDRESS)
    agency = west.person("Grace").agency
    keeper.get_by_label("Where do they work?").select_option(label=str(agency and agency.name))
    keeper.get_by_label("With a password", exact=True).check()
    follow(keeper.get_by_role("button", name="Add this person"))
    heading(keeper, "Ines Farrow")
    looked(keeper, "person-invited")

    page = open_page(width, javascript=javascript)
    page.goto(link_sent(letterbox))
    heading(page, "Choose a password")
    looked(page, "choose-password")
    page.get_by_label("New password", exact=True).fill("short")
    follow(page.get_by_role("button", name="Set password"))
    page.get_by_role("link", name="Enter 15 characters or more").wait_for()
    looked(page, "choose-password-wrong")
    choose(page, FIRST)
    looked(page, "password-set")
    sign_in(page, FIRST)
    heading(page, "How you sign in")
    follow(page.get_by_role("link", name="Add an authenticator app"))
    secret = page.locator(".undrift-key").inner_text().replace(" ", "")
    page.get_by_label("Code from the app").fill(code_of(secret))
    follow(page.get_by_role("button", name="Add this app"))
    heading(page, "Keep these recovery codes")
    follow(page.get_by_role("button", name="I have kept them: continue"))
    is_home(page)
    follow(page.get_by_role("link", name="Ines Farrow"))
    looked(page, "how-you-sign-in")
    follow(page.get_by_role("link", name="Change your password"))
    looked(page, "change-password")

    elsewhere = open_page(width, javascript=javascript)
    elsewhere.goto(f"{live_server.url}/sign-in")
    looked(elsewhere, "sign-in")
    follow(elsewhere.get_by_role("link", name="I have forgotten my password"))
    looked(elsewhere, "forgotten")
    elsewhere.get_by_label("Email address").fill(ADDRESS)
    follow(elsewhere.get_by_role("button", name="Send me a link"))
    heading(elsewhere, "Look in your email")
    looked(elsewhere, "forgotten-sent")
    link = link_sent(letterbox)
    elsewhere.goto(link)
    heading(elsewhere, "Choose a new password")
    looked(elsewhere, "choose-new-password")
    choose(elsewhere, SECOND)
    page.goto(f"{live_server.url}/account/sessions")
    heading(page, "Sign in")
    sign_in(elsewhere, SECOND)
    heading(elsewhere, "Enter a code")
    elsewhere.get_by_label("Code").fill(next_code(secret, clock))
    follow(elsewhere.get_by_role("button", name="Continue"))
    is_home(elsewhere)

    be(page, west, "Jo Talbot", live_server)
    ines = Person.objects.get(email=ADDRESS)
    page.goto(f"{live_server.url}/people/{ines.pk}")
    follow(page.get_by_role("link", name="They have lost their second factor"))
    looked(page, "lost-factor")
    follow(page.get_by_role("button", name="Ask for their second factor to be removed"))
    looked(page, "lost-factor-asked")
    be(keeper, west, "Judith", live_server)
    keeper.goto(f"{live_server.url}/people/{ines.pk}/second-factor")
    looked(keeper, "lost-factor-confirm")

    third = open_page(width, javascript=javascript)
    third.goto(link)
    heading(third, "This link does not work any more")
    looked(third, "link-over")
    elsewhere.goto(f"{live_server.url}/account/sessions")
    Client(headers={"User-Agent": "Mozilla/5.0 (iPhone) Safari/604.1"}).force_login(ines)
    elsewhere.reload()
    looked(elsewhere, "sessions")
    follow(elsewhere.get_by_role("button", name="Sign out everywhere else"))
    elsewhere.get_by_text("1 other browser is signed out. You are signed in only here.").wait_for()
