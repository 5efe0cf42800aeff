"""Whose turn it is in a case, for what, by when; or why it is nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from undrift.engine.dates.due import Due
from undrift.engine.duties import Duty
from undrift.engine.musts import Deed
from undrift.engine.refusal import Refusal

HELD = "Held"  # of a record about nobody who lives


@dataclass(frozen=True)
class NextStep:
    """The one next person and date. `who` is a role; for an agreed action `person` or `name` says who instead.

    Either there is a next person, or `none_because` says why there is none. `duty` carries the date that the policy or
    the authority sets, `later` a later one that the chair gave since; `due` is the one that counts for whose turn it
    is, and None where no date is set. Whether the answer came in time is judged by the duty's own date.
    """

    tag: str
    must: Deed | Literal[""] = ""
    who: str = ""
    person: str = ""
    name: str = ""
    duty: Duty | None = None
    later: Due | None = None
    none_because: str = ""

    @property
    def due(self) -> Due | None:
        return self.later or (self.duty.due if self.duty else None)

    @property
    def day(self) -> date | None:
        return self.due.date if self.due else None

    @property
    def ends(self) -> datetime | None:
        return self.due.at if self.due else None


def held_as_it_is(children: int) -> NextStep:
    """Nobody's turn: of these children nobody lives."""
    who = "The child has" if children == 1 else "The children have"
    return NextStep(HELD, none_because=f"{who} died. This record is held as it is: no date of it passes.")


def refused_while_held(children: int) -> Refusal:
    """Why nothing more is done there."""
    why = held_as_it_is(children).none_because
    return Refusal("held", f"{why} It can be added to and put right, and the chair can end it.")
