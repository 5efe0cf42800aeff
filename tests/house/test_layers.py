"""The picture of the house is the code: who may import whom, and what the rule book may not know.

Each contract of pyproject.toml is kept by the code and broken by an import that should not be there.
"""

from __future__ import annotations

import ast
import copy
import re
import tomllib
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import grimp
import pytest
from importlinter.application.use_cases import _register_contract_types as register_contract_types
from importlinter.application.use_cases import read_user_options
from importlinter.configuration import configure
from importlinter.domain.contract import Contract, registry

CHECKOUT = Path(__file__).resolve().parents[2]
UNDRIFT = CHECKOUT / "undrift"
RULE_BOOK = sorted([*(UNDRIFT / "protocol").rglob("*.py"), *(UNDRIFT / "engine").rglob("*.py")])
CLOCKS = {"now", "today", "utcnow", "localtime", "monotonic", "time_ns"}


def contracts() -> list[dict[str, list[str]]]:
    configured = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]
    found: list[dict[str, list[str]]] = configured["importlinter"]["contracts"]
    return found


def storeys() -> list[str]:
    layers = contracts()[0]["layers"]
    assert isinstance(layers, list)
    return layers


def placed(layers: list[str]) -> set[str]:
    """The rooms of the picture, those still to come (in brackets) among them."""
    return {room for layer in layers for room in rooms_of(layer)}


def rooms_of(layer: str) -> list[str]:
    return [room.strip(" ()") for room in layer.replace(":", "|").split("|")]


def test_every_room_has_its_storey() -> None:
    rooms = {folder.name for folder in UNDRIFT.iterdir() if any(folder.glob("*.py"))}
    assert not rooms - placed(storeys()), "give it a storey in pyproject.toml and in the map"


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


# The contracts, kept and broken --------------------------------------------------------------------------------------


@cache
def graph(*, types_too: bool = False) -> grimp.ImportGraph:
    """Who imports whom; where types are asked for, what is imported for them alone is there as well."""
    return grimp.build_graph("undrift", include_external_packages=True, exclude_type_checking_imports=not types_too)


@cache
def linter() -> dict[str, Contract]:
    """The contracts as the linter reads them, by name."""
    configure()
    options = read_user_options(str(CHECKOUT / "pyproject.toml"))
    register_contract_types(options)
    return {
        said["name"]: registry.get_contract_class(said["type"])(
            said["name"], options.session_options, {k: v for k, v in said.items() if k not in ("name", "type", "id")}
        )
        for said in options.contracts_options
    }


class Planted(NamedTuple):
    """An import that a contract is there to find; `imported` empty: a room that nobody placed."""

    contract: str
    importer: str
    imported: str = ""


PLANTED = [
    Planted("Each room", "undrift.engine.refusal", "undrift.people.seats"),
    Planted("Each room", "undrift.access.rows", "undrift.resolutions.queries"),
    Planted("Each room", "undrift.record.history", "undrift.access.scope"),
    Planted("Each room", "undrift.resolutions.picture", "undrift.desks.frame.components"),
    Planted("Each room", "undrift.messages.texts", "undrift.desks.frame.days"),
    Planted("Each room", "undrift.intake.extract", "undrift.applying.from_file"),
    Planted("Each room", "undrift.resolutions.actions", "undrift.applying.from_file"),
    Planted("Each room", "undrift.attic"),
    Planted("The rule book", "undrift.engine.ladder.guards", "django"),
    Planted("The rule book", "undrift.protocol.reader", "time"),
    Planted("A desk", "undrift.desks.raising.sent", "undrift.desks.resolution.doing"),
    Planted("A desk", "undrift.desks.home.views", "undrift.desks.worklist.choices"),
    Planted("A desk", "undrift.desks.concern.drawn", "undrift.desks.raising.steps"),
    Planted("A desk", "undrift.desks.frame.navigation", "undrift.desks.account.guard"),
    Planted("A desk", "undrift.desks.attic"),
    Planted("Faces", "undrift.desks.home.parts", "undrift.children.models.conference"),
    Planted("Faces", "undrift.desks.home.waiting", "undrift.record.models"),
    Planted("Faces", "undrift.messages.texts", "undrift.record.models.notice"),
    Planted("History", "undrift.resolutions.actions", "undrift.record.appending"),
    Planted("History", "undrift.record.sweep", "undrift.record.appending"),
    Planted("The rows of history", "undrift.resolutions.owed", "undrift.record.models.event"),
    Planted("No circle", "undrift.engine.refusal", "undrift.engine.ladder.decide"),
    Planted("No circle", "undrift.access.scope", "undrift.access.fetching"),
    Planted("No circle", "undrift.desks.frame.forms", "undrift.desks.concern.fields"),
]


