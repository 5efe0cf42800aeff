"""The lists: what is open, what waits for whom. A fixed number of queries whatever is in the database.

What is late is worked out from the due dates and the moment; it needs no worker.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    Case,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, JSONObject

from undrift.access.matrix import Action
from undrift.access.naming import Within, children_of_cases_named, councils_of
from undrift.access.rows import cases_seen, is_there, reach, visible_to
from undrift.access.scope import Scope, people_of, scope_of
from undrift.engine.events import Event as Happening
from undrift.engine.ladder.state import State
from undrift.engine.musts import Must
from undrift.people.composed import MOMENT, TEXT, Among, Known, Those, composed, numbers, one_of
from undrift.people.models import Agency, Person
from undrift.record.history import COLUMNS, Row, folded, happening
from undrift.record.models import CaseChild, Duty, Event
from undrift.resolutions.models import Resolution
from undrift.resolutions.owed import still_owed

if TYPE_CHECKING:
    from undrift.protocol.model import Protocol

A_PAGE = 25
A_WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a worklist is narrowed to. Empty means all. Numbers are primary keys."""

    stage: str = ""
    tag: str = ""
    due: Literal["", "late", "this week"] = ""
    chair: int | None = None
    team: int | None = None
    agency: int | None = None
    ground: str = ""
    mine: bool = False
    risk: bool = False
    ended: bool = False


@dataclass(frozen=True)
class Page:
    """One page of a list. `found` is how many there are where that was asked: it is never counted to the end."""

    rows: tuple[Resolution, ...]
    number: int
    more: bool
    found: int = 0


# The orders of a worklist by name; the empty one is what is due first, or what ended last.
ORDERS: Mapping[str, tuple[str, str]] = {
    "raised": ("-raised_at", "-id"),
    "oldest": ("raised_at", "id"),
    "moved": ("-entered_at", "-id"),
}


def worklist(
    person: Person,
    filters: Filters = Filters(),
    *,
    now: datetime,
    page: int = 1,
    size: int = A_PAGE,
    order: str = "",
    count_to: int = 0,
) -> Page:
    """The resolutions that this person may see, what is due first on top; those that ended, the latest on top.

    Or in one of `ORDERS`. At most four queries; with `count_to` one more, which counts so far and no further. Each
    row's `about` holds its children.
    """
    scope = scope_of(person, now)
    reached, start = reach(scope), (max(page, 1) - 1) * size
    moments = {"now": now, "ahead": now + A_WEEK, "reached": reached}
    rows = _with_about(_listed(scope, reached is None, filters, order, start, size, **moments))
    shown = Page(tuple(rows[:size]), max(page, 1), more=len(rows) > size)
    if not count_to:
        return shown
    return replace(shown, found=len(_counted(scope, reached is None, filters, count_to, **moments)))


def _fitting(scope: Scope, by_row: bool, filters: Filters, reached: Any, now: Any, ahead: Any) -> QuerySet[Resolution]:
    seen = cases_seen(Resolution, scope, Action.LIST, None if by_row else reached)
    found = seen.filter(_narrowed(filters, now, ahead))
    return found.filter(one_of("chair", scope.people)) if filters.mine else found


@composed(reached=numbers, now=MOMENT, ahead=MOMENT)
def _listed(
    scope: Scope, by_row: bool, filters: Filters, order: str, start: int, size: int, reached: Any, now: Any, ahead: Any
) -> QuerySet[Resolution]:
    found = _fitting(scope, by_row, filters, reached, now, ahead)
    usual = ("-ended_at", "-id") if filters.ended else ("due_at", "id")
    return _leaf(found.order_by(*ORDERS.get(order, usual)), start, size)


@composed(reached=numbers, now=MOMENT, ahead=MOMENT)
def _counted(
    scope: Scope, by_row: bool, filters: Filters, most: int, reached: Any, now: Any, ahead: Any
) -> QuerySet[Resolution, int]:
    found = _fitting(scope, by_row, filters, reached, now, ahead)
    return found.order_by().values_list("pk", flat=True)[:most]


