"""What the reader accepts, the engine does; what the engine cannot do, the reader refuses with its line.

Every word below is either played through the engine, with what has to follow, or refused. A word of the language that
stands in neither table is not accounted for, and the last test says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from tests.protocol.written import SOUND, changed
from undrift import library
from undrift.engine.dates.moments import london_date
from undrift.engine.duties import Duty
from undrift.engine.events import By, Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import agenda
from undrift.engine.ladder.decide import decide
from undrift.engine.ladder.fold import advance
from undrift.engine.ladder.moving import REASONS
from undrift.engine.ladder.standing import standing
from undrift.engine.ladder.state import State
from undrift.engine.ladder.told import told
from undrift.engine.musts import CycleMust
from undrift.engine.plan_cycle import acts as cycle_acts
from undrift.engine.plan_cycle import state as cycle_state
from undrift.engine.plan_cycle.agenda import agenda as cycle_agenda
from undrift.engine.plan_cycle.decide import decide as decide_cycle
from undrift.engine.plan_cycle.fold import advance as advance_cycle
from undrift.engine.plan_cycle.offers import offers
from undrift.engine.plan_cycle.told import told as told_cycle
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.trying.simulate import simulate
from undrift.library import calendars
from undrift.protocol import model
from undrift.protocol.checks.undone import FAMILY, WORDS
from undrift.protocol.clocks import Clock, Counted, Unit
from undrift.protocol.linter import checks
from undrift.protocol.model import (
    CapEvent,
    Condition,
    ConferenceEvent,
    CycleEvent,
    MetBy,
    Outcome,
    Stage,
    StageEvent,
    StartEvent,
)
from undrift.protocol.reader import Fault, ProtocolError, read

START = datetime(2026, 4, 30, 9, 15, tzinfo=UTC)  # a Thursday; Monday 4 May is a bank holiday
CALENDAR = calendars.load("england-and-wales")
ANSWER = 'duty = [{ who = "manager", must = "respond", within = "8 working days", approved_by = "head" }]'
TOP_ANSWER = 'duty = [{ who = "director", must = "respond", within = "6 working days" }]'
TALK = 'duty = [{ who = "manager", must = "settle", within = "5 working days", of = "entered" }]'
FORMAL_EXITS = """exits = [
  { to = "resolved", when = ["accepted"] },
  { to = "top", when = ["not answered", "not accepted", "not done"] },
]"""
OPEN = ("may_start_here = false\n", "")
STEP = (
    '[[milestone]]\nid = "sheet"\ntitle = "Decision sheet"\ndone = "sent the decision sheet"\n'
    'who = "chair"\nwithin = "1 working day"\nof = "conference"\n'
)


def speaks(more: str) -> tuple[str, str]:
    """The formal stage, where the chair has to speak with the head as well."""
    return ANSWER, f'{ANSWER[:-1]}, {{ who = "chair", must = "speak", to = "head", within = "2 working days"{more} }}]'


UNCAPPED = ('over = ["formal", "top"]', 'over = ["formal"]')
STEP_FIRST = """[[stage]]
id = "step"
title = "Step"
formality = "plan cycle"
kind = "milestone"
clause = "0"
to = ["manager"]
duty = [{ who = "chair", must = "sheet", within = "1 working day" }]
exits = [{ to = "talk", when = ["done"] }]

[[stage]]
id = "talk\""""


class Case:
    """A concern under a changed text: the cast acts on it, day by day."""

    def __init__(self, *changes: tuple[str, str]) -> None:
        self.rules = Rules(read(changed(*changes), "heathmoor.toml"), CALENDAR, bare_days="working")
        self.state: State | None = None
        self.last: Event
        self.now = START

    def does(self, who: str, act: acts.Act, *, days: int = 0) -> Case:
        found = self.tries(who, act, days=days)
        assert not isinstance(found, Refusal), found
        for event in found:
            self.state = advance(self.rules.protocol, self.state, event)
            self.last = event
        return self

    def tries(self, who: str, act: acts.Act, *, days: int = 0) -> tuple[Event, ...] | Refusal:
        self.now = max(self.now, START + timedelta(days=days))
        return decide(self.rules, self.state, act, By(who, who, frozenset({who})), self.now)

    def raised(self, stage: str, *, spoke: str = "") -> Case:
        talk = acts.Conversation("phone", to=spoke) if spoke else None
        children = (acts.ChildConcern("maya", "She waits."),)
        return self.does("chair", acts.Raise(stage, children, concern="Drift", spoke=talk, why_this_stage="Grave"))

    def answered(self, *, days: int, approved: int | None = None) -> Case:
        self.does("manager", acts.Respond("agree", "It is written."), days=days)
        return self.does("head", acts.Approve(), days=approved) if approved is not None else self

    def judged(self, settled: bool, *, days: int) -> Case:
        return self.does("chair", acts.Judge({"maya": settled}, "So it is."), days=days)

    def owes(self, must: str) -> Duty | None:
        assert self.state is not None
        return next((d for d in agenda(self.rules, self.state, self.now) if d.must == must and d.owed), None)

    def due(self, must: str) -> date | None:
        owed = self.owes(must)
        return owed.day if owed else None


# Done ----------------------------------------------------------------------------------------------------------------


def of_entered() -> None:
    assert Case(OPEN).raised("formal").due("respond") == date(2026, 5, 13)


def of_raised() -> None:
    case = Case((TOP_ANSWER, TOP_ANSWER.replace(" }]", ', of = "raised" }]')), OPEN, ('within = "14', 'within = "30'))
    case.raised("formal").does("chair", acts.MoveOn("top", "not answered"), days=14)
    assert case.due("respond") == date(2026, 5, 11)  # six working days from 30 April, when it was raised


def of_spoke() -> None:
    """From the first conversation; as long as there was none, from when the stage began, so that it has a date."""
    case = Case(speaks(', of = "spoke"'), OPEN).raised("formal")
    assert case.due("speak") == date(2026, 5, 5)
    case.does("chair", acts.Speak(acts.Conversation("phone", to="manager")), days=5)
    assert case.due("speak") == date(2026, 5, 7)


