"""Each child as an individual: its part ends by itself, is opened again, or goes on after its plan."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpResponse

from undrift.desks.concern.opened import may, picture_of
from undrift.desks.frame.fields import one_of, some_of, writing
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.resolution.doing import attempt
from undrift.desks.resolution.views import ask
from undrift.engine.dates.words import full_day
from undrift.engine.ladder import acts
from undrift.engine.ladder.state import OF_ONE_CHILD
from undrift.people import clock
from undrift.resolutions.in_a_line import listed
from undrift.resolutions.on_plan import on_plan, plans_running
from undrift.resolutions.picture import Picture

if TYPE_CHECKING:
    from undrift.children.models import Child


class EndForChildForm(forms.Form):
    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        endings = [*OF_ONE_CHILD.items()]
        self.fields["ending"] = one_of(f"How does it end for {name}?", endings, needed="Select how it ends")
        self.fields["why"] = writing(
            f"What happens for {name} now?", needed=f"Enter what happens for {name} now", rows=3
        )
        self.fields["changed"] = writing(f"What changed for {name}?", rows=3, hint="Optional")


def end(request: SignedRequest, reference: str, child: str) -> HttpResponse:
    """It ends for one child, and goes on for the others; for the last one it is closed."""
    picture = picture_of(request, reference)
    may(picture, "end_for_child")
    about = _child(picture, child)
    form = EndForChildForm(
        request.POST if request.method == "POST" else None, name=about.called, initial=_suggested(picture, about)
    )
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        act = acts.EndForChild(str(about.pk), c["ending"], c["why"], c["changed"])
        done = attempt(request, picture, act, form, done=f"Ended for {about.called}. Everyone with a part is told.")
        if done is not None:
            return done
    on_file = running_on_file(picture, [str(about.pk)])
    others = [name for number, name in picture.names.items() if number in _open(picture) and number != str(about.pk)]
    intro = (
        [f"It goes on for {listed(others)}.", *picture.left_of(str(about.pk))]
        if others
        else ["No other child is part of this any more: it is closed.", *picture.left_open]
    )
    return ask(
        request,
        picture,
        form,
        heading="End it for one child",
        button="Save",
        intro=[f"About {about.called}.", *on_file, *intro],
    )


def running_on_file(picture: Picture, children: Collection[str]) -> list[str]:
    """What is on file of the plans of these children that run today: none of them has ended."""
    since = plans_running(children, clock.today())
    said = [f"{picture.names.get(c, 'a child')}’s since {full_day(day)}" for c, day in since.items()]
    return [f"On file these plans still run: {listed(said)}."] if said else []


def reopen(request: SignedRequest, reference: str, child: str) -> HttpResponse:
    """What was settled for this child is not, with the reason."""
    picture = picture_of(request, reference)
    may(picture, "reopen_child")
    about = _child(picture, child)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        act = acts.ReopenChild(str(about.pk), form.cleaned_data["why"])
        done = attempt(request, picture, act, form, done=f"Open again for {about.called}.")
        if done is not None:
            return done
    ended = picture.state.ended
    intro = [f"About {about.called}."]
    if ended is not None:
        intro.append(
            f"{picture.sentence} It is open again then, as it stood before, and everybody who was told is told."
        )
    return ask(request, picture, form, heading=OPEN_AGAIN, button="Open it again", intro=intro)


OPEN_AGAIN = "Open it again"


class ReopenForm(forms.Form):
    why = writing("Why is it open again?", needed="Enter why it is open again", rows=3)


class CarryOnForm(forms.Form):
    """`runs` says that all these children have a plan again: why it goes on without one is then not asked."""

    def __init__(self, *args: Any, children: list[tuple[str, str]], runs: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        without = "" if runs else " without a plan"
        self.fields["children"] = some_of("For whom does it go on?", children, needed="Select at least one child")
        self.fields["why"] = writing(f"Why does it go on{without}?", needed=f"Enter why it goes on{without}", rows=3)
        self.fields["why"].initial = "The plan goes on." if runs else ""


def carry_on(request: SignedRequest, reference: str) -> HttpResponse:
    """A plan has ended with the concern open: it goes on, or it is ended for that child.

    Where the child has a plan again (the file has taken the end back, or another has begun), the page says so.
    """
    picture = picture_of(request, reference)
    may(picture, "carry_on")
    over = [(c.id, picture.names.get(c.id, "Child")) for c in picture.state.plans_ended]
    again = on_plan([c for c, _ in over], clock.today())
    form = CarryOnForm(
        request.POST if request.method == "POST" else None,
        children=over,
        runs=all(c in again for c, _ in over),
        initial={"children": [c for c, _ in over]},
    )
    if request.method == "POST" and form.is_valid():
        c = form.cleaned_data
        act = acts.CarryOn(tuple(c["children"]), c["why"])
        done = attempt(request, picture, act, form, done="Recorded. It goes on.")
        if done is not None:
            return done
    intro = [
        f"{picture.names.get(c.id, 'The child')} has a plan again. One that ended on {full_day(c.plan_ended)} is on "
        "the record."
        if c.id in again
        else f"{picture.names.get(c.id, 'The child')}’s plan ended on {full_day(c.plan_ended)}."
        for c in picture.state.plans_ended
        if c.plan_ended is not None
    ]
    ends = [(picture.public_ids[number], name) for number, name in over if number in picture.public_ids]
    return ask(
        request, picture, form, heading="Does it go on?", button="Carry on", intro=intro, ends=ends,
        template="resolution/carry_on.html",
    )  # fmt: skip


def _child(picture: Picture, public: str) -> Child:
    found = next((c for c in picture.children if c.public_id == public), None)
    if found is None or str(found.pk) not in picture.state.children:
        raise Http404
    return found


def _open(picture: Picture) -> set[str]:
    return {c.id for c in picture.state.taking_part}


def _suggested(picture: Picture, child: Child) -> dict[str, str]:
    return {"ending": "plan-ended"} if picture.state.children[str(child.pk)].plan_ended else {}
