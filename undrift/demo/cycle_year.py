"""A year of plan cycles for some of the families around the stories: each conference with what stands before and after
it. What is still to be done in them stands on the homes of those who owe it, one of each kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from undrift import library
from undrift.demo import cycle_words as words
from undrift.demo.cycles import Told
from undrift.demo.days import moment
from undrift.demo.population import Settled
from undrift.demo.stories import Demonstration
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.agenda import halfway
from undrift.engine.plan_cycle.state import State

# How far back a cycle that is told begins, how far two of its conferences are apart at most, and how many are told.
A_YEAR, APART = timedelta(days=340), timedelta(days=178)
IN_WEST, IN_NORTH = 8, 5
DECIDES_ON_APPEALS = "Ines Calderbank"  # in Northmoor itself


def live_year(demo: Demonstration, west: Sequence[Settled], north: Sequence[Settled], chance: Random) -> None:
    """Into the cycles that are to be performed."""
    for homes, number, protocol, lasts in ((west, IN_WEST, "walsall", IN_THE_WEST),
                                           (north, IN_NORTH, "pan-lancashire", IN_THE_NORTH)):  # fmt: skip
        rules = library.load(protocol)
        parts = next((len(step.contains) for step in rules.met_by("sheet sent")), 0)
        lists = [rules.checklist(step.checklist or "") for step in rules.met_by("discussion held")]
        items = [item.id for listed in lists if listed is not None for item in listed.items]
        for home, last in zip(_lived(homes, demo.days.today)[:number], lasts, strict=True):
            course = _Course(demo, chance, home, parts, items)
            course.year()
            last(course)
            demo.cycles.append(course.told)
    over = next(home for home in west if home.ends is not None and home.ends >= demo.days.day(-40))
    demo.cycles.append(_ended(demo, over))


def _lived(homes: Sequence[Settled], today: date) -> list[Settled]:
    """Those on a plan that began within the year with all their children, the chairs in turn."""
    fit = [
        home for home in homes
        if home.ends is None and home.begun == home.starts >= today - A_YEAR
        and all(child.date_of_birth and child.date_of_birth < home.starts for child in home.children)
        and all(later - day <= APART for day, later in _spans(home))
    ]  # fmt: skip
    turns: dict[str, count[int]] = {}
    turn = {id(home): next(turns.setdefault(home.chair, count())) for home in fit}
    # Of the three councils Northmoor's own first: who decides on an appeal is another in each.
    return sorted(fit, key=lambda home: (home.place.authority not in ("", "northmoor"), turn[id(home)]))


def _spans(home: Settled) -> list[tuple[date, date]]:
    """From each conference to the next."""
    held = [home.starts, *home.reviews]
    return list(zip(held, [*held[1:], home.following], strict=True))


class _Course:
    """One family's year, written down."""

    def __init__(self, demo: Demonstration, chance: Random, home: Settled, parts: int, items: Sequence[str]) -> None:
        self.demo, self.days, self.chance, self.home = demo, demo.days, chance, home
        self.parts, self.items = parts, items
        self.told = Told(home.family.name, home.children)
        self.came = (f"Ms {home.family.name}", home.worker, *(person.name for person in home.partners))
        self.asked = self.letters = 0

    @property
    def last(self) -> str:
        """The latest conference that was held."""
        return f"c{1 + len(self.home.reviews)}"

    def year(self) -> None:
        for number, (day, following) in enumerate(_spans(self.home), start=1):
            self._held(number, day, following)
            self._between(day, following)
            if not self.parts:
                self._before(f"c{number + 1}", following)

    # Around one conference ------------------------------------------------------------------------------------------

    def _held(self, number: int, day: date, following: date) -> None:
        said = {child: acts.Decision(True, "NEG", father=self.chance.random() < 0.6) for child in self.told.ids}
        key, at = f"c{number}", moment(day, "13:00")
        first = number == 1
        held = acts.HoldConference(
            "" if first else key, day, said, time=time(12, 30), came=self.came, next_review=following,
            kind="initial" if first else "", children=self.told.ids if first else (),
        )  # fmt: skip
        self.told.then(at, self.home.chair, held)
        if first and not self.parts:
            self._shared(key, at + timedelta(minutes=10), self.days.day(self.days.number_of(day) - 2))
        for n, child in enumerate(self.home.children):
            outline = tuple(text.format(name=child.first_name) for text in self._outline())
            self.told.then(
                at + timedelta(minutes=90 + n), self.home.chair, acts.WriteOutline(key, str(child.pk), outline)
            )
        sent = self.days.day(self.days.number_of(day) + 1)
        self.told.then(moment(sent, "10:00"), self.home.chair, acts.SendSheet(key, sent, self.came, time(9, 45)))
        self._key_action(key, day)

    def _outline(self) -> Sequence[str]:
        return words.OUTLINE[: self.parts] if self.parts else (words.WHOLE,)

    def _key_action(self, conference: str, day: date) -> None:
        """Asked at the conference; told of two working days before its day."""
        self.asked += 1
        number, worker = self.days.number_of(day), self.demo.people[self.home.worker]
        by, wording = self.days.day(number + 15), words.KEY_ACTIONS[self.asked % len(words.KEY_ACTIONS)]
        asked = acts.SetKeyAction(conference, self.told.ids, wording, by, worker.name, str(worker.pk))
        self.told.then(moment(day, "15:30"), self.home.chair, asked)
        on, said = self.days.day(number + 13), self.chance.choice(words.FED_BACK)
        self.told.then(moment(on, "11:20"), worker.name, acts.FeedBack(f"k{self.asked}", on, True, said))

    def _between(self, day: date, following: date) -> None:
        first, last = self.days.number_of(day) + 9, self.days.number_of(following) - 8
        for n, number in enumerate(range(first, last, 30)):
            on = self.days.day(number)
            group: acts.Act = acts.HoldCoreGroup(self.told.ids, on, self.came)
            if n and self.chance.random() < 0.15:
                group = acts.MissCoreGroup(self.told.ids, on, self.chance.choice(words.MISSED))
            self.told.then(moment(on, "16:10"), self.home.partners[0].name if self.parts else self.home.worker, group)
        middle = self.days.or_last_working_day(halfway(day, following))
        if middle > day:
            for n in range(len(self.told.ids)):
                self.check(n, middle, self.chance.choice(("on-course", "on-course", "needs-help")), "none")
            if not self.parts:
                self._praised(self.days.number_of(middle) + 1)

    def check(self, child: int, on: date, view: str, following: str) -> None:
        name, text = self.home.children[child].first_name, self.chance.choice(words.EXPERIENCES)
        looked = acts.FinishCheck(
            self.told.ids[child], on, text.format(name=name), view, following, father=True,
            notes=self.chance.choice(words.FOUND),
        )  # fmt: skip
        self.told.then(moment(on, f"15:{30 + child}"), self.home.chair, looked)

    def _praised(self, number: int) -> None:
        """A letter to each child of good practice; a sentence of it may stand in the report."""
        for child in self.told.ids:
            tier, text = words.LETTERS[(len(self.home.family.name) + self.letters) % len(words.LETTERS)]
            self.letters += 1
            note = acts.WriteNote(child, tier, text, self.home.worker, quotable=True)
            self.told.then(self.days.at(number, f"10:{10 + self.letters}"), self.home.chair, note)

    def _before(self, conference: str, day: date) -> None:
        """The discussion and the report, where the policy has them."""
        number, no = self.days.number_of(day), self.chance.choice(self.items)
        on, shared = self.days.day(number - 6), self.days.day(number - 5)
        discussed = acts.HoldDiscussion(
            conference, on, "ready-with-actions", {item: "no" if item == no else "yes" for item in self.items},
            self.chance.choice(words.HOW), self.chance.choice(words.AGREED),
        )  # fmt: skip
        self.told.then(moment(on, "11:45"), self.home.chair, discussed)
        self._shared(conference, moment(shared, "12:10"), shared)

    def _shared(self, conference: str, at: datetime, on: date) -> None:
        self.told.then(at, self.home.worker, acts.ShareReport(conference, on, "social-worker"))

    # What waits today -----------------------------------------------------------------------------------------------

    def led_to(self, following: str) -> None:
        """A check of the eldest whose next step is still to be done."""
        self.check(0, self.days.day(-2), "needs-help" if following != "note" else "on-course", following)

    def letter(self) -> None:
        note = acts.WriteNote(self.told.ids[0], "good", words.LETTER, self.home.worker, quotable=True)
        self.told.then(self.days.at(-4, "12:15"), self.home.chair, note)

    def talked_about(self) -> None:
        """A check led to a talk, and no concern was raised."""
        self.led_to("talk")
        self.told.then(self.days.at(-1, "09:30"), self.home.chair, _raise_nothing)

    def not_accepted(self) -> None:
        wanted, why = words.NOT_ACCEPTED
        agency = "Health" if not self.parts else "Moorland Health Trust"
        by = self.home.worker if not self.parts else self.home.partners[0].name
        self.told.then(self.days.at(-3, "10:50"), by, acts.NotAccept(self.told.ids, agency, wanted, why))

    def happened(self) -> None:
        """Two significant events: what was done about the second is not on record."""
        name = self.home.children[0].first_name
        for number, (what, response) in zip((-7, -2), words.EVENTS, strict=True):
            event = acts.RecordEvent(
                self.told.ids[0], self.days.day(number), what.format(name=name),
                response.format(name=name) if number < -2 else "",
            )  # fmt: skip
            self.told.then(self.days.at(number, "17:00"), self.home.worker, event)

    def appealed(self, *, upheld: bool = False) -> None:
        taken = acts.TakeRoute(
            "appeal", self.days.day(-5), self.came[0], "parent", words.APPEALED, self.last, self.told.ids
        )  # fmt: skip
        self.told.then(self.days.at(-5, "14:00"), self.home.chair, taken)
        if upheld:
            self.told.then(self.days.at(-2, "10:00"), DECIDES_ON_APPEALS, acts.DecideRoute("r1", True, words.UPHELD))

    def nothing_more(self) -> None:
        """All that is due lies ahead."""


