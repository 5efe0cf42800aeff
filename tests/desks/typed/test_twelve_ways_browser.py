"""Twelve ways to lose what one has typed, each in a real browser, with and without JavaScript. None of them loses it.

Without JavaScript a page can keep only what it is sent: so there each way begins with a step that sends.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.utils import timezone
from playwright.sync_api import Error, Page
from pytest_django.live_server_helper import LiveServer

from tests.cast import Cast, westmarch
from tests.desks.resolution.test_resolution_browser import signed_in
from tests.house.browser import AxeRun, Opened, follow
from tests.resolutions.conftest import under_shipped_versions
from tests.resolutions.reached import answered, judged, stage_one
from undrift.desks.resolution import doing
from undrift.record.models import Event
from undrift.resolutions.models import Resolution

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "Maya told the school nurse that nobody has come since Easter."
BELOW = "What you typed is below. Check it, then send it."
BOTH = pytest.mark.parametrize("javascript", [True, False])


class Desk:
    """Grace, a concern of hers, and a page on which she adds a note to it."""

    def __init__(self, server: LiveServer, open_page: Opened, javascript: bool) -> None:
        self.server, self.javascript = server, javascript
        self.cast: Cast = under_shipped_versions(westmarch())
        self.resolution: Resolution = stage_one(self.cast, at=timezone.now()).resolution
        self.page = open_page(1280, javascript=javascript)
        self.sign_in()

    def sign_in(self, name: str = "Grace") -> None:
        signed_in(self.page, self.cast, name, self.server)

    def url(self, page: str) -> str:
        return f"{self.server.url}/resolutions/{self.resolution.reference}/{page}"

    def opens(self, page: str = "note", tab: Page | None = None) -> Page:
        here = tab or self.page
        here.goto(self.url(page))
        return here

    def types(self, label: str = "Your note") -> None:
        self.page.get_by_label(label).fill(TEXT)

    def is_kept_by_the_script(self) -> None:
        self.page.get_by_label("Your note").blur()
        self.page.get_by_text("What you have typed was kept at").wait_for()

    def sends(self, button: str = "Save note") -> None:
        follow(self.page.get_by_role("button", name=button))

    @property
    def notes(self) -> list[str]:
        events = Event.objects.filter(case=self.resolution.case_id, type="noted")
        return [event.payload["text"] for event in events.order_by("seq")]

    def is_there(self, label: str = "Your note", tab: Page | None = None) -> None:
        page = tab or self.page
        assert page.get_by_label(label).input_value() == TEXT, page.content()

    def sends_it_at_last(self) -> None:
        """Once, and then the form is empty again."""
        self.is_there()
        self.sends()
        assert self.notes == [TEXT]
        self.opens()
        assert self.page.get_by_label("Your note").input_value() == ""
        assert self.page.get_by_text(BELOW).count() == 0


@pytest.fixture
def desk(live_server: LiveServer, open_page: Opened, javascript: bool) -> Desk:
    return Desk(live_server, open_page, javascript)


@BOTH
def test_1_another_tab(desk: Desk) -> None:
    other = desk.page.context.new_page()
    desk.opens()
    desk.types()
    if desk.javascript:
        desk.is_kept_by_the_script()
        desk.opens(tab=other)
        desk.is_there(tab=other)
        other.close()
        desk.opens()
        desk.sends_it_at_last()
        return
    desk.opens(tab=other)
    other.get_by_label("Your note").fill("Rang the school.")
    follow(other.get_by_role("button", name="Save note"))
    desk.is_there()
    desk.sends()
    assert desk.notes == ["Rang the school.", TEXT]


@BOTH
def test_2_signing_out_and_in_again_elsewhere(desk: Desk) -> None:
    """The token of the page is older than the sign-in, and its session is gone."""
    desk.opens()
    desk.types()
    other = desk.page.context.new_page()
    other.goto(desk.server.url)
    follow(other.get_by_role("button", name="Sign out"))
    desk.sends()
    desk.page.get_by_text("We have kept it for you").wait_for()
    desk.sign_in()
    desk.opens()
    desk.page.get_by_text(BELOW).wait_for()
    desk.sends_it_at_last()


@BOTH
def test_3_the_session_has_expired(desk: Desk) -> None:
    desk.opens()
    desk.types()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    desk.sends()
    desk.page.get_by_text("We have kept it for you").wait_for()
    desk.sign_in("Priya")
    desk.page.goto(desk.url("note"))
    assert TEXT not in desk.page.content()
    desk.sign_in()
    desk.opens()
    desk.sends_it_at_last()


def failing(error: Exception) -> Any:
    def perform(*args: object, **more: object) -> None:
        raise error

    return perform


@BOTH
def test_4_the_service_fails(desk: Desk, axe: AxeRun) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doing, "perform", failing(RuntimeError("a mistake of ours")))
        desk.opens()
        desk.types()
        desk.sends()
        desk.page.get_by_role("heading", name="Something went wrong").wait_for()
    follow(desk.page.get_by_role("link", name="read it, and send it again"))
    assert desk.page.get_by_text(TEXT).is_visible()
    if desk.javascript:
        assert axe(desk.page) == []
    follow(desk.page.get_by_role("link", name="Open the form again"))
    desk.sends_it_at_last()


@BOTH
def test_5_the_database_goes_away_while_it_is_sent(desk: Desk) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doing, "perform", failing(OperationalError("the connection is lost")))
        desk.opens()
        desk.types()
        desk.sends()
    desk.opens()
    desk.page.get_by_text(BELOW).wait_for()
    desk.sends_it_at_last()


def goes_wrong(desk: Desk) -> None:
    """No date is given for more time; why, is."""
    desk.opens("more-time")
    desk.types("Why is more time right")
    desk.sends("Save new date")
    assert desk.page.get_by_role("link", name="Enter the new date").is_visible()
    desk.is_there("Why is more time right")


@BOTH
def test_6_back(desk: Desk) -> None:
    """No browser asks whether to send a form again: what answered it was a redirect."""
    goes_wrong(desk)
    follow(desk.page.get_by_role("link", name="Help", exact=True))
    desk.page.go_back()
    desk.is_there("Why is more time right")
    assert desk.page.get_by_role("link", name="Enter the new date").is_visible()


@BOTH
def test_7_reload(desk: Desk) -> None:
    goes_wrong(desk)
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.method))
    desk.page.reload()
    assert "POST" not in asked
    desk.is_there("Why is more time right")


@BOTH
def test_8_the_window_is_closed(desk: Desk) -> None:
    if desk.javascript:
        desk.opens()
        desk.types()
        desk.is_kept_by_the_script()
        desk.page.close()
        desk.page = desk.page.context.new_page()
        desk.opens()
        desk.page.get_by_text(BELOW).wait_for()
        desk.sends_it_at_last()
        return
    goes_wrong(desk)
    desk.page.close()
    desk.page = desk.page.context.new_page()
    desk.opens("more-time")
    desk.is_there("Why is more time right")


@BOTH
def test_9_two_people_answer(desk: Desk, axe: AxeRun) -> None:
    now = timezone.now()
    answered(desk.cast, desk.resolution, now)
    desk.opens("decide")
    for question in desk.page.get_by_role("group", name="Does this resolve it for").all():
        question.get_by_label("No").check()
    desk.types("If not, why?")
    desk.page.get_by_label("Move to stage 2").check()
    judged(desk.cast, desk.resolution, now)
    desk.sends("Save decision")
    assert desk.page.get_by_role("heading", name="Somebody decided first").is_visible()
    assert desk.page.get_by_text(TEXT).is_visible()
    if desk.javascript:
        assert axe(desk.page) == []
    desk.page.goto(desk.server.url)
    follow(desk.page.get_by_role("link", name=f"Not sent: decision about {desk.resolution.reference}"))
    assert desk.page.get_by_text(TEXT).is_visible()


@BOTH
def test_10_the_connection_is_cut_while_it_is_sent(desk: Desk) -> None:
    desk.opens()
    desk.types()
    if desk.javascript:
        desk.is_kept_by_the_script()
    desk.page.route("**/note", lambda route: route.abort("connectionreset"))
    with desk.page.expect_event("requestfailed"):
        desk.page.get_by_role("button", name="Save note").click()
    desk.page.unroute("**/note")
    if desk.javascript:
        desk.opens()
        desk.page.get_by_text(BELOW).wait_for()
        desk.sends_it_at_last()
        return
    # The browser still has what it could not send, and sends it when it is asked to try again.
    try:
        desk.page.reload()
    except Error:
        desk.page.wait_for_load_state()
    assert desk.notes == [TEXT]


@BOTH
def test_11_the_token_is_not_known_any_more(desk: Desk) -> None:
    """Somebody signed in again in another tab: the page's token is older."""
    desk.opens()
    desk.types()
    desk.page.context.clear_cookies(name="csrftoken")
    desk.page.context.add_cookies([{"name": "csrftoken", "value": "a" * 32, "url": desk.server.url}])
    desk.sends()
    desk.page.get_by_text("The page was older than your signing in").wait_for()
    assert desk.notes == []
    desk.sends_it_at_last()


@BOTH
def test_12_something_is_wrong_with_it(desk: Desk) -> None:
    goes_wrong(desk)
    later = timezone.localdate() + timedelta(days=14)
    for part, said in (("Day", later.day), ("Month", later.month), ("Year", later.year)):
        desk.page.get_by_label(part).fill(str(said))
    desk.sends("Save new date")
    given = Event.objects.filter(case=desk.resolution.case_id, type="more_time_given")
    assert [event.payload["why"] for event in given] == [TEXT]
