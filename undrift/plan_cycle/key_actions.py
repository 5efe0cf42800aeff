"""What whoever was asked about a key action reads of the plan cycle: that action, and nothing else of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from undrift.access.fetching import NotFound, fetch
from undrift.access.matrix import Action
from undrift.access.rows import row_by_row
from undrift.access.scope import Scope, scope_of
from undrift.children.models import Child
from undrift.engine.dates.words import full_day
from undrift.engine.plan_cycle.acts import FeedBack
from undrift.engine.plan_cycle.conferences import held_on
from undrift.engine.plan_cycle.state import KINDS, KeyAction
from undrift.people.composed import one_of
from undrift.people.models import Person
from undrift.plan_cycle.actions import perform
from undrift.record.by_kind import cycle
from undrift.record.keeping import read
from undrift.record.locking import seen_row
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


@as_service()
def asked_of(reference: str, action: str, person: Person, now: datetime, *, page: str = "") -> Asked:
    """The key action on which feedback is waited for from this person, or from somebody they cover for.

    No step of a plan cycle ties anybody to a child, and so this alone is read for them. It leaves a look, whether it
    opens or not. Refuses with `NotFound` whoever was not asked.
    """
    case = fetch(Case, reference, person, now, action=Action.TRACK, page=page)
    found = _asked(case.pk, action, scope_of(person, now)) if case.kind == Kind.PLAN else None
    if found is None:
        raise NotFound(reference)
    return found


@as_service()
def asked_now(person: Person, now: datetime, most: int) -> list[Asked]:
    """All of those, the first due first."""
    scope = scope_of(person, now)
    if not scope.has(Action.TRACK):
        return []
    open_ones = row_by_row(Case, scope, Action.TRACK).filter(kind=Kind.PLAN).values("pk")
    owed = Duty.objects.filter(one_of("person", scope.people), case__in=open_ones, met_at=None, gone_at=None)
    rows = owed.order_by("due_at", "pk").values_list("case", "key")
    found = (_asked(case, (*key.split(":"), "", "")[2], scope) for case, key in rows[:most])
    return [one for one in found if one is not None]


@as_service()
def tell(asked: Asked, act: FeedBack, by: Person) -> None:
    """Say how it stands, as whoever was asked. Refuses as `perform` does."""
    perform(act, case=asked.case, by=by, seen=asked.seq)


def _asked(number: int, action: str, scope: Scope) -> Asked | None:
    row = seen_row(Case, number)
    if row is None:
        return None
    found = read(row)
    state = cycle(found.state)
    asked = state.key_actions.get(action)
    if asked is None or asked.fed_back is not None or asked.person not in {str(one) for one in scope.people}:
        return None
    children = list(Child.objects.filter(pk__in=asked.children).select_related("family").order_by("pk"))
    conference = state.conferences[asked.conference]
    day = held_on(conference)
    return Asked(
        case=found.case,
        seq=state.seq,
        action=asked,
        children=", ".join(f"{child.called[:1]}. {child.family.name[:1]}." for child in children),
        conference=f"{KINDS[conference.kind]}{f', {full_day(day, short=True)}' if day is not None else ''}",
        chair=found.case.chair.name if found.case.chair is not None else "The chair",
    )
