"""Under which key each row of a file is remembered: the source's own, or one made of what names the thing."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from undrift.intake.extract import CoreGroupRow, LookedAfterRow, MeetingRow, PlanRow

LONGEST = 120


def by_name(name: str) -> str:
    """A unit's, an agency's or a person's name as it is compared."""
    return " ".join(name.lower().split())


@lru_cache(maxsize=20_000)
def hashed(text: str) -> str:
    """Enough to tell whether a format says the same again, and nothing that can be read."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def of_plan(row: PlanRow, child: str) -> str:
    """`child` is the number of the child on file."""
    return row.source_key or f"{child}|{row.starts.isoformat()}"


def of_meeting(row: MeetingRow, first: str) -> str:
    """The first child's number with the source's own, which siblings may share; else with the kind and the day."""
    its_own = row.meeting_key or row.source_key or f"{row.kind}|{row.day.isoformat()}"
    return f"{first}|{its_own}"[:LONGEST]


def of_time(row: LookedAfterRow, child: str) -> str:
    """Of being looked after."""
    return f"{child}|{row.starts.isoformat()}"


def of_member(row: CoreGroupRow, child: str, person: int | None) -> str:
    return f"{child}|{person or hashed(by_name(row.name))}|{row.starts.isoformat()}"[:LONGEST]
