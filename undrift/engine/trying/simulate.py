"""A whole ladder on a calendar: what the dates are when a concern goes all the way up.

Nothing is worked out here. A concern is raised and moved on by the engine's own acts, and the dates are those of its
own agenda, so a simulation is the running behaviour with invented people.

One convention: the engine lets a stage be left only once its time is over, which is the moment after the due date.
The ladder's table counts the next stage from the due date itself, as its day 0. So each move is decided at that
moment after, and written down at the last moment of the due date.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from undrift.engine.dates.due import Due, due
from undrift.engine.dates.moments import london_date, noon
from undrift.engine.duties import Duty
from undrift.engine.events import By
from undrift.engine.ladder import acts
from undrift.engine.ladder.agenda import agenda
from undrift.engine.ladder.decide import decide
from undrift.engine.ladder.fold import advance
from undrift.engine.ladder.state import State
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.protocol.clocks import Agreed, Clock
from undrift.protocol.model import Outcome, Stage

MOMENT = timedelta(microseconds=1)  # the smallest that a moment in time can be after another
CHILD = "child"


class CannotSimulate(ValueError):
    """A ladder that cannot be walked from this start. The message is the engine's own refusal."""


@dataclass(frozen=True)
class Rung:
    """One stage of the walk: when it was entered, who has to act, and when that is due.

    `due` is None where the stage asks nobody for anything. `note` says how the walk ends here, or why it cannot go on.
    """

    stage: str
    title: str
    entered: datetime
    who: str
    due: Due | None
    note: str = ""


def simulate(
    rules: Rules,
    stage_id: str,
    raised: date | datetime,
    *,
    never_answered: bool = True,
    agreed_in: Clock | None = None,
) -> tuple[Rung, ...]:
    """Every stage from `stage_id` up, each entered on the due date of the one before.

    `never_answered`: nobody answers; otherwise each answers on the last day and is not accepted. Steps of the plan
    cycle are done on their last day. `agreed_in` is the time that people agree where the policy leaves it to them:
    without it the walk stops there, for there is no date. A day stands for its noon. Refuses with CannotSimulate, and
    as `due` does (UnstatedDays, OutsideCalendar).
    """
    if stage_id not in {stage.id for stage in rules.protocol.stages}:
        known = ", ".join(stage.id for stage in rules.protocol.stages)
        raise CannotSimulate(f'There is no stage "{stage_id}". The stages are {known}.')
    start = raised if isinstance(raised, datetime) else noon(raised)
    outcome: Outcome = "not answered" if never_answered else "not accepted"
    return tuple(_Walk(rules, agreed_in, outcome).rungs(rules.protocol.stage(stage_id), start))


