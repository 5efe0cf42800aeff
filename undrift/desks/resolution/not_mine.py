"""Whoever was asked says that it is not theirs to answer, and whose it is. The chair is told, and decides."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse

from undrift.desks.concern.opened import may, picture_of
from undrift.desks.frame.fields import line, writing
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.resolution.doing import attempt
from undrift.desks.resolution.views import ask
from undrift.engine.ladder import acts


class NotMineForm(forms.Form):
    who = line("Who should be asked?", needed="Enter who should be asked", hint="Their name, and post if known")
    why = writing("Why is it theirs and not yours?", needed="Enter why it is theirs and not yours", rows=3)


def not_mine(request: SignedRequest, reference: str) -> HttpResponse:
    picture = picture_of(request, reference)
    may(picture, "say_not_mine")
    form = NotMineForm(request.POST if request.method == "POST" else None)
    role = picture.stage.judged_by[0]
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        act = acts.SayNotMine(c["who"], c["why"])
        done = attempt(request, picture, act, form, done=f"{picture.holder(role)} is told, and decides.")
        if done is not None:
            return done
    intro = [
        f"{picture.holder(role)} is told, and can hand it over. Until then it stays with you, and no date changes.",
    ]
    return ask(request, picture, form, heading="This is not mine to answer", button="Tell the chair", intro=intro)
