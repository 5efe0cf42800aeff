"""An informal resolution for three siblings, in two minutes."""

from __future__ import annotations

import pytest

from tests.journeys.telling import Telling, brief, on

pytestmark = [pytest.mark.browser]

IMPACTS = {
    "Maya": "She was asked about things she had not heard before and went quiet.",
    "Jude": "He did not know why people came.",
    "Noor": "We cannot show that she is seen in her cot room.",
}


def test_grace_records_what_was_agreed_for_three_siblings(tell: Telling) -> None:
    first, second = tell.due_in(3), tell.due_in(60)

    tell.given("the Alders' review was held this morning, and nothing is raised about them")
    grace = tell.be("Grace Ollerton")
    grace.sees("Grace", "Waiting for you")
    grace.clicks("See your children")
    grace.clicks("Alder", about="of Maya")
    grace.sees("Alder", "Maya", "Jude", "Noor", "No resolution that you may see is open")

    tell.when("she raises a concern for these children, informally")
    grace.clicks("Raise a concern for these children")
    grace.sees("Informal or formal?", "Most concerns are settled informally")
    grace.misses_everything("Continue", "Select how you want to raise it")
    grace.chooses("Informal", to="Informal or formal?")
    grace.clicks("Continue")
    grace.misses_everything(
        "Save record",
        "Select at least one child",
        "Select when this came up",
        "Select a reason or enter what the concern is",
        "Select whether any child is at immediate risk now",
        "Select how you spoke",
        "Enter what will be done",
        "Enter a date by which this will be done",
    )

    tell.when("she ticks all three, says what the concern is, and what it means for each of them")
    grace.clicks("Select all 3 children on a plan")
    grace.finds_ticked("Maya", "Jude", "Noor", to="Which children?")
    grace.chooses("Immediately after the conference", to="When did this come up?")
    grace.ticks("Report not shared in time", "Visits not consistently recorded")
    grace.types(
        "The report reached Mum on the morning. Two of four visits are not on the file.", into="What is the concern?"
    )
    for name, impact in IMPACTS.items():
        grace.types(impact, into=f"How does this affect {name}?")
    grace.chooses("No", to="Is any child at immediate risk now?")

    tell.when("she says who she spoke to and what they agreed")
    grace.finds("Priya Nairn", into="Who did you speak to?")
    grace.chooses("In person", to="How did you speak?")
    grace.types("Write up the two visits", into="What will be done?", within="Action 1")
    grace.types("Hannah Quill", into="Who will do it?", within="Action 1")
    grace.types_day(first, into="By when?", within="Action 1")
    grace.clicks("Add another action")
    grace.finds("Write up the two visits", into="What will be done?", within="Action 1")
    grace.types("Share next report 3 days before", into="What will be done?", within="Action 2")
    grace.types("Priya Nairn", into="Who will do it?", within="Action 2")
    grace.types_day(second, into="By when?", within="Action 2")
    grace.types_day(second, into="Check again on")
    grace.clicks("Save record")

    tell.then("it is on record, and she is told when she will be asked")
    grace.sees(f"Recorded. We will ask you on {brief(second)} if this is done.", "Informal resolution", on(second))
    grace.sees(*IMPACTS.values(), "Write up the two visits", "Share next report 3 days before")
    record = grace.where()

    tell.when("she copies Maya's text for the case system and says that it is filed")
    grace.clicks("Copy text for Maya")
    grace.sees(IMPACTS["Maya"])
    grace.does_not_see(IMPACTS["Jude"], IMPACTS["Noor"], "Jude", "Noor")
    grace.clicks("Mark as filed")
    grace.sees("Marked as filed on the case system")

    tell.then("each child's page shows it, and each copy has that child's own text and nobody else's")
    for name, impact in IMPACTS.items():
        others = [other for other in IMPACTS if other != name]
        grace.opens(f"/children/{tell.demo.homes['Alder'].child[name].public_id}")
        grace.sees(f"How things are for {name}", record.rpartition("/")[2], "Write up the two visits")
        grace.opens(record)
        grace.clicks(f"Copy text for {name}")
        grace.sees(impact)
        grace.does_not_see(*others, *(IMPACTS[other] for other in others))

    tell.then("Priya Nairn finds it, and what is hers to do")
    priya = tell.be("Priya Nairn")
    priya.opens(record)
    priya.sees(IMPACTS["Noor"], "Share next report 3 days before")
