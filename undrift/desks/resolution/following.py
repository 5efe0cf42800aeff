"""What the chair does with an agreed action that is not done, and with a new date that somebody asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect

from undrift.desks.concern.opened import may, picture_of
from undrift.desks.frame.doers import WHO, name_the_doer, who_and_outside
from undrift.desks.frame.fields import line, one_of, writing
from undrift.desks.frame.forms import DateField, Option
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.resolution.doing import attempt
from undrift.desks.resolution.views import ask
from undrift.engine.dates.horizons import WITHIN
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.ladder import acts
from undrift.engine.ladder.state import Action
from undrift.resolutions.picture import Picture

TEMPLATE = "resolution/action.html"


class NotDoneForm(forms.Form):
    """Every way on that the chair has with an open action."""

    reveals = {
        "what": {
            "done": ["on", "helped"],
            "date": ["by", "why_date"],
            "give": ["who", "outside", "why_given"],
            "drop": ["no_need"],
        }
    }

    def __init__(self, *args: Any, ways: list[tuple[str, str]], people: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"] = one_of("What happens with it?", ways, needed="Select what happens with it")
        self.fields["on"] = DateField(label="When was it done?", required=False)
        self.fields["helped"] = writing(
            "How do you know it has helped?", rows=3, hint="What is different for the child"
        )
        self.fields["by"] = DateField(label="New date", help_text=WITHIN, required=False)
        self.fields["why_date"] = writing("Why does the date change?", rows=3)
        self.fields |= who_and_outside(people, required=False)
        self.fields["why_given"] = line("Why does somebody else do it?")
        self.fields["no_need"] = writing("Why is it enough as it is, or no longer needed?", rows=3)

    def clean(self) -> None:
        what = self.cleaned_data.get("what")
        if what == "give":
            name_the_doer(self)
        for wanted, field, sentence in (
            ("done", "on", "Enter the day it was done"),
            ("date", "by", "Enter the new date"),
            ("give", "who", WHO),
        ):
            if what == wanted and not self.cleaned_data.get(field) and not {field, "outside"} & self.errors.keys():
                self.add_error(field, sentence)


def open_action(request: SignedRequest, picture: Picture, action: Action) -> HttpResponse:
    """The chair's page of an action that is still to be done, late or not."""
    form = NotDoneForm(
        request.POST if request.method == "POST" else None,
        ways=_ways(picture, action),
        people={name: part for name, part in picture.doers.items() if name != action.who},
        initial={"on": london_date(picture.now)},
    )
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        if (onward := _ELSEWHERE.get(c["what"])) is not None:
            return redirect(onward, picture.resolution.reference)
        chosen: dict[str, tuple[Callable[[], acts.Act], dict[str, str]]] = {
            "done": (lambda: acts.FinishAction(action.id, c["on"], c["helped"]), {}),
            "date": (lambda: acts.ChangeActionDate(action.id, c["by"], c["why_date"]), {"why": "why_date"}),
            "give": (lambda: picture.given_to(action, c["who"], c["why_given"]), {"why": "why_given"}),
            "drop": (lambda: acts.DropAction(action.id, c["no_need"]), {"why": "no_need"}),
        }
        act, fields = chosen[c["what"]]
        done = attempt(request, picture, act(), form, fields=fields, done="Saved.")
        if done is not None:
            return done
    gone = f"{action.who} is no longer here, and nobody else has been asked." if action.owner_left else ""
    return ask(
        request, picture, form, heading="Decide on an action", button="Continue", action_shown=action, asks=gone,
        last_word=picture.last_word(action), template=TEMPLATE,
    )  # fmt: skip


_ELSEWHERE = {"again": "ask-again", "next-stage": "next-stage"}


def _ways(picture: Picture, action: Action) -> list[tuple[str, str]]:
    ways: list[tuple[str, str]] = [
        ("done", Option("It is done", "You confirm it then")),
        ("date", Option("Give it a new date", "The old date stays on the record")),
        ("give", Option("Give it to somebody else", "They are told. The date stays as it is")),
    ]
    if picture.moves["ask_again"].allowed and picture.stage.answer is not None:
        who = picture.holder(picture.stage.answer.who)
        ways.append(("again", Option(f"Ask {who} again", "They answer anew, at this stage")))
    if picture.moves["move_on"].allowed:
        ways.append(("next-stage", Option("Move to the next stage", "What was agreed is not done in time")))
    if picture.may_drop(action):
        ways.append(("drop", Option("End it", "It is enough as it is, or no longer needed")))
    return ways


class NewDateForm(forms.Form):
    verdict = one_of(
        "Do you agree the new date?",
        (("yes", "Agree it"), ("no", "No, the date stays")),
        needed="Select whether you agree the new date",
    )
    why = writing("Why?", needed="Enter why", rows=3, hint="Whoever does it reads this")


def new_date(request: SignedRequest, picture: Picture, action: Action) -> HttpResponse:
    """The chair's page of an action for which somebody asks another date."""
    asked = action.asked
    assert asked is not None, "asked where somebody asks"
    form = NewDateForm(request.POST if request.method == "POST" else None, initial={"why": ""})
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        agreed = c["verdict"] == "yes"
        act = (
            acts.ChangeActionDate(action.id, asked, c["why"]) if agreed else acts.DeclineActionDate(action.id, c["why"])
        )
        done = attempt(request, picture, act, form, fields={"by": "verdict"}, done="Saved.")
        if done is not None:
            return done
    who = action.asked_by.name if action.asked_by else action.who
    moved = f" Its date has moved {action.moved} times so far." if action.moved > 1 else ""
    was = f" instead of {full_day(action.by)}" if action.by else ""
    asks = f"{who} asks for {full_day(asked)}{was}: {action.asked_why}{moved}"
    return ask(
        request, picture, form, heading="A new date is asked for", button="Save", action_shown=action,
        asks=asks, last_word=picture.last_word(action), template=TEMPLATE,
    )  # fmt: skip


class AskAgainForm(forms.Form):
    """`latest` says how late the new date may be."""

    def __init__(self, *args: Any, latest: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].help_text = latest

    until = DateField(label="By when do you need the answer?", error_messages={"required": "Enter the new date"})
    why = writing("What is still needed?", needed="Enter what is still needed", hint="They are told, and read this")


def ask_again(request: SignedRequest, reference: str) -> HttpResponse:
    """Back to whoever answered, at the same stage."""
    picture = picture_of(request, reference)
    may(picture, "ask_again")
    assert picture.stage.answer is not None, "may_ask_again asks for an answer"
    who = picture.holder(picture.stage.answer.who)
    judged = picture.state.here.judged
    form = AskAgainForm(
        request.POST if request.method == "POST" else None,
        latest=picture.latest_again,
        initial={"why": judged.why if judged is not None else ""},
    )
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        done = attempt(request, picture, acts.AskAgain(c["until"], c["why"]), form, done=f"{who} is asked again.")
        if done is not None:
            return done
    intro = ["The answer that is there stays on the record, and so does the date that the policy set for it."]
    return ask(request, picture, form, heading=f"Ask {who} again", button="Ask again", intro=intro)
