"""The one way to change a resolution: lock, fold, decide, append, summarise, enqueue, in one transaction.

Pages, commands, the demo and the tests all come through `perform`. Nothing is sent from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from undrift.children.models import Child
from undrift.engine.dates.moments import london_date
from undrift.engine.events import Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.decide import decide
from undrift.engine.ladder.state import State
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.people.found import Found
from undrift.people.models import Person
from undrift.record.adopted import rules_for
from undrift.record.by_kind import advanced, ladder
from undrift.record.keeping import Locked, actor, as_read_again, changed, lock
from undrift.record.locking import Beginning, beginning
from undrift.record.models import Kind
from undrift.record.outcomes import DecidedMeanwhile, Refused
from undrift.record.references import counter
from undrift.record.who_plays import ChildrenApart, RaiseContext, who_plays
from undrift.record.writing import one_transaction, write_all
from undrift.resolutions import how_far_back, meanwhile, whom_an_act_names
from undrift.resolutions.models import Resolution
from undrift.resolutions.on_plan import looked_up
from undrift.resolutions.own_columns import own_columns


@dataclass(frozen=True)
class Done:
    """What an act brought about: the resolution with its summary, the new events, the state they led to."""

    resolution: Resolution
    events: tuple[Event, ...]
    state: State


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
    with one_transaction():
        if resolution is None:
            return _raise(act, _needed(context), by, at)
        # As the one who acts: what they cannot see is not there.
        return apply(act, lock(Resolution, resolution.pk), by=by, at=at, seen=seen)


def apply(
    act: acts.Act, locked: Locked[Resolution], *, by: Person | None, at: datetime | None = None, seen: int | None = None
) -> Done:
    """The act, inside the caller's transaction and lock. Refuses as `perform` does; writes nothing then."""
    resolution, rules, state = locked.case, locked.rules, ladder(locked.state)
    moment = at or max(locked.now, state.last_at or locked.now)
    if seen is not None and (event := meanwhile.conflicting(act, locked.events[seen:])):
        raise DecidedMeanwhile(event, meanwhile.sentence(event, moment))
    found = who_plays(resolution, rules.protocol, state, moment, known=locked.known)
    act = looked_up(act, rules, state, london_date(moment))
    events = _decided(rules, state, act, by, found, moment)
    _refuse(how_far_back.refused(act, state.children, london_date(moment), state.first_day))
    _refuse(whom_an_act_names.refused(act, resolution, found, moment))
    steps = advanced(rules, state, events)
    change = changed(
        resolution, rules, locked.events, steps, found, locked.known, moment=moment, now=locked.now, by=by,
        own=own_columns(rules, ladder(steps[-1][1])),
    )  # fmt: skip
    write_all([change])
    locked.events.extend(event for event, _ in steps)
    locked.state = steps[-1][1]
    return Done(resolution, tuple(event for event, _ in steps), ladder(locked.state))


def _raise(act: acts.Act, context: RaiseContext, by: Person | None, at: datetime | None) -> Done:
    if not isinstance(act, acts.Raise):
        raise Refused(Refusal("not-raised", "There is nothing here yet: raise a concern first."))
    _same_children(act, context)
    _refuse(replace(context, children=_named(act, context)).refused)
    family = context.family.pk if context.family is not None else None
    begun = beginning(context.authority, family, [child.pk for child in context.children])
    moment = at or begun.now
    rules = rules_for(context.authority, begun.closures)
    resolution = _unsaved(context, rules, begun, moment)
    if act.agency.isdigit():
        resolution.responsible_agency_id = int(act.agency)
    stage = act.stage if act.stage in rules.protocol.stages_by_id else ""
    raised_by = by.pk if by is not None else None
    found = who_plays(
        resolution, rules.protocol, None, moment, stage=stage, raised_by=raised_by, known=begun.known,
        children=[int(child.id) for child in act.children],
    )  # fmt: skip
    events = _decided(rules, None, looked_up(act, rules, None, london_date(moment)), by, found, moment)
    _refuse(how_far_back.refused(act, [child.id for child in act.children], london_date(moment)))
    _refuse(whom_an_act_names.refused(act, resolution, found, moment))
    steps = advanced(rules, None, events)
    change = changed(
        resolution, rules, [], steps, found, begun.known, moment=moment, now=begun.now, by=by,
        own=own_columns(rules, ladder(steps[-1][1])),
        new=counter(context.authority, rules.protocol.words.reference, london_date(moment).year),
    )  # fmt: skip
    write_all([change])
    return Done(resolution, tuple(event for event, _ in steps), ladder(steps[-1][1]))


def _needed(context: RaiseContext | None) -> RaiseContext:
    if context is None:
        raise TypeError("perform() needs a resolution to act on, or a context to raise one in.")
    return context


def _same_children(act: acts.Raise, context: RaiseContext) -> None:
    known = {str(child.pk) for child in context.children}
    if {child.id for child in act.children} - known:
        raise ChildrenApart("The concern names a child who is not among the children of its context.")


def _named(act: acts.Raise, context: RaiseContext) -> tuple[Child, ...]:
    """Those of its children whom the concern names."""
    named = {one.id for one in act.children}
    return tuple(child for child in context.children if str(child.pk) in named)


def _unsaved(context: RaiseContext, rules: Rules, begun: Beginning, moment: datetime) -> Resolution:
    resolution = Resolution(
        id=begun.number,
        case_id=begun.number,
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
    resolution.kept_out = begun.known.kept_out
    return resolution


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
    return as_read_again(decision, found, by)


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Refused(refusal)
