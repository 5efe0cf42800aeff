"""A concern begun from what a plan cycle offers: stage, reasons, occasion and words are ready, and the chair decides.

Nothing raises itself: the answers are as if they had been typed, and each may be changed. Once it is sent, the plan
cycle says what became of the offer.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from undrift.desks.concern.matter import Matter
from undrift.desks.concern.on_its_way import Raising
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.offers import Offer
from undrift.plan_cycle.actions import perform
from undrift.plan_cycle.queries import context_of, picture_of
from undrift.record.outcomes import Refused

FROM = "from"  # in the address, and in the draft


@dataclass(frozen=True)
class Offered:
    """What is offered about one child of the matter, and in words what it is of."""

    child: str
    offer: Offer
    words: str


def offered_in(request: SignedRequest, matter: Matter, child: str) -> Offered | None:
    """What the address says it is raised of; None where it says nothing, or nothing of that is offered any more."""
    key = request.GET.get(FROM, "")
    about = next((one for one in matter.children if one.public_id == child), None)
    if not key or about is None:
        return None
    picture = picture_of(about, matter.person, matter.now)
    found = next((offer for offer in picture.offers if offer.key == key), None)
    return Offered(child, found, picture.offered(found)) if found is not None else None


def content_of(offered: Offered, matter: Matter) -> Mapping[str, object]:
    """What a draft begins with: the boxes as they would have been filled, and what it is raised of."""
    offer, ids = offered.offer, {str(child.pk): child.public_id for child in matter.children}
    typed = {
        "children": [ids[child] for child in offer.children if child in ids],
        "grounds": list(offer.grounds),
        "occasion": [offer.occasion] if offer.occasion else [],
        "stage": [offer.stage],
        "concern": [offer.wording] if offer.wording else [],
    }
    kept = {name: values for name, values in typed.items() if values}
    return {"typed": kept, FROM: {"child": offered.child, "offer": offer.key}}


def take_up(raising: Raising, reference: str) -> None:
    """Say in the plan cycle that a concern was raised of what it offered; nothing where it is offered no more."""
    of: Mapping[str, str] = raising.answers.content.get(FROM) or {}
    child = next((one for one in raising.case.children if one.public_id == of.get("child")), None)
    if child is None:
        return
    picture = picture_of(child, raising.case.person, raising.case.now)
    act = acts.BeginConcern(of["offer"], reference)
    with suppress(Refused):
        if picture.begun:
            perform(act, case=picture.case, by=raising.case.person)
        else:
            perform(act, context=context_of(picture), by=raising.case.person)
