"""Pan-Lancashire's protocol walked through, a scene at a time: each stage, each role that has a part, each way out.

A row of `docs/traceability.md` names the scene that shows its clause.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.journeys.telling import short
from tests.messages.letterbox import letterbox
from tests.walkthrough import cycle, steps
from tests.walkthrough.steps import NO, Agreed, Concern, Starred
from tests.walkthrough.walking import Walk, Walker

__all__ = ["letterbox"]

POLICY = "pan-lancashire"

ROSALIND, NELL = "Rosalind Amery", "Nell Harcastle"
ELIAS, MEENA, PAUL, GETHIN = "Elias Thornby", "Dr Meena Kessler", "Paul Trevanion", "Gethin Aldersey"
LEONIE, BASHIR, DESMOND = "Leonie Cartmel", "Bashir Holloway", "Desmond Farrelly"
INES, MARGIT, GWILYM, OLUCHI = "Ines Calderbank", "Margit Ashworthy", "Gwilym Stanhope", "Oluchi Branwell"
TRUST = "Moorland Health Trust"
REQUIRED = "Offer Aisha a first appointment"

AISHA = Concern(
    family="Plover",
    impacts={"Aisha": "She said yes to talking to someone, and nobody has rung."},
    reason=("Actions of the plan are not done in time",),
    words="CAMHS has not offered the first appointment that the conference asked for.",
    came_up="At the mid-point check",
)
DUNNOCKS = Concern(
    family="Dunnock",
    impacts={"Ivy": "She waits for the nurse.", "Caleb": "Nobody knows whether he hears well."},
    reason=("The agency does not accept a recommendation of the conference",),
    words="The trust does not accept that a nurse sees both children.",
    came_up="At the core group: a recommendation was not accepted",
)


def talks_about_aisha(walk: Walk, rosalind: Walker) -> None:
    steps.raises_informally(
        rosalind, AISHA, Agreed("Ring Aisha", ELIAS, walk.day(8)), again=walk.day(10), agency=TRUST,
    )  # fmt: skip


def test_the_plan_cycle_is_dated_from_the_conference(walk: Walk) -> None:
    rosalind = walk.be(ROSALIND)
    rosalind.goes_home()
    rosalind.clicks("Children")
    rosalind.clicks("Dunnock", about="of Ivy")
    rosalind.sees(
        "Conference Decision Sheet and outline plan", "First core group meeting", "Appeal against a conference"
    )
    rosalind.sees("After the conference of 23 April 2026", "8 May 2026")


def test_an_informal_resolution_is_a_talk_within_fifteen_working_days_and_is_settled(walk: Walk) -> None:
    rosalind = walk.be(ROSALIND)
    steps.raises_informally(
        rosalind, DUNNOCKS, Agreed("A nurse sees both children", ELIAS, walk.day(10)), again=walk.day(10), agency=TRUST,
        spoke_on=walk.day(-2), shown=["At most 15 working days, that is 28 May 2026"],
    )  # fmt: skip
    rosalind.sees("Informal resolution", walk.full(walk.day(10)))
    assert walk.was_told(ELIAS)
    rosalind.reads_the_stages()
    walk.on(10)
    steps.does(walk.be(ELIAS), "A nurse sees both children", "Caleb hears well; Ivy has a plan.")
    steps.accepts(rosalind, "Ivy", "Caleb")
    steps.confirms(rosalind, "A nurse sees both children")
    steps.closes_with_what_changed(rosalind, Ivy="She is seen.", Caleb="He hears well.")
    rosalind.reads_the_stages()


def test_what_nobody_answers_goes_up_to_the_chief_officer_and_ends_as_a_disagreement(walk: Walk) -> None:
    rosalind = walk.be(ROSALIND)
    talks_about_aisha(walk, rosalind)
    walk.on(11)
    walk.when("the date of the talk has passed, and the chair makes a starred recommendation")
    steps.finds_it_not_done(rosalind)
    steps.moves_on(
        rosalind, "Nobody has rung her.", ask=REQUIRED, asked_as="Action required", complete_by=walk.day(25),
        answer_by=walk.day(16), shown=[ELIAS],
    )  # fmt: skip
    assert walk.was_told(ELIAS, LEONIE, GETHIN, DESMOND)
    walk.on(17)
    walk.when("there is no answer, and it goes to the Safeguarding Lead")
    steps.finds_no_answer(rosalind, "Move to formal escalation")
    steps.moves_on(rosalind, "No answer.", shown=[MEENA])
    assert walk.was_told(MEENA, INES, MARGIT, GWILYM)
    rosalind.sees(
        f"The Conference Chairperson still has to talk with the CSC Senior Manager, by {walk.full(walk.day(22))}"
    )
    steps.records_a_conversation(rosalind, BASHIR, "Bashir asks the trust's director.")
    walk.on(23)
    walk.when("there is no answer, and it goes to the Chief Officer")
    steps.finds_no_answer(rosalind, "Move to chief officer resolution")
    steps.moves_on(rosalind, "No answer.", shown=[PAUL])
    assert walk.was_told(PAUL, OLUCHI)
    walk.on(29)
    steps.finds_no_answer(rosalind, "Record that it is not agreed, and close")
    steps.records_the_disagreement(rosalind, walk, "The conference meets early.")
    rosalind.reads_the_stages()


def test_what_the_chair_disagrees_with_goes_up_to_the_chief_officer(walk: Walk) -> None:
    rosalind = walk.be(ROSALIND)
    talks_about_aisha(walk, rosalind)
    walk.on(2)
    why = "There is still no date."
    steps.does_not_accept(rosalind, "Aisha", why=why, onward="Move to starred recommendation")
    steps.moves_on(
        rosalind, why, ask=REQUIRED, asked_as="Action required", complete_by=walk.day(20), answer_by=walk.day(6)
    )
    for number, (name, onward) in enumerate(
        ((ELIAS, "Move to formal escalation"), (MEENA, "Move to chief officer resolution"), (PAUL, "")), 3
    ):
        walk.on(number)
        steps.answers(walk.be(name), "She is on the list.", Agreed("Write to Aisha", ELIAS, walk.day(30)))
        assert walk.was_told(ROSALIND)
        if onward:
            steps.does_not_accept(rosalind, "Aisha", why=why, onward=onward)
            steps.moves_on(rosalind, why)
    steps.does_not_accept(rosalind, "Aisha", why=why, onward="Track what was directed until it is done")
    walk.then("what the Chief Officer directs binds, and is done before the disagreement goes on record")
    walk.on(6)
    steps.does(walk.be(ELIAS), "Write to Aisha", "She has read it.")
    steps.confirms(rosalind, "Write to Aisha")
    rosalind.opens_the_record()
    rosalind.clicks("Close without resolving")
    steps.records_the_disagreement(rosalind, walk, "The conference meets early.")
    rosalind.reads_the_stages()


def test_what_is_agreed_and_not_done_goes_up_and_what_the_chief_officer_directs_is_tracked(walk: Walk) -> None:
    rosalind = walk.be(ROSALIND)
    talks_about_aisha(walk, rosalind)
    walk.on(2)
    steps.accepts(rosalind, "Aisha")
    walk.on(9)
    steps.finds_it_late(rosalind, "Move to the next stage")
    steps.moves_on(rosalind, "Not done.", ask=REQUIRED, asked_as="Action required", complete_by=walk.day(30))
    for day, name in ((10, ELIAS), (12, MEENA)):
        walk.on(day)
        steps.answers(walk.be(name), "It is booked.", Agreed(f"Appointment {day}", ELIAS, walk.day(day + 1)))
        steps.accepts(rosalind, "Aisha")
        walk.on(day + 2)
        steps.finds_it_late(rosalind, "Move to the next stage")
        steps.moves_on(rosalind, "Agreed, and not done.")
    walk.when("the Chief Officer directs what is to be done")
    steps.answers(walk.be(PAUL), "Elias sees her himself.", Agreed("See Aisha on Friday", ELIAS, walk.day(16)))
    walk.then("whoever has to do it is told, and the chair monitors it to the end")
    steps.accepts(rosalind, "Aisha")
    walk.on(16)
    steps.does(walk.be(ELIAS), "See Aisha on Friday", "She came, and wants to come again.")
    steps.confirms(rosalind, "See Aisha on Friday")
    for earlier in ("Ring Aisha", "Appointment 10", "Appointment 12"):
        steps.ends_the_action(rosalind, earlier, "The Chief Officer directed something else.")
    steps.closes_with_what_changed(
        rosalind, not_spoken="Bashir was away; Margit was spoken to.", Aisha="She has somebody to talk to."
    )
    rosalind.reads_the_stages()


def test_an_immediate_risk_moves_up_at_once_from_each_stage(walk: Walk) -> None:
    rosalind = walk.be(ROSALIND)
    talks_about_aisha(walk, rosalind)
    rosalind.opens_the_record()
    steps.records_what_was_done(rosalind, "She stays with her aunt.")
    for name in (ELIAS, MEENA, PAUL):
        rosalind.opens_the_record()
        rosalind.clicks("Move to the next stage")
        steps.moves_on(rosalind, "She is not safe yet.")
        assert walk.was_told(name)
    rosalind.reads_the_stages()


def test_a_starred_recommendation_is_made_at_once_and_its_action_is_followed(walk: Walk) -> None:
    rosalind = walk.be(ROSALIND)
    starred = Starred(
        agency=TRUST, recommendation="CAMHS to offer Aisha a first appointment", action=REQUIRED,
        completed=walk.day(14), answer_by=walk.day(4),
    )  # fmt: skip
    steps.makes_a_starred_recommendation(rosalind, AISHA, starred, shown=[ELIAS, LEONIE, DESMOND])
    assert walk.was_told(ELIAS, LEONIE, GETHIN, DESMOND)
    rosalind.sees(walk.full(walk.day(4)))
    walk.on(2)
    steps.answers(walk.be(ELIAS), "Yes.", Agreed("First appointment", ELIAS, walk.day(6)), sees=[REQUIRED])
    steps.accepts(rosalind, "Aisha")
    walk.on(6)
    steps.does(walk.be(ELIAS), "First appointment", "She came.")
    steps.confirms(rosalind, "First appointment")
    steps.closes_with_what_changed(rosalind, Aisha="She has somebody to talk to.")
    rosalind.reads_the_stages()
    walk.when("she looks at the schedule, and at the log of what was recommended")
    rosalind.clicks("Problem Resolution Schedule")
    rosalind.sees("5 working days", "Answered in time. It was resolved", short(walk.day(2)))
    rosalind.goes_home()
    rosalind.clicks("Resolutions")
    rosalind.clicks("Starred Recommendation Log")
    rosalind.sees(
        "CAMHS to offer Aisha a first appointment", f"{short(walk.day(2))}, {ELIAS}: Yes.", "Accepted",
        f"Completed: {short(walk.day(6))}", TRUST,
    )  # fmt: skip


def test_a_formal_escalation_is_settled_and_the_talk_with_the_senior_manager_is_asked_for(walk: Walk) -> None:
    rosalind = walk.be(ROSALIND)
    starred = Starred(agency=TRUST, recommendation="An appointment", action=REQUIRED, completed=walk.day(14))
    steps.makes_a_starred_recommendation(rosalind, AISHA, starred)
    walk.on(2)
    steps.answers(walk.be(ELIAS), "She is on the list.", agree="Do not agree")
    steps.does_not_accept(rosalind, "Aisha", why="There is no date.", onward="Move to formal escalation")
    steps.moves_on(rosalind, "There is no date.")
    walk.on(4)
    steps.answers(walk.be(MEENA), "She is seen on Friday.")
    steps.accepts(rosalind, "Aisha")
    rosalind.opens_the_record()
    rosalind.clicks("Say what changed and close")
    rosalind.sees("Why was the talk with the CSC Senior Manager not held?")
    walk.when("the chair has the talk that the protocol asks for, and closes it")
    steps.records_a_conversation(rosalind, BASHIR, "He knows how long she waited.")
    steps.closes_with_what_changed(rosalind, Aisha="She is seen.")
    rosalind.sees("Resolved", "Spoke with Bashir Holloway")
    rosalind.reads_the_stages()


def test_where_social_care_is_the_agency_its_own_posts_answer(walk: Walk) -> None:
    rosalind = walk.be(ROSALIND)
    starred = Starred(
        agency="Northmoor Children's Social Care", recommendation="A visit each week", action="Visit each week",
        completed=walk.day(14),
    )  # fmt: skip
    steps.makes_a_starred_recommendation(rosalind, AISHA, starred, shown=[f"Responds {LEONIE}"])
    for day, onward, answers in (
        (6, "Move to formal escalation", INES),
        (12, "Move to chief officer resolution", RUPERT),
    ):
        walk.on(day)
        steps.finds_no_answer(rosalind, onward)
        steps.moves_on(rosalind, "No answer.", shown=[f"Responds {answers}"])
        assert walk.was_told(answers)


RUPERT = "Rupert Lindqvist"


def test_an_answer_that_comes_late_is_still_an_answer(walk: Walk) -> None:
    rosalind = walk.be(ROSALIND)
    starred = Starred(agency=TRUST, recommendation="An appointment", action=REQUIRED, completed=walk.day(14))
    steps.makes_a_starred_recommendation(rosalind, AISHA, starred, shown=[walk.full(walk.day(5))])
    walk.on(2)
    walk.then("a talk on the way is on the record, and moves no date")
    steps.records_a_conversation(rosalind, LEONIE, "She has seen it.")
    walk.on(5, "16:00")
    walk.then("the last day is not over, and nothing is late")
    assert not walk.heard(ROSALIND)
    walk.on(6)
    assert walk.was_told(ROSALIND, ELIAS)
    walk.on(7)
    steps.answers(walk.be(ELIAS), "Yes.", Agreed("First appointment", ELIAS, walk.day(9)))
    steps.accepts(rosalind, "Aisha")
    walk.on(9)
    steps.does(walk.be(ELIAS), "First appointment", "She came.")
    steps.confirms(rosalind, "First appointment")
    steps.closes_with_what_changed(rosalind, Aisha="She has somebody to talk to.")
    rosalind.sees("Answered late")
    rosalind.reads_the_stages()


def test_urgent_action_is_told_at_once_and_rung_back(walk: Walk) -> None:
    rosalind, elias = walk.be(ROSALIND), walk.be(ELIAS)
    talks_about_aisha(walk, rosalind)
    elias.goes_home()
    elias.asks_for_urgent_help()
    elias.sees("999", "front door")
    elias.reads_the_letter()
    steps.records_what_was_done(elias, "She is on the ward tonight, and the front door knows.")
    assert walk.was_told(ROSALIND)
    steps.rings_back(rosalind, "Safe; her aunt is with her.", "Aisha")
    rosalind.sees("Safe; her aunt is with her.")


def test_what_stands_beside_the_stages_is_recorded_and_changes_no_date(walk: Walk) -> None:
    rosalind = walk.be(ROSALIND)
    steps.raises_informally(
        rosalind, DUNNOCKS, Agreed("A nurse sees both", ELIAS, walk.day(9)), again=walk.day(9), agency=TRUST
    )
    steps.takes_a_route(
        rosalind, "Appeal against a conference decision", "In writing, by their mother.", "The children's mother"
    )
    rosalind.sees("The children's mother", "Waiting for Elias Thornby")
    steps.takes_a_route(rosalind, "Advice of the Designated or Named Professional", "Sought before the review.")
    steps.takes_a_route(rosalind, "Complaint about a conference", "It uses the partnership's own procedure.")
    rosalind.reads_the_stages()


def test_withdrawn_with_the_reason(walk: Walk) -> None:
    rosalind = walk.be(ROSALIND)
    talks_about_aisha(walk, rosalind)
    walk.on(1)
    steps.withdraws(rosalind, "The appointment was offered on Monday.")
    rosalind.sees("Withdrawn", "The appointment was offered on Monday.")
    assert walk.was_told(ELIAS)


def test_each_child_is_an_individual_and_only_a_child_on_a_plan_gets_a_starred_recommendation(walk: Walk) -> None:
    rosalind = walk.be(ROSALIND)
    steps.raises_informally(
        rosalind, DUNNOCKS, Agreed("A nurse sees both", ELIAS, walk.day(9)), again=walk.day(9), agency=TRUST
    )
    steps.ends_for(rosalind, "Caleb", "Raised in error", "He was seen in March; the letter was lost.")
    rosalind.sees("Raised in error")
    steps.opens_again_for(rosalind, "Caleb", "It was another Caleb.")
    walk.given("a file brings that both plans have ended")
    walk.plan_ends("Dunnock", walk.day(1))
    walk.on(2)
    assert walk.was_told(ROSALIND)
    steps.carries_on(rosalind, "plan ended on", "The nurse was promised.")
    steps.does_not_accept(rosalind, "Ivy", "Caleb", why="Nobody came.", onward="Move to starred recommendation")
    walk.then("a starred recommendation is refused, because no child is on a plan")
    rosalind.types("Nobody came.", into="What is different now?")
    rosalind.types("A nurse.", into="Action required")
    rosalind.chooses(NO, to=steps.RISK)
    rosalind.types_day(walk.day(20), into="When should it be completed?")
    rosalind.clicks("Continue")
    rosalind.finds_a_problem = True
    rosalind.presses_what_begins("Send to ")
    rosalind.sees("There is a problem", "must be on a child protection plan")


HEARING = "Caleb cannot say himself what he hears, and the nurse was not there."


def test_the_initial_conference_decides_for_each_child_and_the_core_group_develops_the_plan(walk: Walk) -> None:
    rosalind, nell = walk.be(ROSALIND), walk.be(NELL)
    walk.given("the case system has the initial conference of Ivy and Caleb")
    cycle.opens_the_cycle(rosalind, "Dunnock", "Ivy")
    walk.when("the chair records for each child whether a plan is needed, and overrules the conference for one")
    rosalind.clicks("Record what it decided", about="Initial conference")
    rosalind.ticks("Ivy", "Caleb", to=cycle.WHICH)
    cycle.records_what_was_decided(
        rosalind,
        cycle.Decided(came=("Their mother", NELL, GETHIN), plan=("Ivy", "Caleb"), overruled={"Caleb": HEARING}),
    )
    rosalind.does_not_see(HEARING)
    walk.then("what is said of one child stands on that child's sheet alone")
    cycle.opens_the_cycle(rosalind, "Dunnock", "Caleb")
    rosalind.clicks("Read the decision sheet", about="Initial conference")
    rosalind.sees("The chair decided otherwise than the conference", HEARING)
    walk.when("the chair writes the outline plan of each child, and sends the sheet")
    for child in ("Caleb", "Ivy"):
        cycle.opens_the_cycle(rosalind, "Dunnock", child)
        cycle.writes_the_outline(rosalind, OUTLINE)
    rosalind.does_not_see(HEARING)
    cycle.says_that_the_sheet_was_sent(rosalind, "Their mother", NELL, GETHIN)
    walk.on(1)
    walk.when("the core group meets within ten working days of it, and develops the outline plan")
    cycle.opens_the_cycle(nell, "Dunnock", "Ivy")
    nell.sees("First core group meeting", "8 May 2026")
    cycle.records_the_core_group(nell, "Dunnock", "Ivy", "Caleb", came=("Their mother", NELL, ELIAS, GETHIN))
    cycle.opens_the_cycle(rosalind, "Dunnock", "Ivy")
    rosalind.does_not_see("First core group meeting")


def reviews_aisha(walk: Walk, rosalind: Walker, next_review: date | None = None) -> None:
    cycle.opens_the_cycle(rosalind, "Plover", "Aisha")
    rosalind.clicks("Record a conference that was held")
    rosalind.chooses("Review conference", to="Which conference was it?")
    rosalind.types_day(walk.day(-1), into="On which day was it held?")
    cycle.records_what_was_decided(
        rosalind,
        cycle.Decided(
            came=(LENA, NELL), plan=("Aisha",), ended="14:30", next_review=next_review,
            dissent=("Police", "There is no safety plan for the evenings."),
        ),
    )  # fmt: skip


LENA, FED_BACK = "Lena Plover", "When feedback on a key action was due"
OUTLINE = {
    "The risks to the child, and how the child will be protected from harm": "Nobody is at home in the evenings.",
    "Short and longer term objectives to reduce the risk and promote the child's welfare": "She sleeps, and is well.",
    "Clear actions, who is responsible for each, and by when": "Elias Thornby offers a first appointment by 20 May.",
    "How progress will be monitored": "The core group asks her each month.",
    "The date of the review, what happens if things change, and what would bring an early review": "If she is ill.",
    "How and how often core group members will be in contact with the child": "Nell each week, on Tuesdays.",
}


def test_the_outline_plan_goes_out_with_the_decision_sheet_and_a_key_action_is_fed_back(walk: Walk) -> None:
    rosalind, nell, by = walk.be(ROSALIND), walk.be(NELL), walk.day(8)
    walk.when("the chair records what yesterday's conference decided")
    reviews_aisha(walk, rosalind, next_review=walk.day(100))
    rosalind.sees("Conference Decision Sheet and outline plan")
    walk.when("the chair writes the six parts of the outline plan, and sends the sheet")
    cycle.writes_the_outline(rosalind, OUTLINE)
    rosalind.sees("The outline plan for Aisha", "Police does not agree", "There is no safety plan for the evenings.")
    cycle.says_that_the_sheet_was_sent(rosalind, LENA, NELL)
    walk.then("the participants and the CSC Team Manager are told")
    assert walk.was_told_of("Decision sheet sent", LEONIE, NELL, ELIAS, GETHIN)
    walk.on(1)
    walk.when("the chair wants to hear of a key action by a date")
    cycle.opens_the_cycle(rosalind, "Plover", "Aisha")
    cycle.asks_to_hear(rosalind, REQUIRED, NELL, by)
    assert walk.was_told_of("key action", NELL)
    walk.then("it stands on the decision sheet, with the outline plan")
    rosalind.clicks("Read the decision sheet", about="Review conference")
    rosalind.sees("What the chair wants to hear about", f"{REQUIRED}. {NELL}, by {walk.full(by)}", *OUTLINE.values())
    walk.on(8)
    walk.when("whoever was asked says how it stands")
    cycle.tells_the_chair(nell, "Plover", "Aisha", "No", "The letter went to an old address.")
    assert walk.was_told(ROSALIND)
    cycle.opens_the_cycle(rosalind, "Plover", "Aisha")
    rosalind.sees("A key action is not done. The policy offers Informal resolution")
    walk.then("the chair takes it up with the front-line manager")
    rosalind.clicks("Raise a concern", about="A key action is not done")
    rosalind.presses_the_choice("Informal", "Informal or ")
    rosalind.clicks("Continue")
    rosalind.finds_chosen(FED_BACK, to="When did this come up?")
    steps.records_the_talk(
        rosalind, replace(AISHA, came_up=FED_BACK), Agreed("Ring Aisha", ELIAS, walk.day(12)), again=walk.day(12),
        agency=TRUST,
    )  # fmt: skip
    rosalind.sees("Informal resolution", f"When it came up {FED_BACK}")
    assert walk.was_told(ELIAS)


def test_the_mid_point_check_finds_a_concern_that_is_talked_about(walk: Walk) -> None:
    rosalind = walk.be(ROSALIND)
    walk.on_day(date(2026, 6, 4))
    walk.when("the mid-point between the conference and the review has come, and the chair looks at the plan")
    cycle.opens_the_cycle(rosalind, "Dunnock", "Ivy")
    rosalind.sees("Mid-point check Rosalind Amery, Conference Chairperson 4 June 2026 Due today")
    rosalind.clicks("Do the check")
    cycle.checks_the_plan(
        rosalind, "Ivy", "She waits for the nurse, and says so.", stands=("A nurse sees both children", "Drifting"),
        then="Talk about it informally",
    )  # fmt: skip
    rosalind.sees("check found a concern. The policy offers Informal resolution")
    walk.then("the chair seeks to resolve it with the agency's front-line manager")
    rosalind.clicks("Raise a concern", about="check found a concern")
    rosalind.presses_the_choice("Informal", "Informal or ")
    rosalind.clicks("Continue")
    rosalind.finds_ticked("Ivy", to="Which children?")
    rosalind.finds_chosen("At the mid-point check", to="When did this come up?")
    ivy = replace(DUNNOCKS, impacts={"Ivy": "She waits for the nurse."}, came_up="At the mid-point check")
    again = walk.demo.days.day(25)
    steps.records_the_talk(rosalind, ivy, Agreed("A nurse sees Ivy", ELIAS, again), again=again, agency=TRUST)
    assert walk.was_told(ELIAS)
    cycle.opens_the_cycle(rosalind, "Dunnock", "Ivy")
    rosalind.does_not_see("check found a concern. The policy offers")


def test_an_appeal_that_is_upheld_reconvenes_the_conference(walk: Walk) -> None:
    rosalind, ines, again = walk.be(ROSALIND), walk.be(INES), walk.day(8)
    walk.given("yesterday's review decided that Aisha's plan goes on")
    reviews_aisha(walk, rosalind)
    walk.on(1)
    walk.when("her mother appeals in writing")
    cycle.records_an_appeal(rosalind, "Plover", "Aisha", LENA, "The school was not heard.")
    assert walk.was_told(INES)
    walk.when("the Directorate Safeguarding Manager upholds it")
    cycle.upholds_it(ines, "Plover", "Aisha", "The school had not been asked.")
    walk.then("the chair reconvenes the conference, which decides again")
    assert walk.was_told(ROSALIND)
    rosalind.goes_home()
    rosalind.sees("Reconvene the conference")
    cycle.fixes_it_again(rosalind, "Plover", "Aisha", f"Review conference, {short(walk.day(-1))}", again)
    walk.on_day(again, "16:00")
    cycle.opens_the_cycle(rosalind, "Plover", "Aisha")
    rosalind.clicks("Record the decision")
    cycle.records_what_was_decided(rosalind, cycle.Decided(came=(LENA, NELL, "Her school"), plan=("Aisha",)))
    rosalind.goes_home()
    rosalind.does_not_see("Reconvene the conference")


NED = Concern(
    family="Merlin",
    impacts={"Ned": "He does not know who comes."},
    reason=("An agency's report is incomplete",),
    words="The health report does not say what Ned needs.",
    came_up="At the conference",
)


def test_one_child_from_the_strategy_discussion_to_the_end_of_the_plan(walk: Walk) -> None:
    """A concern comes out of each of the protocol's key times: a conference, a key action, a core group, half-way."""
    rosalind, nell, elias = walk.be(ROSALIND), walk.be(NELL), walk.be(ELIAS)
    files = walk.be(DESMOND)
    of, held, review = ("Merlin", "Ned"), walk.day(5), date(2026, 8, 10)

    def taken_up(about: str, concern: Concern, kept: str, by: date) -> None:
        """Informally with the agency's front-line manager, and settled on that day."""
        agreed = Agreed(kept, ELIAS, by)
        if about:
            cycle.opens_the_cycle(rosalind, *of)
            cycle.takes_it_up(rosalind, about, concern.came_up)
            steps.records_the_talk(rosalind, concern, agreed, again=by, agency=TRUST)
        else:
            steps.raises_informally(rosalind, concern, agreed, again=by, agency=TRUST)
        assert walk.was_told(ELIAS)
        walk.on_day(by)
        cycle.settles(rosalind, elias, agreed, "Ned", f"{kept}: done.", f"{kept}: Ned has seen it.")

    walk.when("a strategy discussion asks for a conference, and the chair records its day and fixes it")
    cycle.records_the_strategy_discussion(rosalind, *of, walk.day(-3), last=date(2026, 5, 22))
    cycle.fixes_the_conference_of_the_file(rosalind, *of)
    walk.on_day(held, "15:00")
    walk.when("the conference decides on a plan, which is put on file; its outline goes out with the decision sheet")
    cycle.opens_the_cycle(rosalind, *of)
    rosalind.clicks("Record the decision")
    came = ("Ned's mum", NELL, GETHIN)
    cycle.records_what_was_decided(rosalind, cycle.Decided(came=came, plan=("Ned",), next_review=review))
    cycle.puts_the_plan_on_file(files, *of, held)
    cycle.opens_the_cycle(rosalind, *of)
    cycle.writes_the_outline(rosalind, OUTLINE)
    cycle.says_that_the_sheet_was_sent(rosalind, *came)
    cycle.opens_the_cycle(rosalind, *of)
    cycle.asks_to_hear(rosalind, "See Ned at the clinic", NELL, walk.day(8))
    walk.when("a report was incomplete at the conference, and the chair talks about it")
    taken_up("", NED, "Write the whole report", walk.day(7))
    walk.on(8)
    walk.when("the key action is fed back, and is not done")
    cycle.tells_the_chair(nell, *of, "No", "The clinic has no room before June.")
    not_done = replace(NED, reason=("Actions of the plan are not done in time",), came_up=FED_BACK)
    taken_up("A key action is not done", not_done, "See Ned at home", walk.day(10))
    walk.on(12)
    walk.when("the core group meets in time, and an agency does not accept a recommendation")
    cycle.records_the_core_group(nell, "Merlin", "Ned", came=("Ned's mum", NELL, GETHIN))
    cycle.says_that_it_is_not_accepted(nell, *of, TRUST, "A nurse comes each week.", "There is no nurse.")
    not_accepted = replace(
        NED, reason=("The agency does not accept a recommendation of the conference",),
        came_up="At the core group: a recommendation was not accepted",
    )  # fmt: skip
    taken_up("A recommendation was not accepted", not_accepted, "Send a nurse", walk.day(14))
    walk.on_day(date(2026, 6, 26))
    walk.when("at the mid-point between conference and review the check finds a concern")
    cycle.opens_the_cycle(rosalind, *of)
    rosalind.clicks("Do the check")
    cycle.checks_the_plan(
        rosalind, "Ned", "He sleeps, and does not eat at school.", stands=("A nurse comes each week", "Drifting"),
        then="Talk about it informally",
    )  # fmt: skip
    half_way = replace(NED, reason=("Key parts of the plan are delayed",), came_up="At the mid-point check")
    taken_up("check found a concern", half_way, "Agree a day for the nurse", date(2026, 7, 1))
    walk.on_day(review, "15:00")
    walk.when("the review finds that no plan is needed any more, and the cycle ends")
    cycle.opens_the_cycle(rosalind, *of)
    rosalind.clicks("Record the decision")
    cycle.records_what_was_decided(rosalind, cycle.Decided(came=came, none=("Ned",)))
    cycle.opens_the_cycle(rosalind, *of)
    rosalind.clicks("Say that it was sent")
    rosalind.finds("\n".join(came), into="To whom?")
    rosalind.clicks("Save")
    walk.works()
    cycle.ends_the_plan_on_file(files, *of, review)
    cycle.ends_the_cycle(rosalind, *of, "Ned is well, and his mum asks for help when she needs it.")
    walk.then("cycle and concerns stand together in the child's history")
    cycle.shows_both(rosalind, *of, "strategy discussion", "See Ned at home: Ned has seen it.", "Agree a day for the")


