"""Whether a test goes through a page, a message or `perform`: read from what its code does, not from its name.

It does so where it, or a function of the tests that it calls, asks Django's client or a browser for a page, has
letters sent, or performs an act. A fixture counts only for what its own code does, and where the test uses it.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = frozenset({"get", "post", "goto", "request"})
CLIENTS = frozenset({"client", "Client", "page", "AsyncClient"})
MESSAGES_AND_ACTS = frozenset({"send_due", "perform"})
DEEP = 8


def goes_through(path: Path, name: str) -> bool:
    """Whether the function of that name, in that file or defined as a method there, does so. False where it is not."""
    return _does(path, name, frozenset(), DEEP)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8")) if path.is_file() else ast.Module([], [])


@cache
def _functions(path: Path) -> dict[str, ast.FunctionDef]:
    """Functions and methods by name."""
    return {node.name: node for node in ast.walk(_tree(path)) if isinstance(node, ast.FunctionDef)}


@cache
def _imported(path: Path) -> dict[str, tuple[Path, str]]:
    """What a file has from other files of the tests: where it stands there, "" for a whole module."""
    found: dict[str, tuple[Path, str]] = {}
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests"):
            for each in node.names:
                module = ROOT / f"{(node.module or '').replace('.', '/')}/{each.name}.py"
                within = ROOT / f"{(node.module or '').replace('.', '/')}.py"
                found[each.asname or each.name] = (module, "") if module.is_file() else (within, each.name)
    return found


def _fixtures(path: Path) -> list[Path]:
    """Where a fixture of that file may be defined: in it, and beside or above it."""
    folders = [folder for folder in path.parents if folder.is_relative_to(ROOT / "tests")]
    return [path, *(folder / "conftest.py" for folder in folders)]


def _does(path: Path, name: str, seen: frozenset[tuple[Path, str]], deep: int) -> bool:
    function = _functions(path).get(name)
    if function is None or (path, name) in seen or deep == 0:
        return False
    seen |= {(path, name)}
    used = {node.id for part in function.body for node in ast.walk(part) if isinstance(node, ast.Name)}
    calls = [node.func for part in function.body for node in ast.walk(part) if isinstance(node, ast.Call)]
    if any(_acts(call) for call in calls):
        return True
    if any(_does(where, what, seen, deep - 1) for call in calls for where, what in _called(path, function, call)):
        return True
    asked = {argument.arg for argument in function.args.args} & used
    return any(_does(where, fixture, seen, deep - 1) for fixture in asked for where in _fixtures(path))


def _called(path: Path, function: ast.FunctionDef, call: ast.expr) -> list[tuple[Path, str]]:
    """Where what is called may be written: a function, one of a module, a method of somebody whose class is known."""
    match call:
        case ast.Name(id=called):
            where, what = _imported(path).get(called, (path, called))
            return [(where, what or called)]
        case ast.Attribute(attr=called, value=ast.Name(id="self")):
            return [(path, called)]
        case ast.Attribute(attr=called, value=ast.Name(id=of)):
            if of in _imported(path):
                return [(_imported(path)[of][0], called)]
            kind = _classes(path, function).get(of, "")
            return [(where, called) for where in _files_of(path, kind)]
    return []


def _classes(path: Path, function: ast.FunctionDef) -> dict[str, str]:
    """Each name in a function whose class is said: an argument's, or what a method of one is said to return."""
    found = {each.arg: each.annotation.id for each in function.args.args if isinstance(each.annotation, ast.Name)}
    for part in function.body:
        match part:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Attribute(attr=method, value=ast.Name(id=of))),
            ) if of in found:
                for where in _files_of(path, found[of]):
                    made = _functions(where).get(method)
                    if made is not None and isinstance(made.returns, ast.Name):
                        found[name] = made.returns.id
                        break
    return found


def _files_of(path: Path, kind: str, deep: int = 5) -> list[Path]:
    """The files that hold a class and those it comes from, as a file of the tests knows it."""
    if not kind or deep == 0:
        return []
    where = _imported(path).get(kind, (path, kind))[0]
    made = _class(where, kind)
    if made is None:  # said by a method of another file, which this one knows
        known = {file for file, _ in _imported(path).values() if _class(file, kind)}
        return [found for file in sorted(known) for found in _files_of(file, kind, deep)]
    bases = [base.id for base in made.bases if isinstance(base, ast.Name)]
    return [where, *(found for base in bases for found in _files_of(where, base, deep - 1))]


def _class(path: Path, name: str) -> ast.ClassDef | None:
    return next((n for n in ast.walk(_tree(path)) if isinstance(n, ast.ClassDef) and n.name == name), None)


def _acts(call: ast.expr) -> bool:
    match call:
        case ast.Name(id=name):
            return name in MESSAGES_AND_ACTS
        case ast.Attribute(attr=name, value=of):
            return name in MESSAGES_AND_ACTS or (name in PAGES and _is_a_client(of))
    return False


def _is_a_client(of: ast.expr) -> bool:
    match of:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in CLIENTS
        case ast.Call(func=ast.Name(id=name)):
            return name in ("be", *CLIENTS)
    return False
