"""What was done now to keep a child safe, and the call that makes sure. Never a way round the stages."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse

from undrift.desks.concern.opened import may, picture_of
from undrift.desks.frame.fields import line, writing
from undrift.desks.frame.forms import DateField
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.resolution.doing import attempt
from undrift.desks.resolution.forms import UrgentForm
from undrift.desks.resolution.views import ask
from undrift.engine.dates.moments import london_date
from undrift.engine.ladder import acts


def urgent(request: SignedRequest, reference: str) -> HttpResponse:
    """What was done now to keep a child safe: on the record, told at once, never in the way."""
    picture = picture_of(request, reference)
    form = UrgentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        act = acts.RecordUrgentAction(c["what"], c["who"], c["on"])
        done = attempt(request, picture, act, form, done="Recorded. Everyone with a part in this is told now.")
        if done is not None:
            return done
    intro = [
        "Act first. If a child is in danger now, ring 999 or the front door before you write anything here.",
        "The chair, those asked and those copied in are told at once. The chair rings to make sure.",
    ]
    return ask(request, picture, form, heading="Record what was done to keep a child safe", button="Save", intro=intro)


class RungForm(forms.Form):
    to = line("Who did you ring?", needed="Enter whom you rang")
    on = DateField(label="When?", error_messages={"required": "Enter the day you rang"})
    note = writing("What was said?", rows=3, hint="Is the child safe now? Who is with the child?")


def rung(request: SignedRequest, reference: str, entry: int) -> HttpResponse:
    """The call after an urgent action: somebody has made sure, person to person."""
    picture = picture_of(request, reference)
    may(picture, "ring_back")
    found = next((u for u in picture.state.urgent if u.seq == entry), None)
    if found is None:
        raise Http404
    first = {"to": picture.to_ring(found), "on": london_date(picture.now)}
    form = RungForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        act = acts.RingBack(entry, c["to"], c["on"], c["note"])
        done = attempt(request, picture, act, form, done="The call is on the record.")
        if done is not None:
            return done
    intro = [found.what] if found.what else []
    return ask(request, picture, form, heading="Record the call", button="Save", intro=intro)
