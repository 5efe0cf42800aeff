"""Scenes in which a concern ends: resolved, resolved without a talk that the policy asks for, withdrawn, closed."""

from __future__ import annotations

from tests.readers import reached
from tests.readers.cast import AISHA, DENISE, ELIAS, GRACE, LINNETS, MEENA, PRIYA, ROSALIND, TRUST, TYLER
from tests.readers.scene import Scene, scene
from tests.walkthrough import steps
from tests.walkthrough.steps import Starred
from undrift.engine.ladder import acts


@scene
def resolved(s: Scene) -> None:
    grace = s.be(GRACE)
    reached.raised(s, LINNETS)
    reached.answered(s, PRIYA, "It is written.", approves=DENISE)
    reached.decided(s, GRACE)
    grace.opens_the_record()
    grace.clicks("Say what changed and close")
    s.watch(GRACE, PRIYA)
    grace.types(s.word("Resolve.children"), into="What changed for Amara?")
    grace.types("He sleeps.", into="What changed for Zion?")
    grace.types(s.word("Resolve.too_long"), into="Did it take too long?")
    grace.presses_what_begins("Close ")
    s.looks()


@scene
def resolved_without_the_talk(s: Scene) -> None:
    rosalind = s.be(ROSALIND)
    starred = Starred(agency=TRUST, recommendation="An appointment", action="Offer one", completed=s.day(14))
    steps.makes_a_starred_recommendation(rosalind, AISHA, starred)
    reached.answered(s, ELIAS, "She is on the list.", agree="do not agree")
    reached.decided(s, ROSALIND, "There is no date.")
    reached.does(s, ROSALIND, acts.MoveOn("formal-escalation", "not accepted", different="There is no date."))
    reached.answered(s, MEENA, "She is seen on Friday.")
    reached.decided(s, ROSALIND)
    s.watch(ROSALIND, MEENA)
    steps.closes_with_what_changed(rosalind, not_spoken=s.word("Resolve.not_spoken"), Aisha="She is seen.")
    s.looks()


@scene
def withdrawn(s: Scene) -> None:
    grace = s.be(GRACE)
    reached.raised(s, TYLER)
    s.watch(GRACE, PRIYA)
    steps.withdraws(grace, s.word("Withdraw.why"))
    s.looks()


@scene
def closed(s: Scene) -> None:
    grace = s.be(GRACE)
    reached.raised(s, TYLER)
    grace.opens_the_record()
    grace.clicks("Close without resolving")
    s.watch(GRACE, PRIYA)
    grace.chooses(s.choice("Close.ending", "The child became looked after"), to="How does it end?")
    grace.types(s.word("Close.why"), into="What happens for the child now?")
    grace.presses_what_begins("Close ")
    s.looks()
