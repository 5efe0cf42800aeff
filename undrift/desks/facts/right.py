"""One fact is put right: what stands there, what should, and what was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from undrift.access.bringing import Bringer, Placed
from undrift.applying.putting_right import OF_CHILD, OF_LOOKED_AFTER, OF_PLAN, Fact, put_right
from undrift.desks.facts.forms import RightForm
from undrift.desks.frame.bringers import bringer_of, child_in, done
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.dates.words import full_day

if TYPE_CHECKING:
    from undrift.children.models import Child, LookedAfter, Plan

CARE = "care-"


def right(request: SignedRequest, public_id: str, fact: str) -> HttpResponse:
    """`fact` is a fact of the child; or of a plan, or a time of being looked after, with its number: "ends-12",
    "ends-care-7". No day stands in an address.
    """
    bringer = bringer_of(request)
    one = child_in(request, bringer, public_id)
    thing, which = _of(bringer, one, fact)
    form = RightForm(
        request.POST if request.method == "POST" else None,
        fact=which,
        today=bringer.today,
        initial={"value": getattr(thing, which.column)},
    )

    def act() -> str:
        put_right(thing, which, form.cleaned_data["value"], by=request.user, at=bringer.now,
                  why=form.cleaned_data["why"])  # fmt: skip
        return f"{which.title} is put right. What stood there before is in the history."

    errors = done(request, form, act)
    if errors is None:
        shut = which.column == "died_on" and form.cleaned_data["value"] is not None
        return redirect("allocation") if shut else redirect("allocation-child", public_id)
    starts: date | None = getattr(thing, "starts", None)
    called = "the plan" if which in OF_PLAN else "being looked after"
    of_plan = f" of {called} that began {full_day(starts)}" if starts else ""
    return render_question(
        request, form, heading=f"Put right: {which.title.lower()}", caption=one.called, button="Put it right",
        back=reverse("allocation-child", args=[public_id]), errors=errors,
        intro=[f"{which.title}{of_plan}: {which.said(getattr(thing, which.column))} now."],
    )  # fmt: skip


def _of(bringer: Bringer, one: Placed, fact: str) -> tuple[Child | Plan | LookedAfter, Fact]:
    """404 for a fact that there is none of, and for one that would tell who the child is to whoever may not know."""
    column, _, number = fact.partition("-")
    thing: Child | Plan | LookedAfter | None = one.child
    facts: tuple[Fact, ...] = OF_CHILD
    if number:
        care = number.startswith(CARE)
        facts = OF_LOOKED_AFTER if care else OF_PLAN
        every: Sequence[Plan | LookedAfter] = bringer.looked_after(one.child) if care else bringer.plans(one.child)
        thing = next((each for each in every if str(each.pk) == number.removeprefix(CARE)), None)
    which = next((each for each in facts if each.column == column), None)
    if thing is None or which is None or (which.names and not one.name):
        raise Http404
    return thing, which