def of_approved() -> None:
    case = (
        Case(speaks(', of = "approved"'), OPEN)
        .raised("formal")
        .does("chair", acts.Speak(acts.Conversation("phone", to="head")))
    )
    assert case.due("speak") is None
    case.answered(days=5, approved=6)
    assert case.due("speak") == date(2026, 5, 8)


def of_not_accepted() -> None:
    """The conversation that comes first does not meet a duty to speak once the answer is found wanting."""
    case = Case(speaks(', of = "not accepted"'), OPEN).raised("formal")
    case.does("chair", acts.Speak(acts.Conversation("phone", to="head")))
    case.answered(days=5, approved=6).judged(False, days=7)
    assert case.due("speak") == date(2026, 5, 11)
    case.does("chair", acts.Speak(acts.Conversation("phone", to="head")), days=8)
    assert case.owes("speak") is None


def when_not_accepted() -> None:
    more = ', of = "not accepted", when = ["not accepted"]'
    assert Case(speaks(more), OPEN).raised("formal").owes("speak") is None
    lost = Case(speaks(more), OPEN).raised("formal").answered(days=5, approved=6).judged(False, days=7)
    assert lost.due("speak") == date(2026, 5, 11)
    won = Case(speaks(more), OPEN).raised("formal").answered(days=5, approved=6).judged(True, days=7)
    assert won.owes("speak") is None


def cap_of_raised() -> None:
    """The stage would give until 22 May; fourteen working days from when it was raised end on 21 May."""
    case = Case(OPEN, ('within = "14', 'of = "raised"\nclause = "9"\nwithin = "14')).raised("formal")
    case.does("chair", acts.MoveOn("top", "not answered"), days=14)
    owed = case.owes("respond")
    assert owed is not None
    assert (owed.day, owed.clause) == (date(2026, 5, 21), "9")


def cap_of_entered() -> None:
    case = Case(('within = "14', 'of = "entered"\nwithin = "10')).raised("talk", spoke="manager")
    case.judged(False, days=4)
    case.does("chair", acts.MoveOn("formal", "not accepted"), days=4)
    assert case.due("respond") == date(2026, 5, 14)  # its own time: the cap began with this stage
    case.does("chair", acts.MoveOn("top", "not answered"), days=16)
    assert case.due("respond") == date(2026, 5, 18)  # ten working days from 4 May, when the first of them began


def a_cap_that_is_later() -> None:
    assert Case(OPEN).raised("formal").due("respond") == date(2026, 5, 13)


def equivalent() -> None:
    """24 hours from a Thursday end on Friday, from a Friday on Monday: they are counted as one working day."""
    said = ('applies_to = ["child protection plan"]\n',
            'applies_to = ["child protection plan"]\nequivalent = ["24 hours = 1 working day"]\n')  # fmt: skip
    case = Case(said, (TOP_ANSWER, TOP_ANSWER.replace("6 working days", "24 hours")))
    case.now = datetime(2026, 5, 8, 15, tzinfo=UTC)  # a Friday afternoon
    case.raised("top")
    owed = case.owes("respond")
    assert owed is not None
    assert owed.day == date(2026, 5, 11)
    assert owed.ends is not None
    assert london_date(owed.ends) == date(2026, 5, 11)


def kind_milestone() -> None:
    """A step of the plan cycle has its date, nothing is raised at it, and what follows it begins on its last day."""
    case = Case(('[[stage]]\nid = "talk"', STEP_FIRST))
    refused = case.tries("chair", acts.Raise("step", (acts.ChildConcern("maya", "She waits."),), concern="Drift"))
    assert isinstance(refused, Refusal)
    assert refused.code == "plan-cycle"
    step, talk, *_ = simulate(case.rules, "step", START)
    assert step.due is not None
    assert (step.who, step.due.date) == ("Conference Chair", date(2026, 5, 1))
    assert (talk.stage, london_date(talk.entered)) == ("talk", date(2026, 5, 1))


def kind_request() -> None:
    case = Case(OPEN).raised("formal")
    assert case.state is not None
    assert standing(case.rules, case.state, case.now).must == "respond"


def judged_by() -> None:
    text = ('to = ["manager", "head"]\n', 'to = ["manager", "head"]\njudged_by = ["director"]\n')
    case = Case(text, OPEN, ('to = ["director"]\n', 'to = ["director"]\nsent_by = ["director"]\n')).raised("formal")
    case.answered(days=4, approved=5)
    assert case.owes("decide") is not None
    assert isinstance(case.tries("chair", acts.Judge({"maya": False}, "No.")), Refusal)
    case.does("director", acts.Judge({"maya": False}, "No."))
    case.does("director", acts.MoveOn("top", "not accepted"))


def sent_by() -> None:
    """Whoever may send a stage sends it, in raising and on the way up; an immediate risk waits for nobody."""
    text = ('to = ["manager", "head"]\n', 'to = ["manager", "head"]\nsent_by = ["chair", "head"]\n')
    case = Case(text, OPEN).raised("formal")
    refused = case.tries("head", acts.MoveOn("top", "not answered"), days=14)
    assert isinstance(refused, Refusal)
    assert refused.sentence == "Only the Conference Chair can send it to Top."
    at_once = acts.MoveOn("top", "immediate risk", risk=acts.Risk("A visit was made."))
    assert not isinstance(case.tries("head", at_once), Refusal)
    case.does("chair", acts.MoveOn("top", "not answered"))


def not_answered() -> None:
    case = Case(OPEN).raised("formal")
    assert isinstance(case.tries("chair", acts.MoveOn("top", "not answered"), days=13), Refusal)
    case.does("chair", acts.MoveOn("top", "not answered"), days=14)


