"""The picture of the house is the code: who may import whom, and what the rule book may not know."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
UNDRIFT = CHECKOUT / "undrift"
RULE_BOOK = sorted([*(UNDRIFT / "protocol").rglob("*.py"), *(UNDRIFT / "engine").rglob("*.py")])
CLOCKS = {"now", "today", "utcnow", "localtime", "monotonic", "time_ns"}


def contracts() -> list[dict[str, list[str]]]:
    configured = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]
    found: list[dict[str, list[str]]] = configured["importlinter"]["contracts"]
    return found


def placed(layers: list[str]) -> set[str]:
    """The rooms of the picture, those still to come (in brackets) among them."""
    return {room.strip(" ()") for layer in layers for room in layer.replace(":", "|").split("|")}


def test_every_room_has_its_storey() -> None:
    rooms = {folder.name for folder in UNDRIFT.iterdir() if any(folder.glob("*.py"))}
    layers = contracts()[0]["layers"]
    assert not rooms - placed(layers), "give it a storey in pyproject.toml and in docs/map.md"


@pytest.mark.parametrize("path", RULE_BOOK, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_rule_book_reads_no_clock(path: Path) -> None:
    read = {
        f"{path.name}:{node.lineno} {ast.unparse(node)}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS
    }
    assert not read, "take the moment as an argument instead"


def test_the_rule_book_may_import_no_framework_no_driver_and_no_clock() -> None:
    forbidden = contracts()[1]
    assert forbidden["source_modules"] == ["undrift.protocol", "undrift.engine"]
    assert {"django", "psycopg", "time"} <= set(forbidden["forbidden_modules"])
