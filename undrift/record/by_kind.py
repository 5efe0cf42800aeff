"""Each kind of case asks its own engine: what its history leads to, who owes what, whose turn it is, who is told.

What the two engines have alike is asked here; nothing else of the record knows which of them it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from undrift.engine.duties import Duty
from undrift.engine.events import By, Event
from undrift.engine.ladder import acts as of_ladder
from undrift.engine.ladder import agenda as ladder_agenda
from undrift.engine.ladder import decide as ladder_decide
from undrift.engine.ladder import fold as ladder_fold
from undrift.engine.ladder import standing as ladder_standing
from undrift.engine.ladder import told as ladder_told
from undrift.engine.ladder.state import State as Ladder
from undrift.engine.ladder.state import with_the_dead as ladder_with_the_dead
from undrift.engine.next_step import NextStep
from undrift.engine.plan_cycle import acts as of_cycle
from undrift.engine.plan_cycle import agenda as cycle_agenda
from undrift.engine.plan_cycle import decide as cycle_decide
from undrift.engine.plan_cycle import fold as cycle_fold
from undrift.engine.plan_cycle import standing as cycle_standing
from undrift.engine.plan_cycle import told as cycle_told
from undrift.engine.plan_cycle.on_file import NOTHING, OnFile, known
from undrift.engine.plan_cycle.state import State as Cycle
from undrift.engine.plan_cycle.state import with_the_dead as cycle_with_the_dead
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.told import Told
from undrift.protocol.model import Protocol
from undrift.record.models import Kind

State = Ladder | Cycle
Act = of_ladder.Act | of_cycle.Act


def ladder(state: State) -> Ladder:
    """Of a concern: the state as its own engine has it."""
    assert isinstance(state, Ladder)
    return state


def cycle(state: State) -> Cycle:
    """Of a plan cycle: the state as its own engine has it."""
    assert isinstance(state, Cycle)
    return state


def fold(kind: str, protocol: Protocol, history: Iterable[Event]) -> State | None:
    return cycle_fold.fold(history) if kind == Kind.PLAN else ladder_fold.fold(protocol, history)


def with_the_dead(state: State, dead: Iterable[int]) -> State:
    """The same state, where these children have died."""
    numbers = frozenset(map(str, dead))
    return cycle_with_the_dead(state, numbers) if isinstance(state, Cycle) else ladder_with_the_dead(state, numbers)


def advanced(rules: Rules, state: State | None, events: Iterable[Event]) -> list[tuple[Event, State]]:
    """Each event with the state that it leads to."""
    steps: list[tuple[Event, State]] = []
    for event in events:
        state = _advance(rules.protocol, state, event)
        steps.append((event, state))
    return steps


def _advance(protocol: Protocol, state: State | None, event: Event) -> State:
    if isinstance(state, Cycle) or (state is None and event.type == "cycle_begun"):
        return cycle_fold.advance(state, event)
    return ladder_fold.advance(protocol, state, event)


def decide(rules: Rules, state: State, act: Act, by: By, at: datetime, file: OnFile) -> tuple[Event, ...] | Refusal:
    if isinstance(state, Cycle):
        assert isinstance(act, of_cycle.Act)
        return cycle_decide.decide(rules, state, act, by, at, file)
    assert isinstance(act, of_ladder.Act)
    return ladder_decide.decide(rules, state, act, by, at)


def lapse(state: State, duty: str) -> Act:
    """The act by which it is put on the record that a date has passed."""
    return of_cycle.RecordLapse(duty) if isinstance(state, Cycle) else of_ladder.RecordLapse(duty)


def end_taken_back(state: State, child: int, source: str) -> Act:
    """The act by which it is put on the record that the end of a child's plan was taken back."""
    kind = of_cycle.RecordEndTakenBack if isinstance(state, Cycle) else of_ladder.RecordEndTakenBack
    return kind(str(child), source)


def agenda(rules: Rules, state: State, now: datetime, file: OnFile = NOTHING) -> tuple[Duty, ...]:
    if isinstance(state, Cycle):
        return cycle_agenda.agenda(rules, known(state, file))
    return ladder_agenda.agenda(rules, state, now)


def given_for_the_answer(rules: Rules, state: State) -> date | None:
    """The date that the chair gave for the answer that is waited for, where it is not the policy's; else None."""
    given = ladder_agenda.later_date(rules, state, state.here) if isinstance(state, Ladder) else None
    return given.date if given is not None else None


def standing(rules: Rules, state: State, now: datetime, owed: tuple[Duty, ...], file: OnFile = NOTHING) -> NextStep:
    """Whose turn it is. What has ended is nobody's turn, whatever is owed of it still."""
    if isinstance(state, Cycle):
        here = cycle_standing.standing(rules, known(state, file), owed)
        return NextStep(here.tag, none_because=here.none_because) if state.ended is not None else here
    return ladder_standing.standing(rules, state, now, owed)


def turns(rules: Rules, state: State, now: datetime) -> datetime | None:
    """When the turn changes by itself; None in a plan cycle, where it never does."""
    if not isinstance(state, Ladder) or state.ended is not None or state.held:
        return None
    return ladder_agenda.turns(rules, state, now)


def told(rules: Rules, state: State, event: Event) -> tuple[Told, ...]:
    if isinstance(state, Cycle):
        return cycle_told.told(rules, state, event)
    return ladder_told.told(rules, state, event)


# What a concern has and a plan cycle has not ------------------------------------------------------------------------


def began(state: State) -> datetime:
    return state.begun if isinstance(state, Cycle) else state.raised


def stage_of(state: State) -> str:
    """The stage where it stands; "" in a plan cycle, which has none."""
    return state.here.stage if isinstance(state, Ladder) else ""


def is_urgent(state: State) -> bool:
    return isinstance(state, Ladder) and bool(state.at_risk)


def judges(rules: Rules, state: State) -> tuple[str, ...]:
    """Who judges where it stands: to them falls what was somebody's who is kept out."""
    return rules.protocol.stage(state.here.stage).judged_by if isinstance(state, Ladder) else (rules.protocol.chair,)


def agency_of(state: State | None) -> int | None:
    """The agency that is asked, where that has an account here."""
    said = state.agency if isinstance(state, Ladder) else ""
    return int(said) if said.isdigit() else None


def handed_of(state: State | None) -> Mapping[str, int]:
    """Which parts were handed to somebody by name."""
    handed = state.handed if isinstance(state, Ladder) else {}
    return {role: int(number) for role, number in handed.items() if number.isdigit()}
