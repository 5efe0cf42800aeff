"""Templates are read by people, too: short lines, and no space where space is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "undrift/desks/templates"
ALL = sorted(TEMPLATES.rglob("*.html"))
LONGEST = 120
# Elements in which every space is shown, or sent back with the form.
KEPT = re.compile(r"<(pre|textarea)\b(?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*>(.*?)</\1>", re.DOTALL)


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_line_is_longer_than_an_editor_shows(path: Path) -> None:
    long = {number: line for number, line in enumerate(path.read_text().splitlines(), 1) if len(line) > LONGEST}
    assert not long, "break it between blocks or attributes; a long sentence is named in {% with %} first"


def test_what_is_shown_with_its_spaces_holds_none_of_the_template() -> None:
    held = {path.name: said for path in ALL for _, said in KEPT.findall(path.read_text())}
    assert held.keys() == {"copy.html", "textarea.html", "typed_again.html"}
    assert all(said == said.strip() and "\n" not in said for said in held.values())
