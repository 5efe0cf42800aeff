"""Who has looked at one child's record, or tried to, the latest first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from undrift.access.by_number import looks_about
from undrift.access.listed import leave_trace
from undrift.desks.frame.components import Table
from undrift.desks.frame.days import day_and_time
from undrift.desks.frame.leafing import beside, leaf, page_asked
from undrift.desks.frame.listing import FILE, MOST_EXPORTED, Above, counted, in_words, table_as_csv, wants_file
from undrift.desks.frame.narrowing import with_query
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.desks.guarding.shown import around
from undrift.desks.guarding.ways_in import child_for
from undrift.desks.guarding.words import how_in_words, page_in_words, posts_of
from undrift.engine.dates.moments import london_date
from undrift.people import clock

A_PAGE = 25
HEADS = ("When", "Who", "Post today", "Page", "What opened it")


@require_safe
def looks(request: SignedRequest, public_id: str) -> HttpResponse:
    guarded = child_for(request, public_id)
    page, now = page_asked(request), clock.now()
    found, file = looks_about(guarded.child), wants_file(request)
    shown, more = leaf(found, 1 if file else page, MOST_EXPORTED if file else A_PAGE)
    posts = posts_of(shown, london_date(now))
    table = Table(
        "Looks at this record, the latest first",
        HEADS,
        [
            (
                day_and_time(one.at),
                one.name,
                posts.get(one.person, "No post today"),
                page_in_words(one),
                how_in_words(one),
            )
            for one in shown
        ],
    )
    here = reverse("child-looks", args=[public_id])
    if file:
        leave_trace(request.user, [(guarded.child.authority_id, guarded.child.pk)], page=page_of(request), now=now)
        return table_as_csv("looks", table)
    return render(request, "guarding/looks.html", {
        "heading": "Who has looked",
        **around(request, guarded, "child-looks", now),
        "table": table if shown else None,
        "listing": Above(in_words(counted(found), ("look", "looks")), csv=with_query(here, {"as": FILE})),
        **beside(here, page, more),
    })  # fmt: skip
