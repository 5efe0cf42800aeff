"""The pages on which something is said of a child, in a real browser, at a desk and on a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.cast import Cast, westmarch
from tests.desks.people.test_people_browser import pictured, signed_in
from tests.house.browser import AxeRun, Opened, follow
from tests.resolutions.conftest import under_shipped_versions
from undrift.applying import by_hand, looked_after
from undrift.applying.by_hand import NewChild
from undrift.applying.one_child import say_same
from undrift.children.models import AlsoInFamily, Child, SameChild
from undrift.record.families import also_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def scene() -> tuple[Cast, str]:
    """One who is not born yet, in the family of one on a plan, who has all else that can be said of a child."""
    west, today = under_shipped_versions(westmarch()), timezone.localdate()
    said = NewChild(number="8001", last_name="Sorrel", expected=today + timedelta(days=30), sibling=west.child("Kai"))
    unborn = by_hand.begin(west.authority, said, by=west.person("Pauline"), at=timezone.now())
    kai, pauline, now = west.child("Kai"), west.person("Pauline"), timezone.now()
    looked_after.begin(kai, starts=today - timedelta(days=30), iro_name="Ms Vane", by=pauline, at=now)
    also_in(kai, west.child("Tyler"), by=pauline, at=now, why="They have one father")
    alike: dict[str, Any] = {"last_name": "Sorrel", "born": kai.date_of_birth}
    for number, name in (("9001", "Kai-Lee"), ("9002", "Robin"), ("9003", "Robin")):
        begun = by_hand.begin(west.authority, NewChild(number=number, first_name=name, **alike), by=pauline, at=now)
        if name == "Kai-Lee":
            say_same(kai, begun, by=pauline, at=now, why="It was renumbered in the case system")
    return west, unborn.public_id


@pytest.mark.parametrize("width", [1280, 375])
def test_every_page_is_accessible_and_needs_no_sideways_scrolling(
    live_server: LiveServer, open_page: Opened, axe: AxeRun, width: int
) -> None:
    (west, unborn), page = scene(), open_page(width)
    signed_in(page, west, "Pauline", live_server)
    kai = west.child("Kai").public_id
    of_plan = f"/right/latest_category-{west.plan('Kai').pk}"
    of_kai = {"child": "", "ends": "/plan/end", "category": "/plan/category", "moves": "/moves", "died": "/died",
              "right-day": "/right/date_of_birth", "right-category": of_plan}  # fmt: skip
    robin = Child.objects.get(external_id="9002").public_id
    of_kai |= {"care": "/looked-after", "care-ends": "/looked-after/end", "family": "/family"}
    of_kai |= {"same-end": f"/same/{SameChild.objects.get().pk}/end"}
    of_kai |= {"second-end": f"/family/{AlsoInFamily.objects.get().pk}/end"}
    paths = {
        "alike": "/allocation/alike",
        "same": f"/allocation/children/{robin}/same",
        "record": f"/children/{kai}",
        "new": "/allocation/new",
        "list": "/allocation?plan=none",
        **{name: f"/allocation/children/{kai}{path}" for name, path in of_kai.items()},
        **{
            f"unborn{path.replace('/', '-')}": f"/allocation/children/{unborn}{path}" for path in ("", "/born", "/plan")
        },
    }
    wrong: dict[str, list[str]] = {}
    for name, path in paths.items():
        page.goto(f"{live_server.url}{path}")
        wrong[name] = looked_at(page, axe, f"{name}-{width}")
    for name, path, button in (
        ("new", "/allocation/new", "Put the child on file"),
        ("same", f"/allocation/children/{robin}/same", "Say so"),
        ("died", f"/allocation/children/{kai}/died", "Hold the record"),
    ):
        page.goto(f"{live_server.url}{path}")
        follow(page.get_by_role("button", name=button))
        wrong[f"{name}, wrong"] = looked_at(page, axe, f"{name}-wrong-{width}")
    assert {name: found for name, found in wrong.items() if found} == {}


def looked_at(page: Page, axe: AxeRun, called: str) -> list[str]:
    assert page.locator("h1").count() == 1
    pictured(page, f"facts-{called}")
    fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return axe(page) + ([] if fits else ["scrolls sideways"])
