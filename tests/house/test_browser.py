"""The browser and the page checker that the journeys rely on: both must be able to fail."""

import pytest
from playwright.sync_api import Page

from tests.house.browser import AxeRun, Opened

CLEAN = """<!doctype html><html lang="en"><title>Clean</title><main><h1>Clean</h1><p>Nothing wrong.</p></main>"""
FAULTY = """<!doctype html><html lang="en"><title>Faulty</title><main><h1>Faulty</h1><img src="data:,"></main>"""


@pytest.mark.browser
def test_axe_finds_nothing_on_a_clean_page(page_wide: Page, axe: AxeRun) -> None:
    page_wide.set_content(CLEAN)
    assert axe(page_wide) == []


@pytest.mark.browser
def test_axe_finds_a_picture_without_words(page_narrow: Page, axe: AxeRun) -> None:
    page_narrow.set_content(FAULTY)
    assert any("image-alt" in finding and "img" in finding for finding in axe(page_narrow))


@pytest.mark.browser
def test_scripts_can_be_switched_off(open_page: Opened) -> None:
    page = open_page(1280, javascript=False)
    page.goto("data:text/html,<noscript><p>Without scripts</p></noscript>")
    assert page.get_by_text("Without scripts").is_visible()
