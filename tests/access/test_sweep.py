"""The sweep: every address, by every method, for every reader, with everybody's ids in path, query and body."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest

from tests.access.asking import A_ROUND, METHODS, Ask, Asking, Place, Sweeper, places
from tests.access.conftest import Told
from tests.access.town import Reader, Town
from tests.house.thorough import THOROUGH
from undrift.desks.frame.addresses import RULES

USUALLY, AT_LEAST = 750, 20_000
PARTS = 3

Asked = tuple[Reader, Place, str]


def combinations(town: Town, chance: random.Random) -> list[Asked]:
    """Every reader at every address by every method, shuffled."""
    every = [(reader, place, method) for reader in town.readers for place in places() for method in A_ROUND]
    chance.shuffle(every)
    return every


def asks(town: Town, seed: int) -> Iterator[Ask]:
    """Of each combination one request."""
    chance = random.Random(seed)
    every = combinations(town, chance)
    asking = Asking(town, chance)
    yield from (asking.one(*each) for each in every)


def sample(every: list[Asked], number: int) -> list[Asked]:
    """So many of them, among which every address, every reader and every method stands."""
    firsts = {key: each for each in every for key in (each[0].name, each[1].name, each[1].route, each[2])}
    return [*dict.fromkeys(firsts.values()), *every][:number]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS), ids=lambda part: f"part {part + 1} of {PARTS}")
def test_nobody_is_answered_otherwise_than_the_matrix_says(town: Town, seed: int, told: Told, part: int) -> None:
    began, chance = time.monotonic(), random.Random(seed)
    every = combinations(town, chance)
    chosen = every if THOROUGH else sample(every, USUALLY)
    assert {place.name for _, place, _ in chosen} == set(RULES)
    assert {reader.name for reader, _, _ in chosen} == {reader.name for reader in town.readers}
    asking = Asking(town, random.Random(f"{seed} {part}"))
    asked = [asking.one(*each) for each in chosen[part::PARTS]]
    swept = Sweeper(town).sweep(asked)
    seconds = time.monotonic() - began
    told(
        f"the sweep, part {part + 1}: {swept.line()} in {seconds:.0f} s, "
        f"of {len(places())} addresses x {len(METHODS)} methods x {len(town.readers)} readers"
    )
    told("  of records: " + ", ".join(f"{number:,} {of}" for of, number in swept.relations.most_common()))
    told(f"  looks: {swept.looks['opened']:,} opened and {swept.looks['refused']:,} refused, "
         f"{len(swept.unlooked)} without the look that they should have left")  # fmt: skip
    assert not swept.errors, "\n".join(dict.fromkeys(swept.errors))
    assert not swept.leaks, "\n".join(swept.leaks[:30])
    assert not swept.unexpected, f"{len(swept.unexpected)}:\n" + "\n".join(swept.unexpected[:40])
    assert not swept.unlooked, f"{len(swept.unlooked)}:\n" + "\n".join(swept.unlooked[:40])
    assert not THOROUGH or swept.requests >= AT_LEAST // PARTS