def waiting_for(person: Person, *, now: datetime, page: int = 1, size: int = A_PAGE) -> Page:
    """What waits for this person, or for somebody they cover for: their turn, or something they still owe.

    What they have to do first stands on top. Four queries.
    """
    start = (max(page, 1) - 1) * size
    # The same resolution may be found as a turn and as a duty; so twice as many are asked for.
    ids = _waiting(people_of(person, now), now, 2 * (start + size + 1))
    wanted = ids[start : start + size]
    found = {row.pk: row for row in _with_about(_by_number(wanted=wanted) if wanted else [])}
    return Page(tuple(found[pk] for pk in wanted), max(page, 1), more=len(ids) > start + size)


def _waiting(mine: frozenset[int], now: datetime, upto: int) -> list[int]:
    """Resolutions by number, each once, by when the thing is due."""
    found = _due_of(Those(mine), upto, now=now)
    in_order = sorted(found, key=lambda row: (row[0] is None, row[0] or now, row[1]))
    return list(dict.fromkeys(pk for _, pk in in_order))


@composed(now=MOMENT)
def _due_of(mine: Those, upto: int, now: Any) -> QuerySet[Any, tuple[datetime | None, int]]:
    """Each of the four ways is cut short by an index."""
    still = Q(turns_at=None) | Q(turns_at__gte=now)
    open_ones = Resolution.objects.filter(ended_at=None)
    owed = still_owed(mine.numbers)
    next_one, then_one = one_of("next_person", mine.numbers), one_of("then_person", mine.numbers)
    turns = open_ones.filter(still, next_one).order_by("due_at", "id").values_list("due_at", "pk")
    turned = open_ones.filter(then_one, turns_at__lt=now).order_by("then_due_at", "id")
    # Once the date has passed the chair decides, and the approver may still approve: the answer is there.
    unapproved = open_ones.filter(next_one, turns_at__lt=now, next_must=Must.APPROVE)
    return turns[:upto].union(
        turned.values_list("then_due_at", "pk")[:upto],
        owed.order_by("due_at").values_list("due_at", "case")[:upto],
        unapproved.order_by("due_at", "id").values_list("due_at", "pk")[:upto],
        all=True,
    )


def with_names(numbers: Iterable[int]) -> tuple[Resolution, ...]:
    """These, as a list shows them: with people, family and `about`. Two queries, or none."""
    wanted = list(numbers)
    return tuple(_with_names(Resolution.objects.filter(pk__in=wanted))) if wanted else ()


class Played(NamedTuple):
    """What decides who plays which part in a case: numbers of what it names, who raised it, which parts were handed on.

    `raised_by` and whom a part was handed to are numbers of accounts; without one they are left out.
    """

    number: int
    protocol_id: str
    protocol_version: str
    stage: str
    authority_id: int
    team_id: int | None
    chair_id: int | None
    social_worker_id: int | None
    responsible_agency_id: int | None
    raising_agency_id: int | None
    raised_by: int | None
    handed: tuple[tuple[str, int], ...]


def with_answer_to_come(scope: Scope, present: Protocol | None, musts: tuple[str, ...], most: int) -> list[Played]:
    """Of what is open and seen, where one of `musts` is asked for; due first. At most two queries.

    Under the `present` protocol only at a stage where an answer is approved; under another at any.
    """
    stages = present.stages if present is not None else ()
    approved = tuple(stage.id for stage in stages if stage.answer is not None and stage.answer.approved_by)
    which = (present.head.id, present.head.version, *approved) if present is not None else ()
    reached = reach(scope)
    rows = _answer_to_come(scope, reached is None, which, musts, most, reached=reached)
    return [Played._make((*row[:-1], tuple((role, int(to)) for role, to in _pairs(row[-1])))) for row in rows]


def _pairs(handed: Iterable[Mapping[str, str | None]]) -> Iterator[tuple[str, str]]:
    for one in handed:
        if (to := one["to"] or "").isdigit():
            yield str(one["role"]), to