def named(beginning: str) -> Contract:
    (found,) = (contract for name, contract in linter().items() if name.startswith(beginning))
    return found


@pytest.mark.parametrize("name", [str(contract["name"]) for contract in contracts()])
def test_the_contract_is_kept(name: str) -> None:
    assert linter()[name].check(copy.deepcopy(graph()), verbose=False).kept


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted.importer} > {planted.imported or 'nobody'}")
def test_what_is_planted_is_found(planted: Planted) -> None:
    with_it = copy.deepcopy(graph())
    with_it.add_module(planted.importer)
    if planted.imported:
        assert not with_it.direct_import_exists(importer=planted.importer, imported=planted.imported)
        with_it.add_import(importer=planted.importer, imported=planted.imported)
    assert not named(planted.contract).check(with_it, verbose=False).kept


def test_something_is_planted_under_each_contract() -> None:
    assert {named(planted.contract).name for planted in PLANTED} == set(linter())


# What the linter does not ask ----------------------------------------------------------------------------------------


def test_no_file_is_in_a_circle_not_even_for_types() -> None:
    imports = {
        importer: list(graph(types_too=True).find_modules_directly_imported_by(importer))
        for importer in graph(types_too=True).modules
    }
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as circle:
        pytest.fail(" > ".join(circle.args[1]))


def test_no_import_leads_upwards_not_even_for_types() -> None:
    height = {room: n for n, layer in enumerate(reversed(storeys())) for room in rooms_of(layer)}
    up = [
        f"{importer} > {imported}"
        for importer in graph(types_too=True).modules
        for imported in graph(types_too=True).find_modules_directly_imported_by(importer)
        if _room(importer) in height and height.get(_room(imported), 0) > height[_room(importer)]
    ]
    assert not up


def _room(module: str) -> str:
    package, _, rest = module.partition(".")
    return rest.partition(".")[0] if package == "undrift" else ""


WRITES = re.compile(r"\bEvent\.objects\.\w*create|INSERT INTO record_event|record_keep\(")


def test_one_file_writes_rows_of_history() -> None:
    writers = {path for path in UNDRIFT.rglob("*.py") if WRITES.search(path.read_text())}
    assert {path.relative_to(UNDRIFT).parts for path in writers} == {("record", "writing.py")}


# The picture that people look at -------------------------------------------------------------------------------------


def drawn(page: Path) -> list[list[str]]:
    """The storeys of the page's drawing of the house, top to bottom: what stands before two spaces in each line."""
    (drawing,) = (block for block in page.read_text().split("```") if block.startswith("\nconfig :"))
    return [rooms_of(line.partition("  ")[0]) for line in drawing.splitlines() if line.strip("─")]


@pytest.mark.parametrize("page", ["README.md", "map.md"])
def test_the_picture_is_the_contract(page: str) -> None:
    (found,) = [CHECKOUT / page] if page == "README.md" else (CHECKOUT / "docs").rglob(page)
    assert drawn(found) == [rooms_of(layer) for layer in storeys()]
