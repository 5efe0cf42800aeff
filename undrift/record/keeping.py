"""What is done with a case under its lock: read it whole, append, summarise, enqueue. In the caller's transaction.

Nothing else writes history. Nothing is sent from here.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

from undrift.engine.events import SYSTEM, Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.decide import decide
from undrift.engine.ladder.state import State, advance
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.people.found import Found
from undrift.people.models import Person
from undrift.record import appending, history, outbox, summary
from undrift.record.adopted import rules_of
from undrift.record.locking import AnyCase, LockedRow, locked_row
from undrift.record.models import Case
from undrift.record.who_plays import kept_out_of, standing_in, who_plays

log = logging.getLogger(__name__)

Steps = Sequence[tuple[Event, State]]
# What happened that changes who plays a part.
CHANGES_PARTS = frozenset({"handed_over", "moved_on"})


@dataclass
class Locked(Generic[AnyCase]):
    """A case that nobody else can change until the transaction ends, with all that is needed to act on it."""

    case: AnyCase
    rules: Rules
    events: list[Event]
    state: State
    now: datetime


class Busy(Exception):
    """Somebody else holds the case, and the caller did not want to wait."""


def lock(kind: type[AnyCase], number: int, *, wait: bool = True) -> Locked[AnyCase]:
    """Lock a case and read it whole. Two queries. Refuses (`Busy`) where it is held and `wait` is False."""
    return read(locked_row(kind, number, wait=wait))


def read(found: LockedRow[AnyCase] | None) -> Locked[AnyCase]:
    """All that is needed to act on a row that is locked. One query."""
    if found is None:
        raise Busy
    events = list(history.history_of(found.case))
    return Locked(
        found.case, rules_of(found.case, found.closures), events, history.folded(found.case, events), found.now
    )


def advanced(rules: Rules, state: State | None, events: Sequence[Event]) -> list[tuple[Event, State]]:
    """Each event with the state it leads to."""
    steps: list[tuple[Event, State]] = []
    for event in events:
        state = advance(rules.protocol, state, event)
        steps.append((event, state))
    return steps


def keep(
    case: Case,
    rules: Rules,
    before: Sequence[Event],
    steps: Steps,
    found: Mapping[str, Found],
    *,
    moment: datetime,
    now: datetime,
    by: Person | None,
    own: Mapping[str, Any] | None = None,
    settled: Mapping[int, bool] | None = None,
) -> None:
    """Append, summarise, enqueue. The roles are looked up again only where the act itself changed who plays them.

    `own` is what the case has beside the columns that every case has.
    """
    state = steps[-1][1]
    rows = appending.rows_for(case, [event for event, _ in steps], now, absent_for(found, steps[0][0], by))
    appending.append(rows)
    case.last_hash = rows[-1].hash
    if any(event.type in CHANGES_PARTS for event, _ in steps):
        found = who_plays(case, rules.protocol, state, moment)
    happened = [*before, *(event for event, _ in steps)]
    worked = summary.work_out(rules, state, happened, found, moment, kept_out_of(case), own)
    summary.write(case, worked, new=not before, settled=settled)
    outbox.enqueue(case, rules, steps, found, now)


def record_lapses(keys: Sequence[str], locked: Locked[AnyCase], at: datetime) -> int:
    """Record that these duties' dates have passed, inside the caller's transaction and lock; how many were recorded.

    The engine is asked of each: a summary that says otherwise is not obeyed.
    """
    case, rules, state = locked.case, locked.rules, locked.state
    steps: list[tuple[Event, State]] = []
    for key in keys:
        decision = decide(rules, state, acts.RecordLapse(key), SYSTEM, at)
        if isinstance(decision, Refusal):
            log.warning("%s: %s is not recorded as passed: %s", case.reference, key, decision.sentence)
            continue
        steps += advanced(rules, state, decision)
        state = steps[-1][1]
    if steps:
        found = who_plays(case, rules.protocol, state, at)
        keep(
            case, rules, locked.events, steps, found,
            moment=at, now=locked.now, by=None, settled=settled_in(locked.state),
        )  # fmt: skip
    return len(steps)


def refresh(locked: Locked[AnyCase], *, people_at: datetime) -> summary.Summary:
    """Work the summary out again, with the holders of roles as of that moment, and write what differs."""
    case = locked.case
    found = who_plays(case, locked.rules.protocol, locked.state, people_at)
    worked = summary.work_out(locked.rules, locked.state, locked.events, found, people_at, kept_out_of(case))
    summary.write(case, worked)
    return worked


def settled_in(state: State) -> dict[int, bool]:
    """Each child it is about, and whether it is settled for that child."""
    return {int(child.id): child.settled for child in state.children.values()}


def absent_for(found: Mapping[str, Found], event: Event, by: Person | None) -> Person | None:
    """For whom the actor stands in, in the part that this act was done in."""
    return standing_in(found, event.by.role, by) if by is not None else None
