"""What the record keeps of each act: what an event is, and how its payload is checked when it is made.

Payloads are plain JSON values: dates as `2026-05-12`, children, people and actions as ids. Which types there are, and
what each of them means, stands in one table for each kind of case (`engine.ladder.kinds`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    """One entry of a history. `seq` counts from 1 within one resolution; `at` is when it happened (aware).

    `version` is the one of its type under which its payload was written, and so has to be read.
    """

    seq: int
    type: str
    payload: Mapping[str, Any]
    by: By
    at: datetime
    version: int = 1


class WrongPayload(ValueError):
    """A payload that its event type does not describe."""


@dataclass(frozen=True)
class EventType:
    """The stored form: `needs` and `may` are the payload's keys. A payload of another shape is another `version`."""

    name: str
    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    version: int = 1

    def make(self, seq: int, payload: Mapping[str, Any], by: By, at: datetime) -> Event:
        """An event with its payload checked; empty values are left out.

        Refuses (`WrongPayload`) a key missing or unknown, and a moment without a time zone.
        """
        kept = {k: v for k, v in payload.items() if v not in (None, "", [], {}) or k in self.needs}
        missing = self.needs - kept.keys()
        unknown = kept.keys() - self.needs - self.may
        if missing or unknown:
            raise WrongPayload(f'Event "{self.name}": missing {sorted(missing)}, unknown {sorted(unknown)}.')
        if at.tzinfo is None:
            raise WrongPayload(f'Event "{self.name}": the moment {at} has no time zone.')
        return Event(seq, self.name, kept, by, at, self.version)


def stored(name: str, needs: str = "", may: str = "", version: int = 1) -> EventType:
    """A type of event by its stored name, with the keys of its payload parted by spaces."""
    return EventType(name, frozenset(needs.split()), frozenset(may.split()), version)
