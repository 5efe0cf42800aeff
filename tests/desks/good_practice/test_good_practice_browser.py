"""The good practice report in a real browser, at a desk and on a phone: from the notes to what is published."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.cast import Cast, westmarch
from tests.desks.people.test_people_browser import pictured, signed_in
from tests.house.browser import AxeRun, Opened, follow
from tests.resolutions.conftest import under_shipped_versions
from undrift.engine.plan_cycle import acts
from undrift.plan_cycle.actions import perform
from undrift.plan_cycle.periods import periods
from undrift.record.who_plays import context_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LETTERS = (
    ("Tyler", "exemplary", "Tyler, Hannah found your dad and listened to him.\n\nNow he reads to you on Sundays."),
    (
        "Kai",
        "good",
        "Everybody who had said that they would come did come. The plan was written for you to read.",
    ),
)


def scene() -> Cast:
    west = under_shipped_versions(westmarch())
    for child, tier, text in LETTERS:
        one = west.child(child)
        note = acts.WriteNote(str(one.pk), tier, text, "Hannah Quill", True)
        perform(note, by=west.person("Grace"), context=context_for([one], timezone.now()))
    return west


def looked_at(page: Page, axe: AxeRun, name: str) -> list[str]:
    assert page.locator("h1").count() == 1
    pictured(page, f"good-practice-{name}")
    fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return axe(page) + ([] if fits else ["scrolls sideways"])


@pytest.mark.parametrize("width", [1280, 375])
def test_a_report_is_made_from_the_notes_to_the_paper(
    live_server: LiveServer, open_page: Opened, axe: AxeRun, width: int
) -> None:
    west, page = scene(), open_page(width)
    signed_in(page, west, "Marcus", live_server)
    period, wrong = periods(timezone.localdate())[0], {}
    page.goto(f"{live_server.url}/good-practice")
    wrong["empty"] = looked_at(page, axe, f"empty-{width}")
    follow(page.get_by_role("button", name="Make a report"))
    page.get_by_label("Period").select_option(period.key)
    follow(page.get_by_role("button", name="Show the notes"))
    wrong["choose"] = looked_at(page, axe, f"choose-{width}")
    page.get_by_label("Tyler, Hannah found your dad").check()
    page.get_by_label("Everybody who had said").check()
    follow(page.get_by_role("button", name="Go on with these"))
    wrong["words"] = looked_at(page, axe, f"words-{width}")
    page.get_by_label("Sentence 1", exact=True).fill("Tyler, [the worker] found your dad.")
    follow(page.get_by_role("button", name="Publish the report"))
    assert page.get_by_text("Take out “Tyler”").count() == 2
    wrong["wrong"] = looked_at(page, axe, f"wrong-{width}")
    page.get_by_label("Sentence 1", exact=True).fill("[the worker] found your dad and listened to him.")
    for number in (1, 2):
        page.get_by_label(f"No child can be recognised by sentence {number}").check()
    follow(page.get_by_role("button", name="Publish the report"))
    assert page.get_by_text("The report is published.").is_visible()
    wrong["report"] = looked_at(page, axe, f"report-{width}")
    page.emulate_media(media="print")
    wrong["paper"] = looked_at(page, axe, f"paper-{width}")
    page.emulate_media(media="screen")
    page.goto(f"{live_server.url}/good-practice")
    wrong["list"] = looked_at(page, axe, f"list-{width}")
    assert {name: found for name, found in wrong.items() if found} == {}
