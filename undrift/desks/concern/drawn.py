"""Drawing a question again: with what was typed, with what was refused, or with every child ticked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

from undrift.desks.concern.fields import impact_name
from undrift.desks.concern.on_its_way import Raising
from undrift.desks.concern.typed_so_far import Answers, Typed, names_of
from undrift.desks.concern.where_refused import Place, place_of
from undrift.desks.frame.forms import as_typed
from undrift.desks.frame.navigation import address
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.refusal import Refusal

# The value of the button that ticks every child on a plan.
SELECT_ALL = "all"


def typed_before(form: forms.Form, typed: Typed) -> dict[str, Any]:
    """The first values of a form shown again: what was typed, where something was. `form` is bound to `typed`."""
    values = as_typed(form)
    return {field.name: values[field.name] for field in form if set(names_of([field])) & typed.keys()}


def place(raising: Raising, refusal: Refusal) -> Place:
    return place_of(refusal, {str(c.pk): impact_name(c) for c in raising.matter.children})


def show_refusal(form: forms.Form, refusal: Refusal, box: str) -> list[str]:
    """Put the engine's sentence at its box; the sentences for the summary where the form has no such box."""
    if box in form.fields:
        form.add_error(box, refusal.sentence)
        return []
    return [refusal.sentence]


def all_on_plan(raising: Raising) -> list[str]:
    return [child.public_id for child in raising.matter.children if raising.matter.on_plan(child)]


def selects_all(raising: Raising) -> str:
    """The words of the button, or nothing where ticking one box is as quick."""
    count = len(all_on_plan(raising))
    return f"Select all {count} children on a plan" if count > 1 else ""


NOTHING_TYPED = "You have typed nothing yet, so no draft was kept."


def come_back_later(request: SignedRequest, answers: Answers) -> HttpResponse:
    if answers.is_empty:
        messages.info(request, NOTHING_TYPED)
    else:
        messages.success(request, "Your draft is saved. Only you can see it.")
    return redirect(address("home") or "/")


def record(reference: str) -> str:
    """The address of the resolution's own page, or of the confirmation where that page is not installed."""
    try:
        return reverse("resolution", args=[reference])
    except NoReverseMatch:
        return reverse("raise-sent", args=[reference])
