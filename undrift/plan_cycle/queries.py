"""A child's plan cycle as one person may see it. The child was fetched through `access`: that is the first lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet

from undrift.access.family_facts import FamilyFacts
from undrift.access.rows import children_visible_to
from undrift.access.scope import Scope, scope_of
from undrift.children.models import Child
from undrift.engine.dates.moments import london_date
from undrift.engine.duties import of_what
from undrift.engine.events import SYSTEM
from undrift.engine.musts import CycleMust
from undrift.engine.plan_cycle import state as of_cycle
from undrift.engine.plan_cycle import telling
from undrift.people.composed import DAY, composed, one_of
from undrift.people.kept_rosters import their_own
from undrift.people.models import Person
from undrift.plan_cycle.picture import Picture
from undrift.plan_cycle.words import words_of
from undrift.record.adopted import protocol_of, rules_for
from undrift.record.by_kind import cycle
from undrift.record.filed import on_file_about
from undrift.record.keeping import read
from undrift.record.locking import latest_seen, seen_row
from undrift.record.models import Case, Duty, Event, Kind
from undrift.record.who_plays import RaiseContext, context_for, who_plays


@dataclass(frozen=True)
class Happened:
    """One entry of a child's plan cycles; `struck` is one that was made in error."""

    case: int
    entry: telling.Entry
    struck: bool


def happened_to(child: Child) -> list[Happened]:
    """What happened about this child, and about no brother or sister alone, in every plan cycle, as far as the reader
    may see. One query for each cycle, and one.
    """
    found: list[Happened] = []
    numbers = Case.objects.filter(kind=Kind.PLAN, about__child=child).order_by("pk").values_list("pk", flat=True)
    for number in list(numbers):
        row = seen_row(Case, number)
        if row is None:
            continue
        case = read(row)
        wrong = cycle(case.state).corrected
        told = telling.entries(case.rules, case.events, {str(child.pk): child.called})
        found += [Happened(number, each, each.event.seq in wrong) for each in told if str(child.pk) in each.children]
    return found


def open_cycle(children: Iterable[int]) -> Case | None:
    """The plan cycle of one of these children that goes on, as far as the reader may see. One query."""
    about = Case.objects.filter(kind=Kind.PLAN, about__child__in=list(children), ended_at=None)
    return about.order_by("-pk").first()


def page_for(case: Case, person: Person, now: datetime) -> str:
    """The public id of the first of its children whose page this person may open; "" where none is open to them."""
    seen = children_visible_to(person, now).filter(cases__in=[case.pk]).order_by("pk")
    return str(seen.values_list("public_id", flat=True).first() or "")


def picture_of(child: Child, viewer: Person, now: datetime) -> Picture:
    """The cycle that goes on, else the last one; of a child without one, what begins with the first act."""
    siblings = _siblings(child, viewer, now)
    row = latest_seen(Case, Kind.PLAN, child.pk)
    if row is None:
        return _not_begun(child, siblings, viewer, now)
    found = read(row)
    rules, state = found.rules, cycle(found.state)
    return Picture(
        child=child,
        siblings=siblings,
        viewer=viewer,
        now=now,
        case=found.case,
        rules=rules,
        state=state,
        file=found.known.file,
        history=tuple(found.events),
        found=their_own(who_plays(found.case, rules.protocol, state, now, known=found.known)),
    )


def _siblings(child: Child, viewer: Person, now: datetime) -> tuple[Child, ...]:
    """The children of the family whom the viewer may see, this one first."""
    seen = FamilyFacts(viewer, now).in_families([child.family_id])
    return (child, *(one for one in seen if one.pk != child.pk))


def _not_begun(child: Child, siblings: tuple[Child, ...], viewer: Person, now: datetime) -> Picture:
    rules = rules_for(child.authority)
    children = to_begin_with(siblings)
    numbers = [one.pk for one in children]
    context = context_for(children, now)
    case = unsaved(context, rules.protocol.head.id, rules.protocol.head.version, now)
    begun = {str(number): of_cycle.Child(str(number)) for number in numbers}
    return Picture(
        child=child,
        siblings=siblings,
        viewer=viewer,
        now=now,
        case=case,
        rules=rules,
        state=of_cycle.State(0, now, SYSTEM, begun),
        file=on_file_about(child.family_id, numbers),
        history=(),
        found=their_own(who_plays(case, rules.protocol, None, now, children=numbers)),
    )


