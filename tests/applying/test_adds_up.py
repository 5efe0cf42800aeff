"""What a file would change adds up to the same, whatever was read before it: else it could not be applied."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from undrift.applying import wants
from undrift.applying.wants import Compared, Comparison, Want
from undrift.children.models import Conference, Entity
from undrift.engine.dates.moments import LONDON

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=LONDON)
TWICE = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON)  # clocks go back that night


def added_up(value: object) -> str:
    compared = Compared(telling=False)
    want = Want(Entity.CONFERENCE, Conference(), "C-1", [], new=True, values={"held_on": value})
    compared.add(Comparison([want], [], {}, []), 1)
    return compared.digest


def test_an_instant_is_one_in_whatever_zone_it_is_said_and_whatever_was_read_before() -> None:
    ways = (NOON, NOON.astimezone(UTC))
    found = set()
    for first in ways:
        wants._written.cache_clear()
        found |= {added_up(value) for value in (first, *ways)}
    assert len(found) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, True), (1, 1.0), (0, False), (1, "1"), (None, "None"), (TWICE, TWICE.replace(fold=1)), (NOON, NOON.date())],
)
def test_what_differs_adds_up_differently_though_it_is_equal_to_what_was_read_before(
    one: object, other: object
) -> None:
    assert added_up(one) != added_up(other)