GROUNDS = (
    "The plan developed by the core group does not keep the child safe enough",
    "Actions of the plan are not done in time", "The agency does not accept a recommendation of the conference",
    "A risk assessment has to be completed", "Information held by another agency has to be considered",
    "A family needs support", "A legal gateway meeting has to be considered", "An agency's report is incomplete",
    "Agreed visits by the Social Worker or the core group", "Key parts of the plan are delayed",
    "Specialist help such as CAMHS", "Housing is needed",
)  # fmt: skip


def test_each_situation_and_each_example_of_the_protocol_can_be_raised(walk: Walk) -> None:
    rosalind = walk.be(ROSALIND)
    starred = Starred(agency=TRUST, recommendation="An appointment", action=REQUIRED, completed=walk.day(14))
    steps.makes_a_starred_recommendation(rosalind, replace(AISHA, reason=GROUNDS), starred)
    rosalind.sees(*GROUNDS)


READ = (
    "multi-agency support for children and young people", "The Conference Chairperson has the final say",
    "A conference cannot decide on wider action to keep a child safe, legal steps included",
    "a care planning meeting is held and that legal advice is sought",


    "The chair decides in what time the problem should be resolved",
    "This process never delays urgent action to protect a child", "Immediate safeguarding referral",
    "It is kept apart from this one", "In writing, where a professional, a child or a parent",
    "If it is upheld, the conference is reconvened", "24 hours is the same as 1 working day",
    "afterwards it is considered whether the concern goes to the complaints and appeals procedure",
    "An agency that does not accept a recommendation tells the chair",
)  # fmt: skip


def test_the_policy_is_read_on_its_own_page(walk: Walk) -> None:
    rosalind = walk.be(ROSALIND)
    rosalind.goes_home()
    rosalind.clicks("Policy")
    rosalind.unfolds_everything()
    rosalind.sees(*READ)
