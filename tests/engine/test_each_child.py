"""Each child as an individual: settled alone, ended alone, re-opened alone; and what happens when a plan ends."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.engine.test_refused import RUTH, YES, agreed, begun, both, late_before, plan_over
from tests.engine.test_telling import DENISE, GRACE, PLAN, PRIYA, RULES, START, Story
from undrift.engine.events import SYSTEM
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import agenda
from undrift.engine.ladder.moves import moves
from undrift.engine.ladder.standing import standing
from undrift.engine.ladder.state import State
from undrift.engine.musts import Must
from undrift.engine.next_step import NextStep
from undrift.engine.refusal import Refusal

NEXT = acts.MoveOn("stage-2", "not accepted", ask="A date for Jude.")
AGAIN = acts.AskAgain(date(2026, 5, 12), "A date for Jude.")
JUDE_MOVED = acts.EndForChild("jude", "moved", "His new council has the file.", "He is seen weekly.")


def state(story: Story) -> State:
    assert story.state is not None
    return story.state


def step(story: Story, days: int) -> NextStep:
    return standing(RULES, state(story), story.at(days))


def open_children(story: Story) -> list[str]:
    return [child.id for child in state(story).unsettled]


def test_a_settled_child_stays_settled_when_the_other_moves_on() -> None:
    story = both().says(GRACE, NEXT, days=6)
    assert open_children(story) == ["jude"]
    refused = story.decided(GRACE, acts.ReopenChild("jude", "He waits."), 6)
    assert isinstance(refused, Refusal)


def test_a_no_at_the_next_stage_is_about_the_other_child_alone() -> None:
    story = both().says(GRACE, NEXT, days=6).says(DENISE, acts.Respond("agree", "Soon."), days=7)
    story.says(RUTH, acts.Approve(), days=7).says(GRACE, acts.Judge({"jude": False}, "No date."), days=8)
    assert open_children(story) == ["jude"]


def test_what_was_promised_is_owed_as_soon_as_it_is_accepted_for_one_child() -> None:
    assert [a.what for a in state(both()).open_actions] == [PLAN.what]


def test_a_child_is_re_opened_with_a_reason() -> None:
    story = both().says(GRACE, acts.ReopenChild("maya", "The visits stopped again."), days=7)
    assert open_children(story) == ["maya", "jude"]


def test_a_second_verdict_on_one_answer_adds_to_the_first() -> None:
    """Asked again, all whom that answer settled wait once more."""
    story = both().says(GRACE, acts.Judge({"jude": True}), days=7)
    assert open_children(story) == []
    story.says(GRACE, acts.AskAgain(date(2026, 5, 20), "Nothing is written."), days=15)
    assert open_children(story) == ["maya", "jude"]


def test_asked_again_after_a_yes_for_one_child_only_the_other_waits() -> None:
    story = both().says(GRACE, AGAIN, days=6)
    assert open_children(story) == ["jude"]
    asked = "Asked for another answer at Stage 1 for Jude, by Tuesday 12 May 2026. A date for Jude."
    assert story.told("asked_again")[1] == asked
    story.says(PRIYA, acts.Respond("agree", "By the 13th."), days=7).says(DENISE, acts.Approve(), days=7)
    refused = story.decided(GRACE, acts.Judge({"maya": False, "jude": True}, "No."), 8)
    assert isinstance(refused, Refusal)
    story.says(GRACE, acts.Judge({"jude": True}), days=8)
    assert state(story).accepted


def test_what_is_asked_again_keeps_the_answer_with_its_decision_and_what_is_still_needed() -> None:
    earlier = state(both().says(GRACE, AGAIN, days=6)).here.earlier_answers[0]
    assert (earlier.text, earlier.still_needed) == ("It is being written.", "A date for Jude.")
    assert earlier.judged is not None
    assert (earlier.judged.why, earlier.judged.children) == ("No date.", {"maya": True, "jude": False})


def test_a_record_that_asked_again_before_children_were_named_reads_as_it_did() -> None:
    story = both().keeps("asked_again", GRACE, days=6, until="2026-05-12", why="A date for Jude.")
    assert open_children(story) == ["maya", "jude"]


def settled_one_after_the_other() -> Story:
    """Maya is settled at stage 1 without an action, Jude at stage 2 with one that is due on 14 May."""
    plain = acts.Respond("agree", "Maya is seen.")
    story = Story("maya", "jude").says(PRIYA, plain, days=4).says(DENISE, acts.Approve(), days=5)
    story.says(GRACE, acts.Judge({"maya": True, "jude": False}, "No date."), days=6).says(GRACE, NEXT, days=6)
    story.says(DENISE, acts.Respond("agree", "Soon.", (PLAN,)), days=7).says(RUTH, acts.Approve(), days=7)
    return story.says(GRACE, acts.Judge({"jude": True}), days=8)


def test_what_is_not_done_takes_no_child_along_who_was_settled_at_an_earlier_stage() -> None:
    late = acts.MoveOn("stage-3", "not done", ask="A date.")
    assert open_children(settled_one_after_the_other().says(GRACE, late, days=15)) == ["jude"]
    again = acts.AskAgain(date(2026, 5, 18), "Nothing is written.")
    assert open_children(settled_one_after_the_other().says(GRACE, again, days=15)) == ["jude"]


def test_what_is_late_of_an_earlier_stage_goes_on_for_whom_it_was_agreed() -> None:
    late = acts.MoveOn("stage-3", "not done", ask="A date.")
    assert open_children(late_before().says(GRACE, late, days=15)) == ["maya"]


def test_when_the_last_open_child_ends_alone_nobody_is_asked_any_more() -> None:
    """Maya is settled at stage 1, Jude goes on to stage 2 and ends there: nothing is waited for at stage 2."""
    story = both().says(GRACE, NEXT, days=6).says(GRACE, JUDE_MOVED, days=7)
    assert state(story).accepted
    assert step(story, 8).must == "do the action"
    owed = [d for d in agenda(RULES, state(story), story.at(60)) if d.visit == 2 and d.owed]
    assert owed == []
    assert step(story, 60).must == "decide on the action"
    offered = moves(RULES, state(story), GRACE, story.at(8))
    assert not offered["judge"].allowed
    story.says(PRIYA, acts.FinishAction("a1", date(2026, 5, 8)), days=8).says(GRACE, acts.ConfirmAction("a1"), days=8)
    story.says(GRACE, acts.Resolve({"maya": "She is seen."}), days=8)
    resolved = state(story).ended
    assert resolved is not None
    assert resolved.kind == "resolved"


def test_a_child_re_opened_after_its_end_is_asked_about_again() -> None:
    story = both().says(GRACE, NEXT, days=6).says(GRACE, JUDE_MOVED, days=7)
    story.says(GRACE, acts.ReopenChild("jude", "He is back."), days=8)
    assert open_children(story) == ["jude"]
    assert step(story, 8).must == "respond"


def test_with_the_last_child_the_whole_ends_and_says_what_is_left_open() -> None:
    story = agreed().says(GRACE, acts.EndForChild("maya", "looked-after", "The new plan names it."), days=7)
    assert [e.type for e in story.history[-2:]] == ["child_ended", "closed"]
    ended = state(story).ended
    assert ended is not None
    assert (ended.kind, ended.ending) == ("closed", "looked-after")
    assert story.history[-1].payload["left_open"] == ["a1"]


@pytest.mark.parametrize(
    ("ending", "then"), [(acts.Withdraw("Another family."), "respond"), (acts.Close("in-error", "No."), "respond")]
)
def test_what_has_ended_is_open_again_as_it_stood(ending: acts.Act, then: str) -> None:
    story = Story("maya", "jude").says(GRACE, ending, days=1)
    story.says(GRACE, acts.ReopenChild("jude", "It is ours."), days=2)
    assert state(story).ended is None
    assert sorted(open_children(story)) == ["jude", "maya"]
    assert step(story, 2).must == then
    assert story.history[-1].payload["also"] == ["maya"]


def test_what_was_resolved_is_the_chairs_turn_again_for_the_child() -> None:
    story = Story("maya", "jude").answered().says(GRACE, acts.Judge({"maya": True, "jude": True}), days=6)
    story.says(PRIYA, acts.FinishAction("a1", date(2026, 5, 6)), days=6).says(GRACE, acts.ConfirmAction("a1"), days=6)
    story.says(GRACE, acts.Resolve({"maya": "She is seen.", "jude": "He is."}), days=7)
    story.says(GRACE, acts.ReopenChild("jude", "He waits again."), days=20)
    assert open_children(story) == ["jude"]
    asked = step(story, 20)
    assert (asked.who, asked.must) == ("chair", "decide what next")
    assert asked.day is not None
    assert asked.day > date(2026, 5, 20)


def test_what_the_chair_decided_in_time_is_not_late_because_it_is_open_again_once_more() -> None:
    story = Story("maya", "jude").answered().says(GRACE, acts.Judge({"maya": True, "jude": True}), days=6)
    story.says(PRIYA, acts.FinishAction("a1", date(2026, 5, 6)), days=6).says(GRACE, acts.ConfirmAction("a1"), days=6)
    changed = acts.Resolve({"maya": "She is seen.", "jude": "He is."})
    story.says(GRACE, changed, days=7).says(GRACE, acts.ReopenChild("jude", "He waits again."), days=20)
    story.says(GRACE, acts.Judge({"jude": True}), days=21).says(GRACE, changed, days=22)
    before = decisions(story, 22)
    assert [late for _, late in before] == [False, False]
    story.says(GRACE, acts.ReopenChild("maya", "She waits again."), days=23)
    assert decisions(story, 23)[:2] == before


def decisions(story: Story, days: int) -> list[tuple[datetime | None, bool]]:
    """When the chair decided each time, and whether late."""
    owed = agenda(RULES, state(story), story.at(days))
    return [(duty.met, duty.late(story.at(days))) for duty in owed if duty.must == Must.DECIDE]


def test_of_several_children_one_ends_and_the_others_go_on() -> None:
    story = Story("maya", "jude").says(GRACE, JUDE_MOVED, days=1)
    assert state(story).ended is None
    assert open_children(story) == ["maya"]
    assert [c.id for c in state(story).taking_part] == ["maya"]
    assert state(story).children["jude"].changed == "He is seen weekly."


# A plan ends ---------------------------------------------------------------------------------------------------------


def test_when_all_plans_have_ended_the_chair_is_asked_whether_it_goes_on() -> None:
    asked = step(plan_over(), 1)
    assert (asked.who, asked.must, asked.day) == ("chair", "decide whether it goes on", date(2026, 5, 5))


def test_while_another_childs_plan_runs_it_is_owed_and_not_the_next_step() -> None:
    story = Story("maya", "jude").says(SYSTEM, acts.RecordPlanEnd("maya", START.date()))
    assert step(story, 1).must == "respond"
    owed = {d.key for d in agenda(RULES, state(story), story.at(1)) if d.owed}
    assert "decide whether it goes on:maya" in owed


def test_carried_on_it_is_as_before_and_not_asked_about_the_same_end_again() -> None:
    story = plan_over().says(GRACE, acts.CarryOn(("maya",), "What was promised is still owed."))
    assert step(story, 1).must == "respond"
    again = story.decided(SYSTEM, acts.RecordPlanEnd("maya", START.date()), 1)
    assert isinstance(again, Refusal)
    story.says(SYSTEM, acts.RecordPlanEnd("maya", date(2026, 6, 1)), days=40)  # another plan, which ended later
    assert step(story, 40).must == "decide whether it goes on"


def test_a_plan_that_ended_long_ago_is_recorded_too() -> None:
    assert step(begun().says(SYSTEM, acts.RecordPlanEnd("maya", date(2023, 1, 9))), 0).who == "chair"


def test_ending_a_child_answers_the_question_about_its_plan() -> None:
    story = Story("maya", "jude").says(SYSTEM, acts.RecordPlanEnd("jude", START.date()))
    story.says(GRACE, acts.EndForChild("jude", "plan-ended", "He is well."))
    assert state(story).plans_ended == ()
    assert YES.children.keys() == {"maya"}
    assert open_children(story) == ["maya"]


def test_what_is_about_one_child_is_told_from_what_is_about_another() -> None:
    """Maya is settled at stage 1 by what was agreed for her; Jude alone is at stage 2."""
    now = state(both().says(GRACE, acts.MoveOn("stage-2", "not accepted", ask="A date for Jude."), days=13))
    assert [[visit.stage for visit in now.visits_of(child)] for child in ("maya", "jude")] == [
        ["stage-1"], ["stage-1", "stage-2"],
    ]  # fmt: skip
    assert [[action.id for action in now.actions_of(child)] for child in ("maya", "jude")] == [["a1"], []]


def test_what_was_done_about_a_risk_is_known_of_the_child_that_it_was_about() -> None:
    story = Story("maya", "jude").says(PRIYA, acts.RecordUrgentAction("Seen.", "", None, ("jude",)))
    assert story.state is not None
    assert [u.what for u in story.state.risks_of("jude")] == ["Seen."]
    assert story.state.risks_of("maya") == ()


def test_a_call_that_was_given_up_is_owed_again_once_it_is_open_again() -> None:
    """Otherwise a child stays at risk on the record, and no call can say that it is safe."""
    story = Story().says(PRIYA, acts.RecordUrgentAction("Seen.", children=("maya",)))
    entry = story.history[-1].seq
    story.says(GRACE, acts.Withdraw("It was another child.")).says(GRACE, acts.GiveUpRing(entry, "They live abroad."))
    assert not [d for d in agenda(RULES, state(story), story.at(0)) if d.must == Must.RING and d.owed]
    story.says(GRACE, acts.ReopenChild("maya", "They are back."))
    assert state(story).at_risk == ("maya",)
    assert [d.must for d in agenda(RULES, state(story), story.at(0)) if d.must == Must.RING and d.owed] == [Must.RING]
    story.says(GRACE, acts.RingBack(entry, "Priya Nairn"))
    assert state(story).at_risk == ()
