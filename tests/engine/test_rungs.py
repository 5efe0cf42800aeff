"""How each stage of a ladder went, in the words that pages and reports share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.engine.test_refused import (
    PASSED,
    PHONED,
    answered,
    at_the_top,
    begun,
    core_group_met,
    in_the_plan_cycle,
    refused,
    sent,
)
from tests.engine.test_telling import DENISE, GRACE, PRIYA, Story, no
from tests.protocol.written import changed
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import agenda
from undrift.engine.ladder.rungs import ladder
from undrift.engine.rules import Rules
from undrift.library import calendars
from undrift.protocol.reader import read

UP = acts.MoveOn("stage-2", "not answered", ask="Dates.")
NOT_GOOD_ENOUGH = acts.MoveOn("stage-2", "not accepted", ask="Dates.")
AT_RISK = acts.MoveOn("stage-2", "immediate risk", ask="Dates.", risk=acts.Risk("A visit was made."))
MOVED = acts.Withdraw("The family moved.")
NO_ANSWER = ('duty = [{ who = "director", must = "respond", within = "6 working days" }]\n', "")
UNTIMED = Rules(read(changed(NO_ANSWER), "heathmoor.toml"), calendars.load("england-and-wales"))


def late_answer() -> Story:
    return begun().says(PRIYA, acts.Respond("agree", "It is written."), days=14).says(DENISE, acts.Approve(), days=15)


def informal() -> Story:
    return Story(stage="informal")


def settled(days: int) -> Story:
    done = informal().says(GRACE, acts.Judge({"maya": True}), days=days)
    return done.says(GRACE, acts.Resolve({"maya": "She is seen."}), days=days)


def met(days: int, accepted: bool) -> Story:
    day = date(2026, 4, 30) if days == 0 else date(2026, 5, 29)
    story = core_group_met(accepted, days=days, on=day)
    return story.says(GRACE, acts.MoveOn("informal", "done" if accepted else "not accepted", spoke=PHONED), days=days)


WENT: list[tuple[Callable[[], Story], str, str, str]] = [
    (begun, "stage-1", "now", "Now"),
    (begun, "stage-2", "not used", "Still ahead"),
    (begun, "informal", "not used", "Not used"),
    (lambda: sent().says(GRACE, MOVED), "stage-2", "not used", "Not used"),
    (lambda: begun().says(GRACE, UP, days=PASSED), "stage-1", "none", "No response"),
    (lambda: begun().says(GRACE, AT_RISK, days=1), "stage-1", "left", "Left early"),
    (lambda: sent().says(GRACE, MOVED), "stage-1", "left", "Left early"),
    (lambda: refused().says(GRACE, NOT_GOOD_ENOUGH, days=6), "stage-1", "in time", "Answered in time, not agreed"),
    (lambda: answered().says(GRACE, MOVED, days=6), "stage-1", "in time", "Answered in time"),
    (lambda: late_answer().says(GRACE, MOVED, days=16), "stage-1", "late", "Answered late"),
    (lambda: late_answer().says(GRACE, no(), days=16).says(GRACE, MOVED, days=16), "stage-1", "late",
     "Answered late, not agreed"),
    (lambda: settled(1), "informal", "in time", "Settled"),
    (lambda: settled(20), "informal", "late", "Settled late"),
    (lambda: informal().says(GRACE, no(), days=9).says(GRACE, MOVED, days=9), "informal", "none", "Not settled"),
    (lambda: informal().says(GRACE, MOVED), "informal", "left", "Not settled"),
    (lambda: in_the_plan_cycle().says(GRACE, MOVED), "core-group", "left", "Left early"),
    (lambda: met(0, accepted=False), "core-group", "none", "Not accepted"),
    (lambda: met(0, accepted=True), "core-group", "in time", "Done in time"),
    (lambda: met(30, accepted=True), "core-group", "late", "Done late"),
    (lambda: Story(stage="top", rules=UNTIMED, spoke=None).says(GRACE, MOVED), "top", "left", "Done"),
]  # fmt: skip


@pytest.mark.parametrize(("story", "stage", "went", "words"), WENT)
def test_a_stage_is_shown_as_it_went(story: Callable[[], Story], stage: str, went: str, words: str) -> None:
    told = story()
    assert told.state is not None
    now = told.at(60)
    rungs = {rung.stage.id: rung for rung in ladder(told.rules, told.state, agenda(told.rules, told.state, now), now)}
    assert (rungs[stage].went, rungs[stage].words) == (went, words)
    assert list(rungs) == [each.id for each in told.rules.protocol.stages]


def test_a_stage_that_began_carries_its_duty() -> None:
    story = at_the_top()
    assert story.state is not None
    now = story.at(0)
    top = ladder(story.rules, story.state, agenda(story.rules, story.state, now), now)[-1]
    assert top.visit is story.state.here
    assert top.duty is not None
    assert top.duty.who == "director"
