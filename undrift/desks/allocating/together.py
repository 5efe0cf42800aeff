"""A child's family and core group are changed: into the family of a brother or sister, somebody in, somebody out."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from undrift.access.bringing import Bringer, Placed
from undrift.desks.allocating.forms import FamilyForm, MemberEndsForm, MemberForm, SecondFamilyEndsForm
from undrift.desks.frame.bringers import NO_SUCH, bringer_of, child_in, done
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.record.families import (
    NotChanged,
    add_member,
    agencies_of,
    also_in,
    end_member,
    join,
    no_longer_in,
    part,
    why_not_moved,
)


def family(request: SignedRequest, public_id: str) -> HttpResponse:
    bringer = bringer_of(request)
    one = child_in(request, bringer, public_id)
    siblings = bringer.siblings(one.child)
    form = FamilyForm(request.POST if request.method == "POST" else None, alone=not bringer.has_siblings(one.child))
    errors = done(request, form, lambda: _moved(bringer, one, form.cleaned_data), {"sibling": "number"})
    if errors is None:
        return redirect("allocation-child", public_id)
    why_not = why_not_moved(one.child)
    return render_question(
        request,
        form,
        heading="Which family?",
        caption=one.called,
        button="Change the family",
        back=reverse("allocation-child", args=[public_id]),
        intro=[
            f"Now together with {', '.join(other.called for other in siblings)}."
            if siblings
            else "Now in a family of one.",
            "A concern is raised about the children of one family, and conferences are held about them together.",
            *([f"{why_not}."] if why_not else []),
        ],
        errors=errors,
    )


def _moved(bringer: Bringer, one: Placed, said: dict[str, str]) -> str:
    if said["where"] == "own":
        part(one.child, by=bringer.person, at=bringer.now, why=said["why"])
        return "The child is in a family of its own now."
    sibling = bringer.numbered(said["number"].strip())
    if sibling is None:
        raise NotChanged(NO_SUCH, "sibling")
    if said["where"] == "also":
        also_in(one.child, sibling, by=bringer.person, at=bringer.now, why=said["why"])
        return "The child is in both families now. Who may see the record is no other by it."
    join(one.child, sibling, by=bringer.person, at=bringer.now, why=said["why"])
    return "The child is in the family of the brother or sister now."


def second_family_ends(request: SignedRequest, public_id: str, number: int) -> HttpResponse:
    bringer = bringer_of(request)
    one = child_in(request, bringer, public_id)
    said = next((said for said in bringer.also_in(one.child) if said.pk == number), None)
    if said is None:
        raise Http404
    form = SecondFamilyEndsForm(request.POST if request.method == "POST" else None)

    def end() -> str:
        no_longer_in(said, by=request.user, at=bringer.now, why=form.cleaned_data["why"])
        return "The child is in its own family alone now. It stays on file."

    errors = done(request, form, end)
    if errors is None:
        return redirect("allocation-child", public_id)
    return render_question(
        request,
        form,
        heading="In one family alone?",
        caption=one.called,
        button="End it",
        back=reverse("allocation-child", args=[public_id]),
        intro=[f"In a second family since {full_day(london_date(said.at))}, said by {said.by.name}."],
        errors=errors,
    )


def member(request: SignedRequest, public_id: str) -> HttpResponse:
    bringer = bringer_of(request)
    one = child_in(request, bringer, public_id)
    people, agencies = bringer.people(), list(agencies_of(bringer.authority))
    form = MemberForm(
        request.POST if request.method == "POST" else None,
        people=[
            (str(person.pk), f"{person.name}, {person.agency.name}" if person.agency else person.name)
            for person in people
        ],
        agencies=[(str(agency.pk), agency.name) for agency in agencies],
        siblings=bringer.has_siblings(one.child),
        today=bringer.today,
        initial={"starts": bringer.today},
    )

    def add() -> str:
        said = form.cleaned_data
        by_account = said["how"] == "account"
        add_member(
            one.child,
            from_day=said["starts"],
            by=request.user,
            at=bringer.now,
            person=next((p for p in people if str(p.pk) == said["person"]), None) if by_account else None,
            name="" if by_account else said["name"],
            agency=None if by_account else next((a for a in agencies if str(a.pk) == said["agency"]), None),
            role=said["role"],
            whole_family=said.get("of", "family") == "family",
        )
        return "They are in the core group."

    errors = done(request, form, add, {"from_day": "starts"})
    if errors is None:
        return redirect("allocation-child", public_id)
    return render_question(
        request,
        form,
        heading="Add somebody to the core group",
        caption=one.called,
        button="Add to the core group",
        back=reverse("allocation-child", args=[public_id]),
        errors=errors,
    )


def member_ends(request: SignedRequest, public_id: str, number: int) -> HttpResponse:
    bringer = bringer_of(request)
    one = child_in(request, bringer, public_id)
    found = next((m for m in bringer.core_group(one.child) if m.pk == number and m.ends is None), None)
    if found is None:
        raise Http404
    form = MemberEndsForm(
        request.POST if request.method == "POST" else None, today=bringer.today, initial={"last_day": bringer.today}
    )

    def end() -> str:
        last_day = form.cleaned_data["last_day"]
        end_member(found, last_day=last_day, by=request.user, at=bringer.now, why=form.cleaned_data["why"])
        return f"Their last day in the core group is {full_day(last_day)}. It stays on file."

    errors = done(request, form, end)
    if errors is None:
        return redirect("allocation-child", public_id)
    of = "this child" if found.child_id else "every child of the family"
    return render_question(
        request,
        form,
        heading="Who leaves the core group?",
        caption=one.called,
        button="End it",
        back=reverse("allocation-child", args=[public_id]),
        intro=[f"{found.person.name if found.person else found.name}, in the core group of {of} "
               f"since {full_day(found.starts)}."],
        errors=errors,
    )  # fmt: skip
