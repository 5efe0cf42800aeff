"""Scenes in which the chair decides: for one child and not the other, another answer, more time."""

from __future__ import annotations

from tests.readers import reached
from tests.readers.cast import DENISE, DEV, GRACE, LINNETS, PRIYA, TYLER
from tests.readers.scene import Scene, scene
from tests.walkthrough import steps
from tests.walkthrough.steps import NO, YES
from undrift.engine.ladder import acts


@scene
def accepted_for_one_child_alone(s: Scene) -> None:
    grace = s.be(GRACE)
    reached.raised(s, LINNETS)
    reached.answered(s, PRIYA, "Amara's part is written.", approves=DENISE)
    grace.opens_the_record()
    grace.clicks("Decide")
    grace.chooses(YES, to="Does this resolve it for Amara?")
    s.watch(GRACE, PRIYA, next=(GRACE, "next-stage"), child="Zion")
    grace.chooses(
        s.choice("Judge.children", NO, "not accepted for Zion", "For Amara it is settled"),
        to="Does this resolve it for Zion?",
    )
    grace.types(s.word("Judge.why"), into="If not, why?")
    grace.chooses("Move to stage 2", to="If not, what next?")
    grace.clicks("Save decision")
    s.looks()


@scene
def not_accepted_and_one_action_kept(s: Scene) -> None:
    grace = s.be(GRACE)
    reached.raised(s, TYLER)
    promised, day = s.word("Judge.keep"), s.day(20)
    action = acts.ActionAsked(promised, DEV, day, str(s.walk.demo.people[DEV].pk))
    reached.answered(s, PRIYA, "It is shared on Monday.", action, approves=DENISE)
    s.watch(GRACE, DEV, next=(DEV, "actions/a1"))
    # What was promised stands in the answer; kept, it is agreed.
    s.reads("Judge.keep", f"{promised} {DEV} {day.day} {day:%B %Y}", f"Agreed: {promised}", f"Agreed: “{promised}”")
    grace.opens_the_record()
    grace.clicks("Decide")
    grace.chooses(NO, to="Does this resolve it for Tyler?")
    grace.types("There is no day.", into="If not, why?")
    grace.ticks(promised, to="If not, which of the promised actions are to be done all the same?")
    grace.chooses("Move to stage 2", to="If not, what next?")
    grace.clicks("Save decision")
    s.looks()


@scene
def asked_again(s: Scene) -> None:
    grace = s.be(GRACE)
    reached.raised(s, TYLER)
    reached.answered(s, PRIYA, "It is shared on Monday.", approves=DENISE)
    steps.does_not_accept(grace, "Tyler", why="There is no day.", onward="Ask again at this stage")
    s.watch(GRACE, PRIYA, next=(PRIYA, "respond"))
    grace.types_day(s.on("AskAgain.until", 4), into="By when do you need the answer?")
    grace.types(s.word("AskAgain.why"), into="What is still needed?")
    grace.clicks("Ask again")
    s.looks()


@scene
def a_date_passes(s: Scene) -> None:
    reached.raised(s, TYLER)
    s.watch(GRACE, PRIYA, next=(GRACE, "decide"))
    s.choice("RecordLapse.duty", "respond", "No answer by", "No answer from", "No response", "no response to")
    s.walk.on(8)
    s.looks()


@scene
def more_time(s: Scene) -> None:
    grace = s.be(GRACE)
    reached.raised(s, TYLER)
    s.watch(GRACE, PRIYA, next=(PRIYA, "respond"))
    steps.gives_more_time(grace, s.on("GiveMoreTime.until", 9), s.word("GiveMoreTime.why"))
    s.looks()
