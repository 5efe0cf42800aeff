"""What was published: a list by period, and one report, on paper, and as a file. No record is opened by it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from undrift.access.good_practice import reports_seen
from undrift.desks.frame.addresses import is_known
from undrift.desks.frame.components import Link, Table
from undrift.desks.frame.listing import FILE, Above, as_csv, in_words, wants_file
from undrift.desks.frame.narrowing import with_query
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.dates.words import full_day
from undrift.people import clock
from undrift.plan_cycle.good_practice import ALL_TEAMS, NOT_SHOWN, day_of
from undrift.plan_cycle.periods import titled

if TYPE_CHECKING:
    from undrift.record.models import GoodPracticeReport

HEADS = ("Period", "Team", "Sentences", "Published", "Version")


@require_safe
def reports(request: SignedRequest) -> HttpResponse:
    found = list(reports_seen(request.user, clock.now()).select_related("replaced_by"))
    rows = [
        (
            Link(_period(one), reverse("good-practice-report", args=[one.pk])),
            _team(one),
            str(len(one.sentences)),
            f"{full_day(day_of(one), short=True)}, {one.by_name}",
            "Replaced" if _replaced_by(one) is not None else "The one that stands",
        )
        for one in found
    ]
    return render(request, "good_practice/reports.html", {
        "heading": "Good practice reports",
        "listing": Above(in_words(len(found), ("report", "reports"))) if found else None,
        "table": Table("What was published", HEADS, rows) if found else None,
        "make": reverse("good-practice-choose") if is_known(request.user, "good-practice-choose") else "",
    })  # fmt: skip


@require_safe
def report(request: SignedRequest, number: int) -> HttpResponse:
    seen = reports_seen(request.user, clock.now())
    found = seen.filter(pk=number).select_related("replaces", "replaced_by").first()
    if found is None:
        raise Http404
    if wants_file(request):
        return as_csv(
            f"good-practice-{found.first:%Y-%m}-{found.last:%Y-%m}", ("What", "Team", "Kind", "Said"), _file(found)
        )
    here, after = reverse("good-practice-report", args=[number]), _replaced_by(found)
    return render(request, "good_practice/report.html", {
        "heading": f"Good practice, {_period(found)}",
        "caption": _team(found),
        "report": found,
        "published": f"{full_day(day_of(found))} by {found.by_name}",
        "parts": [(tier, [one["text"] for one in those]) for tier, those in _by_tier(found)],
        "table": _numbers(found),
        "before": _version(found.replaces) if found.replaces is not None else None,
        "after": _version(after) if after is not None else None,
        "csv": with_query(here, {"as": FILE}),
        "back": reverse("good-practice"),
    })  # fmt: skip


def _by_tier(found: GoodPracticeReport) -> Iterator[tuple[str, Iterator[dict[str, str]]]]:
    return groupby(found.sentences, lambda one: one["tier"])


def _replaced_by(one: GoodPracticeReport) -> GoodPracticeReport | None:
    return getattr(one, "replaced_by", None)


def _version(one: GoodPracticeReport) -> Link:
    return Link(f"the version of {full_day(day_of(one), short=True)}", reverse("good-practice-report", args=[one.pk]))


def _period(one: GoodPracticeReport) -> str:
    return titled(one.first, one.last)


def _team(one: GoodPracticeReport) -> str:
    return one.team_name or ALL_TEAMS


def _numbers(found: GoodPracticeReport) -> Table | None:
    """How many notes were written, of each tier; none where there were none."""
    said = found.numbers
    rows = [(team, *map(_number, numbers)) for team, numbers in said["teams"]]
    if not rows:
        return None
    if len(rows) > 1:
        rows.append((ALL_TEAMS, *map(_number, said["all"])))
    return Table("How many notes were written", ("Team", *said["tiers"]), rows)


def _number(number: int | None) -> str:
    return NOT_SHOWN if number is None else str(number)


def _file(found: GoodPracticeReport) -> Iterator[tuple[str, ...]]:
    for one in found.sentences:
        yield "Sentence", _team(found), one["tier"], one["text"]
    table = _numbers(found)
    for team, *numbers in table.rows if table is not None else ():
        for tier, number in zip(found.numbers["tiers"], numbers, strict=True):
            yield "Notes written", str(team), tier, str(number)
