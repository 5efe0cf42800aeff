"""The pages of allocation in a real browser, at a desk and on a phone; and given by the keyboard alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.cast import Cast, westmarch
from tests.desks.people.test_people_browser import pictured, signed_in
from tests.house.browser import AxeRun, Opened, follow
from tests.resolutions import reached
from tests.resolutions.conftest import under_shipped_versions
from undrift.access.restricting import exclude, restrict
from undrift.children.facts import Because, change
from undrift.record.allocating import allocate
from undrift.record.allocations import AllocationPart

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def scene() -> Cast:
    """Two without a chair, one of them restricted; one whose worker changes next week; one kept out."""
    west, now = under_shipped_versions(westmarch()), timezone.now()
    reached.stage_one(west, at=now)
    for child in ("Kai", "Tyler", "Amara"):
        change(west.plan(child), {"chair_id": None}, Because(at=now, by=west.person("Marcus"), why="She left"))
    restrict(west.child("Tyler"), west.person("Marcus"), "A relative works here.", now)
    exclude(west.child("Noor"), west.person("Imran"), "is a relative", west.person("Marcus"), now)
    allocate(
        [west.child("Kai")], AllocationPart.SOCIAL_WORKER, west.person("Kofi"), by=west.person("Marcus"), at=now,
        from_day=timezone.localdate() + timedelta(days=7),
    )  # fmt: skip
    return west


@pytest.mark.parametrize("width", [1280, 375])
def test_every_page_is_accessible_and_needs_no_sideways_scrolling(
    live_server: LiveServer, open_page: Opened, axe: AxeRun, width: int
) -> None:
    west, page = scene(), open_page(width)
    signed_in(page, west, "Judith", live_server)
    kai, noor = west.child("Kai").public_id, west.child("Noor").public_id
    imran, today = west.person("Imran").pk, timezone.localdate()
    paths = {
        "home": "/", "list": "/allocation", "no-chair": "/allocation?lacks=chair", "give": f"/allocation/give?c={kai}",
        "check": f"/allocation/check?c={kai}&part=chair&to={imran}&day={today}",
        "refused": f"/allocation/check?c={kai}&c={noor}&part=chair&to={imran}&day={today}",
        "child": f"/allocation/children/{kai}", "family": f"/allocation/children/{kai}/family",
        "member": f"/allocation/children/{kai}/core-group", "facts": f"/children/{kai}/facts",
        "record": f"/children/{kai}",
    }  # fmt: skip
    wrong: dict[str, list[str]] = {}
    for name, path in paths.items():
        page.goto(f"{live_server.url}{path}")
        assert page.locator("h1").count() == 1
        pictured(page, f"allocation-{name}-{width}")
        fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        wrong[name] = axe(page) + ([] if fits else ["scrolls sideways"])
    page.goto(f"{live_server.url}/allocation/give?c={kai}")
    follow(page.get_by_role("button", name="Check"))
    pictured(page, f"allocation-give-wrong-{width}")
    wrong["give, wrong"] = axe(page)
    assert {name: found for name, found in wrong.items() if found} == {}


def test_by_the_keyboard_alone_two_children_are_given_to_a_chair(live_server: LiveServer, open_page: Opened) -> None:
    west, page = scene(), open_page(1280)
    signed_in(page, west, "Judith", live_server)
    page.goto(f"{live_server.url}/allocation?lacks=chair")
    for name in ("Kai Sorrel", "Amara Linnet"):
        page.get_by_label(name, exact=True).focus()
        page.keyboard.press("Space")
    follow_by_key(page, "Say who has those ticked")
    page.get_by_label("Chair", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_label("Who chairs for them?").focus()
    page.keyboard.type("Imran")
    follow_by_key(page, "Check")
    follow_by_key(page, "Allocate 2 children")
    assert "2 children now have Imran Dastgir as chair" in page.inner_text("main")
    assert west.plan("Kai").chair == west.plan("Amara").chair == west.person("Imran")


def follow_by_key(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
