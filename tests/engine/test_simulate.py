"""A whole ladder on the calendar of England and Wales."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.protocol.written import changed
from undrift.engine.dates.due import OutsideCalendar, UnstatedDays, working_days_between
from undrift.engine.dates.moments import london_date
from undrift.engine.rules import Rules
from undrift.engine.trying.simulate import CannotSimulate, Rung, simulate
from undrift.library.calendars import load as calendar
from undrift.library.protocols import load
from undrift.protocol.clocks import parse
from undrift.protocol.reader import read

ENGLAND = calendar("england-and-wales")
FIFTH = date(2026, 1, 5)
WALSALL = Rules(load("walsall"), ENGLAND, bare_days="working")
LANCASHIRE = Rules(load("pan-lancashire"), ENGLAND)


def ladder(text: str) -> Rules:
    return Rules(read(text, "heathmoor.toml"), ENGLAND)


def dates(rungs: tuple[Rung, ...]) -> list[date | None]:
    return [rung.due.date if rung.due else None for rung in rungs]


def test_walsalls_formal_ladder_from_the_fifth_of_january() -> None:
    rungs = simulate(WALSALL, "stage-1", FIFTH)
    assert dates(rungs) == [date(2026, 1, day) for day in (14, 20, 23, 28)] + [date(2026, 2, 2)]
    assert rungs[0].who == "Team Manager"
    assert rungs[-1].note == "It ends here: disagreement recorded."


def test_pan_lancashires_whole_ladder_from_the_fifth_of_january() -> None:
    rungs = simulate(LANCASHIRE, "conference", FIFTH)
    assert dates(rungs) == [
        date(2026, 1, 6), date(2026, 1, 20), date(2026, 2, 10), date(2026, 2, 17), date(2026, 2, 24), date(2026, 3, 3)
    ]  # fmt: skip


@pytest.mark.parametrize(("rules", "stage"), [(WALSALL, "stage-1"), (LANCASHIRE, "conference")])
def test_an_answer_on_the_last_day_that_is_not_accepted_takes_as_long(rules: Rules, stage: str) -> None:
    assert dates(simulate(rules, stage, FIFTH, never_answered=False)) == dates(simulate(rules, stage, FIFTH))


def test_each_stage_begins_on_the_due_date_of_the_one_before() -> None:
    rungs = simulate(LANCASHIRE, "conference", FIFTH)
    assert [london_date(rung.entered) for rung in rungs[1:]] == dates(rungs)[:-1]


def test_a_date_left_to_people_ends_the_walk_with_a_stated_none() -> None:
    [rung] = simulate(WALSALL, "informal", FIFTH)
    assert rung.due is not None
    assert rung.due.date is None
    assert rung.due.none_because == "The date is to be agreed, and none has been agreed yet."


def test_with_the_time_that_people_agree_the_walk_goes_on() -> None:
    rungs = simulate(WALSALL, "informal", FIFTH, agreed_in=parse("5 working days"))
    assert (len(rungs), dates(rungs)[0], dates(rungs)[-1]) == (6, date(2026, 1, 12), date(2026, 2, 9))


def test_hours_run_from_the_moment() -> None:
    rules = ladder(changed(("5 working days", "48 hours")))
    first, *_ = simulate(rules, "talk", datetime(2026, 3, 27, 15, 0, tzinfo=UTC))
    assert first.due is not None
    assert first.due.at == datetime(2026, 3, 29, 15, 0, tzinfo=UTC)


def test_days_that_nobody_chose_are_refused_in_a_sentence() -> None:
    with pytest.raises(UnstatedDays, match='The policy says "7 days" and does not say which days'):
        simulate(Rules(load("walsall"), ENGLAND), "stage-1", FIFTH)


def test_a_stage_where_a_concern_cannot_start_is_refused() -> None:
    with pytest.raises(CannotSimulate, match="A concern cannot start at Formal escalation"):
        simulate(LANCASHIRE, "formal-escalation", FIFTH)


def test_a_stage_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(CannotSimulate, match="The stages are talk, formal, top"):
        simulate(ladder(changed()), "summit", FIFTH)


def test_a_ladder_that_runs_past_the_known_holidays_is_refused() -> None:
    with pytest.raises(OutsideCalendar):
        simulate(LANCASHIRE, "conference", date(ENGLAND.last.year, 12, 20))


def test_silence_that_leads_nowhere_is_said() -> None:
    rules = ladder(
        changed(
            (
                '{ to = "top", when = ["not answered", "not accepted", "not done"] }',
                '{ to = "top", when = ["not accepted"] }',
            )
        )
    )
    assert simulate(rules, "talk", FIFTH)[-1].note == "The policy does not say what follows."


def test_a_stage_that_asks_nobody_for_anything_ends_the_walk() -> None:
    answer = 'duty = [{ who = "director", must = "respond", within = "6 working days" }]\n'
    last = simulate(ladder(changed((answer, ""))), "talk", FIFTH)[-1]
    assert (last.stage, last.due, last.who, last.note) == ("top", None, "", "Nobody has to do anything here.")


def test_a_time_to_suit_the_child_ends_the_walk_and_says_so() -> None:
    suited = ladder(
        changed(
            ("6 working days", "to suit the child"),
            ('over = ["formal", "top"]', 'over = ["formal"]'),
            ('"ended", when = ["not answered", "not accepted"]', '"ended", when = ["not accepted"]'),
        )
    )
    last = simulate(suited, "talk", FIFTH)[-1]
    assert last.stage == "top"
    assert last.note.startswith("The time is to suit the child, and no date has been set")


def test_a_time_that_people_may_not_agree_is_refused() -> None:
    rules = ladder(changed(("5 working days", "agreed, at most 5 working days")))
    with pytest.raises(CannotSimulate, match="Talk: The policy allows at most 5 working days"):
        simulate(rules, "talk", FIFTH, agreed_in=parse("9 working days"))


UNANSWERED = (
    '  { to = "resolved", when = ["accepted"] },\n'
    '  { to = "formal", when = ["not answered", "not accepted", "not done"] }'
)


def in_the_plan_cycle(duty: str) -> str:
    """The first stage waits for a step of the plan cycle, and leads on when it is done."""
    return changed(
        ('formality = "informal"', 'formality = "informal"\nkind = "milestone"'),
        ("may_start_here = false\n", ""),
        ('speak_first = { to = "manager" }\n', ""),
        ('must = "settle", within = "5 working days", of = "entered" }', duty),
        (UNANSWERED, '  { to = "formal", when = ["done"] }'),
    )


SHEET = 'must = "sheet", within = "5 working days" }'


def test_a_step_of_the_plan_cycle_is_done_on_its_last_day() -> None:
    rungs = simulate(ladder(in_the_plan_cycle(SHEET)), "talk", FIFTH)
    assert [rung.stage for rung in rungs] == ["talk", "formal", "top"]
    assert dates(rungs)[0] == date(2026, 1, 12)
    assert london_date(rungs[1].entered) == date(2026, 1, 12)


def test_of_two_steps_the_later_one_counts() -> None:
    two = f'must = "speak", to = "head", within = "3 working days" }}, {{ who = "chair", {SHEET}'
    step, *_ = simulate(ladder(in_the_plan_cycle(two)), "talk", FIFTH)
    assert (step.who, step.due.date if step.due else None) == ("Conference Chair", date(2026, 1, 12))


def test_a_step_without_a_date_ends_the_walk() -> None:
    [step] = simulate(ladder(in_the_plan_cycle('must = "sheet", within = "none" }')), "talk", FIFTH)
    assert step.due is not None
    assert step.due.none_because == "The policy sets no time here."


def test_a_step_that_nobody_takes_ends_the_walk() -> None:
    idle = in_the_plan_cycle(SHEET).replace(f'duty = [{{ who = "manager", {SHEET}]\n', "")
    [step] = simulate(ladder(idle), "talk", FIFTH)
    assert (step.due, step.who) == (None, "")


def test_a_step_that_leads_nowhere_ends_the_walk() -> None:
    aside = in_the_plan_cycle(SHEET).replace('{ to = "formal", when = ["done"] }', '{ to = "ended", when = ["done"] }')
    [step] = simulate(ladder(aside), "talk", FIFTH)
    assert step.note == "It ends here."


@pytest.mark.drawn
@settings(max_examples=60, deadline=None)
@given(st.dates(date(2015, 6, 1), date(2026, 6, 1)))
def test_from_any_day_each_rung_lasts_the_days_that_the_policy_gives(start: date) -> None:
    rungs = simulate(LANCASHIRE, "conference", start)
    days = [working_days_between(london_date(r.entered), r.due.date, ENGLAND) for r in rungs if r.due and r.due.date]
    assert days == [1, 10, 15, 5, 5, 5]