def not_accepted() -> None:
    case = Case(OPEN).raised("formal").answered(days=4, approved=5).judged(False, days=6)
    case.does("chair", acts.MoveOn("top", "not accepted"))


def accepted() -> None:
    case = Case(OPEN).raised("formal").answered(days=4, approved=5).judged(True, days=6)
    case.does("chair", acts.Resolve({"maya": "She is seen each week."}))
    assert case.state is not None
    assert case.state.ended is not None
    assert case.state.ended.kind == "resolved"


def immediate_risk() -> None:
    """At once, with what is done now; and only where the text leads, or where a concern may start."""
    case = Case(OPEN).raised("formal")
    refused = case.tries("chair", acts.MoveOn("top", "immediate risk", risk=acts.Risk()))
    assert isinstance(refused, Refusal)
    assert refused.code == "no-risk"
    at_once = acts.MoveOn("top", "immediate risk", risk=acts.Risk("A visit was made."))
    case.does("chair", at_once)
    closed = Case(OPEN, ('to = ["director"]\n', 'to = ["director"]\nmay_start_here = false\n'))
    leap = closed.raised("talk", spoke="manager").tries("chair", at_once)
    assert isinstance(leap, Refusal)
    assert leap.code == "not-a-start"


def not_done() -> None:
    """What was agreed, accepted and not done by its day is the chair's turn, and leads where the text says."""
    case = Case(OPEN).raised("formal")
    plan = acts.ActionAsked("Write up the visits", "Hannah", date(2026, 5, 8))
    case.does("manager", acts.Respond("agree", "It is written.", (plan,)), days=2).does("head", acts.Approve(), days=3)
    case.judged(True, days=4)
    up = acts.MoveOn("top", "not done")
    assert isinstance(case.tries("chair", up, days=8), Refusal)  # its last day
    case.now = START + timedelta(days=9)
    assert case.state is not None
    assert standing(case.rules, case.state, case.now).must == "decide on the action"
    case.does("chair", up)
    assert case.state.here.stage == "top"
    assert case.state.unsettled


def directs() -> None:
    """What is directed binds and is tracked, whether or not the chair is content; without the word it is an offer."""
    order = acts.Respond("agree", "It is done so.", (acts.ActionAsked("Find a home", "Hannah", date(2026, 5, 8)),))
    for word, bound in ((TOP_ANSWER + "\ndirects = true", True), (TOP_ANSWER, False)):
        case = Case((TOP_ANSWER, word)).raised("top").does("director", order, days=1).judged(False, days=4)
        assert case.state is not None
        assert bool(case.state.actions) == bound
        step = standing(case.rules, case.state, case.now)
        assert step.must == ("do the action" if bound else "decide what next")
        assert (step.name == "Hannah") == bound


def told_of(case: Case) -> set[str]:
    assert case.state is not None
    return {each.role for each in told(case.rules, case.state, case.last)}


BESIDE = ('id = "urgent"\n', 'id = "urgent"\n%s\n')


def route_tells() -> None:
    for word, is_told in (('tells = ["head"]', True), ("", False)):
        case = Case((BESIDE[0], BESIDE[1] % word)).raised("top").does("chair", acts.TakeRoute("urgent"))
        assert ("head" in told_of(case)) == is_told


def route_asks() -> None:
    case = Case((BESIDE[0], BESIDE[1] % 'asks = "Enter what was tried"')).raised("top")
    refused = case.tries("chair", acts.TakeRoute("urgent", " "))
    assert isinstance(refused, Refusal)
    assert (refused.sentence, refused.about) == ("Enter what was tried", "note")
    case.does("chair", acts.TakeRoute("urgent", "Two calls."))


def consider_tells() -> None:
    """Of a yes; of a no there is nothing to tell."""
    asks = '\nconsider = [{ id = "wider", who = "director", question = "Will you?", tells = ["head"] }]'
    for yes in (True, False):
        case = Case((TOP_ANSWER, TOP_ANSWER + asks)).raised("top")
        case.does("director", acts.Respond("agree", "Yes.", consider={"wider": yes}))
        assert ("head" in told_of(case)) == yes


def silence_with_a_date() -> None:
    """To suit the child, where the chair sets the date: then silence can be noticed."""
    suits = TOP_ANSWER.replace("6 working days", "to suit the child") + "\nchair_sets_date = true"
    case = Case((TOP_ANSWER, suits), UNCAPPED)
    children = (acts.ChildConcern("maya", "She waits."),)
    case.does("chair", acts.Raise("top", children, concern="Drift", why_this_stage="Grave", date=date(2026, 5, 6)))
    assert case.due("respond") == date(2026, 5, 6)
    case.now = START + timedelta(days=7)
    assert case.state is not None
    assert standing(case.rules, case.state, case.now).must == "decide what next"


def silence_under_a_cap() -> None:
    """A cap gives a date to an answer that has none of its own."""
    case = Case((TOP_ANSWER, TOP_ANSWER.replace("6 working days", "immediately"))).raised("top")
    assert case.due("respond") == date(2026, 5, 21)
    case.does("chair", acts.Withdraw("Settled."), days=22)


def consider() -> None:
    asks = '\nconsider = [{ id = "wider", who = "director", question = "Will you bring it to the partnership?" }]'
    case = Case((TOP_ANSWER, TOP_ANSWER + asks)).raised("top")
    refused = case.tries("director", acts.Respond("agree", "Yes."))
    assert isinstance(refused, Refusal)
    assert refused.about == "consider-wider"
    case.does("director", acts.Respond("agree", "Yes.", consider={"wider": True}))


STEP_CLOCK = 'within = "1 working day"\nof = "conference"\n'
OCCASION = '[[occasion]]\nid = "midway"\ntitle = "At the midway check"\n\n[[ground]]\ncode = "DRIFT"'
CHECKLIST = '[[checklist]]\nid = "list"\ntitle = "List"\n\n[[ground]]\ncode = "DRIFT"'


