"""One child: whom it has, what is to come, its brothers and sisters, its core group; and the ways to change them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from undrift.access.bringing import Bringer, Placed, number_of
from undrift.applying.putting_right import OF_CHILD, OF_LOOKED_AFTER, OF_PLAN
from undrift.applying.putting_right import Fact as Known
from undrift.desks.allocating.giving import give_link
from undrift.desks.allocating.shown import since, to_whom, who
from undrift.desks.frame.bringers import bringer_of, child_in
from undrift.desks.frame.components import Fact, Link, Table
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.record.allocating import take_back

if TYPE_CHECKING:
    from undrift.children.models import LookedAfter, Plan, SameChild


@require_safe
def child(request: SignedRequest, public_id: str) -> HttpResponse:
    bringer = bringer_of(request)
    one = child_in(request, bringer, public_id)
    chair, worker, team = who(one)
    facts = [
        *_of_child(one),
        Fact("On the plan since" if one.plan else "Plan", since(one)),
        Fact("Chair", chair),
        Fact("Social worker", worker),
        Fact("Team", team),
    ]
    records = bringer.said_of_records(one.child)
    plans, looked_after = bringer.plans(one.child), bringer.looked_after(one.child)
    siblings = [(Link(other.called, reverse("allocation-child", args=[other.child.public_id])), *who(other))
                for other in bringer.siblings(one.child)]  # fmt: skip
    heads = ("Child", "Chair", "Social worker", "Team")
    together = [public_id, *(other.child.public_id for other in bringer.siblings(one.child))]
    goes_on = next((said.kept for said in records if _goes_on(said, one)), None)
    return render(request, "allocating/child.html", {
        "heading": "Who has this child",
        "caption": one.called,
        "back": reverse("allocation"),
        "facts": facts,
        "happened": _happened(one, looked_after),
        "records": _records(records, one),
        "second": [
            (f"In a second family since {full_day(london_date(said.at), short=True)}, said by {said.by.name}",
             reverse("second-family-end", args=[public_id, said.pk]))
            for said in bringer.also_in(one.child)
        ],
        "plans": [*(_of_plan(one, plan) for plan in plans), *(_of_care(one, time) for time in looked_after)],
        "goes_on": Link(number_of(goes_on), reverse("allocation-child", args=[goes_on.public_id])) if goes_on else None,
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


def _of_child(one: Placed) -> list[Fact]:
    """What is on file of the child itself. Who it is, for those who may know; of what is so of few, what is so."""
    known = [(fact, getattr(one.child, fact.column)) for fact in OF_CHILD if one.name or not fact.names]
    return [_fact(one, fact, value) for fact, value in known if value or fact.column not in OF_FEW]


OF_FEW = ("expected_birth", "died_on", "moved_on")


def _fact(one: Placed, fact: Known, value: object, of: str = "", key: str = "") -> Fact:
    """With the way to put it right."""
    said = fact.said(value)
    href = reverse("child-right", args=[one.child.public_id, f"{fact.column}{key}"])
    return Fact(fact.title, f"{said[:1].upper()}{said[1:]}", href, "Put right", f": {fact.title.lower()}{of}")


def _of_plan(one: Placed, plan: Plan) -> tuple[str, list[Fact]]:
    """A plan's own facts, under its first day."""
    of, key = f" of the plan of {full_day(plan.starts, short=True)}", f"-{plan.pk}"
    facts = [_fact(one, fact, getattr(plan, fact.column), of, key) for fact in OF_PLAN]
    return f"The plan that began on {full_day(plan.starts, short=True)}", facts


def _of_care(one: Placed, time: LookedAfter) -> tuple[str, list[Fact]]:
    since, key = f"looked after since {full_day(time.starts, short=True)}", f"-care-{time.pk}"
    facts = [_fact(one, fact, getattr(time, fact.column), f", {since}", key) for fact in OF_LOOKED_AFTER]
    return f"{since[:1].upper()}{since[1:]}", [
        *facts,
        Fact("Independent reviewing officer", time.reviewed_by or "Not on file"),
    ]


def _records(records: Sequence[SameChild], one: Placed) -> Table | None:
    """What stands about other records of the child, and by whom."""
    rows = [
        (
            number_of(said.other if said.kept_id == one.child.pk else said.kept),
            _as_said(said, one),
            f"{said.by.name}, {full_day(london_date(said.at), short=True)}: {said.why}",
            Link("Take it back", reverse("child-same-end", args=[one.child.public_id, said.pk])),
        )
        for said in records
    ]
    return Table("Other records", ("Record", "What was said", "By", "Take it back?"), rows) if rows else None


def _as_said(said: SameChild, one: Placed) -> str:
    if not said.same:
        return "Another child"
    return "The same child; that one goes on" if _goes_on(said, one) else "The same child; this record goes on"


def _goes_on(said: SameChild, one: Placed) -> bool:
    """Whether by this another record goes on in place of this one."""
    return said.same and said.other_id == one.child.pk


def _happened(one: Placed, looked_after: Sequence[LookedAfter]) -> list[Link]:
    """What may be said of the child as it stands. Of one who has died nothing but what was mistyped."""
    child = one.child
    if child.died_on is not None:
        return []
    in_care = any(time.ends is None for time in looked_after)
    asked = [
        ("The child is born", "child-born", child.date_of_birth is None),
        ("A plan begins", "plan-begins", one.plan is None),
        ("The plan ends", "plan-ends", one.plan is not None),
        ("Another category", "plan-category", one.plan is not None),
        ("The child is looked after", "child-looked-after", not in_care),
        ("The child is looked after no longer", "child-looked-after-ends", in_care),
        ("The child moves to another council", "child-moves", child.moved_on is None),
        ("The child has another record, or looks as if", "child-same", True),
        ("The child has died", "child-died", True),
    ]
    return [Link(words, reverse(name, args=[child.public_id])) for words, name, so in asked if so]


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
