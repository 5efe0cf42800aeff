"""Scenes about one child of several: its part ends, is opened again, its plan ends and it goes on."""

from __future__ import annotations

from tests.readers import reached
from tests.readers.cast import GRACE, LINNETS, PRIYA, TYLER
from tests.readers.scene import Scene, scene
from tests.walkthrough import steps


@scene
def it_ends_for_one_child_and_is_open_again(s: Scene) -> None:
    grace = s.be(GRACE)
    reached.raised(s, LINNETS)
    grace.opens_the_record()
    grace.clicks("End it for Zion")
    s.watch(GRACE, PRIYA, next=(PRIYA, "respond"), child="Zion")
    moved = s.choice("EndForChild.ending", "The child moved to another authority")
    grace.chooses(moved, to="How does it end for Zion?")
    s.choice("EndForChild.child", "Zion", "Ended for Zion", "Zion, 2 months (over)", "Zion Ended on")
    grace.types(s.word("EndForChild.why"), into="What happens for Zion now?")
    grace.types(s.word("EndForChild.changed"), into="What changed for Zion?")
    grace.clicks("Save")
    s.looks()
    s.watch(GRACE, PRIYA, next=(PRIYA, "respond"), child="Zion")
    s.choice("ReopenChild.child", "Zion", "Re-opened for Zion", "Opened again for Zion", "Zion Open")
    steps.opens_again_for(grace, "Zion", s.word("ReopenChild.why"))
    s.looks()


@scene
def a_plan_ends_and_it_goes_on(s: Scene) -> None:
    grace = s.be(GRACE)
    reached.raised(s, TYLER)
    s.watch(GRACE, PRIYA, next=(GRACE, "carry-on"))
    s.walk.plan_ends("Heron", s.on("RecordPlanEnd.on", 1))
    s.choice(
        "RecordPlanEnd.child", "Tyler", "Tyler’s plan ended", "The plan ended on", "Tyler Heron. A child’s plan ended"
    )
    s.walk.on(2)
    s.looks()
    s.watch(GRACE, PRIYA, next=(PRIYA, "respond"))
    s.choice("CarryOn.children", "Tyler", "after the plan for Tyler")
    steps.carries_on(grace, "Tyler’s plan ended on", s.word("CarryOn.why"))
    s.looks()
