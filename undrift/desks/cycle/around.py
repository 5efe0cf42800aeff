"""What else happens in a plan cycle: significant events, who joins, how it ends, errors."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse

from undrift.desks.cycle.around_forms import EndForm, EventForm, JoinForm
from undrift.desks.cycle.beside_forms import WhyForm
from undrift.desks.cycle.doing import address_of, asked, opened, posted
from undrift.desks.frame.components import Link
from undrift.desks.frame.days import day_and_time
from undrift.desks.frame.pages import NotNow
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.state import PLAN_ENDINGS


def event(request: SignedRequest, public_id: str) -> HttpResponse:
    """Something significant, and what was done; without an answer a check points it out."""
    picture = opened(request, public_id, "record_event")
    waiting = {f"{e.on.isoformat()} {e.what}": e for e in picture.state.children[picture.id].events if not e.response}
    form = EventForm(posted(request), waiting={key: e.what for key, e in waiting.items()},
                     initial={"on": picture.today})  # fmt: skip

    def act(c: dict[str, Any]) -> acts.Act:
        before = waiting.get(c.get("which", ""))
        if before is not None:
            return acts.RecordEvent(picture.id, before.on, before.what, c["response"])
        return acts.RecordEvent(picture.id, c["on"], c["what"], c["response"])

    return asked(
        request, picture, form, act=act, heading="A significant event", button="Put it on the record",
        done="It is on the record.",
    )  # fmt: skip


def join(request: SignedRequest, public_id: str) -> HttpResponse:
    """A brother or sister who belongs to it from now on."""
    picture = opened(request, public_id, "join_child")
    others = [(str(child.pk), child.called) for child in picture.to_join]
    if not others:
        raise NotNow("No brother or sister is left to be added.", Link("Go back to it", address_of(picture)))
    form = JoinForm(posted(request), children=others)
    return asked(
        request, picture, form, act=lambda c: acts.JoinChild(c["child"], c["why"]),
        heading="Add a brother or sister", button="Add the child", done="The child belongs to it from now on.",
    )  # fmt: skip


def plan_ends(request: SignedRequest, public_id: str) -> HttpResponse:
    """Otherwise than by a conference."""
    picture = opened(request, public_id, "end_plan")
    endings = [(key, words) for key, words in PLAN_ENDINGS.items() if key != "conference"]
    form = EndForm(posted(request), endings=endings, initial={"on": picture.today})
    return asked(
        request, picture, form, act=lambda c: acts.EndPlan(picture.id, c["on"], c["ending"]),
        heading="How the plan ended", button="Save", fields={"child": "ending"},
        done="How the plan ended is on the record.",
    )  # fmt: skip


def end(request: SignedRequest, public_id: str) -> HttpResponse:
    """The whole cycle, once no child is on a plan and no conference lies ahead."""
    picture = opened(request, public_id, "end_cycle")
    form = WhyForm(posted(request))
    return asked(
        request, picture, form, act=lambda c: acts.EndCycle(c["why"]), heading="End the plan cycle",
        button="End the plan cycle", done="The plan cycle has ended.",
    )  # fmt: skip


def correct(request: SignedRequest, public_id: str, entry: int) -> HttpResponse:
    """An entry that was made in error: it stays, struck through, with why. 404 for one that is not of this child."""
    picture = opened(request, public_id, "correct")
    found = next((told for told in picture.entries if told.event.seq == entry), None)
    if found is None or entry in picture.state.corrected:
        raise Http404
    form = WhyForm(posted(request))
    return asked(
        request, picture, form, act=lambda c: acts.Correct(entry, c["why"]),
        heading="Mark an entry as made in error", button="Mark as made in error",
        done="The entry is marked as made in error.",
        intro=[f"{found.title}, {day_and_time(found.event.at)}. {found.text}",
               "It stays on the record, struck through, with your name, the time and your reason.",
               "No date changes by it. If something has to be put right, do that as well."],
        fields={"seq": "why"},
    )  # fmt: skip