@composed(reached=numbers)
def _answer_to_come(
    scope: Scope, by_row: bool, present: tuple[str, ...], musts: tuple[str, ...], most: int, reached: Any
) -> QuerySet[Resolution, tuple[Any, ...]]:
    seen = cases_seen(Resolution, scope, Action.LIST, None if by_row else reached)
    fits = Q()
    if present:
        protocol, version, *approved = present
        fits = Q(stage__in=approved) | ~Q(protocol_id=protocol, protocol_version=version)
    of = Event.objects.filter(case=OuterRef("pk"))
    handed = of.filter(type="handed_over").order_by("seq")
    told = handed.values(each=JSONObject(role=KT("payload__role"), to=KT("payload__person")))
    found = seen.filter(fits, ended_at=None, next_must__in=musts).annotate(
        raised_by=Subquery(of.filter(seq=1).values("by_person")[:1]), handed=ArraySubquery(told)
    )
    return found.order_by("due_at", "pk").values_list("pk", *Played._fields[1:])[:most]


def been_at(
    stage: str, protocol: Protocol, person: Person, *, now: datetime, action: Action = Action.READ
) -> QuerySet[Resolution]:
    """Those under this protocol that are open to this person's action and have stood at the stage, the latest first."""
    ids = [each.id for each in protocol.stages]
    at = ids.index(stage)
    came = Event.objects.filter(case=OuterRef("pk"), type__in=("raised", "moved_on"), payload__stage=stage)
    through = visible_to(Resolution, person, now, action=action).filter(
        is_there(came), protocol_id=protocol.head.id, first_stage__in=ids[: at + 1], highest_stage__in=ids[at:]
    )
    return _with_names(through).select_related("responsible_agency").order_by("-raised_at", "-id")


def agencies_of(found: QuerySet[Resolution]) -> list[Agency]:
    """Who is responsible now in any of these, by name. One query."""
    return list(Agency.objects.filter(pk__in=found.order_by().values("responsible_agency")).order_by("name", "pk"))


def raised_between(
    person: Person, begins: datetime, ends: datetime, protocol: Protocol, *, now: datetime
) -> list[Resolution]:
    """Those under this protocol that this person may see, raised at or after the one moment and before the other."""
    seen = visible_to(Resolution, person, now).filter(protocol_id=protocol.head.id)
    found = _with_names(seen.filter(raised_at__gte=begins, raised_at__lt=ends)).select_related("team")
    return list(found.order_by("raised_at", "id"))


def open_since(person: Person, protocol: Protocol, *, now: datetime) -> list[datetime]:
    """When each that is open under this protocol, and that this person may see, was raised. One query, or two."""
    seen = visible_to(Resolution, person, now).filter(protocol_id=protocol.head.id, ended_at=None)
    return list(seen.order_by().values_list("raised_at", flat=True))


def of_children(children: list[int], person: Person, *, now: datetime) -> QuerySet[Resolution]:
    """The resolutions about any of these children that this person may see, the latest first."""
    about = CaseChild.objects.filter(child__in=children).values("case")
    return _with_names(visible_to(Resolution, person, now).filter(pk__in=about)).order_by("-raised_at", "-id")


ALL, OPEN, RISKY = "all", "open", "risky"


def open_about(children: list[int], person: Person, *, now: datetime, risky: bool = False) -> list[Resolution]:
    """Those of them that are open; with `risky`, in which a child is at immediate risk. At most three queries."""
    return _about_these(children, person, now, RISKY if risky else OPEN)


def all_about(children: list[int], person: Person, *, now: datetime, start: int = 0, most: int = 0) -> list[Resolution]:
    """All of them; with `most`, so many from that place on. At most three queries."""
    return _about_these(children, person, now, ALL, start, start + most if most else None)


def number_about(children: list[int], person: Person, most: int, *, now: datetime) -> int:
    """How many they are, up to `most`. At most two queries."""
    scope = scope_of(person, now)
    reached = reach(scope)
    return len(_numbers_about(scope, reached is None, most, reached=reached, children=children))


def _about_these(
    children: list[int], person: Person, now: datetime, which: str, start: int = 0, end: int | None = None
) -> list[Resolution]:
    scope = scope_of(person, now)
    # Few are at immediate risk: each is asked of, and what is in reach is not gathered for them.
    reached = reach(scope) if which != RISKY else None
    found = _of_children(scope, reached is None, which, start, end, reached=reached, children=children)
    return _with_about(found)


