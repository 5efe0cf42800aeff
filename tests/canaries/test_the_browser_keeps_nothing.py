"""A browser with a folder of its own goes about as a chair does, and is closed. Then its folder is read."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.conf import settings
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.canaries import tokens
from tests.canaries.driven import MAY_BE_SEEN
from tests.canaries.driving import typed
from tests.canaries.fields import seeded
from tests.canaries.world import GRACE, World
from tests.house.browser import CHROMIUMS, FLAGS, PATIENCE

pytestmark = [pytest.mark.browser]

STORES = """async () => JSON.stringify({
    local: {...localStorage},
    session: {...sessionStorage},
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    state: history.state,
    window: window.name,
})"""
# The driver switches off what people's browsers have on: a page that one leaves stays in memory, to be gone back to.
WITHOUT_PAGE_MEMORY = "--disable-back-forward-cache"
SAYS_WHENCE = "addEventListener('pageshow', (event) => { window.fromMemory = event.persisted })"
EMPTY = '{"local":{},"session":{},"databases":[],"caches":[],"workers":0,"state":null,"window":""}'
LETTERS = tokens.PREFIX.lower() + "[bdfgklmnprtv][aeiou]" * 2
# As the browser's files may have it: letter by letter, or with a zero behind each.
PARTS = re.findall(r"\[[a-z]+\]|[a-z]", LETTERS)
IN_FILES = re.compile(b"|".join((LETTERS.encode(), b"\0".join(part.encode() for part in PARTS))), re.IGNORECASE)


@pytest.fixture
def server(world: World) -> Iterator[LiveServer]:
    served = LiveServer("localhost")
    yield served
    served.stop()


@contextmanager
def at_a_browser(browser: Browser, folder: Path, server: LiveServer, world: World) -> Iterator[Page]:
    """The chair, signed in, at a browser that keeps what it keeps in this folder."""
    signed_in = Client()
    signed_in.force_login(world.people[GRACE])
    program = next(filter(None, map(shutil.which, CHROMIUMS)))
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=program, args=FLAGS, ignore_default_args=[WITHOUT_PAGE_MEMORY]
    )
    context.add_init_script(SAYS_WHENCE)
    assert remembers_pages(context), "the browser's memory of pages is off, so going back would show nothing"
    context.set_default_timeout(PATIENCE)
    cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])
    yield context.new_page()
    context.close()


class Plain(BaseHTTPRequestHandler):
    """A page of nobody's, that a browser may keep."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>Plain</title>")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def remembers_pages(context: BrowserContext) -> bool:
    """Whether a page that may be kept comes out of this browser's memory when somebody goes back to it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Plain) as plain:
        Thread(target=plain.serve_forever, daemon=True).start()
        page = context.new_page()
        for path in ("/one", "/other"):
            page.goto(f"http://localhost:{plain.server_port}{path}")
        kept = go_back(page, "/one")
        page.close()
        plain.shutdown()
    return kept


def go_back(page: Page, path: str) -> bool:
    """Back to this page, as its button does; whether it came out of the browser's memory of pages.

    The driver's own way back waits for a page to be loaded, which none is that comes out of memory.
    """
    page.evaluate("setTimeout(() => history.back())")
    page.wait_for_function("path => location.pathname === path && window.fromMemory !== undefined", arg=path)
    return bool(page.evaluate("window.fromMemory"))


def found_in(folder: Path) -> set[tuple[str, str]]:
    """The files in which a token stands, and whose it is; but not what titles may say."""
    names = {each.number: each.label for each in seeded().values()}
    files = [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]
    found = {
        (str(file.relative_to(folder)), names[number])
        for file in files
        for match in IN_FILES.finditer(file.read_bytes())
        for number, _ in tokens.words_in(match[0].replace(b"\0", b"").decode())
    }
    return {(file, label) for file, label in found if ("title", label) not in MAY_BE_SEEN}


def test_stores_cookies_and_files_hold_no_token(
    browser: Browser, server: LiveServer, world: World, tmp_path: Path
) -> None:
    reference, family = world.long_ago[2], world.demo.homes["Sorrel"].family
    child = family.children.order_by("pk")[0]
    asked: list[str] = []
    with at_a_browser(browser, tmp_path, server, world) as page:
        page.on("request", lambda request: asked.append(f"{request.url} {request.header_value('referer') or ''}"))
        for path in ("/", f"/resolutions/{reference}", f"/children/{child.public_id}", f"/families/{family.reference}"):
            page.goto(f"{server.url}{path}")
            assert tokens.tokens_in(page.content()), f"{path} shows nothing that could be kept"
            assert page.evaluate(STORES) == EMPTY
        page.goto(f"{server.url}/resolutions/{reference}/note")
        page.get_by_role("textbox").last.fill(f"{typed()} is written and not sent.")
        page.goto(f"{server.url}/")
        go_back(page, f"/resolutions/{reference}/note")
        assert page.evaluate(STORES) == EMPTY
        cookies = page.context.cookies()
    assert len(asked) > 8
    assert [each for each in asked if tokens.tokens_in(each)] == []
    assert {cookie["name"] for cookie in cookies} <= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    assert tokens.tokens_in(str(cookies)) == set()
    assert found_in(tmp_path) == set()


def test_who_goes_back_after_signing_out_is_shown_nothing(
    browser: Browser, server: LiveServer, world: World, tmp_path: Path
) -> None:
    """Whoever sits down at the same browser next: what the chair has left is in no page's memory."""
    path = f"/resolutions/{world.long_ago[2]}"
    with at_a_browser(browser, tmp_path, server, world) as page:
        page.goto(f"{server.url}{path}")
        page.goto(f"{server.url}/help/words")
        # As it would be: before signing out the record comes back.
        go_back(page, path)
        # What stands on the page to sign in, such as the councils' names, is anybody's to see.
        left = tokens.tokens_in(page.content()) - tokens.tokens_in(Client().get("/sign-in").text)
        assert left
        page.goto(f"{server.url}/help/words")
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/signed-out")
        for _ in range(3):
            page.evaluate("setTimeout(() => history.back())")
            page.wait_for_timeout(700)
            page.wait_for_load_state()
            assert not tokens.tokens_in(page.content()) & left, f"{page.url} is shown again after signing out"


def test_files_hold_no_words_of_a_search(browser: Browser, server: LiveServer, world: World, tmp_path: Path) -> None:
    with at_a_browser(browser, tmp_path, server, world) as page:
        page.goto(f"{server.url}/")
        page.get_by_role("searchbox").fill(typed())
        page.keyboard.press("Enter")
        page.wait_for_url("**/search")
        page.goto(f"{server.url}/")
    assert found_in(tmp_path) == set()


def test_what_a_browser_keeps_would_be_found(
    browser: Browser, server: LiveServer, world: World, tmp_path: Path
) -> None:
    with (
        override_settings(ROOT_URLCONF="tests.canaries.failing"),
        at_a_browser(browser, tmp_path, server, world) as page,
    ):
        page.goto(f"{server.url}/telling/title")
    assert "children.Child.first_name" in {label for _, label in found_in(tmp_path)}
