"""What somebody has begun to write and has not sent. It names no child."""

from __future__ import annotations

from django.urls import reverse

from undrift.desks.raising.answers import Unfinished
from undrift.desks.raising.answers import drafts_of as begun
from undrift.people.models import Person
from undrift.resolutions.drafts import drafts_of

SHOWN = 5


def drafts_to_continue(person: Person) -> list[Unfinished]:
    """Concerns and answers, the latest first. Two queries."""
    answers = [
        Unfinished(
            f"Draft: response to {draft.resolution.reference}",
            reverse("respond", args=[draft.resolution.reference]),
            draft.saved_at,
        )
        for draft in drafts_of(person).filter(kind="respond", resolution__ended_at=None)
        if draft.resolution is not None
    ]
    return sorted([*begun(person), *answers], key=lambda draft: draft.saved_at, reverse=True)[:SHOWN]
