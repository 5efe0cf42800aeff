"""Signing in, as people do it, in a real browser: at a desk and on a phone. The rest waits behind a second factor."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import oidc_provider_mock
import pytest
import time_machine
from allauth.mfa.models import Authenticator
from playwright.sync_api import CDPSession, Page
from pytest_django.live_server_helper import LiveServer

from tests.desks.account.codes import code_of, next_code, slow_fingers
from tests.desks.account.conftest import PASSWORD
from tests.house.browser import AxeRun, Opened, follow
from undrift.people.models import Person
from undrift.people.sign_on import Provider

WIDTHS = (1280, 375)
SUBJECT = "grace.ollerton@westmarch.example"

__all__ = ["slow_fingers"]

pytestmark = [pytest.mark.browser, pytest.mark.second_factor, pytest.mark.django_db(transaction=True)]
Looked = Callable[[Page, str], None]


@pytest.fixture
def looked(axe: AxeRun) -> Looked:
    """The page is clean and fits; a picture for whoever wants to look: set PICTURES to a folder."""

    def look(page: Page, name: str) -> None:
        width = page.viewport_size["width"] if page.viewport_size else 0
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name

    return look


@pytest.fixture
def provider(settings: Any) -> Iterator[str]:
    """A real OpenID Connect provider on this machine, which knows Grace and says that she gave a second factor."""
    user = oidc_provider_mock.User(
        sub=SUBJECT, claims={"email": SUBJECT, "email_verified": True, "amr": ["pwd", "mfa"]}
    )
    with oidc_provider_mock.run_server_in_thread(user_claims=[user], require_nonce=True) as server:
        url = f"http://localhost:{server.server_port}"
        known = Provider("westmarch", "Westmarch Council", url, "undrift", "a secret", frozenset({"westmarch"}),
                         amr=frozenset({"mfa"}))  # fmt: skip
        settings.SINGLE_SIGN_ON = (known,)
        yield url


def heading(page: Page, words: str) -> None:
    page.get_by_role("heading", level=1, name=words, exact=True).wait_for()


def opens(page: Page, url: str) -> bool:
    answer = page.goto(url)
    return answer is not None and answer.status == 200


def with_password(page: Page, url: str, onward: str = "/help/words") -> None:
    page.goto(f"{url}/sign-in?next={onward}")
    page.get_by_label("Email address").fill(SUBJECT)
    page.get_by_label("Password").fill(PASSWORD)
    follow(page.get_by_role("button", name="Sign in", exact=True))


def secret_on(page: Page) -> str:
    return page.locator(".undrift-key").inner_text().replace(" ", "")


def virtual_authenticator(page: Page) -> CDPSession:
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return browser


@pytest.mark.parametrize("width", WIDTHS)
def test_single_sign_on_there_and_back(
    live_server: LiveServer, open_page: Opened, grace: Person, provider: str, looked: Looked, width: int
) -> None:
    page = open_page(width)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/sign-in?next=/help/words")
    looked(page, "sign-in-with-provider")
    follow(page.get_by_role("button", name="Continue with Westmarch Council"))
    page.wait_for_url(f"{provider}/**")
    follow(page.get_by_role("button", name=SUBJECT).first)
    heading(page, "Words we use")
    authorise = next(url for url in asked if url.startswith(f"{provider}/oauth2/authorize"))
    assert "code_challenge_method=S256" in authorise
    assert "nonce=" in authorise
    assert opens(page, f"{live_server.url}/")
    follow(page.get_by_role("button", name="Sign out"))
    heading(page, "You have signed out")


@pytest.mark.usefixtures("slow_fingers")
@pytest.mark.parametrize("width", WIDTHS)
def test_an_app_is_set_up_and_asked_for_and_a_recovery_code_stands_in_for_it_once(
    live_server: LiveServer, open_page: Opened, grace: Person, looked: Looked, clock: time_machine.Traveller, width: int
) -> None:
    page = open_page(width)
    with_password(page, live_server.url, "/")
    heading(page, "How you sign in")
    looked(page, "second-factor-needed")
    follow(page.get_by_role("link", name="Add an authenticator app"))
    heading(page, "Add an authenticator app")
    looked(page, "add-app")
    secret = secret_on(page)
    page.get_by_label("Code from the app").fill("000000")
    follow(page.get_by_role("button", name="Add this app"))
    page.get_by_role("link", name="That code is not right").wait_for()
    looked(page, "add-app-wrong")
    assert secret_on(page) == secret
    page.get_by_label("Code from the app").fill(code_of(secret))
    follow(page.get_by_role("button", name="Add this app"))
    heading(page, "Keep these recovery codes")
    looked(page, "recovery-codes")
    codes = page.locator(".undrift-codes li").all_inner_texts()
    assert len(codes) == 10
    assert opens(page, f"{live_server.url}/")
    page.goto(f"{live_server.url}/account/second-factor")
    looked(page, "second-factor-given")
    follow(page.get_by_role("button", name="Sign out"))

    with_password(page, live_server.url)
    heading(page, "Enter a code")
    looked(page, "enter-code")
    page.get_by_label("Code").fill(codes[0])
    follow(page.get_by_role("button", name="Continue"))
    heading(page, "Words we use")
    follow(page.get_by_role("button", name="Sign out"))

    with_password(page, live_server.url)
    page.get_by_label("Code").fill(codes[0])
    follow(page.get_by_role("button", name="Continue"))
    page.get_by_role("link", name="That code is not right, or it was used before").wait_for()
    looked(page, "enter-code-wrong")
    page.get_by_label("Code").fill(next_code(secret, clock))
    follow(page.get_by_role("button", name="Continue"))
    heading(page, "Words we use")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_passkey_is_made_then_opens_the_service_by_itself_or_after_the_password(
    live_server: LiveServer, open_page: Opened, grace: Person, looked: Looked, width: int
) -> None:
    page = open_page(width)
    virtual_authenticator(page)
    with_password(page, live_server.url, "/")
    follow(page.get_by_role("link", name="Add a passkey"))
    heading(page, "Add a passkey")
    looked(page, "add-passkey")
    page.get_by_label("What to call it").fill("work laptop")
    follow(page.get_by_role("button", name="Add a passkey"))
    heading(page, "Keep these recovery codes")
    follow(page.get_by_role("button", name="I have kept them: continue"))
    page.goto(f"{live_server.url}/account/second-factor")
    assert page.get_by_text("work laptop", exact=True).is_visible()
    follow(page.get_by_role("button", name="Sign out"))

    page.goto(f"{live_server.url}/sign-in?next=/help/words")
    looked(page, "sign-in-with-passkey")
    follow(page.get_by_role("button", name="Sign in with a passkey"))
    heading(page, "Words we use")
    assert opens(page, f"{live_server.url}/")
    follow(page.get_by_role("button", name="Sign out"))

    with_password(page, live_server.url)
    heading(page, "Enter a code")
    looked(page, "enter-code-or-passkey")
    follow(page.get_by_role("button", name="Use a passkey"))
    heading(page, "Words we use")
    assert Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).last_used_at is not None


def test_a_passkey_that_nobody_gave_is_said(
    live_server: LiveServer, open_page: Opened, grace: Person, looked: Looked
) -> None:
    page = open_page(375)
    virtual_authenticator(page)
    page.goto(f"{live_server.url}/sign-in")
    assert page.get_by_text("No passkey was given").is_hidden()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("No passkey was given").wait_for()
    looked(page, "no-passkey")


def test_at_an_address_of_digits_the_browser_is_not_taken_for_the_person(
    live_server: LiveServer, open_page: Opened, grace: Person, looked: Looked
) -> None:
    """A browser gives a passkey to an address with a name alone; that is not somebody who pressed Cancel."""
    page = open_page(375)
    virtual_authenticator(page)
    at_digits = live_server.url.replace("localhost", "127.0.0.1")
    assert at_digits != live_server.url
    page.goto(f"{at_digits}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("this one is made of digits").wait_for()
    assert page.get_by_text("No passkey was given").is_hidden()
    looked(page, "passkey-at-digits")
