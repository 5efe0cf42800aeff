"""Beside the cycle: an appeal, complaint, dissent or referral taken and decided; good practice written to a child."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from undrift.desks.cycle.beside_forms import DecideForm, NoteForm, TakeForm, WhyForm
from undrift.desks.cycle.doing import address_of, asked, cycle_of, opened, posted
from undrift.desks.frame.components import Link
from undrift.desks.frame.pages import NotNow
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.dates.words import full_day
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.beside import last_day_of
from undrift.engine.plan_cycle.state import PARTIES
from undrift.plan_cycle.picture import Picture

TO_THE_CHILD = (
    "Write to the child, who may read this years from now: what was done, by whom, and what it changed for the child.",
    "Use short sentences and the names that the child knows. Leave out brothers and sisters, and any trade word.",
)


def take(request: SignedRequest, public_id: str) -> HttpResponse:
    """Recorded whoever takes it, and however late: whoever decides on it says what that means."""
    picture = opened(request, public_id, "take_route")
    routes = [(route.id, route.title) for route in picture.rules.protocol.routes]
    held = {c.id: picture.called(c) for c in picture.conferences if c.held is not None}
    first = {"on": picture.today, "conference": next(iter(held), "")}
    form = TakeForm(posted(request), routes=routes, held=held, parties=PARTIES.items(), initial=first)
    return asked(
        request, picture, form,
        act=lambda c: acts.TakeRoute(
            c["route"], c["on"], c["who"], c["party"], c["text"], c.get("conference", ""), (picture.id,)
        ),
        heading="An appeal, a complaint, dissent or a referral", button="Put it on the record",
        done="It is on the record.", intro=_last_days(picture),
    )  # fmt: skip


def _last_days(picture: Picture) -> list[str]:
    """Until when each way is open after each conference that was held, one that only a file knows among them."""
    return [
        f"{route.title}, after the conference of {full_day(held.on)}: until {full_day(due.date)}."
        for route in picture.rules.protocol.routes
        for conference in picture.conferences
        if (held := conference.held) is not None
        and (due := last_day_of(picture.rules, picture.seen, route, conference.id)) is not None
        and due.date is not None
    ]


def decide(request: SignedRequest, public_id: str, route: str) -> HttpResponse:
    picture = opened(request, public_id, "decide_route")
    taken = picture.state.routes.get(route)
    if taken is None or picture.id not in taken.children or taken.upheld is not None:
        raise Http404
    named = picture.rules.protocol.route(taken.route)
    title = named.title if named is not None else taken.route
    return asked(
        request, picture, DecideForm(posted(request)),
        act=lambda c: acts.DecideRoute(taken.id, c["upheld"] == "yes", c["why"]),
        heading="Decide on it", button="Save the decision", done="The decision is on the record.",
        intro=[f"{title}: {taken.who}, {full_day(taken.on)}.", *([taken.text] if taken.text else []),
               *(["It came after the last day."] if taken.late else [])],
        fields={"id": "why"},
    )  # fmt: skip


def note(request: SignedRequest, public_id: str) -> HttpResponse:
    """A good practice note: shared as the policy says of its tier, printed as a letter."""
    picture = opened(request, public_id, "write_note")
    tiers = [(tier.id, tier.title, _shared(picture, tier.shared_with))
             for tier in picture.rules.protocol.good_practice]  # fmt: skip
    if not tiers:
        raise NotNow("The policy says nothing of good practice.", Link("Go back to it", address_of(picture)))
    worker = picture.case.social_worker.name if picture.case.social_worker else ""
    form = NoteForm(posted(request), tiers=tiers, name=picture.child.called, initial={"worker": worker})
    return asked(
        request, picture, form,
        act=lambda c: acts.WriteNote(picture.id, c["tier"], c["text"], c["worker"], c["quotable"] == "yes"),
        heading="Good practice: write to the child", button="Save the letter",
        done="The letter is on the record.", intro=TO_THE_CHILD,
    )  # fmt: skip


def _shared(picture: Picture, roles: tuple[str, ...]) -> str:
    return f"Shared with: {', '.join(picture.rules.protocol.title_of(role) for role in roles)}"


@require_safe
def letter(request: SignedRequest, public_id: str, note: str) -> HttpResponse:
    """The note as it is given to the child."""
    picture = cycle_of(request, public_id)
    found = next((each for each in picture.state.notes if each.id == note and each.child == picture.id), None)
    if found is None:
        raise Http404
    written = next((entry for entry in picture.entries if str(entry.event.seq) == found.id), None)
    return render(request, "cycle/letter.html", {
        "heading": "A letter to a child",
        "picture": picture,
        "note": found,
        "by": written.event.by.name if written is not None else "",
        "back": address_of(picture),
    })  # fmt: skip


def decline(request: SignedRequest, public_id: str, offer: str) -> HttpResponse:
    """Nothing is raised of it, with why."""
    picture = opened(request, public_id, "decline_offer")
    found = next((each for each in picture.offers if each.key == offer), None)
    if found is None:
        raise Http404
    form: forms.Form = WhyForm(posted(request))
    return asked(
        request, picture, form, act=lambda c: acts.DeclineOffer(found.key, c["why"]),
        heading="No concern is raised of it", button="Save", done="It is on the record that nothing is raised.",
        intro=[picture.offered(found)], fields={"offer": "why"},
    )  # fmt: skip
