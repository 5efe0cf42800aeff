"""Good work is told to the child, in a letter that can be read and printed."""

from __future__ import annotations

import pytest

from tests.journeys.telling import Telling, on

pytestmark = [pytest.mark.browser]

TOLD = "When you were ten, Ruth came every week and listened. You told the meeting yourself what you wanted."
GUIDANCE = "Write to the child, who may read this years from now"


def test_grace_writes_to_ruby(tell: Telling) -> None:
    ruby = tell.demo.homes["Hazel"].child["Ruby"]

    tell.given("Ruby's plan is going well, and Ruth Pemberly works with her")
    grace = tell.be("Grace Ollerton")
    grace.opens(f"/children/{ruby.public_id}")
    grace.clicks("Plan cycle")
    grace.sees("On a plan", "A child protection plan, neglect")

    tell.when("Grace writes a letter of good practice")
    grace.clicks("Write a good practice letter")
    grace.sees(GUIDANCE, "Leave out brothers and sisters", "It begins with “Dear Ruby,”")
    grace.misses_everything(
        "Save the letter",
        "Write the note to the child",
        "Select how good the work was",
        "Select whether a sentence of it may be quoted",
    )
    grace.types(TOLD, into="What do you want to tell Ruby?")
    grace.sees("Shared with: Team Manager, Group Manager for Safeguarding and Review, Principal IRO")
    grace.chooses("Exemplary work", to="How good was it?")
    grace.finds("Ruth Pemberly", into="Whose work is it about?")
    grace.chooses("Yes", to="May a sentence of it stand in the report of good practice?")
    grace.clicks("Save the letter")

    tell.then("it stands on Ruby's page as a letter, and those who may see Ruby read it")
    grace.sees("The letter is on the record.", "Good practice letter")
    grace.clicks("Read", about="the letter of")
    letter = grace.where()
    for name in ("Grace Ollerton", "Ruth Pemberly", "Yasmin Okell"):
        somebody = tell.be(name)
        somebody.opens(letter)
        somebody.sees(on(tell.today), "Dear Ruby,", TOLD, "Grace Ollerton")
    grace.opens(letter)
    grace.clicks("The plan cycle")
    grace.sees("A good practice note was written for Ruby, about the work of Ruth Pemberly.")

    tell.then("a chair next door reads nothing of it")
    imran = tell.be("Imran Dastgir")
    imran.opens(letter)
    imran.does_not_see("Dear Ruby,")
