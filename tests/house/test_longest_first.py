"""How the tests are put in order for those who share them out."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.house.longest_first import LONGEST, longest_first

ROOT = Path(__file__).resolve().parents[2]


def items_named(*names: str) -> list[pytest.Item]:
    return cast(list[pytest.Item], [SimpleNamespace(nodeid=name) for name in names])


def names(items: list[Any]) -> list[str]:
    return [item.nodeid for item in items]


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_no_test_is_lost_and_none_is_asked_twice(processes: int) -> None:
    given = items_named(*(f"tests/x.py::{n}" for n in range(10)), f"{LONGEST[1]}.py::a", f"{LONGEST[0]}b.py::b")
    ordered = longest_first(given, processes)
    assert sorted(names(ordered)) == sorted(names(given))


def test_each_of_two_begins_with_something_long() -> None:
    usual = [f"tests/x.py::{n}" for n in range(8)]
    ordered = names(longest_first(items_named(*usual, f"{LONGEST[3]}.py::b", f"{LONGEST[2]}.py::a"), 2))
    assert (ordered[0], ordered[5]) == (f"{LONGEST[2]}.py::a", f"{LONGEST[3]}.py::b")


@pytest.mark.parametrize("place", LONGEST)
def test_what_is_named_as_long_is_there(place: str) -> None:
    folder, _, name = place.rpartition("/")
    assert any((ROOT / folder).glob(f"{name}*.py"))