class _Walk:
    """One concern on its way up."""

    def __init__(self, rules: Rules, agreed_in: Clock | None, outcome: Outcome) -> None:
        self.rules = rules
        self.agreed_in = agreed_in
        self.outcome = outcome
        everyone = frozenset(rules.protocol.roles)
        self.person = By("one", roles=everyone)
        self.another = By("another", roles=everyone)  # nobody approves their own answer
        self.state: State | None = None

    def rungs(self, stage: Stage, start: datetime) -> Iterator[Rung]:
        entered = start
        while not stage.is_raised:
            rung, higher = self.step(stage, entered)
            yield rung
            if higher is None or rung.due is None or rung.due.at is None:
                return
            entered, stage = rung.due.at, higher
        refusal = self.perform(self.raising(stage, entered), entered, entered)
        if refusal is not None and refusal.about != "date":
            raise CannotSimulate(refusal.sentence)
        while refusal is None:
            rung, higher = self.rung(stage, entered)
            yield rung
            if higher is None or rung.due is None or rung.due.at is None:
                return
            entered = rung.due.at
            refusal = self.perform(self.moving(higher, self.outcome, entered), entered + MOMENT, entered)
            stage = higher
        yield self.undated(stage, entered, refusal)

    def step(self, stage: Stage, entered: datetime) -> tuple[Rung, Stage | None]:
        """A step of the plan cycle, which nobody raises: done on the last day that the policy gives it."""
        ends = [
            (due(self.rules.counted(d.within), entered, self.rules.calendar, bare_days=self.rules.bare_days), d.who)
            for d in stage.duties
        ]
        when, who = max(ends, key=lambda each: (each[0].at is None, each[0].at or entered), default=(None, ""))
        higher, note = self.onward(stage)
        title = self.rules.protocol.title_of(who) if who else ""
        return Rung(stage.id, stage.title, entered, title, when, note), higher

    def rung(self, stage: Stage, entered: datetime) -> tuple[Rung, Stage | None]:
        """The rung, with the stage's own acts done, and the stage that comes after."""
        owed = self.owed(stage)
        last = max(owed, key=lambda duty: (duty.ends is None, duty.ends or entered), default=None)
        if last is None:
            return self.standing(stage, entered, None, "Nobody has to do anything here."), None
        if last.due is None or last.ends is None:
            return self.standing(stage, entered, last, (last.due and last.due.none_because) or ""), None
        self.live(stage, owed)
        higher, note = self.onward(stage)
        return self.standing(stage, entered, last, note), higher

    def standing(self, stage: Stage, entered: datetime, duty: Duty | None, note: str) -> Rung:
        who = self.rules.protocol.title_of(duty.who) if duty else ""
        return Rung(stage.id, stage.title, entered, who, duty.due if duty else None, note)

    def undated(self, stage: Stage, entered: datetime, refusal: Refusal) -> Rung:
        """The stage that the engine does not let begin, because it wants a date that people agree."""
        asked = stage.answer
        if asked is None or refusal.code != "no-date":
            raise CannotSimulate(f"{stage.title}: {refusal.sentence}.")
        when = due(self.rules.counted(asked.within), entered, self.rules.calendar, bare_days=self.rules.bare_days)
        note = "Until then nothing above it can be dated."
        return Rung(stage.id, stage.title, entered, self.rules.protocol.title_of(asked.who), when, note)

    def owed(self, stage: Stage) -> list[Duty]:
        """The duties that decide when the stage is over: the answer."""
        assert self.state is not None
        here = len(self.state.visits)
        found = [d for d in agenda(self.rules, self.state, self.state.here.entered) if d.visit == here]
        return [d for d in found if d.basis == "policy" and d.is_answer]

    def live(self, stage: Stage, owed: list[Duty]) -> None:
        """Does what is done at this stage on its last day."""
        for duty in owed:
            assert duty.ends is not None
            if self.outcome == "not accepted":
                self.disappoint(stage, duty.ends)

    def disappoint(self, stage: Stage, at: datetime) -> None:
        if stage.asks_for_response:
            self.must(acts.Respond("do not agree", "No.", consider={each.id: False for each in stage.consider}), at)
            if stage.answer and stage.answer.approved_by:
                self.must(acts.Approve(), at, by=self.another)
        self.must(acts.Judge({CHILD: False}, why="It does not resolve it."), at)

    def onward(self, stage: Stage) -> tuple[Stage | None, str]:
        """Where it goes from here, or what is said where it goes no further."""
        outcome: Outcome = self.outcome if stage.is_raised else "done"
        been = {visit.stage for visit in self.state.visits} if self.state else set()
        ways = stage.ways_out(outcome)
        stages = {each.id: each for each in self.rules.protocol.stages}
        higher = next((stages[way.to] for way in ways if way.to in stages and way.to not in been), None)
        if higher is not None:
            return higher, ""
        ending = next((way.ending for way in ways if way.to == "ended"), None)
        if ending is None:
            return None, "The policy does not say what follows."
        return None, f"It ends here: {ending.replace('-', ' ')}." if ending else "It ends here."

    def raising(self, stage: Stage, at: datetime) -> acts.Raise:
        return acts.Raise(
            stage.id,
            (acts.ChildConcern(CHILD, "Invented for a simulation."),),
            concern="Invented for a simulation.",
            spoke=self.conversation(stage),
            ask="Invented for a simulation.",
            why_this_stage="Invented for a simulation.",
            date=self.agreed(stage, at),
            completion=london_date(at),
        )

    def moving(self, to: Stage, because: Outcome, at: datetime) -> acts.MoveOn:
        return acts.MoveOn(
            to.id,
            because,
            spoke=self.conversation(to),
            ask="Invented for a simulation.",
            date=self.agreed(to, at),
            completion=london_date(at + MOMENT),
        )

    def conversation(self, stage: Stage) -> acts.Conversation | None:
        first = stage.speak_first
        return acts.Conversation(how=(*first.prefer, "in person")[0], to=first.to) if first else None

    def agreed(self, stage: Stage, at: datetime) -> date | None:
        asked = stage.answer
        if asked is None or not isinstance(asked.within, Agreed) or self.agreed_in is None:
            return None
        return due(self.agreed_in, at, self.rules.calendar, bare_days=self.rules.bare_days).date

    def must(self, act: acts.Act, at: datetime, by: By | None = None) -> None:
        refusal = self.perform(act, at, at, by)
        assert refusal is None, f"the walk does what the engine refuses: {refusal}"

    def perform(self, act: acts.Act, decided: datetime, recorded: datetime, by: By | None = None) -> Refusal | None:
        """The act by the engine's own decision, or its refusal with nothing changed."""
        found = decide(self.rules, self.state, act, by or self.person, decided)
        if isinstance(found, Refusal):
            return found
        for event in found:
            self.state = advance(self.rules.protocol, self.state, replace(event, at=recorded))
        return None
