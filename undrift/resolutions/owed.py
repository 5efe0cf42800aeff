"""What is owed on some concerns, what somebody agreed to, and what has happened at the stage where each stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from undrift.access.matrix import Action
from undrift.access.rows import cases_seen, reach
from undrift.access.scope import Scope
from undrift.engine.ladder.audience import FOR_THE_PARTNERSHIP, SHARED_WITH_THEM
from undrift.engine.ladder.standing import WAITING_FOR_APPROVAL
from undrift.engine.musts import Must
from undrift.library.numbers import TRIES_BEFORE_SAYING_SO
from undrift.people.composed import MOMENT, composed, numbers, one_of
from undrift.people.models import Person
from undrift.record.adopted import protocol_of
from undrift.record.models import Duty, Event, Kind, Notice
from undrift.record.sight import as_service
from undrift.resolutions.latest import Entry
from undrift.resolutions.models import Resolution

# A turn of the chair's by any of these names is met by the same page.
DECISIONS = frozenset({Must.DECIDE, Must.DECIDE_NEXT, Must.RESOLVE})


class Wording(NamedTuple):
    """What is to be done; `directed` where a Chief Officer says so, and nobody agreed it."""

    what: str
    directed: bool = False


def wording_of(resolutions: Iterable[int]) -> dict[tuple[int, str], Wording]:
    """What each agreed action of these resolutions says, by resolution and action. One query, or none.

    Those of an informal talk were agreed when it was recorded; later ones came one by one.
    """
    cases = list(resolutions)
    if not cases:
        return {}
    return {
        (number, str(action["id"])): Wording(str(action["what"]), bool(action.get("directed")))
        for number, payload in _agreed(cases=cases)
        for action in (payload.get("actions", ()) if "children" in payload else (payload,))
    }


@composed(cases=numbers)
def _agreed(cases: Any) -> QuerySet[Event, tuple[int, Any]]:
    rows = Event.objects.filter(one_of("case", cases), type__in=("raised", "action_agreed"))
    return rows.values_list("case", "payload")


def still_owed(people: frozenset[int]) -> QuerySet[Duty]:
    """What these people still owe; an answer that waits for approval is the approver's, though its date still runs."""
    unmet = Duty.objects.filter(met_at=None, gone_at=None, never_late=False)
    owed = unmet.filter(one_of("person", people), case__kind=Kind.RESOLUTION)
    approval = Duty.objects.filter(case=OuterRef("case"), must=Must.APPROVE, met_at=None, gone_at=None)
    answered = Q(must=Must.RESPOND) & (Q(case__tag=WAITING_FOR_APPROVAL) | Exists(approval))
    return owed.exclude(answered)


def owed_by(people: frozenset[int], resolutions: Iterable[int]) -> defaultdict[int, list[Duty]]:
    """What these people still owe, by resolution. One query, or none."""
    found: defaultdict[int, list[Duty]] = defaultdict(list)
    cases = list(resolutions)
    for duty in _owed(people=people, cases=cases) if cases else ():
        found[duty.case_id].append(duty)
    return found


@composed(people=numbers, cases=numbers)
def _owed(people: Any, cases: Any) -> QuerySet[Duty]:
    owed = still_owed(people).filter(one_of("case", cases))
    return owed.select_related("person").order_by("due_at", "pk")


def happened_at_stage(resolutions: Iterable[int]) -> defaultdict[int, list[Entry]]:
    """What happened at the stage where each stands, oldest first. One query, or none."""
    found: defaultdict[int, list[Entry]] = defaultdict(list)
    cases = list(resolutions)
    for number, name, by, at in _happened(cases=cases) if cases else ():
        found[number].append(Entry(name, by, at))
    return found


@composed(cases=numbers)
def _happened(cases: Any) -> QuerySet[Event, tuple[int, str, str, datetime]]:
    rows = Event.objects.filter(one_of("case", cases), happened_at__gte=F("case__resolution__entered_at"))
    return rows.order_by("case", "seq").values_list("case", "type", "by_name", "happened_at")


def passed_by(resolutions: Iterable[int]) -> dict[int, Duty]:
    """What somebody owed by a day that was recorded as passed, but what is the chair's own. One query, or none."""
    numbers = list(resolutions)
    if not numbers:
        return {}
    owed = Duty.objects.filter(case__in=numbers, met_at=None, gone_at=None, lapsed_at__isnull=False, action="")
    rows = owed.exclude(must__in=DECISIONS | {Must.SPEAK}).select_related("person").order_by("due_at", "pk")
    return {duty.case_id: duty for duty in rows}


def told_of_risk(people: frozenset[int], resolutions: Iterable[Resolution]) -> frozenset[int]:
    """Of which of these somebody told these people that a child is at immediate risk. One query."""
    told = Notice.objects.filter(to_person__in=people, urgent=True, case__in=[r.pk for r in resolutions])
    return frozenset(told.values_list("case", flat=True))


