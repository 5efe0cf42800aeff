"""A rule about who may act, what is open and what is late is written once, and everybody else asks it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

UNDRIFT = Path(__file__).resolve().parents[2] / "undrift"
# What the rule looks like where somebody writes it out, and the one file that does.
RULES = {
    "an answer waits for approval": (
        r"answer is not None and not [\w.]*answer\.sent_back|approved_at is None and not|answer and not \S*sent_back",
        "",  # what says so of a visit asks whether its answer counts
    ),
    "an action is still to be done": (r'\("agreed", "in progress"\)', "engine/ladder/state.py"),
    "why it would move on now": (r'return "not answered"', "engine/ladder/moving.py"),
    "nobody has answered in time": (
        r"asks_for_response and .*(judged is None|ended is None)|asks and state\.ended is None",
        "engine/ladder/agenda.py",
    ),
}


def written_in(pattern: str) -> list[str]:
    files = sorted((*UNDRIFT.rglob("*.py"), *UNDRIFT.rglob("*.html")))
    found = (path for path in files if re.search(pattern, path.read_text("utf-8"), re.MULTILINE))
    return [path.relative_to(UNDRIFT).as_posix() for path in found if "migrations" not in path.parts]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_written_in_one_place(rule: str) -> None:
    pattern, place = RULES[rule]
    assert written_in(pattern) == ([place] if place else [])


def test_a_rule_that_somebody_writes_out_again_is_found() -> None:
    again = "if here.answer is not None and not here.answer.sent_back:"
    assert re.search(RULES["an answer waits for approval"][0], again)
