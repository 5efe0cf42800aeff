"""Before a conference: the report is shared, the checklist gone through, and what is missing may become a concern."""

from __future__ import annotations

import pytest

from tests.journeys.telling import Telling, short

pytestmark = [pytest.mark.browser]

INTERPRETER = "Is an interpreter booked, if one is needed?"
PREPARED = "Does the family know what a conference is, how it works and who is invited?"
AGREED = "Hannah books the Polish interpreter, and rings the grandmother."
OUTCOME = "What came of it?"


def test_hannah_and_grace_prepare_the_initial_conference(tell: Telling) -> None:
    nia = tell.demo.homes["Aspen"].child["Nia"]
    cycle = f"/children/{nia.public_id}/cycle"

    tell.given("the initial conference of Nia and Isaac Aspen is fixed for next week")
    hannah = tell.be("Hannah Quill")
    assert "Aspen family" in hannah.row("Report shared before an initial conference")

    tell.when("Hannah says that her report was shared")
    hannah.opens(cycle)
    hannah.clicks("Say that it was shared")
    hannah.sees(f"Initial conference, {short(tell.demo.days.next_week)}", "Not there yet")
    hannah.misses_everything("Save", "Select whose report it is")
    hannah.chooses("Social Worker", to="Whose report is it?")
    hannah.clicks("Save")
    hannah.sees("It is on the record that it was shared.", f"Social Worker, {short(tell.today)}")

    tell.when("Grace goes through the checklist with her by phone")
    grace = tell.be("Grace Ollerton")
    grace.sees("Due in plan cycles", "Pre-conference discussion")
    grace.opens(cycle)
    grace.clicks("Record the discussion")
    grace.sees("Done.")
    grace.misses_everything("Save the discussion", "Select what came of the discussion")
    grace.types("By phone, with Hannah Quill", into="How, and with whom?")
    grace.chooses("No", to=INTERPRETER)
    grace.chooses("No", to=PREPARED)
    grace.types(AGREED, into="What was agreed, and who does it before the conference?")
    grace.chooses("Ready with actions", to=OUTCOME)
    grace.clicks("Save the discussion")

    tell.then("with the conference stands how ready it is, what is missing and who does it")
    grace.sees("Ready with actions.", "By phone, with Hannah Quill", INTERPRETER, PREPARED, AGREED)
    hannah.opens(cycle)
    hannah.sees("Ready with actions.", AGREED)

    tell.when("the next day nothing is done, and Grace says that there is a concern")
    grace.clicks("Record the discussion before it", about="Initial conference")
    grace.types("By phone, with Priya Nairn", into="How, and with whom?")
    grace.chooses("No", to=PREPARED)
    grace.chooses("There is a concern to raise", to=OUTCOME)
    grace.clicks("Save the discussion")
    grace.sees("The discussion before the conference found a concern. The policy offers Informal resolution.")

    tell.then("it may be raised, with what was answered with no ready to tick")
    grace.clicks("Raise a concern", about="found a concern")
    grace.chooses("Informal", to="Informal or formal?")
    grace.clicks("Continue")
    grace.finds_ticked("Nia", "Isaac", to="Which children?")
    grace.finds_ticked("Family not prepared")

    tell.then("or the conference is cancelled, with why, and the policy offers what follows")
    grace.opens(cycle)
    grace.clicks("Move, postpone or cancel it", about="Initial conference")
    grace.misses_everything("Save", "Select what has changed", "Enter why")
    grace.chooses("It is cancelled", to="What has changed?")
    grace.types("The family has moved to their grandmother.", into="Why?")
    grace.clicks("Save")
    grace.sees("A conference was cancelled. The policy offers Stage 2.", "The family has moved to their grandmother.")
