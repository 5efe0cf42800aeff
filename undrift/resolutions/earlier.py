"""Earlier concerns about the same: one of these children, one of these reasons, the same stage."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from undrift.engine.ladder.state import ENDINGS
from undrift.people.models import Person
from undrift.protocol.model import Protocol
from undrift.resolutions.models import Resolution
from undrift.resolutions.queries import of_children

MOST_EARLIER = 20


def earlier_about(
    children: Iterable[int], grounds: Iterable[str], stage: str, person: Person, protocol: Protocol, *, now: datetime
) -> list[Resolution]:
    """Those that this person may see, the latest first; each stood at this stage. None where no reason is chosen.

    Of another policy than this nothing is said: its stages are others.
    """
    reasons = list(grounds)
    if not reasons:
        return []
    found = of_children(list(children), person, now=now).filter(grounds__overlap=reasons, protocol_id=protocol.head.id)
    at = protocol.position(stage)
    return [
        r
        for r in found[:MOST_EARLIER]
        if r.ending != "in-error" and protocol.position(r.first_stage) <= at <= protocol.position(r.highest_stage)
    ]


def how_it_ended(resolution: Resolution) -> str:
    """In a word: "Resolved", "Withdrawn", "The plan ended"; "" while it is open."""
    if resolution.ended_at is None:
        return ""
    return ENDINGS.get(resolution.ending, resolution.ending.replace("-", " ").capitalize() or "Ended")


def status_words(resolution: Resolution, tag: str) -> str:
    """Its status as pages say it: what was taken back is not merely closed."""
    return "Withdrawn" if resolution.ended_at is not None and resolution.ending == "withdrawn" else tag
