"""A child has died: nobody owes anything there, and what is about a brother or sister goes on for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.engine.plan_cycle.lived import START as BEGAN
from tests.engine.plan_cycle.lived import Cycle
from tests.engine.test_refused import both
from tests.engine.test_telling import GRACE, PLAN, PRIYA, RULES, Story
from undrift.engine.duties import must_of
from undrift.engine.events import SYSTEM
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import agenda
from undrift.engine.ladder.fold import fold
from undrift.engine.ladder.moves import moves
from undrift.engine.ladder.standing import standing
from undrift.engine.ladder.state import State, with_the_dead
from undrift.engine.ladder.told import told
from undrift.engine.musts import Must
from undrift.engine.next_step import HELD
from undrift.engine.plan_cycle import acts as of_cycle
from undrift.engine.plan_cycle.agenda import agenda as agenda_of_a_cycle
from undrift.engine.plan_cycle.decide import moves as moves_of_a_cycle
from undrift.engine.plan_cycle.state import with_the_dead as cycle_with_the_dead
from undrift.engine.refusal import Refusal

RISK = acts.Risk("We rang 999.")


def dies(story: Story, *names: str) -> State:
    assert story.state is not None
    story.state = with_the_dead(story.state, names)
    return story.state


def test_where_nobody_lives_nobody_owes_anything_and_it_is_nobodys_turn() -> None:
    story = Story(risk=RISK)
    assert story.state is not None
    assert (story.state.risk_now, bool(story.state.at_risk), bool(story.state.not_rung_back)) == (True, True, True)
    state = dies(story, "maya", "somebody of another record")
    assert (state.held, agenda(RULES, state, story.at(40))) == (True, ())
    step = standing(RULES, state, story.at(40))
    assert (step.tag, step.must, step.who, step.day) == (HELD, "", "", None)
    assert step.none_because == "The child has died. This record is held as it is: no date of it passes."
    assert (state.risk_now, state.at_risk, state.not_rung_back) == (False, (), ())


def test_what_is_held_is_added_to_and_ended_and_nobody_is_told() -> None:
    story = Story()
    state = dies(story, "maya")
    allowed = {name for name, move in moves(RULES, state, GRACE, story.at(1)).items() if move.allowed}
    assert allowed == {"note", "correct", "file", "close", "withdraw"}
    refused = story.decided(PRIYA, acts.Respond("agree", "Yes.", (PLAN,)), 1)
    assert isinstance(refused, Refusal)
    assert refused.code == "held"
    story.says(GRACE, acts.Close("died", "The review takes it up."), days=1)
    assert story.state is not None
    assert (told(RULES, story.state, story.history[-1]), story.state.held) == ((), False)
    refused = story.decided(GRACE, acts.ReopenChild("maya", "Again."), 2)
    assert isinstance(refused, Refusal)
    assert refused.code == "held"


def test_two_children_who_have_died_are_two() -> None:
    state = dies(Story("maya", "jude"), "maya", "jude")
    assert standing(RULES, state, state.raised).none_because.startswith("The children have died.")


def test_it_is_held_once_the_part_of_the_one_who_lives_has_ended() -> None:
    story = Story("maya", "jude")
    assert not dies(story, "maya").held
    story.says(GRACE, acts.EndForChild("jude", "moved", "His new council has the file."), days=1)
    assert story.state is not None
    assert (story.state.ended, story.state.held) == (None, True)


def test_of_several_children_it_goes_on_for_those_who_live() -> None:
    story = both()
    state = dies(story, "maya")
    assert not state.held
    assert [child.id for child in state.unsettled] == ["jude"]
    story.says(GRACE, acts.Judge({"jude": True}), days=7).says(GRACE, acts.DropAction("a1", "It is done."), days=7)
    assert story.state is not None
    assert story.state.accepted
    story.says(GRACE, acts.Resolve({"jude": "He is seen weekly."}), days=8)


def test_a_settled_brother_with_something_still_to_do_for_him_is_not_held() -> None:
    story = Story("maya", "jude").answered().says(GRACE, acts.Judge({"maya": True, "jude": True}), days=6)
    state = dies(story, "maya")
    assert standing(RULES, state, story.at(7)).must == Must.DO_THE_ACTION


@pytest.mark.parametrize("first", ["judged", "died"])
def test_where_all_who_live_are_settled_the_chair_owes_no_decision(first: str) -> None:
    """Whether the chair judged before or after: it is read from a history that knows of no death."""
    story = Story("maya", "jude").answered()
    if first == "died":
        dies(story, "maya")
        story.says(GRACE, acts.Judge({"jude": True}), days=6)
    else:
        story.says(GRACE, acts.Judge({"jude": True, "maya": False}, "There is no date for her."), days=6)
    read = fold(RULES.protocol, story.history)
    assert read is not None
    owed = {d.must for d in agenda(RULES, read, story.at(40)) if d.owed}
    assert Must.DECIDE in owed
    state = with_the_dead(read, ["maya"])
    decided = [d for d in agenda(RULES, state, story.at(40)) if d.must == Must.DECIDE]
    assert [(d.met, d.owed) for d in decided] == [(story.history[-1].at, False)]
    assert with_the_dead(read, []) == read, "given back as it was"


def test_a_child_that_is_opened_again_while_a_brother_is_dead_has_a_date_from_then_on() -> None:
    alone = Story("maya").answered().says(GRACE, acts.Judge({"maya": True}), days=6)
    again = acts.ReopenChild("maya", "She waits once more.")
    alone.says(GRACE, again, days=20)
    story = both()
    dies(story, "jude")
    story.says(GRACE, again, days=20)
    read = fold(RULES.protocol, story.history)
    assert read is not None
    assert alone.state is not None

    def owed(state: State) -> list[object]:
        return [(d.due, d.nth) for d in agenda(RULES, state, story.at(21)) if d.must == Must.DECIDE and d.owed]

    assert owed(with_the_dead(read, ["jude"])) == owed(alone.state) != []


def test_what_was_agreed_or_told_for_the_one_who_died_alone_is_asked_no_more() -> None:
    story = both()
    assert story.state is not None
    before = [d.key for d in agenda(RULES, story.state, story.at(40)) if d.must == Must.DO_THE_ACTION]
    assert before
    of_maya = {key: replace(action, children=("maya",)) for key, action in story.state.actions.items()}
    story.state = replace(story.state, actions=of_maya)
    story.says(GRACE, acts.RecordUrgentAction("She was seen.", children=("maya",)), days=6)
    story.says(SYSTEM, acts.RecordPlanEnd("maya", date(2026, 5, 1)), days=7)
    state = dies(story, "maya")
    assert (state.open_actions, state.risk_now, state.at_risk, state.not_rung_back) == ((), False, (), ())
    kinds = {d.must for d in agenda(RULES, state, story.at(40))}
    assert not kinds & {Must.DO_THE_ACTION, Must.RING, Must.DECIDE_IF_IT_GOES_ON}
    assert state.plans_ended == ()


def test_once_the_plan_of_the_one_who_lives_ends_whoever_approves_still_has_the_answer() -> None:
    story = Story("maya", "jude").says(PRIYA, acts.Respond("agree", "Yes.", (PLAN,)), days=1)
    story.says(SYSTEM, acts.RecordPlanEnd("jude", date(2026, 5, 1)), days=2)
    state = dies(story, "maya")
    assert standing(RULES, state, story.at(3)).must == Must.DECIDE_IF_IT_GOES_ON
    assert [d.who for d in agenda(RULES, state, story.at(3)) if d.must == Must.APPROVE and d.owed] == ["group-manager"]


# A plan cycle ---------------------------------------------------------------------------------------------------------


def a_cycle() -> Cycle:
    return Cycle().begun().fixed("initial", BEGAN).held(BEGAN, date(2026, 7, 20))


def of_the_dead(cycle: Cycle, *names: str) -> Cycle:
    cycle._state = cycle_with_the_dead(cycle.state, names)
    return cycle


def test_of_a_plan_cycle_only_the_parts_of_the_living_are_owed() -> None:
    cycle = a_cycle().does(acts_for_maya(), on=BEGAN)
    both_owe = {d.subject for d in agenda_of_a_cycle(cycle.rules, cycle.state)}
    of_the_dead(cycle, "maya")
    left = {d.subject for d in agenda_of_a_cycle(cycle.rules, cycle.state)}
    assert both_owe - left == {"maya", "k1"}
    assert cycle.next.tag != HELD


def test_of_a_key_one_reads_back_what_is_owed_in_a_plan_cycle() -> None:
    cycle = a_cycle()
    for duty in agenda_of_a_cycle(cycle.rules, cycle.state):
        assert must_of(duty.key) == duty.must


def test_of_a_conference_about_one_who_died_nothing_is_owed() -> None:
    day = BEGAN + timedelta(days=10)
    cycle = Cycle().begun().fixed("initial", day, children=("maya",))
    (fixed,) = cycle.state.conferences
    assert fixed in {d.subject for d in agenda_of_a_cycle(cycle.rules, cycle.state)}
    of_the_dead(cycle, "maya")
    assert fixed not in {d.subject for d in agenda_of_a_cycle(cycle.rules, cycle.state)}
    assert cycle.next.tag != HELD


def acts_for_maya() -> of_cycle.SetKeyAction:
    return of_cycle.SetKeyAction("c1", ("maya",), "A visit.", date(2026, 5, 20), "Ada")


def test_a_plan_cycle_of_nobody_who_lives_is_held() -> None:
    cycle = of_the_dead(a_cycle().does(acts_for_maya(), on=BEGAN), "maya", "jude")
    assert (agenda_of_a_cycle(cycle.rules, cycle.state), cycle.next.tag) == ((), HELD)
    assert cycle.offered(BEGAN + timedelta(days=90)) == {}
    chair = GRACE.__class__("1", "Grace", frozenset({cycle.rules.protocol.chair}))
    now = cycle.state.begun + timedelta(days=40)
    allowed = {name for name, move in moves_of_a_cycle(cycle.rules, cycle.state, chair, now).items() if move.allowed}
    assert allowed == {"record_event", "correct", "cancel_conference", "end_plan", "end_cycle"}
    assert cycle.refused(acts_for_maya(), on=BEGAN).code == "held"
    cycle.does(of_cycle.CancelConference("c2", "She has died."), on=BEGAN)
    assert cycle.told() == set()
    for child in ("maya", "jude"):
        cycle.does(of_cycle.EndPlan(child, BEGAN, "died"), on=BEGAN)
    cycle.does(of_cycle.EndCycle("Nobody lives."), on=BEGAN)
    assert cycle.next.tag == "Plan cycle ended"


@pytest.mark.parametrize("who", ["maya", "jude"])
def test_a_check_of_one_who_died_points_nothing_out(who: str) -> None:
    from undrift.engine.plan_cycle.on_file import NOTHING
    from undrift.engine.plan_cycle.prompts import prompts

    cycle = of_the_dead(a_cycle(), "maya")
    found = prompts(cycle.rules, cycle.state, NOTHING, who, date(2026, 7, 1))
    assert bool(found) is (who == "jude")
