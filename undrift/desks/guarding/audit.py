"""The council's log of looks: narrowed, leafed through, exported. What is asked for comes by POST."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from undrift.access.alerts import ALARMS, OPENED_WIDELY, REFUSED_OFTEN, TIE_ENDED
from undrift.access.by_number import looked_at, lookers, numbered
from undrift.access.models import Alert, Exclusion, Look
from undrift.access.rows import looks_at
from undrift.access.scope import scope_of
from undrift.desks.frame.components import Many, Table
from undrift.desks.frame.days import day_and_time
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.desks.guarding.forms import AuditForm
from undrift.desks.guarding.shown import council_places
from undrift.desks.guarding.ways_in import guarded_by, number_of
from undrift.desks.guarding.words import how_in_words, page_in_words
from undrift.engine.dates.moments import LONDON
from undrift.library.numbers import ALARMS_SHOWN
from undrift.people import clock
from undrift.people.models import Authority, Person
from undrift.record.sight import as_service
from undrift.resolutions.models import Resolution

if TYPE_CHECKING:
    from undrift.children.models import Child

A_PAGE = 50
MOST_EXPORTED = 50_000
PATTERNS: Mapping[str, str] = {
    REFUSED_OFTEN: "Many records asked for in vain within an hour",
    OPENED_WIDELY: "Many records opened in a day, beyond their own work",
    TIE_ENDED: "Records asked for again after their work with them ended",
}


@sensitive_post_parameters("who", "child")
@require_http_methods(["GET", "HEAD", "POST"])
def audit(request: SignedRequest) -> HttpResponse:
    authority, now = guarded_by(request), clock.now()
    form = AuditForm(request.POST if request.method == "POST" else None, today=clock.of_day(now))
    page = _page(request)
    rows = list(_found(request, authority, _asked(form))[(page - 1) * A_PAGE : page * A_PAGE + 1])
    shown = rows[:A_PAGE]
    children = looked_at(authority, shown)
    table = Table(
        "Looks, the latest first",
        ("When", "Who", "Page", "Record", "What opened it"),
        [
            (
                day_and_time(one.at),
                one.name,
                page_in_words(one),
                _record(one, children),
                how_in_words(one),
            )
            for one in shown
        ],
    )
    return render(request, "guarding/audit.html", {
        "heading": "Log of looks",
        "places": council_places(request, "audit", now),
        "form": form,
        "table": table if shown else None,
        "alarms": _alarms(request, now),
        "before": page - 1,
        "after": page + 1 if len(rows) > A_PAGE else 0,
    })  # fmt: skip


A_FEW = 3  # numbers that stand in a cell; more are folded under how many there are


def _record(look: Look, children: Mapping[int, Child]) -> str | Many:
    tried = [child for child in children.values() if look.refused and child.public_id == look.tried]
    about = [children[pk] for pk in look.children if pk in children] or tried
    numbers = tuple(map(number_of, about))
    if len(numbers) > A_FEW:
        return Many(f"{len(numbers)} children", numbers)
    return ", ".join(numbers) or look.tried or "None"


def _page(request: SignedRequest) -> int:
    asked = request.POST.get("page", "")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1


def _asked(form: AuditForm) -> Mapping[str, Any]:
    """What was asked for and makes sense; with something that does not, nothing is left out for it."""
    return form.cleaned_data if form.is_bound and (form.is_valid() or form.cleaned_data) else {}


def _found(request: SignedRequest, authority: Authority, asked: Mapping[str, Any]) -> QuerySet[Look]:
    looks = Look.objects.filter(authority=authority).exclude(_out_of_reach(request))
    if who := asked.get("who"):
        looks = looks.filter(name__in=lookers(authority, who))
    if number := asked.get("child"):
        looks = looks.filter(_of_child(authority, number))
    if since := asked.get("since"):
        looks = looks.filter(at__gte=datetime.combine(since, time(), tzinfo=LONDON))
    if until := asked.get("until"):
        looks = looks.filter(at__lt=datetime.combine(until + timedelta(days=1), time(), tzinfo=LONDON))
    narrower = {"refused": Q(refused=True), "glass": Q(how="glass")}.get(asked.get("which", ""))
    return looks.filter(narrower) if narrower is not None else looks


def _out_of_reach(request: SignedRequest) -> Q:
    """Looks at a child whose record the viewer is kept out of, and what was tried of it in vain."""
    closed = scope_of(request.user).doors.closed_children
    if not closed:
        return Q(pk__in=[])
    with as_service():
        mine = Exclusion.objects.filter(person=request.user, lifted_at=None, child__in=closed).select_related("child")
        children = [exclusion.child for exclusion in mine]
        references = Resolution.objects.filter(about__child__in=children).values_list("reference", flat=True)
        tried = [*(child.public_id for child in children), *references]
    return Q(children__overlap=[child.pk for child in children]) | Q(refused=True, tried__in=tried)


def _of_child(authority: Authority, number: str) -> Q:
    child = numbered(authority, number)
    return Q(looks_at(child.pk, [child.public_id])) if child is not None else Q(pk__in=[])


def _alarms(request: SignedRequest, now: datetime) -> Table | None:
    told = Alert.objects.filter(to_person=request.user, kind__in=ALARMS, created_at__gte=now - ALARMS_SHOWN)
    alerts = list(told.order_by("-created_at", "-pk"))
    names = dict(Person.objects.filter(pk__in=[one.about for one in alerts]).values_list("pk", "name"))
    rows = [(day_and_time(one.created_at), names.get(one.about, ""), PATTERNS[one.kind]) for one in alerts]
    return Table("Alarms of the last 30 days", ("When", "Who", "What"), rows) if rows else None


# The export -----------------------------------------------------------------------------------------------------------

COLUMNS = ("at", "person", "name", "page", "opened by", "refused", "children")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@sensitive_post_parameters("who", "child")
@require_POST
def export(request: SignedRequest) -> HttpResponse:
    """What was found, as CSV: staff by number and name, children by their public ids alone. It leaves a trace.

    What makes no sense is said on the page: a file does not say what it left in for that.
    """
    authority = guarded_by(request)
    form = AuditForm(request.POST, today=clock.today())
    if not form.is_valid():
        return audit(request)
    looks = list(_found(request, authority, form.cleaned_data)[:MOST_EXPORTED])
    children = looked_at(authority, looks)
    known = frozenset(child.public_id for child in children.values())
    Look.objects.create(
        authority=authority, person=request.user.pk, name=request.user.name, at=clock.now(), page=page_of(request),
        how="audit",
    )  # fmt: skip
    return HttpResponse(
        _csv([COLUMNS, *(_line(one, children, known) for one in looks)]),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="looks.csv"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _line(one: Look, children: Mapping[int, Child], known: frozenset[str]) -> tuple[object, ...]:
    tried = [one.tried] if one.refused and one.tried in known else []
    about = " ".join([*(children[pk].public_id for pk in one.children if pk in children), *tried])
    at = one.at.astimezone(LONDON).isoformat(timespec="seconds")
    return at, one.person, one.name, one.page, one.how, "yes" if one.refused else "no", about


def _csv(rows: Iterable[Sequence[object]]) -> str:
    """Cells that a spreadsheet would work out as a formula begin with an apostrophe."""
    written = StringIO()
    csv.writer(written).writerows([[_plain(str(cell)) for cell in row] for row in rows])
    return written.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
