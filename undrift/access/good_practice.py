"""Good practice notes of a period, as far as somebody may choose from them; and the reports made of them.

A note is its reader's to see where its child's record is open to them. A published report is there for the staff of its
authority: nothing in it leads to a child.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q, QuerySet

from undrift.access.matrix import Action
from undrift.access.rows import children_seen
from undrift.access.scope import PARTNERS_OWN, scope_of
from undrift.children.models import AlsoInFamily, Child, CoreGroupMember, Plan
from undrift.engine.dates.counting import ONE_DAY
from undrift.engine.dates.moments import LONDON, london_date
from undrift.engine.plan_cycle.quoting import Known
from undrift.people.models import Person
from undrift.people.seats import seat_of
from undrift.record.models import Case, Event, GoodPracticeReport
from undrift.record.sight import as_service

NOTED, CORRECTED = "good_practice_noted", "corrected"


@dataclass(frozen=True)
class Note:
    """A note to a child as it stands in the record. `key` names it in an address and says nothing of the child."""

    case: Case
    seq: int
    child: Child
    tier: str
    text: str
    worker: str
    quotable: bool
    by: str
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.case.pk}-{self.seq}"

    @property
    def team(self) -> str:
        """The team that works with the child, as it is called now; "" where none is on file."""
        return self.case.team.name if self.case.team is not None else ""


def notes_between(person: Person, now: datetime, first: date, last: date) -> list[Note]:
    """The notes of those days that were not marked as made in error, the earliest first; for whoever makes the report.

    Three queries, or none.
    """
    scope = scope_of(person, now)
    if not scope.has(Action.REPORT) or scope.authority is None:
        return []
    written = Event.objects.filter(
        authority=scope.authority,
        type=NOTED,
        happened_at__gte=_begins(first),
        happened_at__lt=_begins(last + ONE_DAY),
    ).exclude(case__in=scope.doors.closed)
    rows = list(
        written.select_related("case__team", "case__chair", "case__social_worker").order_by("happened_at", "pk")
    )
    about = {int(row.payload["child"]) for row in rows}
    seen = children_seen(scope).filter(pk__in=about).select_related("family")
    children = {str(child.pk): child for child in seen}
    struck = set(
        Event.objects.filter(case__in={row.case_id for row in rows}, type=CORRECTED).values_list("case", "payload__seq")
    )
    return [
        Note(
            row.case, row.seq, children[row.payload["child"]], row.payload["tier"], row.payload["text"],
            row.payload["worker"], row.payload["quotable"], row.by_name, row.happened_at,
        )
        for row in rows if row.payload["child"] in children and (row.case_id, row.seq) not in struck
    ]  # fmt: skip


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def known_of(notes: Iterable[Note]) -> Mapping[str, Known]:
    """By the note's key, what is on file of those whom it is about. Five queries, or none.

    Of brothers and sisters, too, whose records are closed to the reader: no name of theirs may be published, and all
    that is said of it are words that the reader has typed or read in the note.
    """
    notes = list(notes)
    if not notes:
        return {}
    with as_service():
        return _known_of(notes)


def _known_of(notes: Sequence[Note]) -> Mapping[str, Known]:
    children = {note.child.pk: note.child for note in notes}
    families: dict[int, set[int]] = {number: {child.family_id} for number, child in children.items()}
    every = {child.family_id for child in children.values()}
    for child, family in AlsoInFamily.objects.filter(
        Q(child__in=children) | Q(family__in=every), ended_at=None
    ).values_list("child", "family"):
        families.setdefault(child, set()).add(family)
        every.add(family)
    members: defaultdict[int, list[Child]] = defaultdict(list)
    for one in Child.objects.filter(Q(family__in=every) | Q(pk__in=families)).select_related("family"):
        for family in {one.family_id, *families.get(one.pk, ())}:
            members[family].append(one)
    workers: defaultdict[int, set[str]] = defaultdict(set)
    for child, *names in Plan.objects.filter(child__in=children).values_list(
        "child", "chair__name", "social_worker__name"
    ):
        workers[child].update(filter(None, names))
    around: defaultdict[int, set[str]] = defaultdict(set)
    for family, *names in CoreGroupMember.objects.filter(family__in=every).values_list(
        "family", "person__name", "name"
    ):
        around[family].update(filter(None, names))
    return {note.key: _known(note, families[note.child.pk], members, workers, around) for note in notes}


def _known(
    note: Note,
    families: Iterable[int],
    members: Mapping[int, Sequence[Child]],
    workers: Mapping[int, set[str]],
    around: Mapping[int, set[str]],
) -> Known:
    everyone = [child for family in families for child in members[family]]
    names = {name for child in everyone for name in (child.first_name, child.last_name, child.family.name)}
    case = note.case
    theirs = {person.name for person in (case.chair, case.social_worker) if person is not None}
    core = {name for family in families for name in around.get(family, ())}
    return Known(
        children=frozenset(filter(None, names)),
        workers=frozenset({note.worker, note.by} | theirs | workers.get(note.child.pk, set()) | core),
        numbers=frozenset(filter(None, (case.reference, *(child.external_id for child in everyone)))),
        born=frozenset(child.date_of_birth for child in everyone if child.date_of_birth is not None),
    )


# Published ------------------------------------------------------------------------------------------------------------


def reports_seen(person: Person, now: datetime) -> QuerySet[GoodPracticeReport]:
    """Those of the authority whose staff this person is, every version, the latest period first."""
    if person.authority_id is None or seat_of(person, london_date(now)).works_in not in PARTNERS_OWN:
        return GoodPracticeReport.objects.none()
    return GoodPracticeReport.objects.filter(authority=person.authority_id)
