"""Scenes in which a concern moves on: over a stage, after a talk or a try, at a risk, and to a recommendation."""

from __future__ import annotations

from tests.readers import reached
from tests.readers.cast import AISHA, DENISE, ELIAS, FARAH, GRACE, HANNAH, LINNETS, PRIYA, ROSALIND, TRUST, TYLER
from tests.readers.scene import Scene, scene
from tests.walkthrough import steps
from tests.walkthrough.steps import NO, YES
from tests.walkthrough.walking import Walker


@scene
def past_a_stage(s: Scene) -> None:
    grace = s.be(GRACE)
    reached.raised(s, LINNETS)
    s.walk.on(9)
    steps.finds_no_answer(grace, "Move to stage 2")
    s.watch(GRACE, FARAH, next=(FARAH, "respond"))
    s.choice("MoveOn.because", "not answered", "no answer by", "No response", "Stage 1: no answer")
    grace.types(s.word("MoveOn.different"), into="What is different now?")
    grace.unfolds("Add a reason")
    grace.ticks(s.choice("MoveOn.grounds", "Child's voice absent"))
    grace.types(s.word("MoveOn.impacts"), into="How does this affect Amara?")
    grace.types(s.word("MoveOn.ask"), into=steps.WANTED)
    grace.chooses(NO, to=steps.RISK)
    grace.unfolds("Another stage, somebody else copied in")
    grace.chooses(s.choice("MoveOn.to", "Stage 3"), to="Which stage should it go to?")
    grace.types(s.word("MoveOn.why_this_stage"), into="Why not the stage before?")
    grace.ticks(s.choice("MoveOn.copied", "Nadia Brookfield"), to="Copy in anybody else?")
    grace.types_day(s.on("MoveOn.asked_by", 10), into="Ask for a response by (optional)")
    grace.clicks("Continue")
    steps.sends(grace)
    s.looks()


def after_a_talk_that_came_to_nothing(s: Scene) -> Walker:
    grace = s.be(GRACE)
    reached.spoken_about(s, TYLER, "Share the next report", HANNAH, s.day(5), s.day(5))
    steps.does_not_accept(grace, "Tyler", why="It was not shared.", onward="Move to stage 1")
    s.letters = len(s.walk.box.letters)
    grace.types("It was not shared.", into="What is different now?")
    grace.types("The report.", into=steps.WANTED)
    grace.chooses(NO, to=steps.RISK)
    return grace


@scene
def after_a_talk(s: Scene) -> None:
    grace = after_a_talk_that_came_to_nothing(s)
    grace.chooses(YES, to="Have you spoken to the Team Manager?")
    s.watch(GRACE, PRIYA, next=(PRIYA, "respond"))
    grace.types(s.word("MoveOn.spoke.name"), into="Who did you speak to?")
    grace.chooses(s.choice("MoveOn.spoke.how", "In person"), to=steps.SPEAK)
    grace.types_day(s.on("MoveOn.spoke.on", -4), into="When?", within="Have you spoken to the Team Manager?")
    grace.clicks("Continue")
    steps.sends(grace)
    s.looks()


@scene
def after_a_try(s: Scene) -> None:
    grace = after_a_talk_that_came_to_nothing(s)
    s.watch(GRACE, PRIYA, next=(PRIYA, "respond"))
    steps.says_who_was_spoken_to(grace, "Team Manager", "", s.word("MoveOn.spoke.note"))
    grace.clicks("Continue")
    steps.sends(grace)
    s.looks()


@scene
def at_a_risk(s: Scene) -> None:
    grace = s.be(GRACE)
    reached.raised(s, LINNETS)
    s.walk.on(9)
    steps.finds_no_answer(grace, "Move to stage 2")
    s.watch(GRACE, DENISE, next=(DENISE, "respond"), child="Zion")
    grace.types("He is not safe.", into="What is different now?")
    grace.chooses(YES, to=steps.RISK)
    grace.ticks(
        s.choice(
            "MoveOn.risk.children",
            "Zion",
            "Immediate risk: Zion",
            "Zion was at immediate risk",
            "A child was at immediate risk",
        ),
        to=steps.WHOSE_RISK,
    )
    grace.types(s.word("MoveOn.risk.acted"), into="What has been done to keep the child safe?")
    grace.types("Dev Marchetti", into="Who did it?")
    grace.types_day(s.on("MoveOn.risk.on", 3), into="When?")
    grace.clicks("Continue")
    steps.sends(grace)
    s.looks()


@scene
def to_a_recommendation(s: Scene) -> None:
    rosalind = s.be(ROSALIND)
    reached.spoken_about_in_northmoor(s, AISHA)
    steps.does_not_accept(rosalind, "Aisha", why="No.", onward="Move to starred recommendation")
    s.watch(ROSALIND, ELIAS, next=(ELIAS, "respond"))
    rosalind.types("Nobody has rung.", into="What is different now?")
    rosalind.types("An appointment.", into="Action required")
    rosalind.chooses(NO, to=steps.RISK)
    rosalind.chooses(s.choice("MoveOn.agency", TRUST), to="Which agency is responsible?")
    rosalind.types_day(s.on("MoveOn.date", 3), into="When do you want the answer?")
    rosalind.types_day(s.on("MoveOn.completion", 19), into="When should it be completed?")
    rosalind.clicks("Continue")
    steps.sends(rosalind)
    s.looks()
