"""The families of the year around the stories: the children on plans today in England's proportions, and before them
those whose plans ended. Reference data, inserted in bulk; drawn from a seed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Generic, TypeVar

from undrift.children.models import Child, CoreGroupMember, Family, MidpointCheck, Plan, Voice
from undrift.children.models.family import ALPHABET
from undrift.children.months import add_months
from undrift.children.plan_words import midpoint
from undrift.demo.days import Days, moment
from undrift.demo.diary import Diary
from undrift.demo.names import first_names, surnames
from undrift.demo.organisations import Organisation
from undrift.demo.words import CHECK_NEXT, CHECK_VIEW, VOICES
from undrift.people.models import Authority, Person, Unit

# Of the children on a plan in England (children in need census): category, age, time on the plan, in per cent.
CATEGORIES = {"NEG": 48, "EMO": 35, "PHY": 8, "MUL": 5, "SAB": 4}
AGES = {(-1, 0): 2, (0, 1): 9, (1, 5): 26, (5, 10): 29, (10, 16): 29, (16, 18): 4}
MONTHS = {(0, 3): 31, (3, 6): 26, (6, 12): 26, (12, 24): 14, (24, 30): 2}
SECOND_PLAN = 24
REVIEWS_ON_TIME = 91

SIBLINGS_APART = timedelta(days=300)
# A plan may begin before the birth, but not long before.
BEFORE_BIRTH = timedelta(days=60)


@dataclass(frozen=True)
class Place:
    """A team, who works and chairs there, and its part of the families."""

    team: str
    workers: Sequence[str]
    chairs: Sequence[str]
    partners: Sequence[str]
    share: int
    authority: str = ""


@dataclass(frozen=True)
class Settled:
    """A family of the year, saved. Its last child's plan began on `begun`; `ends` is the day its plans ended.

    `following` is the day of the next review, of a family that is on a plan.
    """

    family: Family
    children: tuple[Child, ...]
    place: Place
    chair: str
    worker: str
    starts: date
    begun: date
    ends: date | None
    reviews: tuple[date, ...]
    following: date
    partners: tuple[Person, ...]

    def on_plan(self, first: date, last: date) -> bool:
        """Whether every child was on the plan from one day to another."""
        return self.begun <= first and (self.ends is None or last < self.ends)


@dataclass
class Population:
    """Draws families and collects their rows; `save` inserts all."""

    built: Organisation
    days: Days
    chance: Random
    diary: Diary
    names: Iterator[str] = field(init=False)
    families: list[Family] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    members: list[CoreGroupMember] = field(default_factory=list)
    voices: list[Voice] = field(default_factory=list)
    checks: list[MidpointCheck] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    cycles: list[tuple[Settled, date]] = field(default_factory=list)
    given: Counter[str] = field(default_factory=Counter)
    number: int = 0

    def __post_init__(self) -> None:
        self.names = surnames(self.chance)

    def draw(self, sizes: Sequence[int], places: Sequence[Place], *, number: int, ended: bool = False) -> None:
        """So many families of these sizes, spread over the places and over the proportions above."""
        self.number = number
        count = sum(sizes)
        category = Quota(CATEGORIES, count)
        months = Quota(MONTHS, count)
        second = Quota({1: SECOND_PLAN, 0: 100 - SECOND_PLAN}, count)
        where = Quota({n: place.share for n, place in enumerate(places)}, count)
        ages = spread(AGES, count)
        self.chance.shuffle(ages)
        on_time = Quota({True: REVIEWS_ON_TIME, False: 100 - REVIEWS_ON_TIME}, count)
        for size in sizes:
            low, high = months.take(size)
            starts, ends = self._ended() if ended else (self._started(low, high), None)
            own = [ages.pop() for _ in range(size)]
            self._family(
                own, category.take(size), starts, ends, second.take(size),
                places[where.take(size)], on_time.take(size),
            )  # fmt: skip

    def save(self) -> None:
        """Insert everything. The conferences are in the diary, to be written with all others."""
        Family.objects.bulk_create(self.families)
        Child.objects.bulk_create(self.children)
        Plan.objects.bulk_create(self.plans)
        CoreGroupMember.objects.bulk_create(self.members)
        Voice.objects.bulk_create(self.voices)
        plans: dict[int, list[Plan]] = {}
        for plan in self.plans:
            plans.setdefault(plan.child.family_id, []).append(plan)
        for home, following in self.cycles:
            self._conferences(home, following)
            self._midway(home, plans[home.family.pk], following)
        MidpointCheck.objects.bulk_create(self.checks)

    # --- one family ---------------------------------------------------------------------------------

    def _started(self, low: int, high: int) -> date:
        first, last = add_months(self.days.today, -high), add_months(self.days.today, -low)
        back = self.chance.randrange(3, max(4, (last - first).days - 3))
        return self.days.or_last_working_day(last - timedelta(days=back))

    def _ended(self) -> tuple[date, date]:
        """A plan of four to fourteen months that ended within the last year."""
        ends = self.days.day(-self.chance.randrange(3, 235))
        return self.days.or_last_working_day(ends - timedelta(days=self.chance.randrange(120, 420))), ends

    def _family(
        self, bands: list[tuple[int, int]], category: str, starts: date, ends: date | None, previous: int, place: Place,
        on_time: bool,
    ) -> None:  # fmt: skip
        authority = self.built.authorities[place.authority] if place.authority else self.built.authority
        name = next(self.names)
        family = Family(authority=authority, name=name, reference=self._opaque())
        # Of those whose plans ended, everybody was born before the plan began.
        births = self._births(bands, starts if ends else None)
        sexes = [self.chance.choice("FM") for _ in births]
        chair, worker = self._in_turn(place.chairs), self._in_turn(place.workers)
        reviews, following = self._cycle(starts, ends, on_time)
        children = []
        for born, sex, first in zip(births, sexes, first_names(self.chance, sexes), strict=True):
            unborn = born > self.days.today
            child = Child(
                authority=authority, family=family, external_id=str(self.number), public_id=self._opaque(),
                first_name="Baby" if unborn else first, last_name=name, sex="U" if unborn else sex,
                date_of_birth=None if unborn else born, expected_birth=born if unborn else None,
            )  # fmt: skip
            self.number += 1
            children.append(child)
            self._plan(authority, child, born, category, starts, ends, previous, place, chair, worker, reviews)
        self.families.append(family)
        self.children += children
        partners = tuple(self._person(name) for name in self.chance.sample(list(place.partners), 2))
        begun = max(plan.starts for plan in self.plans[-len(children) :])
        home = Settled(
            family, tuple(children), place, chair, worker, starts, begun, ends, tuple(reviews), following, partners
        )
        self.settled.append(home)
        self.cycles.append((home, following))
        self.members += [
            CoreGroupMember(
                authority=authority, family=family, person=person, agency=person.agency, starts=starts, ends=ends
            )
            for person in partners
        ]

    def _in_turn(self, names: Sequence[str]) -> str:
        """Whoever has been given the fewest families."""
        name = min(names, key=lambda name: self.given[name])
        self.given[name] += 1
        return name

    def _plan(
        self, authority: Authority, child: Child, born: date, category: str, starts: date, ends: date | None,
        previous: int, place: Place, chair: str, worker: str, reviews: Sequence[date],
    ) -> None:  # fmt: skip
        begun = self.days.or_next_working_day(max(starts, born - BEFORE_BIRTH)) if born > starts else starts
        begun = min(begun, self.days.day(-1))
        own = [day for day in reviews if day > begun]
        seen = self.days.day(-self.chance.choice((1, 2, 3, 4, 5, 6, 7, 8, 9, 12)))
        visit = max(begun, min(seen, ends) if ends else seen)
        self.plans.append(
            Plan(
                authority=authority, child=child, starts=begun, ends=ends, initial_category=category,
                latest_category=category, chair=self._person(chair), social_worker=self._person(worker),
                team=self._unit(place.team), last_visit=visit, latest_review=own[-1] if own else None,
                seen_alone=self.chance.choice(("yes", "yes", "yes", "no", "unknown")), reviews_held=len(own),
                previous_plans=0 if born > self.days.today else previous,
            )
        )  # fmt: skip
        if born < add_months(self.days.today, -12 * 5) and self.chance.random() < 0.6:
            said, by = self.chance.choice(VOICES), self._person(worker)
            self.voices.append(Voice(authority=authority, child=child, text=said, heard_on=visit, heard_by=by))

    def _births(self, bands: list[tuple[int, int]], before: date | None) -> list[date]:
        """A birthday in each band; brothers and sisters are not born within ten months of each other."""
        found: list[date] = []
        for low, high in bands:
            for _ in range(40):
                born = self._within(low, high, before)
                if all(abs(born - other) >= SIBLINGS_APART for other in found):
                    break
            else:
                born = min(found) - SIBLINGS_APART
            found.append(born)
        return sorted(found)

    def _within(self, low: int, high: int, before: date | None) -> date:
        if low < 0 and before is None:
            return self.days.today + timedelta(days=self.chance.randrange(14, 130))
        latest = add_months(self.days.today, -12 * max(low, 0))
        earliest = add_months(self.days.today, -12 * max(high, 1))
        born = latest - timedelta(days=self.chance.randrange(1, (latest - earliest).days))
        return born if before is None else min(born, before - timedelta(days=self.chance.randrange(20, 300)))

    def _cycle(self, starts: date, ends: date | None, on_time: bool) -> tuple[list[date], date]:
        """The reviews held, and the day of the next: within three months, then within six. One may have been late."""
        held: list[date] = []
        last = min(ends, self.days.today) if ends else self.days.today
        while True:
            limit = add_months(held[-1], 6) if held else add_months(starts, 3)
            early = self.chance.randrange(2, 25) if held else self.chance.randrange(1, 12)
            day = self.days.or_last_working_day(limit - timedelta(days=early))
            if not on_time and (late := self._working_day_after(limit)) < last:
                day, on_time = late, True
            if day >= last:
                return held, day
            held.append(day)

    def _working_day_after(self, limit: date) -> date:
        return self.days.or_next_working_day(limit + timedelta(days=self.chance.randrange(2, 16)))

    def _conferences(self, home: Settled, following: date) -> None:
        chair = self._person(home.chair)
        people = [self._person(home.worker), *home.partners]
        held = [home.starts, *home.reviews]
        for n, day in enumerate(held):
            after = held[n + 1] if n + 1 < len(held) else None if home.ends else following
            self.diary.held(
                home.family, "review" if n else "initial", day, chair, people=people, next_review=after,
                at=self.chance.choice(("09:30", "11:00", "13:30", "15:00")),
            )  # fmt: skip
        if home.ends is None:
            at = self.chance.choice(("09:30", "11:00", "13:30", "15:00"))
            self.diary.planned(home.family, "review", following, chair, people=people, at=at)

    def _midway(self, home: Settled, plans: Sequence[Plan], following: date) -> None:
        days = [home.starts, *home.reviews, *([] if home.ends else [following])]
        for before, after in pairwise(days):
            due = self.days.or_next_working_day(midpoint(before, after))
            done = due < self.days.today
            if due == self.days.today:
                continue  # today's is the story of the Teals
            at = moment(due, "15:30") if done else None
            view = self.chance.choice(CHECK_VIEW) if done else ""
            step = self.chance.choice(CHECK_NEXT) if done else ""
            self.checks += [
                MidpointCheck(
                    authority_id=home.family.authority_id, plan=plan, due=due, done_at=at, view=view, next_step=step,
                    done_by=self._person(home.chair) if done else None,
                )
                for plan in plans
                if plan.starts < due
            ]  # fmt: skip

    def _person(self, name: str) -> Person:
        return self.built.people[name]

    def _unit(self, name: str) -> Unit:
        return self.built.units[name]

    def _opaque(self) -> str:
        return "".join(self.chance.choice(ALPHABET) for _ in range(12))


Kind = TypeVar("Kind", bound=Hashable)


class Quota(Generic[Kind]):
    """Hands out kinds so that each comes to its part of so many: always the one that is furthest behind."""

    def __init__(self, parts: Mapping[Kind, int], count: int) -> None:
        whole = sum(parts.values())
        self.wanted = {kind: part * count / whole for kind, part in parts.items()}
        self.given: Counter[Kind] = Counter()

    def take(self, size: int) -> Kind:
        # Of those that have room for the whole family, where there is one.
        left = {kind: wanted - self.given[kind] for kind, wanted in self.wanted.items()}
        kind = max(left, key=lambda kind: left[kind] / self.wanted[kind] if left[kind] >= size / 2 else left[kind] - 10)
        self.given[kind] += size
        return kind


def spread(parts: Mapping[Kind, int], count: int) -> list[Kind]:
    """So many of each kind as its part comes to; what rounding leaves goes to the largest part."""
    whole = sum(parts.values())
    found = [kind for kind, part in parts.items() for _ in range(round(part * count / whole))]
    largest = max(parts, key=lambda kind: parts[kind])
    return (found + [largest] * count)[:count]
