"""What was done now to keep a child safe, and the call that makes sure. Never a way round the stages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpResponse

from undrift.desks.concern.fields import (
    WHOSE_RISK,
    safe_children,
    safe_fields,
    safe_unsaid,
    whose_risk_field,
)
from undrift.desks.concern.opened import may, picture_of
from undrift.desks.frame.fields import line, one_of, writing
from undrift.desks.frame.forms import DateField, Option
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.resolution.doing import attempt
from undrift.desks.resolution.views import ask
from undrift.engine.dates.moments import london_date
from undrift.engine.ladder import acts
from undrift.resolutions.picture import Picture

if TYPE_CHECKING:
    from undrift.children.models import Child


class UrgentForm(forms.Form):
    """What was done now and, of several children, for whom."""

    def __init__(self, *args: Any, children: Sequence[Child], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.children = children
        self.fields["what"] = forms.CharField(
            label="What was done to keep the child safe?",
            max_length=3000,
            widget=forms.Textarea(attrs={"rows": 4}),
            error_messages={"required": "Enter what was done to keep the child safe"},
        )
        self.fields |= whose_risk_field(children)
        self.fields["who"] = line("By whom?", hint="Optional")
        self.fields["on"] = DateField(label="When?", help_text="Optional. Today, if you leave it empty", required=False)

    def clean(self) -> None:
        if WHOSE_RISK in self.fields and not self.cleaned_data.get(WHOSE_RISK):
            self.add_error(WHOSE_RISK, "Select which children are at immediate risk")


def urgent(request: SignedRequest, reference: str) -> HttpResponse:
    """What was done now to keep a child safe: on the record, told at once, never in the way."""
    picture = picture_of(request, reference)
    form = UrgentForm(request.POST if request.method == "POST" else None, children=_taking_part(picture))
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        whose = tuple(str(child.pk) for child in form.children if child.public_id in (c.get(WHOSE_RISK) or ()))
        act = acts.RecordUrgentAction(c["what"], c["who"], c["on"], whose)
        told = "Recorded. Everyone with a part in this is told now."
        done = attempt(request, picture, act, form, fields={"children": WHOSE_RISK}, done=told)
        if done is not None:
            return done
    intro = [
        "Act first. If a child is in danger now, ring 999 or the front door before you write anything here.",
        "The chair, those asked, the manager of the child’s team and those copied in are told at once. The chair rings "
        "to make sure.",
    ]
    return ask(request, picture, form, heading="Record what was done to keep a child safe", button="Save", intro=intro)


def _taking_part(picture: Picture) -> list[Child]:
    here = {child.id for child in picture.state.taking_part}
    return [child for child in picture.children if str(child.pk) in here]


class RungForm(forms.Form):
    """The call: to whom, when, and of each child whether it is safe. After the end, it may be too late for a call."""

    def __init__(self, *args: Any, children: Sequence[Child], ended: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.children, self.ended = children, ended
        asked: dict[str, forms.Field] = {
            "to": line("Who did you ring?"),
            "on": DateField(label="When?", required=False),
            **safe_fields(children),
            "note": writing("What was said?", rows=3, hint="Who is with the child?"),
        }
        if ended:
            self.fields["made"] = one_of("Was the call made?", MADE, needed="Select whether the call was made")
            self.reveals = {"made": {"yes": [*asked], "no": ["why"]}}
        self.fields |= asked
        if ended:
            self.fields["why"] = writing("Why is a call no longer possible?", rows=3)

    @property
    def given_up(self) -> bool:
        return bool(self.cleaned_data.get("made") == "no")

    def clean(self) -> None:
        c = self.cleaned_data
        if self.given_up or (self.ended and not c.get("made")):
            return
        for field, sentence in (("to", "Enter whom you rang"), ("on", "Enter the day you rang")):
            if not c.get(field) and field not in self.errors:
                self.add_error(field, sentence)
        for field, sentence in safe_unsaid(c, self.children):
            self.add_error(field, sentence)


MADE = (("yes", "Yes"), ("no", Option("No, and it is no longer possible", "It stays on the record that nobody rang")))


def rung(request: SignedRequest, reference: str, entry: int) -> HttpResponse:
    """The call after an urgent action: somebody has made sure, person to person."""
    picture = picture_of(request, reference)
    may(picture, "ring_back")
    found = next((u for u in picture.state.urgent if u.seq == entry), None)
    if found is None:
        raise Http404
    children = [child for child in picture.children if str(child.pk) in found.at_risk]
    first = {"to": picture.to_ring(found), "on": london_date(picture.now)}
    form = RungForm(
        request.POST if request.method == "POST" else None,
        children=children,
        ended=picture.state.ended is not None,
        initial=first,
    )
    if request.method == "POST" and form.is_valid():
        c, safe = form.cleaned_data, safe_children(form.cleaned_data, children)
        act: acts.Act
        if form.given_up:
            act, said = acts.GiveUpRing(entry, c["why"]), "It is on the record that no call was made."
        elif len(safe) == len(children):
            act, said = acts.RingBack(entry, c["to"], c["on"], c["note"]), OVER
        else:
            act, said = acts.RingBack(entry, c["to"], c["on"], c["note"], safe), NOT_SAFE
        done = attempt(request, picture, act, form, done=said)
        if done is not None:
            return done
    rung_before = picture.rung(found) if found.rung_on is not None else ""
    intro = [said for said in (found.what, picture.done_by(found) if found.what else "", rung_before) if said]
    return ask(request, picture, form, heading="Record the call", button="Save", intro=intro)


OVER = "The call is on the record."
NOT_SAFE = "The call is on the record. A child is not safe yet: act, then ring again."