def to_begin_with(siblings: Sequence[Child]) -> tuple[Child, ...]:
    """With whom a cycle begins: the first of them, and brothers and sisters on a plan who have none that goes on."""
    first, *others = siblings
    numbers = [child.pk for child in others]
    taken = set(
        Case.objects.filter(kind=Kind.PLAN, about__child__in=numbers, ended_at=None).values_list(
            "about__child", flat=True
        )
    )
    on_plan = set(
        Child.objects.filter(pk__in=numbers, plans__ends=None, plans__isnull=False).values_list("pk", flat=True)
    )
    return (first, *(child for child in others if child.pk in on_plan - taken and child.died_on is None))


def unsaved(context: RaiseContext, protocol: str, version: str, moment: datetime, number: int | None = None) -> Case:
    """A cycle of these children as it begins."""
    return Case(
        id=number,
        kind=Kind.PLAN,
        authority=context.authority,
        family=context.family,
        protocol_id=protocol,
        protocol_version=version,
        team=context.team,
        chair=context.chair,
        social_worker=context.social_worker,
        people_at=moment,
        last_hash="",
    )


def context_of(picture: Picture, others: Iterable[str] = ()) -> RaiseContext:
    """What a cycle takes over from the children's plans when it begins with what is done now, with `others` besides."""
    children, named = to_begin_with(picture.siblings), set(others)
    more = tuple(child for child in picture.siblings if str(child.pk) in named and child not in children)
    return context_for((*children, *more), picture.now)


def might_begin(picture: Picture) -> tuple[Child, ...]:
    """Brothers and sisters without a plan and without a cycle that goes on, with whom this one may begin too."""
    if picture.begun:
        return ()
    others = [child for child in picture.siblings if str(child.pk) not in picture.state.children]
    on = Case.objects.filter(kind=Kind.PLAN, about__child__in=others, ended_at=None)
    taken = set(on.values_list("about__child", flat=True))
    return tuple(child for child in others if child.pk not in taken)


@dataclass(frozen=True)
class Due:
    """Something that somebody owes in a plan cycle: what, by when, of whom, and where it is done."""

    what: str
    day: date | None
    child: str  # the public id of the child it is of, else of the eldest of its children whom they may open
    whose: str  # the family, or the child whom alone it is of


@composed(today=DAY)
def _owed(scope: Scope, most: int, today: Any) -> QuerySet[Duty]:
    owed = Duty.objects.filter(one_of("person", scope.people), case__kind=Kind.PLAN, met_at=None, gone_at=None)
    owed = owed.exclude(must=CycleMust.HOLD, due__gt=today)
    return owed.select_related("case__authority").order_by(F("due_at").asc(nulls_last=True), "pk")[:most]


def due_in_cycles(person: Person, now: datetime, most: int) -> list[Due]:
    """What this person, or somebody they cover for, owes in plan cycles and can do by now, the soonest first: a
    conference is held on its day. Two queries, or three.
    """
    scope = scope_of(person, now)
    rows = _owed(scope, most, today=london_date(now))
    if not rows:
        return []
    seen = children_visible_to(person, now, scope).filter(cases__in=[row.case_id for row in rows])
    theirs: dict[int, dict[str, Child]] = {}
    for child in seen.select_related("family").annotate(of=F("cases")).order_by("date_of_birth", "pk"):
        theirs.setdefault(child.of, {})[str(child.pk)] = child
    checked = _checked(rows)
    return [_due(row, theirs[row.case_id], checked) for row in rows if row.case_id in theirs]


def _due(row: Duty, children: Mapping[str, Child], checked: Mapping[tuple[int, str], str]) -> Due:
    what, subject = words_of(protocol_of(row.case), row.must), of_what(row.key)
    own = checked.get((row.case_id, subject)) if row.must in OF_AN_ENTRY else subject
    child = children.get(own or "")
    if child is not None:
        return Due(what, row.due, child.public_id, str(child))
    first = next(iter(children.values()))
    return Due(what, row.due, first.public_id, str(first.family))


# What is owed because of an entry: its number may be that of a child.
OF_AN_ENTRY = frozenset({CycleMust.DO_WHAT_FOLLOWS, CycleMust.TAKE_UP})


def _checked(rows: Iterable[Duty]) -> Mapping[tuple[int, str], str]:
    """Of which child each check is that led to something, by its case and its number."""
    led = {(row.case_id, of_what(row.key)) for row in rows if row.must == CycleMust.DO_WHAT_FOLLOWS}
    if not led:
        return {}
    said = Event.objects.filter(case__in={case for case, _ in led}, type="check_done")
    return {(case, str(seq)): child for case, seq, child in said.values_list("case", "seq", "payload__child")}
