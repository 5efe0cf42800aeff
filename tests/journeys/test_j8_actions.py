"""Agreed actions are followed until the chair confirms them, and closed with what changed for each child."""

from __future__ import annotations

import pytest

from tests.journeys.telling import Telling, on, short

pytestmark = [pytest.mark.browser]

FOURTH = "Ask school each week how Leo and Ada arrive"
FIFTH = "A visit in the morning, with a written note"
HELPED = "School says both arrive fed every day."


def test_dev_and_grace_follow_the_actions_to_the_end(tell: Telling) -> None:
    days = tell.demo.days
    old, new = days.day(1), tell.due_in(6)
    reference = tell.reference("Bramble")

    tell.given("of five actions for Leo and Ada three are complete, and the fourth is late")
    dev = tell.be("Dev Marchetti")
    assert FOURTH in dev.first_thing()
    assert tell.label(days.day(-2)) in dev.first_thing()

    tell.when("Dev says that the fourth is done, and how he knows that it helped")
    dev.clicks("Update action", about=FOURTH)
    dev.misses_everything("Save", "Select how far it is")
    dev.chooses("Done", to="Is it done?")
    dev.types_day(days.day(-1), into="When was it done?")
    dev.types(HELPED, into="How do you know it has helped?")
    dev.clicks("Save")
    dev.sees("Saved.", "Done, waiting for chair")

    tell.when("he asks for a new date for the fifth")
    dev.clicks("Update", about=FIFTH)
    dev.chooses("Ask for a new date", to="Is it done?")
    dev.misses_everything("Save", "Enter the new date")
    dev.types_day(new, into="New date")
    dev.types("Mum works mornings this week.", into="Why does the date change?")
    dev.clicks("Save")
    dev.sees(f"Asked for: {short(new)}")

    tell.when("Grace agrees the new date: until then the old one counts")
    grace = tell.be("Grace Ollerton")
    grace.opens(f"/resolutions/{reference}")
    grace.clicks("Decide", about=FIFTH)
    grace.sees("Dev Marchetti asks for", "Mum works mornings this week.")
    grace.chooses("Agree it", to="Do you agree the new date?")
    grace.misses_everything("Save", "Enter why")
    grace.types("It is before the core group.", into="Why?")
    grace.clicks("Save")
    grace.sees_struck(short(old))

    tell.when("she sends the fourth back once, and then confirms it")
    grace.opens("/")
    grace.clicks("Confirm action", about="Leo and Ada Bramble")
    grace.sees(FOURTH, HELPED)
    grace.misses_everything("Save", "Select whether it is complete")
    grace.chooses("Not yet", to="Is this complete?")
    grace.misses_everything("Save", "Enter what is still needed")
    grace.types("Ask about Fridays as well.", into="What is still needed?")
    grace.clicks("Save")
    dev.opens(f"/resolutions/{reference}")
    dev.clicks("Update", about=FOURTH)
    dev.sees("Ask about Fridays as well.")
    for action in (FOURTH, FIFTH):
        dev.opens(f"/resolutions/{reference}")
        dev.clicks("Update", about=action)
        dev.chooses("Done", to="Is it done?")
        dev.types(HELPED, into="How do you know it has helped?")
        dev.clicks("Save")
    for action in (FOURTH, FIFTH):
        grace.opens(f"/resolutions/{reference}")
        grace.clicks("Confirm complete", about=action)
        grace.chooses("Confirm complete", to="Is this complete?")
        grace.clicks("Save")

    tell.then("with all of them complete she says what changed for each child, and closes it")
    grace.clicks("Say what changed and close")
    grace.misses_everything("Close resolution", "Enter what changed for Leo", "Enter what changed for Ada")
    grace.types("He has breakfast at school and comes to his first lesson.", into="What changed for Leo?")
    grace.types("She eats her own lunch.", into="What changed for Ada?")
    grace.clicks("Close resolution")
    grace.sees("Resolved", "Thank you", "She eats her own lunch.", f"Resolved on {on(tell.today)} by Grace Ollerton")
    leo = tell.demo.homes["Bramble"].child["Leo"]
    grace.clicks("Copy text for Leo")
    grace.sees("He has breakfast at school")
    grace.does_not_see("She eats her own lunch.")
    grace.opens(f"/children/{leo.public_id}/resolutions")
    grace.sees(reference, "Resolved")
