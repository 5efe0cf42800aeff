"""Whatever somebody may have to do has its words everywhere that says it: none is left to a fall-back."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

import pytest

from undrift.desks.concern.rows import TO_DO
from undrift.desks.home.waiting import KINDS
from undrift.engine.ladder.sentences import NOT_YET
from undrift.engine.musts import OF_AN_ACTION, Must
from undrift.resolutions.dated import DATE_OF, DOING

TABLES: Mapping[str, tuple[Mapping[Any, object], Set[Must]]] = {
    "what a page says that they do": (DOING, frozenset(Must)),
    "what the date is of": (DATE_OF, frozenset(Must)),
    "the link on a list": (TO_DO, frozenset(Must)),
    "what it counts as at home": (KINDS, frozenset(Must)),
    "what is said once its date has passed": (NOT_YET, frozenset(Must) - OF_AN_ACTION - {Must.RESPOND}),
}


@pytest.mark.parametrize("table", TABLES)
def test_everything_that_somebody_may_have_to_do_has_its_words(table: str) -> None:
    words, wanted = TABLES[table]
    assert words.keys() == wanted
    assert all(words.values())
