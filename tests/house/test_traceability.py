"""Each sentence of the two policies that asks for something names what shows it, and that is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.house.goes_through import goes_through
from undrift import library

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "traceability.md"
LEAST = 60
PROTOCOLS = {"W": "walsall", "L": "pan-lancashire"}


class Row(NamedTuple):
    id: str
    clause: str
    asks: str
    shown_by: tuple[str, ...]


def rows_of(text: str) -> list[Row]:
    rows = []
    for line in text.splitlines():
        if re.match(r"\| [WL]-\d\d", line):
            row, clause, asks, shown_by = (cell.strip() for cell in line.strip().strip("|").split("|"))
            rows.append(Row(row, clause, asks, tuple(part.strip().strip("`") for part in shown_by.split(";"))))
    return rows


def later_parts(text: str) -> set[str]:
    _, _, after = text.partition("## Later parts named above")
    return set(re.findall(r"^\| ([^|]+?) \|", after, re.MULTILINE)) - {"Part"}


@cache
def names_of_tests(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8")) if path.is_file() else ast.Module([], [])
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def missing(shown: str, later: set[str]) -> str:
    """What is wrong with one entry of "shown by"; empty when it is there."""
    if shown.startswith("later: "):
        return "" if shown.removeprefix("later: ") in later else "no such later part"
    if shown.startswith("example "):
        protocol_id, _, name = shown.removeprefix("example ").partition("/")
        known = protocol_id in library.shipped() and name in library.examples_of(protocol_id)
        return "" if known else "no such example"
    path, _, name = shown.partition("::")
    return "" if name.startswith("test_") and name in names_of_tests(ROOT / path) else "no such test"


TEXT = TABLE.read_text("utf-8")
ROWS = rows_of(TEXT)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS])
def test_each_row_names_what_shows_it(row: Row) -> None:
    assert row.clause
    assert row.asks
    assert row.shown_by
    assert {shown: why for shown in row.shown_by if (why := missing(shown, later_parts(TEXT)))} == {}


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS])
def test_each_row_names_a_test_that_goes_through_a_page_a_message_or_an_act_or_the_part_that_brings_one(
    row: Row,
) -> None:
    """What the protocol says, and what the engine makes of it, may stand beside that test and not instead of it."""
    tests = [shown.partition("::") for shown in row.shown_by if "::" in shown]
    through = [name for path, _, name in tests if goes_through(ROOT / path, name)]
    assert through or any(shown.startswith("later: ") for shown in row.shown_by)


@pytest.mark.parametrize(
    ("test", "does"),
    [
        ("tests/walkthrough/test_walsall.py::test_withdrawn_with_the_reason", True),
        ("tests/walkthrough/test_pan_lancashire.py::test_the_policy_is_read_on_its_own_page", True),
        ("tests/desks/resolution/test_following.py::test_one_childs_part_ends_and_opens_again_by_itself", True),
        ("tests/library/test_protocols.py::test_walsall_always_copies_two_people", False),
        ("tests/library/test_protocols.py::test_walsall_may_start_at_any_stage", False),
        ("tests/library/test_examples.py::test_the_policy_does_what_the_example_says", False),
        ("tests/engine/test_each_child.py::test_what_is_not_there", False),
    ],
)
def test_what_a_test_goes_through_is_read_from_its_code(test: str, does: bool) -> None:
    path, _, name = test.partition("::")
    assert goes_through(ROOT / path, name) is does


@pytest.mark.parametrize("letter", PROTOCOLS)
def test_the_rows_of_each_policy_are_numbered_without_a_gap(letter: str) -> None:
    numbers = [int(row.id[2:]) for row in ROWS if row.id.startswith(letter)]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("letter", PROTOCOLS)
def test_an_example_belongs_to_the_policy_of_its_row(letter: str) -> None:
    strangers = [
        (row.id, shown)
        for row in ROWS
        for shown in row.shown_by
        if row.id.startswith(letter) and shown.startswith("example ") and f" {PROTOCOLS[letter]}/" not in shown
    ]
    assert strangers == []


def test_there_are_enough_rows() -> None:
    assert len(ROWS) >= LEAST


def test_most_rows_are_shown_now_and_not_later() -> None:
    later = [row.id for row in ROWS if all(shown.startswith("later: ") for shown in row.shown_by)]
    assert len(later) <= len(ROWS) // 10, later


# What no page, message or act of a test shows yet: a row goes from here when one does, and none comes unseen.
WAITING: set[str] = set()


def test_the_rows_that_wait_are_known_by_number() -> None:
    through = {row.id for row in ROWS for shown in row.shown_by if goes_through_one(shown)}
    assert {row.id for row in ROWS} - through == WAITING


def goes_through_one(shown: str) -> bool:
    path, _, name = shown.partition("::")
    return bool(name) and goes_through(ROOT / path, name)


def test_every_worked_example_stands_in_a_row() -> None:
    named = {shown.removeprefix("example ") for row in ROWS for shown in row.shown_by}
    worked = {f"{protocol_id}/{name}" for protocol_id in library.shipped() for name in library.examples_of(protocol_id)}
    assert sorted(worked - named) == []


@pytest.mark.parametrize(
    ("shown", "why"),
    [
        ("example walsall/99-nothing", "no such example"),
        ("example elsewhere/01-nothing", "no such example"),
        ("tests/library/test_protocols.py::test_that_nobody_wrote", "no such test"),
        ("tests/nowhere/test_nothing.py::test_nothing", "no such test"),
        ("tests/library/test_protocols.py", "no such test"),
        ("later: one day", "no such later part"),
    ],
)
def test_a_row_that_names_what_is_not_there_is_found(shown: str, why: str) -> None:
    assert missing(shown, later_parts(TEXT)) == why