def _seen_about(scope: Scope, by_row: bool, reached: Any, children: Any) -> QuerySet[Resolution]:
    about = CaseChild.objects.filter(one_of("child", children)).order_by().values("case")
    seen = cases_seen(Resolution, scope, Action.LIST, None if by_row else reached)
    return seen.filter(Among(F("pk"), ArraySubquery(about)))


@composed(reached=numbers, children=numbers)
def _of_children(
    scope: Scope, by_row: bool, which: str, start: int, end: int | None, reached: Any, children: Any
) -> QuerySet[Resolution]:
    found = _seen_about(scope, by_row, reached, children)
    if which != ALL:
        found = found.filter(ended_at=None)
    if which == RISKY:
        found = found.filter(risk=True)
    here = Among(F("pk"), ArraySubquery(found.order_by("-raised_at", "-id").values("pk")[start:end]))
    return Resolution.objects.filter(here).select_related(*NAMED_BESIDE).order_by("-raised_at", "-id")


@composed(reached=numbers, children=numbers)
def _numbers_about(scope: Scope, by_row: bool, most: int, reached: Any, children: Any) -> QuerySet[Resolution, int]:
    return _seen_about(scope, by_row, reached, children).order_by().values_list("pk", flat=True)[:most]


@composed(wanted=numbers)
def _by_number(wanted: Any) -> QuerySet[Resolution]:
    return Resolution.objects.filter(one_of("pk", wanted)).select_related(*NAMED_BESIDE)


HISTORIES = f"SELECT {', '.join(COLUMNS)} FROM record_event WHERE case_id = ANY (%s) ORDER BY case_id, seq"


def histories_of(resolutions: Iterable[Resolution]) -> dict[int, list[Happening]]:
    """Everything that has happened to each of these, by number, oldest first. One query, or none."""
    told: dict[int, list[Happening]] = {r.pk: [] for r in resolutions}
    if told:
        with connection.cursor() as cursor:
            cursor.execute(HISTORIES, [list(told)])
            for values in cursor:
                row = Row(*values)
                told[row.case_id].append(happening(row._replace(payload=json.loads(cast(str, row.payload)))))
    return told


def states_of(resolutions: Iterable[Resolution]) -> dict[int, State]:
    """Where each of these stands, by number. One query, or none."""
    wanted = {r.pk: r for r in resolutions}
    return {number: folded(wanted[number], told) for number, told in histories_of(wanted.values()).items()}


def at_risk_in(resolutions: Iterable[Resolution]) -> dict[int, frozenset[str]]:
    """Which children are at immediate risk, where it is about several. One query, or none."""
    several = [r for r in resolutions if r.risk and r.ended_at is None and len(r.about.all()) > 1]
    return {number: frozenset(state.at_risk) for number, state in states_of(several).items()}


def search(person: Person, text: str, *, now: datetime, page: int = 1, size: int = A_PAGE, near: bool = False) -> Page:
    """By reference, or by a child's name or number; with `near`, by a name or number that the words nearly are."""
    return search_within(Within(Resolution, scope_of(person, now)), text, page=page, size=size, near=near)


def search_within(within: Within, text: str, *, page: int = 1, size: int = A_PAGE, near: bool = False) -> Page:
    """The same, among what was gathered."""
    words = text.split()
    if not words:
        return Page((), page, more=False)
    scope, reached = within.scope, within.reached
    named = _named(within, words, near, page * size + 1)
    start = (max(page, 1) - 1) * size
    asked = {"reached": reached, "named": named, "reference": text.strip().upper()}
    fitting = not near or named
    rows = _with_about(_searched(scope, reached is None, near, start, size, **asked) if fitting else [])
    return Page(tuple(rows[:size]), max(page, 1), more=len(rows) > size)


@composed(reached=numbers, named=numbers, reference=TEXT)
def _searched(
    scope: Scope, by_row: bool, near: bool, start: int, size: int, reached: Any, named: Any, reference: Any
) -> QuerySet[Resolution]:
    seen = cases_seen(Resolution, scope, Action.LIST, None if by_row else reached)
    # Both by the case's own columns: an OR across two tables is met by no index.
    fits = one_of("id", named)
    found = seen.filter(fits if near else fits | Q(reference=reference))
    return _leaf(found.order_by("-raised_at", "-id"), start, size)


NAMED = "SELECT undrift_resolutions_named(%s, %s, %s, %s, %s)"


