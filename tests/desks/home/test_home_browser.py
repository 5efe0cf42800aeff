"""Home, the worklist, a child's and a family's page in a real browser: at a desk and on a phone, empty and filled."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as configured
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.cast import NOW, Cast
from tests.desks.home import scene
from tests.house.browser import AxeRun, Opened
from tests.house.thorough import WIDTHS
from tests.resolutions.conftest import under_shipped_versions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[[str, str, str], Page]


@pytest.fixture(autouse=True)
def static_files_under_their_own_names(settings: Any) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture(autouse=True)
def the_sixth_of_may() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def signed_in(page: Page, live_server: LiveServer, cast: Cast, name: str) -> Page:
    client = Client()
    client.force_login(cast.person(name))
    key = client.cookies[configured.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": configured.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    return page


def pictured(page: Page, name: str) -> None:
    """A picture for whoever wants to look: set PICTURES to a folder."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def wrong_on(page: Page, axe: AxeRun, address: str, name: str) -> list[str]:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    pictured(page, name)
    return axe(page) + ([] if fits(page) else ["scrolls sideways"])


@pytest.mark.parametrize("width", WIDTHS)
def test_a_working_day_is_accessible_for_everybody(
    live_server: LiveServer, open_page: Opened, axe: AxeRun, width: int
) -> None:
    from tests.cast import westmarch

    west = under_shipped_versions(westmarch())
    scene.busy_day(west)
    maya = west.child("Maya").public_id
    alders = west.family("Alder").reference
    visits = {
        "Grace": ["/", "/?show=decide", "/resolutions", "/resolutions?due=late&stage=stage-1", "/children",
                  "/children?review=third", f"/children/{maya}", f"/children/{maya}/resolutions",
                  f"/children/{maya}/history", f"/families/{alders}", "/search"],
        "Priya": ["/", "/resolutions"],
        "Denise": ["/"],
        "Judith": ["/", "/resolutions"],
        "Stephen": ["/"],
        "Dev": ["/", "/children"],
        "Imran": ["/", "/resolutions", "/children"],
        "Siobhan": ["/", "/children"],
        "Pauline": ["/"],
    }  # fmt: skip
    wrong: dict[str, list[str]] = {}
    for name, addresses in visits.items():
        page = signed_in(open_page(width), live_server, west, name)
        for address in addresses:
            tail = address.strip("/").replace("/", "-").replace(maya, "maya").replace(alders, "alder") or "home"
            shot = f"{name}-{tail.replace('?', '-')}-{width}"
            wrong[shot] = wrong_on(page, axe, f"{live_server.url}{address}", shot)
    page = signed_in(open_page(width), live_server, west, "Grace")
    for words in ("Linet", "Rowan", "zzzz", "%"):
        page.goto(f"{live_server.url}/search")
        page.locator("#search-words").fill(words)
        with page.expect_navigation():
            page.locator("#search-words").press("Enter")
        pictured(page, f"search-{words.replace('%', 'wild')}-{width}")
        assert page.url == f"{live_server.url}/search"
        wrong[f"search {words}"] = axe(page) + ([] if fits(page) else ["scrolls sideways"])
    assert {name: found for name, found in wrong.items() if found} == {}


def test_northmoor_chair_sees_the_overdue_key_action(live_server: LiveServer, open_page: Opened, axe: AxeRun) -> None:
    from tests.cast import northmoor

    north = under_shipped_versions(northmoor())
    scene.starred(north)
    scene.key_action_overdue(north)
    for name in ("Rosalind", "Elias", "Oluchi"):
        page = signed_in(open_page(1280), live_server, north, name)
        assert wrong_on(page, axe, f"{live_server.url}/", f"north-{name}-1280") == []
