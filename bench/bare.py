"""What the two pages are measured beside: views that select the same rows and put them into a plain template.

No design system, no words worked out, no engine: the rows, as the ORM gives them, in a loop. Signing in, and what the
person may see, are the service's own.
"""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Q
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string

from undrift.access.rows import row_by_row, visible_to
from undrift.access.scope import scope_of
from undrift.children.models import Child
from undrift.desks.frame.signed import SignedRequest
from undrift.people.composed import Among
from undrift.people.models import Person, Post, Unit
from undrift.record.adopted import with_closures
from undrift.record.models import CaseChild, Event
from undrift.resolutions.models import Resolution

A_PAGE = 25


def worklist(request: SignedRequest) -> HttpResponse:
    person = request.user
    first = visible_to(Resolution, person).filter(ended_at=None).order_by("due_at", "id").values("pk")[:A_PAGE]
    rows = list(
        Resolution.objects.filter(Among(F("pk"), ArraySubquery(first)))
        .order_by("due_at", "id")
        .values(
            *("id", "reference", "stage", "tag", "then_tag", "turns_at", "due", "due_at", "then_due", "grounds"),
            *("next_role", "next_name", "next_must", "then_role", "then_name", "then_must"),
            *("authority__name", "family__name", "chair__name"),
            next=F("next_person__name"),
            then=F("then_person__name"),
        )
    )
    about = CaseChild.objects.filter(case__in=[row["id"] for row in rows])
    children: dict[int, list[str]] = {}
    for number, name in about.values_list("case_id", "child__first_name"):
        children.setdefault(number, []).append(name)
    for row in rows:
        row["children"] = children.get(row["id"], [])
    here = Q(authority=person.authority_id)
    chairs = Person.objects.filter(here, holdings__post__slug="cp-coordinator").values("id", "name")
    offered = chairs.union(Unit.objects.filter(here).order_by().values("id", "name"))
    return HttpResponse(render_to_string("bench/worklist.html", {"person": person, "rows": rows, "offered": offered}))


def resolution(request: SignedRequest, reference: str) -> HttpResponse:
    person = request.user
    seen = row_by_row(Resolution, scope_of(person)).filter(reference=reference).annotate(closures=with_closures())
    found = seen.values(
        *("id", "authority_id", "reference", "stage", "tag", "due", "due_at", "entered_at", "raised_at", "grounds"),
        *("family__name", "team__name", "chair__name", "next_must", "risk", "then_must", "closures"),
        *("authority__name", "authority__choices", "authority__nation", "authority__partnership_id"),
    ).first()
    if found is None:
        raise Http404
    events = Event.objects.filter(case=found["id"]).order_by("seq")
    reach = Q(authority=found["authority_id"]) | Q(partnership=found["authority__partnership_id"])
    posts = Post.objects.filter(reach).order_by("pk")
    page = {
        "found": found,
        "events": events.values("seq", "type", "payload", "by_name", "by_role", "happened_at"),
        "children": Child.objects.filter(about__case=found["id"]).values(
            "public_id", "first_name", "last_name", "date_of_birth"
        ),
        "units": Unit.objects.filter(reach).values("id", "parent_id", "name"),
        "posts": posts.values("id", "title", "agency__name", "holdings__person__name"),
        "away": Person.objects.filter(reach, absences__isnull=False).values("name", "absences__covering__name"),
    }
    return HttpResponse(render_to_string("bench/resolution.html", {"person": person, **page}))
