"""The pages of the organisation in a real browser, at a desk and on a phone."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.cast import Cast, westmarch
from tests.house.browser import AxeRun, Opened, follow
from tests.resolutions import reached
from tests.resolutions.conftest import under_shipped_versions
from undrift.people.models import Cover, Holding

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def signed_in(page: Page, cast: Cast, name: str, server: LiveServer) -> None:
    client = Client()
    client.force_login(cast.person(name), backend="undrift.people.seats.SignedIn")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": server.url}])


def pictured(page: Page, name: str) -> None:
    """A picture for whoever wants to look: set PICTURES to a folder."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def scene() -> Cast:
    """A vacant post, somebody away, somebody in two posts."""
    west, today = under_shipped_versions(westmarch()), timezone.localdate()
    reached.stage_one(west, at=timezone.now())
    Holding.objects.filter(post=west.post("team-manager", "South")).update(ends=today - timedelta(days=3))
    Cover.objects.create(
        authority=west.authority, away=west.person("Denise"), covering=west.person("Owen"), starts=today,
        ends=today + timedelta(days=7),
    )  # fmt: skip
    Holding.objects.create(
        authority=west.authority,
        post=west.post("group-manager", "South Area"),
        person=west.person("Priya"),
        starts=today,
    )
    return west


@pytest.mark.parametrize("width", [1280, 375])
def test_every_page_is_accessible_and_needs_no_sideways_scrolling(
    live_server: LiveServer, open_page: Opened, axe: AxeRun, width: int
) -> None:
    west, page = scene(), open_page(width)
    signed_in(page, west, "Jo Talbot", live_server)
    priya, denise = west.person("Priya").pk, west.person("Denise").pk
    post = west.post("team-manager", "South").pk
    paths = {
        "tree": "/people", "gaps": "/people/gaps", "not-signed-in": "/people/not-signed-in",
        "person": f"/people/{denise}", "cover": f"/people/{priya}/cover",
        "leaves": f"/people/{priya}/leaves", "appoint": f"/people/posts/{post}/appoint", "own-cover": "/account/cover",
    }  # fmt: skip
    wrong: dict[str, list[str]] = {}
    for name, path in paths.items():
        page.goto(f"{live_server.url}{path}")
        assert page.locator("h1").count() == 1
        pictured(page, f"people-{name}-{width}")
        fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        wrong[name] = axe(page) + ([] if fits else ["scrolls sideways"])
    page.goto(f"{live_server.url}/people/{priya}/leaves")
    follow(page.get_by_role("button", name="Hand over and close"))
    pictured(page, f"people-leaves-wrong-{width}")
    wrong["leaves, wrong"] = axe(page)
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_with_two_posts_leaves_and_is_signed_out(
    live_server: LiveServer, open_page: Opened, javascript: bool
) -> None:
    west = scene()
    theirs, page = open_page(375, javascript=javascript), open_page(1280, javascript=javascript)
    signed_in(theirs, west, "Priya", live_server)
    theirs.goto(f"{live_server.url}/account/cover")
    theirs.get_by_role("heading", level=1, name="When are you away?").wait_for()
    signed_in(page, west, "Jo Talbot", live_server)
    page.goto(f"{live_server.url}/people")
    follow(page.get_by_role("link", name="Priya Nairn").first)
    follow(page.get_by_role("button", name="They are leaving"))
    page.get_by_label("Now", exact=True).check()
    page.get_by_label("Who takes over Team Manager, North?").select_option(label="Dev Marchetti")
    page.get_by_label("Who takes over Group Manager, South Area?").select_option(label="Callum Stroud")
    page.get_by_label("Why does whoever follows follow?").fill("Agreed with both of them.")
    follow(page.get_by_role("button", name="Hand over and close"))
    page.get_by_text("Dev Marchetti follows as Team Manager, North. Nothing is given yet").wait_for()
    page.get_by_text("Their account is closed and they are signed out.").wait_for()
    pictured(page, "people-left-1280")
    theirs.goto(f"{live_server.url}/account/cover")
    theirs.get_by_role("heading", level=1, name="Sign in").wait_for()
