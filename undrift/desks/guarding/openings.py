"""Emergency openings: who opened what, when and why, and whether it was right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from undrift.access import emergency as glass
from undrift.access.emergency import PURPOSES, why_not_reviewed_by
from undrift.access.listed import leave_trace
from undrift.access.matrix import Action, Tie
from undrift.access.models import Finding, Opening
from undrift.access.restricting import NotDone
from undrift.access.rows import children_visible_to
from undrift.access.scope import scope_of
from undrift.desks.frame.components import Fact, Table
from undrift.desks.frame.components import Link as Linked
from undrift.desks.frame.days import clock_time, day_and_time
from undrift.desks.frame.listing import listed, table_as_csv, wants_file
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.desks.guarding.forms import ReviewForm
from undrift.desks.guarding.shown import council_places
from undrift.desks.guarding.ways_in import number_of
from undrift.engine.dates.calendars import Calendar
from undrift.engine.dates.words import due_label, full_day
from undrift.people import clock
from undrift.record.adopted import rules_for
from undrift.record.sight import as_service

if TYPE_CHECKING:
    from undrift.children.models import Child

A_YEAR = timedelta(days=366)
AT_MOST = 100


@require_safe
def openings(request: SignedRequest) -> HttpResponse:
    now = clock.now()
    with as_service():
        found = list(_theirs(request, now)[:AT_MOST])
        calendar = rules_for(found[0].authority).calendar if found else None
        counted = list(_theirs(request, now).filter(opened_at__gte=now - A_YEAR)) if _guards_all(request, now) else []
    rows = [_row(one, now, calendar) for one in found] if calendar is not None else []
    heads = ("Opened", "By", "Record", "Why", "Review")
    table, above = listed(
        request, Table("The latest first", heads, rows), ("opening", "openings"), (1, 2, 4), usual="Latest first"
    )
    if rows and wants_file(request):
        about = [(one.authority_id, one.child_id) for one in found]
        leave_trace(request.user, about, page=page_of(request), now=now)
        return table_as_csv("emergency-openings", table)
    return render(request, "guarding/openings.html", {
        "heading": "Emergency openings",
        "places": council_places(request, "openings", now),
        "table": table if rows else None,
        "listing": above if rows else None,
        "months": _months(counted) if counted else None,
    })  # fmt: skip


def _months(found: Sequence[Opening]) -> Table:
    heads = ("Month", "Opened", "Reviewed in time", "Reviewed late", "Not reviewed yet", "Not justified")
    rows = [
        (f"{month.first:%B %Y}", month.opened, month.in_time, month.late, month.waiting, month.wrong)
        for month in glass.by_month(found)[:12]  # the thirteenth is cut by the year
    ]
    return Table("By month", heads, rows)


def _guards_all(request: SignedRequest, now: datetime) -> bool:
    return Tie.WHOLE in scope_of(request.user, now).ties(Action.GUARD)


def _theirs(request: SignedRequest, now: datetime) -> QuerySet[Opening]:
    """All of the council, or those of the children that one chairs for; not where one is kept out of the record."""
    person = request.user
    if person.authority is None:
        return Opening.objects.none()
    found = glass.openings(person.authority, seen_by=person)
    if _guards_all(request, now):
        return found
    return glass.of_chaired_children(found, scope_of(person, now))


def _row(one: Opening, now: datetime, calendar: Calendar) -> tuple[object, ...]:
    return (
        Linked(day_and_time(one.opened_at), reverse("opening", args=[one.pk])),
        one.person.name,
        number_of(one.child),
        PURPOSES.get(one.purpose, one.purpose),
        review_of(one, now, calendar),
    )


def review_of(one: Opening, now: datetime, calendar: Calendar) -> str:
    if one.reviewed_by is not None:
        return f"{Finding(one.finding).label}, {one.reviewed_by.name}"
    return f"{due_label(one.review_due, now, calendar)}: {full_day(one.review_due, short=True)}"


def opening(request: SignedRequest, number: int) -> HttpResponse:
    """One opening, and the review of it by somebody who may."""
    now = clock.now()
    with as_service():
        one = _theirs(request, now).filter(pk=number).first()
    if one is None:
        raise Http404
    with as_service():
        calendar = rules_for(one.authority).calendar
        why_not = why_not_reviewed_by(request.user, one, now)
    form = ReviewForm(request.POST if request.method == "POST" else None) if why_not is None else None
    errors = [why_not] if request.method == "POST" and why_not is not None else []
    if form is not None and form.is_valid():
        try:
            glass.review(one, request.user, form.cleaned_data["finding"], form.cleaned_data["remark"], now)
        except NotDone as refusal:
            errors = [refusal.sentence]
        else:
            messages.success(request, "Your review is on record.")
            return redirect("openings")
    return render_question(
        request,
        form,
        heading="Emergency opening",
        button="Keep this review",
        back=reverse("openings"),
        template="guarding/opening.html",
        errors=errors,
        why_not=why_not if one.reviewed_at is None else "",
        facts=_facts(one, now, calendar),
        looks_href=_looks_href(request, one.child, now),
    )


def _facts(one: Opening, now: datetime, calendar: Calendar) -> list[Fact]:
    facts = [
        Fact("Opened by", one.person.name),
        Fact("When", f"{day_and_time(one.opened_at)}, until {clock_time(one.until)}"),
        Fact("Record", number_of(one.child)),
        Fact("Why", PURPOSES.get(one.purpose, one.purpose)),
        Fact("What had happened", one.reason),
        Fact("Review", review_of(one, now, calendar)),
    ]
    return [*facts, Fact("What the reviewer says", one.remark)] if one.remark else facts


def _looks_href(request: SignedRequest, child: Child, now: datetime) -> str:
    """Where the reviewer sees what was read, if the log of this child is theirs to see."""
    seen = children_visible_to(request.user, now, action=Action.LOG).filter(pk=child.pk)
    whole = Tie.WHOLE in scope_of(request.user, now).ties(Action.LOG) and not child.restricted
    return reverse("child-looks", args=[child.public_id]) if whole or seen.exists() else ""
