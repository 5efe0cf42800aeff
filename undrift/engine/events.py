"""What the record keeps of each act, in the past tense.

An event type's stored name, its payload and its sentence are declared together. Payloads are plain JSON values:
dates as `2026-05-12`, children, people and actions as ids. A payload is checked when the event is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class By:
    """Who did it: the person's id and name, the roles held in this resolution, and on whose behalf.

    `role` is the part in which this act was done (set by the engine).
    """

    person: str
    name: str = ""
    roles: frozenset[str] = frozenset()
    role: str = ""
    on_behalf_of: str = ""


SYSTEM = By(person="", name="Undrift", role="system")


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a history. `seq` counts from 1 within one resolution; `at` is when it happened (aware)."""

    seq: int
    type: str
    payload: Mapping[str, Any]
    by: By
    at: datetime


@dataclass(frozen=True)
class EventType:
    """`needs` and `may` are the payload's keys; `sentence` reads after the actor's name; `title` heads the timeline."""

    name: str
    title: str
    sentence: str
    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    version: int = field(default=1)


def _type(name: str, title: str, sentence: str, needs: str = "", may: str = "") -> EventType:
    return EventType(name, title, sentence, frozenset(needs.split()), frozenset(may.split()))


_ANSWER = "actions obstacles consider"
_ALL = (
    _type(
        "raised", "Raised", "raised a concern at {stage}",
        "stage children grounds concern",
        "occasion risk ask tried why_this_stage actions date asked_by agency recommendation completion copied "
        "happened starred conference",
    ),
    _type("spoke", "Conversation held", "spoke with {with}", "how", "with with_name on note"),
    _type("milestone_reached", "Step of the plan cycle done", "{milestone}", "milestone on", "note accepted"),
    _type("answer_drafted", "Response written", "sent a response for approval", "agree text", _ANSWER),
    _type("answered", "Response sent", "responded", "agree text", _ANSWER),
    _type("approved", "Response approved", "approved the response", "", "comment"),
    _type("sent_back", "Response sent back", "asked for changes to the response", "comment"),
    _type("judged", "Decision", "decided", "children", "why"),
    _type(
        "moved_on", "Moved on", "moved it to {stage}", "stage because children",
        "different ask grounds date asked_by agency completion risk copied why_this_stage",
    ),
    _type("more_time_given", "New date", "gave more time, to {until}", "until why"),
    _type("date_lapsed", "Date passed", "recorded that a date passed", "duty due"),
    _type("action_agreed", "Action agreed", "agreed an action", "id what who", "person by"),
    _type("action_started", "Action in progress", "started an action", "id", "note"),
    _type("action_done", "Action done", "said an action is done", "id on", "helped"),
    _type("action_confirmed", "Action complete", "confirmed an action", "id", "note"),
    _type("action_returned", "Action not yet complete", "asked for more on an action", "id why"),
    _type("action_date_changed", "New date for an action", "changed the date of an action", "id by why"),
    _type("action_dropped", "Action no longer needed", "ended an action that is no longer needed", "id why"),
    _type("urgent_action_recorded", "Action to keep a child safe", "recorded what was done now", "what", "who on"),
    _type("resolved", "Resolved", "resolved it", "children", "too_long"),
    _type("withdrawn", "Withdrawn", "withdrew it", "why"),
    _type("closed", "Closed", "closed it: {ending}", "ending why", "children"),
    _type("noted", "Note", "added a note", "text"),
    _type("shared", "Shared", "shared it with {role}", "role", "why"),
    _type("route_taken", "Another route", "used a route beside the ladder: {route}", "route", "note"),
    _type("handed_over", "Handed over", "handed {role} to another person", "role person name why"),
    _type("corrected", "Correction", "marked an entry as made in error", "seq why"),
    _type("filed", "Filed", "filed it on the child's record", "child", "system"),
    _type("rules_changed", "Policy version", "moved it to another version of the policy", "version why"),
)  # fmt: skip

EVENT_TYPES: Mapping[str, EventType] = {t.name: t for t in _ALL}


class WrongPayload(ValueError):
    """A payload that its event type does not describe."""


def event(seq: int, name: str, payload: Mapping[str, Any], by: By, at: datetime) -> Event:
    """An event with its payload checked; empty values are left out.

    Refuses (`WrongPayload`) a type it does not know, a key missing or unknown, and a moment without a time zone.
    """
    kind = EVENT_TYPES.get(name)
    if kind is None:
        raise WrongPayload(f'There is no event type "{name}".')
    kept = {k: v for k, v in payload.items() if v not in (None, "", [], {}) or k in kind.needs}
    missing = kind.needs - kept.keys()
    unknown = kept.keys() - kind.needs - kind.may
    if missing or unknown:
        raise WrongPayload(f'Event "{name}": missing {sorted(missing)}, unknown {sorted(unknown)}.')
    if at.tzinfo is None:
        raise WrongPayload(f'Event "{name}": the moment {at} has no time zone.')
    return Event(seq, name, kept, by, at)
