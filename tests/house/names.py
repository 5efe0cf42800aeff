"""The paths and dotted names that texts mention, and what is wrong with one.

A text is a docstring, a comment, or a page. What counts as a mention:

- a path from the checkout, wherever it stands: undrift, tests, docs, bench or requirements, a slash, and the rest;
- a dotted name that begins with the package's own or with a room, wherever it stands;
- a path or a file's name that ends in py, toml or md, wherever it stands;
- between backticks, any path and any dotted name: from undrift, from the mentioning file's folder, or known to it;
- `make` with a command, and `manage.py` with one.
"""

from __future__ import annotations

import ast
import importlib
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

CHECKOUT = Path(__file__).resolve().parents[2]
UNDRIFT = CHECKOUT / "undrift"
ROOMS = {path.parent.name for path in UNDRIFT.glob("*/__init__.py")}
TREES = ("undrift", "tests", "docs", "bench", "requirements")
SUFFIXES = ("py", "toml", "md", "html", "js", "css", "svg", "json", "sql", "lock")
# What a reader of ours writes, and what the service writes for one.
NOT_OURS = {"my-policy.toml", "heathmoor.toml", "looks.csv", "children.csv", "build/site"}
# Settings of PostgreSQL, ids of checks and file names that look like modules of ours.
NOT_MODULES = re.compile(r"undrift\.(reach|pth|[EW]\d{3})\b")

FROM_CHECKOUT = re.compile(rf"(?<![\w/.-])(?:{'|'.join(TREES)})/[\w./*-]*\w[/*]*(?:::\w+)?")
FROM_PACKAGE = re.compile(rf"(?<![\w/.@\"-])(?:undrift|{'|'.join(sorted(ROOMS))})(?:\.[A-Za-z_]\w*)+(?![\w/-])")
A_FILE = re.compile(r"(?<![\w/.*<>-])[\w-]+(?:/[\w-]+)*\.(?:py|toml|md)\b(?![\w-])")
QUOTED = re.compile(r"(?<!`)`{1,2}([^`\n]+)`{1,2}(?!`)")
A_PATH = re.compile(rf"[\w.*-]+(?:/[\w.*-]+)*(?:/|\.(?:{'|'.join(SUFFIXES)}))(?:::\w+)?|\w+(?:/\w+)+")
A_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?:\(\))?")
A_DECISION = re.compile(r"docs/why/decisions/\d{4}")  # by its number alone
A_MAKE = re.compile(r"\bmake ([a-z-]+)")
A_COMMAND = re.compile(r"\bmanage\.py ([a-z_]+)")


class Mention(NamedTuple):
    """Something that a text says is there."""

    by: Path
    what: str
    kind: str  # path, name, make or command


def mentions() -> Iterator[Mention]:
    """Every mention in the code, the tests and the pages."""
    for path in sorted([*UNDRIFT.rglob("*.py"), *(CHECKOUT / "bench").rglob("*.py"), *CHECKOUT.glob("*.py")]):
        yield from in_text(path, spoken(path.read_text("utf-8")))
        yield from (Mention(path, found, "path") for found in re.findall(r"\bdocs/[\w./-]+\.md", strings(path)))
    for path in sorted((CHECKOUT / "tests").rglob("*.py")):
        if path.name not in ("names.py", "test_names_exist.py"):
            yield from in_text(path, spoken(path.read_text("utf-8")))
    for path in sorted([*(CHECKOUT / "docs").rglob("*.md"), *CHECKOUT.glob("*.md")]):
        yield from in_text(path, path.read_text("utf-8"))
    for path in beside_the_code():
        found = [
            each for each in FROM_CHECKOUT.findall(path.read_text("utf-8")) if each.endswith((".py", ".md", ".toml"))
        ]
        yield from (Mention(path, each, "path") for each in found)


def beside_the_code() -> Iterator[Path]:
    """Policies, templates, styles, and how the checkout is set up."""
    for kind in ("toml", "html", "css", "js", "sql"):
        yield from sorted(path for path in UNDRIFT.rglob(f"*.{kind}") if "vendor" not in path.parts)
    yield from (CHECKOUT / "docs").rglob("*.toml")
    yield from (CHECKOUT / name for name in ("Makefile", "pyproject.toml", ".pre-commit-config.yaml"))


def spoken(code: str) -> str:
    """The docstrings and comments of a module."""
    tree = ast.parse(code)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = [ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, documented)]
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    return "\n".join([*docstrings, *(token.string for token in tokens if token.type == tokenize.COMMENT)])


def strings(path: Path) -> str:
    """What a module says in its messages."""
    tree = ast.parse(path.read_text("utf-8"))
    return "\n".join(n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))


