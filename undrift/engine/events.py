"""What the record keeps of each act: what an event is, and how its payload is checked when it is made.

Payloads are plain JSON values: dates as `2026-05-12`, children, people and actions as ids. Which types there are, and
what each of them means, stands in one table for each kind of case (`engine.ladder.kinds`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class By:
    """Who did it: the person's id and name, the roles held in this resolution, and on whose behalf.

    `role` is the part in which this act was done (set by the engine). `covers` are those for whom they stand in today
    in everything: what was asked of one of them by name is theirs to do.
    """

    person: str
    name: str = ""
    roles: frozenset[str] = frozenset()
    role: str = ""
    on_behalf_of: str = ""
    covers: frozenset[str] = frozenset()


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


Upcast = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Kept(Protocol):
    """A row of a table of events: its stored type today, and what lifts each earlier version to the one after it."""

    @property
    def type(self) -> EventType: ...

    @property
    def earlier(self) -> Mapping[int, Upcast]: ...


class BrokenHistory(ValueError):
    """A history that cannot have come from `decide`: it begins otherwise, skips a number or is not known."""


def todays_form(entry: Event, kinds: Mapping[str, Kept]) -> Event:
    """The same event with its payload as today's version of its type has it, by that kind of case's table."""
    kind = kinds.get(entry.type)
    if kind is None:
        raise BrokenHistory(f'Event {entry.seq} is of the type "{entry.type}", which is not known here.')
    while entry.version < kind.type.version and entry.version in kind.earlier:
        payload = kind.earlier[entry.version](entry.payload)
        entry = replace(entry, payload=payload, version=entry.version + 1)
    if entry.version != kind.type.version:
        raise BrokenHistory(f'Version {entry.version} of "{entry.type}" (event {entry.seq}) is not known here.')
    return entry
