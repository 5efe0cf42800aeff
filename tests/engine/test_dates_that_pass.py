"""No date passes in silence: each that counts is a duty of its own, and what was owed stays, with when it was met."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.engine.test_refused import YES, agreed, answered, begun, both, date_asked, done, plan_over, spoken_about
from tests.engine.test_telling import DENISE, GRACE, PRIYA, RULES, START, Story, no
from undrift.engine.duties import Duty, days_late
from undrift.engine.events import SYSTEM, By
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import agenda, turns
from undrift.engine.ladder.moves import moves
from undrift.engine.ladder.standing import standing
from undrift.engine.ladder.state import State
from undrift.engine.musts import Must
from undrift.engine.refusal import Refusal

ANSWER = acts.Respond("agree", "On the 20th.")
MORE = acts.GiveMoreTime(date(2026, 5, 20), "The school reopens on the 18th.")
AGAIN = acts.AskAgain(date(2026, 5, 15), "By when?")
REOPEN = acts.ReopenChild("maya", "The visits stopped again.")
NEXT = acts.MoveOn("stage-2", "not accepted", ask="A date for Jude.")
FIRST, SECOND, THIRD = (f"1:respond:team-manager{nth}" for nth in ("", ":2", ":3"))

AGREE, ON_IT, GOES_ON = "agree the new date:a1:1", "decide on the action:a1:1", "decide whether it goes on:maya"


def state(story: Story) -> State:
    assert story.state is not None
    return story.state


def duties(story: Story, days: int) -> dict[str, Duty]:
    return {duty.key: duty for duty in agenda(story.rules, state(story), story.at(days))}


def turn(story: Story, days: int) -> tuple[str, str, date | None]:
    step = standing(story.rules, state(story), story.at(days))
    return step.who or step.name, step.must, step.day


def passes(story: Story, until: int) -> list[tuple[int, str]]:
    """The days, after the start, on which the record says that a date has passed, and which: as a daily sweep does."""
    found: list[tuple[int, str]] = []
    for day in range((story.history[-1].at - START).days, until + 1):
        for key in [d.key for d in agenda(story.rules, state(story), story.at(day)) if d.passes(story.at(day))]:
            act = acts.RecordLapse(key)
            if not isinstance(story.decided(SYSTEM, act, day), Refusal):
                story.says(SYSTEM, act, days=day)
                found.append((day, key))
    return found


def asked_again() -> Story:
    return answered().says(GRACE, AGAIN, days=6)


def more_time() -> Story:
    """The policy's date is Tuesday 12 May, the twelfth day; the one given is 20 May, the twentieth."""
    return begun().says(GRACE, MORE, days=5)


def judged_and_waits() -> Story:
    """The talk did not resolve it, and the chair waits longer: the agreed date was 8 May."""
    return spoken_about().says(GRACE, no(), days=5).says(GRACE, MORE, days=5)


def reopened() -> Story:
    return agreed().says(GRACE, acts.DropAction("a1", "She moved."), days=6).says(GRACE, REOPEN, days=18)


def late_beside() -> Story:
    """Maya is settled at stage 1, Jude waits at stage 2; what was agreed is due on the fourteenth day."""
    return both().says(GRACE, NEXT, days=13)


LATE = 15  # days after the start, when what was agreed is late
STAGE_2 = "2:respond:group-manager"

# The story, until when it is swept, and what is recorded on which day after the start.
PASSES: list[tuple[Callable[[], Story], int, list[tuple[int, str]]]] = [
    (begun, 16, [(13, FIRST), (15, "1:decide:chair")]),
    (asked_again, 20, [(16, SECOND), (20, "1:decide:chair:2")]),
    (lambda: asked_again().says(PRIYA, ANSWER, days=7).says(DENISE, acts.Approve(), days=7), 12,
     [(12, "1:decide:chair:2")]),
    (lambda: asked_again().says(GRACE, MORE, days=7), 21, [(21, THIRD)]),
    (more_time, 21, [(21, SECOND)]),
    (lambda: more_time().says(GRACE, acts.GiveMoreTime(date(2026, 5, 21), "Ill."), days=6), 22, [(22, THIRD)]),
    # The policy's date had passed, and the record says so, before more time was given.
    (lambda: begun().says(SYSTEM, acts.RecordLapse(FIRST), days=13).says(GRACE, MORE, days=14), 23,
     [(21, SECOND), (23, "1:decide:chair:2")]),
    (judged_and_waits, 23, [(21, "1:settle:team-manager:2"), (23, "1:decide:chair:2")]),
    (reopened, 21, [(21, "1:decide:chair:2")]),
    (late_beside, 20, [(15, "action:a1"), (19, "decide on the action:a1:1"), (20, STAGE_2)]),
    (agreed, 19, [(15, "action:a1"), (19, "decide on the action:a1:1")]),
    (lambda: agreed().says(GRACE, REOPEN, days=LATE), 20, [(20, "1:decide:chair:2")]),  # asked about anew
    (plan_over, 6, [(6, "decide whether it goes on:maya")]),
    (done, 9, [(9, "confirm:a1")]),
    (date_asked, 12, [(12, AGREE)]),
]  # fmt: skip


