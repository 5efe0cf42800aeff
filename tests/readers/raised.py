"""Scenes in which a concern is raised: formally, above the first stage, informally, at a risk, starred, and again."""

from __future__ import annotations

from dataclasses import replace

from tests.readers.cast import AISHA, DENISE, ELIAS, GRACE, HANNAH, LINNETS, OWEN, PRIYA, ROSALIND, TRUST, TYLER
from tests.readers.scene import Scene, scene
from tests.walkthrough import steps
from tests.walkthrough.steps import NO, NOT_YET, YES


@scene
def a_formal_concern(s: Scene) -> None:
    grace = s.be(GRACE)
    steps.begins_a_concern(grace, LINNETS, "Formal")
    s.watch(GRACE, PRIYA, next=(PRIYA, "respond"), child="Amara")
    s.choice("Raise.children.name", "Amara")
    grace.ticks(s.choice("Raise.children.id", "Amara"), "Zion")
    grace.clicks("Continue")
    grace.chooses(s.choice("Raise.occasion", "At the midway check"), to="When did this come up?")
    grace.clicks("Continue")
    grace.ticks(s.choice("Raise.grounds", "No safety plan when one is needed"))
    grace.types(s.word("Raise.concern"), into="In your own words")
    grace.clicks("Continue")
    grace.types(s.word("Raise.children.impact"), into="How does this affect Amara?")
    grace.types("He cannot keep himself safe.", into="How does this affect Zion?")
    grace.clicks("Continue")
    grace.chooses(NO, to=steps.RISK)
    grace.clicks("Continue")
    grace.types(s.word("Raise.tried"), into="What has already been tried?")
    grace.clicks("Continue")
    grace.chooses(s.choice("Raise.stage", "Stage 1"), to="Which stage should it start at?")
    grace.clicks("Continue")
    grace.types(s.word("Raise.ask"), into=steps.WANTED)
    grace.clicks("Continue")
    grace.chooses(YES, to="Have you spoken to the Team Manager?")
    grace.types(s.word("Raise.spoke.name"), into="Who did you speak to?")
    grace.chooses(s.choice("Raise.spoke.how", "In person"), to=steps.SPEAK)
    grace.types_day(s.on("Raise.spoke.on", -5), into="When?")
    grace.clicks("Continue")
    grace.ticks(s.choice("Raise.copied", "Nadia Brookfield"), to="Copy in anybody else?")
    grace.types_day(s.on("Raise.asked_by", 2), into="Ask for a response by (optional)")
    grace.clicks("Continue")
    steps.sends(grace)
    s.looks()


@scene
def above_the_first_stage(s: Scene) -> None:
    s.watch(GRACE, DENISE, next=(DENISE, "respond"), child="Amara")
    steps.raises_formally(s.be(GRACE), LINNETS, "Stage 2", why=s.word("Raise.why_this_stage"))
    s.looks()


@scene
def the_manager_could_not_be_reached(s: Scene) -> None:
    s.watch(GRACE, PRIYA, next=(PRIYA, "respond"), child="Amara")
    said = s.word("Raise.spoke.note")
    steps.raises_formally(s.be(GRACE), LINNETS, "Stage 1", tried_to_speak=said)
    s.looks()


def given_to(name: str) -> tuple[str, ...]:
    """How it reads that this person has an action, and how it stands on their own list."""
    what = "Share the next report"
    return f"{what} {name}", f"{what} ({name}", f"{what}: {name}", f"Update action: {what}", f"{what} Wait"


