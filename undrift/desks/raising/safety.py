"""Act first: what a chair is asked when a child is at immediate risk. Never a barrier."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from undrift.desks.concern.drawn import come_back_later
from undrift.desks.concern.on_its_way import Raising, open_raising
from undrift.desks.concern.typed_so_far import FORMAL, INFORMAL
from undrift.desks.concern.who_and_when import names
from undrift.desks.frame.components import Link
from undrift.desks.frame.pages import render_pause, render_question
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.raising import steps
from undrift.desks.raising.agreed_informally import in_words
from undrift.desks.raising.formal import after_safety
from undrift.desks.raising.informal import save_kept
from undrift.desks.raising.questions import CarryOn, telephone
from undrift.people.models import Authority

# What an informal record has asked already, when it becomes a formal concern.
ASKED_INFORMALLY = ("children", "source", "concern", "impact", "risk")


def act_first(request: SignedRequest, draft: int) -> HttpResponse:
    raising = open_raising(request, draft)
    return render_pause(
        request,
        # The heading names nobody: a browser keeps the titles of the pages it has shown.
        heading="Act first. Has someone acted to make every child safe?",
        intro=[f"This is about {names(raising)}.", *urgent_numbers(raising.matter.children[0].authority)],
        onward=Link("Yes, someone has acted", reverse("raise-question", args=[raising.answers.id, "made-safe"])),
        aside=Link("No, not yet", reverse("raise-not-yet-safe", args=[raising.answers.id])),
    )


def not_yet_safe(request: SignedRequest, draft: int) -> HttpResponse:
    raising = open_raising(request, draft)
    return render_pause(
        request,
        heading="Ring now. Your draft is saved",
        intro=[
            *urgent_numbers(raising.matter.children[0].authority),
            "Come back when you have rung, or carry on now: nothing here stops you.",
        ],
        onward=Link("Continue anyway", after_safety(raising)),
        aside=Link("Someone has acted now", reverse("raise-question", args=[raising.answers.id, "made-safe"])),
    )


def urgent_numbers(authority: Authority) -> Sequence[str]:
    """Whom to ring, in the order in which to ring."""
    said = [
        format_html('If a child is in danger now, <span class="undrift-together">ring {}</span>.', telephone("999"))
    ]
    if authority.front_door_phone:
        said.append(
            format_html("Children’s services front door, in office hours: {}", telephone(authority.front_door_phone))
        )
    if authority.out_of_hours_phone:
        said.append(format_html("Evenings, nights and weekends: {}", telephone(authority.out_of_hours_phone)))
    return said


def carry_on(request: SignedRequest, draft: int) -> HttpResponse:
    """An informal record that tells of an immediate risk: make it a formal concern, or save it as it is."""
    raising = open_raising(request, draft, INFORMAL)
    form = CarryOn(request.POST if request.method == "POST" else None, raising=raising)
    if request.POST.get("save"):
        return come_back_later(request, raising.answers)
    if request.method == "POST" and form.is_valid():
        return _carried_on(request, raising, form.cleaned_data["carry_on"])
    return render_question(
        request,
        form,
        heading="How do you want to carry on?",
        button="Continue",
        caption="Immediate risk",
        back=reverse("raise-informal", args=[raising.answers.id]),
        save_later=True,
    )


def _carried_on(request: SignedRequest, raising: Raising, way: str) -> HttpResponse:
    if way == "formal":
        return redirect(made_formal(raising))
    return save_kept(request, raising)


def made_formal(raising: Raising) -> str:
    """The same answers, on the way to a formal stage; the address of the first question still open."""
    answers = raising.answers
    agreed, talked = in_words(raising), raising.talk_with
    made_safe = (steps.MADE_SAFE.id,) if answers.answered(steps.MADE_SAFE.id) else ()
    answers.becomes(FORMAL, (*ASKED_INFORMALLY, *made_safe))
    for name, value in (("spoken", "yes"), ("talked", talked), ("tried", agreed)):
        answers.put(name, value)
    missing = steps.unanswered(raising)
    return steps.address(raising, missing) if missing else reverse("raise-check", args=[answers.id])