@pytest.mark.parametrize(("told", "until", "recorded"), PASSES)
def test_each_date_that_counts_is_recorded_when_it_has_passed(
    told: Callable[[], Story], until: int, recorded: list[tuple[int, str]]
) -> None:
    assert passes(told(), until) == recorded


TURNS: list[tuple[Callable[[], Story], int, tuple[str, str, date | None]]] = [
    (asked_again, 15, ("team-manager", "respond", date(2026, 5, 15))),
    (asked_again, 16, ("chair", "decide what next", date(2026, 5, 19))),
    (more_time, 20, ("team-manager", "respond", date(2026, 5, 20))),
    (more_time, 21, ("chair", "decide what next", date(2026, 5, 22))),
    (judged_and_waits, 20, ("team-manager", "do what was agreed", date(2026, 5, 20))),
    (judged_and_waits, 21, ("chair", "decide what next", date(2026, 5, 22))),
    (reopened, 18, ("chair", "decide what next", date(2026, 5, 20))),
    (late_beside, 14, ("group-manager", "respond", date(2026, 5, 19))),
    (late_beside, 15, ("chair", "decide on the action", date(2026, 5, 18))),
]


@pytest.mark.parametrize(("told", "days", "expected"), TURNS)
def test_whose_turn_it_is_until_a_date_and_after_it(
    told: Callable[[], Story], days: int, expected: tuple[str, str, date | None]
) -> None:
    assert turn(told(), days) == expected


def test_the_policys_own_date_still_says_how_late_the_answer_came() -> None:
    story = more_time().says(PRIYA, ANSWER, days=18).says(DENISE, acts.Approve(), days=18)
    first, second = duties(story, 19)[FIRST], duties(story, 19)[SECOND]
    assert (first.basis, first.day, days_late(first, story.at(19), RULES)) == ("policy", date(2026, 5, 12), 4)
    assert (second.basis, second.late(story.at(19)), second.met) == ("agreed", False, first.met)


def test_who_moves_it_on_too_soon_reads_the_day_that_counts() -> None:
    early = more_time().decided(GRACE, acts.MoveOn("stage-2", "not answered"), 13)
    assert isinstance(early, Refusal)
    assert "has until Wednesday 20 May" in early.sentence


def test_more_time_after_it_was_not_done_is_judged_once_more() -> None:
    story = judged_and_waits().says(GRACE, YES, days=18)
    assert state(story).accepted
    met = duties(story, 19)["1:decide:chair"].met
    assert met is not None, "the first decision was to wait longer"


# What was agreed is late while another child goes on -----------------------------------------------------------------

# What the chair decides on it, and whose turn it is then.
WAYS = [
    (acts.ChangeActionDate("a1", date(2026, 5, 18), "It is booked."), "respond"),
    (acts.DropAction("a1", "She has moved school."), "respond"),
    (REOPEN, "respond"),
]


@pytest.mark.parametrize(("way", "then"), WAYS, ids=lambda way: type(way).__name__)
def test_the_chair_decides_on_it_and_the_other_childs_stage_goes_on(way: acts.Act, then: str) -> None:
    story = late_beside()
    owed = duties(story, LATE)[STAGE_2]
    assert (owed.owed, owed.day) == (True, date(2026, 5, 19))
    assert moves(RULES, state(story), DENISE, story.at(LATE))["respond"].allowed
    story.says(GRACE, way, days=LATE)
    assert turn(story, LATE)[1] == then
    assert duties(story, LATE)[STAGE_2].owed
    on_it = duties(story, LATE)["decide on the action:a1:1"]
    assert (on_it.owed, on_it.met) == (False, story.history[-1].at)


def test_when_that_turn_comes_is_known_beforehand() -> None:
    ends = turns(RULES, state(late_beside()), late_beside().at(13))
    assert ends is not None
    assert ends < late_beside().at(LATE) < ends + timedelta(days=1)


def test_what_is_late_comes_back_to_the_chair_when_all_else_is_settled() -> None:
    story = agreed().says(GRACE, REOPEN, days=LATE)
    assert turn(story, LATE)[1] == "decide what next"
    story.says(GRACE, YES, days=LATE + 1)
    assert turn(story, LATE + 1)[1] == "decide on the action"
    assert duties(story, LATE + 1)["decide on the action:a1:2"].day == date(2026, 5, 19)


