"""What is done with a case under its lock: read it whole, append, summarise, put into the outbox. One transaction.

Whatever is decided of one case is a `Change`, and any number of changes are written in one statement (`writing`).
Nothing else writes history. Nothing is sent from here.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic

from undrift.engine.events import SYSTEM, By, Event
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.people.finders import roles_of
from undrift.people.found import Found
from undrift.people.models import Person
from undrift.people.vacancies import alarmed_people
from undrift.record import appending, outbox, summary
from undrift.record.adopted import rules_of
from undrift.record.by_kind import Act, State, advanced, agenda, decide, fold, lapse, with_the_dead
from undrift.record.locking import AnyCase, LockedRow, locked_row
from undrift.record.models import Case
from undrift.record.who_plays import Known, standing_in, who_plays
from undrift.record.writing import Change, Counter, write_all

log = logging.getLogger(__name__)

Steps = Sequence[tuple[Event, State]]
# What happened that changes who plays a part.
CHANGES_PARTS = frozenset({"handed_over", "moved_on"})
# What happened with which somebody is asked: whoever keeps the posts is told where nobody is there to be asked.
BEGINS_PARTS = frozenset({"raised", "moved_on"})


@dataclass
class Locked(Generic[AnyCase]):
    """A case that nobody else can change until the transaction ends, with all that is needed to act on it."""

    case: AnyCase
    rules: Rules
    events: list[Event]
    state: State
    known: Known
    now: datetime


class Busy(Exception):
    """Somebody else holds the case, and the caller did not want to wait."""


def lock(kind: type[AnyCase], number: int, *, wait: bool = True) -> Locked[AnyCase]:
    """Lock a case and read it whole. One query. Refuses (`Busy`) where it is held and `wait` is False."""
    return read(locked_row(kind, number, wait=wait))


def read(found: LockedRow[AnyCase] | None) -> Locked[AnyCase]:
    """All that is needed to act on a row that is locked. No query."""
    if found is None:
        raise Busy
    rules = rules_of(found.case, found.closures)
    state = fold(found.case.kind, rules.protocol, found.events)
    assert state is not None, f"{found.case.reference} has no history."
    return Locked(found.case, rules, found.events, with_the_dead(state, found.known.dead), found.known, found.now)


def changed(
    case: Case,
    rules: Rules,
    before: Sequence[Event],
    steps: Steps,
    found: Mapping[str, Found],
    known: Known,
    *,
    moment: datetime,
    now: datetime,
    by: Person | None,
    own: Mapping[str, Any] | None = None,
    new: Counter | None = None,
    absent: Person | None = None,
) -> Change:
    """What these steps make of the case. The roles are looked up again only where they changed who plays them.

    `own` is what the case has beside the columns that every case has; `new` is what a new one is counted in. `absent`
    is for whom the actor stands in where that is by name, and no part of theirs says it.
    """
    state = steps[-1][1]
    absent = absent or absent_for(found, steps[0][0], by)
    rows = appending.rows_for(case, [event for event, _ in steps], now, absent)
    until_now = found
    if any(event.type in CHANGES_PARTS for event, _ in steps):
        found = who_plays(case, rules.protocol, state, moment, known=known)
    happened = [*before, *(event for event, _ in steps)]
    worked = summary.work_out(rules, state, happened, found, moment, known)
    notices = outbox.notices_of(case, rules, steps, worked.owed, found, now, known, until_now)
    if any(event.type in BEGINS_PARTS for event, _ in steps) and outbox.nobody_answers(rules, state, found):
        notices += outbox.alarms_of(case, state, alarmed_people(case.authority, moment, known.roster), now)
    return Change(case, worked, own, rows, notices, new)


def record_lapses(keys: Sequence[str], locked: Locked[AnyCase], at: datetime) -> int:
    """Record that these duties' dates have passed, inside the caller's transaction and lock; how many were recorded.

    The engine is asked of each: a summary that says otherwise is not obeyed.
    """
    change = lapses(keys, locked, at)
    write_all([change] if change is not None else [])
    return len(change.rows) if change is not None else 0


def lapses(keys: Sequence[str], locked: Locked[AnyCase], at: datetime) -> Change | None:
    """The same, to be written with others'; None where the engine refuses them all.

    With them what was owed because of them and is late as well, so that all of it is told at once.
    """
    steps: Steps = []
    tried, state, left = set[str](), locked.state, list(keys)
    while left:
        steps = [*steps, *_of_the_service([lapse(state, key) for key in left], locked, state, at)]
        tried |= {*left}
        state = steps[-1][1] if steps else state
        owed = agenda(locked.rules, state, at, locked.known.file) if steps else ()
        left = [d.key for d in owed if d.passes(at) and d.key not in tried and d.key not in state.lapses]
    return _to_write(steps, locked, at)


def of_the_service(done: Sequence[Act], locked: Locked[AnyCase], at: datetime) -> Change | None:
    """What the service itself records, to be written; None where the engine refuses it all."""
    return _to_write(_of_the_service(done, locked, locked.state, at), locked, at)


def _of_the_service(done: Sequence[Act], locked: Locked[AnyCase], state: State, at: datetime) -> Steps:
    steps: list[tuple[Event, State]] = []
    for act in done:
        decision = decide(locked.rules, state, act, SYSTEM, at, locked.known.file)
        if isinstance(decision, Refusal):
            log.warning("%s: not recorded, %s: %s", locked.case.reference, act, decision.sentence)
            continue
        steps += advanced(locked.rules, state, decision)
        state = steps[-1][1]
    return steps


def _to_write(steps: Steps, locked: Locked[AnyCase], at: datetime) -> Change | None:
    if not steps:
        return None
    rules, state = locked.rules, steps[-1][1]
    found = who_plays(locked.case, rules.protocol, state, at, known=locked.known)
    return changed(
        locked.case, rules, locked.events, steps, found, locked.known, moment=at, now=locked.now, by=None
    )  # fmt: skip


def refresh(locked: Locked[AnyCase], *, people_at: datetime) -> summary.Summary:
    """Work the summary out again, with the holders of roles as of that moment, and write what differs."""
    worked = worked_out(locked, people_at)
    write_all([Change(locked.case, worked)])
    return worked


def worked_out(locked: Locked[AnyCase], people_at: datetime) -> summary.Summary:
    """The summary of its history, with the holders of roles as of that moment."""
    found = who_plays(locked.case, locked.rules.protocol, locked.state, people_at, known=locked.known)
    return summary.work_out(locked.rules, locked.state, locked.events, found, people_at, locked.known)


def actor(by: Person | None, found: Mapping[str, Found], covers: Collection[int] = ()) -> By:
    """The actor as the engine asks for one: with every role that the person holds in this case."""
    if by is None:
        return SYSTEM
    away = frozenset(str(number) for number in covers if number != by.pk)
    return By(person=str(by.pk), name=by.name, roles=roles_of(by, found), covers=away)


def as_read_again(
    decision: Sequence[Event], found: Mapping[str, Found], by: Person | None, absent: Person | None = None
) -> tuple[Event, ...]:
    """What was decided as it will be read: the part played is kept, and for whom; not every role that was held."""
    absent = absent or absent_for(found, decision[0], by)
    behalf = absent.name if absent else ""
    none = frozenset[str]()
    return tuple(replace(e, by=replace(e.by, roles=none, covers=none, on_behalf_of=behalf)) for e in decision)


def absent_for(found: Mapping[str, Found], event: Event, by: Person | None) -> Person | None:
    """For whom the actor stands in, in the part that this act was done in."""
    return standing_in(found, event.by.role, by) if by is not None else None
