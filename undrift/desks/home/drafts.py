"""What somebody has begun to write and has not sent: drafts, and text of any other form. It names no child."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from undrift.access.rows import visible_to
from undrift.access.scope import Scope
from undrift.desks.concern.typed_so_far import INFORMAL, OURS, Unfinished, about_resolution, in_order, unfinished
from undrift.desks.concern.typed_so_far import drafts_of as begun
from undrift.desks.frame.keeping import is_empty, place_at
from undrift.people.models import Person
from undrift.record.drafts import drafts_of, own_draft
from undrift.record.typed_texts import APART, NOT_TAKEN, unsent
from undrift.resolutions.models import Resolution

if TYPE_CHECKING:
    from undrift.record.models import Draft, TypedText

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
    "raise-informal": "informal record",
    "raise-question": "concern",
    "raise-check": "concern",
}


def drafts_to_continue(person: Person, scope: Scope, now: datetime) -> list[Unfinished]:
    """Concerns, answers and whatever else was typed; an immediate risk first, then the latest. Five queries at most."""
    found = [*begun(person), *_answers(person)]
    rows = [row for row in unsent(person.pk) if not is_empty(row.content)]
    return in_order([*found, *_typed(person, rows, found, scope, now)])


def _answers(person: Person) -> Iterator[Unfinished]:
    mine = drafts_of(person).filter(kind="respond", case__ended_at=None)
    for draft in mine.select_related("case__resolution", "case__family", "case__authority"):
        if draft.case is not None:
            where = reverse("respond", args=[draft.case.reference])
            about = about_resolution(draft.case.resolution)
            yield Unfinished(f"Draft: response to {draft.case.reference}", where, draft.saved_at, *about)


def _typed(
    person: Person, rows: list[TypedText], found: list[Unfinished], scope: Scope, now: datetime
) -> Iterator[Unfinished]:
    """Text of the forms that keep no draft of their own, and of a draft's pages where nothing else was typed.

    A form offers what was kept of it last: text of another tab is read on a page of its own.
    """
    places = [(row, _place(row.address)) for row in rows]
    known = _resolutions(person, {str(place.get("reference", "")) for _, place in places}, scope, now)
    offered, listed = {one.href for one in found}, {one.draft for one in found}
    seen: set[str] = set()
    for row, place in places:
        resolution = known.get(str(place.get("reference", "")))
        last = row.address not in seen and row.why not in (NOT_TAKEN, *APART)
        seen.add(row.address)
        if not last:
            yield _one(row, resolution, _text(row))
        elif "draft" in place:
            number = int(str(place["draft"]))
            draft = own_draft(person, number, OURS)
            if draft is None or not _takes(draft, row):
                yield _one(row, resolution, _text(row))
            elif number not in listed:
                listed.add(number)
                yield _with(unfinished(draft), row)
        elif row.address not in offered:
            yield _one(row, resolution, row.address if resolution is not None else _text(row))


def _takes(draft: Draft, row: TypedText) -> bool:
    """Whether the page on which it was typed is still a page of that draft."""
    return "typed" in draft.content and (draft.kind == INFORMAL or row.page != "raise-informal")


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


def _one(row: TypedText, resolution: Resolution | None, href: str) -> Unfinished:
    called = CALLED.get(row.page)
    if resolution is None:
        return Unfinished(f"Not sent: {called or row.page.replace('-', ' ')}", href, row.saved_at)
    title = f"Not sent: {called or row.page.replace('-', ' ') + ' of'} {resolution.reference}"
    return Unfinished(title, href, row.saved_at, *about_resolution(resolution))


def _text(row: TypedText) -> str:
    return reverse("kept-text", args=[row.pk])
