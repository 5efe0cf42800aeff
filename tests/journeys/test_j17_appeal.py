"""An appeal against a conference's decision: taken, decided by somebody else, and the conference held again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.journeys.telling import Telling, on, short
from undrift.engine.plan_cycle import acts
from undrift.plan_cycle.actions import perform
from undrift.record.who_plays import context_for

pytestmark = [pytest.mark.browser]

SAYS = "The conference did not hear from the school, and decided without it."
UPHELD = "The school had not been asked."


def test_lena_plover_appeals_and_is_heard(tell: Telling) -> None:
    aisha, rosalind = tell.demo.homes["Plover"].child["Aisha"], tell.demo.people["Rosalind Amery"]
    cycle, now, again = f"/children/{aisha.public_id}/cycle", timezone.now(), tell.due_in(8)

    tell.given("yesterday's review decided that Aisha's plan goes on")
    decided = {str(aisha.pk): acts.Decision(True, "EMO", father=True)}
    held = acts.HoldConference("", tell.demo.days.day(-1), decided, kind="review")
    perform(held, by=rosalind, at=now - timedelta(minutes=5), context=context_for([aisha], now))
    chair = tell.be("Rosalind Amery")
    chair.opens(cycle)

    tell.when("Rosalind records that Lena Plover appeals")
    chair.clicks("Record an appeal, a complaint, dissent or a referral")
    chair.sees("Appeal against a conference decision, after the conference of", "until")
    chair.misses_everything("Put it on the record", "Select which it is", "Select who takes it", "Enter who takes it")
    chair.chooses("Appeal against a conference decision", to="Which is it?")
    chair.chooses("A parent", to="Who takes it?")
    chair.types("Lena Plover", into="What is their name?")
    chair.types(SAYS, into="What does it say?")
    chair.clicks("Put it on the record")
    chair.sees("It is on the record.", f"A parent, Lena Plover, {on(tell.today)}. Not decided yet.")

    tell.then("Ines Calderbank decides on it, and not the chair whose conference it was")
    ines = tell.be("Ines Calderbank")
    ines.sees("Due in plan cycles", "Decide on an appeal or a complaint")
    ines.opens(cycle)
    ines.clicks("Decide")
    ines.sees("Appeal against a conference decision: Lena Plover", SAYS)
    ines.misses_everything("Save the decision", "Select whether it is upheld", "Enter why")
    ines.chooses("Yes", to="Is it upheld?")
    ines.types(UPHELD, into="Why?")
    ines.clicks("Save the decision")
    ines.sees("The decision is on the record.", f"Upheld. {UPHELD}")

    tell.then("the conference is held again, and Rosalind fixes the day")
    chair.goes_home()
    chair.sees("Reconvene the conference")
    chair.opens(cycle)
    chair.clicks("Fix the day for it")
    chair.chooses("Reconvened conference", to="Which conference is it?")
    chair.misses_everything("Fix the conference", "Select which conference is held again")
    chair.chooses(f"Review conference, {short(tell.demo.days.day(-1))}", to="Which one is held again?")
    chair.types_day(again, into="On which day?")
    chair.clicks("Fix the conference")
    chair.sees("The conference is fixed.", "Reconvened conference")
    chair.goes_home()
    chair.does_not_see("Reconvene the conference")
