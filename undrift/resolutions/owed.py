"""What is owed on some concerns, what somebody agreed to, and what has happened at the stage where each stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from undrift.engine.ladder.audience import FOR_THE_PARTNERSHIP, SHARED_WITH_THEM
from undrift.engine.ladder.standing import WAITING_FOR_APPROVAL
from undrift.engine.musts import Must
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
    numbers = list(resolutions)
    if not numbers:
        return {}
    rows = Event.objects.filter(case__in=numbers, type__in=("raised", "action_agreed"))
    return {
        (number, str(action["id"])): Wording(str(action["what"]), bool(action.get("directed")))
        for number, payload in rows.values_list("case", "payload")
        for action in (payload.get("actions", ()) if "children" in payload else (payload,))
    }


def still_owed(people: frozenset[int]) -> QuerySet[Duty]:
    """What these people still owe; an answer that waits for approval is the approver's, though its date still runs."""
    of = {"case__kind": Kind.RESOLUTION, "person__in": people}
    owed = Duty.objects.filter(**of, met_at=None, gone_at=None, never_late=False)
    approval = Duty.objects.filter(case=OuterRef("case"), must=Must.APPROVE, met_at=None, gone_at=None)
    answered = Q(must=Must.RESPOND) & (Q(case__tag=WAITING_FOR_APPROVAL) | Exists(approval))
    return owed.exclude(answered)


def owed_by(people: frozenset[int], resolutions: Iterable[int]) -> defaultdict[int, list[Duty]]:
    """What these people still owe, by resolution."""
    owed = still_owed(people).filter(case__in=list(resolutions))
    found: defaultdict[int, list[Duty]] = defaultdict(list)
    for duty in owed.select_related("person").order_by("due_at", "pk"):
        found[duty.case_id].append(duty)
    return found


def happened_at_stage(resolutions: Iterable[int]) -> defaultdict[int, list[Entry]]:
    """What happened at the stage where each stands, oldest first."""
    rows = Event.objects.filter(case__in=list(resolutions), happened_at__gte=F("case__resolution__entered_at"))
    found: defaultdict[int, list[Entry]] = defaultdict(list)
    for number, name, by, at in rows.order_by("case", "seq").values_list("case", "type", "by_name", "happened_at"):
        found[number].append(Entry(name, by, at))
    return found


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


def shared_with(people: frozenset[int], seen: QuerySet[Resolution], most: int) -> list[Shared]:
    """What was shared with these people, of what is seen, the latest first; not what they are merely copied in.

    By somebody's own choice, or by a route that the policy has shared with them.
    """
    told = Notice.objects.filter(to_person__in=people, ask=SHARED_WITH_THEM, case__in=seen.values("pk"))
    found = list(told.order_by("-created_at", "-pk").values_list("case", "seq", "case__reference")[:most])
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


def late_actions(seen: QuerySet[Resolution], now: datetime) -> QuerySet[Duty]:
    """Agreed actions past their day, of resolutions that are seen; the longest late first."""
    late = Duty.objects.filter(must=Must.DO_THE_ACTION, met_at=None, gone_at=None, due_at__lt=now)
    return late.filter(case__in=seen.values("pk")).select_related("person", "case").order_by("due_at", "pk")