def in_text(by: Path, text: str) -> Iterator[Mention]:
    """The mentions in one text."""
    for found in FROM_CHECKOUT.findall(text):
        yield Mention(by, found, "path")
    for found in A_FILE.findall(text):
        if not FROM_CHECKOUT.fullmatch(found):
            yield Mention(by, found, "path")
    for found in FROM_PACKAGE.findall(text):
        if not NOT_MODULES.match(found) and found.rpartition(".")[2] not in SUFFIXES:
            yield Mention(by, found, "name")
    for quoted in QUOTED.findall(text):
        yield from (Mention(by, found, "make") for found in A_MAKE.findall(quoted))
        yield from (Mention(by, found, "command") for found in A_COMMAND.findall(quoted))
        if NOT_MODULES.match(quoted) or any(p.fullmatch(quoted) for p in (FROM_CHECKOUT, FROM_PACKAGE, A_FILE)):
            continue
        if A_PATH.fullmatch(quoted):
            yield Mention(by, quoted, "path")
        elif A_NAME.fullmatch(quoted):
            yield Mention(by, quoted.removesuffix("()"), "name")


def wrong(mention: Mention) -> str:
    """What is wrong with a mention; empty when it is there."""
    if mention.what in NOT_OURS:
        return ""
    match mention.kind:
        case "path":
            return "" if path_is_there(mention) else "no such file"
        case "name":
            return "" if name_is_there(mention) else "no such name"
        case "make":
            return "" if f"\n{mention.what}:" in (CHECKOUT / "Makefile").read_text("utf-8") else "no such target"
        case _:
            own = any(UNDRIFT.glob(f"*/management/commands/{mention.what}.py"))
            return "" if own or mention.what in django_commands() else "no such command"


def path_is_there(mention: Mention) -> bool:
    what, _, inside = mention.what.partition("::")
    if A_DECISION.fullmatch(what):
        return any(CHECKOUT.glob(f"{what}-*.md"))
    near = [mention.by.parent, *(parent for parent in mention.by.parents if UNDRIFT in parent.parents)]
    for place in dict.fromkeys([CHECKOUT, UNDRIFT, *near]):
        for path in place.glob(what.rstrip("/")) if "*" in what else [place / what]:
            if path.exists():
                return not inside or inside in defined(path)
    return "/" not in what and any(name_of_a_file(mention.by, what))


def name_of_a_file(by: Path, name: str) -> Iterator[Path]:
    """Files of that name: in the mentioning module's own room or folder of tests; for a page, anywhere."""
    within = [parent for parent in by.parents if parent.parent in (UNDRIFT, CHECKOUT / "tests")]
    for place in within or [UNDRIFT, CHECKOUT / "docs", CHECKOUT / "tests", CHECKOUT / "bench"]:
        yield from place.rglob(name)


@cache
def defined(path: Path) -> frozenset[str]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef))


def name_is_there(mention: Mention) -> bool:
    head, *rest = mention.what.split(".")
    if head == "undrift":
        return resolves(mention.what)
    if head in ROOMS and resolves(f"undrift.{mention.what}"):
        return True
    own = module_of(mention.by)
    if own and hasattr(own, head) and has(getattr(own, head), rest):
        return True
    if any(resolves(".".join([found, *rest])) for found in modules_called(head, mention.by)):
        return True
    return head not in ROOMS and resolves(mention.what)


def module_of(path: Path) -> ModuleType | None:
    if not {UNDRIFT, CHECKOUT / "bench"} & set(path.parents) or path.suffix != ".py":
        return None
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return importlib.import_module(".".join(part for part in parts if part != "__init__"))


@cache
def modules_called(name: str, by: Path) -> tuple[str, ...]:
    """Modules of that name in the mentioning module's own room; for a page or a test, in any."""
    within = [parent for parent in by.parents if parent.parent == UNDRIFT] or [UNDRIFT]
    found = [*within[0].rglob(f"{name}.py"), *within[0].rglob(f"{name}/__init__.py")]
    parts = [path.relative_to(CHECKOUT).with_suffix("").parts for path in found]
    return tuple(".".join(part for part in each if part != "__init__") for each in parts)


@cache
def resolves(dotted: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            module = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        return has(module, parts[length:])
    return False


def has(thing: object, names: list[str]) -> bool:
    """Whether one name after the other is found on a thing, a field without a default among them."""
    for number, name in enumerate(names):
        if not hasattr(thing, name):
            last = number == len(names) - 1
            kinds = thing.__mro__ if isinstance(thing, type) else ()
            return last and any(name in getattr(kind, "__annotations__", {}) for kind in kinds)
        thing = getattr(thing, name)
    return True


@cache
def django_commands() -> frozenset[str]:
    from django.core.management import get_commands

    return frozenset(get_commands())
