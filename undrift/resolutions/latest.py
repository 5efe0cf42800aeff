"""What led to a thing to do, in a few words: "No response from Callum Stroud", "Response received 5 May"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from undrift.engine.dates.moments import london_date
from undrift.engine.ladder.kinds import EVENTS
from undrift.engine.musts import Must
from undrift.record.adopted import protocol_of
from undrift.record.models import Duty
from undrift.resolutions.models import Resolution


class Entry(NamedTuple):
    """One event, as far as this needs it."""

    type: str
    by: str
    at: datetime


def what_happened(r: Resolution, must: str, entries: Sequence[Entry], now: datetime, passed: Duty | None = None) -> str:
    """`passed` is what somebody owed by a day that was recorded as passed."""
    if r.turned(now) and must in (Must.DECIDE, Must.DECIDE_NEXT):
        return _unanswered(r)
    if passed is not None and must == Must.DECIDE_NEXT and not any(entry.type == "judged" for entry in entries):
        return _passed(r, passed, entries)
    if must == Must.RESOLVE:
        return "Everything agreed is done"
    # Other events (a note, a filing) lead to nothing.
    latest = next((entry for entry in reversed(entries) if EVENTS[entry.type].in_a_line), None)
    if latest is None:
        return f"Raised on {_day(london_date(r.raised_at))}"
    stage = protocol_of(r).stage(r.stage).named.lower()
    return EVENTS[latest.type].in_a_line.format(by=latest.by, day=_day(london_date(latest.at)), stage=stage)


def _unanswered(r: Resolution) -> str:
    name = r.next_person.name if r.next_person else f"the {protocol_of(r).title_of(r.next_role)}"
    if r.next_must == Must.APPROVE:
        return f"Response written, not yet approved by {name}"
    if protocol_of(r).stage(r.stage).asks_for_response:
        return f"No response from {name}"
    return f"Agreed date {_day(r.due)} passed" if r.due else "The agreed date passed"


def _passed(r: Resolution, owed: Duty, entries: Sequence[Entry]) -> str:
    day = _day(owed.due) if owed.due else "the due date"
    if not protocol_of(r).stage(r.stage).asks_for_response:
        return f"Agreed date {day} passed"
    answers = [entry for entry in entries if entry.type in ("answer_drafted", "sent_back")]
    if answers and answers[-1].type == "answer_drafted":
        return f"Response written by {answers[-1].by}, not approved by {day}"
    return f"No response from {owed.person.name if owed.person else owed.name} by {day}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
