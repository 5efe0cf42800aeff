"""From when a clock runs, whose date stands, and how far off it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.engine.test_refused import YES, agreed, answered, begun, done, in_the_plan_cycle, sent, spoken_about
from tests.engine.test_telling import DENISE, GRACE, PRIYA, START, Story
from tests.protocol.written import changed
from undrift.engine.duties import Duty, days_late, days_left
from undrift.engine.events import SYSTEM, By
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import agenda
from undrift.engine.ladder.standing import standing
from undrift.engine.rules import Rules
from undrift.library import calendars
from undrift.protocol.reader import read

ENGLAND = calendars.load("england-and-wales")
CALUM = By("6", "Calum Reid", frozenset({"manager"}))
HEAD = By("7", "Rhian Bell", frozenset({"head"}))
AN_ANSWER = acts.Respond("agree", "It is being written.")
ANSWER = 'duty = [{ who = "manager", must = "respond", within = "8 working days", approved_by = "head" }]'
REFUSED = '{ who = "chair", must = "speak", to = "manager", within = "2 days", of = "not accepted" }'
TALK = '{ who = "manager", must = "settle", within = "5 working days", of = "entered" }'


def owed(story: Story, days: int = 0) -> dict[str, Duty]:
    assert story.state is not None
    return {duty.key: duty for duty in agenda(story.rules, story.state, story.at(days))}


def heathmoor(*changes: tuple[str, str]) -> Rules:
    return Rules(read(changed(*changes), "heathmoor.toml"), ENGLAND, bare_days="working")


def talking(*changes: tuple[str, str], **more: object) -> Story:
    return Story(stage="talk", rules=heathmoor(*changes), spoke=acts.Conversation("phone", to="manager"), **more)


def formal(duty: str) -> Story:
    """At a stage whose chair has a second thing to do."""
    owes = (ANSWER, f"{ANSWER[:-1]}, {duty}]")
    return Story(stage="formal", rules=heathmoor(owes, ("may_start_here = false\n", "")), spoke=None)


def test_how_far_off_a_date_is_in_working_days() -> None:
    story = begun()  # due on Tuesday 12 May
    answer = owed(story)["1:respond:team-manager"]
    for days, left, late in ((0, 7, 0), (12, 0, 0), (13, None, 1), (18, None, 4)):
        now = START + timedelta(days=days)
        assert (days_left(answer, now, story.rules), days_late(answer, now, story.rules)) == (left, late)


def test_what_has_no_date_is_neither_left_nor_late() -> None:
    undated = owed(begun())["1:respond:team-manager"]._replace(due=None)
    now = START + timedelta(days=60)
    assert (days_left(undated, now, begun().rules), days_late(undated, now, begun().rules)) == (None, 0)
    assert not undated.late(now)


def test_a_courtesy_is_never_late() -> None:
    assert not owed(begun(), 60)["1:draft:team-manager"].late(START + timedelta(days=60))


def test_a_guide_is_never_late() -> None:
    about = talking((TALK, TALK.replace("5 working days", "about 5 working days")))
    assert not owed(about, 60)["1:settle:manager"].late(START + timedelta(days=60))


def test_a_clock_counts_from_the_conversation() -> None:
    spoke = talking((TALK, TALK.replace('"entered"', '"spoke"')))
    assert owed(spoke)["1:settle:manager"].day == date(2026, 5, 8)


def test_a_clock_counts_from_the_day_it_was_raised() -> None:
    raised = talking((TALK, TALK.replace('"entered"', '"raised"')))
    assert owed(raised)["1:settle:manager"].day == date(2026, 5, 8)


def test_a_clock_counts_from_the_approval() -> None:
    speak = '{ who = "chair", must = "speak", to = "manager", within = "2 working days", of = "approved" }'
    story = formal(speak)
    assert owed(story)["1:speak:manager"].due is None
    story.says(CALUM, AN_ANSWER, days=1)
    assert owed(story)["1:speak:manager"].due is None
    story.says(HEAD, acts.Approve(), days=5)
    assert owed(story)["1:speak:manager"].day == date(2026, 5, 7)


def test_what_depends_on_a_refusal_is_owed_after_it_alone() -> None:
    speak = REFUSED.replace(" }", ', when = ["not accepted"] }')
    story = formal(speak).says(CALUM, AN_ANSWER, days=1).says(HEAD, acts.Approve(), days=5)
    assert "1:speak:manager" not in owed(story)
    yes = story.says(GRACE, YES, days=5)
    assert "1:speak:manager" not in owed(yes)
    story.says(GRACE, acts.ReopenChild("maya", "She waits."), days=6)
    story.says(GRACE, acts.Judge({"maya": False}, "It is not there."), days=6)
    assert owed(story)["1:speak:manager"].day == date(2026, 5, 8)


def test_a_clock_from_a_refusal_waits_for_it() -> None:
    assert owed(formal(REFUSED))["1:speak:manager"].due is None


def test_a_talk_that_is_held_later_does_not_take_the_date_away() -> None:
    """Nobody could be reached, a date was set, and they spoke after it: it is late, and not without a date."""
    agreed = (TALK, TALK.replace("5 working days", "agreed").replace('"entered"', '"spoke"'))
    early = Story(stage="talk", rules=heathmoor(agreed, ('speak_first = { to = "manager" }\n', "")), spoke=None,
                  date=date(2026, 5, 1))  # fmt: skip
    early.says(GRACE, acts.Speak(acts.Conversation("phone", to="manager")), days=6)
    settle = owed(early)["1:settle:manager"]
    assert settle.day == date(2026, 5, 1)
    assert settle.late(early.at(6))


def test_an_authority_may_leave_its_chairs_without_a_target() -> None:
    story = spoken_about()
    story.rules = replace(story.rules, chair_decides_within=None)
    story.says(GRACE, YES)
    assert "1:decide:chair" not in owed(story)
    assert owed(story)["resolve"].due is None


def test_a_draft_is_asked_for_before_its_answer_and_is_met_by_sending_it() -> None:
    assert owed(begun())["1:draft:team-manager"].owed
    assert not owed(sent())["1:draft:team-manager"].owed
    assert owed(sent().says(DENISE, acts.SendBack("By when?")))["1:draft:team-manager"].owed


@pytest.mark.parametrize(("said", "day"), [("raised", date(2026, 5, 8)), ("entered", date(2026, 5, 8))])
def test_a_cap_over_the_stage_that_ends_earlier_is_the_date(said: str, day: date) -> None:
    cap = ('over = ["formal", "top"]\nwithin = "14 working days"',
           f'over = ["formal", "top"]\nof = "{said}"\nwithin = "5 working days"')  # fmt: skip
    capped = Story(stage="formal", rules=heathmoor(cap, ("may_start_here = false\n", "")), spoke=None)
    assert owed(capped)["1:respond:manager"].day == day


def test_at_a_step_of_the_plan_cycle_it_is_the_chairs_turn() -> None:
    """A record from before may stand there, and nothing is waited for: it is the chair's to take it further."""
    story = in_the_plan_cycle()
    assert owed(story)["1:decide:chair"].day == date(2026, 5, 5)
    assert owed(story)["1:core-group-meeting:core-group"].day == date(2026, 5, 15)
    assert story.state is not None
    assert standing(story.rules, story.state, story.at(0)).who == "chair"


