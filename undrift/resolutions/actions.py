"""The one way to change a resolution: lock, fold, decide, append, summarise, enqueue, in one transaction.

Pages, commands, the demo and the tests all come through `perform`. Nothing is sent from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from undrift.engine.dates.moments import london_date
from undrift.engine.events import SYSTEM, By, Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.decide import decide
from undrift.engine.ladder.state import State
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.people.finders import roles_of
from undrift.people.found import Found
from undrift.people.models import Person
from undrift.record import summary
from undrift.record.adopted import rules_for
from undrift.record.keeping import Locked, absent_for, advanced, keep, read, settled_in
from undrift.record.locking import locked_row
from undrift.record.models import Kind
from undrift.record.references import next_reference
from undrift.record.sight import council
from undrift.record.who_plays import (
    KEPT_OUT,
    ChildrenApart,
    RaiseContext,
    kept_out_of,
    kept_out_of_children,
    who_plays,
)
from undrift.resolutions import meanwhile, whom_an_act_names
from undrift.resolutions.models import Resolution
from undrift.resolutions.own_columns import own_columns


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
    """Somebody decided since the page was read. `sentence` says who and when."""

    def __init__(self, event: Event, sentence: str) -> None:
        self.event = event
        self.by_name = event.by.name
        self.at = event.at
        self.sentence = sentence
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
    where somebody decided after `seen`: what the act said is then still the caller's to keep.
    """
    with transaction.atomic():
        if resolution is None:
            with council(_needed(context).authority.pk):
                return _raise(act, _needed(context), by, at)
        # Still as the one who acts: what they cannot see is not there.
        held = locked_row(Resolution, resolution.pk, wait=True)
        with council(resolution.authority_id):
            return apply(act, read(held), by=by, at=at, seen=seen)


def apply(
    act: acts.Act, locked: Locked[Resolution], *, by: Person | None, at: datetime | None = None, seen: int | None = None
) -> Done:
    """The act, inside the caller's transaction and lock. Refuses as `perform` does; writes nothing then."""
    resolution, rules, state = locked.case, locked.rules, locked.state
    moment = at or max(locked.now, state.last_at or locked.now)
    if seen is not None and (event := meanwhile.conflicting(act, locked.events[seen:])):
        raise DecidedMeanwhile(event, meanwhile.sentence(event, moment))
    found = who_plays(resolution, rules.protocol, state, moment)
    events = _decided(rules, state, act, by, found, moment)
    _name_rightly(act, resolution, found, moment)
    steps = advanced(rules, state, events)
    keep(
        resolution, rules, locked.events, steps, found, moment=moment, now=locked.now, by=by,
        own=own_columns(rules, steps[-1][1]), settled=settled_in(state),
    )  # fmt: skip
    locked.events.extend(event for event, _ in steps)
    locked.state = steps[-1][1]
    return Done(resolution, tuple(event for event, _ in steps), locked.state)


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
    steps = advanced(rules, None, events)
    own = own_columns(rules, steps[-1][1])
    resolution.reference = next_reference(context.authority, rules.protocol.words.reference, london_date(moment).year)
    worked = summary.work_out(rules, steps[-1][1], events, found, moment, kept_out_of(resolution), own)
    for name, value in worked.fields.items():
        setattr(resolution, name, value)
    resolution.save(force_insert=True)
    keep(resolution, rules, [], steps, found, moment=moment, now=now, by=by, own=own)
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
        kind=Kind.RESOLUTION,
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
    absent = absent_for(found, decision[0], by)
    behalf = absent.name if absent else ""
    return tuple(replace(e, by=replace(e.by, roles=frozenset(), on_behalf_of=behalf)) for e in decision)


def _name_rightly(act: acts.Act, resolution: Resolution, found: Mapping[str, Found], moment: datetime) -> None:
    if (refusal := whom_an_act_names.refused(act, resolution, found, moment)) is not None:
        raise Refused(refusal)
