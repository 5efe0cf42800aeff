"""Each kind of fault that the service is built against has its row, and each row names tests that are there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import pytest

from tests.house.test_traceability import ROOT, missing

TABLE = ROOT / "docs" / "reference" / "promises.md"
# How many cases each kind has. One that is about files has rows under their own heading.
CASES: Mapping[str, int] = {"A": 5, "B": 10, "C": 5, "D": 6, "E": 11, "F": 5, "G": 13, "I": 11}
ELSEWHERE = frozenset({"I9"})  # mail, restoring and the brake on the sweep have no row yet


class Row(NamedTuple):
    number: str
    wrong: str
    so: str
    tests: tuple[str, ...]


def rows_of(text: str) -> list[Row]:
    found = re.findall(r"^\| ([A-I]\d*) \| (.+?) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    return [Row(number, wrong, so, named_in(tests)) for number, wrong, so, tests in found]


def named_in(cell: str) -> tuple[str, ...]:
    """As `missing` reads them: a test by its file and name, an example by its policy and name."""
    return tuple(f"{example}{name}" for example, name in re.findall(r"(example )?`([^`]+)`", cell))


ROWS = rows_of(TABLE.read_text("utf-8"))


def test_no_case_is_left_out() -> None:
    asked = {f"{letter}{number + 1}" for letter, cases in CASES.items() for number in range(cases)} - ELSEWHERE
    named = {row.number for row in ROWS}
    assert sorted(asked - named) == []
    assert sorted(named - asked) == ["A", "G"]  # the kinds whose own test finds more than the cases


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row.number} {row.wrong[:40]}") for row in ROWS])
def test_each_row_says_what_is_so_and_names_tests_that_are_there(row: Row) -> None:
    assert row.so.strip()
    assert row.tests
    assert {shown: why for shown in row.tests if (why := missing(shown, set()))} == {}


def test_each_row_names_a_test_and_not_only_an_example() -> None:
    assert [row.number for row in ROWS if not any("::" in shown for shown in row.tests)] == []


def test_what_is_still_to_come_is_said_in_its_row() -> None:
    """A row that calls nothing later is a promise that holds now."""
    assert [row.number for row in ROWS if "later" in re.findall(r"`(\w+)`", row.so)] == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("| A1 | x | y | `tests/house/test_promises.py::test_that_nobody_wrote` |", "no such test"),
        ("| A1 | x | y | `tests/house/test_promises.py` |", "no such test"),
        ("| A1 | x | y | example `walsall/99-nothing` |", "no such example"),
    ],
)
def test_a_row_that_names_what_is_not_there_is_found(line: str, why: str) -> None:
    (row,) = rows_of(line)
    assert [missing(shown, set()) for shown in row.tests] == [why]
