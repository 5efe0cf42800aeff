"""What somebody has begun to write and has not sent: drafts, and text of any other form. Only its writer sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse

from undrift.access.family_facts import FamilyFacts
from undrift.access.matrix import Action
from undrift.access.rows import children_visible_to, visible_to
from undrift.access.scope import Scope
from undrift.desks.concern.typed_so_far import (
    INFORMAL,
    OURS,
    Unfinished,
    about_resolution,
    first_words,
    holds_nothing,
    in_order,
    said_of,
    unfinished,
)
from undrift.desks.frame.keeping import is_empty, place_at
from undrift.people.composed import NUMBER, composed
from undrift.people.models import Person
from undrift.record.drafts import drafts_of, own_draft
from undrift.record.history import history_of
from undrift.record.typed_texts import APART, NOT_TAKEN, all_unsent
from undrift.resolutions.models import Resolution

if TYPE_CHECKING:
    from undrift.record.models import Draft, TypedText

RESPOND = "respond"
KINDS = (*OURS, RESPOND)
# What of others ends the use of an answer, or of a move to the next stage, that somebody has begun to write.
TOO_LATE = frozenset(("answer_drafted", "answered", "judged", "handed_over"))
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
    "cycle-fix": "conference to be fixed",
    "cycle-held": "what a conference decided",
    "cycle-held-unfixed": "what a conference decided",
    "cycle-change": "change of a conference",
    "cycle-outline": "outline plan",
    "cycle-sent": "decision sheet that was sent",
    "cycle-discussion": "discussion before a conference",
    "cycle-report": "report that was shared",
    "cycle-key-action": "key action",
    "cycle-core-group": "core group",
    "cycle-not-accepted": "recommendation that is not accepted",
    "cycle-check": "check of the plan",
    "cycle-feedback": "feedback on a key action",
    "cycle-note": "good practice letter",
    "cycle-route": "appeal, complaint, dissent or referral",
    "cycle-decide": "decision on an appeal or a complaint",
    "cycle-decline": "why no concern is raised",
    "cycle-begin": "strategy discussion",
    "key-action": "how a key action stands",
    "cycle-event": "significant event",
    "cycle-join": "brother or sister of a plan cycle",
    "cycle-plan-ends": "how a plan ended",
    "cycle-end": "end of a plan cycle",
    "cycle-correct": "correction in a plan cycle",
    "raise-informal": "informal record",
    "raise-question": "concern",
    "raise-check": "concern",
}


def drafts_to_continue(person: Person, scope: Scope, now: datetime) -> list[Unfinished]:
    """Concerns, answers and whatever else was typed; an immediate risk first, then the latest.

    Eight queries at most, and one for each draft about a resolution.
    """
    found = list(_saved(person, scope, now))
    rows = [row for row in all_unsent(person.pk) if not is_empty(row.content)]
    shown = in_order([*found, *_typed(person, rows, found, scope, now)])
    called = FamilyFacts(person, now).called({one.family for one in shown} - {""})
    return [replace(one, called=called.get(one.family, "")) for one in shown]


def _saved(person: Person, scope: Scope, now: datetime) -> Iterator[Unfinished]:
    """Each leads to its form; where that opens no more, to what was written."""
    written = [draft for draft in _begun(person=person.pk) if draft.kind == RESPOND or not holds_nothing(draft.content)]
    forms = forms_of(person, written, scope, now)
    for draft in written:
        yield replace(_called(draft), href=forms.get(draft.pk) or reverse("kept-draft", args=[draft.pk]))


@composed(person=NUMBER)
def _begun(person: Any) -> QuerySet[Draft]:
    mine = drafts_of(person).filter(kind__in=KINDS).exclude(content__has_key="sent")
    return mine.select_related("case__resolution", "case__family", "case__authority", "authority")


def _called(draft: Draft) -> Unfinished:
    if draft.kind != RESPOND:
        return unfinished(draft)
    if draft.case is None:
        return Unfinished("Draft: response", "", draft.saved_at)
    about = about_resolution(draft.case.resolution)
    where = reverse("respond", args=[draft.case.reference])
    title, words = f"Draft: response to {draft.case.reference}", first_words(dict(said_of(draft.content)))
    return Unfinished(title, where, draft.saved_at, *about, words=words)


def forms_of(person: Person, drafts: Iterable[Draft], scope: Scope, now: datetime) -> dict[int, str]:
    """The address of the form of each of these drafts that can still be gone on with, by the draft's number."""
    drafts = list(drafts)
    cases = {draft.case.reference for draft in drafts if draft.case is not None}
    families = {draft.content.get("family", "") for draft in drafts if draft.kind != RESPOND and draft.case is None}
    seen: set[str] = set(_resolutions(person, cases, scope, now))
    if families - {""}:
        children = children_visible_to(person, now, scope, Action.RAISE).filter(family__reference__in=families)
        seen |= set(children.values_list("family__reference", flat=True))
    return {draft.pk: _called(draft).href for draft in drafts if _about(draft) in seen and not _overtaken(draft)}


def _about(draft: Draft) -> str:
    return draft.case.reference if draft.case is not None else str(draft.content.get("family", ""))


def _overtaken(draft: Draft) -> bool:
    """Whether something has happened since that makes it too late; for one who may still do it, the record says so."""
    if draft.case is None:
        return False
    case = draft.case.resolution
    if case.ended_at is not None or case.entered_at > draft.saved_at:
        return True
    return any(e.type in TOO_LATE and e.at > draft.saved_at for e in history_of(case))


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
            # The form of what has ended may not open: the text does.
            open_still = resolution is not None and resolution.ended_at is None
            yield _one(row, resolution, row.address if open_still else _text(row))


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
    words = first_words(row.content) or draft.words
    return replace(draft, href=row.address, saved_at=row.saved_at, risk=risk, words=words)


def _one(row: TypedText, resolution: Resolution | None, href: str) -> Unfinished:
    called, words = CALLED.get(row.page), first_words(row.content)
    if resolution is None:
        return Unfinished(f"Not sent: {called or row.page.replace('-', ' ')}", href, row.saved_at, words=words)
    title = f"Not sent: {called or row.page.replace('-', ' ') + ' of'} {resolution.reference}"
    return Unfinished(title, href, row.saved_at, *about_resolution(resolution), words=words)


def _text(row: TypedText) -> str:
    return reverse("kept-text", args=[row.pk])
