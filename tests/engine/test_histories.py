"""What holds for any history under any shipped protocol, found by random walks. The seed is printed.

Ten thousand histories of each protocol in `make test-all`, three hundred in `make test`, in parts that several
processes share.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pytest

from tests.house.thorough import THOROUGH
from undrift import library
from undrift.engine.dates.moments import london_date
from undrift.engine.duties import Duty
from undrift.engine.events import SYSTEM, By, Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import agenda, overdue, turns
from undrift.engine.ladder.decide import decide
from undrift.engine.ladder.fold import advance, fold
from undrift.engine.ladder.guards import WHILE_HELD
from undrift.engine.ladder.kinds import ACT_NAMES, EVENTS
from undrift.engine.ladder.moves import moves
from undrift.engine.ladder.standing import TAGS, WAITING_FOR_CHAIR, standing
from undrift.engine.ladder.state import ENDINGS, Action, State, with_the_dead
from undrift.engine.ladder.told import told
from undrift.engine.musts import Must
from undrift.engine.next_step import HELD
from undrift.engine.refusal import Move, Refusal
from undrift.engine.rules import Rules
from undrift.library import calendars
from undrift.protocol.model import Stage

PARTS = 4
HISTORIES = (10_000 if THOROUGH else 300) // PARTS  # a part
CHILDREN = ("amara", "zion")
IN_A_YEAR = timedelta(days=365)
KINDS = tuple(ACT_NAMES.values())
NAMES = {kind: name for name, kind in ACT_NAMES.items()}


# Acts that carry a resolution on: tried more often, so that walks reach every stage and every ending.
_FORWARD = ("respond", "approve", "judge", "judge", "move_on", "move_on", "finish_action", "confirm_action", "resolve")


T = TypeVar("T")
Met = dict[str, tuple[object, datetime | None, bool]]  # each duty that was met: what, when, whether late


@dataclass
class Reached:
    """How often each act was done, each type of event came about and each stage was come to, over many walks."""

    acts: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    stages: Counter[str] = field(default_factory=Counter)
    deaths: Counter[str] = field(
        default_factory=Counter
    )  # what became of it when a child was said to have died, or not

    def add(self, act: str, entries: Iterable[Event]) -> None:
        self.acts[act] += 1
        for entry in entries:
            self.events[entry.type] += 1
            if entry.type in ("raised", "moved_on"):
                self.stages[entry.payload["stage"]] += 1

    def told(self) -> str:
        """The rarest first."""
        parts = (("acts", self.acts), ("events", self.events), ("stages", self.stages),
                 ("deaths", self.deaths))  # fmt: skip
        said = ((name, sorted(found.items(), key=lambda one: one[1])) for name, found in parts)
        return "\n".join(f"{name}: {', '.join(f'{what} {number}' for what, number in found)}" for name, found in said)


class Walk:
    """One random history: random people try random acts at random moments, sensible and not.

    What has seldom come about in the walks before this one is tried the more often.
    """

    def __init__(self, rules: Rules, dice: random.Random, reached: Reached | None = None) -> None:
        self.rules, self.dice, self.reached = rules, dice, reached or Reached()
        self.roles = tuple(rules.protocol.roles)
        self.now = datetime(2025, 1, 1, 9, tzinfo=UTC) + timedelta(minutes=dice.randrange(525_600 * 2))
        self.history: list[Event] = []
        self.state: State | None = None
        self.met: Met = {}
        self.dead: frozenset[str] = frozenset()

    def someone(self) -> By:
        if self.dice.random() < 0.08:
            return SYSTEM
        held = self.dice.sample(self.roles, k=self.dice.choice((1, 1, 1, 2)))
        if self.dice.random() < 0.5:
            held.append("chair")
        return By(person=held[0], name=held[0], roles=frozenset(held))

    def expected(self) -> By:
        """The one whose turn it is, so that walks get far; it begins with the chair."""
        step = standing(self.rules, self.state, self.now) if self.state is not None else None
        role = (step.who if step is not None else "") or "chair"
        return By(person=role, name=role, roles=frozenset({role}))

    def day(self, least: int, most: int) -> date:
        return london_date(self.now) + timedelta(days=self.dice.randint(least, most))

    def text(self) -> str:
        return self.dice.choice(("", *("Core groups were late", "Write up the visits") * 3))

    def act(self, kind: type[acts.Act]) -> acts.Act:
        dice, protocol = self.dice, self.rules.protocol
        starts = [each.id for each in protocol.ladder if each.may_start_here]
        stage = self.seldom(starts, lambda name: self.reached.stages[name])
        stage = stage if dice.random() < 0.8 else dice.choice(protocol.stages).id
        action = acts.ActionAsked("Write up the visits", "Hannah", self.day(-1, 20), dice.choice(("", "hannah")))
        some_action = self.some_action(kind)
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
            acts.RecordEndTakenBack: lambda: acts.RecordEndTakenBack(self.whose_plan_ended(child)),
            acts.CarryOn: lambda: acts.CarryOn((self.whose_plan_ended(child),), self.text()),
            acts.RingBack: lambda: acts.RingBack(
                entry, dice.choice(("Hannah", "")), self.day(-1, 1), safe=dice.choice((None, (), CHILDREN[:1]))),
            acts.GiveUpRing: lambda: acts.GiveUpRing(entry, self.text()),
            acts.MoveOn: lambda: acts.MoveOn(
                *self.way_up(), spoke=talk,
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
            acts.RecordWentOver: lambda: acts.RecordWentOver(
                dice.choice((*acts.WENT_OVER, "")), dice.choice(("Owen", "Imran")), "Imran", self.text()),
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
            acts.Share: lambda: acts.Share(roles, self.text()),
            acts.TakeRoute: lambda: acts.TakeRoute(dice.choice([r.id for r in protocol.routes] or [""]), self.text()),
            acts.HandOver: lambda: acts.HandOver(roles, "owen", "Owen Tarrant", self.text()),
            acts.Correct: lambda: acts.Correct(dice.randint(0, 9), self.text()),
            acts.File: lambda: acts.File(dice.choice((*CHILDREN, "nobody"))),
        }  # fmt: skip
        return makes[kind]()

    def some_action(self, kind: type[acts.Act]) -> str:
        """Mostly one of which this may be said, sometimes any, sometimes one that is not there."""
        every = list(self.state.actions.values()) if self.state is not None else []
        fits = [action.id for action in every if kind not in FITS or FITS[kind](action)]
        return self.dice.choice(fits if fits and self.dice.random() < 0.8 else [*(a.id for a in every), "a1"])

    def whose_plan_ended(self, child: str) -> str:
        ended = [c.id for c in self.state.plans_ended] if self.state is not None else []
        return self.dice.choice(ended or [child])

    def verdict(self, each: dict[str, bool]) -> dict[str, bool]:
        """Mostly of those who are asked about, sometimes of anybody."""
        asked = (
            [c.id for c in self.state.unsettled] if self.state is not None and self.dice.random() < 0.8 else CHILDREN
        )
        return self.dice.choice((each, dict.fromkeys(asked, True), dict.fromkeys(asked, False)))

    def way_up(self) -> tuple[str, str]:
        """Mostly a way that leads on from this stage, to where walks have seldom come; sometimes any."""
        every = [way for stage in self.rules.protocol.stages for way in ways_of(stage)]
        here = ways_of(self.rules.protocol.stage(self.state.here.stage)) if self.state is not None else []
        if not here or self.dice.random() < 0.2:
            return self.dice.choice(every)
        return self.seldom(here, lambda way: self.reached.stages[way[0]])

    def seldom(self, ways: Sequence[T], reached: Callable[[T], int]) -> T:
        """What was reached least often is chosen most often."""
        return self.dice.choices(ways, [1 / (1 + reached(way)) ** 2 for way in ways])[0]

    def some_duty(self) -> str:
        owed = [d.key for d in agenda(self.rules, self.state, self.now) if d.owed] if self.state else []
        return self.dice.choice([*owed, "9:none:none"])

    def chosen(self, offered: dict[str, Move]) -> type[acts.Act]:
        """Of what is offered: what carries it on, or what has come about least often."""
        if self.dice.random() < 0.4 and (likely := [name for name in _FORWARD if offered[name].allowed]):
            return ACT_NAMES[self.dice.choice(likely)]
        may = [name for name, move in offered.items() if move.allowed]
        return ACT_NAMES[self.seldom(may, lambda name: self.reached.acts[name])] if may else self.dice.choice(KINDS)

    def tried(self, kind: type[acts.Act], by: By) -> tuple[acts.Act, tuple[Event, ...] | Refusal]:
        """Mostly by somebody who says it again in another way where it was refused, sometimes by one who does not."""
        for _ in range(self.dice.choice((1, 5, 5))):
            tried = self.act(kind)
            outcome = decide(self.rules, self.state, tried, by, self.now)
            if not isinstance(outcome, Refusal):
                break
        return tried, outcome

    def somebody_dies_or_lives(self) -> bool:
        """Seldom somebody says of a child that it has died; before long, mostly, that it lives after all.

        No event says either: the history is read with those who have died, as the record reads it.
        """
        if self.state is None or self.dice.random() > (0.2 if self.dead else 0.02):
            return False
        before, held, apart = self.dead, self.state.held, bool(self.state.apart)
        # All of them live then, or one of two; or another dies as well.
        self.dead = frozenset() if before and self.dice.random() < 0.5 else before ^ {self.dice.choice(CHILDREN)}
        self.state = self.as_kept()
        # For whoever has died nothing is left to decide, and there is again for whoever lives after all.
        self.met = {key: was for key, was in self.met.items() if was[0] not in DECIDED}
        now_held, now_apart = self.state.held, bool(self.state.apart)
        came = {"held": now_held > held, "given back": held > now_held, "apart": now_apart > apart,
                "together again": apart > now_apart}  # fmt: skip
        self.reached.deaths.update(went for went, so in came.items() if so)
        return True

    def as_kept(self) -> State:
        """What the record works out from the history, which knows of no death, and from those who have died."""
        state = fold(self.rules.protocol, self.history)
        assert state is not None
        return with_the_dead(state, self.dead)

    def step(self) -> Event | None:
        """Try one act; keep the promises that hold whatever was tried."""
        by = self.expected() if self.dice.random() < 0.7 else self.someone()
        if self.state is not None and self.state.plans_ended and self.dice.random() < 0.2:
            by = SYSTEM  # an end may be taken back before the chair has decided
        kind = acts.Raise if self.state is None and self.dice.random() < 0.9 else self.dice.choice(KINDS)
        offered: dict[str, Move] = {}
        if self.state is not None and self.dice.random() < 0.8:
            offered = moves(self.rules, self.state, by, self.now)
            kind = self.chosen(offered)
        before, length = self.state, len(self.history)
        tried, outcome = self.tried(kind, by)
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
        assert before is None or not before.nobody_lives or kind in WHILE_HELD, f"{kind} where nobody lives"
        self.reached.add(NAMES[kind], outcome)
        for entry in outcome:
            self.history.append(entry)
            self.state = advance(self.rules.protocol, self.state, entry)
            assert not self.state.nobody_lives or told(self.rules, self.state, entry) == (), "somebody is told of it"
        if self.dead:
            self.state = self.as_kept()  # as whoever opens it next reads it
        return outcome[-1]


def ways_of(stage: Stage) -> list[tuple[str, str]]:
    """The stages it leads to, each with a reason to move there."""
    return [(way.to, because) for way in stage.exits if way.to != "ended" for because in way.when]


DECIDED = (Must.DECIDE, Must.RESOLVE)  # when, depends on for whom it goes on

# Of which actions an act can be said.
FITS: Mapping[type[acts.Act], Callable[[Action], bool]] = {
    acts.StartAction: lambda action: action.status == "agreed",
    acts.FinishAction: lambda action: action.to_do,
    acts.ConfirmAction: lambda action: action.status == "done",
    acts.ReturnAction: lambda action: action.status == "done",
    acts.ChangeActionDate: lambda action: action.to_do,
    acts.AskForActionDate: lambda action: action.to_do,
    acts.DeclineActionDate: lambda action: action.asked is not None,
    acts.RecordOwnerLeft: lambda action: action.to_do and bool(action.person) and action.owner_left is None,
    acts.GiveAction: lambda action: action.to_do,
}


def once_met(walk: Walk, duties: tuple[Duty, ...]) -> None:
    """Once a duty is met, when and whether late never changes, but for what an act of its own undoes.

    What is not spoken of for as long as a child is dead is so again as it was once it is said to live.
    """
    undone = UNDONE.get(walk.history[-1].type)
    if walk.dead:  # when all was decided for those who live is no entry of its own
        walk.met = {key: was for key, was in walk.met.items() if was[0] not in DECIDED}
    now: Met = {d.key: (d.must, d.met, d.late(walk.now)) for d in duties if d.met is not None}
    spoken_of = {d.key for d in duties}
    silent = {key: was for key, was in walk.met.items() if walk.dead and key not in spoken_of and was[0] != undone}
    for key, was in walk.met.items():
        same = now.get(key) == was or key in silent
        assert was[0] == undone or same, f"{key} was met {was}, and now {now.get(key)}"
    walk.met = silent | now


UNDONE = {
    "sent_back": Must.DRAFT,
    "action_returned": Must.DO_THE_ACTION,
    "action_dropped": Must.DO_THE_ACTION,
    "child_reopened": Must.RESOLVE,
}


def check(walk: Walk) -> None:
    """One next person and date, or a stated none; no date before its start; folding again gives the same.

    Of what is held nobody owes anything, and nobody is asked.
    """
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
    assert (state.ended is None and not state.held) == (step.none_because == "")
    assert not state.nobody_lives or duties == (), "nobody lives, and somebody owes something"
    assert (step.tag == HELD) == state.held
    if state.held:
        asked = state.risk_now, state.at_risk, state.not_rung_back, standing(walk.rules, state, now + IN_A_YEAR)
        assert asked == (False, (), (), step), "it is held, and it goes on"
        return
    asked_of = {c.id for c in state.unsettled} if state.ended is None else set()
    assert not state.dead & asked_of, "something is asked of a child who has died"
    decides = [d for d in duties if d.must == Must.DECIDE and d.owed]
    assert not (decides and state.accepted), "all is settled for those who live, and the chair owes a decision on it"
    for risk in state.not_rung_back:
        assert not state.lies_apart(risk.children), "a call is owed about a child who has died"
    if state.ended is None and overdue(state, now):
        assert step.tag == WAITING_FOR_CHAIR, "what was agreed is late, and nobody is asked to decide"
        assert step.who == walk.rules.protocol.stage(state.here.stage).judged_by[0]
    for action in state.asked_actions:
        known = action.decided is not None and not state.accepted
        assert known or not action.late_on(london_date(now)) or action in overdue(state, now), (
            "late, and nobody is asked"
        )
    for action in overdue(state, now) if state.ended is None else ():
        decides = [d for d in duties if d.must == Must.DECIDE_ON_THE_ACTION and d.subject == action.id and d.owed]
        assert decides, "an agreed action is late, and the chair does not owe a decision on it"
    waits = state.ended is None and state.here.waits_for_approval and not state.accepted
    approves = [d for d in duties if d.must == Must.APPROVE and d.owed]
    assert len(approves) == int(waits and step.must != Must.APPROVE), "an answer waits, and it is on nobody’s list"
    calls = [d for d in duties if d.must == Must.RING and d.owed]
    assert calls or not state.at_risk, "a child is at risk, and nobody owes the call that can say it is safe"
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


def walked(rules: Rules, dice: random.Random, reached: Reached | None = None) -> Walk:
    """One history, its promises kept at each step."""
    walk = Walk(rules, dice, reached)
    try:
        steps = dice.randint(5, 45)
        while steps:
            steps -= walk.state is not None or dice.random() < 0.02  # most are of a record that there is
            walk.now += timedelta(hours=dice.choice((0, 1, 5, 24, 72, 200)))
            if walk.somebody_dies_or_lives() or walk.step() is not None:
                check(walk)
        check(walk)
        assert walk.state is None or walk.as_kept() == walk.state
    except AssertionError as fault:
        raise AssertionError(f"{fault}\n{walk.history}") from fault
    return walk


@pytest.mark.drawn
@pytest.mark.parametrize("part", range(1, PARTS + 1), ids=lambda part: f"part {part} of {PARTS}")
@pytest.mark.parametrize("protocol_id", library.shipped())
def test_any_history_keeps_its_promises(protocol_id: str, part: int, seed: int, chance: random.Random) -> None:
    print(f"seed {seed}, {HISTORIES} histories in part {part}")
    rules, reached = Rules(library.load(protocol_id), calendars.load("england-and-wales"), "working"), Reached()
    for _ in range(HISTORIES):
        walked(rules, chance, reached)
    print(reached.told())
    if THOROUGH:  # of a sample the test below says what it comes to, with walks that are always the same
        assert seldom(rules, reached, LEAST) == {}, "too seldom for what is promised of any history to say much of it"


# Each act, each type of event and each stage in a part. What holds of any walk says little of what no walk comes to.
LEAST = HISTORIES // 250
NEVER_BY_AN_ACT: Mapping[str, str] = {
    "milestone_reached": "of records from before the plan cycle had a case of its own",
    "rules_changed": "the service moves a record to another version of the policy",
}
# What only a policy brings about in which somebody approves an answer.
OF_AN_APPROVER = frozenset({"approve", "send_back", "answer_drafted", "approved", "sent_back"})


def seldom(rules: Rules, reached: Reached, least: int) -> dict[str, int]:
    """What came about less often than that."""
    answers = [stage.answer for stage in rules.protocol.stages if stage.answer is not None]
    without = frozenset() if any(answer.approved_by for answer in answers) else OF_AN_APPROVER
    asked = (
        (reached.acts, ACT_NAMES.keys()),
        (reached.events, EVENTS.keys() - NEVER_BY_AN_ACT.keys()),
        (reached.stages, {stage.id for stage in rules.protocol.ladder}),
        (reached.deaths, {"held", "apart", "given back", "together again"}),
    )
    return {name: found[name] for found, names in asked for name in sorted(names - without) if found[name] < least}


@pytest.mark.parametrize("protocol_id", library.shipped())
def test_the_walks_come_to_every_act_every_event_and_every_stage(protocol_id: str) -> None:
    """Twice at least within a thousand. Always the same walks: what they come to is no matter of luck."""
    rules, reached = Rules(library.load(protocol_id), calendars.load("england-and-wales"), "working"), Reached()
    assert {"owner_left", "record_owner_left", rules.protocol.ladder[-1].id} <= seldom(rules, reached, 2).keys()
    dice = random.Random(1)
    for _ in range(1_000):
        walked(rules, dice, reached)
        if not seldom(rules, reached, 2):
            return
    raise AssertionError(f"too seldom: {seldom(rules, reached, 2)}")
