"""Children without a chair, a worker or a team, and all of them: ticked here, given to somebody on the next page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from undrift.access.bringing import Bringer, Lacking
from undrift.access.listed import leave_trace
from undrift.access.matrix import Action
from undrift.desks.allocating.narrowed import LACKS, AllocationForm
from undrift.desks.allocating.shown import ahead_in_words, since, who
from undrift.desks.frame.addresses import is_known
from undrift.desks.frame.bringers import bringer_of
from undrift.desks.frame.components import Link, Place
from undrift.desks.frame.leafing import beside, leaf, page_asked
from undrift.desks.frame.listing import MOST_EXPORTED, as_csv, counted, listing, sort_asked
from undrift.desks.frame.narrowing import with_query
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.engine.dates.words import full_day
from undrift.people import clock
from undrift.record.allocations import AllocationPart
from undrift.record.sight import as_bringer

if TYPE_CHECKING:
    from undrift.children.models import Child

A_PAGE = 100
FIRST = "first"
SORTS = {FIRST: "Number", "longest": "Longest on the plan first", "newest": "Newest plan first"}
ORDERS = {
    "longest": (F("on_it_since").asc(nulls_last=True),),
    "newest": (F("on_it_since").desc(nulls_first=True),),
}
THINGS = ("child", "children")
COLUMNS = ("Number", "Child", "On the plan since", "Chair", "Social worker", "Team", "To come")


@require_safe
def allocation(request: SignedRequest) -> HttpResponse:
    bringer, here = bringer_of(request), reverse("allocation")
    form = AllocationForm(request.GET, bringer)
    sorts = _sorts(bringer)
    page, sort = page_asked(request), sort_asked(request, sorts)
    lacking = bringer.lacking()
    with as_bringer():
        found = _ordered(bringer, form, sort)
        number = counted(found)
        rows, more = leaf(found, page, A_PAGE)
    asked = form.query()
    kept = asked | ({"sort": sort} if sort != FIRST else {})
    return render(request, "allocating/allocation.html", {
        "heading": "Allocation",
        "places": _places(form, lacking),
        "shown": [(one, who(one), since(one), ahead_in_words(one)) for one in bringer.placed(rows)],
        "ticked": "tick" in request.GET,
        "tick_all": with_query(here, kept | {"tick": "all"} | ({"page": str(page)} if page > 1 else {})),
        "closed": _closed(form, lacking),
        "guards": reverse("restricted") if is_known(request.user, "restricted") else "",
        "not_done": [
            (Link(f"Child {one.child.external_id}", reverse("allocation-child", args=[one.child.public_id])),
             one.get_part_display(), (one.person or one.unit), full_day(one.from_day, short=True))
            for one in bringer.not_done()
        ],
        "filters": form,
        "chosen": form.chips(here),
        "clear": here,
        "listing": listing(number, THINGS, here, asked, sorts, sort, reverse("allocation-csv")),
        **beside(here, page, more, kept),
    })  # fmt: skip


@require_safe
def allocation_csv(request: SignedRequest) -> HttpResponse:
    """What the list shows, all its pages up to the most that are exported. It leaves a trace of every child in it."""
    bringer = bringer_of(request)
    form = AllocationForm(request.GET, bringer)
    with as_bringer():
        rows = list(_ordered(bringer, form, sort_asked(request, _sorts(bringer)))[:MOST_EXPORTED])
    leave_trace(request.user, [(one.authority_id, one.pk) for one in rows], page=page_of(request), now=clock.now())
    cells = [
        (
            one.child.external_id,
            one.name,
            one.plan.starts.isoformat() if one.plan else "",
            *who(one),
            ahead_in_words(one),
        )
        for one in bringer.placed(rows)
    ]
    if bringer.scope.has(Action.CHILD):
        return as_csv("allocation", COLUMNS, cells)
    return as_csv("allocation", (COLUMNS[0], *COLUMNS[2:]), [(row[0], *row[2:]) for row in cells])


def _sorts(bringer: Bringer) -> dict[str, str]:
    return SORTS | ({FIRST: "Name"} if bringer.scope.has(Action.CHILD) else {})


def _ordered(bringer: Bringer, form: AllocationForm, sort: str) -> QuerySet[Child]:
    named = ("last_name", "first_name") if bringer.scope.has(Action.CHILD) else ()
    order = (*ORDERS.get(sort, ()), *named, "external_id", "pk")
    return bringer.narrowed(form.which()).select_related("family").order_by(*order)


def _places(form: AllocationForm, lacking: Mapping[AllocationPart, Lacking]) -> Sequence[Place]:
    here, asked = reverse("allocation"), form.query()
    lists = [
        Place(
            f"{words} ({lacking[part].open})", with_query(here, {"lacks": part.value}), asked == {"lacks": part.value}
        )
        for part, words in LACKS.items()
    ]
    return [Place("All", here, current=not asked), *lists]


def _closed(form: AllocationForm, lacking: Mapping[AllocationPart, Lacking]) -> str:
    """How many there are besides whom the reader may not have named to them."""
    part = form.which().lacks
    number = lacking[part].closed if part is not None else 0
    if not number:
        return ""
    are = "1 child is" if number == 1 else f"{number:,} children are"
    return (
        f"{are} restricted or closed to you, and not in this list. Those who guard their records name somebody first."
    )
