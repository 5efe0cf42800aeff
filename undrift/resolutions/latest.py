"""What led to a thing to do, in a few words: "No response from Callum Stroud", "Response received 5 May"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from undrift.engine.dates.moments import london_date
from undrift.record.adopted import protocol_of
from undrift.record.models import Duty
from undrift.resolutions.models import Resolution


class Entry(NamedTuple):
    """One event, as far as this needs it."""

    type: str
    by: str
    at: datetime


# By the type of the latest event that moves things on; other events (a note, a filing) do not.
SAID: Mapping[str, str] = {
    "raised": "Raised by {by} on {day}",
    "moved_on": "Moved to {stage} by {by} on {day}",
    "answer_drafted": "Response written by {by} on {day}",
    "answered": "Response received {day}",
    "approved": "Response received {day}",
    "sent_back": "Draft sent back by {by} on {day}",
    "judged": "Decided by {by} on {day}",
    "more_time_given": "More time given by {by} on {day}",
    "action_done": "An action was done, {day}",
    "action_confirmed": "An action was confirmed, {day}",
    "action_returned": "Sent back by {by} on {day}: more to do",
    "action_date_changed": "New date for an action, {day}",
    "action_dropped": "An action is no longer needed, {day}",
    "milestone_reached": "A step of the plan cycle was recorded, {day}",
    "handed_over": "Handed over by {by} on {day}",
}


def what_happened(r: Resolution, must: str, entries: Sequence[Entry], now: datetime, passed: Duty | None = None) -> str:
    """`passed` is what somebody owed by a day that was recorded as passed."""
    if r.turned(now) and must in ("decide", "decide what next"):
        return _unanswered(r)
    if passed is not None and must == "decide what next" and not any(entry.type == "judged" for entry in entries):
        return _passed(r, passed, entries)
    if must == "resolve":
        return "Everything agreed is done"
    latest = next((entry for entry in reversed(entries) if entry.type in SAID), None)
    if latest is None:
        return f"Raised on {_day(london_date(r.raised_at))}"
    stage = protocol_of(r).stage(r.stage).title.lower()
    return SAID[latest.type].format(by=latest.by, day=_day(london_date(latest.at)), stage=stage)


def _unanswered(r: Resolution) -> str:
    name = r.next_person.name if r.next_person else f"the {protocol_of(r).title_of(r.next_role)}"
    if r.next_must == "approve":
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
