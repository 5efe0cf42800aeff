"""Whatever a message tells its reader to do is there: the command, the page, the setting, the address.

The list is made from the texts themselves: every sentence in the code that is shown or printed, and every template.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, get_resolver, resolve

from undrift.cli.main import COMMANDS, main
from undrift.config.documented import REFERENCE

CHECKOUT = Path(__file__).resolve().parents[2]
UNDRIFT = CHECKOUT / "undrift"

# In backticks, or written out with what it takes.
COMMAND = re.compile(
    r"`(?P<quoted>(?:make|undrift|manage\.py|python -m|python3 house\.py) [^`]+)`"
    r"|(?P<bare>\b(?:undrift (?:import|export) [a-z-]+(?: --[a-z-]+)*))"
)
ADDRESS = re.compile(r"(?<![\w/.<}\"'=])(/[a-z][a-z-]+(?:/[a-z-]+)*)(?=[ ,.]|$)")
PAGE = re.compile(
    r"\b(?:on|from|at|in|open|to) (?P<page>(?:the|your|their) (?:[^.,:;<{]{1,30}? )?pages?)\b", re.IGNORECASE
)
SETTING = re.compile(r"\bSet ([A-Z][A-Z_]+[A-Z])\b")

# What people call a page, and the name of its address. A page that no text names any more is taken out by the test.
PAGES = {
    "the sign-in page": "sign-in",
    "the start page": "home",
    "the people pages": "people",
    "their page": "person",
    "the policy page": "policy",
    "the child’s page": "child",
    "the child's page": "allocation-child",
}
NO_PAGE_OF_OURS = {"the page", "the page before", "the first page", "the page that is not there"}
ON_THE_MACHINE = ("/var/", "/etc/", "/run/", "/tmp/", "/usr/", "/dev/")


def code_texts() -> Iterator[tuple[str, str]]:
    """The strings of the code with a space in them, but docstrings: an f-string with its gaps as {}."""
    for path in sorted(UNDRIFT.rglob("*.py")):
        if "migrations" in path.parts or path.parts[-2:] == ("demo", "words.py"):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if id(node) in said | inside:
                continue
            text = ""
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
            elif isinstance(node, ast.JoinedStr):
                text = "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
            if " " in text.strip():
                yield path.relative_to(CHECKOUT).as_posix(), " ".join(text.split())


def template_texts() -> Iterator[tuple[str, str]]:
    for path in sorted(UNDRIFT.rglob("*.html")):
        bare = re.sub(r"{% ?comment.*?endcomment ?%}|{%.*?%}|{{.*?}}|<[^>]*>", " ", path.read_text("utf-8"), flags=re.S)
        yield path.relative_to(CHECKOUT).as_posix(), " ".join(bare.split())


@cache
def texts() -> tuple[tuple[str, str], ...]:
    return (*code_texts(), *template_texts())


def found(pattern: re.Pattern[str]) -> dict[str, str]:
    """What a pattern finds in all the texts, with the first file that says it."""
    told: dict[str, str] = {}
    for file, text in texts():
        for match in pattern.finditer(text):
            told.setdefault(next(group for group in match.groups() if group), file)
    return told


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text("utf-8"), re.MULTILINE))


def wrong_with(command: str) -> str:
    """Why a command that a text names cannot be given; "" where it can."""
    program, *words = command.replace("python -m", "python-m").replace("python3 house.py", "house").split()
    first = words[0]
    match program:
        case "make" | "house":
            return "" if first in targets() else "no such target"
        case "manage.py":
            return "" if first in get_commands() else "no such command of manage.py"
        case "python-m":
            return "" if find_spec(first) else "no such module"
    if first not in COMMANDS:
        return "no such command of undrift"
    options = {word.partition("=")[0] for word in words if word.startswith("--")}
    known = helped(first, words[1] if first in ("import", "export") and len(words) > 1 else "")
    return f"does not take {sorted(options - known)}" if options - known else ""


@cache
def helped(command: str, kind: str) -> frozenset[str]:
    """The options that the command's own help names."""
    import contextlib
    import io

    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        main([command, *([kind] if kind and command == "import" else []), "--help"])
    return frozenset(re.findall(r"--[a-z-]+", said.getvalue()))


def test_every_command_that_a_text_names_is_there_and_takes_what_is_written() -> None:
    named = found(COMMAND)
    assert len(named) >= 8
    assert {command: (wrong, named[command]) for command in named if (wrong := wrong_with(command))} == {}


@pytest.mark.parametrize(
    ("command", "wrong"),
    [("make nothing", "no such target"), ("undrift list", "no such command of undrift"),
     ("manage.py nothing", "no such command of manage.py"), ("python -m undrift.nothing", "no such module"),
     ("undrift import organisation --nothing", "does not take ['--nothing']")],
)  # fmt: skip
def test_a_command_that_is_not_there_is_found(command: str, wrong: str) -> None:
    assert wrong_with(command) == wrong


def test_every_address_that_a_text_names_answers() -> None:
    named = {each: file for each, file in found(ADDRESS).items() if not each.startswith(ON_THE_MACHINE)}
    assert "/demo" in named

    def answers(address: str) -> bool:
        try:
            return bool(resolve(address))
        except Resolver404:
            return False

    assert {address: file for address, file in named.items() if not answers(address)} == {}


def test_every_page_that_a_text_sends_its_reader_to_has_an_address() -> None:
    named = {page.lower(): file for page, file in found(PAGE).items()}
    pages = {page: file for page, file in named.items() if page not in NO_PAGE_OF_OURS}
    assert {page: file for page, file in pages.items() if page not in PAGES} == {}, "Say in PAGES which address it is."
    assert PAGES.keys() - pages.keys() == set()
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert [name for name in PAGES.values() if name not in names] == []


def test_every_setting_that_a_text_says_to_set_is_documented() -> None:
    documented = (REFERENCE / "configuration.md").read_text("utf-8")
    named = found(SETTING)
    assert len(named) >= 5
    assert {name: file for name, file in named.items() if f"`{name}`" not in documented} == {}
