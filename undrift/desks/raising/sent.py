"""What happens next: the page after a concern was sent."""

from __future__ import annotations

from collections.abc import Iterable

from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from undrift.desks.concern.drawn import record
from undrift.desks.concern.opened import picture_of
from undrift.desks.frame.keeping import not_taken
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.dates.words import full_day
from undrift.people.models import Person
from undrift.record.typed_texts import SENT_BEFORE
from undrift.resolutions.picture import Picture


@require_safe
def sent(request: SignedRequest, reference: str) -> HttpResponse:
    picture = picture_of(request, reference)
    receiver = _receiver(picture)
    return render(
        request,
        "raising/sent.html",
        {
            "heading": f"Sent to {receiver}" if receiver else "Recorded",
            "reference": picture.resolution.reference,
            "picture": picture,
            "next": what_happens_next(picture),
            "contact": _contact(picture),
            "ring": _to_ring(picture),
            "record": record(picture.resolution.reference),
        },
    )


def sent_before(request: SignedRequest, reference: str, onward: str, form: Iterable[BoundField] = ()) -> HttpResponse:
    """What a draft is answered that was sent already, from another tab: the way to its record.

    What this page says besides is not part of it. It is kept, and led to.
    """
    if request.method == "POST":
        sentence = (
            f"This draft was sent already, as {reference}. What you typed in another tab is not part of it."
            " If it still matters, add it there as a note, or raise another concern."
        )
        labels = {field.html_name: str(field.label) for field in form}
        if (kept := not_taken(request, sentence, labels, why=SENT_BEFORE, record=reference)) is not None:
            return kept
    return redirect(onward)


def _receiver(picture: Picture) -> str:
    asked = picture.stage.answer
    return picture.holder(asked.who) if asked else ""


def what_happens_next(picture: Picture) -> list[str]:
    """In the order in which it happens."""
    asked, duty = picture.stage.answer, picture.clock_duty
    if asked is None or picture.state.ended is not None:
        return [picture.sentence]
    by = f" by {full_day(duty.day)}" if duty and duty.day else ""
    responds = f"{picture.holder(asked.who)} responds{by}"
    approved = f", with the approval of {picture.holder(asked.approved_by)}" if asked.approved_by else ""
    chair = picture.holder(picture.stage.judged_by[0])
    mine = picture.by.roles & set(picture.stage.judged_by)
    reads, decides = ("you read", "decide") if mine else (f"{chair} reads", "decides")
    return [
        f"{responds}{approved}.",
        *([picture.still_to_speak] if picture.still_to_speak else []),
        f"Then {reads} the response and {decides}, for each child, whether it resolves the concern.",
        f"If no response comes{by}, we will ask what to do next. Nothing moves on by itself.",
    ]


def _contact(picture: Picture) -> list[Person]:
    """Who to speak to about it."""
    asked = picture.stage.answer
    roles = [asked.who, asked.approved_by] if asked else []
    return [found.person for role in roles if role and (found := picture.found.get(role)) and found.person]


def _to_ring(picture: Picture) -> Person | None:
    """Whom to ring at once, while a child is at immediate risk and no call has made sure yet."""
    asked = picture.stage.answer
    if not picture.state.at_risk or asked is None or not picture.state.not_rung_back:
        return None
    if picture.state.here.spoke_with(asked.who) is not None:
        return None
    found = picture.found.get(asked.who)
    return found.person if found is not None else None
