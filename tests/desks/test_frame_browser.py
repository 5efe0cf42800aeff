"""The frame in a real browser: at a desk, on a phone, with JavaScript off."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.house.browser import AxeRun, Opened, follow
from undrift.people.models import Authority, Person

PASSWORD = "a long walk beside the canal"
PAGES = ("/sign-in", "/urgent", "/help", "/help/words", "/help/policy", "/accessibility", "/privacy",
         "/help/components", "/demo", "/nothing-is-here")  # fmt: skip
WIDTHS = (1280, 375, 320)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def grace() -> Person:
    westmarch = Authority.objects.create(
        code="westmarch", name="Westmarch Council", protocol_id="walsall", protocol_version="2018.1",
        front_door_phone="01632 960100", out_of_hours_phone="01632 960101",
    )  # fmt: skip
    return Person.objects.create_user(
        "grace.ollerton@westmarch.example", PASSWORD, name="Grace Ollerton", authority=westmarch
    )


def pictured(page: Page, name: str) -> None:
    """A picture for whoever wants to look: set PICTURES to a folder."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", WIDTHS)
def test_every_open_page_is_accessible_and_needs_no_sideways_scrolling(
    live_server: LiveServer, open_page: Opened, axe: AxeRun, grace: Person, width: int
) -> None:
    page = open_page(width)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    wrong: dict[str, list[str]] = {}
    for path in PAGES:
        page.goto(f"{live_server.url}{path}")
        pictured(page, f"{path.strip('/').replace('/', '-')}-{width}")
        wrong[path] = axe(page) + ([] if fits(page) else ["scrolls sideways"])
    assert {path: found for path, found in wrong.items() if found} == {}
    # The page that is not there says 404; nothing else may complain, above all not the content policy.
    assert [line for line in said if "404" not in line] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_errors_are_accessible_and_the_summary_has_the_focus(
    live_server: LiveServer, open_page: Opened, axe: AxeRun, grace: Person, width: int
) -> None:
    page = open_page(width)
    for path, button in (("/sign-in", "Sign in"), ("/help/components", "Send to Priya Nairn")):
        page.goto(f"{live_server.url}{path}")
        follow(page.get_by_role("button", name=button, exact=True))
        pictured(page, f"{path.strip('/').replace('/', '-')}-wrong-{width}")
        assert page.title().startswith("Error: ")
        assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
        assert axe(page) == []
        assert fits(page)
        link = page.locator(".govuk-error-summary a").first
        link.click()
        assert page.evaluate("document.activeElement.id") == (link.get_attribute("href") or "")[1:]


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 375])
def test_signing_in_and_out_by_hand(
    live_server: LiveServer, open_page: Opened, grace: Person, width: int, javascript: bool
) -> None:
    page = open_page(width, javascript=javascript)
    page.goto(f"{live_server.url}/sign-in?next=/help")
    page.get_by_label("Email address").fill(grace.email)
    page.get_by_label("Password").fill(PASSWORD)
    follow(page.get_by_role("button", name="Sign in", exact=True))
    page.get_by_role("heading", level=1, name="Help").wait_for()
    pictured(page, f"signed-in-{width}-{javascript}")
    search = page.locator(".undrift-search__button").bounding_box()
    assert search is not None
    assert search["height"] < 60, "the word stands on one line"
    follow(page.get_by_role("button", name="Sign out"))
    page.get_by_role("heading", level=1, name="You have signed out").wait_for()


def test_in_the_demo_one_click_makes_one_grace(live_server: LiveServer, open_page: Opened, grace: Person) -> None:
    page = open_page(375, javascript=False)
    page.goto(f"{live_server.url}/demo")
    follow(page.get_by_role("button", name="Continue as Grace Ollerton"))
    page.goto(f"{live_server.url}/help")
    assert page.get_by_text("Grace Ollerton", exact=True).is_visible()


def test_without_javascript_everything_is_shown_and_a_row_can_be_added(
    live_server: LiveServer, open_page: Opened, grace: Person
) -> None:
    page = open_page(375, javascript=False)
    page.goto(f"{live_server.url}/help/components")
    assert page.get_by_label("Why not?").is_visible()
    assert page.get_by_label("What else?").is_visible()
    page.get_by_label("What will be done").fill("Write up the two visits")
    follow(page.get_by_role("button", name="Add another action"))
    assert page.get_by_label("What will be done").first.input_value() == "Write up the two visits"
    assert page.get_by_label("What will be done").count() == 2
    follow(page.get_by_role("button", name="Remove action 1"))
    assert page.get_by_label("What will be done").count() == 1


def test_with_javascript_a_follow_up_waits_for_its_choice(
    live_server: LiveServer, open_page: Opened, grace: Person
) -> None:
    page = open_page(1280)
    page.goto(f"{live_server.url}/help/components")
    assert page.get_by_label("Why not?").is_hidden()
    page.get_by_label("Do not agree").check()
    assert page.get_by_label("Why not?").is_visible()


def test_on_a_phone_a_table_row_names_its_cells_and_buttons_are_large(
    live_server: LiveServer, open_page: Opened, grace: Person
) -> None:
    page = open_page(375)
    page.goto(f"{live_server.url}/help/components")
    label = page.evaluate("getComputedStyle(document.querySelector('.undrift-rows td'), '::before').content")
    assert label == '"Due"'
    heights = page.evaluate(
        "[...document.querySelectorAll('button, .govuk-button')].filter(b => b.offsetParent)"
        ".map(b => [b.textContent.trim(), b.getBoundingClientRect().height])"
    )
    assert [pair for pair in heights if pair[1] < 44] == []


def test_on_paper_there_is_a_marking_no_menu_and_no_folded_part(
    live_server: LiveServer, open_page: Opened, grace: Person
) -> None:
    page = open_page(1280)
    page.goto(f"{live_server.url}/help/components")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.get_by_text("OFFICIAL-SENSITIVE · R-2026-0147 · Printed").is_visible()
    assert page.get_by_text("Monday 4 May: Early May bank holiday, not counted").is_visible()
    for hidden in (".govuk-footer", ".undrift-header__links", ".moj-filter"):
        assert page.locator(hidden).first.is_hidden()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0
