"""The walks as they are kept in `docs/reference/walkthroughs`: a section for each scene, and a count at the end.

`python -m tests.walkthrough --write` walks through both policies and writes them anew.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Collection, Iterable, Mapping
from difflib import unified_diff
from functools import cache
from pathlib import Path

from tests.walkthrough.passed import Passed, read_again
from undrift import library

FOLDER = Path(__file__).resolve().parents[2] / "docs/reference/walkthroughs"
AGAIN = "python -m tests.walkthrough --write"
WRITING = os.environ.get("WALKTHROUGH") == "write"
COUNT = "## What was passed through"
HEAD = """<!-- Written by `{again}` from what its people met on the pages. Change the scenes in tests/walkthrough. -->

# {title}: a walk through it

Walked by the pages alone, as the people of the demonstration: they follow links, fill in forms and read their letters,
and the worker does what time asks. Each scene begins on Wednesday 6 May 2026 with nothing raised. A line begins with
who it is and gives the headings of the pages in their order; below stand where the record stood and how each date was
worked out. "told" is a letter that was sent, by its subject.
"""
WALKED: dict[str, dict[str, str]] = {}  # in this process: by policy, by heading


def heading_of(test: str) -> str:
    """ "What nobody answers goes up" of `test_what_nobody_answers_goes_up`; "[2]" stays as "(2)"."""
    name, _, number = test.removeprefix("test_").partition("[")
    said = name.replace("_", " ")
    return f"{said[:1].upper()}{said[1:]}" + (f" ({number.rstrip(']')})" if number else "")


class Noticed(Exception):
    """What a scene met is not what is kept of it."""


def section(heading: str, lines: list[str], through: Passed) -> str:
    return "\n".join([begun(heading, lines), "", *through.lines(), ""])


def begun(heading: str, lines: list[str]) -> str:
    """A section as far as its scene has come."""
    return f"## {heading}\n\n" + re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def notice(policy: str, heading: str, lines: list[str]) -> None:
    """Refuses with `Noticed` where a scene has come to something that is not kept of it, however it may go on."""
    if not kept(policy)[heading].startswith(now := begun(heading, lines)):
        raise Noticed(f"{heading}: {now[-200:]!r}")


@cache
def kept(policy: str) -> Mapping[str, str]:
    """Each section by its heading, as the file has it."""
    path = FOLDER / f"{policy}.md"
    text = path.read_text("utf-8") if path.is_file() else ""
    parts = re.split(r"^(?=## )", text.partition(COUNT)[0], flags=re.M)[1:]
    return {part.partition("\n")[0].removeprefix("## "): f"{part.rstrip()}\n" for part in parts}


def differs(policy: str, heading: str, now: str) -> str:
    """What differs from what is kept; "" where nothing does."""
    before = kept(policy).get(heading, "")
    if before == now:
        return ""
    lines = unified_diff(before.splitlines(), now.splitlines(), "kept", "walked now", lineterm="", n=1)
    changed = "\n".join(line[:600] for line in list(lines)[:60])
    return f"{policy}: {heading!r} is not as it is kept. If it should be so: `{AGAIN}`, and read it.\n{changed}"


def whole(policy: str, sections: Mapping[str, str]) -> str:
    head = HEAD.format(again=AGAIN, title=library.load(policy).head.title)
    return "\n".join([head, *sections.values(), *counted(sections.values())])


def counted(sections: Collection[str]) -> list[str]:
    through = all_passed(sections)
    rows = (("Pages", through.pages), ("Stages", through.stages), ("Parts", through.roles), ("Ways out", through.exits))
    return [
        COUNT, "", f"In {len(sections)} scenes:", "",
        *(f"- {name}: {len(found)}" for name, found in rows), "",
    ]  # fmt: skip


def all_passed(sections: Iterable[str]) -> Passed:
    through = Passed()
    for each in sections:
        through.add(read_again(each))
    return through


def scenes_of(policy: str) -> list[str]:
    """The headings of a policy's scenes in their order; of a test that is walked several times, once."""
    path = Path(__file__).with_name(f"test_{policy.replace('-', '_')}.py")
    tests = [each.name for each in ast.parse(path.read_text("utf-8")).body if isinstance(each, ast.FunctionDef)]
    return [heading_of(name) for name in tests if name.startswith("test_")]


def write() -> None:
    """What was walked in this process, beside what is kept of scenes that were not."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for policy, walked in WALKED.items():
        places = {heading: place for place, heading in enumerate(scenes_of(policy))}
        every = {name: text for name, text in {**kept(policy), **walked}.items() if _test_of(name) in places}
        sections = dict(sorted(every.items(), key=lambda item: (places[_test_of(item[0])], item[0])))
        (FOLDER / f"{policy}.md").write_text(whole(policy, sections), "utf-8")


def _test_of(heading: str) -> str:
    return heading.partition(" (")[0]
