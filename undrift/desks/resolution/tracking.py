"""What was agreed, followed until the chair confirms it; and the steps of the plan cycle."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import Http404, HttpResponse

from undrift.desks.concern.opened import may, picture_of
from undrift.desks.frame.forms import DateField
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.resolution.doing import attempt
from undrift.desks.resolution.forms import YES_NO, ActionForm, ConfirmActionForm, UpdateActionForm
from undrift.desks.resolution.views import ask
from undrift.engine.dates.moments import london_date
from undrift.engine.ladder import acts
from undrift.resolutions.picture import Picture


def action(request: SignedRequest, reference: str, action: str) -> HttpResponse:
    """The owner says how far it is; the chair confirms."""
    picture = picture_of(request, reference)
    found = picture.state.actions.get(action)
    if found is None:
        raise Http404
    if found.status == "done" and picture.moves["confirm_action"].allowed:
        return _confirm(request, picture, action)
    may(picture, "finish_action")
    return _update(request, picture, action)


def _update(request: SignedRequest, picture: Picture, action: str) -> HttpResponse:
    form = UpdateActionForm(
        request.POST if request.method == "POST" else None, initial={"on": london_date(picture.now)}
    )
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        chosen: dict[str, Callable[[], acts.Act]] = {
            "done": lambda: acts.FinishAction(action, c["on"], c["helped"]),
            "started": lambda: acts.StartAction(action),
            "date": lambda: acts.ChangeActionDate(action, c["by"], c["why"]),
        }
        done = attempt(request, picture, chosen[c["status"]](), form, done="Saved.")
        if done is not None:
            return done
    return ask(
        request,
        picture,
        form,
        heading="Update an action",
        button="Save",
        action_shown=picture.state.actions[action],
        template="resolution/action.html",
    )


def _confirm(request: SignedRequest, picture: Picture, action: str) -> HttpResponse:
    form = ConfirmActionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        dropped = c["verdict"] == "drop"
        chosen: dict[str, Callable[[], acts.Act]] = {
            "complete": lambda: acts.ConfirmAction(action),
            "not yet": lambda: acts.ReturnAction(action, c["why"]),
            "drop": lambda: acts.DropAction(action, c["no_need"]),
        }
        fields = {"why": "no_need"} if dropped else {}
        done = attempt(request, picture, chosen[c["verdict"]](), form, fields=fields, done="Saved.")
        if done is not None:
            return done
    return ask(
        request,
        picture,
        form,
        heading="Confirm an action",
        button="Save",
        action_shown=picture.state.actions[action],
        template="resolution/action.html",
    )


def new_action(request: SignedRequest, reference: str) -> HttpResponse:
    picture = picture_of(request, reference)
    may(picture, "agree_action")
    form = ActionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        act = acts.AgreeAction(picture.asked_of(c["what"], c["who"], c["by"]))
        done = attempt(request, picture, act, form, done="Added.")
        if done is not None:
            return done
    return ask(request, picture, form, heading="Add an action", button="Add action")


class MilestoneForm(forms.Form):
    on = DateField(label="When was it done?", error_messages={"required": "Enter the day it was done"})
    note = forms.CharField(
        label="Note", help_text="Optional", max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


def milestone(request: SignedRequest, reference: str) -> HttpResponse:
    """The first step of this stage that is not recorded yet."""
    picture = picture_of(request, reference)
    may(picture, "reach")
    protocol, reached = picture.rules.protocol, picture.state.here.reached
    steps = [m for d in picture.stage.duties if (m := protocol.milestone(d.must)) is not None]
    step = next((m for m in steps if m.id not in reached), None)
    if step is None:
        raise Http404
    form = MilestoneForm(request.POST if request.method == "POST" else None, initial={"on": london_date(picture.now)})
    if step.asks_if_accepted:
        form.fields["accepted"] = forms.ChoiceField(
            label="Does the agency accept the recommendation?",
            choices=YES_NO,
            widget=forms.RadioSelect,
            error_messages={"required": "Say whether the agency accepts the recommendation"},
        )
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        accepted = {"yes": True, "no": False}.get(c.get("accepted", ""))
        done = attempt(request, picture, acts.Reach(step.id, c["on"], c["note"], accepted), form, done="Recorded.")
        if done is not None:
            return done
    return ask(request, picture, form, heading=step.title, button="Save", intro=list(step.contains))