# Asked anew, it is a new duty: the date of the one before may have passed on the record -----------------------------


def keys_of(must: str, story: Story, days: int) -> list[str]:
    return [key for key, duty in owed(story, days).items() if duty.must == must and duty.owed]


def test_each_plan_that_ends_asks_anew_whether_it_goes_on() -> None:
    story = begun().says(SYSTEM, acts.RecordPlanEnd("maya", START.date()))
    assert keys_of("decide whether it goes on", story, 1) == ["decide whether it goes on:maya"]
    story.says(GRACE, acts.CarryOn(("maya",), "It is owed."), days=2)
    story.says(SYSTEM, acts.RecordPlanEnd("maya", date(2026, 5, 20)), days=21)
    assert keys_of("decide whether it goes on", story, 22) == ["decide whether it goes on:maya:2"]


def test_each_new_date_that_is_asked_for_is_decided_anew() -> None:
    """Declined, agreed, asked for twice over and overtaken by being done: no key comes twice."""

    def asks(day: int, days: int) -> str:
        story.says(PRIYA, acts.AskForActionDate("a1", date(2026, 6, day), "Half term."), days=days)
        (key,) = keys_of("agree the new date", story, days)
        return key

    story = agreed()
    keys = [asks(1, 7)]
    assert keys == ["agree the new date:a1:1"]
    story.says(GRACE, acts.DeclineActionDate("a1", "She waits."), days=8)
    keys.append(asks(2, 9))
    story.says(GRACE, acts.ChangeActionDate("a1", date(2026, 6, 2), "It is half term."), days=9)
    keys += [asks(3, 10), asks(4, 11)]
    story.says(PRIYA, acts.FinishAction("a1", date(2026, 5, 11)), days=12)
    story.says(GRACE, acts.ReturnAction("a1", "Nothing is written."), days=12)
    keys.append(asks(5, 13))
    assert len(set(keys)) == len(keys)


def test_what_is_done_anew_is_confirmed_anew() -> None:
    story = done()
    assert keys_of("confirm the action", story, 6) == ["confirm:a1"]
    story.says(GRACE, acts.ReturnAction("a1", "Nothing is written."), days=7)
    story.says(PRIYA, acts.FinishAction("a1", date(2026, 5, 8)), days=8)
    assert keys_of("confirm the action", story, 8) == ["confirm:a1:2"]


def test_the_chair_confirms_in_the_time_since_it_was_said_and_not_since_it_was_done() -> None:
    """Said later than it was done: the chair, who hears of it now, is not late at once."""
    story = agreed().says(PRIYA, acts.FinishAction("a1", date(2026, 5, 11)), days=12)
    duty = owed(story, 12)["confirm:a1"]
    assert duty.began == story.history[-1].at
    assert duty.day is not None
    assert duty.day > story.at(12).date()


def test_a_second_answer_is_decided_on_anew() -> None:
    story = answered()
    assert keys_of("decide", story, 6) == ["1:decide:chair"]
    story.says(GRACE, acts.AskAgain(date(2026, 5, 12), "By when?"), days=6)
    assert keys_of("decide", story, 6) == []
    story.says(PRIYA, AN_ANSWER, days=7).says(DENISE, acts.Approve(), days=7)
    assert keys_of("decide", story, 8) == ["1:decide:chair:2"]


def test_re_opened_it_is_to_be_decided_by_a_day_of_its_own() -> None:
    story = agreed().says(GRACE, acts.ReopenChild("maya", "Nothing is written."), days=20)
    assert keys_of("decide", story, 20) == ["1:decide:chair:2"]
    assert owed(story, 20)["1:decide:chair:2"].day == date(2026, 5, 22)
    assert story.state is not None
    assert standing(story.rules, story.state, story.at(20)).day == date(2026, 5, 22)
    story.says(GRACE, YES, days=21)
    assert keys_of("decide", story, 21) == []
