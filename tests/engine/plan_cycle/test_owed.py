"""What is owed in a plan cycle and by whom, what meets it, what takes it away, and whose turn that makes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from tests.engine.plan_cycle import stories
from tests.engine.plan_cycle.lived import CALENDAR, START, Cycle, rules_of
from tests.protocol.written import changed
from undrift import library
from undrift.engine.dates.moments import LONDON
from undrift.engine.duties import of_what
from undrift.engine.musts import CycleMust
from undrift.engine.plan_cycle import acts, telling
from undrift.engine.plan_cycle.agenda import agenda, halfway
from undrift.engine.plan_cycle.decide import decide
from undrift.engine.plan_cycle.kinds import EVENTS
from undrift.engine.plan_cycle.offers import offers
from undrift.engine.plan_cycle.on_file import NOTHING, FiledChild, FiledConference, FiledPlan, OnFile, known
from undrift.engine.plan_cycle.standing import BEFORE_A_CONFERENCE, ENDED, ON_A_PLAN, TO_BE_ENDED, standing
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.protocol.clocks import parse
from undrift.protocol.reader import read

HELD, REVIEW = date(2026, 5, 1), date(2026, 7, 30)


def plan() -> Cycle:
    return Cycle("pan-lancashire").begun("maya").fixed("initial", HELD).held(HELD, REVIEW)


def under(step: str, **own: str) -> Cycle:
    """A cycle under the invented policy, whose one step is this."""
    clock = 'within = "1 working day"\nof = "conference"\n'
    text = read(changed((clock, step)), "heathmoor.toml")
    rules = Rules(text, CALENDAR, "working", own={name: parse(said) for name, said in own.items()})
    return Cycle(rules=rules).begun("maya")


def test_halfway_of_two_days_is_the_earlier() -> None:
    assert halfway(date(2026, 5, 1), date(2026, 5, 3)) == date(2026, 5, 2)
    assert halfway(date(2026, 5, 1), date(2026, 5, 4)) == date(2026, 5, 2)


def test_hours_count_from_the_moment_and_from_noon_where_only_the_day_is_known() -> None:
    step = 'within = "24 hours"\nof = "conference"\nmet_by = "sheet sent"\n'
    for at, hour in ((time(15, 30), 15), (None, 12)):
        cycle = under(step).fixed("initial", START)
        decision = {"maya": acts.Decision(True)}
        cycle.does(acts.HoldConference("c1", START, decision, time=at))
        (sheet,) = cycle.duties("sheet")
        assert sheet.due is not None
        assert sheet.due.instant is not None
        assert sheet.due.instant.hour + 1 == hour, "an hour ahead of UTC in summer"
        cycle.does(acts.SendSheet("c1", START + timedelta(1), ("All",), time(16)), on=START + timedelta(1))
        (sheet,) = cycle.duties("sheet")
        assert sheet.late(cycle.history[-1].at)


def test_hours_run_across_both_clock_changes() -> None:
    """Twenty-four hours from half past three end an hour later by the clock in March, an hour earlier in October."""
    step = 'within = "24 hours"\nof = "conference"\nmet_by = "sheet sent"\n'
    for held, ends in ((date(2026, 3, 28), time(16, 30)), (date(2026, 10, 24), time(14, 30))):
        cycle = Cycle(rules=under(step).rules).begun("maya", on=held).fixed("initial", held, today=held)
        cycle.does(acts.HoldConference("c1", held, {"maya": acts.Decision(True)}, time=time(15, 30)), on=held)
        (sheet,) = cycle.duties("sheet")
        assert sheet.due is not None
        assert sheet.due.instant is not None
        local = sheet.due.instant.astimezone(LONDON)
        assert (local.date(), local.time()) == (held + timedelta(1), ends)


def test_both_times_of_a_sheet_are_shown_and_the_earlier_is_kept() -> None:
    """The policy says 24 hours and 1 working day: a text that keeps both is due by the one that ends first."""
    step = 'within = "the shorter of 24 hours and 1 working day"\nof = "conference"\nmet_by = "sheet sent"\n'
    cycle = under(step).fixed("initial", HELD)
    cycle.does(acts.HoldConference("c1", HELD, {"maya": acts.Decision(True)}, time=time(15)), on=HELD)
    (sheet,) = cycle.duties("sheet")
    assert sheet.day == date(2026, 5, 2)
    assert sheet.due is not None
    proof = cycle.rules.proof(sheet.due).as_text()
    assert '"24 hours": Saturday 2 May 2026' in proof
    assert '"1 working day": Tuesday 5 May 2026' in proof


def test_a_sheet_and_a_discussion_without_a_time_are_owed_all_the_same() -> None:
    sheet = under('met_by = "sheet sent"\n').fixed("initial", START).held(START)
    assert sheet.owed("sheet") == [None]
    assert sheet.does(acts.SendSheet("c1", START, ("All",))).owed("sheet") == []
    talk = under('met_by = "discussion held"\n').fixed("initial", START)
    assert talk.owed("sheet") == [None]
    check = under('met_by = "check done"\n').fixed("initial", START).held(START, REVIEW)
    assert check.owed("sheet") == [None]


def test_a_step_of_the_whole_cycle_that_is_late_is_offered_for_each_child() -> None:
    step = 'of = "strategy discussion"\nwithin = "2 days"\nnot_done = { offers = "talk" }\ntells = ["head"]\n'
    cycle = under(step)
    cycle = Cycle(rules=cycle.rules).begun("maya", "jude", strategy=START)
    assert [o.children for o in cycle.offered(date(2026, 5, 8)).values()] == [("maya", "jude")]
    cycle.does(acts.DoStep("sheet", START))
    assert cycle.told() == {"chair", "head"}
    assert cycle.offered(date(2026, 5, 8)) == {}


def test_somebody_owes_a_step_that_names_nobody() -> None:
    cycle = under('of = "conference"\nwithin = "2 days"\n').fixed("initial", START).held(START)
    assert {d.who for d in cycle.duties("sheet")} == {"chair"}


def test_a_check_that_was_not_done_is_gone_when_the_next_conference_is_held() -> None:
    cycle = plan()
    assert cycle.owed("midpoint-check") == [date(2026, 6, 15)]
    cycle.held(REVIEW, date(2026, 12, 1))
    first, second = cycle.duties("midpoint-check")
    held = cycle.state.conferences["c2"].held
    assert held is not None
    assert (first.met, first.gone) == (None, held.at)
    assert second.owed


def test_a_review_that_ends_the_plan_is_the_next_one_too() -> None:
    cycle = plan().held(REVIEW, maya=False)
    (check,) = cycle.duties("midpoint-check")
    assert check.day == date(2026, 6, 15)
    assert not check.owed
    assert cycle.next.tag == TO_BE_ENDED


def test_a_key_action_is_gone_when_the_plan_of_each_of_its_children_ended() -> None:
    cycle = plan().does(acts.SetKeyAction("c1", ("maya",), "A visit.", date(2026, 5, 20), "Ada"), on=HELD)
    assert cycle.owed("key-action-feedback") == [date(2026, 5, 20)]
    cycle.does(acts.EndPlan("maya", HELD, "moved"), on=HELD)
    assert cycle.owed("key-action-feedback") == []


def test_a_policy_that_names_no_step_for_key_actions_has_them_all_the_same() -> None:
    cycle = Cycle().begun("maya").fixed("initial", HELD).held(HELD)
    cycle.does(acts.SetKeyAction("c1", ("maya",), "A visit.", date(2026, 5, 20), "Ada", "7"), on=HELD)
    assert cycle.told() == {": tell the chair how it stands"}
    (duty,) = cycle.duties(CycleMust.FEED_BACK)
    assert (duty.who, duty.person, duty.name, duty.day) == ("", "7", "Ada", date(2026, 5, 20))
    assert of_what(duty.key) == "k1"
    cycle.does(acts.SetKeyAction("c1", ("maya",), "A call.", date(2026, 5, 21), "Ada"), on=HELD)
    assert cycle.told() == set()
    cycle.does(acts.RecordLapse(duty.key), on=date(2026, 5, 21), by="system")
    assert ": tell the chair how it stands" in cycle.told()
    assert cycle.refused(acts.FeedBack("k2", HELD, True, "Done."), on=HELD, by="director").code == "not-yours"
    cycle.does(acts.FeedBack("k2", HELD, False, "There is no room."), on=HELD)
    assert [key for key in cycle.offered(HELD) if key.startswith("not done")] == []
    last = cycle.duties(CycleMust.FEED_BACK)[1]
    assert (last.who, last.name) == ("", "Ada")


def test_what_a_check_led_to_is_done_when_it_is_done() -> None:
    follow = CycleMust.DO_WHAT_FOLLOWS
    for step, act in (
        ("bring-forward", acts.MoveConference("c2", date(2026, 6, 1), "It is worse.")),
        ("note", acts.WriteNote("maya", "good", "Dear Maya,", "Ruth")),
    ):
        cycle = Cycle().begun("maya").fixed("initial", HELD).held(HELD, REVIEW)
        cycle.does(acts.FinishCheck("maya", HELD, "She sleeps.", "on-course", step), on=HELD)
        assert cycle.owed(follow) == [date(2026, 5, 6)]
        assert cycle.does(act, on=date(2026, 5, 2)).owed(follow) == []
    nothing = plan().does(acts.FinishCheck("maya", HELD, "She sleeps.", "on-course", "none"), on=HELD)
    assert nothing.duties(follow) == []


def test_an_authority_without_a_target_of_its_own_asks_without_a_date() -> None:
    cycle = Cycle(rules=rules_of("pan-lancashire", chair_decides_within=None)).begun("maya")
    cycle.fixed("initial", HELD).held(HELD)
    cycle.does(acts.NotAccept(("maya",), "Housing", "A house.", "There is none."), on=HELD)
    assert cycle.owed(CycleMust.TAKE_UP) == [None]


def test_an_appeal_that_is_upheld_is_followed_by_a_conference_held_again() -> None:
    cycle = plan()
    cycle.does(acts.TakeRoute("appeal", HELD, "Her mother", "parent", conference="c1"), on=HELD)
    assert cycle.told() == {"directorate-safeguarding-manager: decide on it", "chair"}
    (asked,) = cycle.duties(CycleMust.DECIDE_ON_IT)
    assert (asked.who, asked.due) == ("directorate-safeguarding-manager", None)
    no = Cycle("pan-lancashire").begun("maya").fixed("initial", HELD).held(HELD)
    no.does(acts.TakeRoute("appeal", HELD, "Her mother", "parent", conference="c1"), on=HELD)
    no.does(acts.DecideRoute("r1", False, "It was well run."), on=HELD, by="directorate-safeguarding-manager")
    assert (no.told(), no.duties(CycleMust.RECONVENE)) == ({"chair"}, [])
    no.does(acts.TakeRoute("appeal", HELD, "Her father", "parent", conference="c1"), on=HELD)
    no.does(acts.DecideRoute("r2", True, "He was not asked."), on=HELD, by="directorate-safeguarding-manager")
    assert no.owed(CycleMust.RECONVENE) == [date(2026, 5, 6)]
    no.does(acts.FixConference("reconvened", date(2026, 5, 15), reconvenes="c1"), on=HELD)
    assert no.owed(CycleMust.RECONVENE) == []
    assert no.state.conferences["c2"].is_initial


def test_a_conference_is_held_again_although_a_review_is_fixed() -> None:
    """Every plan that was made has its review fixed: an appeal that is upheld does not wait for it."""
    cycle = Cycle("pan-lancashire").begun("maya").fixed("initial", HELD).held(HELD, date(2026, 7, 21))
    midway = cycle.duties("midpoint-check")
    cycle.does(acts.TakeRoute("appeal", HELD, "Her mother", "parent", conference="c1"), on=HELD)
    cycle.does(acts.DecideRoute("r1", True, "So it was."), on=HELD, by="directorate-safeguarding-manager")
    again = acts.FixConference("reconvened", date(2026, 5, 15), reconvenes="c1")
    cycle.does(again, on=HELD)
    assert cycle.owed(CycleMust.RECONVENE) == []
    assert cycle.duties("midpoint-check") == midway, "it counts from the plan's own conferences"
    assert cycle.refused(again, on=HELD).code == "fixed"
    review = acts.FixConference("review", date(2026, 7, 20))
    assert cycle.refused(review, on=HELD).sentence == "A conference is fixed already: move it, or cancel it"
    on = date(2026, 5, 15)
    said = acts.HoldConference("c3", on, {"maya": acts.Decision(True)}, next_review=date(2026, 8, 3))
    assert cycle.refused(said, on=on).about == "next_review"
    cycle.does(replace(said, next_review=None), on=on)
    assert [c.id for c in cycle.state.ahead] == ["c2"], "the review stays"


def test_an_appeal_after_the_end_is_decided_and_the_child_is_discussed_again() -> None:
    """No plan was made, the cycle ended, and the mother appeals within her 21 days."""
    cycle = Cycle("pan-lancashire").begun().fixed("initial", HELD).held(HELD, maya=False, jude=False)
    cycle.does(acts.EndCycle("No plan is needed."), on=HELD)
    later = date(2026, 5, 11)
    cycle.does(acts.TakeRoute("appeal", later, "Her mother", "parent", conference="c1", children=("maya",)), on=later)
    assert (cycle.next.tag, cycle.next.who) == (ENDED, "directorate-safeguarding-manager")
    assert cycle.offered(later) == {}
    cycle.does(acts.DecideRoute("r1", True, "She was not heard."), on=later, by="directorate-safeguarding-manager")
    assert (cycle.state.ended, cycle.next.who) == (None, "chair")
    assert cycle.refused(acts.FixConference("reconvened", later, ("noor",), reconvenes="c1"), on=later).about == "child"
    cycle.does(acts.FixConference("reconvened", later, ("maya",), reconvenes="c1"), on=later)
    assert cycle.owed(CycleMust.RECONVENE) == []
    cycle.does(acts.HoldConference("c2", later, {"maya": acts.Decision(True)}), on=later)
    assert cycle.state.children["maya"].on_plan == later
    assert not cycle.state.children["jude"].open
    assert cycle.next.tag == ON_A_PLAN
    everybody = Cycle("pan-lancashire").begun().fixed("initial", HELD).held(HELD, maya=False)
    everybody.does(acts.FixConference("reconvened", later, reconvenes="c1"), on=HELD)
    assert everybody.state.conferences["c2"].children == ("maya", "jude")
    assert everybody.refused(acts.FixConference("review", later, ("maya",)), on=HELD).code == "child-ended"


def test_good_practice_may_be_written_after_the_end() -> None:
    cycle = Cycle().begun("maya").fixed("initial", HELD).held(HELD, maya=False)
    cycle.does(acts.EndCycle("No plan is needed."), on=HELD)
    cycle.does(acts.WriteNote("maya", "good", "Dear Maya,", "Ruth"), on=HELD)
    assert len(cycle.state.notes) == 1


def test_whose_turn_it_is_goes_from_the_conference_to_the_end() -> None:
    cycle = Cycle("pan-lancashire").begun("maya", strategy=date(2026, 4, 29))
    assert (cycle.next.tag, cycle.next.must, cycle.next.day) == (BEFORE_A_CONFERENCE, CycleMust.FIX, date(2026, 5, 21))
    cycle.fixed("initial", HELD)
    assert (cycle.next.must, cycle.next.day) == (CycleMust.HOLD, HELD)
    cycle.held(HELD)
    assert (cycle.next.tag, cycle.next.must, cycle.next.who) == (ON_A_PLAN, "decision-sheet", "chair")
    cycle.does(acts.EndPlan("maya", HELD, "grown-up"), on=HELD)
    assert cycle.next.tag == TO_BE_ENDED
    cycle.does(acts.EndCycle("She is eighteen."), on=HELD)
    assert (cycle.next.tag, cycle.next.none_because) == (ENDED, "The plan cycle has ended and is nobody’s turn.")
    assert not any(d.owed for d in agenda(cycle.rules, cycle.state))


def test_a_policy_of_no_steps_at_all_is_lived_by_the_law() -> None:
    bare = library.load("walsall").model_copy(update={"milestones": ()})
    cycle = Cycle(rules=Rules(bare, CALENDAR, "working")).begun("maya").fixed("initial", HELD).held(HELD)
    assert {d.must for d in agenda(cycle.rules, cycle.state)} == {CycleMust.FIX, CycleMust.HOLD}
    cycle.does(acts.NotAccept(("maya",), "Housing", "A house.", "There is none."), on=HELD)
    offer = cycle.offered(HELD)["not accepted:5"]
    assert (offer.stage, offer.agency, offer.wording) == ("informal", "Housing", "A house.")
    cycle.does(acts.FinishCheck("maya", HELD, "She waits.", "concern", "raise"), on=HELD)
    assert cycle.offered(HELD)["check:6"].stage == "stage-1"
    cycle.does(acts.FixConference("review", date(2026, 6, 1)), on=HELD)
    cycle.does(acts.CancelConference("c2", "It was not needed."), on=HELD)
    assert "cancelled:c2" not in cycle.offered(HELD)
    cycle.does(acts.HoldCoreGroup(("maya",), HELD), on=HELD)
    cycle.does(acts.SendSheet("c1", HELD, ("All",)), on=HELD)
    cycle.does(acts.WriteOutline("c1", "maya", ("All of it.",)), on=HELD)


# On file -------------------------------------------------------------------------------------------------------------


def test_what_is_on_file_meets_and_dates_what_is_owed_and_the_history_goes_before_it() -> None:
    cycle = (
        Cycle().begun("maya", "jude", on=date(2026, 4, 1)).fixed("initial", date(2026, 4, 20), today=date(2026, 4, 1))
    )
    filed = OnFile(
        (FiledConference("initial", date(2026, 4, 23), ("maya",)), FiledConference("review", REVIEW, ("maya", "noor")),
         FiledConference("review", REVIEW, ("noor",))),
        {"maya": FiledChild((date(2026, 5, 7),), (date(2026, 6, 12),), plan_began=date(2026, 4, 22))},
    )  # fmt: skip
    state = known(cycle.state, filed)
    assert state.conferences["c1"].held is not None
    assert state.conferences["c1"].held.on == date(2026, 4, 23)
    assert list(state.conferences) == ["c1", "f2"]
    maya = state.children["maya"]
    assert (maya.on_plan, maya.core_groups) == (date(2026, 4, 22), (date(2026, 5, 7),))
    owed = {d.key for d in agenda(cycle.rules, state) if d.owed and d.subject == "maya"}
    assert "0:core-group:maya" not in owed
    assert "0:core-group:maya:2" in owed
    assert "0:midway-check:maya" not in owed
    assert known(cycle.state, NOTHING) == cycle.state
    again = known(cycle.held(date(2026, 4, 23), maya=True, jude=True).state, filed)
    assert list(again.conferences) == ["c1", "f2"]
    assert again.conferences["c1"].decided.keys() == {"maya", "jude"}


def planned(cycle: Cycle, *plans: FiledPlan) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The conferences that a file alone plans, as they are laid over the state: the kind, and of which children."""
    state = known(cycle.state, OnFile(planned=plans))
    return {c.id: (c.kind, c.children) for c in state.conferences.values() if not c.number}


