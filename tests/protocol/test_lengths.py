"""How many working days a clock can last, and how long a ladder."""

from __future__ import annotations

import pytest

from tests.protocol.written import SOUND
from undrift.protocol.clocks import parse
from undrift.protocol.lengths import longest_way, working_days_of
from undrift.protocol.reader import read

DAYS = [
    ("5 working days", 5),
    ("7 days", 7),  # as long as it can be: the authority may choose working days
    ("10 calendar days", 8),
    ("48 hours", 2),
    ("2 working weeks", 10),
    ("1 month", 22),
    ("same working day", 0),
    ("agreed, at most 5 working days", 5),
    ("agreed", None),  # the policy leaves the time to people
    ("to suit the child", None),
    ("none", None),
    ("the shorter of 3 working days and 48 hours", 2),
    ("the shorter of 3 working days and to suit the child", 3),
    ("the shorter of agreed and to suit the child", None),
]


@pytest.mark.parametrize(("clock", "days"), DAYS)
def test_a_clock_lasts_so_many_working_days(clock: str, days: int | None) -> None:
    assert working_days_of(parse(clock)) == days


def test_a_ladder_takes_the_longest_way_up_and_names_what_is_left_to_people() -> None:
    ladder = read(SOUND.replace('"8 working days"', '"agreed"'), "heathmoor.toml")
    way = longest_way(ladder, ladder.stages)
    assert (way.days, way.stages, way.open_ended) == (11, ("talk", "formal", "top"), ("formal",))
