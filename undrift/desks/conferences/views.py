"""The conferences of a month: day by day, with the month beneath, on paper, and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from undrift.access.family_facts import FamilyFacts
from undrift.access.listed import leave_trace
from undrift.desks.conferences.month import Month, month_asked
from undrift.desks.conferences.narrowed import ConferencesForm
from undrift.desks.frame.components import Link, Table
from undrift.desks.frame.days import clock_time
from undrift.desks.frame.listing import FILE, Above, as_csv, in_words, wants_file
from undrift.desks.frame.narrowing import with_query
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.people import clock

if TYPE_CHECKING:
    from undrift.children.models import Conference

HEADS = ("Family", "Time", "Conference", "Chair", "Held or not")
THINGS = ("conference", "conferences")
MIDNIGHT = "12am"  # of a list without hours: no conference is held then


@dataclass(frozen=True)
class Day:
    day: date
    table: Table


@require_safe
def conferences(request: SignedRequest) -> HttpResponse:
    now, here = clock.now(), reverse("conferences")
    facts = FamilyFacts(request.user, now)
    month, form = month_asked(request.GET.get("month", ""), london_date(now)), ConferencesForm(request.GET)
    found = list(facts.conferences_between(month.begins, month.ends).filter(form.narrows_to(facts.scope)))
    if wants_file(request):
        leave_trace(request.user, facts.of_each(found), page=page_of(request), now=now)
        return as_csv(f"conferences-{month.written}", ("Day", *HEADS), [(_day(c), *_cells(c)) for c in found])
    days = [Day(day, _table(day, list(those))) for day, those in groupby(found, _day)]
    asked = form.query()
    return render(request, "conferences/conferences.html", {
        "heading": f"Conferences in {month.title}",
        "days": days,
        "weeks": month.weeks({one.day: len(one.table.rows) for one in days}),
        "month": month,
        "today": london_date(now),
        "listing": Above(in_words(len(found), THINGS), csv=_at(here, month, asked | {"as": FILE}) if found else ""),
        "filters": form,
        "chosen": form.chips(_at(here, month, {})),
        "clear": _at(here, month, {}),
        "previous": _at(here, month.before, asked) if month.before else "",
        "previous_label": month.before.title if month.before else "",
        "next": _at(here, month.after, asked) if month.after else "",
        "next_label": month.after.title if month.after else "",
    })  # fmt: skip


def _at(here: str, month: Month, asked: dict[str, str]) -> str:
    return with_query(here, {"month": month.written, **asked})


def _day(one: Conference) -> date:
    moment = one.held_on or one.planned_for
    assert moment is not None  # the database keeps one of the two
    return london_date(moment)


def _table(day: date, those: Sequence[Conference]) -> Table:
    rows = [(Link(str(c.family), reverse("family", args=[c.family.reference])), *_cells(c)[1:]) for c in those]
    return Table(full_day(day), HEADS, rows)


def _cells(one: Conference) -> tuple[str, ...]:
    moment = one.held_on or one.planned_for
    hour = clock_time(moment) if moment else ""
    return (
        str(one.family),
        "" if hour == MIDNIGHT else hour,
        f"{one.get_kind_display()}, {one.reference}",
        one.chair.name if one.chair else "Nobody on file",
        "Held" if one.held_on else "Cancelled" if one.cancelled_at else "Planned",
    )
