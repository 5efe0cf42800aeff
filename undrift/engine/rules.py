"""A protocol as one authority adopted it: the policy, its calendar, and what the policy left to the authority."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from undrift.engine.calendars import Calendar
from undrift.protocol.clocks import Clock, Counted, Unit
from undrift.protocol.model import Protocol

TWO_WORKING_DAYS = Counted(2, Unit.WORKING_DAYS)


@dataclass(frozen=True)
class Rules:
    """What the engine works by.

    `bare_days` is the authority's choice where the policy says "days" and no more. `chair_decides_within` is the
    authority's own target for the chair's decision (neither shipped policy sets one); None switches it off.
    `draft_before` is how long before the due date a draft should reach the approver: a courtesy, never late.
    """

    protocol: Protocol
    calendar: Calendar
    bare_days: Literal["working", "calendar"] | None = None
    chair_decides_within: Clock | None = field(default=TWO_WORKING_DAYS)
    draft_before: int = 2
    backdate_at_most: int = 10  # working days back that a conversation may be recorded
