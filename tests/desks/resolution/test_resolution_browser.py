"""The pages of one resolution in a real browser, at a desk and on a phone."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.cast import Cast, westmarch
from tests.house.browser import AxeRun, Opened
from tests.resolutions.conftest import under_shipped_versions
from tests.resolutions.reached import answered, informal, judged, stage_one
from undrift.engine.ladder import acts
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Stage:
    """One resolution that waits, one whose date has passed, one that was judged and moved on."""

    def __init__(self) -> None:
        now = timezone.now()
        self.cast: Cast = under_shipped_versions(westmarch())
        self.waits = stage_one(self.cast, at=now).resolution
        self.passed = stage_one(self.cast, "Maya", at=now - timedelta(days=20)).resolution
        self.told = self._told()
        self.agreed = informal(self.cast, "Jude", at=now).resolution

    def _told(self) -> Resolution:
        """Two stages, an answer that was not accepted, actions agreed, started and done."""
        cast, grace = self.cast, self.cast.person("Grace")
        begun = timezone.now() - timedelta(days=12)
        r = stage_one(cast, at=begun).resolution
        answered(cast, r, begun + timedelta(days=1))
        judged(cast, r, begun + timedelta(days=2), settled=False)
        onward = acts.MoveOn("stage-2", "not accepted", ask="A date for Jude.", different="Two weeks have gone by.")
        perform(onward, resolution=r, by=grace, at=begun + timedelta(days=2, hours=1))
        plan = acts.ActionAsked("Write up the two visits", "Hannah Quill", (timezone.now() + timedelta(days=9)).date())
        perform(acts.AgreeAction(plan), resolution=r, by=grace, at=begun + timedelta(days=3))
        perform(acts.StartAction("a1", "One is on file."), resolution=r, by=grace, at=begun + timedelta(days=4))
        return r

    def pages(self) -> dict[str, tuple[str, str]]:
        """Whose page, and its address."""
        told, waits, passed = (r.reference for r in (self.told, self.waits, self.passed))
        return {
            "timeline": ("Grace", f"/resolutions/{told}"),
            "to-respond": ("Priya", f"/resolutions/{waits}"),
            "respond": ("Priya", f"/resolutions/{waits}/respond"),
            "passed": ("Grace", f"/resolutions/{passed}"),
            "hand-over": ("Grace", f"/resolutions/{passed}/hand-over"),
            "next-stage": ("Grace", f"/resolutions/{passed}/next-stage"),
            "copy": ("Grace", f"/resolutions/{told}/copy/{self.cast.child('Jude').public_id}"),
            "agreed": ("Grace", f"/resolutions/{self.agreed.reference}"),
            "urgent": ("Grace", reverse("urgent")),
            "menu": ("Judith", reverse("people")),
        }


def signed_in(page: Page, cast: Cast, name: str, server: LiveServer) -> None:
    client = Client()
    client.force_login(cast.person(name), backend="undrift.people.seats.SignedIn")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": server.url}])


def pictured(page: Page, name: str) -> None:
    """A picture for whoever wants to look: set PICTURES to a folder."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("width", [1280, 375])
def test_every_page_is_accessible_and_needs_no_sideways_scrolling(
    live_server: LiveServer, open_page: Opened, axe: AxeRun, width: int
) -> None:
    stage, page = Stage(), open_page(width)
    wrong: dict[str, list[str]] = {}
    for name, (who, path) in stage.pages().items():
        signed_in(page, stage.cast, who, live_server)
        page.goto(f"{live_server.url}{path}")
        assert page.locator("h1").count() == 1, name
        pictured(page, f"resolution-{name}-{width}")
        fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        wrong[name] = axe(page) + ([] if fits else ["scrolls sideways"])
    assert not any(wrong.values()), wrong


def test_on_paper_there_is_the_record_and_nothing_to_press(live_server: LiveServer, open_page: Opened) -> None:
    stage, page = Stage(), open_page(1280)
    signed_in(page, stage.cast, "Grace", live_server)
    page.goto(f"{live_server.url}/resolutions/{stage.told.reference}")
    page.emulate_media(media="print")
    for shown in ("The concern", "What happened", "What we agreed", "OFFICIAL-SENSITIVE"):
        assert page.get_by_text(shown).first.is_visible(), shown
    for pressed in ("What else you can do", "Copy text for Maya", "Sign out", "Search", "Next"):
        assert not page.get_by_text(pressed, exact=True).first.is_visible(), pressed
    addresses = """() => [...document.querySelectorAll(".govuk-link")]
        .map((link) => getComputedStyle(link, "::after").content).filter((after) => after.includes("/"))"""
    assert page.evaluate(addresses) == []
