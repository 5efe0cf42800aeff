"""The plan cycle on a calendar, as `undrift simulate --conference` shows it."""

from __future__ import annotations

from datetime import date

import pytest

from undrift import library
from undrift.engine.rules import Rules
from undrift.engine.trying.simulate import CannotSimulate
from undrift.engine.trying.simulate_cycle import simulate_cycle
from undrift.library import calendars
from undrift.protocol.clocks import Counted, Unit

HELD = date(2026, 4, 1)  # a Wednesday before Easter


def rules(protocol: str) -> Rules:
    own = {"core-group": Counted(4, Unit.WEEKS), "pre-conference-discussion": Counted(5, Unit.WORKING_DAYS)}
    return Rules(library.load(protocol), calendars.load("england-and-wales"), "working", own=own)


def test_the_steps_around_a_conference_come_in_order_of_their_dates() -> None:
    found = [(str(d.must), d.day) for d in simulate_cycle(rules("walsall"), HELD)]
    assert found == [
        ("pre-conference-discussion", date(2026, 3, 25)),
        ("report-initial", date(2026, 3, 31)),
        ("core-group", date(2026, 4, 29)),
        ("midway-check", date(2026, 5, 18)),
        ("pre-conference-discussion", date(2026, 6, 24)),
        ("report-review", date(2026, 6, 26)),
    ]


def test_with_a_review_on_another_day_and_what_the_policy_dates_from_the_conference() -> None:
    found = {str(d.must): d.day for d in simulate_cycle(rules("pan-lancashire"), HELD, date(2026, 6, 1))}
    assert found == {
        "decision-sheet": date(2026, 4, 2),
        "core-group-meeting": date(2026, 4, 17),
        "midpoint-check": date(2026, 5, 1),
    }


def test_a_review_that_cannot_be_is_refused_in_the_engines_words() -> None:
    with pytest.raises(CannotSimulate, match="The date must be today or later"):
        simulate_cycle(rules("walsall"), HELD, date(2026, 3, 1))