# What was owed stays -------------------------------------------------------------------------------------------------

CARRY_ON = acts.CarryOn(("maya",), "What was promised is owed.")

# The story until something is owed, what is done then, and by which name it is found after that: met, or gone.
STAYS: list[tuple[Callable[[], Story], By, acts.Act, int, str, bool]] = [
    (date_asked, GRACE, acts.ChangeActionDate("a1", date(2026, 5, 18), "Half term."), 8, AGREE, True),
    (date_asked, GRACE, acts.DeclineActionDate("a1", "They waited."), 8, AGREE, True),
    (date_asked, PRIYA, acts.FinishAction("a1", date(2026, 5, 8)), 8, AGREE, False),
    (done, GRACE, acts.ConfirmAction("a1"), 7, "confirm:a1", True),
    (done, GRACE, acts.ReturnAction("a1", "One is missing."), 7, "confirm:a1", True),
    (agreed, GRACE, acts.ChangeActionDate("a1", date(2026, 5, 20), "Half term."), LATE, ON_IT, True),
    (agreed, GRACE, acts.DropAction("a1", "She moved."), LATE, ON_IT, True),
    (agreed, GRACE, acts.MoveOn("stage-2", "not done"), LATE, ON_IT, True),
    (agreed, GRACE, acts.AskAgain(date(2026, 5, 20), "More."), LATE, ON_IT, True),
    (agreed, PRIYA, acts.FinishAction("a1", date(2026, 5, 15)), LATE, ON_IT, False),
    (plan_over, GRACE, CARRY_ON, 2, GOES_ON, True),
    (plan_over, GRACE, acts.EndForChild("maya", "plan-ended", "She is well."), 2, GOES_ON, True),
    (answered, GRACE, AGAIN, 6, "1:decide:chair", True),
    (begun, GRACE, MORE, 13, "1:decide:chair", True),
]  # fmt: skip


@pytest.mark.parametrize(("told", "by", "act", "days", "key", "met"), STAYS)
def test_what_was_owed_is_found_afterwards_with_when_it_was_met(
    told: Callable[[], Story], by: By, act: acts.Act, days: int, key: str, met: bool
) -> None:
    story = told()
    before = duties(story, days)[key]
    assert before.owed
    story.says(by, act, days=days)
    after = duties(story, days + 40)[key]
    assert (after.due, after.met if met else after.gone) == (before.due, story.history[-1].at)


def test_the_same_thing_owed_again_is_another_duty_and_passes_again() -> None:
    story = done().says(GRACE, acts.ReturnAction("a1", "One is missing."), days=7)
    story.says(PRIYA, acts.FinishAction("a1", date(2026, 5, 8)), days=8)
    assert passes(story, 13) == [(13, "confirm:a1:2")]
    story = plan_over().says(GRACE, CARRY_ON).says(SYSTEM, acts.RecordPlanEnd("maya", date(2026, 5, 20)), days=21)
    assert "decide whether it goes on:maya:2" in [key for _, key in passes(story, 30)]


# A plan's end --------------------------------------------------------------------------------------------------------

BEGAN = date(2025, 11, 3)


@pytest.mark.parametrize(
    ("began", "asked"), [(BEGAN, False), (date(2026, 5, 4), True)], ids=["put right", "another plan"]
)
def test_a_plans_end_that_is_put_right_is_not_asked_about_again(began: date, asked: bool) -> None:
    story = begun().says(SYSTEM, acts.RecordPlanEnd("maya", START.date(), BEGAN)).says(GRACE, CARRY_ON)
    again = story.decided(SYSTEM, acts.RecordPlanEnd("maya", date(2026, 5, 8), began), 10)
    assert isinstance(again, Refusal) is not asked


def plan_over_with_an_answer() -> Story:
    return plan_over().says(PRIYA, ANSWER, days=2)


# The story, on which day after its start it is looked at, and what the chair decides while the answer waits.
APPROVED_BESIDE: list[tuple[Callable[[], Story], int, str]] = [
    (lambda: late_beside().says(DENISE, ANSWER, days=14), LATE, "decide on the action"),
    (lambda: begun().says(PRIYA, ANSWER, days=1), 13, Must.DECIDE_NEXT),
    (lambda: begun().says(PRIYA, ANSWER, days=13), 13, Must.DECIDE_NEXT),
    (plan_over_with_an_answer, 2, Must.DECIDE_IF_IT_GOES_ON),
]