def _step(words: str, within: str = "1 working day") -> tuple[tuple[str, str], ...]:
    """The step of the plan cycle with other words; and a checklist or an occasion, where it speaks of one."""
    said = next((text for word, text in (("checklist", CHECKLIST), ("occasion", OCCASION)) if word in words), "")
    more = (('[[ground]]\ncode = "DRIFT"', said),) if said else ()
    return (STEP_CLOCK, f'within = "{within}"\n{words}\n'), *more


def _route(words: str) -> tuple[tuple[str, str], ...]:
    return ((BESIDE[0], BESIDE[1] % words),)


class Cycle:
    """A plan cycle under a changed text: conferences are fixed and held, and what the step asks for is done."""

    def __init__(self, words: str, within: str = "2 working days", own: dict[str, Clock] | None = None) -> None:
        text = read(changed(*_step(words, within)), "heathmoor.toml")
        self.rules = Rules(text, CALENDAR, bare_days="working", own=own or {})
        self.state: cycle_state.State | None = None
        self.does(cycle_acts.Begin(("maya", "jude"), date(2026, 4, 29)))

    def does(self, act: cycle_acts.Act, *, on: date = date(2026, 4, 30)) -> Cycle:
        found = self.tries(act, on=on)
        assert not isinstance(found, Refusal), found
        for event in found:
            self.state = advance_cycle(self.state, event)
            self.last = event
        return self

    def tries(self, act: cycle_acts.Act, *, on: date = date(2026, 4, 30)) -> tuple[Event, ...] | Refusal:
        by = By("chair", "chair", frozenset({"chair", "director"}))
        return decide_cycle(self.rules, self.state, act, by, datetime(on.year, on.month, on.day, 16, tzinfo=UTC))

    def held(self, kind: str, on: date, review: date | None = None) -> Cycle:
        number = len(self.state.conferences) + 1 if self.state else 1
        if not self.state or not self.state.ahead:
            self.does(cycle_acts.FixConference(kind, on), on=on)
        else:
            number -= 1
        plan = {child: cycle_acts.Decision(True) for child in ("maya", "jude")}
        return self.does(cycle_acts.HoldConference(f"c{number}", on, plan, next_review=review), on=on)

    def due(self, child: str = "") -> list[date | None]:
        assert self.state is not None
        owed = cycle_agenda(self.rules, self.state)
        return [d.day for d in owed if d.must == "sheet" and d.owed and child in ("", d.subject)]


INITIAL, REVIEW = date(2026, 5, 1), date(2026, 7, 30)  # Monday 4 May is a bank holiday


def of_a_strategy_discussion() -> None:
    case = Cycle('of = "strategy discussion"')
    assert case.due() == [date(2026, 5, 1)]
    assert case.does(cycle_acts.DoStep("sheet", date(2026, 4, 30))).due() == []


def of_a_conference() -> None:
    """Of each: of the initial one and of the review, as soon as it is held; ahead of it, as soon as it is fixed."""
    case = Cycle('of = "conference"').held("initial", INITIAL, REVIEW)
    assert case.due() == [date(2026, 5, 6)]
    assert case.held("review", REVIEW).due() == [date(2026, 5, 6), date(2026, 8, 3)]
    case.does(cycle_acts.DoStep("sheet", REVIEW, conference="c1"), on=REVIEW)
    assert case.due() == [date(2026, 8, 3)]
    ahead = Cycle('of = "conference"', "2 working days before").held("initial", INITIAL, REVIEW)
    assert ahead.due() == [date(2026, 7, 28)]
    assert ahead.does(cycle_acts.DoStep("sheet", INITIAL, conference="c2"), on=INITIAL).due() == []


def of_an_initial_conference() -> None:
    case = Cycle('of = "initial conference"').held("initial", INITIAL, REVIEW)
    assert case.held("review", REVIEW).due() == [date(2026, 5, 6)]
    assert Cycle('of = "initial conference"').held("transfer-in", INITIAL).due() == [date(2026, 5, 6)]


def of_a_review_conference() -> None:
    case = Cycle('of = "review conference"').held("initial", INITIAL, REVIEW)
    assert case.due() == []
    assert case.held("review", REVIEW).due() == [date(2026, 8, 3)]


def of_the_last_conference() -> None:
    """For each child, until the next one is held; done after that it is that one's."""
    case = Cycle('of = "last conference"').held("initial", INITIAL, REVIEW)
    assert case.due("maya") == [date(2026, 5, 6)]
    case.held("review", REVIEW).does(cycle_acts.DoStep("sheet", REVIEW, child="maya"), on=REVIEW)
    assert case.due("maya") == []
    assert case.due("jude") == [date(2026, 8, 3)]


def of_a_core_group() -> None:
    """A step that follows each; a core group that follows the one before."""
    met = cycle_acts.HoldCoreGroup(("maya",), date(2026, 5, 8))
    case = Cycle('of = "core group"').held("initial", INITIAL).does(met, on=date(2026, 5, 8))
    assert (case.due("maya"), case.due("jude")) == ([date(2026, 5, 12)], [])
    assert case.does(cycle_acts.DoStep("sheet", date(2026, 5, 8), child="maya"), on=date(2026, 5, 8)).due() == []
    next_one = Cycle('of = "core group"\nmet_by = "core group held"').held("initial", INITIAL)
    assert next_one.does(met, on=date(2026, 5, 8)).due("maya") == [date(2026, 5, 12)]
    next_one.does(cycle_acts.HoldCoreGroup(("maya",), date(2026, 5, 11)), on=date(2026, 5, 11))
    assert next_one.due("maya") == [date(2026, 5, 13)]


