"""After a conference: what was decided, the sheet with its outline plan, a key action with feedback, a core group."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.journeys.telling import Telling, on, short
from undrift import library

pytestmark = [pytest.mark.browser]

WORDING = "CAMHS to offer Aisha a first appointment"
PLAN = "Aisha is safe at home, and knows whom to ring in the evening."
DISSENT = "There is no safety plan for the evenings."
STANDS = "No appointment yet: the letter went to an old address."


def test_rosalind_and_nell_after_the_review_of_aisha(tell: Telling) -> None:
    aisha = tell.demo.homes["Plover"].child["Aisha"]
    cycle, held = f"/children/{aisha.public_id}/cycle", tell.demo.days.day(-1)
    review, by = held + timedelta(days=150), tell.due_in(10)

    tell.given("Aisha's first review was held yesterday, earlier than it was planned")
    rosalind = tell.be("Rosalind Amery")
    rosalind.opens(cycle)
    rosalind.sees("Planned in the case system, and not fixed here yet", "Known from", "A file")

    tell.when("Rosalind records what it decided")
    rosalind.clicks("Record a conference that was held")
    rosalind.sees("A conference recommends. It cannot order an agency")
    rosalind.misses_everything(
        "Save what was decided",
        "Select which conference it was",
        "Enter the day on which it was held",
        "Select whether it was quorate",
    )
    rosalind.chooses("Review conference", to="Which conference was it?")
    rosalind.types_day(held, into="On which day was it held?")
    rosalind.types("14:30", into="When did it end?")
    rosalind.types("Lena Plover\nNell Harcastle", into="Who came?")
    rosalind.chooses("Yes", to="Was it quorate?")
    rosalind.chooses("A child protection plan", to="What was decided for Aisha?")
    rosalind.types_day(review, into="When is the next review?")
    rosalind.types("Police", "Who does not agree?", "Dissent 1")
    rosalind.types(DISSENT, "Why?", "Dissent 1")
    rosalind.clicks("Save what was decided")
    rosalind.sees("What was decided is on the record.", "Conference Decision Sheet and outline plan")

    tell.when("she writes the outline plan, part by part, and sends the sheet")
    rosalind.clicks("Write the outline")
    rosalind.misses_everything("Save the outline plan", "Enter part 1 of the outline plan")
    (sheet,) = library.load("pan-lancashire").met_by("sheet sent")
    for part in sheet.contains:
        rosalind.types(PLAN, into=f"{part[:1].upper()}{part[1:]}")
    rosalind.clicks("Save the outline plan")
    rosalind.sees("Decision sheet", "The outline plan for Aisha", PLAN, "Police does not agree", DISSENT, on(review))
    rosalind.clicks("Say that the decision sheet was sent")
    rosalind.finds("Lena Plover\nNell Harcastle", into="To whom?")
    rosalind.clicks("Save")
    rosalind.sees("It is on the record that it was sent.", f"{on(tell.today)}, to Lena Plover, Nell Harcastle")

    tell.when("she asks Nell to tell her how a key action stands")
    rosalind.clicks("Ask to hear about a key action")
    rosalind.misses_everything(
        "Ask to hear about it",
        "Enter the action as the conference worded it",
        "Enter by when the chair wants to hear",
    )
    rosalind.types(WORDING, into="What is to be done, as the conference worded it?")
    rosalind.types("Nell Harcastle", into="Who tells the chair how it stands?")
    rosalind.types_day(by, into="By when?")
    rosalind.clicks("Ask to hear about it")
    rosalind.sees("It is on the record, and whoever was chosen is told.", WORDING)

    tell.then("Nell finds it on her home, says that it is not done, and records the core group")
    nell = tell.be("Nell Harcastle")
    assert short(by) in nell.row("Feedback to the chair on a key action")
    nell.opens(cycle)
    nell.clicks("Tell the chair")
    nell.misses_everything("Tell the chair", "Select whether it is done", "Enter how it stands")
    nell.chooses("No", to="Is it done?")
    nell.types(STANDS, into="How does it stand, and what is different for the child?")
    nell.clicks("Tell the chair")
    nell.sees("The chair is told.", f"Not done. {STANDS}")
    nell.clicks("Record the core group")
    nell.misses_everything("Save the core group", "Select whether it was held")
    nell.chooses("It was held", to="Was it held?")
    nell.types("Lena Plover\nElias Thornby", into="Who came?")
    nell.chooses("Yes", to="Was the plan developed or updated?")
    nell.clicks("Save the core group")
    nell.sees("The core group is on the record.", "and the plan was updated")

    tell.then("Rosalind decides what follows, and what is not raised stands with why")
    rosalind.opens(cycle)
    rosalind.sees("A key action is not done. The policy offers")
    rosalind.clicks("Raise nothing, and say why", about="A key action is not done")
    rosalind.types("The letter went out again today, to the right address.", into="Why?")
    rosalind.clicks("Save")
    rosalind.sees("No concern is raised of it. The letter went out again today, to the right address.")
