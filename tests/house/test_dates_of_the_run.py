"""A test's dates are those of the moment at which it runs.

A suite is collected once and runs for half an hour: what was "today" while it was collected is yesterday for whatever
runs after midnight. So nothing that is worked out as a module is read asks what day or time it is: neither a value of
the module nor a decorator nor an argument's default.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
# What asks a clock by itself; whatever calls one of these asks it too.
CLOCKS = frozenset({"today", "now", "localdate", "localtime", "utcnow"})

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def called(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Names that are called within, with their lines, in whatever is nested too."""
    for within in ast.walk(node):
        if isinstance(within, ast.Call):
            function = within.func
            if isinstance(function, ast.Attribute | ast.Name):
                yield function.attr if isinstance(function, ast.Attribute) else function.id, within.lineno


def read_at_once(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Names that are called while a module is read: all but what stands in a function's or a lambda's body."""
    if isinstance(node, FUNCTIONS):
        for part in (*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)):
            yield from read_at_once(part)
    elif not isinstance(node, ast.Lambda):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id, node.lineno
        for child in ast.iter_child_nodes(node):
            yield from read_at_once(child)


def gives_a_date(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return function.returns is not None and "date" in ast.unparse(function.returns)


def that_ask(modules: list[ast.Module]) -> frozenset[str]:
    """Functions of the tests that give a day or a time and ask a clock for it, by themselves or through another."""
    functions = [f for module in modules for f in ast.walk(module) if isinstance(f, FUNCTIONS)]
    bodies = [(f.name, {name for name, _ in called(f)}) for f in functions if gives_a_date(f)]
    asking = CLOCKS
    while more := {name for name, calls in bodies if calls & asking} - asking:
        asking |= more
    return asking


def asked_while_read(sources: dict[str, str]) -> list[str]:
    modules = {name: ast.parse(source) for name, source in sources.items()}
    asking = that_ask(list(modules.values()))
    return [f"{n}:{line} {c}()" for n, m in modules.items() for c, line in read_at_once(m) if c in asking]


def test_no_date_is_worked_out_while_the_tests_are_collected() -> None:
    sources = {path.relative_to(TESTS).as_posix(): path.read_text("utf-8") for path in sorted(TESTS.rglob("*.py"))}
    assert asked_while_read(sources) == []


def test_a_date_of_the_collection_is_found_wherever_it_hides() -> None:
    source = """
def soon(days) -> date:
    return today() + timedelta(days)

LATER = soon(3)
RIGHT = lambda: soon(3)

@pytest.mark.parametrize("day", [today()])
def test_it(day, until=soon(9)):
    assert day < soon(1)
"""
    assert asked_while_read({"one": source}) == ["one:5 soon()", "one:8 today()", "one:9 soon()"]