def of_halfway() -> None:
    """Between 1 May and 30 July: Monday 15 June. Without a review that is fixed there is no half-way."""
    case = Cycle('of = "halfway to the next review"').held("initial", INITIAL)
    assert case.due() == []
    case.does(cycle_acts.FixConference("review", REVIEW), on=INITIAL)
    assert case.due() == [date(2026, 6, 17), date(2026, 6, 17)]
    case.does(cycle_acts.MoveConference("c2", date(2026, 8, 13), "A holiday"), on=INITIAL)
    assert case.due("maya") == [date(2026, 6, 24)]
    assert case.does(cycle_acts.DoStep("sheet", INITIAL, child="maya"), on=INITIAL).due("maya") == []


def every() -> None:
    """From the first start, then from each time that it was done: a core group, and a step of the policy's own."""
    group = Cycle('of = "conference"\nmet_by = "core group held"\nevery = "5 working days"').held("initial", INITIAL)
    assert group.due("maya") == [date(2026, 5, 6)]
    group.does(cycle_acts.HoldCoreGroup(("maya",), date(2026, 5, 5)), on=date(2026, 5, 5))
    assert group.due("maya") == [date(2026, 5, 12)]
    own = Cycle('of = "conference"\nevery = "5 working days"').held("initial", INITIAL)
    own.does(cycle_acts.DoStep("sheet", date(2026, 5, 5), child="jude"), on=date(2026, 5, 5))
    assert (own.due("maya"), own.due("jude")) == ([date(2026, 5, 6)], [date(2026, 5, 12)])


def set_by_the_authority() -> None:
    """Its own number, once it has one; before that no date, and it is said why."""
    words, within = 'of = "conference"\nmet_by = "discussion held"', "set by the authority, before"
    own: dict[str, Clock] = {"sheet": Counted(3, Unit.WORKING_DAYS)}
    assert Cycle(words, within).does(cycle_acts.FixConference("initial", date(2026, 5, 7))).due() == [None]
    case = Cycle(words, within, own).does(cycle_acts.FixConference("initial", date(2026, 5, 7)))
    assert case.due() == [date(2026, 5, 1)]  # the bank holiday is not counted
    duty = next(d for d in cycle_agenda(case.rules, case.state) if d.must == "sheet") if case.state else None
    assert duty is not None
    assert duty.basis == "authority"


def met_by(words: str, act: cycle_acts.Act, within: str = "2 working days") -> Callable[[], None]:
    def met() -> None:
        case = Cycle(words, within).held("initial", INITIAL, REVIEW)
        before = case.due()
        assert before
        case.does(act, on=INITIAL)
        assert len(case.due()) < len(before)

    return met


def key_action_fed_back() -> None:
    case = Cycle('of = "conference"\nmet_by = "key action fed back"', "agreed").held("initial", INITIAL)
    case.does(cycle_acts.SetKeyAction("c1", ("maya",), "A visit.", date(2026, 5, 20), "Hannah"), on=INITIAL)
    assert case.due() == [date(2026, 5, 20)]
    assert case.does(cycle_acts.FeedBack("k1", INITIAL, True, "Made."), on=INITIAL).due() == []


def conference_held() -> None:
    """It has no time of its own here: the conference is owed on its day, and cancelled it offers what is written."""
    text = 'met_by = "conference held"\ncancelled = { offers = "talk", ground = "DRIFT" }\n'
    case = Cycle('of = "conference"')
    case.rules = Rules(read(changed((STEP_CLOCK, text)), "heathmoor.toml"), CALENDAR, bare_days="working")
    case.does(cycle_acts.FixConference("initial", INITIAL)).does(cycle_acts.CancelConference("c1", "Nobody came."))
    assert case.state is not None
    assert [(o.stage, o.grounds) for o in offers(case.rules, case.state, START)] == [("talk", ("DRIFT",))]


def not_done_in_the_cycle() -> None:
    case = Cycle('of = "conference"\nnot_done = { offers = "talk" }').held("initial", INITIAL)
    assert case.state is not None
    assert [o.stage for o in offers(case.rules, case.state, START)] == []
    assert [o.stage for o in offers(case.rules, case.state, START + timedelta(days=9))] == ["talk"]


def not_accepted_at_a_core_group() -> None:
    words = 'of = "conference"\nmet_by = "core group held"\nnot_accepted = { offers = "talk", ground = "DRIFT" }'
    case = Cycle(words).held("initial", INITIAL)
    case.does(cycle_acts.NotAccept(("maya",), "Health", "A visit.", "No time."), on=INITIAL)
    assert case.state is not None
    assert [(o.stage, o.agency) for o in offers(case.rules, case.state, START)] == [("talk", "Health")]


def checklist() -> None:
    case = Cycle('of = "conference"\nmet_by = "discussion held"\nchecklist = "list"', "2 working days before")
    case.does(cycle_acts.FixConference("initial", INITIAL))
    refused = case.tries(cycle_acts.HoldDiscussion("c1", date(2026, 4, 30), "ready", {"weather": "no"}))
    assert isinstance(refused, Refusal)
    assert refused.code == "no-item"


def occasion_of_what_is_found() -> None:
    case = Cycle('of = "conference"\nmet_by = "discussion held"\noccasion = "midway"', "2 working days before")
    case.does(cycle_acts.FixConference("initial", INITIAL))
    case.does(cycle_acts.HoldDiscussion("c1", date(2026, 4, 30), "concern"))
    assert case.state is not None
    assert [o.occasion for o in offers(case.rules, case.state, START)] == ["midway"]


def milestone_tells() -> None:
    for word, is_told in (('\ntells = ["head"]', True), ("", False)):
        case = Cycle(f'of = "conference"\nmet_by = "sheet sent"{word}').held("initial", INITIAL)
        case.does(cycle_acts.SendSheet("c1", INITIAL, ("The family",)), on=INITIAL)
        assert case.state is not None
        assert ("head" in {each.role for each in told_cycle(case.rules, case.state, case.last)}) == is_told


