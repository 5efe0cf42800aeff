"""The midway check begins with the child, says how each action stands, and states a next step that is followed up."""

from __future__ import annotations

import pytest

from tests.journeys.telling import Telling

pytestmark = [pytest.mark.browser]

DIFFERENT = "Miriam sleeps better, and Jacob does not come to swimming with her any more."
VISIT, COURSE = "A visit every two weeks", "The parenting course"
VIEW, NEXT = "What is your view of the plan?", "What happens next?"


def test_imran_looks_at_the_plan_of_miriam(tell: Telling) -> None:
    miriam = tell.demo.homes["Teal"].child["Miriam"]

    tell.given("the midway checks of Jacob and Miriam Teal are due")
    imran = tell.be("Imran Dastgir")
    imran.sees("Midway checks due", "Jacob Teal", "Miriam Teal")

    tell.when("Imran looks at Miriam's plan, and first at what is different for her")
    imran.clicks("Look at Miriam’s plan")
    imran.sees("Midway check", "I want Jacob to come to swimming again.", "Last visit")
    imran.sees("Nothing is recorded about the father.")
    imran.misses_everything(
        "Save the check",
        "Enter what is different for the child",
        "Select your view of the plan",
        "Select the next step, even if it is nothing more now",
    )
    imran.types(DIFFERENT, into="What is different for Miriam now?")

    tell.when("he says how the actions of the plan stand")
    imran.types(VISIT, into="Which action of the plan?", within="Action 1")
    imran.chooses("On track", to="How does it stand?", within="Action 1")
    imran.clicks("Add another action")
    imran.does_not_see("There is a problem")
    imran.finds(DIFFERENT, into="What is different for Miriam now?")
    imran.finds(VISIT, into="Which action of the plan?", within="Action 1")
    imran.types(COURSE, into="Which action of the plan?", within="Action 2")
    imran.chooses("Drifting", to="How does it stand?", within="Action 2")
    imran.chooses("No", to="Is Miriam’s father being involved?")

    tell.when("he states his view and a next step")
    imran.chooses("Needs help", to=VIEW)
    imran.chooses("Talk about it informally", to=NEXT)
    imran.clicks("Save the check")
    imran.sees("The check is on the record.", DIFFERENT, "Needs help", "Still to be done")

    tell.then("the check is no more due, and what it led to stands on his home until it is done")
    imran.goes_home()
    imran.does_not_see("Look at Miriam’s plan")
    assert "Miriam Teal" in imran.row("Do what the check led to")
    imran.opens(f"/children/{miriam.public_id}/cycle")
    imran.sees("The midway check found a concern. The policy offers Informal resolution.")
    imran.clicks("Raise a concern", about="The midway check")
    imran.sees("Informal or formal?")

    tell.when("he has talked about it, and raises nothing, with why")
    imran.opens(f"/children/{miriam.public_id}/cycle")
    imran.clicks("Raise nothing, and say why", about="The midway check")
    imran.misses_everything("Save", "Enter why")
    imran.types("Callum Stroud has booked the course for Monday.", into="Why?")
    imran.clicks("Save")
    imran.sees("It is on the record that nothing is raised.", "Callum Stroud has booked the course for Monday.")
    imran.goes_home()
    imran.does_not_see("Do what the check led to")

    tell.then("nothing of it stands on Jacob's page")
    jacob = tell.demo.homes["Teal"].child["Jacob"]
    imran.opens(f"/children/{jacob.public_id}/cycle")
    imran.does_not_see(DIFFERENT, "Callum Stroud has booked")
