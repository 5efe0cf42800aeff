"""The chair does not agree with a response, for each child, and moves it to stage 2."""

from __future__ import annotations

import pytest

from tests.journeys.telling import Telling, on

pytestmark = [pytest.mark.browser]

WHY = "No date for the safety plan, and Zion is 2 months old."


def test_grace_is_not_satisfied_for_either_child(tell: Telling) -> None:
    due = tell.due_in(4)
    reference = tell.reference("Linnet")

    tell.given("Priya's response about Amara and Zion names capacity and gives no dates")
    grace = tell.be("Grace Ollerton")
    grace.clicks("Read the response", about="Amara and Zion Linnet")
    grace.sees("The concern", "The response", "Agree in part.", "The team is short of two workers")

    tell.when("she says for each child that it does not resolve the concern, and why")
    grace.misses_everything("Save decision", "Select yes or no for Amara", "Select yes or no for Zion")
    grace.chooses("No", to="Does this resolve it for Amara?")
    grace.chooses("No", to="Does this resolve it for Zion?")
    grace.types(WHY, into="If not, why?")
    grace.chooses("Move to stage 2", to="If not, what next?")
    grace.clicks("Save decision")

    tell.when("she sees who responds at stage 2, and by when")
    grace.sees("Move to stage 2", "Responds Denise Harkaway", "Approves the response Farah Lindley")
    grace.sees(f"Due {on(due)}. 4 working days from today")
    grace.finds(WHY, into="What is different now?")
    grace.misses_everything("Continue", "Select whether any child is at immediate risk now")
    grace.chooses("No", to="Is any child at immediate risk now?")
    grace.clicks("Continue")
    grace.sees("Check your answers", WHY, "How it affects Amara", "How it affects Zion")
    grace.clicks("Send to Denise Harkaway")
    grace.sees("Sent to Denise Harkaway", f"Denise Harkaway responds by {on(due)}")

    tell.then("stage 1 is answered and not agreed, and stage 2 has begun")
    grace.clicks(f"Open {reference}")
    grace.sees("Stage 2. Waiting for Denise Harkaway to respond", "Stage 1 Answered in time, not agreed")

    tell.then("Denise has it, and Priya reads the reason")
    denise = tell.be("Denise Harkaway")
    denise.clicks("Respond", about="Amara and Zion Linnet")
    denise.sees(WHY, "Send to Farah Lindley for approval")
    priya = tell.be("Priya Nairn")
    priya.opens(f"/resolutions/{reference}")
    priya.sees(WHY, "Grace Ollerton")
    priya.does_not_see("reject")
