"""The browser and the page checker that the journeys rely on: both must be able to fail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.house.browser import ASKED_AT_MOST, AxeRun, Opened, follow

CLEAN = """<!doctype html><html lang="en"><title>Clean</title><main><h1>Clean</h1><p>Nothing wrong.</p></main>"""
FAULTY = """<!doctype html><html lang="en"><title>Faulty</title><main><h1>Faulty</h1><img src="data:,"></main>"""
LONG = CLEAN.replace("</main>", "<a href='/faulty'>Next page</a>" + "<p>Nothing wrong here.</p>" * 3000 + "</main>")
ADDRESS = "http://pages.example"

pytestmark = pytest.mark.browser


@pytest.fixture
def site(page_wide: Page) -> Callable[..., Page]:
    """A few pages at addresses of their own, and the browser on the first of them."""

    def served(**pages: str) -> Page:
        def answer(route: Route) -> None:
            name = route.request.url.rpartition("/")[2]
            route.fulfill(body=pages.get(name, ""), content_type="text/html", status=200 if name in pages else 404)

        page_wide.route(f"{ADDRESS}/**", answer)
        page_wide.goto(f"{ADDRESS}/{next(iter(pages))}")
        return page_wide

    return served


def goes_on(page: Page, to: str, after_ms: int) -> None:
    """Soon, whatever else happens on the page."""
    page.evaluate(f"setTimeout(() => location.assign('{ADDRESS}/{to}'), {after_ms})")


def test_axe_finds_nothing_on_a_clean_page(page_wide: Page, axe: AxeRun) -> None:
    page_wide.set_content(CLEAN)
    assert axe(page_wide) == []


def test_axe_finds_a_picture_without_words(page_narrow: Page, axe: AxeRun) -> None:
    page_narrow.set_content(FAULTY)
    assert any("image-alt" in finding and "img" in finding for finding in axe(page_narrow))


@pytest.mark.parametrize("after_ms", [0, 20, 100])
def test_when_another_page_comes_while_axe_looks_that_one_is_asked(
    site: Callable[..., Page], axe: AxeRun, after_ms: int
) -> None:
    page = site(long=LONG, faulty=FAULTY)
    goes_on(page, "faulty", after_ms)
    assert any("image-alt" in finding for finding in axe(page))
    assert page.title() == "Faulty"


def test_a_page_that_never_settles_is_said(site: Callable[..., Page], axe: AxeRun) -> None:
    page = site(long=LONG)
    page.add_init_script(f"setTimeout(() => location.assign('{ADDRESS}/long'), 100)")
    page.reload()
    with pytest.raises(AssertionError, match=f"was replaced {ASKED_AT_MOST} times"):
        axe(page)


def test_a_question_that_fails_on_a_page_that_stays_is_not_hidden(
    site: Callable[..., Page], axe: AxeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.house.browser.VIOLATIONS", "() => { throw new Error('axe cannot') }")
    monkeypatch.setattr("tests.house.browser.GOING_SECONDS", 0.2)
    with pytest.raises(Exception, match="axe cannot"):
        axe(site(clean=CLEAN))


def test_whoever_follows_a_link_is_on_the_next_page(site: Callable[..., Page]) -> None:
    page = site(long=LONG, faulty=FAULTY)
    follow(page.get_by_role("link", name="Next page"))
    assert page.evaluate("document.title") == "Faulty"


def test_scripts_can_be_switched_off(open_page: Opened) -> None:
    page = open_page(1280, javascript=False)
    page.goto("data:text/html,<noscript><p>Without scripts</p></noscript>")
    assert page.get_by_text("Without scripts").is_visible()
