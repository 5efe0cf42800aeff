"""Whom an act names, and in which part an act is done."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engine.test_telling import GRACE, RULES
from undrift.engine.events import By
from undrift.engine.ladder import acts, parts_played
from undrift.engine.ladder.kinds import ACTS
from undrift.engine.named import Named

VISIT = acts.ActionAsked("Visit", "Hannah Quill", date(2026, 5, 14), person="7")
HANNAH = Named("who", "7", "Hannah Quill")
CHILD = acts.ChildConcern("maya", "She waits.")

NAMES: list[tuple[acts.Act, list[Named]]] = [
    (acts.Raise("stage-1", (CHILD,), actions=(VISIT, VISIT)), [HANNAH, HANNAH]),
    (acts.Respond("agree", "It is being written.", (VISIT,)), [HANNAH]),
    (acts.AgreeAction(VISIT), [HANNAH]),
    (acts.GiveAction("a1", "Hannah Quill", "Callum has left.", "7"), [HANNAH]),
    (acts.HandOver("team-manager", "8", "Owen Tarrant", "Away."), [Named("person", "8", "Owen Tarrant")]),
    (acts.Share("director"), [Named("role", role="director")]),
    (acts.Note("Hannah Quill rang."), []),
]


@pytest.mark.parametrize(("act", "named"), NAMES)
def test_an_act_names_whom_it_gives_something_to(act: acts.Act, named: list[Named]) -> None:
    assert list(ACTS[type(act)].names(act)) == named


def test_before_anything_is_raised_one_acts_as_the_sender() -> None:
    nobody_yet = parts_played.the_judge_first(RULES, None, By("1", roles=GRACE.roles | {"director"}))
    assert nobody_yet == "chair"
