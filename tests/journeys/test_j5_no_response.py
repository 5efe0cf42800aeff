"""A date has passed without a response: the next stage, or somebody who covers."""

from __future__ import annotations

import pytest

from tests.journeys.telling import Somebody, Telling, brief, on

pytestmark = [pytest.mark.browser]

SPOKEN = "Rang today: Callum is off sick."
FINN = "He has missed a third check of how he is growing."


def tells_of_the_talk(grace: Somebody, tell: Telling) -> None:
    grace.chooses("Somebody else", to="Have you spoken to anyone about it?")
    grace.types("The team's duty officer", into="Who?")
    grace.types_day(tell.demo.days.day(0), into="When did you speak?")
    grace.types(SPOKEN, into="What was said?")


def test_grace_moves_what_nobody_answered_to_stage_2(tell: Telling) -> None:
    passed, due = tell.demo.days.day(-2), tell.due_in(4)
    reference = tell.reference("Rowan")

    tell.given("nobody has answered about the Rowans by the due date, and it waits on Grace's Home")
    grace = tell.be("Grace Ollerton")
    grace.sees("Rowan family (4 children)", f"No response from Callum Stroud by {brief(passed)}")
    judith = tell.be("Judith Calloway")
    judith.sees("Undecided", "Grace Ollerton")

    tell.when("she says that she rang, and chooses stage 2 rather than somebody who covers")
    grace.clicks("Decide what to do", about="Rowan family")
    grace.sees(f"No response by {on(passed)}")
    grace.misses_everything("Continue", "Select what happens next")
    tells_of_the_talk(grace, tell)
    grace.sees("Ask somebody else instead of Callum Stroud")
    grace.chooses("Move to stage 2", to="What happens next?")
    grace.clicks("Continue")

    tell.then("the draft is ready, with the reason, and each child's own text")
    grace.finds("No response to stage 1.", into="What is different now?")
    grace.finds(tell.impact("Rowan", "Sam"), into="How does this affect Sam?")
    grace.misses_everything("Continue", "Select whether any child is at immediate risk now")
    grace.types(FINN, into="How does this affect Finn?")
    grace.chooses("No", to="Is any child at immediate risk now?")
    grace.clicks("Continue")
    grace.sees("Check your answers", "No response to stage 1.", FINN, f"Due {on(due)}. 4 working days from today")
    grace.clicks("Send to Owen Tarrant")
    grace.sees("Sent to Owen Tarrant", f"Owen Tarrant responds by {on(due)}")

    tell.then("stage 1 says that there was no response, and nothing moved by itself")
    grace.clicks(f"Open {reference}")
    grace.sees("Stage 2. Waiting for Owen Tarrant to respond", "Stage 1 No response", SPOKEN, FINN)
    owen = tell.be("Owen Tarrant")
    owen.clicks("Respond", about="Rowan family")
    owen.sees(FINN, "Send to Farah Lindley for approval")


def test_grace_asks_the_one_who_covers_instead(tell: Telling) -> None:
    reference = tell.reference("Rowan")

    tell.given("nobody has answered about the Rowans, because Callum Stroud is off sick")
    grace = tell.be("Grace Ollerton")
    grace.clicks("Decide what to do", about="Rowan family")

    tell.when("she asks somebody else in his place")
    tells_of_the_talk(grace, tell)
    grace.chooses("Ask somebody else instead of Callum Stroud", to="What happens next?")
    grace.clicks("Continue")
    grace.misses_everything("Save", "Select who takes this on", "Enter why somebody else takes this on")
    grace.chooses("Priya Nairn", to="Who takes this on?")
    grace.types("Callum is off sick.", into="Why?")
    grace.clicks("Save")

    tell.then("the record says who has it now, and why")
    grace.sees("Priya Nairn takes this on.", reference, "Callum is off sick.", SPOKEN)
    priya = tell.be("Priya Nairn")
    priya.clicks("Respond", about="Rowan family")
    priya.sees("Respond", "Five of the eight agreed steps have not begun")
