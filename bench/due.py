"""Due dates: how fast, as ratios to known things measured in the same run, and how right, beside a naive count.

`python -m bench.due` prints the ratios. `python -m bench.due --oracle 1000000` puts that many random questions to
the engine and to the naive count of the tests instead. Both exit with 1 when something falls short.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
from workalendar.europe import UnitedKingdom

from tests.engine.compared import compare
from undrift.engine.dates.due import due, due_many
from undrift.library.calendars import load
from undrift.protocol.clocks import Counted, Unit

QUESTIONS = 10_000
FEW = 200  # for what is slow
BULK = 1_000_000
LONGEST = 30
ROUNDS = 15

CALENDAR = load("england-and-wales")
CLOCKS = {number: Counted(number, Unit.WORKING_DAYS) for number in range(1, LONGEST + 1)}
BARE = {number: Counted(number, Unit.DAYS) for number in range(1, LONGEST + 1)}


class Ratio(NamedTuple):
    """Our speed as a multiple of theirs, and what it must reach."""

    what: str
    ours: float
    theirs: float
    at_least: float

    @property
    def value(self) -> float:
        return self.theirs / self.ours

    def __str__(self) -> str:
        verdict = "PASS" if self.value >= self.at_least else "SHORT"
        times = f"{_nanoseconds(self.ours)} beside {_nanoseconds(self.theirs)}"
        return f"{verdict:5} {self.value:8.2f} (at least {self.at_least:g})  {self.what}: {times}"


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.due")
    parser.add_argument("--oracle", type=int, metavar="N", help="compare N random cases with the naive count")
    parser.add_argument("--seed", type=int, default=None, help="repeat a run")
    asked = parser.parse_args(argv)
    seed = random.randrange(2**32) if asked.seed is None else asked.seed
    return oracle(asked.oracle, seed) if asked.oracle else ratios(seed)


def oracle(number: int, seed: int) -> int:
    """Compares with the naive count. Returns 1 when any answer differs."""
    began = time.perf_counter()
    found = compare(number, seed)
    print(
        f"{found.asked:,} random cases (seed {seed}): {found.differ:,} differences, "
        f"{found.refused:,} refused by both, in {time.perf_counter() - began:.0f} s"
    )
    for difference in found.first:
        print(difference)
    return 1 if found.differ else 0


def ratios(seed: int) -> int:
    """Measures. Returns 1 when a ratio falls short."""
    print(f"Due dates, speed as a multiple of (seed {seed}, best of {ROUNDS} rounds taken in turn):")
    measured = [*_beside_a_table(seed), _beside_workalendar(seed), *_beside_numpy(seed)]
    print("\n".join(map(str, measured)))
    print(json.dumps({"bench": "due", "ratios": {each.what: round(each.value, 3) for each in measured}}))
    return 0 if all(each.value >= each.at_least for each in measured) else 1


def _beside_a_table(seed: int) -> Iterator[Ratio]:
    """The same answers from a list made beforehand, found by the start's ordinal and the number of days.

    For one year only, so that the list stays small and quick.
    """
    first = date(2026, 1, 1).toordinal()
    table = [
        [date.min, *(due(clock, date.fromordinal(day), CALENDAR).date for clock in CLOCKS.values())]
        for day in range(first, date(2027, 1, 1).toordinal())
    ]

    def look_up(start: date, number: int) -> date | None:
        return table[start.toordinal() - first][number]

    asked = _questions(seed, QUESTIONS, years=(2026, 2026))
    stated = [(start, CLOCKS[number]) for start, number in asked]
    unstated = [(start, BARE[number]) for start, number in asked]

    def from_table() -> None:
        for start, number in asked:
            look_up(start, number)

    def from_clocks() -> None:
        for start, clock in stated:
            due(clock, start, CALENDAR)

    def from_bare_days() -> None:
        for start, clock in unstated:
            due(clock, start, CALENDAR, bare_days="working")

    expected = [look_up(start, number) for start, number in asked]
    _same(expected, [due(clock, start, CALENDAR).date for start, clock in stated])
    _same(expected, [due(clock, start, CALENDAR, bare_days="working").date for start, clock in unstated])
    clocks, bare, table_time = (each / QUESTIONS for each in _best(from_clocks, from_bare_days, from_table))
    yield Ratio("a bare table look-up, working days", clocks, table_time, 0.2)
    yield Ratio('a bare table look-up, "days" that the authority chose', bare, table_time, 0.2)


def _beside_workalendar(seed: int) -> Ratio:
    theirs = UnitedKingdom()
    asked = _questions(seed, FEW, years=(2024, 2027))  # it misses the bank holiday of 8 May 2023
    _same(
        [theirs.add_working_days(start, number) for start, number in asked],
        [due(CLOCKS[number], start, CALENDAR).date for start, number in asked],
    )

    def from_workalendar() -> None:
        for start, number in asked:
            theirs.add_working_days(start, number)

    def from_clocks() -> None:
        for start, number in asked:
            due(CLOCKS[number], start, CALENDAR)

    ours, other = (each / FEW for each in _best(from_clocks, from_workalendar))
    return Ratio("workalendar", ours, other, 20)


def _beside_numpy(seed: int) -> Iterator[Ratio]:
    """Rolled backward first, numpy too makes the next working day day 1 of a start off work."""
    asked = _questions(seed, QUESTIONS)
    starts = np.resize(np.array([start for start, _ in asked], dtype="datetime64[D]"), BULK)
    numbers = np.resize(np.array([number for _, number in asked]), BULK)
    working = np.busdaycalendar(holidays=np.array(list(CALENDAR.holidays), dtype="datetime64[D]"))

    for what, number in (("one number of days", 7), ("a number for each start", numbers)):

        def from_numpy(number: int | np.ndarray = number) -> np.ndarray:
            return np.busday_offset(starts, number, roll="backward", busdaycal=working)

        def from_tables(number: int | np.ndarray = number) -> np.ndarray:
            return due_many(starts, number, CALENDAR)

        _same(from_numpy().tolist(), from_tables().tolist())
        ours, theirs = (each / BULK for each in _best(from_tables, from_numpy))
        yield Ratio(f"numpy.busday_offset, {BULK:,} starts, {what}", ours, theirs, 1.0)


def _questions(seed: int, number: int, years: tuple[int, int] = (2015, 2027)) -> list[tuple[date, int]]:
    rng = random.Random(seed)
    first, last = date(years[0], 1, 1).toordinal(), date(years[1], 12, 31).toordinal()
    return [(date.fromordinal(rng.randint(first, last)), rng.randint(1, LONGEST)) for _ in range(number)]


def _same(expected: list[date | None], answered: list[date | None]) -> None:
    differ = sum(a != b for a, b in zip(expected, answered, strict=True))
    if differ:
        sys.exit(f"{differ} of {len(expected)} answers differ: a ratio of different answers says nothing.")


def _best(*runs: Callable[[], object]) -> list[float]:
    """The shortest time of each, taken in turn so that a busy moment of the machine troubles all alike."""
    best = [float("inf")] * len(runs)
    for _ in range(ROUNDS):
        for place, run in enumerate(runs):
            began = time.perf_counter()
            run()
            best[place] = min(best[place], time.perf_counter() - began)
    return best


def _nanoseconds(seconds: float) -> str:
    return f"{seconds * 1e9:,.0f} ns"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
