"""A leaving that has not come yet is taken back: asked by one keeper, confirmed by another."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from undrift.access import granting
from undrift.access.granting import NotGiven
from undrift.desks.frame.pages import render_question
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.people.forms import why
from undrift.desks.people.granted import put, say_it_waits
from undrift.desks.people.keepers import kept_by, person_in
from undrift.engine.dates.words import full_day
from undrift.people import clock
from undrift.people.leaving import name_of


class StayForm(forms.Form):
    why = why("Why do they stay?", "For example, the notice is withdrawn")


def person_stays(request: SignedRequest, number: int) -> HttpResponse:
    authority = kept_by(request.user)
    one = person_in(authority, number)
    if one.leaves_on is None or not one.serves_on(clock.today()):
        raise Http404
    form = StayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = granting.ask_staying(authority, request.user, one, form.cleaned_data["why"])
        except NotGiven as refusal:
            put(refusal, form)
        else:
            say_it_waits(request, asked)
            return redirect("person", one.pk)
    posts = [name_of(held.post) for held in granting.given_up(one)]
    return render_question(
        request,
        form,
        heading=f"{one.name} stays",
        button="Take the leaving back",
        back=reverse("person", args=[one.pk]),
        intro=[
            f"Their last day is {full_day(one.leaves_on)}. They keep what they hold until then: "
            f"{', '.join(posts) or 'no post'}. Whoever was to follow does not.",
            "Cover that ended with the leaving stays ended. Set it again where it is needed.",
        ],
    )