def test_a_conference_that_a_file_plans_counts_as_fixed_until_the_history_says_otherwise() -> None:
    cycle, later = Cycle().begun(on=date(2026, 4, 1)), date(2026, 4, 20)
    initial, review = FiledPlan("initial", later, date(2026, 4, 2)), FiledPlan("review", later)
    assert planned(cycle, initial) == {"p1": ("initial", ("maya", "jude"))}
    assert planned(cycle, review) == {}, "nobody has a plan to review"
    twice = FiledPlan("initial", date(2026, 4, 22))
    assert planned(cycle, twice, initial) == {
        "p1": ("initial", ("maya", "jude")), "p2": ("initial", ("maya", "jude")),
    }  # fmt: skip
    cycle.fixed("initial", date(2026, 4, 23), today=date(2026, 4, 2), children=("maya",))
    assert planned(cycle, initial) == {"p1": ("initial", ("jude",))}, "of maya the chair has fixed one"


def test_a_conference_that_was_held_or_called_off_at_about_that_day_is_planned_no_more() -> None:
    cycle = Cycle().begun(on=date(2026, 4, 1)).fixed("initial", date(2026, 4, 20), today=date(2026, 4, 1))
    cycle.held(date(2026, 4, 20), maya=True, jude=True)
    assert planned(cycle, FiledPlan("review", date(2026, 4, 30))) == {}
    assert planned(cycle, FiledPlan("review", REVIEW)) == {"p1": ("review", ("maya", "jude"))}
    cycle.fixed("review", REVIEW, today=date(2026, 5, 1))
    cycle.does(acts.CancelConference("c2", "The family has moved."), on=date(2026, 5, 4))
    assert planned(cycle, FiledPlan("review", REVIEW)) == {}


