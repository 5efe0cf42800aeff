"""Each day that an act tells of lies within what it can be about. What lies ahead or follows another is no such day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.engine.test_any_date import FIELDS, Field
from undrift.engine.dates.horizons import ENQUIRY, EXPECTED, of_the_child, of_the_plan
from undrift.engine.ladder.days_told import days_told, too_early

DAY = date(2025, 7, 1)
TOLD = {
    "Raise.spoke.on", "Raise.rang.on", "Raise.risk.on", "Raise.happened", "Speak.conversation.on", "MoveOn.spoke.on",
    "MoveOn.risk.on", "RecordUrgentAction.on", "TakeRoute.on", "TakeRoute.of",
}  # fmt: skip
AHEAD = {
    "Raise.actions.by", "Raise.date", "Raise.asked_by", "Raise.completion", "Respond.actions.by", "AskAgain.until",
    "MoveOn.date", "MoveOn.asked_by", "MoveOn.completion", "GiveMoreTime.until", "AgreeAction.action.by",
    "ChangeActionDate.by", "AskForActionDate.by", "HandOver.until",
}  # fmt: skip
FOLLOWS = {
    "FinishAction.on": "not before the record began",
    "RingBack.on": "not before the urgent action",
    "RecordPlanEnd.on": "from the child's own plan",
    "RecordPlanEnd.began": "from the child's own plan",
}


def test_each_date_of_each_act_is_told_lies_ahead_or_follows() -> None:
    assert {field.name for field in FIELDS} == TOLD | AHEAD | FOLLOWS.keys()


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_a_day_that_is_told_is_refused_before_the_earliest_at_its_field(field: Field) -> None:
    act = field.made(DAY)
    assert (DAY in {told.day for told in days_told(act)}) == (field.name in TOLD)
    begins = DAY + ENQUIRY
    assert too_early(act, of_the_plan(begins)) is None
    refusal = too_early(act, of_the_plan(begins + timedelta(days=1)))
    assert (refusal is not None) == (field.name in TOLD)
    assert refusal is None or refusal.about == field.about


def test_the_sentence_says_the_first_day_and_what_it_comes_from() -> None:
    assert of_the_plan(date(2025, 12, 4)).sentence == (
        "The date must be 3 September 2025 or later. The plan began on 4 December 2025"
    )
    unborn = of_the_child(date(2026, 8, 1))
    assert unborn.day == date(2026, 8, 1) - EXPECTED
    assert unborn.sentence == "The date must be 25 October 2025 or later. Before that, no child was expected"
