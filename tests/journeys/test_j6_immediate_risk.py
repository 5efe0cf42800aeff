"""A child is at immediate risk: help first, then the record, at a stage that fits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.journeys.telling import Telling, on, short

pytestmark = [pytest.mark.browser]

ACTED = "Strategy discussion held at 2pm; Kai is at his grandmother's tonight."


def test_grace_acts_first_and_then_starts_at_stage_2(tell: Telling) -> None:
    due, tomorrow = tell.due_in(4), tell.today + timedelta(days=1)
    kai = tell.demo.homes["Sorrel"].child["Kai"]

    tell.given("there is a new adult in Kai's home, and nothing is raised yet")
    grace = tell.be("Grace Ollerton")
    for address in ("/", f"/children/{kai.public_id}"):
        grace.opens(address)
        grace.asks_for_urgent_help()
        grace.sees("If a child is in danger now, ring 999.", "01632 960", "Then tell the service afterwards")

    tell.when("she has rung, and raises a formal concern about Kai")
    grace.opens(f"/children/{kai.public_id}")
    grace.clicks("Raise a concern")
    grace.chooses("Formal", to="Informal or formal?")
    grace.clicks("Continue")
    grace.misses_everything("Continue", "Select at least one child")
    grace.ticks("Kai")
    grace.clicks("Continue")
    grace.misses_everything("Continue", "Select when this came up")
    grace.chooses("At another time", to="When did this come up?")
    grace.clicks("Continue")
    grace.misses_everything("Continue", "Select a reason or enter what the concern is")
    grace.ticks("Immediate safeguarding risk", "No safety plan when one is needed")
    grace.types("A new adult lives in the home, and the plan does not know of him.", into="In your own words")
    grace.clicks("Continue")
    grace.misses_everything("Continue", "Enter how this affects Kai")
    grace.types("He cannot keep himself safe at home tonight.", into="How does this affect Kai?")
    grace.clicks("Continue")
    grace.misses_everything("Continue", "Select whether any child is at immediate risk now")
    grace.chooses("Yes", to="Is any child at immediate risk now?")
    grace.clicks("Continue")

    tell.when("the service asks whether somebody has acted, and is never in the way")
    grace.sees("Act first. Has someone acted to make every child safe?", "This is about Kai.", "999")
    grace.clicks("No, not yet")
    grace.sees("Ring now. Your draft is saved", "999", "Continue anyway")
    grace.clicks("Someone has acted now")
    grace.misses_everything("Continue", "Enter what was done to keep the child safe", "Enter who did it")
    grace.types(ACTED, into="What was done?")
    grace.types("Priya Nairn", into="Who did it?")
    grace.clicks("Continue")
    grace.sees("What has already been tried?")
    grace.clicks("Continue")

    tell.then("stage 2 is suggested, with the reason")
    grace.sees("Stage 2 is suggested: there is an immediate risk")
    grace.finds_chosen("Stage 2", to="Which stage should it start at?")
    grace.finds("Immediate risk", into="Why not an earlier stage?")
    grace.clicks("Continue")
    grace.types("A safety plan today, and a visit tomorrow.", into="What do you want to happen?")
    grace.clicks("Continue")

    tell.when("she adds a name and asks for a response by tomorrow")
    grace.sees("Who will this go to?", "Responds Denise Harkaway", "Approves the response Farah Lindley")
    grace.sees(f"Due {on(due)}. 4 working days from today")
    grace.ticks("Nadia Brookfield", to="Copy in anybody else?")
    grace.types_day(tomorrow, into="Ask for a response by (optional)")
    grace.clicks("Continue")
    grace.sees("Check your answers", "Immediate risk", ACTED, "Nadia Brookfield", short(tomorrow))
    grace.misses_everything("Send to Denise Harkaway", "Select whether you have rung Denise Harkaway")
    grace.chooses("Yes", to="Have you rung Denise Harkaway?")
    grace.misses_everything("Send to Denise Harkaway", "Select whether Kai is safe now")
    grace.chooses("Not yet, or not known", to="Is Kai safe now?")
    grace.clicks("Send to Denise Harkaway")

    tell.then("it is sent, marked, and comes first for those who have a part in it")
    grace.sees("Sent to Denise Harkaway", f"Denise Harkaway responds by {on(due)}")
    grace.clicks("Open", about="R-")
    grace.sees("Immediate risk", "What has been done to keep the child safe", ACTED, "Nadia Brookfield")
    denise = tell.be("Denise Harkaway")
    assert "Kai Sorrel" in denise.first_thing()
    assert "Immediate risk" in denise.first_thing()
    denise.clicks("Respond", about="Kai Sorrel")
    denise.sees("Immediate risk", f"Grace Ollerton asks for the response by {on(tomorrow)}")
    for name in ("Farah Lindley", "Judith Calloway"):
        tell.be(name).sees("Kai Sorrel", "Immediate risk")
