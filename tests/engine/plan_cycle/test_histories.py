"""What holds for any history of a plan cycle, found by random walks. The seed is printed.

Ten thousand histories in `make test-all`, a thousand in `make test`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from tests.engine.plan_cycle.lived import rules_of
from tests.house.thorough import drawn
from undrift import library
from undrift.engine.dates.moments import LONDON, london_date
from undrift.engine.events import SYSTEM, By, Event
from undrift.engine.plan_cycle import acts, telling
from undrift.engine.plan_cycle.agenda import agenda
from undrift.engine.plan_cycle.decide import decide, moves
from undrift.engine.plan_cycle.fold import advance, fold
from undrift.engine.plan_cycle.kinds import ACT_NAMES
from undrift.engine.plan_cycle.offers import offers
from undrift.engine.plan_cycle.standing import TAGS, standing
from undrift.engine.plan_cycle.state import ANSWERS, KINDS, NEXT_STEPS, OUTCOMES, PARTIES, PLAN_ENDINGS, VIEWS, State
from undrift.engine.plan_cycle.told import told
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules

PARTS = 2
HISTORIES = drawn(10_000) // PARTS  # a part, over both policies
CHILDREN = ("maya", "jude")
KINDS_OF_ACT = tuple(kind for kind in ACT_NAMES.values() if kind is not acts.Begin)
NAMES = {kind: name for name, kind in ACT_NAMES.items()}
FORWARD = (acts.FixConference, acts.HoldConference, acts.HoldConference, acts.HoldCoreGroup, acts.FinishCheck,
           acts.WriteOutline, acts.SendSheet, acts.SetKeyAction, acts.TakeRoute, acts.MoveConference)  # fmt: skip


class Walk:
    """One random history: random people try random acts at random moments, sensible and not."""

    def __init__(self, rules: Rules, dice: random.Random) -> None:
        self.rules, self.dice = rules, dice
        self.now = datetime.combine(date(2025, 1, 6) + timedelta(days=dice.randrange(500)), time(9), LONDON)
        self.history: list[Event] = []
        self.state: State | None = None

    def someone(self) -> By:
        if self.dice.random() < 0.08:
            return SYSTEM
        held = self.dice.sample(tuple(self.rules.protocol.roles), k=self.dice.choice((1, 1, 2)))
        if self.dice.random() < 0.7:
            held.append(self.rules.protocol.chair)
        return By(held[0], held[0], frozenset(held))

    def day(self, least: int, most: int) -> date:
        return london_date(self.now) + timedelta(days=self.dice.randint(least, most))

    def text(self) -> str:
        return self.dice.choice(("", *("It was put off.", "The school came.") * 4))

    def one_of(self, words: object) -> str:
        return self.dice.choice([*words, "else"]) if isinstance(words, dict | tuple | list) else ""

    def act(self, kind: type[acts.Act]) -> acts.Act:
        dice, state, protocol = self.dice, self.state, self.rules.protocol
        conferences = list(state.conferences) if state else []
        conference = dice.choice([*conferences[-2:], *conferences[-1:], "c1", ""])
        children = tuple(c for c in (*CHILDREN, "noor") if dice.random() < 0.6)
        child = dice.choice((*CHILDREN, *CHILDREN, "noor", "nobody"))
        at = dice.choice((None, time(14)))
        decisions = {c: acts.Decision(dice.random() < 0.8, father=dice.choice((None, True, False)),
                                      overruled=dice.choice(("", "", "", "At risk."))) for c in CHILDREN
                     if dice.random() < 0.95}  # fmt: skip
        items = [item.id for checklist in protocol.checklists for item in checklist.items]
        answers = {dice.choice(items): self.one_of(ANSWERS) for _ in range(dice.randint(0, 2))}
        makes: dict[type[acts.Act], Callable[[], acts.Act]] = {
            acts.Begin: lambda: acts.Begin(dice.choice((CHILDREN, CHILDREN, CHILDREN, ())),
                                           dice.choice((None, self.day(-9, 1)))),
            acts.JoinChild: lambda: acts.JoinChild(child, self.text()),
            acts.FixConference: lambda: acts.FixConference(
                self.one_of(tuple(KINDS)), self.day(-1, 100), dice.choice(((), (), children)), at,
                reconvenes=conference),
            acts.MoveConference: lambda: acts.MoveConference(conference, self.day(-1, 60), self.text(), at),
            acts.PostponeConference: lambda: acts.PostponeConference(conference, self.text()),
            acts.CancelConference: lambda: acts.CancelConference(conference, self.text()),
            acts.HoldConference: lambda: acts.HoldConference(
                conference, self.day(-3, 0), decisions, dice.random() < 0.8, at, ("School",),
                dice.choice(((), ("Health",))), dice.choice(((), (acts.Dissent("School", self.text()),))),
                dice.choice((None, self.day(-1, 170)))),
            acts.ShareReport: lambda: acts.ShareReport(conference, self.day(-3, 1), dice.choice(("", "School"))),
            acts.HoldDiscussion: lambda: acts.HoldDiscussion(
                conference, self.day(-3, 1), self.one_of(tuple(OUTCOMES)), answers),
            acts.WriteOutline: lambda: acts.WriteOutline(conference, child, tuple(self.text() for _ in range(6))
                                                         if dice.random() < 0.3 else ("Text.",) * 6),
            acts.SendSheet: lambda: acts.SendSheet(conference, self.day(-1, 0), dice.choice(((), ("All",))), at),
            acts.SetKeyAction: lambda: acts.SetKeyAction(
                conference, children, self.text(), self.day(-1, 30), self.text(), dice.choice(("", "elias"))),
            acts.FeedBack: lambda: acts.FeedBack(dice.choice(("k1", "k2")), self.day(-2, 1), dice.random() < 0.5,
                                                 self.text()),
            acts.HoldCoreGroup: lambda: acts.HoldCoreGroup(children, self.day(-5, 0), updated=dice.random() < 0.7),
            acts.MissCoreGroup: lambda: acts.MissCoreGroup(children, self.day(-5, 0), self.text()),
            acts.NotAccept: lambda: acts.NotAccept(children, self.text(), self.text(), self.text()),
            acts.RecordEvent: lambda: acts.RecordEvent(child, self.day(-5, 0), self.text(), self.text()),
            acts.FinishCheck: lambda: acts.FinishCheck(
                child, self.day(-2, 0), self.text(), self.one_of(tuple(VIEWS)), self.one_of(tuple(NEXT_STEPS)),
                dice.choice(({}, {"a visit": "drifting"}, {"a visit": "lost"})),
                {"visits": acts.Fact("3 of 4", self.day(-3, 1))}, {}, dice.choice((None, True, False))),
            acts.DoStep: lambda: acts.DoStep(dice.choice([m.id for m in protocol.milestones]), self.day(-1, 0)),
            acts.WriteNote: lambda: acts.WriteNote(child, dice.choice(("good", "else")), self.text(), self.text()),
            acts.TakeRoute: lambda: acts.TakeRoute(
                dice.choice([r.id for r in protocol.routes]), self.day(-3, 0), self.text(),
                self.one_of(tuple(PARTIES)), self.text(), conference, children),
            acts.DecideRoute: lambda: acts.DecideRoute(dice.choice(("r1", "r2")), dice.random() < 0.5, self.text()),
            acts.BeginConcern: lambda: acts.BeginConcern(self.offered(), self.text()),
            acts.DeclineOffer: lambda: acts.DeclineOffer(self.offered(), self.text()),
            acts.EndPlan: lambda: acts.EndPlan(child, self.day(-2, 0), self.one_of(tuple(PLAN_ENDINGS))
                                               if dice.random() < 0.3 else "else"),
            acts.RecordEndTakenBack: lambda: acts.RecordEndTakenBack(child, self.text()),
            acts.EndCycle: lambda: acts.EndCycle(self.text() if dice.random() < 0.3 else ""),
            acts.RecordLapse: lambda: acts.RecordLapse(self.owed()),
            acts.Correct: lambda: acts.Correct(dice.randint(0, 9), self.text()),
        }  # fmt: skip
        return makes[kind]()

    def offered(self) -> str:
        found = [o.key for o in offers(self.rules, self.state, self.now)] if self.state else []
        return self.dice.choice([*found, "none:1"])

    def owed(self) -> str:
        found = [d.key for d in agenda(self.rules, self.state)] if self.state else []
        return self.dice.choice([*found, "none"])

    def step(self) -> None:
        """Try one act; keep the promises that hold whatever was tried."""
        by = self.someone()
        kind: type[acts.Act] = acts.Begin
        if self.state is not None:
            kind = self.dice.choice(FORWARD if self.dice.random() < 0.5 else KINDS_OF_ACT)
        before = self.state
        outcome = decide(self.rules, before, self.act(kind), by, self.now)
        if isinstance(outcome, Refusal):
            assert outcome.sentence, outcome
            if before is not None:
                button = moves(self.rules, before, by, self.now)[NAMES[kind]]
                assert button.allowed or button.refusal == outcome, "the button and the act give different reasons"
            return
        assert outcome, "an act that is allowed leaves a trace"
        for entry in outcome:
            self.history.append(entry)
            self.state = advance(self.state, entry)
            if self.dice.random() < 0.3:
                told(self.rules, self.state, entry)


def check(walk: Walk) -> None:
    """One next person, or a stated none; each duty by its own key; each offer for somebody, where one may start."""
    state = walk.state
    if state is None:
        return
    duties = agenda(walk.rules, state)
    keys = [d.key for d in duties]
    assert len(keys) == len(set(keys)), sorted(key for key in keys if keys.count(key) > 1)
    step = standing(walk.rules, state, duties)
    assert step.tag in TAGS
    assert state.ended is not None or not step.none_because
    if not step.none_because:
        assert bool(step.who) or bool(step.person or step.name), f"nobody is next: {step}"
        assert step.duty is not None
        assert step.duty.owed
    for duty in duties:
        assert duty.met is None or duty.gone is None, f"{duty.key} is met and gone"
        assert duty.who or duty.person or duty.name, f"{duty.key} is owed by nobody"
        assert duty.due is None or duty.day is not None or duty.due.none_because, f"{duty.key} says not why"
    for offer in offers(walk.rules, state, walk.now):
        assert offer.children
        assert set(offer.children) <= state.children.keys()
        assert walk.rules.protocol.stage(offer.stage).may_start_here


def walked(rules: Rules, dice: random.Random) -> Walk:
    """One history, its promises kept at each step."""
    walk = Walk(rules, dice)
    try:
        for _ in range(dice.randint(5, 60)):
            walk.now += timedelta(hours=dice.choice((0, 1, 24, 72, 200, 500)))
            walk.step()
            if dice.random() < 0.3:
                check(walk)
        check(walk)
        assert fold(walk.history) == walk.state
        names = {"maya": "Maya"}
        for entry in telling.entries(rules, walk.history, names):
            assert entry.title
            assert entry.text.endswith((".", "?", "!"))
            assert entry.children
            assert set(entry.children) <= {"maya", "jude", "noor", "nobody"}
            assert telling.sentence(entry.event)
            assert telling.title(entry.event) == entry.title
    except AssertionError as fault:
        raise AssertionError(f"{fault}\n{walk.history}") from fault
    return walk


@pytest.mark.drawn
@pytest.mark.parametrize("part", range(1, PARTS + 1), ids=lambda part: f"part {part} of {PARTS}")
def test_any_history_of_a_plan_cycle_keeps_its_promises(part: int, seed: int, chance: random.Random) -> None:
    print(f"seed {seed}, {HISTORIES} histories in part {part}")
    policies = [rules_of("walsall"), rules_of("pan-lancashire", "lancashire")]
    met: set[str] = set()
    for number in range(HISTORIES):
        walk = walked(policies[number % 2], chance)
        met |= {entry.type for entry in walk.history}
    assert len(met) > 25, f"only these came about: {met}"
    assert library.shipped() == ("walsall", "pan-lancashire")
