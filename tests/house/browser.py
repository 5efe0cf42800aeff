"""A real browser for the journeys: Debian's Chromium, driven by Playwright.

One is opened for a whole process, and each page has a context of its own in it: no cookie is anybody else's.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, ViewportSize, sync_playwright

from tests.house.thorough import THOROUGH

CHECKOUT = Path(__file__).resolve().parents[2]
AXE = CHECKOUT / "node_modules/axe-core/axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What is in order is not listed: making the list and sending it takes longer than looking at the page.
VIOLATIONS = """async tags => {
    const about = {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]};
    return (await axe.run(document, about)).violations;
}"""
CHROMIUMS = ("chromium", "google-chrome", "chromium-browser")
# The same engine without windows, menus and profiles: a page costs a quarter of what it costs the whole browser.
SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
FLAGS = [  # nothing that calls home: the journeys speak to this machine alone
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Milliseconds to wait for what must come: long, for the machine may be busy with other tests; nothing is tried twice.
PATIENCE = 60_000
ASKED_AT_MOST = 3
GOING_SECONDS = 60.0  # waited only where a question has failed

MARK = re.compile(r"<[a-z][^>]*>")
# What says who or which, and not what kind of element it is.
CHANGING = re.compile(r""" (id|for|name|value|href|action|datetime|content|nonce|aria-\w+|data-\w+)="[^"]*"|\d+""")

Opened = Callable[..., Page]
AxeRun = Callable[[Page], list[str]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Fails, rather than skips, in CI: a journey nobody ran is not a journey that passed."""
    program = next(filter(None, map(shutil.which, (*SHELLS, *CHROMIUMS))), None)
    if program is None:
        reason = "No Chromium or Chrome was found. Install one (Debian and Ubuntu: apt install chromium)."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Opened]:
    """Opens a page of a given width in a context of its own: `open_page(375, javascript=False)`."""
    contexts: list[BrowserContext] = []

    def opened(width: int, *, height: int = 900, javascript: bool = True) -> Page:
        size: ViewportSize = {"width": width, "height": height}
        context = browser.new_context(viewport=size, java_script_enabled=javascript, locale="en-GB")
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page_wide(open_page: Opened) -> Page:
    """A desk's screen, 1280 pixels wide."""
    return open_page(1280)


@pytest.fixture
def page_narrow(open_page: Opened) -> Page:
    """A phone in a corridor, 375 pixels wide."""
    return open_page(375, height=812)


def follow(pressed: Locator) -> None:
    """Press a link or a button that leads to another page, and wait until that page is there.

    A press alone comes back while the old page still stands, and whoever then looks sees that one.
    """
    with pressed.page.expect_navigation():
        pressed.click()


@dataclass
class Axe:
    """What axe-core finds wrong on a page, one line a finding; an empty list is a clean page.

    Evaluated through the browser's own debugger, so it runs under a strict Content-Security-Policy;
    a page opened with JavaScript off cannot be asked. When another page takes its place meanwhile, that
    one is asked too.

    It takes longer than all else that is done with a page. So in `make test` a page is asked of when it is the first
    of its name at this width, or has an element of a kind that was on none before; in `make test-all` each time.
    """

    script: str
    known: Known = field(default_factory=lambda: Known())
    asked: int = 0

    def __call__(self, page: Page) -> list[str]:
        wrong: list[str] = []
        for _ in range(ASKED_AT_MOST):
            page.wait_for_load_state()
            try:
                if not self.known.is_new(width_of(page), page.url, page.content()):
                    return wrong
                self.asked += 1
                page.evaluate(self.script)
                wrong += violations(page)
                replaced = not was_asked(page)
            except Error:
                if not is_replaced(page):
                    raise
                replaced = True
            if not replaced:
                return wrong
        raise AssertionError(f"{page.url} was replaced {ASKED_AT_MOST} times while axe looked: wait for it to settle.")


@dataclass
class Known:
    """The pages that were looked at, and the kinds of elements that were on them, at each width."""

    names: set[tuple[int, str]] = field(default_factory=set)
    marks: dict[int, set[str]] = field(default_factory=dict)

    def is_new(self, width: int, url: str, html: str) -> bool:
        name, known = name_of(url), self.marks.setdefault(width, set())
        marks = {CHANGING.sub("", mark) for mark in MARK.findall(html)}
        if not THOROUGH and name and (width, name) in self.names and marks <= known:
            return False
        self.names.add((width, name))
        known |= marks
        return True


def name_of(url: str) -> str:
    """The name of a page's address, of a question its own name; none where it is no page of ours."""
    try:
        found = resolve(urlsplit(url).path)
    except Resolver404:
        return ""
    return f"{found.url_name}-{found.kwargs['page']}" if "page" in found.kwargs else str(found.url_name)


def width_of(page: Page) -> int:
    return page.viewport_size["width"] if page.viewport_size else 0


@pytest.fixture(scope="session")
def axe() -> Axe:
    return Axe(AXE.read_text())


def violations(page: Page) -> list[str]:
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {', '.join(map(str, node['target']))}"
        for violation in page.evaluate(VIOLATIONS, AXE_TAGS)
        for node in violation["nodes"]
    ]


def was_asked(page: Page) -> bool:
    """Whether this is still the page that axe was put into: no page of ours has it by itself."""
    return bool(page.evaluate("'axe' in window"))


def is_replaced(page: Page) -> bool:
    """Whether another page has come, or comes soon, in the place of the one that axe was put into."""
    give_up = time.monotonic() + GOING_SECONDS
    while time.monotonic() < give_up:
        try:
            if not was_asked(page):
                return True
        except Error:  # asked in the very moment of going
            page.wait_for_load_state()
        page.wait_for_timeout(20)
    return False