def test_what_is_late_by_a_file_is_taken_up_as_what_is_late_by_the_history() -> None:
    """The conference was recorded elsewhere; since then no core group is on file."""
    cycle = Cycle("pan-lancashire").begun("maya", on=date(2026, 4, 1))
    filed = OnFile((FiledConference("initial", date(2026, 4, 10), ("maya",)),))
    later = date(2026, 5, 11)
    state, at = known(cycle.state, filed), datetime.combine(later, time(16), LONDON)
    keys = [offer.key for offer in offers(cycle.rules, state, at)]
    assert keys == ["late:0:core-group-meeting:maya"]
    act = acts.BeginConcern(keys[0], "SR-1")
    assert cycle.refused(act, on=later).code == "not-offered"
    by = cycle.history[0].by
    found = decide(cycle.rules, cycle.state, act, by, at, filed)
    assert not isinstance(found, Refusal)
    cycle.keep(found[0])
    assert list(offers(cycle.rules, known(cycle.state, filed), at)) == []
    *_, entry = telling.entries(cycle.rules, cycle.history, {})
    assert tuple(entry.children) == ("maya",)
    # No file says when its sheet was sent, and nobody could say so here.
    assert [d.must for d in agenda(cycle.rules, state) if d.subject == "f1"] == ["hold the conference"]
    assert cycle.fixed("review", date(2026, 7, 1), today=later).state.conferences.keys() == {"c1"}


