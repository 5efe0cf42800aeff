"""Every address that shows a page, opened with words that have no end: it fits its window, and axe finds nothing.

In the thorough run each of them, at a desk's width, on a phone and at 400% zoom; as a rule a few, at the narrowest.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.db.models import CharField, F, Model, Value
from django.db.models.functions import Cast as AsText
from django.db.models.functions import Concat
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.cast import Cast, westmarch
from tests.desks.every_page import NO_PAGE, OPENERS, PRESSED
from tests.desks.test_long_words_browser import LONG, widest
from tests.desks.typed import sendings
from tests.house.browser import AxeRun, Opened
from tests.house.thorough import THOROUGH
from tests.resolutions import reached
from tests.resolutions.conftest import under_shipped_versions
from undrift.access.restricting import LONGEST_WHY
from undrift.children.models import Child, Family
from undrift.desks.frame.addresses import RULES
from undrift.people.models import Agency, Person, Unit

NAME = "N" * 90
# Shown where the service is a demonstration, and nowhere else.
IN_THE_DEMO = {"demo", "components"}
# On the way to these a reason is given that may have no more letters.
WITH_A_REASON = {"child-same-end"}
TEXTS = ("IMPACT", "CONCERN", "ASK", "WHY_THIS_STAGE", "REASON")
WIDTHS = (1280, 375, 320) if THOROUGH else (320,)
PAGES = sorted(OPENERS) if THOROUGH else sorted(OPENERS)[::15]


def test_every_address_is_opened_or_shows_no_page() -> None:
    known = [*OPENERS, *NO_PAGE, *PRESSED]
    assert sorted(known) == sorted(RULES), "Say in tests/desks/every_page.py how it is opened."


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch, name: str) -> Cast:
    """Whatever is written on the way to a page is one word of 400 letters."""
    monkeypatch.setattr(sendings, "LONG", LONG[:LONGEST_WHY] if name in WITH_A_REASON else LONG)
    for text in TEXTS:
        monkeypatch.setattr(reached, text, LONG)
    return under_shipped_versions(westmarch())


def named_at_length() -> None:
    """Everybody and everything has a name of one long word; a number before it tells those apart whose names differ."""
    Child.objects.update(first_name=NAME, last_name=NAME)
    models: tuple[type[Model], ...] = (Family, Unit, Agency, Person)
    for model in models:
        model._default_manager.update(name=Concat(AsText(F("pk"), CharField()), Value(NAME)))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_with_long_words_fits_its_window(
    live_server: LiveServer, open_page: Opened, axe: AxeRun, cast: Cast, settings: Any, name: str
) -> None:
    settings.DEMO = name in IN_THE_DEMO
    shown = OPENERS[name](cast)
    named_at_length()
    page, wrong = open_page(WIDTHS[0]), []
    _with_cookies_of(page, shown.client, live_server)
    answer = page.goto(f"{live_server.url}{shown.path}")
    assert answer is not None
    assert answer.status == 200, f"{name} answers {answer.status}"
    assert page.locator("h1").count() == 1
    assert shown.shows in page.inner_text("main")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        needs = page.evaluate("document.documentElement.scrollWidth")
        if needs > width:
            wrong.append(f"at {width} it is {needs} wide: {widest(page)}")
        wrong += [f"at {width} {found}" for found in axe(page)]
        pictured(page, f"{name}-{width}")
    assert wrong == [], "\n".join(wrong)


def _with_cookies_of(page: Page, client: Client, server: LiveServer) -> None:
    found = client.cookies.get(configured.SESSION_COOKIE_NAME)
    if found is not None:
        page.context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": found.value, "url": server.url}])


def pictured(page: Page, name: str) -> None:
    """A picture for whoever wants to look: set PICTURES to a folder."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
