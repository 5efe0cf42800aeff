"""The one way to change a plan cycle: lock, fold, decide, append, summarise, enqueue, in one transaction.

A cycle begins with the first thing that is done in it: nobody has to begin one, and children of whom nothing is said
here cost nothing. Nothing is sent from here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from undrift.access.scope import people_of
from undrift.engine.dates.moments import LONDON, in_words, london_date
from undrift.engine.events import By, Event
from undrift.engine.musts import CycleMust
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.decide import decide
from undrift.engine.plan_cycle.kinds import ACTS, EVENTS
from undrift.engine.plan_cycle.on_file import OnFile
from undrift.engine.plan_cycle.state import State
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.people.models import Person
from undrift.plan_cycle.queries import open_cycle, unsaved
from undrift.record.adopted import rules_for
from undrift.record.by_kind import advanced, agenda, cycle
from undrift.record.filed import on_file_about
from undrift.record.keeping import Locked, actor, as_read_again, changed, lock
from undrift.record.locking import beginning
from undrift.record.models import Case
from undrift.record.outcomes import DecidedMeanwhile, Refused
from undrift.record.references import counter
from undrift.record.sight import as_service
from undrift.record.who_plays import Known, RaiseContext, who_plays
from undrift.record.writing import one_transaction, write_all

LETTERS = "P"  # of the references of plan cycles: P-2026-0031
CANNOT = "{} cannot take this on here. Choose somebody else."
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('plan cycle'), %s)"


@dataclass(frozen=True)
class Done:
    """What an act brought about: the case with its summary, the new events, the state they led to."""

    case: Case
    events: tuple[Event, ...]
    state: State


def perform(
    act: acts.Act,
    *,
    case: Case | None = None,
    by: Person | None,
    at: datetime | None = None,
    seen: int | None = None,
    context: RaiseContext | None = None,
) -> Done:
    """Do this act as `by` (None: the service itself), wholly or not at all.

    Without a case the cycle of the children in `context` is begun first, unless one of them has one by now. `at` is
    when it happens: the database's own clock, unless given. `seen` is the number of the last event that the actor had
    read. Refuses with `Refused`; with `DecidedMeanwhile` where somebody decided after `seen`: what the act said is then
    still the caller's to keep.
    """
    if case is not None:
        with one_transaction():
            # As the one who acts: what they cannot see is not there.
            return apply(act, lock(Case, case.pk), by=by, at=at, seen=seen)
    if context is None:
        raise TypeError("perform() needs a plan cycle to act in, or a context to begin one in.")
    with transaction.atomic():  # its own: of what is refused, no beginning is left
        number, begun = _begun(act, context, by, at)
        if isinstance(act, acts.Begin):
            return begun if begun is not None else _refuse_twice()
        return apply(act, lock(Case, number), by=by, at=at)


def _refuse_twice() -> Done:
    raise Refused(Refusal("begun", "This plan cycle has begun already."))


def apply(
    act: acts.Act, locked: Locked[Case], *, by: Person | None, at: datetime | None = None, seen: int | None = None
) -> Done:
    """The act, inside the caller's transaction and lock. Refuses as `perform` does; writes nothing then."""
    case, rules, state = locked.case, locked.rules, cycle(locked.state)
    moment = at or max(locked.now, state.last_at or locked.now)
    if seen is not None and (event := _conflicting(act, locked.events[seen:])):
        raise DecidedMeanwhile(event, _sentence(event, moment))
    found = who_plays(case, rules.protocol, state, moment, known=locked.known)
    who = actor(by, found, _covers(act, by, moment))
    decision = decide(rules, state, act, who, moment, locked.known.file)
    if isinstance(decision, Refusal):
        raise Refused(decision)
    _name_rightly(act, locked.known)
    absent = _asked_instead(act, state, who)
    events = as_read_again(decision, found, by, absent)
    steps = advanced(rules, state, events)
    write_all([
        changed(
            case, rules, locked.events, steps, found, locked.known, moment=moment, now=locked.now, by=by, absent=absent
        )
    ])  # fmt: skip
    locked.events.extend(events)
    locked.state = steps[-1][1]
    return Done(case, events, cycle(locked.state))


