"""A manager responds with actions, the approver sends it back once, and approves."""

from __future__ import annotations

import pytest

from tests.journeys.telling import Telling, on
from undrift.people.models import Cover

pytestmark = [pytest.mark.browser]

ANSWER = "Core groups moved to fixed Thursdays. I will chair the next one."
COMMENT = "Give a date for the missed core group"


def test_priya_responds_and_denise_approves_at_the_second_reading(tell: Telling) -> None:
    due, first, second = tell.demo.days.day(1), tell.due_in(4), tell.due_in(9)
    reference = tell.reference("Wren-Ash")

    tell.given("a stage 1 resolution about Lily is due tomorrow, and an email leads Priya Nairn to it")
    priya = tell.be_signed_out("Priya Nairn")
    priya.opens(f"/resolutions/{reference}")
    priya.misses_everything("Sign in", "Enter your email address", "Enter your password")
    priya.signs_in()
    priya.sees(f"Stage 1. Waiting for you to respond by {on(due)} ({tell.label(due).lower()})")

    tell.when("she reads the concern and responds with two actions")
    priya.clicks("Respond")
    priya.sees("The concern", "seven weeks apart")
    priya.misses_everything(
        "Send to Denise Harkaway for approval",
        "Select whether you agree there is a concern",
        "Enter what you will do and why",
    )
    priya.chooses("Agree", to="Do you agree there is a concern?")
    priya.types(ANSWER, into="What will you do, and why?")
    priya.types("Core group every fourth Thursday", into="What will be done?", within="Action 1")
    priya.types("Hannah Quill", into="Who will do it?", within="Action 1")
    priya.types_day(first, into="By when?", within="Action 1")
    priya.clicks("Add another action")
    priya.finds(ANSWER, into="What will you do, and why?")
    priya.types("Tell Lily when people will come", into="What will be done?", within="Action 2")
    priya.types("Hannah Quill", into="Who will do it?", within="Action 2")
    priya.types_day(second, into="By when?", within="Action 2")
    priya.ticks("A worker is absent", to="Is anything stopping this?")
    priya.clicks("Send to Denise Harkaway for approval")
    priya.sees(
        "Sent to Denise Harkaway for approval.", "Waiting for approval", "Denise Harkaway to approve the response"
    )

    tell.then("the chair does not read it yet")
    grace = tell.be("Grace Ollerton")
    grace.opens(f"/resolutions/{reference}")
    grace.does_not_see(ANSWER)

    tell.when("Denise Harkaway reads it on one screen, and sends it back with a comment")
    denise = tell.be("Denise Harkaway")
    denise.clicks("Read and approve", about="Lily Wren-Ash")
    denise.sees("The concern", "seven weeks apart", ANSWER, "Core group every fourth Thursday")
    denise.misses_everything("Save decision", "Select approve or send back")
    denise.chooses("Send back", to="Do you approve this response?")
    denise.types(COMMENT, into="What needs to change?")
    denise.clicks("Save decision")
    denise.sees("Sent back to Priya Nairn.")

    tell.when("Priya finds what she wrote with the comment, changes it and sends it again")
    priya.goes_home()
    priya.sees("Draft sent back by Denise Harkaway")
    priya.clicks("Respond", about="Lily Wren-Ash")
    priya.sees(COMMENT)
    priya.finds(ANSWER, into="What will you do, and why?")
    priya.finds("Tell Lily when people will come", into="What will be done?", within="Action 2")
    priya.finds_day(second, into="By when?", within="Action 2")
    priya.finds_chosen("Agree", to="Do you agree there is a concern?")
    priya.types(f"{ANSWER} The missed one is held on {on(first)}.", into="What will you do, and why?")
    priya.clicks("Send to Denise Harkaway for approval")

    tell.when("Denise approves it")
    denise.goes_home()
    denise.clicks("Read and approve", about="Lily Wren-Ash")
    denise.sees(f"The missed one is held on {on(first)}")
    denise.chooses("Approve", to="Do you approve this response?")
    denise.clicks("Save decision")
    denise.sees("Approved and sent to Grace Ollerton.")

    tell.then("it waits for Grace, and the record shows both readings")
    grace.goes_home()
    assert "Response received" in grace.row("Lily Wren-Ash")
    grace.clicks("Lily Wren-Ash")
    grace.sees("Waiting for chair", f"The missed one is held on {on(first)}", COMMENT, "Approved by Denise Harkaway")
    grace.sees("Core group every fourth Thursday", f"(Hannah Quill, by {on(first)})", "Tell Lily when people will come")


def test_owen_sees_what_waits_for_denise_while_she_is_away(tell: Telling) -> None:
    reference = tell.reference("Wren-Ash")

    tell.given("Denise Harkaway is away today, Owen Tarrant covers, and Priya Nairn has responded")
    denise, owen = tell.demo.people["Denise Harkaway"], tell.demo.people["Owen Tarrant"]
    Cover.objects.create(
        authority=tell.demo.west.authority, away=denise, covering=owen, starts=tell.today, ends=tell.today
    )
    priya = tell.be("Priya Nairn")
    priya.opens(f"/resolutions/{reference}/respond")
    priya.chooses("Agree", to="Do you agree there is a concern?")
    priya.types(ANSWER, into="What will you do, and why?")
    priya.clicks("Send to Owen Tarrant for approval")

    tell.then("it is on Owen's Home, with the person he covers for")
    owen_at_work = tell.be("Owen Tarrant")
    owen_at_work.sees("You are covering for Denise Harkaway", "Covering for Denise Harkaway")
    owen_at_work.clicks("Read and approve", about="Lily Wren-Ash")
    owen_at_work.sees(ANSWER)
    owen_at_work.chooses("Approve", to="Do you approve this response?")
    owen_at_work.clicks("Save decision")
    owen_at_work.sees("Approved and sent to Grace Ollerton.", "Owen Tarrant, on behalf of Denise Harkaway")
