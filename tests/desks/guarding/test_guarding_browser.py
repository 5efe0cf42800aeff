"""The pages that guard a child's record in a real browser, at a desk and on a phone."""

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
from tests.resolutions.guarded import REASON, emergency_duty
from undrift.access.alarms import raise_alarms
from undrift.access.emergency import Sought, open_found
from undrift.access.fetching import NotFound, fetch_child
from undrift.access.models import Opening
from undrift.access.restricting import ask_to_lift, exclude, name
from undrift.resolutions.models import Resolution

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def signed_in(page: Page, cast: Cast, who: str, server: LiveServer) -> None:
    client = Client()
    client.force_login(cast.person(who), backend="undrift.people.seats.SignedIn")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": server.url}])


def pictured(page: Page, called: str) -> None:
    """A picture for whoever wants to look: set PICTURES to a folder."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{called}.png", full_page=True)


def scene() -> Cast:
    """One resolution, a restricted child with a list, somebody kept out, an opening to review, and an alarm."""
    west, now = under_shipped_versions(westmarch()), timezone.now()
    reached.stage_one(west, at=now)
    reached.stage_one(west, "Tyler", at=now)
    robin, imran = west.child("Robin"), west.person("Imran")
    name(robin, west.person("Callum"), "Works with the older brother", now.date() + timedelta(days=20), imran, now)
    exclude(robin, west.person("Kofi"), "is a relative of the family", imran, now)
    ask_to_lift(robin, imran, now)
    exclude(west.child("Maya"), west.person("Kofi"), "is a relative of the family", west.person("Grace"), now)
    fetch_child(west.child("Maya").public_id, west.person("Hannah"), now, page="child")
    for _ in range(20):
        with pytest.raises(NotFound):
            fetch_child(west.child("Maya").public_id, west.person("Callum"), now, page="child")
    raise_alarms(now)
    open_found(Sought(number="4111"), emergency_duty(west), "immediate-risk", REASON, now)
    return west


@pytest.mark.parametrize("width", [1280, 375])
def test_every_page_is_accessible_and_needs_no_sideways_scrolling(
    live_server: LiveServer, open_page: Opened, axe: AxeRun, width: int
) -> None:
    west, page = scene(), open_page(width)
    maya, robin, tyler = (f"/children/{west.child(one).public_id}" for one in ("Maya", "Robin", "Tyler"))
    register = f"/guarding/restricted/{west.child('Robin').public_id}"
    opening = f"/guarding/openings/{Opening.objects.get().pk}"
    resolution = Resolution.objects.get(about__child=west.child("Tyler"))
    paths = {
        "Grace": {"looks": f"{maya}/looks", "guard": f"{maya}/who-may-see",
                  "restrict": f"{maya}/who-may-see/restrict", "exclude": f"{maya}/who-may-see/exclude"},
        "Imran": {"guard-restricted": f"{robin}/who-may-see", "name": f"{robin}/who-may-see/name"},
        "Judith": {"register": "/guarding/restricted", "register-child": register, "lift": f"{register}/lift",
                   "openings": "/guarding/openings", "opening": opening, "audit": "/guarding/audit", "home": "/",
                   "need-to-know": "/guarding"},
        "Tomasz": {"emergency": "/search/emergency", "glass": tyler, "glass-history": f"{tyler}/history",
                   "glass-resolution": f"/resolutions/{resolution.reference}",
                   "glass-family": f"/families/{west.family('Heron').reference}", "search": "/search"},
    }  # fmt: skip
    wrong: dict[str, list[str]] = {}
    for who, theirs in paths.items():
        page.context.clear_cookies()
        signed_in(page, west, who, live_server)
        for called, path in theirs.items():
            page.goto(f"{live_server.url}{path}")
            assert page.locator("h1").count() == 1, path
            pictured(page, f"guarding-{called}-{width}")
            fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
            wrong[called] = axe(page) + ([] if fits else ["scrolls sideways"])
    assert {called: found for called, found in wrong.items() if found} == {}
    assert len(wrong) == 20


@pytest.mark.parametrize("javascript", [True, False])
def test_in_an_emergency_a_record_is_found_opened_and_reviewed(
    live_server: LiveServer, open_page: Opened, axe: AxeRun, javascript: bool
) -> None:
    west = under_shipped_versions(westmarch())
    emergency_duty(west)
    page, theirs = open_page(375, javascript=javascript), open_page(1280, javascript=javascript)
    signed_in(page, west, "Tomasz", live_server)
    page.goto(f"{live_server.url}/search")
    follow(page.get_by_role("link", name="I need to see a child I am not named for"))
    follow(page.get_by_role("button", name="Open this record"))
    page.get_by_text("Select how you know the child").first.wait_for()
    pictured(page, f"guarding-emergency-wrong-{javascript}")
    assert not javascript or axe(page) == []
    page.get_by_label("By name and date of birth").check()
    page.get_by_label("First name").fill("Maya")
    page.get_by_label("Last name").fill("Alder")
    for part, typed in (("Day", "3"), ("Month", "9"), ("Year", "2015")):
        page.get_by_label(part, exact=True).fill(typed)
    page.get_by_label("A child may be at immediate risk").check()
    page.get_by_label("What has happened?").fill(REASON)
    follow(page.get_by_role("button", name="Open this record"))
    page.get_by_role("heading", level=1, name="The record could not be opened").wait_for()
    assert not javascript or axe(page) == []
    follow(page.get_by_role("button", name="Enter it again"))
    page.get_by_label("By the number in the case system").check()
    page.get_by_label("Number in the case system", exact=True).fill("4101")
    page.get_by_label("A child may be at immediate risk").check()
    page.get_by_label("What has happened?").fill(REASON)
    follow(page.get_by_role("button", name="Open this record"))
    page.get_by_text("Read only. Everyone concerned has been told.").wait_for()
    pictured(page, f"guarding-opened-{javascript}")
    assert not javascript or axe(page) == []
    follow(page.get_by_role("button", name="Close this record now"))
    page.get_by_text("The record is closed to you again.").wait_for()
    signed_in(theirs, west, "Marcus", live_server)
    theirs.goto(live_server.url)
    follow(theirs.get_by_role("link", name="Opened by Tomasz Wrenfield"))
    theirs.get_by_label("Yes", exact=True).check()
    follow(theirs.get_by_role("button", name="Keep this review"))
    theirs.get_by_text("Justified, Marcus Penhale").wait_for()