@pytest.mark.parametrize(("told", "day", "must"), APPROVED_BESIDE, ids=["action", "passed", "answered late", "plan"])
def test_an_approval_is_owed_beside_what_the_chair_decides_by_no_date_of_its_own(
    told: Callable[[], Story], day: int, must: str
) -> None:
    story = told()
    assert turn(story, day)[:2] == ("chair", must)
    (approval,) = (d for d in duties(story, day).values() if d.must == Must.APPROVE)
    assert (approval.owed, approval.day) == (True, None)


def test_an_approval_is_no_duty_beside_its_own_turn_nor_once_it_is_given_or_not_asked() -> None:
    story = begun().says(PRIYA, ANSWER, days=1)
    assert turn(story, 1)[1] == Must.APPROVE
    assert not [d for d in duties(story, 1).values() if d.must == Must.APPROVE]
    late = begun().says(PRIYA, ANSWER, days=13).says(DENISE, acts.Approve(), days=13)
    assert not [d for d in duties(late, 14).values() if d.must == Must.APPROVE]
    back = begun().says(PRIYA, ANSWER, days=13).says(DENISE, acts.SendBack("By when?"), days=13)
    assert not [d for d in duties(back, 14).values() if d.must == Must.APPROVE]


def test_an_approval_of_what_has_ended_is_owed_no_more() -> None:
    story = begun().says(PRIYA, ANSWER, days=13).says(GRACE, acts.Close("moved", "They moved away."), days=14)
    (approval,) = (d for d in duties(story, 20).values() if d.must == Must.APPROVE)
    assert not approval.owed


def test_an_answer_meets_the_day_that_was_given_last() -> None:
    story = more_time().says(GRACE, acts.GiveMoreTime(date(2026, 5, 21), "Ill."), days=6)
    story.says(PRIYA, ANSWER, days=18).says(DENISE, acts.Approve(), days=18)
    met = {key: duty.met is not None for key, duty in duties(story, 19).items() if key in (SECOND, THIRD)}
    assert met == {SECOND: False, THIRD: True}


def test_a_call_that_is_owed_says_which_entry_it_is_about() -> None:
    story = begun().says(PRIYA, acts.RecordUrgentAction("She was seen."), days=1)
    (call,) = (d for d in duties(story, 1).values() if d.must == "ring")
    assert call.page_of == call.subject == "3"
    assert [d.page_of for d in duties(story, 1).values() if d.must == "respond"] == [""]


# What was met stays met ----------------------------------------------------------------------------------------------

RESOLVE = acts.Resolve({"maya": "She is seen."}, not_spoken="She was away.")
# A story in which the chair has decided in time, what is done four weeks later, and by which name it is found.
DECIDED: list[tuple[Callable[[], Story], acts.Act, str]] = [
    (lambda: done().says(GRACE, acts.ConfirmAction("a1"), days=7), RESOLVE, "1:decide:chair"),
    (agreed, acts.Withdraw("It was settled."), "1:decide:chair"),
    (agreed, acts.Close("in-error", "It was another child."), "1:decide:chair"),
    (agreed, acts.EndForChild("maya", "moved", "Known there."), "1:decide:chair"),
    (agreed, acts.MoveOn("stage-2", "not done"), "1:decide:chair"),
    (agreed, REOPEN, "1:decide:chair"),
    (agreed, acts.AskAgain(date(2026, 6, 5), "More."), "1:decide:chair"),
    (answered, acts.AskAgain(date(2026, 6, 5), "More."), "1:draft:team-manager"),
    (lambda: spoken_about().says(GRACE, no()), YES, "1:settle:team-manager"),
    (lambda: spoken_about().says(GRACE, no()), acts.GiveMoreTime(date(2026, 6, 5), "Ill."), "1:settle:team-manager"),
]


@pytest.mark.parametrize(("told", "act", "key"), DECIDED, ids=lambda value: type(value).__name__)
def test_who_decided_in_time_is_never_late_for_it(told: Callable[[], Story], act: acts.Act, key: str) -> None:
    story = told()
    before = duties(story, 8)[key]
    assert before.met is not None
    after = duties(story.says(GRACE, act, days=28), 28)[key]
    assert (after.met, after.late(story.at(28))) == (before.met, False)


def test_who_ends_the_last_child_before_its_answer_is_due_owed_no_decision() -> None:
    story = begun().says(GRACE, acts.EndForChild("maya", "moved", "Known there."), days=2)
    assert "1:decide:chair" not in duties(story, 30)


def test_a_record_from_before_with_a_date_earlier_than_its_own_beginning_can_be_read() -> None:
    story = Story.of_old("informal", RULES, date="2026-04-20")
    (settle,) = (duty for duty in duties(story, 1).values() if duty.must == "settle")
    assert settle.day == date(2026, 4, 20)
