"""Every path and dotted name that a docstring, a comment or a page mentions is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.names import CHECKOUT, UNDRIFT, Mention, in_text, mentions, wrong

LEAST = 200
LINK = re.compile(r"\]\(([^)\s]+)\)")


def test_what_is_mentioned_is_there() -> None:
    found = set(mentions())
    assert len(found) >= LEAST, "the texts mention more than this finds"
    assert {f"{each.by.relative_to(CHECKOUT)}: {each.what}: {why}" for each in found if (why := wrong(each))} == set()


@pytest.mark.parametrize("page", sorted(CHECKOUT.glob("*.md")), ids=lambda page: page.name)
def test_the_links_of_the_pages_beside_the_code_lead_somewhere(page: Path) -> None:
    """Those of docs/ are followed by `make docs`."""
    links = [link.partition("#")[0] for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if link and not (CHECKOUT / link).exists()] == []


def test_a_recipe_names_tables_and_classes_that_are_in_the_file_beside_them() -> None:
    rows = re.findall(r"^\| (`[^|]+) \| (.+) \|$", (CHECKOUT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)
    asked = [(where, re.findall(r"`(_?[A-Z]\w+)`", what)) for where, what in rows]
    assert sum(len(names) for _, names in asked) >= 20
    missing = [(name, where) for where, names in asked for name in names if not stands_in(where, name)]
    assert missing == []


def stands_in(where: str, name: str) -> bool:
    """Whether one of the files that a cell names holds the name, or one below a folder that it names."""
    places = [CHECKOUT / place for place in re.findall(r"`([^`]+)`", where)]
    files = [file for place in places for file in (place.rglob("*.py") if place.is_dir() else [place])]
    return any(re.search(rf"\b{name}\b", file.read_text("utf-8")) for file in files)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("See undrift/resolutions/access/doors.py.", "no such file"),
        ("See `tests/house/test_names_exist.py::test_that_nobody_wrote`.", "no such file"),
        ("`engine/deciding/`", "no such file"),
        ("`doors.py`", "no such file"),
        ("undrift.resolutions.access", "no such name"),
        ("`engine.decide`", "no such name"),
        ("`state.NOTHING`", "no such name"),
        ("`make nothing`", "no such target"),
        ("`./manage.py nothing`", "no such command"),
        ("`engine.ladder.decide`", ""),
        ("`Seat.held`", ""),
        ("`make check`", ""),
    ],
)
def test_a_mention_of_what_is_not_there_is_found(text: str, why: str) -> None:
    (mention,) = in_text(UNDRIFT / "people/seats.py", text)
    assert isinstance(mention, Mention)
    assert wrong(mention) == why
