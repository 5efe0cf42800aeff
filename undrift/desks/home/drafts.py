"""What somebody has begun to write and has not sent: drafts, and text of any other form. It names no child."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from undrift.access.rows import visible_to
from undrift.access.scope import Scope
from undrift.desks.concern.typed_so_far import OURS, Unfinished, about_resolution, in_order, unfinished
from undrift.desks.concern.typed_so_far import drafts_of as begun
from undrift.desks.frame.keeping import is_empty, place_at
from undrift.people.models import Person
from undrift.record.drafts import drafts_of, own_draft
from undrift.record.typed_texts import unsent
from undrift.resolutions.models import Resolution

if TYPE_CHECKING:
    from undrift.record.models import TypedText

# What a form asks for, by the name of its page; any other is called by that name.
CALLED: Mapping[str, str] = {
    "respond": "response to",
    "approve": "approval of",
    "decide": "decision about",
    "more-time": "more time for",
    "hand-over": "handing over",
    "resolve": "what changed in",
    "close": "closing",
    "withdraw": "withdrawal of",
    "action": "update of an action in",
    "new-action": "new action in",
    "milestone": "step of the plan cycle in",
    "note": "note on",
    "correct": "correction in",
    "spoke": "conversation about",
    "share": "sharing",
    "route": "other route for",
    "record-urgent": "urgent action in",
    "next-stage": "move to the next stage of",
}


def drafts_to_continue(person: Person, scope: Scope, now: datetime) -> list[Unfinished]:
    """Concerns, answers and whatever else was typed; an immediate risk first, then the latest. Five queries at most."""
    found = [*begun(person), *_answers(person)]
    addresses, drafts = {one.href for one in found}, {one.draft for one in found}
    rows = [row for row in unsent(person.pk) if row.address not in addresses and not is_empty(row.content)]
    return in_order([*found, *_typed(person, rows, drafts, scope, now)])


def _answers(person: Person) -> Iterator[Unfinished]:
    mine = drafts_of(person).filter(kind="respond", case__ended_at=None)
    for draft in mine.select_related("case__resolution", "case__family", "case__authority"):
        if draft.case is not None:
            where = reverse("respond", args=[draft.case.reference])
            about = about_resolution(draft.case.resolution)
            yield Unfinished(f"Draft: response to {draft.case.reference}", where, draft.saved_at, *about)


def _typed(
    person: Person, rows: list[TypedText], listed: set[int], scope: Scope, now: datetime
) -> Iterator[Unfinished]:
    """Text of the forms that keep no draft of their own, and of a draft's pages where nothing else was typed."""
    places = [(row, _place(row.address)) for row in rows]
    known = _resolutions(person, {str(place.get("reference", "")) for _, place in places}, scope, now)
    for row, place in places:
        if "draft" in place:
            number = int(str(place["draft"]))
            draft = None if number in listed else own_draft(person, number, OURS)
            if draft is not None and "typed" in draft.content:
                listed.add(number)
                yield _with(unfinished(draft), row)
            continue
        yield _one(row, known.get(str(place.get("reference", ""))))


def _place(address: str) -> Mapping[str, object]:
    place = place_at(address)
    return place.kwargs if place is not None else {}


def _resolutions(person: Person, references: set[str], scope: Scope, now: datetime) -> dict[str, Resolution]:
    named = references - {""}
    if not named:
        return {}
    found = visible_to(Resolution, person, now, scope).filter(reference__in=named)
    return {r.reference: r for r in found.select_related("family", "authority")}


def _with(draft: Unfinished, row: TypedText) -> Unfinished:
    risk = draft.risk or row.content.get("risk") == ["yes"]
    return Unfinished(draft.title, row.address, row.saved_at, draft.family, draft.stage, risk, draft.draft)


def _one(row: TypedText, resolution: Resolution | None) -> Unfinished:
    href = reverse("kept-text", args=[row.pk]) if row.why == "not taken" else row.address
    called = CALLED.get(row.page)
    if resolution is None:
        return Unfinished(f"Not sent: {called or row.page.replace('-', ' ')}", _text(row), row.saved_at)
    title = f"Not sent: {called or row.page.replace('-', ' ') + ' of'} {resolution.reference}"
    return Unfinished(title, href, row.saved_at, *about_resolution(resolution))


def _text(row: TypedText) -> str:
    return reverse("kept-text", args=[row.pk])
