"""An informal date has passed, nothing was done, and the concern moves to stage 1."""

from __future__ import annotations

import pytest

from tests.journeys.telling import Telling, brief, on

pytestmark = [pytest.mark.browser]

REASON = "No family meeting held; father not invited to the last core group."


def test_grace_moves_what_was_not_done_to_stage_1(tell: Telling) -> None:
    agreed, due = tell.demo.days.day(-1), tell.due_in(7)
    reference = tell.reference("Heron")

    tell.given("the date agreed for Tyler passed yesterday, and nobody has said that it is done")
    grace = tell.be("Grace Ollerton")
    assert f"Agreed date {brief(agreed)} passed" in grace.row("Tyler Heron")
    grace.clicks("Decide what to do", about="Tyler Heron")

    tell.when("she sees what was agreed beside the question, and says that it is not done")
    grace.sees("What was agreed", "Offer a date for a family meeting", "Write to Tyler's father and invite him")
    grace.misses_everything("Save decision", "Select yes or no for Tyler")
    grace.chooses("No", to="Has it been done for Tyler?")
    grace.misses_everything("Save decision", "Enter why this does not resolve it", "Select what happens next")
    grace.types(REASON, into="If not, why?")
    grace.chooses("Move to stage 1", to="If not, what next?")
    grace.clicks("Save decision")

    tell.when("she goes on from what the record says already")
    grace.sees("Move to stage 1")
    grace.finds(REASON, into="What is different now?")
    grace.finds(tell.impact("Heron", "Tyler"), into="How does this affect Tyler?")
    grace.types("", into="What is different now?")
    grace.misses_everything(
        "Continue",
        "Enter what is different now",
        "Enter what you want to happen",
        "Select whether any child is at immediate risk now",
        "Select whether you have spoken to the Team Manager",
    )
    grace.types(REASON, into="What is different now?")
    grace.unfolds("Add a reason")
    grace.ticks("Child's voice absent")
    grace.types("He is talked about at meetings that he has stopped asking about.", into="How does this affect Tyler?")
    grace.types(
        "A family meeting within two weeks, and a plan to involve Tyler's father.", into="What do you want to happen?"
    )
    grace.chooses("No", to="Is any child at immediate risk now?")

    grace.chooses("Yes", to="Have you spoken to the Team Manager?")
    grace.finds("Priya Nairn", into="Who did you speak to?")
    grace.chooses("In person", to="How did you speak?")

    tell.then("she sees who it will go to, by when, and how that was worked out")
    grace.sees("Responds Priya Nairn", "Approves the response Denise Harkaway", "Judith Calloway", "Marcus Penhale")
    grace.sees(f"Due {on(due)}. 7 working days from today")
    grace.unfolds("How we worked this out")
    grace.sees("within 7 days", f"Day 7: {on(due)}")

    tell.when("she checks her answers and sends it")
    grace.clicks("Continue")
    grace.sees("Check your answers", REASON, "He is talked about at meetings", f"Due {on(due)}")
    grace.clicks("Send to Priya Nairn")

    tell.then("she has the reference, what happens next and when, and a page to print")
    grace.sees("Sent to Priya Nairn", reference, f"Priya Nairn responds by {on(due)}", "print it from your browser")
    grace.clicks(f"Open {reference}")
    grace.sees("Stage 1. Waiting for Priya Nairn to respond", on(due), REASON, "Child's voice absent")

    tell.then("it waits for Priya Nairn")
    priya = tell.be("Priya Nairn")
    priya.clicks("Respond", about="Tyler Heron")
    priya.sees("Respond", REASON, "Send to Denise Harkaway for approval")
