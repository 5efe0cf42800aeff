"""What decides something about people stands in one file with its source; elsewhere only sizes are bare."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from undrift.library import numbers

UNDRIFT = Path(__file__).resolve().parents[2] / "undrift"
# Rooms in which people meet numbers. The rule book counts by policies' clocks; intake reads files; the demo is made up.
ROOMS = ("people", "children", "record", "access", "resolutions", "plan_cycle", "applying", "desks", "messages")

# Sizes of pages, boxes, lists, batches and names, and the spelling of words: they decide nothing about anybody.
SIZES = {
    "A_BATCH", "A_FEW", "A_PAGE", "AT_MOST", "CALLED_AT_MOST", "CHAIRS_SHOWN", "DAYS_KEPT", "FEWEST_LETTERS",
    "FIRST_WORDS", "KNOWN", "LARGEST", "LOOKED_AT",
    "LONG", "LONGEST", "LONGEST_NUMBER", "LONGEST_PHONE",
    "LONGEST_TEXT", "LONGEST_WHY", "MOST_ACTS", "MOST_AT_ONCE", "MOST_BUSY", "MOST_CARDS", "MOST_COUNTED",
    "MOST_EARLIER", "MOST_EXPORTED", "MOST_LINKS",
    "MOST_PARTS", "MUCH", "SHORT", "SHOWN", "SOME", "WEEKS_UNTIL_MONTHS",
}  # fmt: skip
# How the service itself runs: steps of a clock, pauses of a worker, a lock's own number, a layout's, what is kept.
WORKINGS = {
    "_ROUNDS", "A_DAY", "A_MOMENT", "A_WEEK", "A_YEAR", "AGAIN_SECONDS", "ANSWER_SECONDS", "AT_ONCE", "AWAY_SECONDS",
    "CLEAR_SECONDS", "FILES_KEPT", "KEPT_SECONDS", "LATE", "LEEWAY_SECONDS", "MICROSECOND", "MOST_GAPS", "OLD_ROWS",
    "ONE_SEALER", "PAGE_STATEMENT_SECONDS", "PING_SECONDS", "POOL_SECONDS", "RETRY_SECONDS", "SEAL_SECONDS",
    "SERVER_ERROR", "SEVERAL", "SHAPES_KEPT", "SHARED", "SWEEP_SECONDS", "VERSION", "WATCH_SECONDS",
}  # fmt: skip


def bare_numbers() -> Iterator[tuple[str, str]]:
    """Names in capitals that stand for a number or a length of time, with the file they stand in."""
    for room in ROOMS:
        for path in sorted((UNDRIFT / room).rglob("*.py")):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and is_number(node.value):
                    yield node.targets[0].id, str(path.relative_to(UNDRIFT))


def is_number(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return ast.unparse(value.func) == "timedelta"
    if isinstance(value, ast.BinOp):
        return is_number(value.left)
    return isinstance(value, ast.Constant) and type(value.value) in (int, float)


def public() -> set[str]:
    return {name for name in vars(numbers) if name.isupper()} - {"OURS", "SOURCES", "CUSTOM_CAP"}


def test_every_number_names_its_source() -> None:
    assert public() == set(numbers.SOURCES)
    assert all(said.removeprefix(numbers.OURS).strip() for said in numbers.SOURCES.values())


@pytest.mark.parametrize("name", sorted(public()))
def test_every_number_decides_something(name: str) -> None:
    users = [p for p in UNDRIFT.rglob("*.py") if p.name != "numbers.py" and name in p.read_text()]
    assert users, "nobody asks for it"


def test_no_number_that_decides_hides_elsewhere() -> None:
    hidden = [f"{path}: {name}" for name, path in bare_numbers() if name.isupper() and name not in SIZES | WORKINGS]
    assert not hidden, "give it a source in undrift/library/numbers.py"


def value_of(text: str) -> ast.expr:
    (statement,) = ast.parse(text).body
    assert isinstance(statement, ast.Assign)
    return statement.value


def test_a_hidden_number_would_be_found() -> None:
    assert is_number(value_of("MANY = 20"))
    assert is_number(value_of("OPEN_FOR = timedelta(minutes=60)"))
    assert is_number(value_of("FRESH = 10 * 60"))
    assert not is_number(value_of("HEADS = ('When',)"))
