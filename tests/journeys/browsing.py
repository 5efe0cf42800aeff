"""Somebody at a browser of their own.

Each page is looked at there: by axe, for scrolling sideways, and for anything the browser complains about. A form is
looked at empty, with what is missing said, and filled in, just before it is sent. Axe is not asked again about a page
that differs from those it has seen in its words alone; in `make test-all` it is.
"""

from __future__ import annotations

import mimetypes
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, Response, Route

from tests.desks.page_lint import findings
from tests.house.browser import Axe, name_of
from tests.journeys.telling import Somebody, begins

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
# Of an answer that is shown to a browser once more, what has been done with it by then.
USED_UP = frozenset(("content-length", "content-encoding", "transfer-encoding", "set-cookie", "location"))


@dataclass
class AtABrowser(Somebody):
    page: Page
    site: str
    axe: Axe
    name: str
    pictures: Iterator[int]
    complaints: list[str] = field(default_factory=list)
    typed: bool = False

    def __post_init__(self) -> None:
        self.complaints = complaints_of(self.page)

    # Going about --------------------------------------------------------------------------------------------------

    def signed_in(self) -> None:
        client = Client()
        client.force_login(self.person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.site}])

    def opens(self, address: str) -> None:
        self._arrived(self.page.goto(f"{self.site}{address}"))

    def where(self) -> str:
        return self.page.url.removeprefix(self.site)

    def clicks(self, words: str, about: str = "") -> None:
        pressed = self._pressable(words, about)
        if self.typed:
            self._look("filled")
        with self.page.expect_navigation() as going:
            pressed.click()
        self._arrived(going.value)

    def asks_for_urgent_help(self) -> None:
        with self.page.expect_navigation() as going:
            self.page.get_by_role("banner").get_by_role("link", name="Urgent help").click()
        self._arrived(going.value)

    def misses_everything(self, button: str, *errors: str) -> None:
        with self.page.expect_navigation() as going:
            self.page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
        self._arrived(going.value, "error")
        self._reads_what_is_missing(*errors)

    def unfolds(self, words: str) -> None:
        self.page.locator("summary").filter(has_text=words).click()

    # Answering ----------------------------------------------------------------------------------------------------

    def types(self, text: str, into: str, within: str = "", *inside: str) -> None:
        box = self._in(within, *inside).get_by_label(into, exact=True)
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(text)  # by its value, which here is the name
        else:
            box.fill(text)
        self.typed = True

    def attaches(self, name: str, content: bytes, into: str) -> None:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        box = self.page.get_by_label(into, exact=True)
        box.set_input_files({"name": name, "mimeType": kind, "buffer": content})
        self.typed = True

    def chooses(self, answer: str, to: str, within: str = "") -> None:
        self._in(within, to).get_by_role("radio", name=answer, exact=True).check()
        self.typed = True

    def ticks(self, *answers: str, to: str = "") -> None:
        for answer in answers:
            self._in(to).get_by_role("checkbox", name=begins(answer)).check()
        self.typed = True

    # Seeing -------------------------------------------------------------------------------------------------------

    def holds(self, into: str, within: str = "", *inside: str) -> str:
        return self._in(within, *inside).get_by_label(into, exact=True).input_value()

    def is_ticked(self, answer: str, to: str = "") -> bool:
        return self._in(to).get_by_role("checkbox", name=begins(answer)).is_checked()

    def is_chosen(self, answer: str, to: str) -> bool:
        return self._in(to).get_by_role("radio", name=answer, exact=True).is_checked()

    def struck(self) -> list[str]:
        return [" ".join(found.split()) for found in self.page.locator("s").all_inner_texts()]

    def row(self, words: str) -> str:
        row = self.page.get_by_role("row").filter(has_text=words)
        return " ".join(row.first.inner_text().split())

    def first_thing(self) -> str:
        return " ".join(self.page.locator("main .govuk-inset-text").first.inner_text().split())

    def text(self) -> str:
        return " ".join(self.page.locator("body").inner_text().split())

    def summary(self) -> str:
        return self.page.get_by_role("alert").filter(has_text="There is a problem").inner_text()

    # Workings -----------------------------------------------------------------------------------------------------

    def _in(self, *groups: str) -> Page | Locator:
        here: Page | Locator = self.page
        for group in filter(None, groups):
            here = here.get_by_role("group", name=group, exact=True)
        return here

    def _pressable(self, words: str, about: str) -> Locator:
        end = f".*{re.escape(about)}" if about else r"($|: )"
        named = re.compile(f"^{re.escape(words)}{end}")
        return self.page.get_by_role("link", name=named).or_(self.page.get_by_role("button", name=named))

    def _arrived(self, response: Response | None, state: str = "empty") -> None:
        self.typed = False
        assert response is not None
        assert response.status < 500, f"{response.url} answered {response.status}"
        form = self.page.locator("main form").count() > 0
        self._look(state if form else "read", findings(response.text()))

    def _look(self, state: str, found: list[str] | None = None) -> None:
        telling, way = self.telling, self.telling.way
        if not telling.looked.first_time(way, name_of(self.page.url), state, self.page.content()):
            return
        self._picture(state)
        before = self.axe.asked
        wrong = [*(found or ()), *self.complaints, *wrong_here(self.page, self.axe if way.javascript else None)]
        telling.looked.by_axe[way] += self.axe.asked - before
        self.complaints.clear()
        assert not wrong, "\n".join([f"{self.page.url}, {state}, {way}:", *wrong])

    def _picture(self, state: str) -> None:
        """A picture for whoever wants to look: set PICTURES to a folder."""
        if folder := os.environ.get("PICTURES"):
            name = f"{self.name}-{next(self.pictures):02}-{name_of(self.page.url)}-{state}.png"
            self.page.screenshot(path=Path(folder) / name, full_page=True)


def complaints_of(page: Page) -> list[str]:
    """What the browser complains about, from now on."""
    heard: list[str] = []

    def hear(kind: str, text: str) -> None:
        # A refused page is an answer, not something that went wrong on it.
        if kind in ("error", "warning") and "the server responded with a status of 4" not in text:
            heard.append(text)

    page.on("console", lambda said: hear(said.type, said.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def wrong_here(page: Page, axe: Axe | None) -> list[str]:
    fits = [] if page.evaluate(FITS) else ["the page scrolls sideways"]
    return fits + (axe(page) if axe is not None else [])


@dataclass
class Glance:
    """A browser that is given, at their addresses, pages which somebody else got; with their own styles and scripts."""

    page: Page
    site: str
    axe: Axe
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.complaints = complaints_of(self.page)

    def wrong(self, address: str, html: str, headers: Mapping[str, str]) -> list[str]:
        kept = {name: value for name, value in headers.items() if name.lower() not in USED_UP}
        there = f"{self.site}{address.partition('#')[0]}"

        def answer(route: Route) -> None:
            if route.request.is_navigation_request():
                route.fulfill(body=html, headers=kept)
            else:
                route.fallback()

        self.page.route("**", answer)
        self.page.goto(there)
        self.page.unroute("**", answer)
        wrong = [*self.complaints, *wrong_here(self.page, self.axe)]
        self.complaints.clear()
        return wrong
