"""What somebody puts in through a page is read by those who need it, and by the table's word nowhere else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.looked import Looked
from tests.messages.letterbox import Letterbox, letterbox
from tests.readers.played import played
from tests.readers.scene import SCENES, Found
from tests.readers.table import looked_for, table, wrong

__all__ = ["letterbox"]

pytestmark = pytest.mark.slow

Play = Callable[[str], Found]


@pytest.fixture
def play(db: None, letterbox: Letterbox, looked: Looked) -> Play:
    return lambda name: played(name, letterbox, looked)


@pytest.mark.parametrize("name", SCENES)
def test_each_field_is_where_it_has_to_be_and_nowhere_that_a_reason_says_it_is_not(play: Play, name: str) -> None:
    rows = looked_for(table())
    found = play(name)
    assert [line for field, places in found.items() for line in wrong(field, rows[field], places)] == []


def test_every_field_that_has_cells_goes_in_through_a_page_of_one_scene(play: Play) -> None:
    goes_in = [field for name in SCENES for field in play(name)]
    assert sorted(goes_in) == sorted(looked_for(table()))


def test_what_is_missing_and_what_is_there_against_its_reason_is_found(play: Play) -> None:
    """The other way round: with each cell turned, each is wrong."""
    rows, found = looked_for(table()), play("withdrawn")
    turned = {place: "letter" if said == "yes" else "yes" for place, said in rows["Withdraw.why"].items()}
    assert len(list(wrong("Withdraw.why", turned, found["Withdraw.why"]))) == len(turned)
