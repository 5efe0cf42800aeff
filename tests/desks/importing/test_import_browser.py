"""The pages of importing in a real browser, at a desk and on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.cast import Cast, westmarch
from tests.desks.importing.files import be, list_7, said
from tests.desks.people.test_people_browser import pictured, signed_in
from tests.house.browser import AxeRun, Opened, follow
from tests.resolutions.conftest import under_shipped_versions
from undrift.applying.formats import FORMATS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rows(number: int) -> list[dict[str, object]]:
    """A few that are wrong, each in its own way, and others that are not."""
    today = timezone.localdate()
    wrong: list[dict[str, object]] = [
        {"ends": today - timedelta(days=900)}, {"sex": "q) Unknown"}, {"visit": "soon"}, {"child_id": None},
    ]  # fmt: skip
    return [
        {"child_id": f"7{n:04}", "visit": None, "review": None, **(wrong[n] if n < len(wrong) else {})}
        for n in range(number)
    ]


def scene() -> tuple[Cast, dict[str, str]]:
    """One import applied, a check that waits, and a file that cannot be used."""
    west = under_shipped_versions(westmarch())
    jo, today = be(west, "Jo Talbot"), timezone.localdate()
    run = jo.post(jo.post("/import", said(list_7(*rows(60)), today)).headers["Location"], {}).headers["Location"]
    check = jo.post("/import", said(list_7(*rows(70), name="a" * 60 + ".xlsx"), today)).headers["Location"]
    return west, {"first": "/import", "check": check, "run": run, "undo": f"{run}/undo"}


def fits(page: Page) -> list[str]:
    inside = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return [] if inside else ["scrolls sideways"]


@pytest.mark.parametrize("width", [1280, 375])
def test_every_page_is_accessible_and_needs_no_sideways_scrolling(
    live_server: LiveServer, open_page: Opened, axe: AxeRun, width: int
) -> None:
    west, paths = scene()
    page = open_page(width)
    signed_in(page, west, "Judith", live_server)
    wrong: dict[str, list[str]] = {}
    for name, path in paths.items():
        page.goto(f"{live_server.url}{path}")
        assert page.locator("h1").count() == 1
        pictured(page, f"import-{name}-{width}")
        wrong[name] = axe(page) + fits(page)
    page.goto(f"{live_server.url}/import")
    follow(page.get_by_role("button", name="Check the file"))
    pictured(page, f"import-wrong-{width}")
    wrong["wrong"] = axe(page) + fits(page)
    page.get_by_label(FORMATS["annex-a"].title).check()
    page.get_by_label("Which file?").set_input_files({"name": "a.xlsx", "mimeType": XLSX, "buffer": b"no workbook"})
    follow(page.get_by_role("button", name="Check the file"))
    page.get_by_role("heading", level=1, name="This file cannot be used").wait_for()
    pictured(page, f"import-stopped-{width}")
    wrong["stopped"] = axe(page) + fits(page)
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_is_checked_and_applied_in_a_browser(
    live_server: LiveServer, open_page: Opened, javascript: bool
) -> None:
    west, page = under_shipped_versions(westmarch()), open_page(1280, javascript=javascript)
    signed_in(page, west, "Jo Talbot", live_server)
    page.goto(f"{live_server.url}/import")
    content = list_7(*rows(6)).read()
    page.get_by_label(FORMATS["annex-a"].title).check()
    page.get_by_label("Which file?").set_input_files({"name": "annex.xlsx", "mimeType": XLSX, "buffer": content})
    follow(page.get_by_role("button", name="Check the file"))
    page.get_by_role("heading", level=1, name="Check before you apply").wait_for()
    follow(page.get_by_role("button", name="Apply"))
    page.get_by_text("Applied. What it changed is on this page").wait_for()


def test_while_it_runs_the_page_says_so(live_server: LiveServer, page_wide: Page) -> None:
    west, paths = scene()
    signed_in(page_wide, west, "Jo Talbot", live_server)
    page_wide.goto(f"{live_server.url}{paths['check']}")
    # It stays as it is: what is looked at is what stands there until the answer comes.
    page_wide.evaluate("document.querySelector('main form').addEventListener('submit', e => e.preventDefault())")
    said_so = page_wide.get_by_role("status").filter(has_text="The file is being applied. Stay on this page")
    assert said_so.count() == 0
    page_wide.get_by_role("button", name="Apply").click()
    said_so.wait_for()
    pictured(page_wide, "import-working-1280")
    assert page_wide.get_by_role("progressbar").count() == 1
