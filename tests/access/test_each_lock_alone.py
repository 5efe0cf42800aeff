"""Either lock holds alone: with the other one off, no word of a hidden record is shown to anybody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.access.asking import Ask, May, Sweeper
from tests.access.conftest import Told
from tests.access.locks import first_lock_off, second_lock_off
from tests.access.test_sweep import asks
from tests.access.town import Town
from tests.house.thorough import THOROUGH
from undrift.desks.frame.addresses import RULES, Of

A_SAMPLE = 4_000 if THOROUGH else 200


def of_records(town: Town, seed: int) -> Iterator[Ask]:
    """Of the sweep what leads to a record or to a list of records."""
    found = (ask for ask in asks(town, seed) if RULES[ask.place.name].of is not Of.ANYONE
             and ask.may not in (May.SIGN_IN, May.TURNED_AWAY) and ask.method in ("GET", "POST"))  # fmt: skip
    for number, ask in enumerate(found):
        if number >= A_SAMPLE:
            return
        yield ask


@pytest.mark.slow
def test_the_second_lock_alone_shows_no_word_of_what_is_hidden(town: Town, seed: int, told: Told) -> None:
    with first_lock_off():
        swept = Sweeper(town).sweep(of_records(town, seed + 1), looks=False)
    told(f"the second lock alone: {swept.requests:,} requests, {len(swept.leaks)} leaks")
    assert not swept.leaks, "\n".join(swept.leaks[:30])


@pytest.mark.slow
def test_the_first_lock_alone_answers_as_the_matrix_says(town: Town, seed: int, told: Told) -> None:
    with second_lock_off():
        swept = Sweeper(town).sweep(of_records(town, seed + 2), looks=False)
    told(f"the first lock alone: {swept.requests:,} requests, {len(swept.leaks)} leaks, "
         f"{len(swept.unexpected)} unexpected")  # fmt: skip
    assert not swept.leaks, "\n".join(swept.leaks[:30])
    assert not swept.unexpected, "\n".join(swept.unexpected[:30])
    assert not swept.errors, "\n".join(swept.errors[:3])
