"""What was agreed, followed until the chair confirms it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse

from undrift.desks.concern.opened import may, not_now, picture_of
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.resolution.doing import attempt
from undrift.desks.resolution.following import new_date, open_action
from undrift.desks.resolution.forms import ActionForm, ConfirmActionForm, UpdateActionForm
from undrift.desks.resolution.views import ask
from undrift.engine.dates.moments import london_date
from undrift.engine.ladder import acts
from undrift.resolutions.picture import Picture


def action(request: SignedRequest, reference: str, action: str) -> HttpResponse:
    """The owner says how far it is and may ask for another date; the chair decides."""
    picture = picture_of(request, reference)
    found = picture.state.actions.get(action)
    if found is None:
        raise Http404
    if picture.moves["confirm_action"].allowed:
        if found.status == "done":
            return _confirm(request, picture, action)
        if found.to_do:
            return new_date(request, picture, found) if found.asked else open_action(request, picture, found)
    may(picture, "finish_action")
    if refusal := picture.not_theirs(found):
        raise not_now(picture, refusal)
    return _update(request, picture, action)


def _update(request: SignedRequest, picture: Picture, action: str) -> HttpResponse:
    form = UpdateActionForm(
        request.POST if request.method == "POST" else None,
        ends=picture.may_drop(picture.state.actions[action]),
        initial={"on": london_date(picture.now)},
    )
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        chosen: dict[str, Callable[[], acts.Act]] = {
            "done": lambda: acts.FinishAction(action, c["on"], c["helped"]),
            "started": lambda: acts.StartAction(action),
            "date": lambda: acts.AskForActionDate(action, c["by"], c["why"]),
            "drop": lambda: acts.DropAction(action, c["no_need"]),
        }
        fields = {"why": "no_need"} if c["status"] == "drop" else {}
        done = attempt(request, picture, chosen[c["status"]](), form, fields=fields, done="Saved.")
        if done is not None:
            return done
    return ask(
        request,
        picture,
        form,
        heading="Update an action",
        button="Save",
        action_shown=picture.state.actions[action],
        last_word=picture.last_word(picture.state.actions[action]),
        template="resolution/action.html",
    )


def _confirm(request: SignedRequest, picture: Picture, action: str) -> HttpResponse:
    ends = picture.may_drop(picture.state.actions[action])
    form = ConfirmActionForm(request.POST if request.method == "POST" else None, ends=ends)
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
        last_word=picture.last_word(picture.state.actions[action]),
        template="resolution/action.html",
    )


def new_action(request: SignedRequest, reference: str) -> HttpResponse:
    picture = picture_of(request, reference)
    may(picture, "agree_action")
    form = ActionForm(request.POST if request.method == "POST" else None, people=picture.doers)
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        act = acts.AgreeAction(picture.asked_of(c["what"], c["who"], c["by"]))
        done = attempt(request, picture, act, form, fields={"actions": "by"}, done="Added.")
        if done is not None:
            return done
    return ask(request, picture, form, heading="Add an action", button="Add action")
