"""The one way to change a resolution: lock, fold, decide, append, summarise, enqueue, in one transaction.

Pages, commands, the demo and the tests all come through `perform`. Nothing is sent from here.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from undrift.engine import acts
from undrift.engine.decide import decide
from undrift.engine.events import SYSTEM, By, Event
from undrift.engine.moments import london_date
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.state import State, advance
from undrift.people.finders import Found, roles_of
from undrift.people.models import Person
from undrift.resolutions import asked, conflicts, drafts, history, outbox, summary
from undrift.resolutions.access.second_lock import council
from undrift.resolutions.cases import (
    KEPT_OUT,
    ChildrenApart,
    RaiseContext,
    kept_out_of,
    kept_out_of_children,
    standing_in,
    who_plays,
)
from undrift.resolutions.locking import LockedRow, locked_row
from undrift.resolutions.models import Draft, Resolution
from undrift.resolutions.references import next_reference
from undrift.resolutions.rules import rules_for, rules_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Done:
    """What an act brought about: the resolution with its summary, the new events, the state they led to."""

    resolution: Resolution
    events: tuple[Event, ...]
    state: State


class Refused(ValueError):
    """The act may not happen. `refusal` says why, and which field it is about."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.sentence)


class DecidedMeanwhile(ValueError):
    """Somebody decided since the page was read. `sentence` says who and when; `draft` is the actor's kept text."""

    def __init__(self, event: Event, sentence: str) -> None:
        self.event = event
        self.by_name = event.by.name
        self.at = event.at
        self.sentence = sentence
        self.draft: Draft | None = None
        super().__init__(sentence)


def perform(
    act: acts.Act,
    *,
    resolution: Resolution | None = None,
    by: Person | None,
    at: datetime | None = None,
    seen: int | None = None,
    context: RaiseContext | None = None,
) -> Done:
    """Do this act as `by` (None: the service itself), wholly or not at all.

    To raise, give a `context` and no resolution. `at` is when it happens: the database's own clock, unless given.
    `seen` is the number of the last event that the actor had read. Refuses with `Refused`; with `DecidedMeanwhile`
    where somebody decided after `seen`, and then what the act said is kept as a draft of the actor's.
    """
    try:
        with transaction.atomic():
            if resolution is None:
                with council(_needed(context).authority.pk):
                    return _raise(act, _needed(context), by, at)
            held = locked_row(resolution.pk, wait=True)  # still as the one who acts: what they cannot see is not there
            with council(resolution.authority_id):
                return apply(act, _read(held), by=by, at=at, seen=seen)
    except DecidedMeanwhile as meanwhile:
        if by is not None and resolution is not None:
            meanwhile.draft = drafts.keep_act(by, act, resolution)
        raise


@dataclass
class Locked:
    """A resolution that nobody else can change until the transaction ends, with all that is needed to act on it."""

    resolution: Resolution
    rules: Rules
    events: list[Event]
    state: State
    now: datetime


class Busy(Exception):
    """Somebody else holds the resolution, and the caller did not want to wait."""


def lock(resolution_id: int, *, wait: bool = True) -> Locked:
    """Lock a resolution and read it whole. Two queries. Refuses (`Busy`) where it is held and `wait` is False."""
    return _read(locked_row(resolution_id, wait=wait))


def _read(found: LockedRow | None) -> Locked:
    if found is None:
        raise Busy
    resolution = found.resolution
    events = list(history.history_of(resolution))
    return Locked(
        resolution, rules_of(resolution, found.closures), events, history.folded(resolution, events), found.now
    )


def apply(
    act: acts.Act, locked: Locked, *, by: Person | None, at: datetime | None = None, seen: int | None = None
) -> Done:
    """The act, inside the caller's transaction and lock. Refuses as `perform` does; writes nothing then."""
    resolution, rules, state = locked.resolution, locked.rules, locked.state
    moment = at or max(locked.now, state.last_at or locked.now)
    if seen is not None and (event := conflicts.conflicting(act, locked.events[seen:])):
        raise DecidedMeanwhile(event, conflicts.sentence(event, moment))
    found = who_plays(resolution, rules.protocol, state, moment)
    events = _decided(rules, state, act, by, found, moment)
    _name_rightly(act, resolution, found, moment)
    steps = _advanced(rules, state, events)
    _keep(resolution, rules, locked.events, steps, found, moment, locked.now, by, _settled(state))
    locked.events.extend(event for event, _ in steps)
    locked.state = steps[-1][1]
    return Done(resolution, tuple(event for event, _ in steps), locked.state)


def record_lapses(keys: Sequence[str], locked: Locked, at: datetime) -> int:
    """Record that these duties' dates have passed, inside the caller's transaction and lock; how many were recorded.

    The engine is asked of each: a summary that says otherwise is not obeyed.
    """
    resolution, rules, state = locked.resolution, locked.rules, locked.state
    steps: list[tuple[Event, State]] = []
    for key in keys:
        decision = decide(rules, state, acts.RecordLapse(key), SYSTEM, at)
        if isinstance(decision, Refusal):
            log.warning("%s: %s is not recorded as passed: %s", resolution.reference, key, decision.sentence)
            continue
        steps += _advanced(rules, state, decision)
        state = steps[-1][1]
    if steps:
        found = who_plays(resolution, rules.protocol, state, at)
        _keep(resolution, rules, locked.events, steps, found, at, locked.now, None, _settled(locked.state))
    return len(steps)


