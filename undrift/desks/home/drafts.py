"""What somebody has begun to write and has not sent. It names no child."""

from __future__ import annotations

from django.urls import reverse

from undrift.desks.concern.typed_so_far import Unfinished
from undrift.desks.concern.typed_so_far import drafts_of as begun
from undrift.people.models import Person
from undrift.record.drafts import drafts_of

SHOWN = 5


def drafts_to_continue(person: Person) -> list[Unfinished]:
    """Concerns and answers, the latest first. Two queries."""
    answers = [
        Unfinished(
            f"Draft: response to {draft.case.reference}",
            reverse("respond", args=[draft.case.reference]),
            draft.saved_at,
        )
        for draft in drafts_of(person).filter(kind="respond", case__ended_at=None)
        if draft.case is not None
    ]
    return sorted([*begun(person), *answers], key=lambda draft: draft.saved_at, reverse=True)[:SHOWN]
