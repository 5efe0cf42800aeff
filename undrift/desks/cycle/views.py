"""The page of a child's plan cycle: whose turn it is, what is due and why, the conferences, what happened."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from undrift.children.words import CATEGORIES
from undrift.desks.cycle import ways
from undrift.desks.cycle.doing import cycle_of
from undrift.desks.frame.around_child import AroundChild
from undrift.desks.frame.components import Dated, Fact, Link, Moment, Table
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.frame.tone import lateness
from undrift.engine.dates.counting import london_day
from undrift.engine.dates.words import due_label, full_day
from undrift.engine.duties import Duty
from undrift.engine.plan_cycle.state import Conference
from undrift.plan_cycle.picture import Picture

NO_DATE = "No date is set"


@dataclass(frozen=True)
class Shown:
    """One conference with what is said of it for this child, and what may be done about it."""

    title: str
    facts: tuple[Fact, ...]
    links: tuple[Link, ...]


@require_safe
def show(request: SignedRequest, public_id: str) -> HttpResponse:
    picture = cycle_of(request, public_id)
    record = AroundChild(picture.child, request.user, picture.now)
    acting = record.glass is None  # what an emergency opening opens is there to be read, and no more
    return render(request, "cycle/show.html", {
        "heading": "Child record: plan cycle",
        "record": record,
        "places": record.places("child-cycle"),
        "picture": picture,
        "owed": _owed(picture),
        "why": tuple(_why(picture)),
        "links": ways.of_the_child(picture) if acting else (),
        "conferences": tuple(_shown(picture, each, acting=acting) for each in picture.conferences),
        "moments": _moments(picture),
    })  # fmt: skip


def _owed(picture: Picture) -> Table | None:
    rows = [(picture.what(duty), picture.who(duty), _by(picture, duty)) for duty in picture.owed]
    return Table("What is due", ("What", "Who", "By"), rows) if rows else None


def _by(picture: Picture, duty: Duty) -> Dated | str:
    if duty.day is None:
        return (duty.due.none_because if duty.due is not None else "") or NO_DATE
    calendar = picture.rules.calendar
    return Dated(duty.day, due_label(duty.day, picture.now, calendar), lateness(duty.day, picture.now, calendar))


def _why(picture: Picture) -> list[tuple[str, str, tuple[str, ...]]]:
    """For each date that is counted: the question, the clause, the proof."""
    return [
        (f"Why {full_day(duty.day, short=True)} for {picture.what(duty)}?", duty.clause, lines)
        for duty in picture.owed
        if duty.day is not None and (lines := picture.why(duty))
    ]


def _shown(picture: Picture, conference: Conference, *, acting: bool) -> Shown:
    links = ways.of_conference(picture, conference) if acting else ()
    if conference.id in picture.state.conferences and conference.held is not None:
        href = reverse("cycle-sheet", args=[picture.child.public_id, conference.id])
        links = (Link("Read the decision sheet", href), *links)
    return Shown(picture.called(conference), tuple(_facts(picture, conference)), links)


def _facts(picture: Picture, conference: Conference) -> list[Fact]:
    held, known = conference.held, conference.id in picture.state.conferences
    if held is None:
        where = " ".join(filter(None, (f"{conference.time:%H:%M}" if conference.time else "", conference.place)))
        state = "Cancelled" if conference.cancelled else "Postponed" if conference.on is None else "Still to be held"
        return [
            Fact("State", state),
            *([Fact("Why", conference.why)] if conference.why else []),
            *([Fact("When and where", where)] if where else []),
            *([Fact("Invited", ", ".join(conference.invited))] if conference.invited else []),
        ]
    facts = [Fact("Decided", decision_of(picture, conference)), *([] if known else [Fact("Known from", "A file")])]
    if known:
        facts.append(Fact("Quorate", "Yes" if held.quorate else f"No. Missing: {', '.join(held.missing)}"))
    if conference.sheet is not None:
        facts.append(Fact("Decision sheet sent", full_day(london_day(conference.sheet[0]), short=True)))
    return facts


def decision_of(picture: Picture, conference: Conference) -> str:
    """What was decided for this child, in words."""
    decided = conference.decided.get(picture.id)
    if decided is None:
        return "Nothing yet"
    if not decided.plan:
        return "No plan"
    category = dict(CATEGORIES).get(decided.category, "")
    return f"A child protection plan, {category.lower()}" if category else "A child protection plan"


def _moments(picture: Picture) -> list[Moment]:
    corrected = picture.state.corrected
    return [
        Moment(
            entry.title,
            entry.event.at,
            by=f"{entry.event.by.name}, on behalf of {behalf}" if (behalf := entry.event.by.on_behalf_of)
            else entry.event.by.name,
            text=entry.text,
            struck=entry.event.seq in corrected,
            wrong="Made in error" if entry.event.seq in corrected else "",
        )
        for entry in picture.entries
    ]  # fmt: skip
