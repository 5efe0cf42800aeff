"""Room by room: every package, and the first lines of what it says it is for.

The order is that of the storeys in docs/map.md, the top one first. A package that says nothing is an error: whoever
opens a folder is told there what it holds.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from undrift.config.databases import CHECKOUT

UNDRIFT = CHECKOUT / "undrift"
# What Django wants to be a package, and what holds code that it writes or finds by name.
NOT_ROOMS = {"management", "commands", "migrations", "models"}
HEAD = """# Room by room

Made from the first lines of each package by `python -m undrift.config.documented`. Do not edit.

The rooms stand in the order of the storeys in [the map](../map.md), the top one first. A room may import from the
rooms on lower storeys.
"""


class SaysNothing(Exception):
    """A package without a docstring."""


def page() -> str:
    """The page of the rooms, as Markdown. Refuses a package that does not say what it is for."""
    lines = [HEAD]
    for room in in_order():
        lines += [f"## {room}", "", says(UNDRIFT / room), ""]
        within = [*packages(UNDRIFT / room)]
        lines += [f"- `{path.relative_to(UNDRIFT)}`: {says(path)}" for path in within]
        lines += [""] if within else []
    return "\n".join(lines)


def in_order() -> Iterator[str]:
    """The rooms as the import contract stacks them; one that it only announces, in brackets, is left out."""
    contracts = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    for storey in next(each["layers"] for each in contracts if each["type"] == "layers"):
        for room in storey.replace(":", "|").split("|"):
            if (UNDRIFT / room.strip(" ()") / "__init__.py").exists():
                yield room.strip(" ()")


def packages(room: Path) -> Iterator[Path]:
    """The packages of a room, at any depth."""
    for path in sorted(room.rglob("__init__.py")):
        if path.parent != room and not NOT_ROOMS & set(path.relative_to(room).parts):
            yield path.parent


def says(package: Path) -> str:
    """The first paragraph of a package, on one line."""
    path = package / "__init__.py"
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    if not docstring:
        raise SaysNothing(f"{path.relative_to(CHECKOUT)} says nothing: write in one sentence what it is for.")
    return " ".join(docstring.split("\n\n")[0].split())
