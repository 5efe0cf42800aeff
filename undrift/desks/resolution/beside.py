"""Beside the ladder: conversations held, sharing it with somebody, the routes that the policy keeps apart."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from undrift.desks.concern.fields import HOW
from undrift.desks.concern.opened import may, picture_of
from undrift.desks.frame.forms import DateField, Option
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.resolution.doing import attempt
from undrift.desks.resolution.views import ask
from undrift.engine.dates.due import due_if_counted
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.ladder import acts
from undrift.engine.ladder.entering import NOT_REACHED
from undrift.protocol.model import Route
from undrift.resolutions.picture import Picture


class ShareForm(forms.Form):
    role = forms.ChoiceField(
        label="Who do you share it with?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select who to share it with"},
    )
    why = forms.CharField(
        label="Why do you share it with them?",
        help_text="They read this first. For example, what has been tried so far",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter why you share it"},
    )


class RouteForm(forms.Form):
    route = forms.ChoiceField(
        label="Which route?", widget=forms.RadioSelect, error_messages={"required": "Select a route"}
    )
    on = DateField(label="When?", error_messages={"required": "Enter the day"})
    who = forms.CharField(
        label="Who took it?",
        help_text="Optional. For example a parent, or another professional",
        max_length=200,
        required=False,
    )
    note = forms.CharField(
        label="What is there to note?",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SpokeForm(forms.Form):
    role = forms.ChoiceField(
        label="Who did you speak to?", widget=forms.RadioSelect, error_messages={"required": "Select who you spoke to"}
    )
    how = forms.ChoiceField(
        label="How?",
        choices=[
            *HOW,
            (NOT_REACHED, Option("Could not reach them", "Say how you tried below")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select how you spoke"},
    )
    on = DateField(label="When?", error_messages={"required": "Enter the day you spoke"})
    note = forms.CharField(
        label="What was said?",
        help_text="Optional",
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def spoke(request: SignedRequest, reference: str) -> HttpResponse:
    """A conversation, such as the one that the policy asks the chair to have at this stage."""
    picture = picture_of(request, reference)
    may(picture, "speak")
    owed = picture.talk_owed
    today = {"role": owed.subject if owed else "", "on": london_date(picture.now)}
    form = SpokeForm(request.POST if request.method == "POST" else None, initial=today)
    _offer(form, "role", [(role, Option(name, title)) for role, title, name in others(picture)])
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        talk = acts.Conversation(c["how"], c["on"], c["role"], picture.spoken_with(c["role"]), c["note"])
        said = (
            "It is on the record that you tried." if c["how"] == NOT_REACHED else "The conversation is on the record."
        )
        done = attempt(request, picture, acts.Speak(talk), form, fields={"spoke": "on"}, done=said)
        if done is not None:
            return done
    return ask(request, picture, form, heading="Record a conversation", button="Save")


def share(request: SignedRequest, reference: str) -> HttpResponse:
    picture = picture_of(request, reference)
    may(picture, "share")
    form = ShareForm(request.POST if request.method == "POST" else None)
    can = others(picture, picture.askable)
    new = [other for other in can if other[0] not in picture.parts]
    _offer(form, "role", [(role, Option(name, title)) for role, title, name in new or can])
    names = {role: name for role, _, name in can}
    if request.method == "POST" and form.is_valid():
        role = form.cleaned_data["role"]
        act = acts.Share(role, form.cleaned_data["why"])
        done = attempt(request, picture, act, form, done=f"Shared with {names[role]}, and they are told.")
        if done is not None:
            return done
    intro = ["They are told that you share it with them, and can read it and why. Nothing is asked of them."]
    return ask(request, picture, form, heading="Share it with somebody", button="Share", intro=intro)


def route(request: SignedRequest, reference: str) -> HttpResponse:
    """Recorded, never a rung: the ladder goes on as it was."""
    picture = picture_of(request, reference)
    may(picture, "take_route")
    form = RouteForm(request.POST if request.method == "POST" else None, initial={"on": london_date(picture.now)})
    routes = [
        (r.id, Option(r.title, " ".join(filter(None, (r.text, _until(picture, r))))))
        for r in picture.rules.protocol.routes
        if not r.urgent and (not r.may or set(r.may) & picture.by.roles)
    ]
    _offer(form, "route", routes)
    asks = [f"{r.title}: {r.asks[:1].lower()}{r.asks[1:]}" for r in picture.rules.protocol.routes if r.asks]
    form.fields["note"].help_text = ". ".join(asks)
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        timed = any(r.id == c["route"] and r.within is not None for r in picture.rules.protocol.routes)
        act = acts.TakeRoute(c["route"], c["note"], c["on"], picture.conference_day if timed else None, c["who"])
        done = attempt(request, picture, act, form, done="Recorded. Nothing else about this has changed.")
        if done is not None:
            return done
    intro = [
        format_html(
            'Is a child at risk now? <a class="govuk-link" href="{}">Record what was done to keep the child safe</a>: '
            "everybody is told at once.",
            reverse("record-urgent", args=[reference]),
        ),
        "These stand beside the stages. Recording one here does not use it for you, and changes no date.",
    ]
    return ask(request, picture, form, heading="Another route", button="Record", intro=intro)


def _until(picture: Picture, route: Route) -> str:
    """The last day of a route that the policy leaves open for a time."""
    held = picture.conference_day
    if route.within is None or held is None:
        return ""
    rules = picture.rules
    last = due_if_counted(rules.counted(route.within), held, rules.calendar, bare_days=rules.bare_days).date
    return f"Its last day is {full_day(last)}." if last else ""


def _offer(form: forms.Form, name: str, choices: list[tuple[str, Option]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def others(picture: Picture, among: frozenset[int] | None = None) -> list[tuple[str, str, str]]:
    """Every part of the policy that somebody else plays, or one of these people: role, title, all who play it."""
    return [
        (
            role,
            picture.rules.protocol.title_of(role),
            ", ".join(person.name for person in found.everyone or (found.person,)),
        )
        for role, found in picture.found.items()
        if found.person is not None and found.person != picture.viewer and (among is None or found.person.pk in among)
    ]
