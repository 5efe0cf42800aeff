"""Moving a concern to another stage: what is different now, who it goes to, and the answers to check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from undrift.desks.concern.drawn import come_back_later, place, typed_before
from undrift.desks.concern.opened import gone_on, may
from undrift.desks.concern.suggestion import grave_words
from undrift.desks.concern.typed_so_far import MOVE
from undrift.desks.concern.who_and_when import Unallocated, due_day, parts, unallocated, who_hears
from undrift.desks.frame.components import Link
from undrift.desks.frame.keeping import shown_again, untaken
from undrift.desks.frame.pages import render_pause, render_question
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.frame.typed import as_number
from undrift.desks.next_stage.moving import Moving, NextStage, open_moving
from undrift.desks.next_stage.to_check import next_stage_to_check
from undrift.engine.ladder import acts
from undrift.record.drafts import was_sent
from undrift.record.outcomes import DecidedMeanwhile, Refused
from undrift.resolutions.actions import perform

PAGE = "next-stage"


def ask(request: SignedRequest, reference: str) -> HttpResponse:
    moving = open_moving(request, reference)
    may(moving.picture, "move_on")
    if request.method != "POST":
        return _asked(request, moving, _as_left(moving))
    form = NextStage(request.POST, raising=moving)
    moving.keep(PAGE, request.POST, form)
    if request.POST.get("save"):
        return come_back_later(request, moving.answers)
    # Asked again: another stage may have been chosen, and it may ask for more.
    form = NextStage(request.POST, raising=moving)
    if form.is_valid() and not _refused(moving, form):
        return redirect("next-stage-pause" if moving.grave else "next-stage-check", reference)
    return _asked(request, moving, form)


def _as_left(moving: Moving) -> NextStage:
    bound = NextStage(moving.answers.typed, raising=moving)
    return NextStage(initial=typed_before(bound, moving.answers.typed), raising=moving)


def _refused(moving: Moving, form: NextStage) -> bool:
    refusal = moving.verdict(moving.act(form.cleaned_data))
    if refusal is not None:
        box = place(moving, refusal).box
        form.add_error(box if box in form.fields else None, refusal.sentence)
    return refusal is not None


def _asked(request: SignedRequest, moving: Moving, form: NextStage) -> HttpResponse:
    return render_question(
        request,
        form,
        heading=f"Move to {moving.stage.title.lower()}",
        button="Continue",
        caption=moving.picture.title,
        back=reverse("resolution", args=[moving.reference]),
        save_later=True,
        template="raising/next_stage.html",
        moving=moving,
        **_people(moving),
    )


def _people(moving: Moving, chosen: date | None = None) -> dict[str, Any]:
    return {
        "parts": parts(moving.case, moving.stage, who_hears(moving, moving.stage)),
        "due": due_day(moving.case, moving.stage, chosen),
        "unallocated": _unallocated(moving),
    }


def _unallocated(moving: Moving) -> Unallocated | None:
    about = moving.picture.resolution
    return unallocated(
        moving.picture.viewer, about.family, chair=about.chair_id is not None, team=about.team_id is not None
    )


def pause(request: SignedRequest, reference: str) -> HttpResponse:
    """Before one of the highest levels."""
    moving = open_moving(request, reference)
    may(moving.picture, "move_on")
    asked = moving.stage.answer
    to = moving.protocol.title_of(asked.who) if asked else moving.stage.title
    return render_pause(
        request,
        heading=f"This goes to the {to}",
        intro=grave_words(moving.receiver, moving.stage),
        onward=Link("Check your answers", reverse("next-stage-check", args=[reference])),
        aside=Link("Go back", reverse("next-stage", args=[reference])),
    )


def check(request: SignedRequest, reference: str) -> HttpResponse:
    if sent_already(request):
        return redirect("raise-sent", reference)
    moving = open_moving(request, reference)
    if not moving.answers.answered(PAGE):
        return redirect("next-stage", reference)
    if not moving.ways:
        may(moving.picture, "move_on")
    form = NextStage(moving.answers.typed, raising=moving)
    form.is_valid()
    if request.method != "POST":
        if (sentence := moving.decided_meanwhile(moving.act(form.cleaned_data))) is not None:
            return _decided(request, moving, form.cleaned_data, sentence)
        may(moving.picture, "move_on")
        return _checked(request, moving, form.cleaned_data)
    return _sent(request, moving, form)


def sent_already(request: SignedRequest) -> bool:
    """Whether this very draft has been sent: a second press of the button finds the first result."""
    number = as_number(request.POST.get("draft", ""))
    return number is not None and was_sent(request.user, number, MOVE)


def _sent(request: SignedRequest, moving: Moving, form: NextStage) -> HttpResponse:
    try:
        send(moving, moving.act(form.cleaned_data))
    except Refused as refused:
        href = reverse("next-stage", args=[moving.reference])
        return _checked(request, moving, form.cleaned_data, [(refused.refusal.sentence, href)])
    except DecidedMeanwhile:
        return untaken(shown_again(request))
    return gone_on(moving.picture, "raise-sent")


def send(moving: Moving, act: acts.MoveOn) -> None:
    """Perform it and mark the draft as sent, or neither. Refuses as `perform` does."""
    with transaction.atomic():
        perform(act, resolution=moving.picture.resolution, by=moving.matter.person, seen=moving.answers.seen)
        moving.answers.sent(moving.reference)


def _checked(
    request: SignedRequest, moving: Moving, cleaned: Mapping[str, Any], errors: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    change = reverse("next-stage", args=[moving.reference])
    rows, impacts = next_stage_to_check(moving, cleaned, change)
    return render_question(
        request,
        None,
        heading="Check your answers",
        button=f"Send to {moving.receiver}" if moving.stage.answer else f"Move to {moving.stage.title.lower()}",
        caption=moving.picture.title,
        back=change,
        template="raising/check.html",
        to_check=rows,
        impacts=impacts,
        errors=errors,
        risk=moving.risk,
        draft=moving.answers.id,
        stage=moving.stage,
        **_people(moving, cleaned.get("date")),
    )


def _decided(request: SignedRequest, moving: Moving, cleaned: Mapping[str, Any], sentence: str) -> HttpResponse:
    """Somebody decided first: who and when, the way to read it, and what was written here, kept."""
    rows, impacts = next_stage_to_check(moving, cleaned, "")
    context = {
        "heading": "Somebody decided first",
        "caption": moving.picture.title,
        "sentence": sentence.partition(". ")[0] + ".",
        "link": Link(sentence.partition(". ")[2].rstrip("."), reverse("resolution", args=[moving.reference])),
        "answers": rows,
        "impacts": impacts,
    }
    return render(request, "raising/meanwhile.html", context, status=409)
