"""Fetching a resolution for a person, doing an act, and saying what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from undrift.access.rows import visible_to
from undrift.desks.frame.keeping import not_taken
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.frame.typed import as_number
from undrift.engine.ladder.acts import Act
from undrift.engine.refusal import Refusal
from undrift.people.models import Person
from undrift.resolutions.actions import DecidedMeanwhile, Refused, perform
from undrift.resolutions.models import Resolution
from undrift.resolutions.picture import Picture


def seen(request: SignedRequest, picture: Picture) -> int:
    """The last event that the page was based on."""
    given = as_number(request.POST.get("seen", ""))
    return given if given is not None else picture.state.seq


def attempt(
    request: SignedRequest,
    picture: Picture,
    act: Act,
    form: forms.Form,
    *,
    fields: Mapping[str, str] | None = None,
    done: str = "",
    onward: str = "resolution",
) -> HttpResponse | None:
    """Do it and go on; or put the refusal at its field and return None, so that the form is shown again.

    `fields` says which field of the form a refusal's `about` belongs to. Where somebody else decided first, it leads to
    what was typed, which is kept, and says so.
    """
    try:
        perform(act, resolution=picture.resolution, by=request.user, seen=seen(request, picture))
    except Refused as refused:
        put(form, refused.refusal, fields or {})
        return None
    except DecidedMeanwhile as meanwhile:
        labels = {field.html_name: str(field.label) for field in form}
        if (kept := not_taken(request, meanwhile.sentence, labels)) is not None:
            return kept
        context = {"heading": "Somebody decided first", "meanwhile": meanwhile, "picture": picture}
        return render(request, "resolution/meanwhile.html", context, status=409)
    if done:
        messages.success(request, done)
    return redirect(onward, picture.resolution.reference)


def still_open_to(person: Person, picture: Picture) -> bool:
    """Whether they may still see it, after what they did: who handed the last of their parts on may not."""
    return visible_to(Resolution, person, picture.now).filter(pk=picture.resolution.pk).exists()


def put(form: forms.Form, refusal: Refusal, fields: Mapping[str, str]) -> None:
    """The engine's refusal at the field it is about, in the same words."""
    name = fields.get(refusal.about, refusal.about)
    if refusal.child and f"child-{refusal.child}" in form.fields:
        name = f"child-{refusal.child}"
    form.add_error(name if name in form.fields else None, refusal.sentence)