def test_a_plan_that_a_file_begins_earlier_counts_from_then() -> None:
    cycle = plan()
    filed = OnFile(children={"maya": FiledChild(checks=(HELD,), plan_began=date(2026, 5, 20))})
    assert known(cycle.state, filed).children["maya"].on_plan == HELD
    cycle.does(acts.FinishCheck("maya", HELD, "She sleeps.", "on-course", "none"), on=HELD)
    assert len(known(cycle.state, filed).children["maya"].checks) == 1


def over(on: date, told: datetime | None = None, child: str = "maya") -> OnFile:
    return OnFile(children={child: FiledChild(plan_ended=on, end_told=told)})


def test_a_plan_that_is_over_on_file_is_over_here_and_nothing_more_is_owed_for_the_child() -> None:
    cycle, told = plan(), datetime(2026, 6, 8, 9, tzinfo=LONDON)
    state = known(cycle.state, over(date(2026, 6, 4), told))
    assert (state.children["maya"].ended, state.children["maya"].ended_at) == (date(2026, 6, 4), told)
    of_the_sheet = {d.key for d in agenda(cycle.rules, state) if d.owed and d.subject == "c1"}
    assert {d.must for d in agenda(cycle.rules, state) if d.owed and d.key not in of_the_sheet} == {CycleMust.END}
    assert standing(cycle.rules, state).tag == TO_BE_ENDED
    assert known(cycle.state, over(date(2026, 4, 30))).children["maya"].open, "the conference of 1 May is the later"


