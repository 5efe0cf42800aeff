"""A page in the browser, as every journey will see it: styles arrive, and the policy on content is kept."""

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.house.browser import AxeRun


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 375])
def test_the_sign_in_page_is_styled_clean_and_fits(
    live_server: LiveServer, page_wide: Page, page_narrow: Page, axe: AxeRun, width: int
) -> None:
    page = page_wide if width == 1280 else page_narrow
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("response", lambda answer: complaints.append(answer.url) if answer.status >= 400 else None)
    page.goto(f"{live_server.url}/sign-in")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").lower().startswith("arial")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page) == []
    assert complaints == []
