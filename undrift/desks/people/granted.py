"""What one keeper has asked and a second confirms: the page on which it waits, and what is said of it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from undrift.access import granting
from undrift.access.granting import Given, NotGiven
from undrift.desks.frame.listing import FILE, Above, as_csv, in_words, wants_file
from undrift.desks.frame.narrowing import with_query
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.people.keepers import kept_by
from undrift.desks.people.shown import places
from undrift.engine.dates.words import full_day
from undrift.people import clock
from undrift.people.leaving import CannotLeave, name_of
from undrift.people.models import Grant
from undrift.record.handing_on import HandedOn

NOBODY = "nobody. Choose who takes it over"
NOBODY_ELSE = (
    "Nobody else in your council can confirm it: it takes a second person who keeps the organisation by a post of their"
    " own. Ask whoever runs the service to bring in a second keeper with the organisation’s file."
)


@require_safe
def waiting(request: SignedRequest) -> HttpResponse:
    """All that waits, with the reason, and what this reader may do about each."""
    authority = kept_by(request.user)
    keepers = granting.keepers_of(authority, request.user)
    shown = [
        {
            "said": one.said,
            "why": one.why,
            "asked": f"{one.asked_by.name}, {full_day(clock.of_day(one.asked_at))}",
            "why_not": granting.why_not_confirmed_by(request.user, one, keepers),
            "seconds": ", ".join(person.name for person in granting.seconds_to(one, keepers)),
            "settle": reverse("settle-grant", args=[one.pk]),
        }
        for one in granting.waiting(authority)
    ]
    if wants_file(request):
        rows = [(one["said"], one["why"], one["asked"], one["seconds"] or "Nobody else") for one in shown]
        return as_csv("waiting-for-a-second-person", ("What waits", "Why", "Asked by", "Who can confirm it"), rows)
    return render(request, "people/waiting.html", {
        "heading": "Waiting for a second person",
        "places": places("people-waiting"),
        "shown": shown,
        "listing": Above(in_words(len(shown), ("thing waits", "things wait")),
                         csv=with_query(request.path, {"as": FILE})) if shown else None,
        "nobody_else": NOBODY_ELSE,
    })  # fmt: skip


@require_POST
def settle(request: SignedRequest, number: int) -> HttpResponse:
    """Confirm it, or take it back."""
    authority = kept_by(request.user)
    one = granting.waiting(authority).filter(pk=number).select_related("authority").first()
    do = request.POST.get("do", "")
    if one is None or do not in ("confirm", "take-back"):
        raise Http404
    try:
        if do == "confirm":
            given = granting.confirm(one, request.user)
            messages.success(request, f"Confirmed. {left_in_words(given)}")
        else:
            granting.take_back(one, request.user)
            if not one.about.is_active:
                closed = f"The account of {one.about.name} stays closed until somebody opens it again"
                messages.success(request, f"Taken back: {one.said}. Nothing is handed over. {closed}, on this page.")
                return redirect("person", one.about_id)
            messages.success(request, f"Taken back: {one.said}. Nothing has changed.")
    except NotGiven as refusal:
        messages.warning(request, f"{refusal.sentence}.")
    except CannotLeave as refusal:
        messages.warning(request, f"{refusal}. Take this back, and ask for it anew.")
    return redirect("people-waiting")


def say_it_waits(request: SignedRequest, asked: Grant, also: str = "") -> None:
    """What happens next, and who can bring it about."""
    seconds = ", ".join(person.name for person in granting.seconds_to(asked))
    onward = f"It waits for a second person: {seconds}. They have been told." if seconds else NOBODY_ELSE
    messages.success(request, f"Asked: {asked.said}. Nothing is given yet. {onward} {also}".strip())


def put(refusal: NotGiven, form: forms.Form) -> None:
    """The refusal beside its question, or above them all."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


def handed_in_words(done: HandedOn) -> str:
    if not done.resolutions:
        return ""
    what = "1 resolution has" if done.resolutions == 1 else f"{done.resolutions} resolutions have"
    return f"{what} changed hands, and whoever has it now has been told. No date has changed."


def left_in_words(given: Given) -> str:
    """What came of it, a sentence each."""
    left = given.left
    if left is None:
        return f"{given.said}. {handed_in_words(given.handed)}".strip()
    sentences = [
        f"{left.person.name} leaves on {full_day(left.last_day)}.",
        *(f"{name_of(p.post)}: {p.to.name if p.to else f'falls to {p.found.person or NOBODY}'}." for p in left.posts),
        _of_their_children(given),
        f"Nobody covers any more for {', '.join(p.name for p in left.uncovered)}." if left.uncovered else "",
        "Their account is closed and they are signed out." if left.closed else "",
        handed_in_words(given.handed),
    ]
    return " ".join(filter(None, sentences))


def _of_their_children(given: Given) -> str:
    names, left = " and ".join(one.name for one in given.heirs), given.left
    if not names or left is None:
        return ""
    if given.children:
        return f"{names} {'has' if len(given.heirs) == 1 else 'have'} {given.children} of their children."
    return f"Their children stay theirs until {full_day(left.last_day)}, and go to {names} then."
