"""Northmoor: a starred recommendation to another agency, answered by its manager, who has an account here."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.journeys.telling import Telling, on, short

pytestmark = [pytest.mark.browser]

WHY = "The talk did not bring an appointment, and Aisha is still waiting."
ANSWER = "Yes. We will see Aisha, and somebody will ring her first."


def test_rosalind_makes_a_starred_recommendation_and_elias_answers(tell: Telling) -> None:
    days = tell.demo.days
    due, completed, appointment = tell.due_in(5), tell.due_in(14), tell.due_in(9)
    reference = tell.reference("Plover")

    tell.given("CAMHS has not offered Aisha a first appointment, and the talk about it did not help")
    rosalind = tell.be("Rosalind Amery")
    rosalind.sees("Key actions overdue", "CAMHS to offer Aisha a first appointment", short(days.day(-19)))
    rosalind.clicks("Decide what to do", about="Aisha Plover")
    rosalind.misses_everything("Save decision", "Select yes or no for Aisha")
    rosalind.chooses("No", to="Has it been done for Aisha?")
    rosalind.types(WHY, into="If not, why?")
    rosalind.chooses("Move to starred recommendation", to="If not, what next?")
    rosalind.clicks("Save decision")

    tell.when("she writes what is required, and sees who answers, who is told, and how long there is")
    rosalind.sees("Elias Thornby", "CSC Team Manager", "Core Group", "CSC Quality & Review Manager")
    rosalind.finds(tell.impact("Plover", "Aisha"), into="How does this affect Aisha?")
    rosalind.misses_everything(
        "Continue", "Enter what action is required", "Enter the date by which it has to be completed"
    )
    rosalind.types("Offer first appointment", into="Action required")
    rosalind.chooses("No", to="Is any child at immediate risk now?")
    rosalind.types_day(due + timedelta(days=1), into="When do you want the answer?")
    rosalind.types_day(completed, into="When should it be completed?")
    rosalind.clicks("Continue")
    rosalind.sees("There is a problem", "5 working days")
    rosalind.types_day(due, into="When do you want the answer?")
    rosalind.clicks("Continue")
    rosalind.sees("Check your answers", "Offer first appointment", short(due), short(completed))
    rosalind.clicks("Send to Elias Thornby")
    rosalind.sees("Sent to Elias Thornby", reference, f"Elias Thornby responds by {on(due)}")

    tell.when("Elias Thornby answers")
    elias = tell.be("Elias Thornby")
    elias.clicks("Respond", about="Aisha Plover")
    elias.sees("Offer first appointment")
    elias.misses_everything(
        "Send to Rosalind Amery", "Select whether you agree there is a concern", "Enter what you will do and why"
    )
    elias.chooses("Agree", to="Do you agree there is a concern?")
    elias.types(ANSWER, into="What will you do, and why?")
    elias.types("First appointment at 3:30pm", into="What will be done?", within="Action 1")
    elias.types("Elias Thornby", into="Who will do it?", within="Action 1")
    elias.types_day(appointment, into="By when?", within="Action 1")
    elias.clicks("Send to Rosalind Amery")
    elias.sees("Sent to Rosalind Amery.")

    tell.then("Rosalind reads it, says that it resolves the concern, and follows the action")
    rosalind.goes_home()
    rosalind.clicks("Read the response", about="Aisha Plover")
    rosalind.sees(ANSWER, "First appointment at 3:30pm")
    rosalind.chooses("Yes", to="Does this resolve it for Aisha?")
    rosalind.clicks("Save decision")
    rosalind.sees("Actions in progress", "First appointment at 3:30pm", short(appointment))
    elias.goes_home()
    elias.sees("First appointment at 3:30pm")
