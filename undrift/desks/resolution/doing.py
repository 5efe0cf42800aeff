"""Fetching a resolution for a person, doing an act, and saying what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from undrift.desks.concern.opened import gone_on
from undrift.desks.concern.typed_so_far import belongs, names_of
from undrift.desks.frame.doers import BOXES, put_at
from undrift.desks.frame.forms import Rows
from undrift.desks.frame.keeping import is_empty, not_taken
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.frame.typed import as_number
from undrift.engine.ladder.acts import Act
from undrift.engine.refusal import Refusal
from undrift.record.outcomes import DecidedMeanwhile, Refused
from undrift.record.typed_texts import ANOTHER_FORM
from undrift.resolutions.actions import perform
from undrift.resolutions.meanwhile import last_decision, sentence
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
    rows: Rows | None = None,
    done: str = "",
    onward: str = "resolution",
) -> HttpResponse | None:
    """Do it and go on; or put the refusal at its field and return None, so that the form is shown again.

    `fields` says which field of the form a refusal's `about` belongs to, and `rows` are the actions that it may be
    about. Where somebody else decided first, it leads to what was typed, which is kept, and says so.
    """
    try:
        perform(act, resolution=picture.resolution, by=request.user, seen=seen(request, picture))
    except Refused as refused:
        if not put_at(rows, refused.refusal):
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
    return gone_on(picture, onward)


CHANGED = "This page asks something else since you opened it, so what you typed was not taken."


def of_another_form(
    request: SignedRequest, picture: Picture, form: forms.BaseForm, rows: Rows | None
) -> HttpResponse | None:
    """Lead to what was typed where the form of this page has no box for it any more; None where it has, or is new."""
    if request.method != "POST" or seen(request, picture) >= picture.state.seq:
        return None
    known = names_of(form, *([str(rows.prefix)] if rows is not None else []))
    if is_empty({name: values for name, values in request.POST.lists() if not belongs(name, known)}):
        return None
    action = request.resolver_match.kwargs.get("action", "") if request.resolver_match is not None else ""
    event = last_decision(list(picture.history)[seen(request, picture) :], action)
    told = f"{sentence(event, picture.now)} " if event is not None else ""
    labels = {field.html_name: str(field.label) for field in form}
    return not_taken(request, f"{told}{CHANGED}", labels, why=ANOTHER_FORM)


def put(form: forms.Form, refusal: Refusal, fields: Mapping[str, str]) -> None:
    """The engine's refusal at the field it is about, in the same words."""
    name = BOXES.get(refusal.code, "what") if refusal.about == "actions" else refusal.about
    name = fields.get(refusal.about, name)
    if refusal.child and f"child-{refusal.child}" in form.fields:
        name = f"child-{refusal.child}"
    form.add_error(name if name in form.fields else None, refusal.sentence)