def _raise_nothing(state: State) -> acts.Act:
    check = max((check for child in state.children.values() for check in child.checks), key=lambda check: int(check.id))
    return acts.DeclineOffer(f"check:{check.id}", words.TALKED)


def _ended(demo: Demonstration, home: Settled) -> Told:
    """The plans are over, otherwise than by a conference; the cycle is still to be ended."""
    assert home.ends is not None
    told, day = Told(home.family.name, home.children), home.reviews[-1] if home.reviews else home.starts
    kind = "review" if home.reviews else "initial"
    said = {child: acts.Decision(True, "NEG") for child in told.ids}
    told.then(
        moment(day, "13:00"), home.chair, acts.HoldConference("", day, said, kind=kind, children=told.ids)
    )  # fmt: skip
    shared = demo.days.day(demo.days.number_of(day) - 4)
    told.then(moment(day, "13:20"), home.worker, acts.ShareReport("c1", shared, "social-worker"))
    for n, child in enumerate(told.ids):
        told.then(moment(home.ends, f"14:{n:02}"), home.chair, acts.EndPlan(child, home.ends, "other"))
    return told


Last = Callable[[_Course], None]
IN_THE_WEST: tuple[Last, ...] = (
    lambda course: course.led_to("note"), lambda course: course.led_to("talk"),
    lambda course: course.led_to("bring-forward"), _Course.letter, _Course.talked_about, _Course.not_accepted,
    _Course.happened, _Course.nothing_more,
)  # fmt: skip
IN_THE_NORTH: tuple[Last, ...] = (
    _Course.appealed, lambda course: course.appealed(upheld=True), _Course.not_accepted, _Course.nothing_more,
    _Course.nothing_more,
)  # fmt: skip
