"""The decision sheet of a conference for one child, with the outline plan: written, read, printed, sent."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from undrift.desks.cycle import ways
from undrift.desks.cycle.conference import NO_ORDERS, SO_WRITE
from undrift.desks.cycle.doing import address_of, asked, conference_in, cycle_of, identity, opened, posted
from undrift.desks.cycle.forms import OutlineForm, SentForm
from undrift.desks.cycle.views import decision_of
from undrift.desks.frame.components import Fact
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.dates.counting import london_day
from undrift.engine.dates.words import full_day
from undrift.engine.plan_cycle import acts
from undrift.engine.plan_cycle.state import Conference
from undrift.plan_cycle.picture import Picture

WHOLE = "The outline plan"


def outline(request: SignedRequest, public_id: str, conference: str) -> HttpResponse:
    """The parts that the policy lists, for this child; written again, the last text stands."""
    picture = opened(request, public_id, "write_outline")
    found = _held_in(picture, conference)
    parts = _parts(picture)
    form = OutlineForm(posted(request), parts=parts, written=found.outlines.get(picture.id, ()))
    return asked(
        request, picture, form, act=lambda c: acts.WriteOutline(found.id, picture.id, form.written()),
        heading="Outline plan", button="Save the outline plan",
        done="The outline plan is on the record.", onward=_address(picture, found),
        intro=[picture.called(found), SO_WRITE],
    )  # fmt: skip


def _parts(picture: Picture) -> tuple[str, ...]:
    listed = next((step.contains for step in picture.rules.protocol.met_by("sheet sent")), ())
    return tuple(f"{part[:1].upper()}{part[1:]}" for part in listed) or (WHOLE,)


def _held_in(picture: Picture, key: str) -> Conference:
    found = conference_in(picture, key)
    if found.held is None:
        raise Http404
    return found


def _address(picture: Picture, conference: Conference) -> str:
    return reverse("cycle-sheet", args=[picture.child.public_id, conference.id])


@require_safe
def show(request: SignedRequest, public_id: str, conference: str) -> HttpResponse:
    """To be read and printed: of this child alone."""
    picture = cycle_of(request, public_id)
    found = _held_in(picture, conference)
    written = found.outlines.get(picture.id, ())
    return render(request, "cycle/sheet.html", {
        "heading": "Decision sheet",
        "caption": picture.called(found),
        "picture": picture,
        "identity": identity(picture),
        "facts": _facts(picture, found),
        "outline": tuple(("" if part == WHOLE else part, text)
                         for part, text in zip(_parts(picture), written, strict=False)),
        "key_actions": [a for a in picture.key_actions if a.conference == found.id],
        "links": tuple(link for link in ways.of_conference(picture, found) if link.href != request.path),
        "back": address_of(picture),
        "no_orders": NO_ORDERS,
    })  # fmt: skip


def _facts(picture: Picture, conference: Conference) -> list[Fact]:
    held, decided = conference.held, conference.decided.get(picture.id)
    assert held is not None
    dissents = [d for d in held.dissents if d.get("child") in (None, "", picture.id)]
    sheet = conference.sheet
    return [
        Fact("Decided", decision_of(picture, conference)),
        *([Fact("The chair decided otherwise than the conference", decided.overruled)]
          if decided is not None and decided.overruled else []),
        Fact("Held", full_day(held.on)),
        Fact("Chair", _chair(picture)),
        Fact("Who came", ", ".join(held.came)),
        *([Fact("Not quorate, missing", ", ".join(held.missing))] if not held.quorate else []),
        *(Fact(f"{d['who']} does not agree", "\n".join(filter(None, (d["why"], _advice(d))))) for d in dissents),
        *([Fact("Next review", full_day(ahead.on))]
          if (ahead := picture.state.next_about(picture.id)) is not None and ahead.on is not None else []),
        Fact("Sent", f"{full_day(london_day(sheet[0]))}, to {', '.join(sheet[1])}" if sheet else "Not sent yet"),
        *(Fact("To be sent by", full_day(duty.day)) for duty in picture.owed
          if duty.subject == conference.id and duty.day is not None and _is_sheet(picture, duty.must)),
    ]  # fmt: skip


def _chair(picture: Picture) -> str:
    found = picture.found.get(picture.rules.protocol.chair)
    return found.person.name if found is not None and found.person is not None else "Nobody yet"


def _advice(dissent: object) -> str:
    said = dict(dissent).get("advice", "") if isinstance(dissent, dict) else ""
    return f"Advice sought: {said}" if said else ""


def _is_sheet(picture: Picture, must: str) -> bool:
    step = picture.rules.protocol.milestone(must)
    return step is not None and step.met_by == "sheet sent"


def sent(request: SignedRequest, public_id: str, conference: str) -> HttpResponse:
    picture = opened(request, public_id, "send_sheet")
    found = _held_in(picture, conference)
    assert found.held is not None
    first = {"on": picture.today, "to": "\n".join(dict.fromkeys((*found.held.came, *found.invited)))}
    form = SentForm(posted(request), initial=first)
    return asked(
        request, picture, form, act=lambda c: acts.SendSheet(found.id, c["on"], c["to"], c["time"]),
        heading="Say that the decision sheet was sent", button="Save", done="It is on the record that it was sent.",
        onward=_address(picture, found), intro=[picture.called(found)],
        fields={"child": "to"},
    )  # fmt: skip
