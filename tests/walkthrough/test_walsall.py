"""Walsall's policy walked through, a scene at a time: each stage, each role that has a part, each way out.

A row of `docs/traceability.md` names the scene that shows its clause.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.messages.letterbox import letterbox
from tests.walkthrough import cycle, steps
from tests.walkthrough.steps import NO, YES, Agreed, Concern
from tests.walkthrough.walking import Walk

__all__ = ["letterbox"]

POLICY = "walsall"

GRACE, PRIYA, DENISE = "Grace Ollerton", "Priya Nairn", "Denise Harkaway"
FARAH, STEPHEN, ANGELA = "Farah Lindley", "Stephen Ropley", "Angela Mirfield"
HANNAH, DEV = "Hannah Quill", "Dev Marchetti"
JUDITH, MARCUS, NADIA, SIMON = "Judith Calloway", "Marcus Penhale", "Nadia Brookfield", "Simon Eddery"
# Who answers at each formal stage, who approves the answer, and within how many days.
STAGES = {
    1: (PRIYA, DENISE, 7),
    2: (DENISE, FARAH, 4),
    3: (FARAH, STEPHEN, 3),
    4: (STEPHEN, "", 3),
    5: (ANGELA, "", 3),
}

TYLER = Concern(
    family="Heron",
    impacts={"Tyler": "He was not told who would be there, and said nothing."},
    reason=("Report not shared in time",),
    words="The report came on the morning of the conference.",
    came_up="Immediately after the conference",
)
LINNETS = Concern(
    family="Linnet",
    impacts={"Amara": "She asks who stays with her at night.", "Zion": "He cannot keep himself safe."},
    reason=("No safety plan when one is needed",),
    words="The safety plan that the conference asked for is not written.",
    came_up="At the midway check",
    ask="A written safety plan, shared with the family.",
)


def test_an_informal_resolution_is_a_talk_with_a_date_and_is_settled(walk: Walk) -> None:
    grace, agreed = walk.be(GRACE), walk.day(5)
    walk.when("the CP Coordinator records what was agreed with the Team Manager")
    steps.raises_informally(
        grace, TYLER, Agreed("Share the next report three days before", HANNAH, agreed), again=agreed, how="In person"
    )
    grace.sees("Informal resolution", "Spoke with Priya Nairn in person", walk.full(agreed))
    grace.sees("When it came up Immediately after the conference", "Share the next report three days before")
    assert walk.was_told(PRIYA, JUDITH, MARCUS)
    walk.then("on the day that was agreed it is done, and it closes with what changed for the child")
    walk.on(5)
    steps.does(walk.be(HANNAH), "Share the next report", "Tyler and his mum read it the evening before.")
    steps.accepts(grace, "Tyler")
    steps.confirms(grace, "Share the next report")
    steps.closes_with_what_changed(grace, Tyler="He knew what would be said, and spoke for himself.")
    grace.reads_the_stages()


def test_what_nobody_answers_goes_from_the_lowest_stage_to_the_highest_and_ends_as_a_disagreement(walk: Walk) -> None:
    grace = walk.be(GRACE)
    steps.raises_informally(grace, TYLER, Agreed("Share the next report", HANNAH, walk.day(3)), again=walk.day(3))
    day, asked = 4, ""
    for number, (answers, _, within) in STAGES.items():
        walk.on(day)
        walk.when(f"nothing has come by the date, and the CP Coordinator moves it to stage {number}")
        if number == 1:
            steps.finds_it_not_done(grace)
        else:
            steps.finds_no_answer(grace, f"Move to stage {number}", asked, "It is not written yet.", walk.day(day))
        asked = answers
        due = walk.day(day + within)
        steps.moves_on(
            grace, "Nothing has come.", ask="The report three days before each conference.",
            spoke_to="Team Manager" if number == 1 else "",
            shown=[f"Responds {answers}", f"Due {walk.full(due)}. {within} working days from today"],
        )  # fmt: skip
        grace.sees(
            f"Stage {number}. Waiting for {answers} to respond by {walk.full(due)}",
            "What is different now Nothing has come.",
        )
        assert walk.was_told(answers, JUDITH, MARCUS)
        day += within + 1
    walk.on(day)
    walk.then("nobody stands above the Director, and the disagreement goes on record")
    steps.finds_no_answer(grace, "Record that it is not agreed, and close")
    steps.records_the_disagreement(grace, walk, "The chair tells Tyler and his mum, and it is on record.")
    grace.reads_the_stages()


def test_what_the_chair_disagrees_with_goes_from_the_lowest_stage_to_the_highest(walk: Walk) -> None:
    grace = walk.be(GRACE)
    steps.raises_informally(grace, LINNETS, Agreed("Write the safety plan", DEV, walk.day(5)), again=walk.day(5))
    why = "There is still no day on which it starts."
    walk.on(2)
    walk.when("the CP Coordinator sees that it will not be done, and could not reach the Team Manager")
    steps.does_not_accept(grace, "Amara", "Zion", why=why, onward="Move to stage 1")
    steps.moves_on(
        grace, why, ask=LINNETS.ask, spoke_to="Team Manager",
        tried_to_speak="Rang twice and wrote; Priya is at a tribunal until Monday.",
    )  # fmt: skip
    grace.sees("Could not reach", "Rang twice and wrote")
    day = 3
    for number, (answers, approves, _) in STAGES.items():
        walk.on(day)
        walk.when(f"the answer at stage {number} does not resolve it")
        walk.then("it waits for approval" if approves else "no approval is asked for")
        steps.answers(
            walk.be(answers), "It will be written when somebody is free.", Agreed("Write the plan", DEV, walk.day(60)),
            agree="Agree in part", stopped_by=["Staffing or capacity"], partnership=YES if number == 5 else "",
        )  # fmt: skip
        if approves:
            assert not walk.heard(GRACE)
            if number == 1:
                steps.sends_back(walk.be(approves), "Say who writes it.")
                steps.answers_again(walk.be(answers), "Dev writes it when he is free.")
            steps.approves(walk.be(approves))
        assert walk.was_told(GRACE, JUDITH, MARCUS)
        if number == 5:
            break
        onward = f"Move to stage {number + 1}"
        steps.does_not_accept(grace, "Amara", "Zion", why=why, onward=onward, sees=[PRINCIPLE])
        steps.moves_on(grace, why, ask=LINNETS.ask, shown=[f"Responds {STAGES[number + 1][0]}"])
        day += 1
    walk.then("the Director brings it to the wider partnership, whose Business Manager is told")
    assert walk.was_told(SIMON)
    walk.when("the CP Coordinator does not agree with the Director either")
    steps.does_not_accept(grace, "Amara", "Zion", why=why, onward="Record that it is not agreed, and close")
    steps.records_the_disagreement(grace, walk, "The plan goes on, and the chair asks again at the review.")
    grace.reads_the_stages()


PRINCIPLE = "are not accepted as obstacles"


@pytest.mark.parametrize("number", STAGES)
def test_a_concern_may_start_at_each_formal_stage_and_is_settled_there(walk: Walk, number: int) -> None:
    answers, approves, within = STAGES[number]
    due = walk.day(within)
    grace = walk.be(GRACE)
    walk.when(f"the CP Coordinator raises it at stage {number}")
    steps.raises_formally(
        grace, LINNETS, f"Stage {number}", why="" if number == 1 else "It is this grave.",
        shown=[
            f"Responds {answers}", f"Due {walk.full(due)}. {within} working days from today",
            f"Copied in {JUDITH}", f"Copied in {MARCUS}", *([f"Approves the response {approves}"] if approves else []),
        ],
    )  # fmt: skip
    if not approves:
        grace.does_not_see("approves the response")
    grace.sees(LINNETS.words, LINNETS.ask, *LINNETS.impacts.values())
    assert walk.was_told(answers, *([approves] if approves else []), JUDITH, MARCUS)
    walk.on(1)
    walk.when("it is answered with an action and a date")
    steps.answers(
        walk.be(answers), "Dev writes it this week, with their mum.", Agreed("Write the safety plan", DEV, walk.day(3)),
        partnership=NO if number == 5 else "", sees=["She asks who stays with her at night.", LINNETS.ask],
    )  # fmt: skip
    if approves:
        steps.approves(walk.be(approves))
    walk.when("the CP Coordinator agrees, and the action is followed to its end")
    said = f"The response Agree. {answers}, 7 May 2026, 10am Dev writes it this week, with their mum."
    steps.accepts(grace, "Amara", "Zion", sees=[said])
    walk.on(3)
    steps.does(walk.be(DEV), "Write the safety plan", "Amara knows who comes at night.")
    steps.confirms(grace, "Write the safety plan")
    steps.closes_with_what_changed(grace, Amara="She sleeps.", Zion="His grandmother stays with him.")
    grace.sees("Resolved", "She sleeps.", "His grandmother stays with him.")
    grace.reads_the_stages()


def test_what_is_agreed_and_not_done_moves_up_from_each_stage(walk: Walk) -> None:
    grace = walk.be(GRACE)
    steps.raises_informally(grace, TYLER, Agreed("Share the next report", HANNAH, walk.day(4)), again=walk.day(5))
    walk.on(2)
    walk.when("it is settled for the child, with the action still to be done")
    steps.accepts(grace, "Tyler")
    walk.on(3)
    walk.when("the Social Worker asks for a new date, and the CP Coordinator says no")
    steps.asks_for_a_date(walk.be(HANNAH), "Share the next report", walk.day(20), "I am on leave.")
    assert walk.was_told(GRACE)
    steps.answers_about_the_date(grace, NO, "The conference is before that.")
    assert walk.was_told(HANNAH)
    day = 5
    for number, (answers, approves, _) in STAGES.items():
        walk.on(day)
        walk.when(f"its date has passed, and the CP Coordinator moves it to stage {number}")
        steps.finds_it_late(grace, "Move to the next stage")
        steps.moves_on(
            grace, "It was agreed and is not done.", ask="The report, three days before.",
            spoke_to="Team Manager" if number == 1 else "",
        )  # fmt: skip
        grace.sees(f"Stage {number}. Waiting for {answers} to respond")
        if number == 5:
            break
        steps.answers(walk.be(answers), "It is asked for again.", Agreed(f"Report {number}", HANNAH, walk.day(day + 1)))
        if approves:
            steps.approves(walk.be(approves))
        steps.accepts(grace, "Tyler")
        day += 2
    grace.reads_the_stages()


def test_asked_again_at_the_same_stage_and_late(walk: Walk) -> None:
    grace = walk.be(GRACE)
    steps.raises_formally(grace, TYLER, "Stage 1", spoke="By email")
    walk.on(6)
    walk.when("the CP Coordinator gives more time, once")
    steps.gives_more_time(grace, walk.day(9), "Tyler is away until Monday.")
    walk.on(10)
    walk.when("that date has passed too, and the answer comes late")
    steps.answers(walk.be(PRIYA), "It is shared on Monday.", Agreed("Share the report", HANNAH, walk.day(11)))
    steps.approves(walk.be(DENISE))
    steps.accepts(grace, "Tyler")
    walk.on(12)
    walk.when("what was agreed is late, and the CP Coordinator asks the Team Manager again")
    steps.finds_it_late(grace, f"Ask {PRIYA} again")
    grace.types_day(walk.day(14), into="By when do you need the answer?")
    grace.types("No report was shared.", into="What is still needed?")
    grace.clicks("Ask again")
    walk.works()
    assert walk.was_told(PRIYA)
    grace.sees("Waiting for Priya Nairn to respond")
    grace.reads_the_stages()


def test_an_immediate_risk_moves_up_at_once_from_each_stage(walk: Walk) -> None:
    grace = walk.be(GRACE)
    steps.raises_formally(grace, LINNETS, "Stage 1")
    walk.when("a child is at immediate risk, and the CP Coordinator waits for no date")
    grace.opens_the_record()
    steps.records_what_was_done(grace, "Amara and Zion are at their grandmother's tonight.", "Amara", "Zion")
    for number in (2, 3, 4, 5):
        grace.opens_the_record()
        grace.clicks("Move to the next stage")
        steps.moves_on(grace, "They are not safe yet.", ask=LINNETS.ask)
        grace.sees(f"Stage {number}. Waiting for {STAGES[number][0]} to respond")
        assert walk.was_told(STAGES[number][0])
    grace.reads_the_stages()


def test_a_concern_that_begins_with_an_immediate_risk_starts_at_stage_2(walk: Walk) -> None:
    grace = walk.be(GRACE)
    walk.when("the service asks whether somebody has acted, before it asks anything else")
    steps.raises_at_risk(
        grace,
        LINNETS,
        "Their aunt stays in the house tonight.",
        PRIYA,
        "Stage 2 is suggested: there is an immediate risk",
    )
    grace.sees("Stage 2. Waiting for Denise Harkaway to respond", "Immediate risk", "Their aunt stays")
    assert walk.was_told(DENISE, FARAH, JUDITH, MARCUS)


def test_urgent_action_is_told_at_once_and_rung_back(walk: Walk) -> None:
    grace, priya = walk.be(GRACE), walk.be(PRIYA)
    steps.raises_formally(grace, LINNETS, "Stage 1")
    walk.when("the Team Manager acts at once, and says so on the record")
    priya.reads_the_letter()
    steps.records_what_was_done(priya, "Zion sleeps at his aunt's tonight.", "Zion")
    assert walk.was_told(GRACE, DENISE, JUDITH, MARCUS)
    walk.then("the CP Coordinator rings to make sure, and says what was said")
    steps.rings_back(grace, "Nobody has seen him yet.", "Zion", safe=steps.NOT_YET)
    grace.sees("Immediate risk: Zion", "Zion is not safe yet")
    assert walk.was_told(PRIYA, DENISE, JUDITH, MARCUS)
    steps.rings_back(grace, "Asleep; his aunt is with him.", "Zion")
    grace.sees("Asleep; his aunt is with him.", "to make sure")
    grace.does_not_see("Immediate risk: Zion")
    assert walk.was_told(PRIYA, DENISE, JUDITH, MARCUS)


def test_withdrawn_with_the_reason(walk: Walk) -> None:
    grace = walk.be(GRACE)
    steps.raises_formally(grace, TYLER, "Stage 2", why="The second time this year.")
    walk.on(1)
    steps.withdraws(grace, "The report was shared on Monday; the letter went to an old address.")
    grace.sees("Withdrawn", "the letter went to an old address")
    assert walk.was_told(DENISE, FARAH, JUDITH, MARCUS)


def test_each_child_is_an_individual(walk: Walk) -> None:
    grace = walk.be(GRACE)
    steps.raises_formally(grace, LINNETS, "Stage 1")
    walk.on(1)
    walk.when("it ends for one child alone, and is opened again")
    steps.ends_for(
        grace, "Zion", "The child moved to another authority", "He lives with his father; the file went there."
    )
    grace.sees("The child moved to another authority", "Waiting for Priya Nairn to respond")
    steps.opens_again_for(grace, "Zion", "He is back.")
    steps.answers(walk.be(PRIYA), "Amara's plan is written.", Agreed("Write Zion's part", DEV, walk.day(4)))
    steps.approves(walk.be(DENISE))
    walk.when("the answer settles it for one child and not for the other")
    grace.opens_the_record()
    grace.clicks("Decide")
    grace.chooses(YES, to="Does this resolve it for Amara?")
    grace.chooses(NO, to="Does this resolve it for Zion?")
    grace.types("It says nothing of Zion.", into="If not, why?")
    grace.chooses("Move to stage 2", to="If not, what next?")
    grace.clicks("Save decision")
    steps.moves_on(grace, "It says nothing of Zion.", ask="A plan for Zion.")
    grace.does_not_see("Amara: Not settled yet")
    grace.sees("Stage 2. Waiting for Denise Harkaway to respond")


def test_when_the_plan_ends_the_chair_carries_it_on(walk: Walk) -> None:
    grace = walk.be(GRACE)
    steps.raises_formally(grace, TYLER, "Stage 1")
    walk.given("a file brings that Tyler's plan has ended")
    walk.plan_ends("Heron", walk.day(1))
    walk.on(2)
    assert walk.was_told(GRACE)
    steps.carries_on(grace, "Tyler’s plan ended on", "What was promised is owed to him.")
    grace.sees("Waiting for Priya Nairn to respond")


def test_an_issue_outside_the_remit_is_shared_with_the_head_of_service_for_safeguarding(walk: Walk) -> None:
    grace = walk.be(GRACE)
    steps.raises_formally(grace, TYLER, "Stage 1")
    steps.takes_a_route(
        grace, "Share with the Head of Service for Safeguarding", "Asked at two core groups; the school waits."
    )
    assert walk.was_told(NADIA)
    nadia = walk.be(NADIA)
    nadia.reads_the_letter()
    nadia.sees("the school waits")


def test_each_childs_text_is_copied_to_its_own_file(walk: Walk) -> None:
    grace = walk.be(GRACE)
    steps.raises_formally(grace, LINNETS, "Stage 1")
    for child, others in (("Amara", "He cannot keep himself safe."), ("Zion", "She asks who stays with her at night.")):
        grace.opens_the_record()
        grace.clicks(f"Copy text for {child}")
        grace.sees(LINNETS.impacts[child], LINNETS.words)
        grace.does_not_see(others)
        grace.clicks("Mark as filed")
        grace.sees("Marked as filed on the case system")


def test_good_practice_is_told_to_the_child_and_shared_by_its_tier(walk: Walk) -> None:
    grace = walk.be(GRACE)
    walk.when("core tasks were done well, and the CP Coordinator writes to the child")
    well = "When you were thirteen, Hannah came each week and listened to you."
    letter = cycle.writes_a_letter(grace, "Heron", "Tyler", well, CORE_TASKS, HANNAH, shared="Team Manager")
    grace.sees("Dear Tyler,", well, GRACE)
    walk.then("the Team Manager is told, and nobody above")
    assert walk.was_told_of("Good practice note", PRIYA)
    priya = walk.be(PRIYA)
    priya.reads_the_letter()
    priya.opens(letter)
    priya.sees("Dear Tyler,", well)
    walk.on(1)
    walk.when("the work for another child was exemplary")
    asked = "Ruth asked your school, your gran and you, and wrote down what each of you said."
    tier, told = "Exemplary work", ("Team Manager", "Group Manager for Safeguarding and Review", "Principal IRO")
    letter = cycle.writes_a_letter(grace, "Hazel", "Ruby", asked, tier, RUTH, shared=", ".join(told))
    walk.then("the Group Manager for Safeguarding and Review and the Principal IRO are told too")
    assert walk.was_told_of("Good practice note", YASMIN, JUDITH, MARCUS)
    for name in (YASMIN, JUDITH, MARCUS):
        somebody = walk.be(name)
        somebody.opens(letter)
        somebody.sees("Dear Ruby,", asked, GRACE)
    cycle.opens_the_cycle(grace, "Hazel", "Ruby")
    grace.sees("A good practice note was written for Ruby, about the work of Ruth Pemberly.")


CORE_TASKS = "Core tasks done well: the plan progresses and meets the child's needs"
RUTH, YASMIN = "Ruth Pemberly", "Yasmin Okell"
INTERPRETER = "Is an interpreter booked, if one is needed?"
PREPARED = "Does the family know what a conference is, how it works and who is invited?"


def test_before_an_initial_conference_the_report_is_shared_a_day_ahead_and_the_chair_talks_with_the_social_worker(
    walk: Walk,
) -> None:
    grace, hannah = walk.be(GRACE), walk.be(HANNAH)
    walk.when("the initial conference of two children is fixed")
    cycle.fixes_the_conference_of_the_file(grace, "Aspen", "Nia", "Isaac")
    walk.on(2)
    walk.then("the Social Worker shares the report before the last day for it")
    cycle.says_that_the_report_was_shared(
        hannah, "Aspen", "Nia", by=walk.full(walk.demo.days.next_week - timedelta(days=1))
    )
    walk.when("the CP Coordinator goes through the checklist with the Social Worker")
    talk = cycle.Talk(
        how="By phone, with Hannah Quill", lacking=(INTERPRETER,),
        agreed="Hannah books the Polish interpreter.", outcome="Ready with actions",
    )  # fmt: skip
    cycle.records_the_discussion(grace, "Aspen", "Nia", talk)
    cycle.opens_the_cycle(hannah, "Aspen", "Nia")
    hannah.sees("Ready with actions.", talk.agreed)


def test_before_a_review_the_report_is_shared_three_days_ahead_and_a_concern_begins_with_what_was_ticked(
    walk: Walk,
) -> None:
    grace, hannah, review = walk.be(GRACE), walk.be(HANNAH), date(2026, 5, 18)
    walk.when("the review of Kai's plan is fixed")
    cycle.fixes_the_conference_of_the_file(grace, "Sorrel", "Kai")
    grace.sees(walk.full(review))
    walk.on(4)
    walk.then("the Social Worker shares the report before the last day for it")
    cycle.says_that_the_report_was_shared(hannah, "Sorrel", "Kai", by=walk.full(date(2026, 5, 13)))
    walk.when("the CP Coordinator goes through the checklist, and the Team Manager joins as is necessary")
    talk = cycle.Talk(
        how="In person, with Hannah Quill and Priya Nairn", lacking=(PREPARED,),
        agreed="Hannah sits down with Kai's mum before the review.", outcome="There is a concern to raise",
    )  # fmt: skip
    cycle.records_the_discussion(grace, "Sorrel", "Kai", talk)
    grace.sees("The discussion before the conference found a concern. The policy offers")
    walk.when("the CP Coordinator begins a concern with it, and what was answered with no is ticked")
    grace.clicks("Raise a concern", about="found a concern")
    grace.chooses("Informal", to="Informal or formal?")
    grace.clicks("Continue")
    grace.finds_chosen("At the pre-conference discussion", to="When did this come up?")
    grace.finds_ticked("Family not prepared")
    steps.records_the_talk(
        grace, KAI, Agreed("Sit down with Kai's mum", HANNAH, walk.day(6)), again=walk.day(6), how="In person"
    )
    grace.sees("Informal resolution", "When it came up At the pre-conference discussion", "Family not prepared")
    assert walk.was_told(PRIYA, JUDITH, MARCUS)
    walk.on(6)
    walk.then("it is settled before the review")
    steps.does(hannah, "Sit down with Kai's mum", "She brings his aunt, who knows how he sleeps.")
    steps.accepts(grace, "Kai")
    steps.confirms(grace, "Sit down with Kai's mum")
    steps.closes_with_what_changed(grace, Kai="His aunt can say who he wants with him.")
    walk.on_day(review, "15:00")
    walk.when("the review is held, his mum is there, and what she does not agree with is written down")
    cycle.opens_the_cycle(grace, "Sorrel", "Kai")
    grace.clicks("Record the decision")
    cycle.records_what_was_decided(grace, cycle.Decided(
        came=("Kai's mum", "His aunt", HANNAH, "Siobhan Darrow"), plan=("Kai",),
        dissent=("Kai's mum", "She wants his aunt to be named in the plan."),
    ))  # fmt: skip
    grace.sees("Kai's mum dissents. She wants his aunt to be named in the plan.")
    cycle.opens_the_cycle(hannah, "Sorrel", "Kai")
    hannah.sees("Review conference")


def test_the_midway_check_finds_a_concern_that_begins_at_stage_1(walk: Walk) -> None:
    imran = walk.be("Imran Dastgir")
    imran.goes_home()
    imran.sees("Midway checks due")
    walk.when("the midway check is due, and the CP Coordinator looks at the plan of one child")
    imran.clicks("Look at Miriam’s plan")
    cycle.checks_the_plan(
        imran, "Miriam", "Jacob does not come to swimming with her.", stands=("The parenting course", "Not started"),
        then="Raise a concern",
    )  # fmt: skip
    imran.sees("The midway check found a concern. The policy offers")
    walk.then("little has moved since the last conference, and the concern begins at stage 1")
    imran.clicks("Raise a concern", about="The midway check")
    imran.presses_the_choice("Formal", "Informal or ")
    imran.clicks("Continue")
    imran.finds_ticked("Miriam")
    steps.raises_what_was_begun(imran, MIRIAM, "Stage 1")
    imran.sees("Stage 1. Waiting for", "When it came up At the midway check")
    assert walk.was_told(JUDITH, MARCUS)


MIRIAM = Concern(
    family="Teal",
    impacts={"Miriam": "She goes to swimming alone."},
    reason=("Agreed tasks not completed, or drift and delay",),
    words="The parenting course has not begun.",
    came_up="At the midway check",
)
KAI = Concern(
    family="Sorrel",
    impacts={"Kai": "His mum could not say who he wants with him."},
    reason=("Family not prepared",),
    words="Nobody has told his mum how the review works.",
    came_up="At the pre-conference discussion",
)


EDIE = Concern(
    family="Siskin",
    impacts={"Edie": "She did not know who would be in the room."},
    reason=("Family not prepared",),
    words="Nobody has told her mum how a conference works.",
    came_up="At the pre-conference discussion",
)


def test_one_child_from_the_strategy_discussion_to_the_end_of_the_plan(walk: Walk) -> None:
    """A concern comes out of each of the key times: before a conference, after it, at a core group, half-way."""
    grace, hannah, pauline = walk.be(GRACE), walk.be(HANNAH), walk.be("Pauline Greaves")
    of, held, review = ("Siskin", "Edie"), walk.day(5), date(2026, 8, 10)
    walk.when("a strategy discussion asks for a conference, and the CP Coordinator records its day and fixes it")
    cycle.records_the_strategy_discussion(grace, *of, walk.day(-3), last=date(2026, 5, 22))
    cycle.fixes_the_conference_of_the_file(grace, *of)
    walk.on(2)
    walk.when("the discussion before the conference finds a concern, and it is settled before the conference")
    cycle.says_that_the_report_was_shared(hannah, *of, by=walk.full(held - timedelta(days=1)))
    talk = cycle.Talk(
        how="In person, with Hannah Quill", lacking=(PREPARED,), agreed="Hannah sits down with Edie's mum.",
        outcome="There is a concern to raise",
    )  # fmt: skip
    cycle.records_the_discussion(grace, *of, talk)
    agreed = Agreed("Sit down with Edie's mum", HANNAH, walk.day(4))
    cycle.takes_it_up(grace, "The discussion before the conference found a concern", EDIE.came_up)
    steps.records_the_talk(grace, EDIE, agreed, again=agreed.by)
    assert walk.was_told(PRIYA, JUDITH, MARCUS)
    walk.on(4)
    cycle.settles(grace, hannah, agreed, "Edie", "Her mum asks her own questions.", "Edie knows who comes.")
    walk.on_day(held, "15:00")
    walk.when("the conference decides on a plan, which is put on file, and straight after it a concern is raised")
    cycle.opens_the_cycle(grace, *of)
    grace.clicks("Record the decision")
    came = ("Edie's mum", HANNAH, "Siobhan Darrow")
    cycle.records_what_was_decided(grace, cycle.Decided(came=came, plan=("Edie",), next_review=review))
    cycle.puts_the_plan_on_file(pauline, *of, held)
    after = replace(
        EDIE, impacts={"Edie": "She asked where her dad was."}, reason=("Fathers not invited",),
        words="Edie's dad was not invited.", came_up="Immediately after the conference",
    )  # fmt: skip
    agreed = Agreed("Write to Edie's dad", HANNAH, walk.day(7))
    steps.raises_informally(grace, after, agreed, again=agreed.by)
    walk.on(7)
    cycle.settles(grace, hannah, agreed, "Edie", "He has rung.", "Her dad comes on Saturdays.")
    walk.on(12)
    walk.when("at the core group an agency does not accept a recommendation")
    cycle.records_the_core_group(hannah, "Siskin", "Edie", came=("Edie's mum", HANNAH, "Joel Askew"))
    cycle.says_that_it_is_not_accepted(hannah, *of, "Housing", "A house with a door that locks.", "There is none.")
    assert walk.was_told(GRACE)
    at_the_group = replace(
        EDIE, impacts={"Edie": "She sleeps on a sofa."}, reason=("No safety plan when one is needed",),
        words="The door does not lock, and nobody mends it.", came_up="At another time",
    )  # fmt: skip
    agreed = Agreed("Have the lock mended", HANNAH, walk.day(16))
    cycle.opens_the_cycle(grace, *of)
    cycle.takes_it_up(grace, "A recommendation was not accepted", "")
    steps.records_the_talk(grace, at_the_group, agreed, again=agreed.by)
    walk.on(16)
    cycle.settles(grace, hannah, agreed, "Edie", "The door locks.", "She sleeps in her own bed.")
    walk.on_day(date(2026, 6, 26))
    walk.when("half-way to the review the check finds a concern, which begins at stage 1 and is settled there")
    cycle.opens_the_cycle(grace, *of)
    grace.clicks("Do the check")
    cycle.checks_the_plan(
        grace, "Edie", "She still waits for the play therapist.", stands=("Play therapy", "Not started"),
        then="Raise a concern",
    )  # fmt: skip
    cycle.takes_it_up(grace, "The midway check found a concern", "", "Formal")
    half_way = replace(
        EDIE, impacts={"Edie": "She has told nobody yet."}, came_up="At the midway check",
        reason=("Agreed tasks not completed, or drift and delay",), words="The play therapy has not begun.",
    )  # fmt: skip
    steps.raises_what_was_begun(grace, half_way, "Stage 1")
    days = walk.demo.days
    agreed = Agreed("Begin the play therapy", HANNAH, days.or_next_working_day(date(2026, 7, 3)))
    walk.on_day(date(2026, 6, 29))
    steps.answers(walk.be(PRIYA), "It begins this week.", agreed)
    steps.approves(walk.be(DENISE))
    steps.accepts(grace, "Edie")
    walk.on_day(agreed.by)
    cycle.settles(grace, hannah, agreed, "Edie", "She goes, and wants to go again.", "She has somebody to tell.",
                   accepted=True)  # fmt: skip
    walk.on_day(review, "15:00")
    walk.when("the review finds that no plan is needed any more, and the CP Coordinator writes to the child")
    cycle.opens_the_cycle(grace, *of)
    grace.clicks("Record the decision")
    cycle.records_what_was_decided(grace, cycle.Decided(came=came, none=("Edie",)))
    cycle.ends_the_plan_on_file(pauline, *of, review)
    well = "You told us what you needed, and Hannah listened."
    cycle.writes_a_letter(grace, *of, well, CORE_TASKS, HANNAH, shared="Team Manager")
    cycle.ends_the_cycle(grace, *of, "Edie is safe, and her mum and dad look after her.")
    walk.then("cycle and concerns stand together in the child's history")
    cycle.shows_both(grace, *of, "strategy discussion", "Her dad comes on Saturdays.", "She has somebody to tell.")


# By the words that each begins with, in the policy's own order.
ISSUES = (
    "Family not prepared", "Report not shared in time", "No cultural genogram", "No family meeting",
    "Checks with agencies, other local authorities included", "Key professionals not invited", "Fathers not invited",
    "Parents' safety not considered", "No arrangements for the child to attend", "No consultation form",
    "Child's voice absent", "No interpreter booked", "Child not seen as required",
    "Core groups not held as often as required", "No safety plan when one is needed", "Immediate safeguarding risk",
    "Nobody present who can talk with knowledge of the family", "No receiving social worker",
    "Agreed tasks not completed, or drift and delay",
)  # fmt: skip
REASONS = (
    "Agreed actions of the protection plan not progressed", "Insufficient response to a significant event",
    "Statutory responsibility not met", "Another duty to the child not met in a significant way",
)  # fmt: skip


def test_each_issue_and_each_reason_of_the_policy_can_be_raised(walk: Walk) -> None:
    grace = walk.be(GRACE)
    walk.when("the CP Coordinator ticks each of the nineteen issues and the four general reasons")
    steps.raises_at_risk(
        grace,
        replace(TYLER, reason=(*ISSUES, *REASONS)),
        "Their aunt stays in the house tonight.",
        PRIYA,
        "Stage 2 is suggested: there is an immediate risk",
    )
    grace.sees(*ISSUES, *REASONS)
    assert len(ISSUES) == 19


ENTRIES = {
    "Stage 1": (
        "No response to the informal resolution", "disagrees with the response to the informal resolution",
        "Preparation too weak", "Children do not attend", "wishes and feelings", "The consultation form",
        "Relevant information, assessment and analysis", "No family meeting", "Fathers are not involved",
        "No safety plan", "Little or no progress since the last conference or midway check",
    ),
    "Stage 2": (
        "No response to stage 1", "disagrees with the response to stage 1", "immediate safeguarding risks",
        "A conference is cancelled", "An issue with another agency cannot be resolved",
    ),
    "Stage 3": (
        "No response to the stage before", "disagrees with the response to the stage before",
        "Immediate safeguarding risks are not being addressed sufficiently", "An issue with another agency",
    ),
    "Stage 4": (
        "No response to the stage before", "disagrees with the response to the stage before",
        "Immediate safeguarding risks are not being addressed sufficiently", "An issue with another agency",
    ),
    "Stage 5": (
        "No response to the stage before", "disagrees with the response to the stage before",
        "Immediate safeguarding risks are not being addressed sufficiently", "the wider partnership",
    ),
}  # fmt: skip


def test_whoever_raises_it_reads_what_the_policy_asks_first_and_its_examples(walk: Walk) -> None:
    grace = walk.be(GRACE)
    grace.goes_home()
    grace.clicks("Children")
    grace.clicks("Heron", about="of Tyler")
    grace.clicks("Raise a concern for this child")
    grace.sees(
        "Most concerns are settled informally", "significant, relevant, valid and impactful",
        "How does it affect this child",
        "Is the level of intervention right for this child at this time?",
    )  # fmt: skip
    grace.presses_the_choice("Formal", "Informal or ")
    grace.clicks("Continue")
    grace.ticks("Tyler")
    grace.clicks("Continue")
    grace.sees("At the pre-conference discussion", "Immediately after the conference", "At the midway check")
    grace.chooses("At the pre-conference discussion", to="When did this come up?")
    grace.clicks("Continue")
    grace.ticks("Report not shared in time")
    grace.clicks("Continue")
    grace.types("He was not told.", into="How does this affect Tyler?")
    grace.clicks("Continue")
    grace.chooses(NO, to=steps.RISK)
    grace.clicks("Continue")
    grace.clicks("Continue")
    for stage, examples in ENTRIES.items():
        walk.then(f"the policy's examples for {stage} stand beside the question")
        assert [
            words for words in examples if words not in grace.folded(f"Examples the policy gives for {stage}")
        ] == []


READ = (
    "meaningful intervention in a timely way that improves their life experiences",
    "Effective communication between CP Coordinators and Team Managers",
    "identifying and resolving issues at an early stage", "The least formal approach is always expected",
    "are not accepted as obstacles to meeting the needs named in a child's plan",
    "It is usual to go through the stages from the lowest",
    "What matters is how it affects this child as an individual",
    "Pre-conference checklist",
    "Is a cultural genogram completed and available?", "Is the child safe for now",
    "Report shared before an initial conference, by the Social Worker: 1 day before",
    "Report shared before a review conference, by the Social Worker: 3 days before",
    "Core tasks done well: the plan progresses and meets the child's needs. Shared with the Team Manager.",
    "A good practice case note is written to the child",
    "Group Manager for Safeguarding and Review and the Principal IRO",
    "It forms part of the good practice report", "A report was not shared before a conference",
    "Visits are not consistently recorded on the child's file",
    "Parents were not prepared for what a conference is for",
    "conference", "child protection plan",
)  # fmt: skip


def test_the_policy_is_read_on_its_own_page(walk: Walk) -> None:
    grace = walk.be(GRACE)
    grace.goes_home()
    grace.clicks("Policy")
    grace.unfolds_everything()
    grace.sees(*READ)
