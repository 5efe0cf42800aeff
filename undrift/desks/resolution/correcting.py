"""An entry that was made in error: marked so, with why. It stays on the record, struck through."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from undrift.desks.concern.opened import may, not_now, picture_of
from undrift.desks.frame.days import day_and_time
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.resolution.doing import attempt
from undrift.desks.resolution.forms import WhyForm
from undrift.desks.resolution.views import ask
from undrift.engine.ladder import acts
from undrift.resolutions.picture import actor_of

INTRO = (
    "It stays on the record, struck through, with your name, the time and your reason. Nothing is taken away.",
    "No date and nobody’s turn changes by it. If something has to be put right, do that as well.",
)


def correct(request: SignedRequest, reference: str, entry: int) -> HttpResponse:
    """404 for an entry that is not there, or is marked already; for another's, why not."""
    picture = picture_of(request, reference)
    may(picture, "correct")
    found = next((told for told in picture.told if told.event.seq == entry), None)
    if found is None or entry in picture.state.corrected:
        raise Http404
    if refusal := picture.correction_refused(entry):
        raise not_now(picture, refusal)
    form = WhyForm(
        request.POST if request.method == "POST" else None,
        label="What is wrong with this entry?",
        missing="Enter what is wrong with this entry",
    )
    if request.method == "POST" and form.is_valid():
        act = acts.Correct(entry, form.cleaned_data["text"])
        done = attempt(
            request, picture, act, form, fields={"why": "text"}, done="The entry is marked as made in error."
        )
        if done is not None:
            return done
    by = f" by {actor}" if (actor := actor_of(found.event)) else ""
    said = [line for line in (f"{found.title}{by}, {day_and_time(found.event.at)}.", found.text) if line]
    return ask(
        request, picture, form, heading="Mark an entry as made in error", button="Mark as made in error",
        intro=[*said, *INTRO],
    )  # fmt: skip