@scene
def an_informal_talk_of_another_day(s: Scene) -> None:
    grace = s.be(GRACE)
    steps.begins_a_concern(grace, TYLER, "Informal")
    grace.ticks("Tyler", to="Which children?")
    grace.chooses("At another time", to="When did this come up?")
    grace.ticks(*TYLER.reason)
    grace.types("He said nothing.", into="How does this affect Tyler?")
    grace.chooses(NO, to=steps.RISK)
    grace.chooses("By phone", to=steps.SPEAK)
    s.watch(GRACE, HANNAH, next=(GRACE, "decide"), child="Tyler")
    grace.types_day(s.on("Raise.happened", -4), into="When did you speak?")
    grace.types(s.word("Raise.actions.what"), into="What will be done?", within="Action 1")
    grace.types("somebody-outside", into="Who will do it?", within="Action 1")
    grace.types(s.word("Raise.actions.who"), into="If somebody outside, who?", within="Action 1")
    grace.types_day(s.day(6), into="By when?", within="Action 1")
    grace.clicks("Add another action")
    grace.types("Share the next report", into="What will be done?", within="Action 2")
    grace.types(s.choice("Raise.actions.person", HANNAH, *given_to(HANNAH)), into="Who will do it?", within="Action 2")
    grace.types_day(s.on("Raise.actions.by", 7), into="By when?", within="Action 2")
    grace.types_day(s.on("Raise.date", 8), into="Check again on")
    grace.clicks("Save record")
    s.walk.record = grace.where()
    s.looks()


FOUR = replace(
    LINNETS, family="Rowan", impacts={"Ella": "She is tired.", "Sam": "He looks after them.", "Poppy": "She waits."}
)


@scene
def a_risk_from_the_beginning(s: Scene) -> None:
    grace = s.be(GRACE)
    steps.begins_a_concern(grace, FOUR, "Formal")
    steps.says_what_it_is(grace, FOUR)
    grace.chooses(YES, to=steps.RISK)
    s.watch(GRACE, OWEN, next=(OWEN, "respond"), child="Sam")
    grace.ticks(
        s.choice("Raise.risk.children", "Ella", "Ella and Sam", "A child was at immediate risk", "Immediate risk: Sam"),
        "Sam",
        to=steps.WHOSE_RISK,
    )
    grace.clicks("Continue")
    grace.clicks("Yes, someone has acted")
    grace.types(s.word("Raise.risk.acted"), into="What was done?")
    grace.types("Kofi Ansell", into="Who did it?")
    grace.types_day(s.on("Raise.risk.on", -4), into="When?")
    for _ in ("made safe", "tried", "stage"):
        grace.clicks("Continue")
    grace.types(FOUR.ask, into=steps.WANTED)
    grace.clicks("Continue")
    grace.clicks("Continue")
    grace.presses_the_choice(YES, "Have you rung ")
    grace.chooses("Yes, safe", to="Is Ella safe now?")
    grace.chooses(
        s.choice("Raise.rang.safe", NOT_YET, "Sam is not safe yet", "Immediate risk: Sam"), to="Is Sam safe now?"
    )
    steps.sends(grace)
    s.looks()


@scene
def the_same_again(s: Scene) -> None:
    grace = s.be(GRACE)
    steps.raises_formally(grace, TYLER, "Stage 1")
    earlier = s.walk.record.rpartition("/")[2]
    steps.begins_a_concern(grace, TYLER, "Formal")
    steps.says_what_it_is(grace, TYLER)
    grace.chooses(NO, to=steps.RISK)
    for _ in ("risk", "tried", "stage"):
        grace.clicks("Continue")
    grace.types(TYLER.ask, into=steps.WANTED)
    grace.clicks("Continue")
    steps.says_who_was_spoken_to(grace, "Team Manager", "In person")
    grace.clicks("Continue")
    grace.clicks("Continue")
    s.watch(GRACE, PRIYA, next=(PRIYA, "respond"))
    linked = f"earlier concern {earlier}"
    grace.presses_the_choice(s.choice("Raise.linked", earlier, linked, f"earlier concern: {earlier}"), "Link it")
    grace.clicks("Continue")
    steps.sends(grace)
    s.looks()


@scene
def a_starred_recommendation(s: Scene) -> None:
    rosalind = s.be(ROSALIND)
    s.watch(ROSALIND, ELIAS, next=(ELIAS, "respond"), child="Aisha")
    starred = steps.Starred(
        agency=s.choice("Raise.agency", TRUST), recommendation=s.word("Raise.recommendation"),
        action="Offer a first appointment", completed=s.on("Raise.completion", 14), answer_by=s.day(4),
    )  # fmt: skip
    steps.makes_a_starred_recommendation(rosalind, AISHA, starred)
    s.looks()
