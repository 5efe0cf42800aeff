"""Two records of one child: the pairs that look alike, saying that they are one child or two, and taking it back."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from undrift.access.bringing import Bringer, Placed, number_of
from undrift.access.listed import leave_trace
from undrift.applying.one_child import likely, pairs, say_same, say_two, take_back
from undrift.desks.facts.forms import ADOPTED, SameEndsForm, SameForm
from undrift.desks.frame.bringers import NO_SUCH, bringer_of, child_in, done
from undrift.desks.frame.components import Link, Table
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.record.families import NotChanged
from undrift.record.sight import as_bringer

SHOWN = 50


@require_safe
def alike(request: SignedRequest) -> HttpResponse:
    """Which records look like two of one child: nothing is done about them by itself."""
    bringer = bringer_of(request)
    with as_bringer():
        found = pairs(bringer.within_reach())
    shown = found[:SHOWN]
    flat = bringer.placed([child for pair in shown for child in pair])
    leave_trace(request.user, [(one.child.authority_id, one.child.pk) for one in flat], page=page_of(request),
                now=bringer.now)  # fmt: skip
    rows = [
        (_record(one), _record(other), Link("Look at them", reverse("child-same", args=[one.child.public_id])))
        for one, other in zip(flat[::2], flat[1::2], strict=True)
    ]
    heads = ("One record", "The other", "One child?")
    return render(request, "facts/alike.html", {
        "heading": "Records that look alike",
        "back": reverse("allocation"),
        "table": Table("Born on one day, and of one name", heads, rows) if rows else None,
        "more": len(found) - len(shown),
    })  # fmt: skip


def _record(one: Placed) -> str:
    since = f"on the plan since {full_day(one.plan.starts, short=True)}" if one.plan else "on no plan"
    return f"{one.number}, {since}"


def same(request: SignedRequest, public_id: str) -> HttpResponse:
    bringer = bringer_of(request)
    one = child_in(request, bringer, public_id)
    with as_bringer():
        like = likely(bringer.within_reach(), one.child)
    offered = bringer.placed(like)
    form = SameForm(
        request.POST if request.method == "POST" else None,
        offered=[(other.child.public_id, _record(other)) for other in offered],
    )
    errors = done(request, form, lambda: _said(bringer, one, form.cleaned_data))
    if errors is None:
        return redirect("allocation-child", public_id)
    return render_question(
        request, form, heading="Another record of this child?", caption=one.called, button="Say so",
        back=reverse("allocation-child", args=[public_id]), errors=errors,
        intro=[
            f"This record: {_record(one)}.",
            "Both records stay as they are. What is said from then on is said of the one that goes on; whoever sees one"
            " of them sees the other, and whoever is kept out of one is kept out of both. It can be taken back.",
        ],
    )  # fmt: skip


def _said(bringer: Bringer, one: Placed, said: dict[str, str]) -> str:
    if said["answer"] == ADOPTED:
        return "Nothing was kept, and the two records are not linked."
    other = _other(bringer, said)
    if said["answer"] == "two":
        say_two(one.child, other.child, by=bringer.person, at=bringer.now, why=said["why"])
        return "They are two children, and are offered no more."
    kept, left = (one, other) if said["goes_on"] == "this" else (other, one)
    say_same(kept.child, left.child, by=bringer.person, at=bringer.now, why=said["why"])
    return f"They are one child. {kept.number} goes on."


def _other(bringer: Bringer, said: dict[str, str]) -> Placed:
    if said.get("which") and said["which"] != "number":
        found = bringer.chosen([said["which"]])
    else:
        child = bringer.numbered(said["number"].strip())
        found = bringer.placed([child]) if child is not None else []
    if not found:
        raise NotChanged(NO_SUCH, "number")
    return found[0]


def same_ends(request: SignedRequest, public_id: str, number: int) -> HttpResponse:
    """It was a mistake: the two records part again."""
    bringer = bringer_of(request)
    one = child_in(request, bringer, public_id)
    said = next((said for said in bringer.said_of_records(one.child) if said.pk == number), None)
    if said is None:
        raise Http404
    form = SameEndsForm(request.POST if request.method == "POST" else None)

    def end() -> str:
        take_back(said, by=request.user, at=bringer.now, why=form.cleaned_data["why"])
        return "Taken back. Who is kept out of either record stays so; see how they stand."

    errors = done(request, form, end)
    if errors is None:
        return redirect("allocation-child", public_id)
    what = "one child" if said.same else "two children"
    return render_question(
        request, form, heading="Take it back?", caption=one.called, button="Take it back",
        back=reverse("allocation-child", args=[public_id]), errors=errors,
        intro=[
            f"{said.by.name} said on {full_day(london_date(said.at))} that this record and that of"
            f" {number_of(said.other if said.kept_id == one.child.pk else said.kept)} are of {what}: {said.why}"
        ],
    )  # fmt: skip