def test_what_is_over_on_file_lets_the_cycle_end_and_stops_nobody_who_records_what_was() -> None:
    cycle, file = plan(), over(date(2026, 6, 4))
    by, at = cycle.history[0].by, datetime(2026, 6, 9, 9, tzinfo=LONDON)
    end = acts.EndCycle("She is safe.")
    refused = decide(cycle.rules, cycle.state, end, by, at, NOTHING)
    assert isinstance(refused, Refusal)
    assert refused.code == "on-plan"
    cycle.does(acts.CancelConference("c2", "She has no plan."), on=HELD)
    assert isinstance(decide(cycle.rules, cycle.state, end, by, at, file), tuple)
    assert isinstance(
        decide(cycle.rules, cycle.state, acts.RecordEvent("maya", HELD, "She fell."), by, at, file), tuple
    )


def test_a_plan_that_only_a_file_knew_is_over_where_it_ran_when_the_cycle_began_by_its_days_or_as_was_known() -> None:
    cycle = Cycle().begun("maya")
    before, after = datetime(2026, 4, 29, 9, tzinfo=LONDON), datetime(2026, 5, 2, 9, tzinfo=LONDON)
    assert not known(cycle.state, over(START)).children["maya"].open
    assert not known(cycle.state, over(date(2026, 4, 28), after)).children["maya"].open
    assert known(cycle.state, over(date(2026, 4, 28), before)).children["maya"].open
    assert known(cycle.state, over(date(2026, 4, 28))).children["maya"].open