def _raise(act: acts.Act, context: RaiseContext, by: Person | None, at: datetime | None) -> Done:
    if not isinstance(act, acts.Raise):
        raise Refused(Refusal("not-raised", "There is nothing here yet: raise a concern first."))
    _same_children(act, context)
    now = _clock()
    moment = at or now
    rules = rules_for(context.authority)
    resolution = _unsaved(context, rules, moment)
    if act.agency.isdigit():
        resolution.responsible_agency_id = int(act.agency)
    stage = act.stage if act.stage in rules.protocol.stages_by_id else ""
    setattr(resolution, KEPT_OUT, kept_out_of_children(child.pk for child in context.children))
    found = who_plays(
        resolution, rules.protocol, None, moment, stage=stage, raised_by=by.pk if by is not None else None
    )
    events = _decided(rules, None, act, by, found, moment)
    _name_rightly(act, resolution, found, moment)
    steps = _advanced(rules, None, events)
    resolution.reference = next_reference(context.authority, rules.protocol.words.reference, london_date(moment).year)
    worked = summary.work_out(rules, steps[-1][1], events, found, moment, kept_out_of(resolution))
    for name, value in worked.fields.items():
        setattr(resolution, name, value)
    resolution.save(force_insert=True)
    _keep(resolution, rules, [], steps, found, moment, now, by)
    return Done(resolution, tuple(event for event, _ in steps), steps[-1][1])


def _needed(context: RaiseContext | None) -> RaiseContext:
    if context is None:
        raise TypeError("perform() needs a resolution to act on, or a context to raise one in.")
    return context


def _same_children(act: acts.Raise, context: RaiseContext) -> None:
    known = {str(child.pk) for child in context.children}
    if {child.id for child in act.children} - known:
        raise ChildrenApart("The concern names a child who is not among the children of its context.")


def _clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now


def _unsaved(context: RaiseContext, rules: Rules, moment: datetime) -> Resolution:
    return Resolution(
        authority=context.authority,
        family=context.family,
        protocol_id=rules.protocol.head.id,
        protocol_version=rules.protocol.head.version,
        team=context.team,
        chair=context.chair,
        social_worker=context.social_worker,
        responsible_agency=context.responsible_agency,
        raising_agency=context.raising_agency,
        people_at=moment,
        last_hash="",
    )


def actor(by: Person | None, found: Mapping[str, Found]) -> By:
    """The actor as the engine asks for one: with every role that the person holds in this resolution."""
    if by is None:
        return SYSTEM
    return By(person=str(by.pk), name=by.name, roles=roles_of(by, found))


def _decided(
    rules: Rules,
    state: State | None,
    act: acts.Act,
    by: Person | None,
    found: Mapping[str, Found],
    moment: datetime,
) -> tuple[Event, ...]:
    decision = decide(rules, state, act, actor(by, found), moment)
    if isinstance(decision, Refusal):
        raise Refused(decision)
    # As they will be read again: the part played is kept, and for whom; not every role that was held.
    absent = _absent(found, decision[0], by)
    behalf = absent.name if absent else ""
    return tuple(replace(e, by=replace(e.by, roles=frozenset(), on_behalf_of=behalf)) for e in decision)


def _name_rightly(act: acts.Act, resolution: Resolution, found: Mapping[str, Found], moment: datetime) -> None:
    if (refusal := asked.refused(act, resolution, found, moment)) is not None:
        raise Refused(refusal)


def _advanced(rules: Rules, state: State | None, events: Sequence[Event]) -> list[tuple[Event, State]]:
    steps: list[tuple[Event, State]] = []
    for event in events:
        state = advance(rules.protocol, state, event)
        steps.append((event, state))
    return steps


def _keep(
    resolution: Resolution,
    rules: Rules,
    before: Sequence[Event],
    steps: list[tuple[Event, State]],
    found: Mapping[str, Found],
    moment: datetime,
    now: datetime,
    by: Person | None,
    settled: Mapping[int, bool] | None = None,
) -> None:
    """Append, summarise, enqueue. The roles are looked up again only where the act itself changed who plays them."""
    state = steps[-1][1]
    rows = history.rows_for(resolution, [event for event, _ in steps], now, _absent(found, steps[0][0], by))
    history.append(rows)
    resolution.last_hash = rows[-1].hash
    if any(event.type in ("handed_over", "moved_on") for event, _ in steps):
        found = who_plays(resolution, rules.protocol, state, moment)
    happened = [*before, *(event for event, _ in steps)]
    worked = summary.work_out(rules, state, happened, found, moment, kept_out_of(resolution))
    summary.write(resolution, worked, new=not before, settled=settled)
    outbox.enqueue(resolution, rules, steps, found, now)


def _settled(state: State) -> dict[int, bool]:
    return {int(child.id): child.settled for child in state.children.values()}


def _absent(found: Mapping[str, Found], event: Event, by: Person | None) -> Person | None:
    """For whom the actor stands in, in the part that this act was done in."""
    return standing_in(found, event.by.role, by) if by is not None else None


def refresh(locked: Locked, *, people_at: datetime) -> summary.Summary:
    """Work the summary out again, with the holders of roles as of that moment, and write what differs."""
    resolution = locked.resolution
    found = who_plays(resolution, locked.rules.protocol, locked.state, people_at)
    worked = summary.work_out(locked.rules, locked.state, locked.events, found, people_at, kept_out_of(resolution))
    summary.write(resolution, worked)
    return worked
