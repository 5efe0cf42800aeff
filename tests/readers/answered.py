"""Scenes in which a concern is answered, approved, sent back, said to be somebody else's, and handed over."""

from __future__ import annotations

from tests.readers import reached
from tests.readers.cast import ANGELA, DENISE, GRACE, LINNETS, PRIYA, TYLER
from tests.readers.scene import Scene, scene
from tests.walkthrough import steps
from tests.walkthrough.steps import YES

CALLUM = "Callum Stroud"


@scene
def an_answer_that_is_approved(s: Scene) -> None:
    reached.raised(s, LINNETS)
    priya, denise = s.be(PRIYA), s.be(DENISE)
    steps.by_the_letter(priya, "Respond", "/respond")
    s.watch(GRACE, PRIYA, next=(GRACE, "decide"))
    priya.chooses(
        s.choice("Respond.agree", "Agree in part", "agree in part", "agrees in part"),
        to="Do you agree there is a concern?",
    )
    priya.types(s.word("Respond.text"), into="What will you do, and why?")
    priya.types(s.word("Respond.actions.what"), into="What will be done?", within="Action 1")
    priya.types("somebody-outside", into="Who will do it?", within="Action 1")
    priya.types(s.word("Respond.actions.who"), into="If somebody outside, who?", within="Action 1")
    priya.types_day(s.on("Respond.actions.by", 30), into="By when?", within="Action 1")
    priya.clicks("Add another action")
    priya.types("Write the safety plan", into="What will be done?", within="Action 2")
    priya.types(
        s.choice("Respond.actions.person", "Dev Marchetti", "Write the safety plan (Dev Marchetti"),
        into="Who will do it?",
        within="Action 2",
    )
    priya.types_day(s.day(31), into="By when?", within="Action 2")
    priya.ticks(s.choice("Respond.obstacles", "Staffing or capacity"), to="Is anything stopping this?")
    priya.presses_what_begins("Send to ")
    s.walk.works()
    s.meets(DENISE, "approve")
    steps.by_the_letter(denise, "Read and approve", "/approve")
    denise.chooses("Approve", to="Do you approve this response?")
    denise.types(s.word("Approve.comment"), into="Do you want to add a comment?")
    denise.clicks("Save decision")
    s.looks()


@scene
def an_answer_that_is_sent_back(s: Scene) -> None:
    reached.raised(s, TYLER)
    reached.answered(s, PRIYA, "It is shared on Monday.")
    s.watch(GRACE, PRIYA, next=(PRIYA, "respond"))
    steps.sends_back(s.be(DENISE), s.word("SendBack.comment"))
    s.looks()


@scene
def a_question_of_the_policy(s: Scene) -> None:
    reached.raised(s, TYLER, "stage-5")
    question = "Will you bring this to the attention of the wider partnership?"
    s.watch(GRACE, ANGELA, next=(GRACE, "decide"))
    s.choice("Respond.consider", YES, f"{question} Yes")
    steps.answers(s.be(ANGELA), "Yes.", partnership=YES)
    s.looks()


@scene
def not_theirs_and_it_stays(s: Scene) -> None:
    grace, priya = s.be(GRACE), s.be(PRIYA)
    reached.raised(s, TYLER)
    priya.opens_the_record()
    priya.clicks("This is not mine to answer")
    s.watch(GRACE, PRIYA, next=(GRACE, "hand-over"))
    priya.types(s.word("SayNotMine.who"), into="Who should be asked?")
    priya.types(s.word("SayNotMine.why"), into="Why is it theirs and not yours?")
    priya.clicks("Tell the chair")
    s.looks()
    grace.opens_the_record()
    grace.clicks("Decide whose it is")
    grace.chooses("Nobody else: it stays with Priya Nairn", to="Who takes this on?")
    s.watch(GRACE, PRIYA, next=(PRIYA, "respond"))
    grace.types(s.word("SayItStays.why"), into="Why?")
    grace.clicks("Save")
    s.looks()


@scene
def handed_over_with_a_new_date(s: Scene) -> None:
    grace = s.be(GRACE)
    reached.raised(s, TYLER)
    s.walk.on(9)
    s.watch(GRACE, CALLUM, next=(CALLUM, "respond"))
    grace.opens_the_record()
    grace.clicks("Ask somebody else to take it on")
    grace.chooses(s.choice("HandOver.person", CALLUM), to="Who takes this on?")
    s.choice("HandOver.name", CALLUM)
    s.choice("HandOver.role", "Team Manager", "Team Manager", f"Team Manager ({CALLUM}")
    grace.types(s.word("HandOver.why"), into="Why?")
    grace.types_day(s.on("HandOver.until", 12), into="New date for the answer")
    grace.clicks("Save")
    s.looks()
