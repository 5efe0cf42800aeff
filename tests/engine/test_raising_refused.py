"""Every sentence with which raising is refused; and every reason of the ladder to refuse is tried somewhere."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.engine.test_refused import (
    ENGLAND,
    LANCASHIRE,
    NOT_NOW_OR_NOT_YOURS,
    NOT_SAID_RIGHT,
    PHONED,
    TODAY,
    TOMORROW,
    YESTERDAY,
)
from tests.engine.test_telling import GRACE, RULES, START
from tests.protocol.written import changed
from undrift.engine import ladder
from undrift.engine.ladder import acts
from undrift.engine.ladder.decide import decide
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.protocol.reader import read

CHILD = acts.ChildConcern("maya", "She waits.", "Maya")
WRITE_UP = acts.ActionAsked("Write up the two visits", "Hannah", date(2026, 5, 8))
RAISING: list[tuple[dict[str, Any], str]] = [
    ({"stage": "stage-9"}, "no-stage"),
    ({"why_this_stage": ""}, ""),
    ({"stage": "stage-2", "spoke": None, "why_this_stage": " "}, "why-this-stage"),
    ({"children": ()}, "no-children"),
    ({"children": (acts.ChildConcern("maya", " "),)}, "no-impact"),
    ({"grounds": ("WEATHER",)}, "no-ground"),
    ({"concern": " "}, "no-concern"),
    ({"grounds": ("RISK-NOW",)}, "risk-denied"),
    ({"grounds": ("RISK-NOW",), "risk": acts.Risk()}, ""),
    ({"risk": acts.Risk("She was seen.", TOMORROW)}, "acted-later"),
    ({"risk": acts.Risk("She was seen.", date(2024, 5, 1))}, "acted-long-ago"),
    ({"spoke": None}, "speak-first"),
    ({"spoke": acts.Conversation(" ")}, "how-spoken"),
    ({"spoke": acts.Conversation("phone", TOMORROW)}, "spoken-later"),
    ({"happened": TODAY}, ""),
    ({"happened": TOMORROW}, "happened-later"),
    ({"happened": YESTERDAY}, "happened-formal"),
    ({"stage": "informal", "date": TODAY, "happened": date(2026, 3, 2)}, "happened-long-ago"),
    ({"stage": "informal", "date": TODAY, "happened": YESTERDAY}, ""),
    ({"asked_by": date(2026, 5, 12)}, ""),
    ({"asked_by": date(2026, 5, 13)}, "asked-late"),
    ({"stage": "informal", "date": date(2026, 12, 1)}, "date-far"),
    ({"stage": "informal", "date": date(2026, 5, 8), "asked_by": date(2026, 12, 1)}, "asked-late"),
    ({"spoke": acts.Conversation("phone", date(2024, 5, 1))}, "spoken-long-ago"),
    ({"spoke": acts.Conversation("could not reach", TODAY)}, "not-reached"),
    ({"spoke": acts.Conversation("could not reach", TODAY, note="Three calls, and away until Monday.")}, ""),
    ({"spoke": acts.Conversation("email", YESTERDAY, "team-manager")}, ""),
    ({"actions": (acts.ActionAsked("", "Hannah"),)}, "action-what"),
    ({"actions": (acts.ActionAsked("Visit", "Hannah"),)}, "action-undated"),
    ({"asked_by": YESTERDAY}, "asked-past"),
    ({"stage": "informal"}, "no-date"),
    ({"stage": "informal", "date": TODAY}, ""),
    ({"stage": "informal", "date": TODAY, "spoke": acts.Conversation("phone", date(2026, 4, 16))}, ""),
    ({"stage": "informal", "date": TODAY, "spoke": acts.Conversation("phone", date(2026, 3, 2))}, "spoken-long-ago"),
    ({"stage": "informal", "date": YESTERDAY}, "date-past"),
    ({"stage": "informal", "date": date(2026, 5, 7), "actions": (WRITE_UP,)}, "checked-too-soon"),
    ({"stage": "informal", "date": date(2026, 5, 8), "actions": (WRITE_UP,)}, ""),
    # Typed later: a talk of the 28th agreed on the 29th.
    ({"stage": "informal", "date": YESTERDAY, "spoke": acts.Conversation("phone", date(2026, 4, 28))}, ""),
    (
        {"stage": "informal", "date": date(2026, 4, 27), "spoke": acts.Conversation("phone", date(2026, 4, 28))},
        "date-past",
    ),
    # Who could not be reached agreed nothing.
    (
        {
            "stage": "informal",
            "date": YESTERDAY,
            "spoke": acts.Conversation("could not reach", date(2026, 4, 28), note="Three calls."),
        },
        "date-past",
    ),
    ({"date": TOMORROW}, "date-not-yours"),
]


@pytest.mark.parametrize(("said", "code"), RAISING)
def test_a_concern_is_raised_or_refused_with_its_reason(said: dict[str, Any], code: str) -> None:
    whole: dict[str, Any] = {"stage": "stage-1", "children": (CHILD,), "concern": "Nothing has moved.", "spoke": PHONED}
    done = decide(RULES, None, acts.Raise(**(whole | said)), GRACE, START)
    assert (done.code if isinstance(done, Refusal) else "") == code


STARRED: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    ({"stage": "formal-escalation"}, "not-a-start"),
    ({"children": (acts.ChildConcern("maya", "She waits.", on_plan=False),)}, "not-on-plan"),
    ({"ask": " "}, "no-ask"),
    ({"completion": None}, "no-completion"),
    ({"completion": YESTERDAY}, "completion-past"),
    ({"date": date(2026, 5, 7)}, ""),
    ({"date": date(2026, 6, 1)}, "date-too-late"),
    ({"completion": None, "ask": "", "risk": acts.Risk()}, ""),  # an immediate risk waits for no words
    ({"completion": date(2026, 12, 1)}, "completion-far"),
    ({"stage": "core-group", "date": TODAY}, "plan-cycle"),
    ({"stage": "conference"}, "plan-cycle"),
]


@pytest.mark.parametrize(("said", "code"), STARRED)
def test_a_starred_recommendation_says_what_the_policy_wants(said: dict[str, Any], code: str) -> None:
    whole: dict[str, Any] = {
        "stage": "starred", "children": (CHILD,), "concern": "Nothing has moved.", "ask": "A visit",
        "completion": TOMORROW, "why_this_stage": "It was spoken about twice.",
    }  # fmt: skip
    done = decide(LANCASHIRE, None, acts.Raise(**(whole | said)), GRACE, START)
    assert (done.code if isinstance(done, Refusal) else "") == code


def test_before_anything_is_raised_nothing_else_can_be_done() -> None:
    refusal = decide(RULES, None, acts.Note("Seen."), GRACE, START)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "not-raised"


def test_a_date_that_the_calendar_does_not_know_is_refused_in_its_words() -> None:
    after = START.replace(year=ENGLAND.last.year, month=12, day=29)
    talk = acts.Raise("informal", (CHILD,), concern="Late.", spoke=PHONED, date=date(ENGLAND.last.year + 1, 1, 20))
    starred = acts.Raise("starred", (CHILD,), concern="Late.", ask="A visit", completion=after.date(),
                         date=date(ENGLAND.last.year + 1, 1, 4), why_this_stage="Twice.")  # fmt: skip
    assert not isinstance(decide(RULES, None, talk, GRACE, after), Refusal)
    refusal = decide(LANCASHIRE, None, starred, GRACE, after)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.about) == ("outside-calendar", "date")


def test_a_courtesy_is_not_asked_for_years_ahead_where_nothing_else_bounds_it() -> None:
    suits = ("6 working days", "to suit the child"), ('over = ["formal", "top"]', 'over = ["formal"]')
    silent = ('"ended", when = ["not answered", "not accepted"]', '"ended", when = ["not accepted"]')
    untimed = Rules(read(changed(*suits, silent), "heathmoor.toml"), ENGLAND, bare_days="working")
    act = acts.Raise("top", (CHILD,), concern="Late.", why_this_stage="Grave.", asked_by=date(2062, 1, 1))
    refusal = decide(untimed, None, act, GRACE, START)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.about) == ("asked-far", "asked_by")


ELSEWHERE = {
    "asked-far", "not-raised", "outside-calendar",  # below, each in a test of its own
    "before-returned",  # in test_agreed_and_not_done
    "no-way",  # in test_refused, under a policy that leads nowhere
}  # fmt: skip


def test_every_reason_of_the_ladder_to_refuse_is_tried_here() -> None:
    tried = {case[-1] for case in (*NOT_NOW_OR_NOT_YOURS, *NOT_SAID_RIGHT, *RAISING, *STARRED)} - {""}
    assert reasons() - tried == ELSEWHERE


def reasons() -> set[str]:
    """The codes that stand in the text of the ladder: the first of a refusal, the second of what has to be written."""
    found: set[str] = set()
    for path in Path(ladder.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = {"Refusal": 0, "need": 1}.get(node.func.id)
                code = node.args[place] if place is not None else None
                if isinstance(code, ast.Constant):
                    found.add(str(code.value))
    return found