def _named(within: Within, words: list[str], near: bool, most: int) -> list[int]:
    """By number, those about a child whom the words name; in a whole council, the latest `most` of them."""
    scope = within.scope
    if not scope.whole:
        children = children_of_cases_named(within, words, near=near)
        return _cases_of(children=children) if children else []
    with connection.cursor() as cursor:
        cursor.execute(NAMED, [councils_of(scope), words, near, sorted(scope.doors.closed), most])
        found: list[int] = cursor.fetchone()[0]
    return found


@composed(children=numbers)
def _cases_of(children: Any) -> QuerySet[CaseChild, int]:
    return CaseChild.objects.filter(one_of("child", children)).values_list("case", flat=True)


def _narrowed(filters: Filters, now: Any, ahead: Any) -> Q:
    still = Q(turns_at=None) | Q(turns_at__gte=now)
    turned = Q(turns_at__lt=now)
    asked = Q(ended_at__isnull=not filters.ended)
    if filters.stage:
        asked &= Q(stage=filters.stage)
    if filters.tag:
        asked &= Q(tag=filters.tag) & still | Q(then_tag=filters.tag) & turned
    if filters.due:
        asked &= _due(filters.due, still, turned, now, ahead)
    if filters.chair is not None:
        asked &= Q(chair=filters.chair)
    if filters.team is not None:
        asked &= Q(team=filters.team)
    if filters.agency is not None:
        asked &= Q(responsible_agency=filters.agency)
    if filters.ground:
        asked &= Q(grounds__contains=[filters.ground])
    if filters.risk:
        asked &= Q(risk=True)
    return asked


def _due(when: str, still: Q, turned: Q, now: Any, ahead: Any) -> Q:
    if when == "late":
        # An unanswered date stays late while the chair has time to decide, and so does an action until it is done.
        late = Duty.objects.filter(case=OuterRef("pk"), must=Must.DO_THE_ACTION, met_at=None, gone_at=None)
        return Q(due_at__lt=now) | is_there(late.filter(due_at__lt=now))
    return Q(due_at__gte=now, due_at__lt=ahead) & still | Q(then_due_at__gte=now, then_due_at__lt=ahead) & turned


# Each name more costs the planner more than it costs to read it.
NAMED_BESIDE = ("authority", "family", "chair", "next_person", "then_person")


def _about() -> QuerySet[CaseChild]:
    about = CaseChild.objects.select_related("child").order_by("child__date_of_birth", "child_id")
    # Of a child of whom nothing more is asked: whether its part has ended, or it is settled.
    parts = Event.objects.filter(case=OuterRef("case"), type__in=("child_ended", "child_reopened"))
    its_own = parts.annotate(whose=KT("payload__child")).filter(whose=Cast(OuterRef("child"), TextField()))
    last = Subquery(its_own.order_by("-seq").values("type")[:1])
    return about.annotate(last_event=Case(When(settled=True, then=last), output_field=TextField()))


@composed(cases=numbers)
def _about_cases(cases: Any) -> QuerySet[CaseChild]:
    return _about().filter(one_of("case", cases))


def _with_about(found: Iterable[Resolution]) -> list[Resolution]:
    """These, each with its children in `about`. One query, or none."""
    rows = list(found)
    about: defaultdict[int, list[CaseChild]] = defaultdict(list)
    for one in _about_cases(cases=[row.pk for row in rows]) if rows else ():
        about[one.case_id].append(one)
    for row in rows:
        vars(row).setdefault("_prefetched_objects_cache", {})["about"] = Known.of(CaseChild, about[row.pk])
    return rows


def _with_names(found: QuerySet[Resolution]) -> QuerySet[Resolution]:
    return found.select_related(*NAMED_BESIDE).prefetch_related(Prefetch("about", _about()))


def _leaf(found: QuerySet[Resolution], start: int, size: int) -> QuerySet[Resolution]:
    """A page of these and one more. The page's numbers come first, as an array: with the names joined on at once, the
    planner would read every resolution there is.
    """
    here = Among(F("pk"), ArraySubquery(found.values("pk")[start : start + size + 1]))
    return Resolution.objects.filter(here).select_related(*NAMED_BESIDE).order_by(*found.query.order_by)
