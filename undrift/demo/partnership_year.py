"""Northmoor's last twelve months around the story of the Plovers: three councils, their families, and what was asked of
their agencies: 25 starred recommendations, and the informal talks before them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from undrift.children.models import KeyAction
from undrift.children.models.conference import KeyActionStatus
from undrift.demo.days import Days
from undrift.demo.population import Place, Population, Settled
from undrift.demo.script import Case, concerns
from undrift.demo.stories import Demonstration
from undrift.demo.words import RECOMMENDATIONS, Recommendation
from undrift.engine.ladder import acts
from undrift.people.models import Agency

PARTNERS = ("Elias Thornby", "Caitlin Eversholt", "Gethin Aldersey", "Zofia Redmayne")
PLACES = (
    Place(
        "Northmoor Assessment Team", ("Nell Harcastle", "Arjun Sedley"), ("Rosalind Amery", "Kwame Thistleton"),
        PARTNERS, 50, "northmoor",
    ),
    Place("Harrowdale Assessment Team", ("Aoife Lanchester",), ("Jerome Tattersby",), PARTNERS, 25, "harrowdale"),
    Place("Saltmere Assessment Team", ("Emeka Rawcliffe",), ("Catrin Holmewood",), PARTNERS, 25, "saltmere"),
)  # fmt: skip
COUNCILS = {
    "northmoor": ("Northmoor Children's Social Care", "Leonie Cartmel", "Bashir Holloway"),
    "harrowdale": ("Harrowdale Children's Social Care", "Petra Sallowfield", "Conor Whitbeck"),
    "saltmere": ("Saltmere Children's Social Care", "Rafiq Ormerby", "Delphine Wardlow"),
}

ON_PLAN = {1: 16, 2: 10, 3: 5, 4: 2}
ENDED = {1: 6, 2: 4}
STARRED, TALKED_ONLY = 25, 12
# Of the starred recommendations, which go on to the Safeguarding Lead, and which of these to the Chief Officer.
ESCALATED, TO_THE_TOP = {6, 13}, {13}
YEAR, LONG_COURSE = 250, 62


@dataclass(frozen=True)
class Asked:
    """An agency, and who answers for it on each rung."""

    agency: str
    kind: str
    manager: str
    lead: str = ""
    chief: str = ""


SHARED = (
    Asked("Moorland Health Trust", "health", "Elias Thornby", "Dr Meena Kessler", "Paul Trevanion"),
    Asked("Northmoor Police", "police", "Caitlin Eversholt", "Hassan Winterbourne", "Moira Stainforth"),
    Asked("Northmoor Schools and Colleges", "education", "Gethin Aldersey", "Sunita Bracewell", "Laurence Popplewick"),
    Asked("Northmoor Housing Alliance", "housing", "Zofia Redmayne", "Clive Osgathorpe", "Beatriz Hartsop"),
)


def add_partnership_year(demo: Demonstration, chance: Random) -> Sequence[Settled]:
    """Insert the families, and write what was asked of their agencies into the script; the families."""
    population = Population(demo.north, demo.days, chance, demo.homes.diary)
    for sizes, number, ended in ((ON_PLAN, 7301, False), (ENDED, 7501, True)):
        drawn = [size for size, count in sizes.items() for _ in range(count)]
        chance.shuffle(drawn)
        population.draw(drawn, PLACES, number=number, ended=ended)
    population.save()
    busy: dict[int, int] = {}
    for n in range(STARRED):
        _Course(demo, chance, population.settled, busy).starred(n in ESCALATED, n in TO_THE_TOP)
    for _ in range(TALKED_ONLY):
        _Course(demo, chance, population.settled, busy).talked_only()
    _key_actions(demo, chance, population.settled)
    return population.settled


class _Course:
    """One recommendation that is outstanding, from the talk to the end."""

    def __init__(self, demo: Demonstration, chance: Random, homes: list[Settled], busy: dict[int, int]) -> None:
        self.demo, self.chance, self.homes, self.busy = demo, chance, homes, busy
        self.day = self.minute = 0
        self.told_on = 1

    @property
    def days(self) -> Days:
        return self.demo.days

    def starred(self, escalated: bool, to_the_top: bool) -> None:
        self._begin(LONG_COURSE if escalated else 12, escalated)
        first = self.chance.random() < 0.6
        case = self._raise("informal" if first else "starred")
        if first:
            self.day += self.chance.choice((5, 8, 16, 16))
            early = self.days.day(self.day) <= self.limit
            if early:
                self._say(case, self.home.chair, acts.Judge(case.for_each(False), "There is still no date."))
            self._move(case, "starred", "not accepted" if early else "not answered")
        if escalated:
            self.day += 7
            self._move(case, "formal-escalation", "not answered")
            senior = COUNCILS[self.home.place.authority][2]
            self.day += 2
            talk = acts.Conversation("phone", to="csc-senior-manager", name=senior)
            self._say(case, self.home.chair, acts.Speak(talk))
        if to_the_top:
            self.day += 6
            self._move(case, "chief-officer", "not answered")
        by = self.asked.chief if to_the_top else self.asked.lead if escalated else self.asked.manager
        self._answered(case, by)

    def talked_only(self) -> None:
        """Settled in the talk with the agency's manager."""
        self._begin(2, escalated=False)
        case = self._raise("informal")
        self.day += self.chance.randint(4, 14)
        self._say(case, self.home.chair, acts.Judge(case.for_each(True)))
        self._end(case)

    # The steps ----------------------------------------------------------------------------------------

    def _begin(self, latest: int, escalated: bool) -> None:
        """A family with nothing else open, and an agency that owes it something."""
        for _ in range(200):
            self.day = -self.chance.randint(latest, YEAR)
            first, last = self.days.day(self.day - 3), self.days.day(min(self.day + 70, -1))
            free = [h for n, h in enumerate(self.homes) if h.on_plan(first, last) and self.busy.get(n, -999) < self.day]
            if free:
                break
        self.home = self.chance.choice(free)
        self.busy[self.homes.index(self.home)] = self.day + 75
        council, manager, _ = COUNCILS[self.home.place.authority]
        own = Asked(council, "childrens-social-care", manager)
        self.asked: Asked = self.chance.choice(SHARED) if escalated else self.chance.choice((*SHARED, own))
        self.wanted: Recommendation = self.chance.choice(RECOMMENDATIONS[self.asked.kind])

    def _raise(self, stage: str) -> Case:
        agency: Agency = self.demo.north.agencies[self.asked.agency]
        name = self.home.children[0].first_name
        waits = {c.first_name: f"{c.first_name} waits for what the conference agreed." for c in self.home.children}
        self.limit = self.days.day(self.day + 15)
        return self.demo.script.raised(
            f"{self.home.family.name} (Northmoor)", self.home.children, self._clock(), self.home.chair,
            acts.Raise(
                stage=stage, children=concerns(self.home.children, waits), grounds=(self.wanted.ground,),
                concern="The recommendation has not been acted on in time.",
                occasion=self.chance.choice(("key-action", "midpoint", "core-group", "conference")),
                spoke=acts.Conversation("phone", to="front-line-manager", name=self.asked.manager),
                ask=self.wanted.ask if stage == "starred" else "",
                completion=self.days.day(self.day + 15) if stage == "starred" else None,
                agency=str(agency.pk), recommendation=self.wanted.wording.format(name=name),
            ),
            responsible=agency,
        )  # fmt: skip

    def _move(self, case: Case, to: str, because: str) -> None:
        move = acts.MoveOn(
            to, because, different="Nothing has come since.", ask=self.wanted.ask,
            completion=self.days.day(self.day + 15),
        )  # fmt: skip
        self._say(case, self.home.chair, move)

    def _answered(self, case: Case, by: str) -> None:
        self.day += self.chance.choice((2, 3, 4, 5, 5, 7))
        person = self.demo.people[by]
        due = self.days.day(self.day + 8)
        action = acts.ActionAsked(self.wanted.ask, person.name, due, person=str(person.pk))
        self._say(case, by, acts.Respond("agree", f"{self.wanted.answer}.", actions=(action,)))
        self.day += self.chance.randint(1, 2)
        self._say(case, self.home.chair, acts.Judge(case.for_each(True)))
        self.day += self.chance.randint(4, 7)
        self._say(case, by, acts.FinishAction("a1", self.days.day(self.day), self._first(self.wanted.changed)))
        self.day += 1
        self._say(case, self.home.chair, acts.ConfirmAction("a1"))
        self._end(case)

    def _end(self, case: Case) -> None:
        self.day += 1
        changed = {str(c.pk): self.wanted.changed.format(name=c.first_name) for c in case.children}
        self._say(case, self.home.chair, acts.Resolve(changed))

    def _first(self, text: str) -> str:
        return text.format(name=self.home.children[0].first_name)

    def _say(self, case: Case, by: str, act: acts.Act) -> None:
        case.then(self._clock(), by, act)

    def _clock(self) -> datetime:
        """The next moment: on the same day, some minutes later."""
        again = self.day == self.told_on
        self.minute = self.minute + self.chance.randint(2, 12) if again else self.chance.randint(9 * 60, 15 * 60)
        self.told_on = self.day
        return self.days.at(self.day, f"{self.minute // 60:02d}:{self.minute % 60:02d}")


def _key_actions(demo: Demonstration, chance: Random, homes: list[Settled]) -> None:
    """What conferences asked feedback on: most of it came."""
    rows, about = [], []
    for home in homes:
        if home.ends is not None or chance.random() < 0.4:
            continue
        asked = chance.choice(SHARED)
        text = chance.choice(RECOMMENDATIONS[asked.kind]).wording.format(name=home.children[0].first_name)
        due = demo.days.day(demo.days.number_of([home.starts, *home.reviews][-1]) + 15)
        done = due < demo.days.day(-2)
        rows.append(
            KeyAction(
                authority_id=home.family.authority_id, family=home.family, wording=text, feedback_due=due,
                agency=demo.north.agencies[asked.agency], who=demo.people[asked.manager],
                status=KeyActionStatus.DONE if done else KeyActionStatus.WAITING,
                feedback="Done as agreed." if done else "", feedback_on=due if done else None,
            )
        )  # fmt: skip
        about.append(home.children)
    KeyAction.objects.bulk_create(rows)
    links = KeyAction.children.through
    links.objects.bulk_create(
        links(keyaction_id=row.pk, child_id=child.pk)
        for row, children in zip(rows, about, strict=True)
        for child in children
    )
