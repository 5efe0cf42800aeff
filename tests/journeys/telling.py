"""The words that journeys are told in: who somebody is, what they press and type, what they see.

Each page somebody comes to is looked at: read by the page lint as the server sent it, by axe as the browser shows it,
for scrolling sideways, and for anything the browser complains about. A form is looked at empty, with what is missing
said, and filled in, just before it is sent. Axe is not asked again about a page that differs from those it has seen in
this state in its words alone; with AXE=every in the environment it is.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from playwright.sync_api import Locator, Page, Response

from tests.desks.page_lint import findings
from tests.house.browser import AxeRun, Opened
from tests.journeys.looked import Looked, Way
from undrift.demo.stories import Demonstration
from undrift.engine.dates.calendars import Calendar
from undrift.engine.dates.due import due
from undrift.engine.dates.words import due_label, full_day
from undrift.people.models import Person
from undrift.protocol.clocks import Counted, Unit
from undrift.record.history import state_of

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@dataclass
class Telling:
    """One journey, told one way, on a demonstration of its own."""

    demo: Demonstration
    way: Way
    address: str
    opened: Opened
    axe: AxeRun
    looked: Looked
    name: str
    shown: int = 0

    def given(self, what: str) -> None:
        """How things stand. Printed, so that a journey that breaks off says where."""
        print(f"Given {what}")

    def when(self, what: str) -> None:
        print(f"When  {what}")

    def then(self, what: str) -> None:
        print(f"Then  {what}")

    @property
    def today(self) -> date:
        return self.demo.days.today

    @property
    def calendar(self) -> Calendar:
        return self.demo.days.calendar

    def due_in(self, working_days: int) -> date:
        """The day that the engine gives for so many working days from now."""
        found = due(Counted(working_days, Unit.WORKING_DAYS), timezone.now(), self.calendar).date
        assert found is not None
        return found

    def label(self, day: date) -> str:
        """How far off a day is: "Due tomorrow", "2 working days late"."""
        return due_label(day, timezone.now(), self.calendar)

    def reference(self, family: str) -> str:
        return self.demo.case(family).reference

    def impact(self, family: str, child: str) -> str:
        """How a concern affects one child, as the record has it."""
        known = state_of(self.demo.case(family)).children
        return known[str(self.demo.homes[family].child[child].pk)].impact

    def be(self, name: str) -> Somebody:
        """Somebody who is signed in and has just come to Home."""
        somebody = self.be_signed_out(name)
        signed_in = Client()
        signed_in.force_login(somebody.person)
        cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME]
        somebody.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        somebody.goes_home()
        return somebody

    def be_signed_out(self, name: str) -> Somebody:
        """Somebody who has not signed in yet."""
        # As the database has them: since they were made they were given a password.
        person = Person.objects.get(pk=self.demo.people[name].pk)
        return Somebody(self, person, self.opened(self.way.width, javascript=self.way.javascript))


@dataclass
class Somebody:
    """A person at a browser of their own."""

    telling: Telling
    person: Person
    page: Page
    complaints: list[str] = field(default_factory=list)
    typed: bool = False

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self._heard(said.type, said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, kind: str, text: str) -> None:
        # A refused page is an answer, not something that went wrong on it.
        if kind in ("error", "warning") and "the server responded with a status of 4" not in text:
            self.complaints.append(text)

    # Going about --------------------------------------------------------------------------------------------------

    def opens(self, address: str) -> None:
        """By its address, as from an email or a bookmark."""
        response = self.page.goto(f"{self.telling.address}{address}")
        self._arrived(response)

    def goes_home(self) -> None:
        self.opens("/")

    def signs_in(self) -> None:
        """As one does in the demonstration, where nobody has a telephone for codes: by choosing who to be."""
        self.clicks("Choose a person to be")
        self.clicks("Continue as", about=self.person.name)

    def clicks(self, words: str, about: str = "") -> None:
        """A link or a button by its words, to the end; `about` is what its row or its hidden words say besides."""
        pressed = self._pressable(words, about)
        if self.typed:
            self._look("filled")
        with self.page.expect_navigation() as going:
            pressed.click()
        self._arrived(going.value)

    def asks_for_urgent_help(self) -> None:
        """By the link that stands on top of every page."""
        with self.page.expect_navigation() as going:
            self.page.get_by_role("banner").get_by_role("link", name="Urgent help").click()
        self._arrived(going.value)

    def misses_everything(self, button: str, *errors: str) -> None:
        """Presses the button with nothing answered, and reads what is missing: on top, and again at its question."""
        with self.page.expect_navigation() as going:
            self.page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
        self._arrived(going.value, "error")
        summary = self.page.get_by_role("alert").filter(has_text="There is a problem")
        said = summary.inner_text()
        for error in errors:
            assert error in said, f"{error!r} is not in the summary: {said!r}"
            assert self._text().count(error) > 1, f"{error!r} is not said again at its question"

    def unfolds(self, words: str) -> None:
        """Something folded, read by whoever wants it."""
        self.page.locator("summary").filter(has_text=words).click()

    # Answering ----------------------------------------------------------------------------------------------------

    def types(self, text: str, into: str, within: str = "") -> None:
        self._in(within).get_by_label(into, exact=True).fill(text)
        self.typed = True

    def types_day(self, day: date, into: str, within: str = "") -> None:
        group = self._in(within).get_by_role("group", name=into, exact=True)
        for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            group.get_by_label(part, exact=True).fill(str(value))
        self.typed = True

    def chooses(self, answer: str, to: str) -> None:
        """One answer to a question."""
        self._in(to).get_by_role("radio", name=answer, exact=True).check()
        self.typed = True

    def ticks(self, *answers: str, to: str = "") -> None:
        """By the words that the answer begins with: reasons of the policy are long."""
        for answer in answers:
            self._in(to).get_by_role("checkbox", name=_begins(answer)).check()
        self.typed = True

    # Seeing -------------------------------------------------------------------------------------------------------

    def sees(self, *texts: str) -> None:
        shown = self._text()
        for text in texts:
            assert text in shown, f"{self.person.name} does not see {text!r} on {self.page.url}:\n{shown}"

    def does_not_see(self, *texts: str) -> None:
        shown = self._text()
        for text in texts:
            assert text not in shown, f"{self.person.name} sees {text!r} on {self.page.url}"

    def finds(self, value: str, into: str, within: str = "") -> None:
        """A box that is filled in already."""
        found = self._in(within).get_by_label(into, exact=True).input_value()
        assert found == value, f"{into!r} says {found!r}, not {value!r}"

    def finds_day(self, day: date, into: str, within: str = "") -> None:
        group = self._in(within).get_by_role("group", name=into, exact=True)
        found = [group.get_by_label(part, exact=True).input_value() for part in ("Day", "Month", "Year")]
        assert found == [str(day.day), str(day.month), str(day.year)], f"{into!r} says {found}"

    def finds_ticked(self, *answers: str) -> None:
        for answer in answers:
            assert self.page.get_by_role("checkbox", name=_begins(answer)).is_checked(), f"{answer!r} is not ticked"

    def finds_chosen(self, answer: str, to: str) -> None:
        assert self._in(to).get_by_role("radio", name=answer, exact=True).is_checked(), f"{answer!r} is not chosen"

    def sees_struck(self, text: str) -> None:
        struck = [" ".join(found.split()) for found in self.page.locator("s").all_inner_texts()]
        assert text in struck, f"{text!r} is not struck through: {struck}"

    def row(self, words: str) -> str:
        """What a row of a table says, in one line."""
        row = self.page.get_by_role("row").filter(has_text=words)
        return " ".join(row.first.inner_text().split())

    def first_thing(self) -> str:
        """What stands on top of what waits."""
        return " ".join(self.page.locator("main .govuk-inset-text").first.inner_text().split())

    # Workings -----------------------------------------------------------------------------------------------------

    def _text(self) -> str:
        return " ".join(self.page.locator("body").inner_text().split())

    def _in(self, group: str) -> Page | Locator:
        return self.page.get_by_role("group", name=group, exact=True) if group else self.page

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
        if not telling.looked.first_time(way, page_name(self.page.url), state, self.page.content()):
            return
        self._picture(state)
        wrong = [*(found or ()), *self.complaints]
        if not self.page.evaluate(FITS):
            wrong.append("the page scrolls sideways")
        if way.javascript and telling.looked.for_axe(way, page_name(self.page.url), state, self.page.content()):
            wrong += telling.axe(self.page)
        self.complaints.clear()
        assert not wrong, "\n".join([f"{self.page.url}, {state}, {way}:", *wrong])

    def _picture(self, state: str) -> None:
        """A picture for whoever wants to look: set PICTURES to a folder."""
        if folder := os.environ.get("PICTURES"):
            self.telling.shown += 1
            name = f"{self.telling.name}-{self.telling.shown:02}-{page_name(self.page.url)}-{state}.png"
            self.page.screenshot(path=Path(folder) / name, full_page=True)


def _begins(words: str) -> re.Pattern[str]:
    return re.compile(rf"^{re.escape(words)}\b")


def page_name(url: str) -> str:
    """The name of a page's address; of a question its own name."""
    found = resolve(urlsplit(url).path)
    return f"{found.url_name}-{found.kwargs['page']}" if "page" in found.kwargs else str(found.url_name)


def on(day: date) -> str:
    """Friday 15 May 2026."""
    return full_day(day)


def short(day: date) -> str:
    """15 May 2026."""
    return full_day(day, short=True)


def brief(day: date) -> str:
    """15 May."""
    return f"{day.day} {day:%B}"
