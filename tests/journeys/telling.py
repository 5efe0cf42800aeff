"""The words that journeys are told in: who somebody is, what they press and type, what they see.

Told whole, a journey is gone through at a browser (`browsing.py`); otherwise by the same words in requests
(`plain.py`). Each page somebody comes to is read by the page lint as the server sent it, once in each state.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from tests.journeys.looked import Looked, Way
from undrift.demo.stories import Demonstration
from undrift.engine.dates.calendars import Calendar
from undrift.engine.dates.due import due
from undrift.engine.dates.words import due_label, full_day
from undrift.people.models import Person
from undrift.protocol.clocks import Counted, Unit
from undrift.record.history import state_of


@dataclass
class Telling:
    """One journey, told one way, on a demonstration of its own."""

    demo: Demonstration
    way: Way
    somebody: Callable[[Telling, Person], Somebody]
    looked: Looked
    shown: Callable[[str, str, Mapping[str, str]], list[str]]  # what a browser of this width finds wrong with a page

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
        somebody.signed_in()
        somebody.goes_home()
        return somebody

    def be_signed_out(self, name: str) -> Somebody:
        """Somebody who has not signed in yet."""
        # As the database has them: since they were made they were given a password.
        return self.somebody(self, Person.objects.get(pk=self.demo.people[name].pk))


@dataclass
class Somebody(ABC):
    """A person who goes about the pages."""

    telling: Telling
    person: Person

    # Going about --------------------------------------------------------------------------------------------------

    @abstractmethod
    def signed_in(self) -> None:
        """From here on."""

    @abstractmethod
    def opens(self, address: str) -> None:
        """By its address, as from an email or a bookmark."""

    @abstractmethod
    def where(self) -> str:
        """The address of the page."""

    def goes_home(self) -> None:
        self.opens("/")

    def signs_in(self) -> None:
        """As one does in the demonstration, where nobody has a telephone for codes: by choosing who to be."""
        self.clicks("Choose a person to be")
        self.clicks("Continue as", about=self.person.name)

    @abstractmethod
    def clicks(self, words: str, about: str = "") -> None:
        """A link or a button by its words, to the end; `about` is what its row or its hidden words say besides."""

    @abstractmethod
    def asks_for_urgent_help(self) -> None:
        """By the link that stands on top of every page."""

    @abstractmethod
    def misses_everything(self, button: str, *errors: str) -> None:
        """Presses the button with nothing answered, and reads what is missing: on top, and again at its question."""

    @abstractmethod
    def unfolds(self, words: str) -> None:
        """Something folded, read by whoever wants it."""

    # Answering ----------------------------------------------------------------------------------------------------

    @abstractmethod
    def types(self, text: str, into: str, within: str = "", *inside: str) -> None:
        """Into a box by its label; within a group of questions, and inside groups in that."""

    def types_day(self, day: date, into: str, within: str = "") -> None:
        for part, value in _parts(day):
            self.types(value, part, within, into)

    @abstractmethod
    def attaches(self, name: str, content: bytes, into: str) -> None:
        """A file, into a box by its label."""

    @abstractmethod
    def chooses(self, answer: str, to: str, within: str = "") -> None:
        """One answer to a question; within a group of questions."""

    @abstractmethod
    def ticks(self, *answers: str, to: str = "") -> None:
        """By the words that the answer begins with: reasons of the policy are long."""

    # Seeing -------------------------------------------------------------------------------------------------------

    def sees(self, *texts: str) -> None:
        shown = self.text()
        for text in texts:
            assert text in shown, f"{self.person.name} does not see {text!r} on {self.where()}:\n{shown}"

    def does_not_see(self, *texts: str) -> None:
        shown = self.text()
        for text in texts:
            assert text not in shown, f"{self.person.name} sees {text!r} on {self.where()}"

    def finds(self, value: str, into: str, within: str = "") -> None:
        """A box that is filled in already."""
        found = self.holds(into, within)
        assert found == value, f"{into!r} says {found!r}, not {value!r}"

    def finds_day(self, day: date, into: str, within: str = "") -> None:
        found = [self.holds(part, within, into) for part, _ in _parts(day)]
        assert found == [value for _, value in _parts(day)], f"{into!r} says {found}"

    def finds_ticked(self, *answers: str, to: str = "") -> None:
        for answer in answers:
            assert self.is_ticked(answer, to), f"{answer!r} is not ticked"

    def finds_chosen(self, answer: str, to: str) -> None:
        assert self.is_chosen(answer, to), f"{answer!r} is not chosen"

    def sees_struck(self, text: str) -> None:
        assert text in self.struck(), f"{text!r} is not struck through: {self.struck()}"

    @abstractmethod
    def row(self, words: str) -> str:
        """What a row of a table says, in one line."""

    @abstractmethod
    def first_thing(self) -> str:
        """What stands on top of what waits."""

    @abstractmethod
    def text(self) -> str:
        """All that can be seen, in one line."""

    @abstractmethod
    def summary(self) -> str:
        """What a page says on top is missing or wrong."""

    @abstractmethod
    def holds(self, into: str, within: str = "", *inside: str) -> str:
        """What a box is filled in with."""

    @abstractmethod
    def is_ticked(self, answer: str, to: str = "") -> bool: ...

    @abstractmethod
    def is_chosen(self, answer: str, to: str) -> bool: ...

    @abstractmethod
    def struck(self) -> list[str]:
        """What is struck through."""

    def _reads_what_is_missing(self, *errors: str) -> None:
        said = self.summary()
        for error in errors:
            assert error in said, f"{error!r} is not in the summary: {said!r}"
            assert self.text().count(error) > 1, f"{error!r} is not said again at its question"


def _parts(day: date) -> list[tuple[str, str]]:
    return [("Day", str(day.day)), ("Month", str(day.month)), ("Year", str(day.year))]


def begins(words: str) -> re.Pattern[str]:
    return re.compile(rf"^{re.escape(words)}\b")


def on(day: date) -> str:
    """Friday 15 May 2026."""
    return full_day(day)


def short(day: date) -> str:
    """15 May 2026."""
    return full_day(day, short=True)


def brief(day: date) -> str:
    """15 May."""
    return f"{day.day} {day:%B}"
