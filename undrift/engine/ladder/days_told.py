"""The days of which an act says that something happened on them: each lies within the time that it can be about.

How far back a concern about a child can reach, the child's own plan says; whoever performs the act looks it up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from undrift.engine.dates.horizons import Earliest
from undrift.engine.ladder import acts
from undrift.engine.refusal import Refusal


class Told(NamedTuple):
    """A day, and the field of the act that says it, as its own refusals of a day too long past name it."""

    day: date
    code: str
    about: str


def too_early(act: acts.Act, earliest: Earliest) -> Refusal | None:
    """Why a day of the act lies before all that it can be about, at its field; None where none does."""
    for told in days_told(act):
        if told.day < earliest.day:
            return Refusal(told.code, earliest.sentence, about=told.about)
    return None


def days_told(act: acts.Act) -> Iterator[Told]:
    """What is done about an action, and a call afterwards, lie after what they follow: that is asked with the act."""
    match act:
        case acts.Raise():
            yield from _day(act.spoke.on if act.spoke else None, "spoken-long-ago", "spoke")
            yield from _day(act.rang.on if act.rang else None, "spoken-long-ago", "spoke")
            yield from _day(act.risk.on if act.risk else None, "acted-long-ago", "risk")
            yield from _day(act.happened, "happened-long-ago", "happened")
        case acts.MoveOn():
            yield from _day(act.spoke.on if act.spoke else None, "spoken-long-ago", "spoke")
            yield from _day(act.risk.on if act.risk else None, "acted-long-ago", "risk")
        case acts.Speak():
            yield from _day(act.conversation.on, "spoken-long-ago", "spoke")
        case acts.RecordUrgentAction():
            yield from _day(act.on, "long-ago", "on")
        case acts.TakeRoute():
            yield from _day(act.on, "long-ago", "on")
            yield from _day(act.of, "of-long-ago", "of")
        case _:
            return


def _day(day: date | None, code: str, about: str) -> Iterator[Told]:
    if day is not None:
        yield Told(day, code, about)