def decided_by() -> None:
    """Whoever the route names decides, and where it is upheld and the text says so, the conference is held again."""
    words = 'decided_by = ["director"]\nreconvenes = true\nwithin = "10 working days"\nof = "%s"'
    for event in get_args(ConferenceEvent):
        case = Cycle('of = "conference"')
        text = read(changed(*_route(words % event)), "heathmoor.toml")
        case.rules = Rules(text, CALENDAR, bare_days="working")
        case.held("initial", INITIAL)
        case.does(cycle_acts.TakeRoute("urgent", INITIAL, "Her mother", "parent", conference="c1"), on=INITIAL)
        case.does(cycle_acts.DecideRoute("r1", True, "She was not heard."), on=INITIAL)
        assert case.state is not None
        assert CycleMust.RECONVENE in {d.must for d in cycle_agenda(case.rules, case.state) if d.owed}


OF_THE_CYCLE: dict[str, Callable[[], None]] = {
    "strategy discussion": of_a_strategy_discussion,
    "conference": of_a_conference,
    "initial conference": of_an_initial_conference,
    "review conference": of_a_review_conference,
    "last conference": of_the_last_conference,
    "core group": of_a_core_group,
    "halfway to the next review": of_halfway,
}
MET_BY: dict[str, Callable[[], None]] = {
    "report shared": met_by('of = "conference"\nmet_by = "report shared"', cycle_acts.ShareReport("c2", INITIAL),
                            "2 working days before"),
    "discussion held": met_by('of = "conference"\nmet_by = "discussion held"',
                              cycle_acts.HoldDiscussion("c2", INITIAL, "ready"), "2 working days before"),
    "conference held": conference_held,
    "sheet sent": met_by('of = "conference"\nmet_by = "sheet sent"', cycle_acts.SendSheet("c1", INITIAL, ("All",))),
    "key action fed back": key_action_fed_back,
    "core group held": met_by('of = "conference"\nmet_by = "core group held"',
                              cycle_acts.HoldCoreGroup(("maya",), INITIAL)),
    "check done": met_by('of = "halfway to the next review"\nmet_by = "check done"',
                         cycle_acts.FinishCheck("maya", INITIAL, "She smiles.", "on-course", "none")),
}  # fmt: skip

DONE: dict[tuple[str, str], Callable[[], None]] = {
    ("stage.duty.of", "entered"): of_entered,
    ("stage.duty.of", "raised"): of_raised,
    ("stage.duty.of", "spoke"): of_spoke,
    ("stage.duty.of", "approved"): of_approved,
    ("stage.duty.of", "not accepted"): of_not_accepted,
    ("stage.duty.when", "not accepted"): when_not_accepted,
    ("cap.of", "raised"): cap_of_raised,
    ("cap.of", "entered"): cap_of_entered,
    ("cap", "later than the stage's own time"): a_cap_that_is_later,
    ("protocol.equivalent", ""): equivalent,
    ("stage.kind", "milestone"): kind_milestone,
    ("stage.kind", "request"): kind_request,
    ("stage.judged_by", ""): judged_by,
    ("stage.sent_by", ""): sent_by,
    ("stage.exits.when", "done"): kind_milestone,
    ("stage.exits.when", "not answered"): not_answered,
    ("stage.exits.when", "not accepted"): not_accepted,
    ("stage.exits.when", "accepted"): accepted,
    ("stage.exits.when", "immediate risk"): immediate_risk,
    ("stage.exits.when", "not answered, to suit the child"): silence_with_a_date,
    ("stage.exits.when", "not answered, under a cap"): silence_under_a_cap,
    ("stage.exits.when", "not done"): not_done,
    ("stage.directs", ""): directs,
    ("stage.consider", ""): consider,
    ("stage.consider.tells", ""): consider_tells,
    ("route.tells", ""): route_tells,
    ("route.asks", ""): route_asks,
    ("route.decided_by", ""): decided_by,
    **{("milestone.of", event): done for event, done in OF_THE_CYCLE.items()},
    **{("route.of", event): decided_by for event in get_args(ConferenceEvent)},
    **{("milestone.met_by", word): done for word, done in MET_BY.items()},
    ("milestone.every", ""): every,
    ("milestone.within", "set by the authority"): set_by_the_authority,
    ("milestone.not_done", ""): not_done_in_the_cycle,
    ("milestone.not_accepted", ""): not_accepted_at_a_core_group,
    ("milestone.checklist", ""): checklist,
    ("milestone.occasion", ""): occasion_of_what_is_found,
    ("milestone.tells", ""): milestone_tells,
}


@pytest.mark.parametrize("word", DONE, ids=" ".join)
def test_what_is_accepted_is_done(word: tuple[str, str]) -> None:
    DONE[word]()


# Refused -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Refused:
    """A text with one word too many: the code, a part of the sentence, and the words that stand on the line."""

    code: str
    said: str
    line: str
    changes: tuple[tuple[str, str], ...]


def _of(event: str) -> tuple[tuple[str, str], ...]:
    return ((TOP_ANSWER, TOP_ANSWER.replace(" }]", f', of = "{event}" }}]')),)


def _cap(event: str) -> tuple[tuple[str, str], ...]:
    return (('within = "14 working days"', f'of = "{event}"\nwithin = "14 working days"'),)


def _exits(*ways: str) -> tuple[tuple[str, str], ...]:
    return ((FORMAL_EXITS, "exits = [\n  " + ",\n  ".join(ways) + ",\n]"),)


def _within(clock: str) -> tuple[tuple[str, str], ...]:
    return (TOP_ANSWER, TOP_ANSWER.replace("6 working days", clock)), UNCAPPED


