"""Informal or formal? The first page of every concern."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from undrift.desks.concern.asked_oneself import before_raising
from undrift.desks.concern.matter import Matter, matter_of, matter_of_child
from undrift.desks.concern.suggestion import starts
from undrift.desks.concern.typed_so_far import FORMAL, INFORMAL, Unfinished, begin, drafts_of
from undrift.desks.frame.fields import one_of
from undrift.desks.frame.forms import Option
from undrift.desks.frame.navigation import address
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.raising.offered import Offered, content_of, offered_in
from undrift.protocol.model import Protocol, Stage


class InformalOrFormal(forms.Form):
    def __init__(self, *args: Any, protocol: Protocol, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = one_of(
            heading_of(protocol),
            list(_offered(protocol)),
            needed="Select how you want to raise it",
            help_text="Most concerns are settled informally",
        )


def choose(request: SignedRequest, family: str = "", child: str = "") -> HttpResponse:
    """Asks which, begins the draft and goes to its first page."""
    matter = matter_of_child(request, child) if child else matter_of(request, family)
    offered = offered_in(request, matter, child)
    ready = {"kind": _kind(matter.protocol.stage(offered.offer.stage))} if offered is not None else {}
    sent = request.POST if request.method == "POST" else None
    form = InformalOrFormal(sent, protocol=matter.protocol, initial=ready)
    if request.method == "POST" and form.is_valid():
        return redirect(_begun(matter, form.cleaned_data["kind"], offered))
    return render_question(
        request,
        form,
        heading=heading_of(matter.protocol),
        button="Continue",
        caption="Raise a concern",
        back=address("home"),
        template="raising/choose.html",
        unfinished=unfinished(matter),
        raised_of=offered.words if offered is not None else "",
        ask_yourself=before_raising(matter.protocol),
    )


def heading_of(protocol: Protocol) -> str:
    formal = starts(protocol, informal=False)
    return f"Informal or {formal[0].title.lower()}?" if len(formal) == 1 else "Informal or formal?"


def _offered(protocol: Protocol) -> Iterable[tuple[str, Option]]:
    informal, formal = starts(protocol, informal=True), starts(protocol, informal=False)
    if informal:
        yield INFORMAL, Option("Informal", "You have spoken about it: one page, two minutes")
    if formal:
        yield FORMAL, Option(_formal_title(formal), "Answered in writing, by a date that the policy sets")


def _kind(stage: Stage) -> str:
    return INFORMAL if stage.formality == "informal" else FORMAL


def _formal_title(formal: tuple[Stage, ...]) -> str:
    return formal[0].named if len(formal) == 1 else "Formal"


def _begun(matter: Matter, kind: str, offered: Offered | None) -> str:
    first = matter.children[0]
    content: dict[str, Any] = {"family": matter.family.reference, "typed": {}, "pages": []}
    if offered is not None:
        content |= content_of(offered, matter)
    answers = begin(matter.person, kind, first.authority, content)
    if kind == INFORMAL:
        return reverse("raise-informal", args=[answers.id])
    return reverse("raise-question", args=[answers.id, "children"])


def unfinished(matter: Matter) -> list[Unfinished]:
    """What this person has begun about this family and not sent."""
    return [draft for draft in drafts_of(matter.person) if draft.family == matter.family.reference]
