"""Who has looked at one child's record, or tried to, the latest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from undrift.access.models import Look
from undrift.desks.frame.components import Table
from undrift.desks.frame.days import day_and_time
from undrift.desks.frame.narrowing import with_query
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.guarding.shown import around
from undrift.desks.guarding.ways_in import child_for
from undrift.desks.guarding.words import how_in_words, page_in_words, posts_of
from undrift.engine.dates.moments import london_date
from undrift.record.sight import as_service
from undrift.resolutions.models import Resolution

if TYPE_CHECKING:
    from undrift.children.models import Child

A_PAGE = 25
HEADS = ("When", "Who", "Post today", "Page", "What opened it")


@require_safe
def looks(request: SignedRequest, public_id: str) -> HttpResponse:
    guarded = child_for(request, public_id)
    page, here = _page(request), reverse("child-looks", args=[public_id])
    rows = list(_about(guarded.child)[(page - 1) * A_PAGE : page * A_PAGE + 1])
    shown, now = rows[:A_PAGE], timezone.now()
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
    return render(request, "guarding/looks.html", {
        "heading": "Who has looked",
        **around(request, guarded, "child-looks", now),
        "table": table if shown else None,
        "previous": with_query(here, {"page": str(page - 1)} if page > 2 else {}) if page > 1 else "",
        "next": with_query(here, {"page": str(page + 1)}) if len(rows) > A_PAGE else "",
    })  # fmt: skip


def _page(request: SignedRequest) -> int:
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1


def _about(child: Child) -> QuerySet[Look]:
    """Looks at the child, at the family, at a resolution about the child; and what was tried of these in vain."""
    with as_service():
        references = Resolution.objects.filter(about__child=child).values_list("reference", flat=True)
        asked = [child.public_id, child.family.reference, *references]
    return Look.objects.filter(Q(children__contains=[child.pk]) | Q(refused=True, tried__in=asked))
