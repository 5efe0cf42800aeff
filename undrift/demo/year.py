"""Westmarch's last twelve months around the stories: families in England's proportions, resolutions in the usual ones.

With those of the stories it comes to 165 resolutions. The Central team raises fewer from month to month; South carries
more families for each worker, and answers as well as the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from random import Random
from typing import TypeVar

from undrift.demo.plots import Plot
from undrift.demo.population import Population, Quota, Settled, spread
from undrift.demo.script import Case
from undrift.demo.staff import PLACES, add_workers
from undrift.demo.stories import Demonstration
from undrift.demo.words import THEME_PARTS, THEMES

# How far each of the year's resolutions goes, those of the stories counted.
HIGHEST = {"informal": 124, "stage-1": 28, "stage-2": 9, "stage-3": 3, "stage-5": 1}
# Of those at stages 2 and 3, how many were raised above informal because of an immediate risk.
AT_RISK = {"stage-2": 6, "stage-3": 1}
# Answers in time, and those that come late, out of so few that they are met with.
IN_TIME = {"stage-1": (7, 2), "stage-2": (5, 1), "stage-3": (5, 1)}
REPEATS = 12

# Families by their number of children: with the stories' 260 children in 138 families; and those whose plans ended.
ON_PLAN = {1: 50, 2: 37, 3: 20, 4: 12}
ENDED = {1: 34, 2: 22, 3: 10, 4: 4}

# Working days: the year, the part in which a long course comes to its end, and how long until all is done.
YEAR, LONG_COURSE = 250, 48
UNTIL_DONE = (17, 19, 20, 22, 23, 24, 24, 25, 26, 28, 31, 35)


@dataclass(frozen=True)
class Job:
    """One resolution to be made: how far it goes, from which working day, of which team."""

    highest: str
    at_risk: bool
    day: int
    team: str


@dataclass(frozen=True)
class Past:
    """A resolution that was made: its family, what it was about, from when to when."""

    home: Settled
    theme: str
    ground: str
    began: int
    ended: int


def add_year(demo: Demonstration, chance: Random) -> Sequence[Settled]:
    """Insert the families, and write the resolutions into the script; the families."""
    add_workers(demo.west, demo.days.today)
    population = Population(demo.west, demo.days, chance, demo.homes.diary)
    population.draw(_sizes(ON_PLAN, chance), PLACES, number=5001)
    population.draw(_sizes(ENDED, chance), PLACES, number=6001, ended=True)
    population.save()
    writer = Writer(demo, chance, population.settled)
    for job in sorted(_jobs(demo, chance), key=lambda job: job.day):
        writer.write(job)
    return population.settled


def _sizes(counts: dict[int, int], chance: Random) -> list[int]:
    sizes = [size for size, count in counts.items() for _ in range(count)]
    chance.shuffle(sizes)
    return sizes


def _jobs(demo: Demonstration, chance: Random) -> list[Job]:
    told = Counter(case.highest for case in demo.script.cases if case.name != "Plover")
    where = Quota({place.team: place.share for place in PLACES}, sum(HIGHEST.values()))
    jobs = []
    for highest, count in HIGHEST.items():
        for n in range(count - told[highest]):
            team = where.take(1)
            jobs.append(Job(highest, n < AT_RISK.get(highest, 0), _day(highest, team, chance), team))
    return jobs


def _day(highest: str, team: str, chance: Random) -> int:
    latest = 2 if highest == "informal" else LONG_COURSE
    if team == "Central":  # fewer from month to month
        return -int(max(chance.uniform(latest, YEAR), chance.uniform(latest, YEAR)))
    return -chance.randint(latest, YEAR)


class Writer:
    """Finds each job its family and its theme, and has the plot written."""

    def __init__(self, demo: Demonstration, chance: Random, homes: Sequence[Settled]) -> None:
        self.demo, self.chance, self.homes = demo, chance, homes
        self.past: list[Past] = []
        count = sum(HIGHEST.values())
        self.themes = _drawn(THEME_PARTS, count, chance)
        self.again = _drawn({True: REPEATS, False: 100 - REPEATS}, count, chance)
        self.in_time = {
            stage: _drawn({True: good, False: late}, good + late, chance) for stage, (good, late) in IN_TIME.items()
        }
        self.short = 0

    def write(self, job: Job) -> Case:
        until = self.chance.choice(UNTIL_DONE) + (0 if job.highest == "informal" else 8)
        home, theme, ground = self._found(job, until)
        plot = Plot(
            self.demo.script, self.chance, home, THEMES[theme], job.day, self.in_time, ground, until=job.day + until
        )
        if job.at_risk:
            case = plot.starts_at_risk(job.highest)
        elif job.highest == "informal":
            case = plot.settled_informally()
        else:
            case = plot.reaches(job.highest)
        self.past.append(Past(home, theme, ground, job.day, plot.day))
        return case

    def _found(self, job: Job, until: int) -> tuple[Settled, str, str]:
        """A family on its plan all that time with nothing else open, and what it is about; now and then once more."""
        free = self._free(job, until)
        repeat = [p for p in self.past if p.home in free and p.ended < job.day and not job.at_risk]
        # What could not be repeated early in the year, when little had been raised, is made up for later.
        wanted = next(self.again) or (self.short > 0 and self.chance.random() < 0.5)
        if wanted and repeat:
            self.short = max(0, self.short - 1)
            before = self.chance.choice(repeat)
            return before.home, before.theme, before.ground
        self.short += wanted
        theme = "safety" if job.at_risk else next(self.themes)
        ground = self.chance.choice(THEMES[theme].grounds)
        raised = {id(p.home) for p in self.past if p.ground == ground}
        fresh = [home for home in free if id(home) not in raised] or free
        return self.chance.choice(fresh), theme, ground

    def _free(self, job: Job, until: int) -> list[Settled]:
        days = self.demo.days
        last = min(job.day + until + 30, -1)
        first_day, last_day = days.day(job.day - 3), days.day(last)
        busy = {id(p.home) for p in self.past if p.ended >= job.day - 5}
        there = [h for h in self.homes if h.on_plan(first_day, last_day) and id(h) not in busy]
        return [h for h in there if h.place.team == job.team] or there


Kind = TypeVar("Kind", bound=Hashable)


def _drawn(parts: Mapping[Kind, int], count: int, chance: Random) -> Iterator[Kind]:
    """Kinds in their proportions, in an order drawn by chance, for ever."""
    found = spread(parts, count)
    chance.shuffle(found)
    return cycle(found)