def _covers(act: acts.Act, by: Person | None, at: datetime) -> frozenset[int]:
    """For whom the actor stands in, where the act may be asked of somebody by name. One query at most."""
    return people_of(by, at) if by is not None and isinstance(act, acts.FeedBack) else frozenset()


def _asked_instead(act: acts.Act, state: State, by: By) -> Person | None:
    """Who was asked by name, and is covered by whoever tells the chair now; None where they tell of their own."""
    asked = state.key_actions[act.id].person if isinstance(act, acts.FeedBack) else ""
    return Person.objects.get(pk=int(asked)) if asked in by.covers else None


def _name_rightly(act: acts.Act, known: Known) -> None:
    """Nobody learns why somebody may not be asked."""
    for named in ACTS[type(act)].names(act):
        if named.person.isdigit() and int(named.person) in known.kept_out:
            raise Refused(Refusal("kept-out", CANNOT.format(named.name), about=named.about))


def _conflicting(act: acts.Act, since: list[Event]) -> Event | None:
    """The last event among these that decides what the act was about to decide."""
    kinds = ACTS[type(act)].conflicts
    return next((event for event in reversed(since) if event.type in kinds), None)


def _sentence(event: Event, now: datetime) -> str:
    """What whoever came second is told."""
    here = event.at.astimezone(LONDON)
    day = "" if london_date(event.at) == london_date(now) else f" on {in_words(london_date(event.at))}"
    return f"{event.by.name} {EVENTS[event.type].sentence}{day} at {here:%H:%M}. Read it first."


def _leaves_one_to_fix(act: acts.Act, rules: Rules, begun: State, by: By, at: datetime, file: OnFile) -> bool:
    """Whether a conference that was to be fixed when it began still is after its first act, and no file has it."""
    decision = () if isinstance(act, acts.Begin) else decide(rules, begun, act, by, at, file)
    after = begun if isinstance(decision, Refusal) or not decision else advanced(rules, begun, decision)[-1][1]
    return bool(_to_fix(rules, begun, at, file) & _to_fix(rules, cycle(after), at, file))


def _to_fix(rules: Rules, state: State, at: datetime, file: OnFile) -> set[str]:
    return {duty.key for duty in agenda(rules, state, at, file) if duty.must == CycleMust.FIX and duty.owed}


def _begun(act: acts.Act, context: RaiseContext, by: Person | None, at: datetime | None) -> tuple[int, Done | None]:
    """The cycle of these children, which begins now unless it has; one at a time for a family."""
    family = context.family.pk if context.family is not None else None
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [(family or context.children[0].pk) % 2**31])
    if (already := open_cycle([child.pk for child in context.children[:1]])) is not None:
        return already.pk, None
    if (refusal := context.refused) is not None:
        raise Refused(refusal)
    begun = beginning(context.authority, family, [child.pk for child in context.children])
    moment = at or begun.now
    rules = rules_for(context.authority, begun.closures)
    case = unsaved(context, rules.protocol.head.id, rules.protocol.head.version, moment, begun.number)
    case.kept_out = begun.known.kept_out
    children = tuple(str(child.pk) for child in context.children)
    first = act if isinstance(act, acts.Begin) else acts.Begin(children)
    found = who_plays(
        case, rules.protocol, None, moment, known=begun.known, children=[child.pk for child in context.children]
    )  # fmt: skip
    # Whoever does the first thing has begun nothing: the service does, and says so.
    who = by if isinstance(act, acts.Begin) else None
    decision = decide(rules, None, first, actor(who, found), moment)
    if isinstance(decision, Refusal):
        raise Refused(decision)
    steps = advanced(rules, None, as_read_again(decision, found, who))
    with as_service():
        file = on_file_about(family, [child.pk for child in context.children])
    known = replace(begun.known, file=file)
    change = changed(
        case, rules, [], steps, found, known, moment=moment, now=begun.now, by=who,
        new=counter(context.authority, LETTERS, london_date(moment).year),
    )  # fmt: skip
    if not _leaves_one_to_fix(act, rules, cycle(steps[-1][1]), actor(by, found), moment, file):
        change = replace(change, notices=())  # nobody is asked for what is done with it
    write_all([change])
    return case.pk, Done(case, tuple(event for event, _ in steps), cycle(steps[-1][1]))
