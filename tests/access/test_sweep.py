"""The sweep: every address, by every method, for every reader, with everybody's ids in path, query and body."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest

from tests.access.asking import A_ROUND, METHODS, Ask, Asking, Sweeper, places
from tests.access.conftest import Told
from tests.access.town import Town
from tests.house.thorough import THOROUGH
from undrift.desks.frame.addresses import RULES

USUALLY, AT_LEAST = 1_500, 20_000


def asks(town: Town, seed: int, number: int | None) -> Iterator[Ask]:
    """A sample of so many in which every address, every reader and every method stands; None: all of them."""
    chance = random.Random(seed)
    every = [(reader, place, method) for reader in town.readers for place in places() for method in A_ROUND]
    chance.shuffle(every)
    asking = Asking(town, chance)
    if number is None:
        yield from (asking.one(*each) for each in every)
        return
    firsts = {key: each for each in every for key in (each[0].name, each[1].route, each[2])}
    for each in [*dict.fromkeys(firsts.values()), *every][:number]:
        yield asking.one(*each)


@pytest.mark.slow
def test_nobody_is_answered_otherwise_than_the_matrix_says(town: Town, seed: int, told: Told) -> None:
    began, asked = time.monotonic(), list(asks(town, seed, None if THOROUGH else USUALLY))
    swept = Sweeper(town).sweep(asked)
    seconds = time.monotonic() - began
    told(f"the sweep: {swept.line()} in {seconds:.0f} s, of {len(places())} addresses x {len(METHODS)} methods "
         f"x {len(town.readers)} readers")  # fmt: skip
    told("  of records: " + ", ".join(f"{number:,} {of}" for of, number in swept.relations.most_common()))
    told(f"  looks: {swept.looks['opened']:,} opened and {swept.looks['refused']:,} refused, "
         f"{len(swept.unlooked)} without the look that they should have left")  # fmt: skip
    assert not swept.errors, "\n".join(dict.fromkeys(swept.errors))
    assert not swept.leaks, "\n".join(swept.leaks[:30])
    assert not swept.unexpected, f"{len(swept.unexpected)}:\n" + "\n".join(swept.unexpected[:40])
    assert not swept.unlooked, f"{len(swept.unlooked)}:\n" + "\n".join(swept.unlooked[:40])
    assert {ask.place.name for ask in asked} == set(RULES)
    assert {ask.reader.name for ask in asked} == {reader.name for reader in town.readers}
    assert not THOROUGH or swept.requests >= AT_LEAST
