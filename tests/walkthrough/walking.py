"""A policy walked through by its pages alone, as the people of the demonstration would: they follow links, fill in
forms and read their letters. The clock is moved; after each move the worker does what time asks, as in the service.

What somebody meets is written down: the headings of the pages, each date with how it was worked out, and who was told
what. `docs/reference/walkthroughs` keeps it, and each walk is compared with what is kept there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import time_machine
from django.utils import timezone

from tests.desks.page_lint import Element
from tests.house.browser import name_of as name_of_page
from tests.house.thorough import THOROUGH
from tests.journeys.plain import ByRequests, name_of, only, seen
from tests.journeys.telling import Telling, on
from tests.messages.letterbox import Letterbox, link_in, subject
from tests.walkthrough import kept
from tests.walkthrough.passed import passed
from undrift.children.models import Plan
from undrift.demo.days import moment
from undrift.engine.dates.moments import LONDON
from undrift.messages.post import send_due
from undrift.people.models import Person
from undrift.record.handing_on import new_day
from undrift.record.sweep import sweep
from undrift.resolutions.plans_ended import record_plans_ended

STANDS = "undrift-now"
PROOF = "undrift-why"


@dataclass
class Walk(Telling):
    """One scene of a walk, on a stage where nothing is raised yet."""

    clock: time_machine.Traveller
    box: Letterbox
    lines: list[str] = field(default_factory=list)
    pages: set[str] = field(default_factory=set)
    told: set[tuple[str, str]] = field(default_factory=set)
    lately: set[tuple[str, str]] = field(default_factory=set)
    record: str = ""
    last: str = ""  # what the page said that somebody came to last
    broken_off: bool = False
    watch: Callable[[list[str]], None] = lambda lines: None  # is given what is written down, whenever more is
    _proofs: set[str] = field(default_factory=set)
    _on_a_row: str = ""

    # What time does -----------------------------------------------------------------------------------------------

    def on(self, working_day: int, clock: str = "10:00") -> None:
        """The working day so many from the first one, and what the worker does when it comes."""
        self.on_day(self.demo.days.day(working_day), clock)

    def on_day(self, day: date, clock: str = "10:00") -> None:
        self.clock.move_to(moment(day, clock))
        self._write("", f"**{_moment(timezone.now())}**", "")
        self.lately.clear()
        self.works()

    def works(self) -> None:
        """One round of the worker: dates that passed, plans that ended, a new day, and the letters."""
        now = timezone.now()
        sweep(now)
        record_plans_ended(now)
        new_day(now)
        before = len(self.box.letters)
        send_due()
        names = {person.email: name for name, person in self.demo.people.items()}
        new = sorted(
            {(names[str(letter["To"])], " ".join(subject(letter).split())) for letter in self.box.letters[before:]}
        )
        self.told |= set(new)
        self.lately |= set(new)
        if new:
            self._write("", *(f"- told: {name}: {said}" for name, said in new), "")

    def be(self, name: str) -> Walker:
        """Somebody who signs in when they first open a page, and again each day."""
        somebody = self.be_signed_out(name)
        assert isinstance(somebody, Walker)
        return somebody

    def day(self, number: int) -> date:
        return self.demo.days.day(number)

    @staticmethod
    def full(day: date) -> str:
        """Friday 15 May 2026."""
        return on(day)

    def was_told(self, *names: str) -> bool:
        """Whether each of them has had a letter since the clock was last moved. Says who had one, where not."""
        had = {name for name, _ in self.lately}
        assert set(names) <= had, f"told: {sorted(self.lately)}"
        return True

    def was_told_of(self, what: str, *names: str) -> bool:
        """Whether a letter of that subject came to each of them, and to nobody else, since the clock was last moved."""
        had = {name for name, said in self.lately if what in said}
        assert had == set(names), f"told: {sorted(self.lately)}"
        return True

    def heard(self, name: str) -> bool:
        """Whether somebody has had a letter since the clock was last moved."""
        return name in {told for told, _ in self.lately}

    def plan_ends(self, family: str, on_day: date) -> None:
        """What a file brings about: nobody does it on a page."""
        Plan.objects.filter(child__family=self.demo.homes[family].family).update(ends=on_day)

    def letter(self, name: str) -> str:
        """Where the link of this person's last letter leads."""
        letters = self.box.to(self.demo.people[name].email)
        assert letters, f"{name} has had no letter"
        return link_in(letters[-1])

    def section(self, heading: str) -> str:
        """The scene as it is kept."""
        return kept.section(heading, self.lines, passed(self.pages))

    # What is written down -----------------------------------------------------------------------------------------

    def given(self, what: str) -> None:
        super().given(what)
        self._write("", f"Given {what}.", "")

    def when(self, what: str) -> None:
        super().when(what)
        self._write("", f"When {what}.", "")

    def then(self, what: str) -> None:
        super().then(what)
        self._write("", f"Then {what}.", "")

    def met(self, who: Person, address: str, page: Element) -> None:
        """A page that somebody came to: its heading, how things stand there, and each date with its proof, once."""
        self.pages.add(name_of_page(address))
        (heading,) = page.all("h1")
        self._row(who.name, seen(heading))
        for each in page.all("section"):
            if STANDS in classes(each):
                self._write(f"  - {seen(next(each.all('p')))}")
        for each in page.all("details"):
            if PROOF in classes(each) and (said := proof(each)) not in self._proofs:
                self._proofs.add(said)
                self._write(f"  - {said}")

    def ladder(self, page: Element) -> None:
        """The stages as the record shows them."""
        (steps,) = (each for each in page.all("ol") if "undrift-ladder" in classes(each))
        self._write("", *(f"- stage: {seen(step)}" for step in steps.all("li")), "")

    def _row(self, name: str, heading: str) -> None:
        if self._on_a_row == name:
            self.lines[-1] += f" > {heading}"
        else:
            self.lines.append(f"- {name}: {heading}")
        self._on_a_row = name
        self.watch(self.lines)

    def _write(self, *lines: str) -> None:
        self.lines += lines
        self._on_a_row = ""
        self.watch(self.lines)