class Shared(NamedTuple):
    """Something that somebody shared with a person: the reference, by whom, when, and why."""

    reference: str
    by: str
    at: datetime
    why: str


def shared_with(scope: Scope, most: int) -> list[Shared]:
    """What was shared with these people, of what is seen, the latest first; not what they are merely copied in.

    By somebody's own choice, or by a route that the policy has shared with them.
    """
    reached = reach(scope)
    found = _shared(scope, reached is None, most, reached=reached)
    if not found:
        return []
    shares = Event.objects.filter(case__in={case for case, _, _ in found}, type__in=("shared", "route_taken"))
    happened = {
        (case, seq): (by, at, why or note or "")
        for case, seq, by, at, why, note in shares.values_list(
            "case", "seq", "by_name", "happened_at", "payload__why", "payload__note"
        )
    }
    keys = {(case, seq): reference for case, seq, reference in found}
    return [Shared(reference, *happened[key]) for key, reference in keys.items() if key in happened]


def open_seen(scope: Scope, by_row: bool, reached: Any) -> QuerySet[Resolution]:
    """Those that are open and that somebody sees, by the scope and by what `reach` gave, or by places for them."""
    return cases_seen(Resolution, scope, Action.LIST, None if by_row else reached).filter(ended_at=None)


@composed(reached=numbers)
def _shared(scope: Scope, by_row: bool, most: int, reached: Any) -> QuerySet[Notice, tuple[int, int, str]]:
    seen = open_seen(scope, by_row, reached).values("pk")
    told = Notice.objects.filter(one_of("to_person", scope.people), ask=SHARED_WITH_THEM, case__in=seen)
    return told.order_by("-created_at", "-pk").values_list("case", "seq", "case__reference")[:most]


def unreached(scope: Scope, most: int) -> list[tuple[str, str]]:
    """Whom no email reached about what these people sent or chair, of what is open: reference and name. One query."""
    reached = reach(scope)
    return list(_unreached(scope, reached is None, most, reached=reached))


@composed(reached=numbers)
def _unreached(scope: Scope, by_row: bool, most: int, reached: Any) -> QuerySet[Notice, tuple[str, str]]:
    sent = Event.objects.filter(case=OuterRef("case"), seq=OuterRef("seq"))
    theirs = sent.filter(one_of("by_person", scope.people) | one_of("on_behalf_of", scope.people))
    unsent = Notice.objects.filter(sent_at=None, dropped_at=None, attempts__gte=TRIES_BEFORE_SAYING_SO)
    seen = unsent.filter(case__in=open_seen(scope, by_row, reached).values("pk"))
    found = seen.filter(one_of("case__chair", scope.people) | Exists(theirs)).order_by()
    return found.values_list("case__reference", "to_person__name").distinct().order_by(
        "case__reference", "to_person__name"
    )[:most]  # fmt: skip


class Brought(NamedTuple):
    """Something that is brought to the wider partnership: when, by which council, at which stage, where to ring."""

    at: datetime
    council: str
    stage: str
    ring: str


def brought_to(person: Person, most: int, *, past: bool = False) -> list[Brought]:
    """What this person was told of for the partnership, the latest first. The record is not theirs: nothing of it.

    Until it is decided what becomes of the answer, or the record ends; `past`: what is over by then.
    """
    since = Event.objects.filter(case=OuterRef("case"), seq__gt=OuterRef("seq"), type__in=("judged", "moved_on"))
    over = Exists(since) | Q(case__ended_at__isnull=False)
    with as_service():
        told = Notice.objects.filter(to_person=person, ask=FOR_THE_PARTNERSHIP, dropped_at=None)
        told = told.filter(over) if past else told.exclude(over)
        found = list(told.select_related("case__authority").order_by("-created_at", "-pk")[:most])
        return [
            Brought(
                one.created_at, one.case.authority.name, protocol_of(one.case).stage(one.stage).named,
                one.case.authority.mailbox_phone,
            )
            for one in found
        ]  # fmt: skip


def late_actions(scope: Scope, most: int, now: datetime) -> list[Duty]:
    """Agreed actions past their day, of resolutions that are open and seen: in the teams of whoever manages some.

    The longest late first.
    """
    reached = reach(scope)
    return _late(scope, reached is None, most, reached=reached, now=now)


@composed(reached=numbers, now=MOMENT)
def _late(scope: Scope, by_row: bool, most: int, reached: Any, now: Any) -> QuerySet[Duty]:
    seen = open_seen(scope, by_row, reached)
    if scope.units:
        seen = seen.filter(one_of("team", scope.units))
    late = Duty.objects.filter(must=Must.DO_THE_ACTION, met_at=None, gone_at=None, due_at__lt=now)
    of_seen = late.filter(case__in=seen.values("pk"))
    return of_seen.select_related("person", "case").order_by("due_at", "pk")[:most]