def test_a_conference_after_the_plans_of_all_its_children_is_not_to_be_held_and_an_earlier_one_is() -> None:
    cycle = Cycle().begun().fixed("initial", HELD).held(HELD).fixed("review", REVIEW, today=HELD)
    later = date(2026, 6, 4)
    cycle.does(acts.EndPlan("maya", later, "moved"), on=later)
    assert cycle.owed(CycleMust.HOLD) == [REVIEW], "it is of Jude, too"
    cycle.does(acts.EndPlan("jude", later, "moved"), on=later)
    assert cycle.owed(CycleMust.HOLD) == []
    cycle = Cycle().begun("maya").fixed("initial", HELD).held(HELD).fixed("review", later, today=HELD)
    cycle.does(acts.EndPlan("maya", date(2026, 6, 5), "moved"), on=date(2026, 6, 8))
    assert cycle.owed(CycleMust.HOLD) == [later], "it may have ended the plan, and was not recorded yet"
    cycle.does(acts.PostponeConference("c2", "The hall is shut."), on=date(2026, 6, 8))
    assert cycle.owed(CycleMust.HOLD) == []


# Tried out -----------------------------------------------------------------------------------------------------------


def test_stories_reach_every_kind_of_event() -> None:
    assert {e.type for story in stories.stories() for e in story.history} == EVENTS.keys()