# Each kind of page in each state is read by the page lint once in a process; the journeys look at more.
LINTED: set[tuple[str, str]] = set()


@dataclass
class Walker(ByRequests):
    """Somebody who goes about, and whose pages are written down."""

    signed_in_on: date | None = None
    finds_a_problem: bool = False  # whether the next page is to say so

    def opens(self, address: str) -> None:
        today = timezone.localdate()
        if self.signed_in_on != today:
            self.signed_in()
            self.signed_in_on = today
        super().opens(address)

    def _arrive(self, response: Any, state: str = "empty") -> None:
        super()._arrive(response, state)
        self.walk.last = self.text()
        problem = "There is a problem" in self.walk.last
        assert problem is self.finds_a_problem, f"{self.person.name} on {self.address}: {self.walk.last}"
        self.walk.met(self.person, self.address, self.page)

    def _look(self, response: Any, state: str) -> None:
        key = name_of_page(self.address), state
        if THOROUGH or key not in LINTED:
            LINTED.add(key)
            super()._look(response, state)

    @property
    def walk(self) -> Walk:
        assert isinstance(self.telling, Walk)
        return self.telling

    def reads_the_letter(self) -> None:
        """By the link in the last letter that came."""
        self.opens(self.walk.letter(self.person.name))

    def opens_the_record(self) -> None:
        """By the address that they were led to when it was sent."""
        self.opens(self.walk.record)

    def buttons(self) -> list[str]:
        (main,) = self.page.all("main")
        return [name_of(each) for each in self._pressable(main)]

    def unfolds_everything(self) -> None:
        for each in self.page.all("summary"):
            assert each.parent is not None
            each.parent.attrs["open"] = ""

    def folded(self, words: str) -> str:
        """What stands in a fold, once it is opened."""
        found = [each.parent for each in self.page.all("summary") if each.text == words]
        (fold,) = found
        assert fold is not None
        return fold.text

    def presses(self, words: str) -> None:
        """The one thing that is called so, and nothing more."""
        (main,) = self.page.all("main")
        self._press(only([each for each in self._pressable(main) if name_of(each) == words], words, self.address))

    def presses_what_begins(self, words: str) -> None:
        (main,) = self.page.all("main")
        found = [each for each in self._pressable(main) if name_of(each).startswith(words)]
        self._press(only(found, f"{words!r} ...", self.address))

    def presses_the_choice(self, answer: str, question_begins: str) -> None:
        """For a question that names somebody."""
        legends = [legend.text for legend in self.page.all("legend") if legend.text.startswith(question_begins)]
        self.chooses(answer, to=only_words(legends, question_begins))

    def reads_the_stages(self) -> None:
        """The ladder of the record, which is written down."""
        self.opens_the_record()
        self.walk.ladder(self.page)


def only_words(found: list[str], what: str) -> str:
    assert len(found) == 1, f"there are {len(found)} of {what!r}"
    return found[0]


def proof(details: Element) -> str:
    (summary,) = details.all("summary")
    rules = [seen(each) for each in details.all("p")]
    return " / ".join([seen_folded(summary), *rules, *(seen_folded(each) for each in details.all("li"))])


def classes(element: Element) -> list[str]:
    return element.attrs.get("class", "").split()


def seen_folded(element: Element) -> str:
    return " ".join(element.text.split())


def _moment(now: datetime) -> str:
    here = now.astimezone(LONDON)
    return f"{on(here.date())}, {here:%H:%M}"
