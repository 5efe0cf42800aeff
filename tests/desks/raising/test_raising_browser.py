"""Raising and moving on in a real browser: at a desk and on a phone, each page through axe; and without a script."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import cast as casting
from tests.desks.raising.chairs import Chair, next_weekday
from tests.desks.raising.test_next_stage import next_stage, raised
from tests.house.browser import AxeRun, Opened, follow
from tests.house.thorough import WIDTHS
from undrift.engine.ladder import acts
from undrift.record.history import state_of
from undrift.resolutions.actions import perform
from undrift.resolutions.models import Resolution

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Look = Callable[[Page, str], None]


@pytest.fixture
def chair_of(live_server: LiveServer) -> Callable[[str], Chair]:
    """Grace at Westmarch or Rosalind at Northmoor, with their families."""
    made = {"Grace Ollerton": casting.westmarch, "Rosalind Amery": casting.northmoor}
    return lambda name: Chair(made[name](), name)


def sign_in(page: Page, chair: Chair, live_server: LiveServer) -> None:
    cookie = chair.client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


@pytest.fixture
def look(axe: AxeRun, request: pytest.FixtureRequest) -> Look:
    """Axe finds nothing, nothing scrolls sideways; and a picture for whoever sets PICTURES to a folder."""

    def looked(page: Page, name: str) -> None:
        width = page.viewport_size["width"] if page.viewport_size else 0
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name

    return looked


def unseen(page: Page, name: str) -> None:
    """Without a script there is nothing that axe could ask."""


def type_day(page: Page, name: str, value: object) -> None:
    for part in ("day", "month", "year"):
        page.locator(f'[name="{name}_{part}"]').fill(str(getattr(value, part)))


def go_on(page: Page) -> None:
    follow(page.get_by_role("button", name="Continue"))


def informal_record(page: Page, live_server: LiveServer, chair: Chair, look: Look) -> None:
    """J1: Grace and the three Alders."""
    family = chair.cast.family("Alder").reference
    page.goto(f"{live_server.url}{reverse('raise-choice', kwargs={'family': family})}")
    go_on(page)
    look(page, "informal-0-choice-error")
    page.get_by_label("Informal", exact=True).check()
    go_on(page)
    look(page, "informal-1-empty")
    follow(page.locator("main").get_by_role("button", name="Save record").last)
    look(page, "informal-2-errors")
    follow(page.get_by_role("button", name="Select all 3 children on a plan"))
    page.get_by_label("Immediately after the conference").check()
    page.get_by_label("Report not shared in time").check()
    page.get_by_label("Visits not consistently recorded").check()
    page.get_by_label("What is the concern?").fill("The report reached Mum on the morning.")
    page.get_by_label("How does this affect Maya?").fill("She was asked about things she had not heard before.")
    page.get_by_label("How does this affect Jude?").fill("He did not know why people came.")
    page.get_by_label("How does this affect Noor?").fill("We cannot show that she is seen in her cot room.")
    page.get_by_role("group", name="Is any child at immediate risk now?").get_by_label("No", exact=True).check()
    page.get_by_label("In person").check()
    page.get_by_label("What will be done?").fill("Write up the two visits")
    page.get_by_label("Who will do it?").select_option("Hannah Quill")
    type_day(page, "agreed-0-by", next_weekday(5))
    follow(page.get_by_role("button", name="Add another action"))
    page.locator('[name="agreed-1-what"]').fill("Share the next report 3 days before")
    page.locator('[name="agreed-1-who"]').select_option("Priya Nairn")
    type_day(page, "agreed-1-by", next_weekday(30))
    type_day(page, "date", next_weekday(30))
    look(page, "informal-3-filled")
    with page.expect_navigation():
        page.get_by_label("Who did you speak to?").press("Enter")
    expect(page.get_by_text("Recorded. We will ask you on")).to_be_visible()
    look(page, "informal-4-recorded")
    state = state_of(Resolution.objects.get())
    assert len(state.children) == 3
    assert len(state.actions) == 2


def formal_with_risk(page: Page, live_server: LiveServer, chair: Chair, look: Look) -> None:
    """J6: Grace and Kai, at stage 2 because of an immediate risk."""
    page.goto(f"{live_server.url}{reverse('raise-choice', kwargs={'child': chair.id('Kai')})}")
    page.get_by_label("Formal", exact=True).check()
    go_on(page)
    go_on(page)
    look(page, "formal-01-children-error")
    page.get_by_label("Kai", exact=True).check()
    go_on(page)
    page.get_by_label("At another time").check()
    look(page, "formal-02-source")
    go_on(page)
    page.get_by_label("Immediate safeguarding risk").check()
    page.get_by_label("No safety plan").check()
    look(page, "formal-03-concern")
    go_on(page)
    page.get_by_label("How does this affect Kai?").fill("He lives with an adult who has harmed a child.")
    look(page, "formal-04-impact")
    go_on(page)
    page.get_by_label("Yes", exact=True).check()
    look(page, "formal-05-risk")
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Act first. Has someone acted to make every child safe?")
    look(page, "formal-06-act-first")
    follow(page.get_by_role("link", name="No, not yet"))
    look(page, "formal-07-not-yet")
    follow(page.get_by_role("link", name="Someone has acted now"))
    page.get_by_label("What was done?").fill("Strategy discussion held at 2pm; Kai is at his grandmother’s tonight.")
    page.get_by_label("Who did it?").fill("Priya Nairn")
    look(page, "formal-08-made-safe")
    go_on(page)
    go_on(page)
    expect(page.get_by_label("Stage 2", exact=True)).to_be_checked()
    look(page, "formal-10-stage")
    go_on(page)
    page.get_by_label("What do you want to happen?").fill("A safety plan today.")
    look(page, "formal-11-ask")
    go_on(page)
    page.get_by_label("Nadia Brookfield").check()
    page.locator(".undrift-why summary").click()
    look(page, "formal-12-people")
    go_on(page)
    look(page, "formal-13-check")
    follow(page.get_by_role("button", name="Send to Denise Harkaway"))
    look(page, "formal-14-check-error")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Not yet, or not known").check()
    follow(page.get_by_role("button", name="Send to Denise Harkaway"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent to Denise Harkaway")
    look(page, "formal-15-sent")
    resolution = Resolution.objects.get()
    assert resolution.stage == "stage-2"
    assert resolution.risk


def starred(page: Page, live_server: LiveServer, chair: Chair, look: Look) -> None:
    """J7, as far as the sending: Rosalind and Aisha."""
    page.goto(f"{live_server.url}{reverse('raise-choice', kwargs={'child': chair.id('Aisha')})}")
    look(page, "starred-00-choice")
    page.get_by_label("Starred recommendation").check()
    go_on(page)
    page.get_by_label("Aisha", exact=True).check()
    go_on(page)
    page.get_by_label("When feedback on a key action was due").check()
    go_on(page)
    page.get_by_label("Specialist help such as CAMHS").check()
    look(page, "starred-03-concern")
    go_on(page)
    page.get_by_label("How does this affect Aisha?").fill("She is still waiting for help.")
    go_on(page)
    page.get_by_label("No", exact=True).check()
    go_on(page)
    go_on(page)
    look(page, "starred-07-stage")
    go_on(page)
    page.get_by_label("Recommendation", exact=True).fill("CAMHS to offer a first appointment")
    page.get_by_label("Action required").fill("Offer a first appointment")
    type_day(page, "completion", next_weekday(14))
    look(page, "starred-08-ask")
    go_on(page)
    page.get_by_label("Moorland Health Trust").check()
    look(page, "starred-09-agency")
    go_on(page)
    look(page, "starred-10-people")
    go_on(page)
    look(page, "starred-11-check")
    follow(page.get_by_role("button", name="Send to Elias Thornby"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent to Elias Thornby")
    assert Resolution.objects.get().reference.startswith("SR-")


def moved_on(page: Page, live_server: LiveServer, chair: Chair, look: Look) -> None:
    """J5: Grace and the Rowans, unanswered at stage 1; then J4's two who decide at once."""
    rowan = raised(chair.cast, "Ella", "Sam", "Poppy", "Finn", stage="stage-1")
    page.goto(f"{live_server.url}{next_stage(rowan)}")
    look(page, "next-1-prefilled")
    page.get_by_label("What is different now?").fill("")
    go_on(page)
    look(page, "next-2-errors")
    page.get_by_label("What is different now?").fill("No response to stage 1. Callum Stroud is off sick.")
    page.get_by_label("How does this affect Finn?").fill("Finn is 1 and has not been seen for 5 weeks.")
    page.get_by_role("group", name="Is any child at immediate risk now?").get_by_label("No", exact=True).check()
    go_on(page)
    look(page, "next-3-check")
    perform(acts.GiveMoreTime(next_weekday(5), "He is back on Monday"), resolution=rowan, by=chair.person)
    follow(page.get_by_role("button", name="Send to Owen Tarrant"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Somebody decided first")
    look(page, "next-4-meanwhile")
    late = raised(chair.cast, "Tyler", stage="stage-3", why_this_stage="Stage 2 was used before")
    page.goto(f"{live_server.url}{next_stage(late)}")
    page.get_by_label("What is different now?").fill("No response to stage 3.")
    page.get_by_role("group", name="Is any child at immediate risk now?").get_by_label("No", exact=True).check()
    go_on(page)
    look(page, "next-5-pause")
    follow(page.get_by_role("button", name="Check your answers"))
    follow(page.get_by_role("button", name="Send to Stephen Ropley"))
    look(page, "next-6-sent")
    assert state_of(late).here.stage == "stage-4"


JOURNEYS = (
    (informal_record, "Grace Ollerton"),
    (formal_with_risk, "Grace Ollerton"),
    (starred, "Rosalind Amery"),
    (moved_on, "Grace Ollerton"),
)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("journey", "who"), JOURNEYS)
def test_journey_is_walked_and_every_page_is_accessible(
    live_server: LiveServer,
    open_page: Opened,
    look: Look,
    chair_of: Callable[[str], Chair],
    journey: Callable[..., None],
    who: str,
    width: int,
) -> None:
    chair, page = chair_of(who), open_page(width)
    sign_in(page, chair, live_server)
    journey(page, live_server, chair, look)


@pytest.mark.parametrize(("journey", "who"), JOURNEYS)
def test_journey_is_walked_without_a_script(
    live_server: LiveServer,
    open_page: Opened,
    chair_of: Callable[[str], Chair],
    journey: Callable[..., None],
    who: str,
) -> None:
    chair, page = chair_of(who), open_page(375, javascript=False)
    sign_in(page, chair, live_server)
    journey(page, live_server, chair, unseen)