PLAN_EVENTS = sorted(get_args(CycleEvent))
RESOLVED_BY = '{ to = "resolved", when = ["%s"] }'
ACCEPTED, ON = (
    '{ to = "resolved", when = ["accepted"] }',
    '{ to = "top", when = ["not answered", "not accepted", "not done"] }',
)
TO = 'to = ["manager", "head"]\n'
REFUSED = [
    *(Refused("UD501", f'cannot start with "{event}" yet', f'of = "{event}"', _of(event)) for event in PLAN_EVENTS),
    Refused("UD502", "A meeting is not a kind of stage", 'kind = "meeting"', ((TO, TO + 'kind = "meeting"\n'),)),
    *(
        Refused("UD503", f'cannot depend on "{outcome}"', "when =", (speaks(f', when = ["{outcome}"]'),))
        for outcome in sorted(set(get_args(Outcome)) - set(get_args(Condition)))
    ),
    *(
        Refused("UD504", f'A cap cannot start with "{event}"', f'of = "{event}"', _cap(event))
        for event in sorted(set(get_args(StartEvent)) - set(get_args(CapEvent)))
    ),
    Refused("UD510", 'on "approved_by"', "settle", ((TALK, TALK.replace(" }]", ', approved_by = "head" }]')),)),
    Refused("UD510", 'on "sets_out"', "settle", ((TALK, TALK.replace(" }]", ', sets_out = ["actions"] }]')),)),
    Refused("UD510", 'on "to"', "respond", ((TOP_ANSWER, TOP_ANSWER.replace(" }]", ', to = "head" }]')),)),
    Refused(
        "UD510", 'on "when"', "respond", ((TOP_ANSWER, TOP_ANSWER.replace(" }]", ', when = ["not accepted"] }]')),)
    ),
    Refused(
        "UD510", 'on "consider"', "consider",
        ((TALK, TALK + '\nconsider = [{ id = "a", who = "manager", question = "Is it done?" }]'),),
    ),
    Refused(
        "UD510", 'on "chair_sets_date"', "chair_sets_date",
        (('[[stage]]\nid = "talk"', STEP_FIRST.replace('clause = "0"', 'clause = "0"\nchair_sets_date = true')),),
    ),
    Refused("UD510", 'on "directs"', "directs", ((TALK, TALK + "\ndirects = true"),)),
    Refused("UD510", 'on "directs"', "directs", ((ANSWER, ANSWER + "\ndirects = true"),)),
    *(
        Refused(
            "UD510", f'on "{word.split()[0]}"', word.split()[0],
            (('[[stage]]\nid = "talk"', STEP_FIRST.replace('clause = "0"', f'clause = "0"\n{word}')),),
        )
        for word in ('speak_first = { to = "manager" }', 'sets_out = ["ask"]', "only_on_plan = true", "directs = true")
    ),
    Refused(
        "UD532", 'when it is "immediate risk"', "talk",
        (('[[stage]]\nid = "talk"', STEP_FIRST.replace('["done"]', '["done", "immediate risk"]')),),
    ),
    Refused("UD532", 'when it is "not done"', "resolved", _exits(ACCEPTED, ON, RESOLVED_BY % "not done")),
    Refused("UD510", 'on "ending"', "ending", _exits(ACCEPTED, ON.replace(" }", ', ending = "too-late" }'))),
    Refused(
        "UD511", "asks for the same twice", "speak",
        ((speaks("")[0], speaks("")[1][:-1] + ', { who = "chair", must = "speak", to = "head", within = "3 days" }]'),),
    ),
    Refused("UD512", 'cannot be called "decide"', 'id = "decide"', (('id = "sheet"', 'id = "decide"'),)),
    Refused("UD520", "several judge", "judged_by", ((TO, TO + 'judged_by = ["chair", "director"]\n'),)),
    Refused("UD521", "the Conference Chair decides", "sent_by", ((TO, TO + 'sent_by = ["head"]\n'),)),
    *(
        Refused("UD530", "sets no date for the answer", "not answered", _within(clock))
        for clock in ("none", "immediately", "to suit the child")
    ),
    *(
        Refused("UD531", "which follows it", "respond", ((ANSWER, ANSWER.replace(" }]", f', of = "{event}" }}]')),))
        for event in ("approved", "not accepted")
    ),
    Refused("UD532", 'when it is "accepted"', "top", _exits(ACCEPTED, '{ to = "top", when = ["accepted"] }')),
    Refused("UD532", 'when it is "not answered"', "resolved", _exits(RESOLVED_BY % "not answered", ON)),
    Refused("UD532", 'when it is "not accepted"', "resolved", _exits(RESOLVED_BY % "not accepted", ON)),
    Refused("UD532", 'when it is "done"', "done", _exits(ACCEPTED, ON, '{ to = "top", when = ["done"] }')),
    Refused(
        "UD532", 'when it is "immediate risk"', "immediate",
        _exits(ACCEPTED, ON, '{ to = "ended", when = ["immediate risk"], ending = "in-error" }'),
    ),
    Refused(
        "UD532", 'when it is "not answered"', "talk",
        (('[[stage]]\nid = "talk"', STEP_FIRST.replace('["done"]', '["not answered"]')),),
    ),
    *(
        Refused("UD505", f'cannot start with "{event}"', f'of = "{event}"', _step(f'of = "{event}"'))
        for event in get_args(StageEvent)
    ),
    Refused("UD505", 'cannot start with "raised"', 'of = "raised"', _route('of = "raised"')),
    Refused("UD506", 'cannot start with "core group"', 'of = "core group"', _route('of = "core group"')),
    Refused("UD540", 'cannot start with "core group"', "of =", _step('met_by = "sheet sent"\nof = "core group"')),
    Refused("UD540", 'cannot start with "conference"', "of =", _step('of = "conference"\nmet_by = "conference held"')),
    Refused("UD541", "nothing that starts it", 'id = "sheet"', _step("")),
    Refused("UD541", "counted back", "within", _step('of = "core group"', "3 days before")),
    Refused("UD541", "counted back", "within", _step('of = "conference"\nmet_by = "sheet sent"', "3 days before")),
    Refused("UD541", "runs after it", "within", _step('of = "conference"\nmet_by = "report shared"')),
    Refused("UD541", "is agreed", "within", _step('of = "conference"', "agreed")),
    Refused("UD541", "is agreed", "within", _step('of = "conference"', "the shorter of 3 days and agreed")),
    Refused("UD541", "is agreed", "within", _step('of = "conference"\nmet_by = "key action fed back"')),
    *(
        Refused("UD541", "cannot come again", "every", _step(f'of = "core group"\nevery = "{clock}"'))
        for clock in ("3 days before", "immediately", "set by the authority, before")
    ),
    Refused(
        "UD541", "does not come again between two", "within",
        _step('of = "conference"\nevery = "1 month"', "3 days before"),
    ),
    Refused("UD541", "open after a conference", "within", _route('within = "3 days before"')),
    Refused(
        "UD542", "does not come again", "every",
        _step('of = "conference"\nmet_by = "sheet sent"\nevery = "1 month"'),
    ),
    *(
        Refused("UD543", f'on "{word.split()[0]}"', word.split()[0], _step(f'of = "conference"\n{word}'))
        for word in (
            'checklist = "list"', 'occasion = "midway"', 'not_accepted = { offers = "talk" }',
            'cancelled = { offers = "talk" }',
        )
    ),
    Refused("UD543", 'on "not_done"', "not_done", ((STEP_CLOCK, 'not_done = { offers = "talk" }\n'),)),
    Refused("UD543", "Nobody decides", "reconvenes", _route("reconvenes = true")),
    Refused("UD544", 'offers "Formal"', "not_done", _step('of = "conference"\nnot_done = { offers = "formal" }')),
    Refused(
        "UD544", 'offers "Step"', "not_done",
        (*_step('of = "conference"\nnot_done = { offers = "step" }'), ('[[stage]]\nid = "talk"', STEP_FIRST)),
    ),
    Refused("UD545", "no authority sets", "within", (_within("set by the authority")[0],)),
    Refused("UD545", "sets a cap", "within", (('"14 working days"', '"set by the authority"'),)),
    Refused("UD545", "is open", "within", _route('within = "set by the authority"')),
    Refused(
        "UD545", "leaves two numbers", "every",
        _step('of = "core group"\nevery = "set by the authority"', "set by the authority"),
    ),
    Refused("UD533", "asks for an answer", "", ((TO, TO + 'kind = "milestone"\n'), (FORMAL_EXITS, _exits(
        '{ to = "top", when = ["done"] }')[0][1]), ("over = [\"formal\", \"top\"]", "over = [\"top\"]"))),
    Refused("UD534", "gives no date", "within", (('within = "14 working days"', 'within = "agreed"'),)),
    Refused("UD534", "gives no date", "within", (('within = "14 working days"', 'within = "about 14 days"'),)),
    Refused(
        "UD534", "asks for no answer", "over",
        (('[[stage]]\nid = "talk"', STEP_FIRST), ('over = ["formal", "top"]', 'over = ["step", "top"]')),
    ),
]  # fmt: skip


