"""The list of children, a child's pages, a family's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from undrift.access.family_facts import FamilyFacts, with_live_plans
from undrift.access.fetching import NotFound, fetch_child, fetch_family
from undrift.access.listed import leave_trace
from undrift.access.scope import Scope, scope_of
from undrift.children.other_records import of_several
from undrift.desks.children.narrowed import ChildrenForm
from undrift.desks.children.record import Record
from undrift.desks.concern.rows import Presenter
from undrift.desks.frame.addresses import action_of, is_known
from undrift.desks.frame.child_rows import Line, Sees, chairs, chairs_itself, lines, none_open, sees
from undrift.desks.frame.components import Dated, Table
from undrift.desks.frame.leafing import beside, leaf, page_asked
from undrift.desks.frame.listing import (
    FILE,
    MOST_EXPORTED,
    Above,
    as_csv,
    counted,
    in_words,
    listing,
    sort_asked,
    table_as_csv,
    wants_file,
)
from undrift.desks.frame.narrowing import with_query
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.desks.frame.tone import lateness
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import due_label, full_day
from undrift.engine.ladder.state import State
from undrift.engine.rules import Rules
from undrift.people import clock
from undrift.record.adopted import rules_for
from undrift.resolutions.children_narrowed import children_on_a_plan
from undrift.resolutions.in_a_line import listed, stands_for
from undrift.resolutions.models import Resolution
from undrift.resolutions.plan_cycle import NOT_RECORDED, CycleStep, steps_after_conference
from undrift.resolutions.queries import states_of

if TYPE_CHECKING:
    from undrift.children.models import Child, Conference, KeyAction

A_PAGE = 50


@require_safe
def children(request: SignedRequest) -> HttpResponse:
    now, here = clock.now(), reverse("children")
    shows = _shows_resolutions(request, now)
    form = ChildrenForm(request.GET, resolutions=shows)
    found = children_on_a_plan(request.user, form.filters(), now=now)
    page, sort = page_asked(request), sort_asked(request, SORTS)
    rows, more = leaf(_ordered(found, sort), page, A_PAGE)
    number = counted(found)
    asked = form.query()
    return render(request, "children/children.html", {
        "heading": "Children",
        "lines": lines(rows, request.user, now),
        "sees_resolutions": shows,
        "allocation": reverse("allocation") if is_known(request.user, "allocation") else "",
        "filters": form,
        "chosen": form.chips(here),
        "clear": here,
        "listing": listing(number, THINGS, here, asked, SORTS, sort, reverse("children-csv")),
        **beside(here, page, more, asked | ({"sort": sort} if sort != BY_NAME else {})),
    })  # fmt: skip


BY_NAME = "name"
SORTS = {BY_NAME: "Name", "youngest": "Youngest first", "oldest": "Oldest first"}
ORDERS = {
    "youngest": (F("date_of_birth").desc(nulls_first=True),),
    "oldest": (F("date_of_birth").asc(nulls_last=True),),
}
THINGS = ("child", "children")
COLUMNS = ("Child", "Age", "On the plan", "Family", "Social worker", "Resolutions")


def _ordered(found: QuerySet[Child], sort: str) -> QuerySet[Child]:
    order = (*ORDERS.get(sort, ()), "last_name", "first_name", "pk")
    return found.select_related("family").prefetch_related(with_live_plans()).order_by(*order)


@require_safe
def children_csv(request: SignedRequest) -> HttpResponse:
    """What the list shows, all its pages up to the most that are exported. It leaves a trace of every child in it."""
    now = clock.now()
    shows = _shows_resolutions(request, now)
    filters = ChildrenForm(request.GET, resolutions=shows).filters()
    ordered = _ordered(children_on_a_plan(request.user, filters, now=now), sort_asked(request, SORTS))
    rows = list(ordered[:MOST_EXPORTED])
    leave_trace(request.user, [(c.authority_id, c.pk) for c in rows], page=page_of(request), now=now)
    shown = lines(rows, request.user, now)
    told = [(c.name, c.age, c.on_plan, str(c.child.family), c.worker, c.open_words) for c in shown]
    last = None if shows else -1
    return as_csv("children", COLUMNS[:last], [row[:last] for row in told])


def _shows_resolutions(request: SignedRequest, now: datetime) -> bool:
    return sees(scope_of(request.user, now)) is not Sees.NONE


@require_safe
def child(request: SignedRequest, public_id: str) -> HttpResponse:
    record = _record(request, public_id)
    return _shown(
        request,
        record,
        "child",
        open_table=record.resolutions_table("Open resolutions", record.open) if record.open else None,
        raise_href=_raised_of(record),
        allocation_href=allocation_href(request, public_id),
    )


@require_safe
def resolutions_of(request: SignedRequest, public_id: str) -> HttpResponse:
    record = _record(request, public_id)
    page, here = page_asked(request), reverse("child-resolutions", args=[public_id])
    if wants_file(request):  # the child was fetched, and that is the trace of it
        every, _ = record.resolutions(1, MOST_EXPORTED)
        return table_as_csv("resolutions-of-a-child", record.resolutions_table("Resolutions", every))
    rows, more = record.resolutions(page)
    table = record.resolutions_table("Resolutions, the latest first", rows) if rows else None
    number = in_words(record.number_of_resolutions(), ("resolution", "resolutions"))
    return _shown(
        request,
        record,
        "child-resolutions",
        table=table,
        listing=Above(number, csv=with_query(here, {"as": FILE})),
        raise_href=_raised_of(record),
        **beside(here, page, more),
    )


@require_safe
def history_of(request: SignedRequest, public_id: str) -> HttpResponse:
    record = _record(request, public_id)
    page = page_asked(request)
    moments, more = record.moments(page)
    here = reverse("child-history", args=[public_id])
    return _shown(request, record, "child-history", moments=moments, **beside(here, page, more))


@require_safe
def facts_of(request: SignedRequest, public_id: str) -> HttpResponse:
    """What became of each fact on file, and who says so."""
    record = _record(request, public_id)
    page = page_asked(request)
    moments, more = record.changes(page)
    here = reverse("child-facts", args=[public_id])
    return _shown(request, record, "child-facts", moments=moments, **beside(here, page, more))


def _record(request: SignedRequest, public_id: str) -> Record:
    """The child as this person may see it; 404 for one out of sight, as for one that is absent."""
    now = clock.now()
    try:
        found = fetch_child(public_id, request.user, now, action=action_of(request), page=page_of(request))
    except NotFound:
        raise Http404 from None
    return Record(found, request.user, now)


HEADINGS = {
    "child": "Child record",
    "child-resolutions": "Child record: resolutions",
    "child-history": "Child record: history",
    "child-facts": "Child record: what became of each fact",
}


def _shown(request: SignedRequest, record: Record, here: str, **context: object) -> HttpResponse:
    # The heading names nobody: a browser keeps the titles of the pages it has shown.
    page = {"heading": HEADINGS[here], "record": record, "places": record.places(here)}
    return render(request, f"children/{here.replace('-', '_')}.html", page | context)


def raise_href(**of: str) -> str:
    """Where a concern about this child or family is raised; "" where that desk is not installed."""
    try:
        return reverse("raise-choice", kwargs=of)
    except NoReverseMatch:
        return ""


def _raised_of(record: Record) -> str:
    """Of two records of one child, a concern is raised of the one that goes on, by whoever chairs for that one."""
    return raise_href(child=record.child.public_id) if record.may_be_raised_of else ""


def allocation_href(request: SignedRequest, public_id: str) -> str:
    """Where whoever may says who has the child; "" for anybody else."""
    return reverse("allocation-child", args=[public_id]) if is_known(request.user, "allocation-child") else ""


@require_safe
def family(request: SignedRequest, reference: str) -> HttpResponse:
    """The brothers and sisters together, those whom this person may see."""
    now = clock.now()
    scope = scope_of(request.user, now)
    try:
        children = fetch_family(reference, request.user, now, action=action_of(request), page=page_of(request))
    except NotFound:
        raise Http404 from None
    prefetch_related_objects(children, with_live_plans())
    siblings = lines(children, request.user, now)
    show = Presenter(request.user, now)
    found = {r.pk: r for line in siblings for r in line.open}.values()
    open_ones = sorted(found, key=lambda r: (r.due_at is None, r.due_at or now, r.pk))
    first = next(child for child in children if child.family.reference == reference)
    one, rules = first.family, rules_for(first.authority)
    facts = FamilyFacts(request.user, now)
    return render(request, "children/family.html", {
        "heading": "Family record",
        "family": one,
        "siblings": _siblings(siblings, open_ones),
        "several": len(siblings) > 1,
        "none_open": none_open(sees(scope)),
        "work": show.works(open_ones),
        "conferences": _conferences(one.pk, facts),
        "key_actions": _key_actions(facts.key_actions_of(one, children), rules, now),
        "cycle": _cycle(rules, first.authority.name, one.pk, now),
        "raise_href": raise_href(family=reference) if _chairs_for(scope, siblings, now) else "",
    })  # fmt: skip


def _chairs_for(scope: Scope, siblings: list[Line], now: datetime) -> bool:
    """Whether they chair for one of these children, each by the record that goes on."""
    if not chairs(scope, siblings):
        return False
    several = of_several(line.child.pk for line in siblings)
    return chairs(scope, [line for line in siblings if line.child.pk not in several]) or any(
        chairs_itself(scope, line.child, now) for line in siblings if several.get(line.child.pk)
    )


def _siblings(siblings: list[Line], open_ones: Sequence[Resolution]) -> list[tuple[Line, list[str]]]:
    """Each child with how every open resolution stands for this child."""
    states = states_of(open_ones)
    return [(line, [_of_one(line, r, states[r.pk]) for r in open_ones if r in line.open]) for line in siblings]


def _of_one(line: Line, r: Resolution, state: State) -> str:
    said = stands_for(state, line.child)
    return f"{r.reference}: {said[:1].lower()}{said[1:]}"


def _conferences(family: int, facts: FamilyFacts) -> Table | None:
    about = facts.conferences.filter(family=family).select_related("chair")
    held = about.order_by("-planned_for", "-held_on")[:10]
    rows = [(c.reference, c.get_kind_display(), _when(c), c.chair.name if c.chair else "Nobody on file") for c in held]
    return Table("Conferences", ("Reference", "Kind", "When", "Chair"), rows) if rows else None


def _key_actions(actions: Sequence[KeyAction], rules: Rules, now: datetime) -> Table | None:
    """What conferences asked somebody to do and to tell the chair of, and what they said of it."""
    rows = [
        (
            action.wording,
            listed([child.called for child in action.children.all()]),
            _who(action),
            _feedback_due(action, rules, now),
            _feedback(action),
        )
        for action in actions
    ]
    heads = ("What was asked", "Children", "Who", "Feedback due", "Feedback")
    return Table("Key actions of the conferences", heads, rows) if rows else None


def _who(action: KeyAction) -> str:
    said = [action.who.name if action.who else "", action.agency.name if action.agency else ""]
    return ", ".join(filter(None, said)) or "Nobody on file"


def _feedback_due(action: KeyAction, rules: Rules, now: datetime) -> Dated:
    day = action.feedback_due
    if not action.waits:
        return Dated(day, "Was due", "met")
    return Dated(day, due_label(day, now, rules.calendar), lateness(day, now, rules.calendar))


def _feedback(action: KeyAction) -> str:
    on = f", {full_day(action.feedback_on, short=True)}" if action.feedback_on else ""
    return ". ".join(filter(None, (f"{action.get_status_display()}{on}", action.feedback)))


@dataclass(frozen=True)
class Cycle:
    """What the policy dates from the latest conference, and why each date."""

    table: Table
    why: tuple[tuple[str, str, tuple[str, ...]], ...]


def _cycle(rules: Rules, council: str, family: int, now: datetime) -> Cycle | None:
    """The steps after the latest conference, and until when it may be appealed against."""
    dated = steps_after_conference(rules, family)
    if not dated:
        return None
    rows = [(step.title, step.who, _by(step, now, rules), _done(step), step.clause) for step in dated]
    why = tuple(
        (f"Why {full_day(step.due.date, short=True)} for {step.title}?", f"The policy, {step.clause}",
         rules.proof(step.due, council).lines)
        for step in dated
        if step.due.date is not None
    )  # fmt: skip
    heads = ("Step", "Who", "By", "Done", "The policy")
    return Cycle(Table(f"After the conference of {full_day(dated[0].conference, short=True)}", heads, rows), why)


def _by(step: CycleStep, now: datetime, rules: Rules) -> Dated | str:
    day = step.due.date
    if day is None:  # beyond the bank holidays known
        return step.due.none_because or ""
    if step.done is not None or step.is_open_until:
        return Dated(day, "Last day" if step.is_open_until else "Was due", "met")
    if not step.is_told and day < london_date(now):
        return Dated(day, "Was due")
    return Dated(day, due_label(day, now, rules.calendar), lateness(day, now, rules.calendar))


def _done(step: CycleStep) -> str:
    if step.is_open_until:
        return "Beside the stages"
    if step.done is None and not step.is_told:
        return f"{NOT_RECORDED}. Record it in the child’s plan cycle"
    return full_day(step.done, short=True) if step.done else "Not on file"


def _when(conference: Conference) -> str:
    if conference.held_on is not None:
        return f"Held on {full_day(london_date(conference.held_on), short=True)}"
    assert conference.planned_for is not None  # the database keeps one of the two
    day = full_day(london_date(conference.planned_for), short=True)
    return f"Planned for {day}, cancelled" if conference.cancelled_at else f"Planned for {day}"
