"""A conference fixed, moved, postponed, cancelled, and what it decided for each child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from undrift.access.family_facts import FamilyFacts
from undrift.desks.cycle import ways
from undrift.desks.cycle.doing import asked, conference_in, open_names, opened, posted
from undrift.desks.cycle.forms import ChangeForm, FixForm, HeldForm, chosen, dissent_rows, dissents
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.dates.moments import LONDON
from undrift.engine.dates.words import full_day
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.agenda import limit_of
from undrift.engine.plan_cycle.state import Conference
from undrift.plan_cycle.picture import Picture
from undrift.plan_cycle.queries import might_begin

NO_ORDERS = "A conference recommends. It cannot order an agency to do something, and it decides about a plan alone."
SO_WRITE = f"{NO_ORDERS} Write what is asked of an agency as a recommendation."


def fix(request: SignedRequest, public_id: str) -> HttpResponse:
    picture = opened(request, public_id, "fix_conference")
    besides = {str(child.pk): child.called for child in might_begin(picture)}
    names = {**open_names(picture), **besides}
    again = {c.id: picture.called(c) for c in picture.held}
    form = FixForm(posted(request), names=names, again=again, initial=_planned(request, picture))
    return asked(
        request, picture, form,
        act=lambda c: acts.FixConference(
            c["kind"], c["on"], chosen(c, names), c["time"], c["place"], c["invited"],
            c.get("reconvenes", "") if c["kind"] == "reconvened" else "",
        ),
        heading="Fix a conference", button="Fix the conference", done="The conference is fixed.",
        intro=_last_day(picture),
        joined_by=lambda c: (child for child in chosen(c, names) if child in besides),
    )  # fmt: skip


def _last_day(picture: Picture) -> list[str]:
    """By when the next conference is to be held; nothing where nobody knows from when it counts."""
    due = limit_of(picture.rules, picture.seen, picture.part)
    return [f"The last day for it is {full_day(due.date)}."] if due is not None and due.date is not None else []


def _planned(request: SignedRequest, picture: Picture) -> dict[str, Any]:
    """What a file says of the next conference: the chair need not type it again."""
    found = FamilyFacts(request.user, picture.now).next_conference(picture.child.family_id)
    if found is None or found.planned_for is None:
        return {}
    at = found.planned_for.astimezone(LONDON)
    invited = "\n".join(found.participants.order_by("name").values_list("name", flat=True))
    return {"kind": found.kind, "on": at.date(), "time": f"{at:%H:%M}" if at.hour else "", "invited": invited}


def change(request: SignedRequest, public_id: str, conference: str) -> HttpResponse:
    """Another day, no day for now, or none at all; always with why."""
    picture = opened(request, public_id, "move_conference")
    found = conference_in(picture, conference)
    form = ChangeForm(posted(request))

    def act(c: dict[str, Any]) -> acts.Act:
        match c["what"]:
            case "move":
                return acts.MoveConference(found.id, c["on"], c["why"], c["time"])
            case "postpone":
                return acts.PostponeConference(found.id, c["why"])
            case _:
                return acts.CancelConference(found.id, c["why"])

    return asked(
        request, picture, form, act=act, heading="Move, postpone or cancel a conference", button="Save",
        done="The change is on the record.", intro=[picture.called(found)],
    )  # fmt: skip


def held(request: SignedRequest, public_id: str, conference: str) -> HttpResponse:
    picture = opened(request, public_id, "hold_conference")
    return _held(request, picture, conference_in(picture, conference))


def held_unfixed(request: SignedRequest, public_id: str) -> HttpResponse:
    """Of a conference that nobody had fixed here."""
    return _held(request, opened(request, public_id, "hold_conference"), None)


def _on_file(request: SignedRequest, picture: Picture) -> dict[str, Any]:
    """What a file says of the conference that is put on record: the chair need not type it again."""
    named = request.GET.get(ways.OF, "")
    found = next((c for c in picture.conferences if c.id == named and c.held is not None), None)
    return {"kind": found.kind, "on": found.held.on} if found is not None and found.held is not None else {}


def _held(request: SignedRequest, picture: Picture, conference: Conference | None) -> HttpResponse:
    names = _asked_about(picture, conference)
    final_say = picture.rules.protocol.final_say is not None
    came = "\n".join(conference.invited) if conference is not None else ""
    first = {"on": conference.on, "came": came} if conference is not None else _on_file(request, picture)
    form = HeldForm(posted(request), names=names, unfixed=conference is None, final_say=bool(final_say), initial=first)
    rows = dissent_rows(posted(request))

    def act(c: dict[str, Any]) -> acts.Act:
        return acts.HoldConference(
            conference.id if conference is not None else "", c["on"], form.decisions(), c["quorate"] == "yes",
            c["time"], c["came"], c["missing"] if c["quorate"] == "no" else (), dissents(rows), c["next_review"],
            c.get("kind", ""), tuple(c.get("children", ())),
        )  # fmt: skip

    return asked(
        request, picture, form, act=act, rows=rows, row_name="dissent", fields={"children": "kind"},
        rows_heading="If somebody does not agree", rows_hint="Leave this empty if everybody agreed.",
        heading="Record what a conference decided", button="Save what was decided",
        done="What was decided is on the record.",
        intro=[*([picture.called(conference)] if conference is not None else []), SO_WRITE],
    )  # fmt: skip


def _asked_about(picture: Picture, conference: Conference | None) -> Mapping[str, str]:
    """Whom it decides about, each by the name that the viewer may know."""
    if conference is None:
        return open_names(picture)
    return {child: picture.names.get(child, "another child of the family") for child in conference.children}