def faults(text: str) -> tuple[Fault, ...]:
    with pytest.raises(ProtocolError) as refused:
        read(text, "heathmoor.toml")
    return refused.value.faults


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case.code} {case.said}")
def test_what_is_not_done_is_refused_with_its_line(case: Refused) -> None:
    text = changed(*case.changes)
    found = [fault for fault in faults(text) if fault.code == case.code and case.said in fault.sentence]
    assert found, faults(text)
    assert found[0].mend
    assert found[0].line is not None
    assert case.line in text.splitlines()[found[0].line - 1]
    assert str(found[0]).endswith(f"({case.code})")


def test_an_equivalent_that_is_no_clock_is_refused() -> None:
    plan = 'applies_to = ["child protection plan"]\n'
    for said in ("24 hours", "24 hours = a day and a half"):
        assert faults(changed((plan, f'{plan}equivalent = ["{said}"]\n')))[0].key == "protocol.equivalent[1]"


# Nothing in between --------------------------------------------------------------------------------------------------


def test_every_refusal_of_what_cannot_be_done_is_tried_here() -> None:
    assert {one.code for one in checks() if one.family == FAMILY} == {case.code for case in REFUSED}


def test_every_start_outcome_and_kind_of_the_language_is_done_or_refused() -> None:
    for place, words, narrow in (
        ("stage.duty.of", StartEvent, StageEvent),
        ("stage.duty.when", Outcome, Condition),
        ("cap.of", StartEvent, CapEvent),
        ("milestone.of", StartEvent, CycleEvent),
        ("route.of", StartEvent, ConferenceEvent),
    ):
        done = {word for where, word in DONE if where == place}
        refused = {word for where, word in WORDS if ".".join(where) == place}
        assert done == set(get_args(narrow))
        assert done | refused == set(get_args(words))
        assert not done & refused
    assert {word for where, word in DONE if where == "milestone.met_by"} == set(get_args(MetBy))
    assert {word for where, word in DONE if where == "stage.kind"} == set(
        get_args(Stage.model_fields["kind"].annotation)
    )
    assert {word for where, word in DONE if where == "stage.exits.when"} >= set(get_args(Outcome))


def test_the_engine_knows_a_reason_to_move_on_for_every_outcome_but_agreement() -> None:
    assert set(REASONS) == set(get_args(Outcome)) - {"accepted"}


def test_the_sound_text_and_the_shipped_ones_are_accepted() -> None:
    assert read(SOUND, "heathmoor.toml")
    assert all(library.load(each) for each in library.shipped())


UNDRIFT = Path(model.__file__).parents[1]
FIELDS = [
    pytest.param(name, id=f"{part.__name__}.{name}")
    for part in vars(model).values()
    if isinstance(part, type) and issubclass(part, model.Part)
    for name in part.model_fields
]
CODE = "\n".join(path.read_text("utf-8") for path in UNDRIFT.rglob("*") if path.suffix in (".py", ".html"))


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_that_a_text_may_have_is_read_somewhere(name: str) -> None:
    assert re.search(rf"\.{name}\b", CODE)


def test_a_field_that_nobody_reads_is_found() -> None:
    assert len(FIELDS) > 50
    assert not re.search(r"\.applies_from\b", CODE)
