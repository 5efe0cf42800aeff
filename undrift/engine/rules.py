"""A protocol as one authority adopted it: the policy, its calendar, and what the policy left to the authority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from undrift.engine.dates.calendars import Calendar
from undrift.engine.dates.reasons import prove
from undrift.engine.dates.which_days import STATED, TOLD_APART, counted_as, which_days
from undrift.protocol.clocks import Clock, Counted, SetByTheAuthority, Unit
from undrift.protocol.model import Milestone, Protocol

if TYPE_CHECKING:
    from undrift.engine.dates.due import Due
    from undrift.engine.dates.proof import Proof

TWO_WORKING_DAYS = Counted(2, Unit.WORKING_DAYS)


@dataclass(frozen=True)
class Rules:
    """What the engine works by.

    `bare_days` is what "days" are here: what the policy says of them, and where it says nothing, the authority's
    choice. A choice against the policy is not heard. `chair_decides_within` is the
    authority's own target for the chair's decision (neither shipped policy sets one); None switches it off. `own` are
    the numbers that the policy leaves to the authority, by the step of the plan cycle that asks for one.
    `draft_before` is how long before the due date a draft should reach the approver: a courtesy, never late.
    """

    protocol: Protocol
    calendar: Calendar
    bare_days: Literal["working", "calendar"] | None = None
    chair_decides_within: Clock | None = field(default=TWO_WORKING_DAYS)
    draft_before: int = 2
    own: Mapping[str, Clock] = field(default_factory=dict)
    backdate_at_most: int = 10  # working days back that a conversation may be recorded

    def __post_init__(self) -> None:
        stated = self.protocol.head.bare_days
        if stated != "unstated":
            object.__setattr__(self, "bare_days", stated)

    @property
    def days_are_stated(self) -> bool:
        """Whether the policy itself says which days its "days" are."""
        return self.protocol.head.bare_days != "unstated"

    @property
    def _how_stated(self) -> str:
        if not self.days_are_stated:
            return ""
        return TOLD_APART if self.bare_days == "calendar" and self.protocol.says_working_days else STATED

    def counted(self, clock: Clock) -> Clock:
        """The clock that is counted where the policy writes this one: another, where it declares the two the same."""
        return self.protocol.equivalents.get(clock, clock)

    def clocks_of(self, step: Milestone) -> tuple[Clock | None, Clock | None]:
        """When a step of the plan cycle is due the first time and again, the authority's own number in its place.

        What the authority has not set stays "set by the authority", and gives no date.
        """
        return self._own(step, step.clock), self._own(step, step.every)

    def _own(self, step: Milestone, clock: Clock | None) -> Clock | None:
        if not isinstance(clock, SetByTheAuthority):
            return clock and self.counted(clock)
        own = self.own.get(step.id)
        return replace(own, before=clock.before) if isinstance(own, Counted) else clock

    def in_words(self, clock: Clock, authority: str = "this authority") -> str:
        """A clock with what its days are here: `7 days, which Westmarch Council counts as working days`."""
        return counted_as(clock, self.bare_days, "the policy" if self.days_are_stated else authority)

    def counts(self, due: Due, authority: str = "this authority") -> str | None:
        """Who says which days are counted, where a due date's clock says only "days"; else None."""
        return which_days(due.clock, self.bare_days, stated=self._how_stated, authority=authority)

    def proof(self, due: Due, authority: str = "this authority") -> Proof:
        """How a due date was worked out, with the truth about its days."""
        return prove(due, stated=self._how_stated, authority=authority)
