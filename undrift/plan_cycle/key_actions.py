"""What whoever was asked about a key action reads of the plan cycle: that action, and nothing else of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from undrift.access.fetching import NotFound, fetch
from undrift.access.matrix import Action
from undrift.access.rows import row_by_row
from undrift.access.scope import Scope, scope_of
from undrift.children.models import Child
from undrift.engine.dates.moments import LONDON, in_words, london_date
from undrift.engine.dates.words import full_day
from undrift.engine.duties import of_what
from undrift.engine.events import By
from undrift.engine.plan_cycle.acts import FeedBack
from undrift.engine.plan_cycle.conferences import held_on
from undrift.engine.plan_cycle.state import KINDS, KeyAction
from undrift.people.composed import one_of
from undrift.people.models import Person
from undrift.plan_cycle.actions import perform
from undrift.plan_cycle.words import is_of_a_key_action
from undrift.record.adopted import protocol_of
from undrift.record.by_kind import cycle
from undrift.record.keeping import Locked, read
from undrift.record.locking import seen_rows
from undrift.record.models import Case, Duty, Kind
from undrift.record.sight import as_service


@dataclass(frozen=True)
class Asked:
    """`seq` is the last entry that was read; `children` are initials: whoever was asked knows who it is."""

    case: Case
    seq: int
    action: KeyAction
    children: str
    conference: str
    chair: str


class ToldAlready(NotFound):
    """It was theirs to say how it stands, and the chair was told by now. `sentence` says by whom, if they know them."""

    def __init__(self, reference: str, sentence: str) -> None:
        super().__init__(reference)
        self.sentence = sentence


@as_service()
def asked_of(reference: str, action: str, person: Person, now: datetime, *, page: str = "") -> Asked:
    """The key action on which feedback is waited for from this person, or from somebody they cover for.

    No step of a plan cycle ties anybody to a child, and so this alone is read for them. It leaves a look, whether it
    opens or not. Refuses with `NotFound` whoever was not asked, with `ToldAlready` whoever was and comes second.
    """
    case = fetch(Case, reference, person, now, action=Action.TRACK, page=page)
    scope = scope_of(person, now)
    found = _asked([(case.pk, action)], scope) if case.kind == Kind.PLAN else []
    if found:
        return found[0]
    sentence = _told_already(case, action, person, scope)
    raise ToldAlready(reference, sentence) if sentence else NotFound(reference)


@as_service()
def asked_now(person: Person, now: datetime, most: int) -> list[Asked]:
    """All of those, up to so many, the first due first. As many queries for several as for one."""
    scope = scope_of(person, now)
    if not scope.has(Action.TRACK):
        return []
    open_ones = row_by_row(Case, scope, Action.TRACK).filter(kind=Kind.PLAN).values("pk")
    # Of a key action that a part is asked about, and nobody by name, the duty has the part.
    owed = Duty.objects.filter(one_of("person", scope.people), who="", case__in=open_ones, met_at=None, gone_at=None)
    duties = owed.select_related("case__authority").order_by("due_at", "pk")
    theirs = [(d.case_id, of_what(d.key)) for d in duties if is_of_a_key_action(protocol_of(d.case), d.must)]
    return _asked(theirs[:most], scope)


@as_service()
def tell(asked: Asked, act: FeedBack, by: Person) -> None:
    """Say how it stands, as whoever was asked. Refuses as `perform` does."""
    perform(act, case=asked.case, by=by, seen=asked.seq)


@as_service()
def told_already(asked: Asked, person: Person, now: datetime) -> str:
    """What whoever comes second is told; "" while feedback is waited for."""
    return _told_already(asked.case, asked.action.id, person, scope_of(person, now))


def _told_already(case: Case, key: str, person: Person, scope: Scope) -> str:
    for found in map(read, seen_rows(Case, [case.pk])) if case.kind == Kind.PLAN else ():
        action = cycle(found.state).key_actions.get(key)
        told = next((e for e in found.events if e.type == "key_action_fed_back" and e.payload["id"] == key), None)
        if action is not None and told is not None and _is_theirs(action, scope):
            who, at = _who_told(told.by, found.case, person, scope), told.at.astimezone(LONDON)
            return f"{who} on {in_words(london_date(at))} at {at:%H:%M}. Nothing more is asked of you here."
    return ""


def _who_told(by: By, case: Case, person: Person, scope: Scope) -> str:
    """By name whoever was asked, whoever covers for them, and the chair, whom the page of it names; nobody else."""
    if by.person == str(person.pk):
        return "You told the chair how it stands"
    if by.person == str(case.chair_id):
        return f"{by.name}, who chairs, recorded how it stands"
    is_known = by.on_behalf_of or by.person in {str(one) for one in scope.people}
    return f"{by.name if is_known else 'Somebody else'} told the chair how it stands"


def _is_theirs(action: KeyAction, scope: Scope) -> bool:
    """Whether it was asked of one of these people by name."""
    return action.person in {str(one) for one in scope.people}


def _asked(which: Sequence[tuple[int, str]], scope: Scope) -> list[Asked]:
    """Those of these key actions, each by its case and its id, on which feedback is waited for from these people."""
    cases = {found.case.pk: found for found in map(read, seen_rows(Case, list({case for case, _ in which})))}
    theirs = []
    for case, key in which:
        action = cycle(cases[case].state).key_actions.get(key) if case in cases else None
        if action is not None and action.fed_back is None and _is_theirs(action, scope):
            theirs.append((cases[case], action))
    numbers = {int(child) for _, action in theirs for child in action.children}
    children = Child.objects.filter(pk__in=numbers).select_related("family").order_by("pk") if numbers else ()
    initials = {str(child.pk): f"{child.called[:1]}. {child.family.name[:1]}." for child in children}
    chairs = Person.objects.in_bulk({found.case.chair_id for found, _ in theirs})
    return [_one(found, action, initials, chairs.get(found.case.chair_id or 0)) for found, action in theirs]


def _one(found: Locked[Case], action: KeyAction, initials: Mapping[str, str], chair: Person | None) -> Asked:
    state = cycle(found.state)
    conference = state.conferences[action.conference]
    day = held_on(conference)
    return Asked(
        case=found.case,
        seq=state.seq,
        action=action,
        children=", ".join(called for child, called in initials.items() if child in action.children),
        conference=f"{KINDS[conference.kind]}{f', {full_day(day, short=True)}' if day is not None else ''}",
        chair=chair.name if chair is not None else "The chair",
    )
