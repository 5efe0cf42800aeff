"""What holds for any history under any shipped protocol, found by random walks. The seed is printed.

Ten thousand histories of each protocol in `make test-all`, a thousand in `make test`, in parts that several processes
share.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.house.thorough import drawn
from undrift import library
from undrift.engine.dates.moments import london_date
from undrift.engine.duties import Duty
from undrift.engine.events import SYSTEM, By, Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import agenda, overdue, turns
from undrift.engine.ladder.decide import decide
from undrift.engine.ladder.fold import advance, fold
from undrift.engine.ladder.kinds import ACT_NAMES
from undrift.engine.ladder.moves import moves
from undrift.engine.ladder.standing import TAGS, WAITING_FOR_CHAIR, standing
from undrift.engine.ladder.state import ENDINGS, State
from undrift.engine.musts import Must
from undrift.engine.refusal import Move, Refusal
from undrift.engine.rules import Rules
from undrift.library import calendars

PARTS = 4
HISTORIES = drawn(10_000) // PARTS  # a part
CHILDREN = ("amara", "zion")
IN_A_YEAR = timedelta(days=365)
KINDS = tuple(ACT_NAMES.values())
NAMES = {kind: name for name, kind in ACT_NAMES.items()}


# Acts that carry a resolution on: tried more often, so that walks reach every stage and every ending.
_FORWARD = ("respond", "approve", "judge", "judge", "move_on", "finish_action", "confirm_action", "resolve")


Met = dict[str, tuple[object, datetime | None, bool]]  # each duty that was met: what, when, whether late


class Walk:
    """One random history: random people try random acts at random moments, sensible and not."""

    def __init__(self, rules: Rules, dice: random.Random) -> None:
        self.rules, self.dice = rules, dice
        self.roles = tuple(rules.protocol.roles)
        self.now = datetime(2025, 1, 1, 9, tzinfo=UTC) + timedelta(minutes=dice.randrange(525_600 * 2))
        self.history: list[Event] = []
        self.state: State | None = None
        self.met: Met = {}

    def someone(self) -> By:
        if self.dice.random() < 0.08:
            return SYSTEM
        held = self.dice.sample(self.roles, k=self.dice.choice((1, 1, 1, 2)))
        if self.dice.random() < 0.5:
            held.append("chair")
        return By(person=held[0], name=held[0], roles=frozenset(held))

    def expected(self) -> By:
        """The one whose turn it is, so that walks get far."""
        assert self.state is not None
        step = standing(self.rules, self.state, self.now)
        role = step.who or "chair"
        return By(person=role, name=role, roles=frozenset({role}))

    def day(self, least: int, most: int) -> date:
        return london_date(self.now) + timedelta(days=self.dice.randint(least, most))

    def text(self) -> str:
        return self.dice.choice(("", *("Core groups were late", "Write up the visits") * 3))

    def act(self, kind: type[acts.Act]) -> acts.Act:
        dice, protocol = self.dice, self.rules.protocol
        stage = dice.choice(protocol.stages).id
        action = acts.ActionAsked("Write up the visits", "Hannah", self.day(-1, 20))
        some_action = dice.choice([*(self.state.actions if self.state else ()), "a1"])
        talk = dice.choice((None, acts.Conversation("In person", self.day(-3, 0), "team-manager")))
        risk = dice.choice((None, None, None, acts.Risk("Strategy discussion held")))
        date = dice.choice((None, self.day(-2, 30)))
        each = {c: dice.random() < 0.6 for c in CHILDREN[: dice.randint(1, 2)]}
        texts = dict.fromkeys(CHILDREN, self.text())
        grounds = tuple(g.code for g in dice.sample(protocol.grounds, k=min(len(protocol.grounds), dice.randint(0, 2))))
        consider = {c.id: dice.random() < 0.5 for s in protocol.stages for c in s.consider if dice.random() < 0.9}
        roles = dice.choice(self.roles)
        child = dice.choice((*CHILDREN, "nobody"))
        entry = dice.choice([*(u.seq for u in self.state.urgent)] or [0]) if self.state else 0
        makes: dict[type[acts.Act], Callable[[], acts.Act]] = {
            acts.Raise: lambda: acts.Raise(
                stage, tuple(acts.ChildConcern(c, dice.choice((*("He waits",) * 9, ""))) for c in CHILDREN),
                grounds, self.text(), risk=risk, spoke=talk, rang=talk if risk else None,
                date=date, why_this_stage=self.text(),
                actions=dice.choice(((), (action,))), ask="Write it up", completion=self.day(-1, 30)),
            acts.Speak: lambda: acts.Speak(talk or acts.Conversation("Phone", self.day(-30, 0), to=roles)),
            acts.Respond: lambda: acts.Respond(
                dice.choice(("agree", "do not agree", "perhaps")), self.text(), dice.choice(((), (action,))),
                dice.choice(((), ("capacity",))), consider),
            acts.Approve: lambda: acts.Approve(),
            acts.SendBack: lambda: acts.SendBack(self.text()),
            acts.Judge: lambda: acts.Judge(
                self.verdict(each), self.text(), keep=dice.choice(((), (), (some_action,)))),
            acts.AskAgain: lambda: acts.AskAgain(self.day(-1, 12), self.text()),
            acts.ReopenChild: lambda: acts.ReopenChild(child, self.text()),
            acts.EndForChild: lambda: acts.EndForChild(
                child, dice.choice(tuple(ENDINGS)), self.text() if dice.random() < 0.3 else ""),
            acts.RecordPlanEnd: lambda: acts.RecordPlanEnd(child, self.day(-5, 0)),
            acts.CarryOn: lambda: acts.CarryOn((child,), self.text()),
            acts.RingBack: lambda: acts.RingBack(
                entry, dice.choice(("Hannah", "")), self.day(-1, 1), safe=dice.choice((None, (), CHILDREN[:1]))),
            acts.GiveUpRing: lambda: acts.GiveUpRing(entry, self.text()),
            acts.MoveOn: lambda: acts.MoveOn(
                dice.choice(self.ways_up()),
                dice.choice(("not answered", "not accepted", "not done", "immediate risk", "done")), spoke=talk,
                off_plan=frozenset(CHILDREN[: dice.choice((0, 0, 0, 1))]), date=date, why_this_stage=self.text(),
                risk=risk, ask="Write it up", completion=self.day(-1, 30)),
            acts.GiveMoreTime: lambda: acts.GiveMoreTime(self.day(-1, 12), self.text()),
            acts.RecordLapse: lambda: acts.RecordLapse(self.some_duty()),
            acts.AgreeAction: lambda: acts.AgreeAction(action),
            acts.StartAction: lambda: acts.StartAction(some_action),
            acts.FinishAction: lambda: acts.FinishAction(some_action, self.day(-2, 1), self.text()),
            acts.ConfirmAction: lambda: acts.ConfirmAction(some_action),
            acts.ReturnAction: lambda: acts.ReturnAction(some_action, self.text()),
            acts.ChangeActionDate: lambda: acts.ChangeActionDate(some_action, self.day(-1, 20), self.text()),
            acts.AskForActionDate: lambda: acts.AskForActionDate(some_action, self.day(-1, 20), self.text()),
            acts.DeclineActionDate: lambda: acts.DeclineActionDate(some_action, self.text()),
            acts.RecordOwnerLeft: lambda: acts.RecordOwnerLeft(some_action),
            acts.GiveAction: lambda: acts.GiveAction(some_action, dice.choice(("Owen", "")), self.text(), "owen"),
            acts.SayNotMine: lambda: acts.SayNotMine(dice.choice(("Owen Tarrant", "")), self.text()),
            acts.SayItStays: lambda: acts.SayItStays(self.text()),
            acts.DropAction: lambda: acts.DropAction(some_action, self.text()),
            acts.RecordUrgentAction: lambda: acts.RecordUrgentAction(
                self.text(), children=dice.choice(((), CHILDREN[1:]))),
            acts.Resolve: lambda: acts.Resolve(texts, not_spoken=self.text()),
            acts.Withdraw: lambda: acts.Withdraw(self.text() if dice.random() < 0.1 else ""),
            acts.Close: lambda: acts.Close(dice.choice(tuple(ENDINGS)), self.text() if dice.random() < 0.2 else ""),
            acts.Note: lambda: acts.Note(self.text()),
            acts.Share: lambda: acts.Share(roles),
            acts.TakeRoute: lambda: acts.TakeRoute(dice.choice([r.id for r in protocol.routes] or [""])),
            acts.HandOver: lambda: acts.HandOver(roles, "owen", "Owen Tarrant", self.text()),
            acts.Correct: lambda: acts.Correct(dice.randint(0, 9), self.text()),
            acts.File: lambda: acts.File(dice.choice((*CHILDREN, "nobody"))),
        }  # fmt: skip
        return makes[kind]()

    def verdict(self, each: dict[str, bool]) -> dict[str, bool]:
        """Mostly of those who are asked about, sometimes of anybody."""
        asked = (
            [c.id for c in self.state.unsettled] if self.state is not None and self.dice.random() < 0.8 else CHILDREN
        )
        return self.dice.choice((each, dict.fromkeys(asked, True), dict.fromkeys(asked, False)))

    def ways_up(self) -> list[str]:
        """Mostly the stages that this one leads to, sometimes any."""
        stages = self.rules.protocol.stages
        if self.state is not None and self.dice.random() < 0.7:
            stages = (self.rules.protocol.stage(self.state.here.stage),)
        return [e.to for s in stages for e in s.exits]

    def some_duty(self) -> str:
        owed = [d.key for d in agenda(self.rules, self.state, self.now) if d.owed] if self.state else []
        return self.dice.choice([*owed, "9:none:none"])

    def step(self) -> Event | None:
        """Try one act; keep the promises that hold whatever was tried."""
        by = self.expected() if self.state is not None and self.dice.random() < 0.7 else self.someone()
        kind = acts.Raise if self.state is None and self.dice.random() < 0.9 else self.dice.choice(KINDS)
        offered: dict[str, Move] = {}
        if self.state is not None and self.dice.random() < 0.6:
            offered = moves(self.rules, self.state, by, self.now)
            likely = [ACT_NAMES[n] for n in _FORWARD if offered[n].allowed]
            kind = self.dice.choice(likely or [kind])
        before, length = self.state, len(self.history)
        tried = self.act(kind)
        outcome = decide(self.rules, before, tried, by, self.now)
        if isinstance(outcome, Refusal):
            assert outcome.sentence, outcome
            assert self.state is before
            assert len(self.history) == length
            if before is not None and kind is not acts.Raise:
                button = (offered or moves(self.rules, before, by, self.now))[NAMES[kind]]
                # An immediate risk overtakes the reason to wait, so another reason may be left.
                urgent = isinstance(tried, acts.MoveOn) and tried.because == "immediate risk"
                if not button.allowed and not urgent:
                    assert button.refusal == outcome, "the button and the act give different reasons"
            return None
        assert outcome, "an act that is allowed leaves a trace"
        for entry in outcome:
            self.history.append(entry)
            self.state = advance(self.rules.protocol, self.state, entry)
        return outcome[-1]


def once_met(walk: Walk, duties: tuple[Duty, ...]) -> None:
    """Once a duty is met, when and whether late never changes, but for what an act of its own undoes."""
    undone = UNDONE.get(walk.history[-1].type)
    now: Met = {d.key: (d.must, d.met, d.late(walk.now)) for d in duties if d.met is not None}
    for key, was in walk.met.items():
        assert was[0] == undone or now.get(key) == was, f"{key} was met {was}, and now {now.get(key)}"
    walk.met = now


UNDONE = {
    "sent_back": Must.DRAFT,
    "action_returned": Must.DO_THE_ACTION,
    "action_dropped": Must.DO_THE_ACTION,
    "child_reopened": Must.RESOLVE,
}


def check(walk: Walk) -> None:
    """One next person and date, or a stated none; no date before its start; folding again gives the same."""
    state, now = walk.state, walk.now
    if state is None:
        return
    duties = agenda(walk.rules, state, now)
    keys = [d.key for d in duties]
    assert len(keys) == len(set(keys)), "two duties with one key"
    once_met(walk, duties)
    step = standing(walk.rules, state, now, duties)
    assert step.tag in TAGS
    people = [bool(step.who), bool(step.person or step.name), bool(step.none_because)]
    assert sum(people) == 1, f"exactly one next person, or a stated none: {step}"
    if step.who:
        assert step.who in walk.rules.protocol.roles
    for duty in duties:
        if duty.due is not None and duty.due.date is not None and duty.basis != "courtesy" and not duty.action:
            visit = state.visits[duty.visit - 1] if duty.visit else None
            start = min((visit.entered, *(at for _, at in visit.spoke))) if visit else state.raised
            assert duty.due.date >= london_date(start), f"{duty.key} is due before it starts"
    assert (state.ended is None) == (step.none_because == "")
    if state.ended is None and overdue(state, now):
        assert step.tag == WAITING_FOR_CHAIR, "what was agreed is late, and nobody is asked to decide"
        assert step.who == walk.rules.protocol.stage(state.here.stage).judged_by[0]
    for action in state.actions.values():
        known = action.decided is not None and not state.accepted
        assert known or not action.late_on(london_date(now)) or action in overdue(state, now), (
            "late, and nobody is asked"
        )
    for action in overdue(state, now) if state.ended is None else ():
        decides = [d for d in duties if d.must == Must.DECIDE_ON_THE_ACTION and d.subject == action.id and d.owed]
        assert decides, "an agreed action is late, and the chair does not owe a decision on it"
    for child in state.children.values():
        assert not (child.ended and child.open), "a child’s part is over and goes on"
    if state.ended is None:
        left_alone(walk.rules, state, now)


def left_alone(rules: Rules, state: State, now: datetime) -> None:
    """Nothing drifts: once the day has passed of what is waited for, it is the chair's turn or the chair's decision.

    And when that will be is known beforehand: till then it is the same turn, and with nothing waited for it stays so.
    """
    later = now + IN_A_YEAR
    first, ends, last = standing(rules, state, now), turns(rules, state, now), standing(rules, state, later)
    chair = rules.protocol.stage(state.here.stage).judged_by[0]
    if last.day is not None and last.day < london_date(later):
        assert last.who == chair, f"{last.day} has passed, and it is still the turn of {last}"
    owed = {d.subject for d in agenda(rules, state, later) if d.must == Must.DECIDE_ON_THE_ACTION and d.owed}
    assert {action.id for action in overdue(state, later)} <= owed, "late in a year, and nobody decides on it"
    unchanged = last if ends is None else standing(rules, state, ends)
    assert (unchanged.tag, unchanged.who, unchanged.must) == (first.tag, first.who, first.must), "its turn came unseen"


def walked(rules: Rules, dice: random.Random) -> Walk:
    """One history, its promises kept at each step."""
    walk = Walk(rules, dice)
    try:
        for _ in range(dice.randint(5, 45)):
            walk.now += timedelta(hours=dice.choice((0, 1, 5, 24, 72, 200)))
            if walk.step() is not None:
                check(walk)
        check(walk)
        assert fold(rules.protocol, walk.history) == walk.state
    except AssertionError as fault:
        raise AssertionError(f"{fault}\n{walk.history}") from fault
    return walk


@pytest.mark.drawn
@pytest.mark.parametrize("part", range(1, PARTS + 1), ids=lambda part: f"part {part} of {PARTS}")
@pytest.mark.parametrize("protocol_id", library.shipped())
def test_any_history_keeps_its_promises(protocol_id: str, part: int, seed: int, chance: random.Random) -> None:
    print(f"seed {seed}, {HISTORIES} histories in part {part}")
    rules = Rules(library.load(protocol_id), calendars.load("england-and-wales"), "working")
    for _ in range(HISTORIES):
        walked(rules, chance)


@pytest.mark.parametrize("protocol_id", library.shipped())
def test_the_walks_reach_every_stage(protocol_id: str) -> None:
    """What holds of any walk says little of a stage that no walk comes to: the rarest is met within ten thousand."""
    rules = Rules(library.load(protocol_id), calendars.load("england-and-wales"), "working")
    dice = random.Random(1)  # always the same walks: which stages they meet is no matter of luck
    missing = {s.id for s in rules.protocol.ladder}
    for _ in range(10_000):
        state = walked(rules, dice).state
        missing -= {visit.stage for visit in state.visits} if state is not None else set()
        if not missing:
            return
    raise AssertionError(f"no walk reaches {missing}")
