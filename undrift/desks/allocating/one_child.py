"""One child: whom it has, what is to come, its brothers and sisters, its core group; and the ways to change them."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from undrift.access.bringing import Bringer, Placed
from undrift.desks.allocating.bringers import bringer_of, child_in
from undrift.desks.allocating.giving import give_link
from undrift.desks.allocating.shown import since, to_whom, who
from undrift.desks.frame.components import Fact, Link, Table
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.dates.words import full_day
from undrift.record.allocating import take_back


@require_safe
def child(request: SignedRequest, public_id: str) -> HttpResponse:
    bringer = bringer_of(request)
    one = child_in(request, bringer, public_id)
    chair, worker, team = who(one)
    facts = [
        Fact("Number", one.child.external_id or "None"),
        Fact("On the plan since" if one.plan else "Plan", since(one)),
        Fact("Chair", chair),
        Fact("Social worker", worker),
        Fact("Team", team),
    ]
    siblings = [(Link(other.called, reverse("allocation-child", args=[other.child.public_id])), *who(other))
                for other in bringer.siblings(one.child)]  # fmt: skip
    heads = ("Child", "Chair", "Social worker", "Team")
    together = [public_id, *(other.child.public_id for other in bringer.siblings(one.child))]
    return render(request, "allocating/child.html", {
        "heading": "Who has this child",
        "caption": one.called,
        "back": reverse("allocation"),
        "facts": facts,
        "may_give": one.plan is not None or one.initial is not None,
        "give": give_link("Say who has this child", [public_id]),
        "give_all": give_link("Say who has all children of this family", together) if siblings else None,
        "record": reverse("child", args=[public_id]) if one.name else "",
        "ahead": [
            (planned.get_part_display(), to_whom(planned), full_day(planned.from_day, short=True),
             planned.by.name if planned.by else "", reverse("allocation-end", args=[public_id, planned.pk]))
            for planned in one.ahead
        ],
        "siblings": Table("Brothers and sisters", heads, siblings) if siblings else None,
        "family": reverse("allocation-family", args=[public_id]),
        "core_group": _core_group(bringer, one),
        "add_member": reverse("core-group-member", args=[public_id]),
    })  # fmt: skip


def _core_group(bringer: Bringer, one: Placed) -> Table | None:
    rows = [
        (
            member.person.name if member.person else member.name,
            member.agency.name if member.agency else "Not on file",
            member.role or "Not said",
            "This child" if member.child_id else "The family",
            _days(member.starts, member.ends),
            Link("End", reverse("core-group-end", args=[one.child.public_id, member.pk])) if not member.ends else "",
        )
        for member in bringer.core_group(one.child)
    ]
    heads = ("Who", "Agency", "As", "Of", "When", "End it")
    return Table("Core group", heads, rows) if rows else None


def _days(starts: date, ends: date | None) -> str:
    until = f" to {full_day(ends, short=True)}" if ends else ""
    return f"From {full_day(starts, short=True)}{until}"


@require_POST
def taken_back(request: SignedRequest, public_id: str, number: int) -> HttpResponse:
    """What was to come is not: it stays on file."""
    bringer = bringer_of(request)
    one = child_in(request, bringer, public_id)
    planned = next((planned for planned in one.ahead if planned.pk == number), None)
    if planned is not None and take_back(planned, by=request.user, at=bringer.now):
        messages.success(request, f"Taken back: {planned.get_part_display().lower()} {to_whom(planned)} from "
                                  f"{full_day(planned.from_day)}.")  # fmt: skip
    else:
        messages.info(request, "It was taken back before, or its day has come. See below how it stands.")
    return redirect("allocation-child", public_id)
