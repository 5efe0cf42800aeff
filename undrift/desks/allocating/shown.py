"""Whom a child has, and will have, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undrift.access.bringing import Placed
from undrift.engine.dates.words import full_day
from undrift.record.allocations import AllocationPart

if TYPE_CHECKING:
    from undrift.children.models import Allocation

NOBODY = "Nobody"


def who(one: Placed) -> tuple[str, str, str]:
    """The chair, the social worker, the team; what the import wrote, where that is nobody whom we know."""
    worker = one.worker.name if one.worker else _as_imported(one.plan.worker_text if one.plan else "")
    team = one.team.name if one.team else _as_imported(one.plan.team_text if one.plan else "", "None")
    return one.chair.name if one.chair else NOBODY, worker, team


def _as_imported(text: str, nobody: str = NOBODY) -> str:
    return f"{nobody} (the file says: {text})" if text else nobody


def since(one: Placed) -> str:
    if one.plan is not None:
        return full_day(one.plan.starts, short=True)
    if one.child.moved_on is not None:
        return f"Moved to {one.child.moved_to} on {full_day(one.child.moved_on, short=True)}"
    return "Before a plan" if one.initial is not None else "Not on a plan"


def ahead_in_words(one: Placed, part: AllocationPart | None = None) -> str:
    """ "Chair: Imran Dastgir from 1 June 2026"; of one part, or of all."""
    return "; ".join(
        f"{planned.get_part_display()}: {to_whom(planned)} from {full_day(planned.from_day, short=True)}"
        for planned in one.ahead
        if part is None or planned.part == part
    )


def to_whom(planned: Allocation) -> str:
    taker = planned.person or planned.unit
    return taker.name if taker is not None else NOBODY
