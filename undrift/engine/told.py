"""Who is told of an event, and whether something is asked of them. Wording and sending belong to the messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from undrift.engine.events import By, Event


@dataclass(frozen=True)
class Told:
    """`ask` is what the notice asks for ("respond", "approve" ...), or empty where it is for information.

    `person` is somebody by number, who does what was agreed or wrote what it is about; `role` is then empty. They need
    have no part in it, unless it says so: a notice opens the record to whoever gets one.
    """

    role: str
    ask: str = ""
    person: str = ""
    only_with_a_part: bool = False


def each_once(items: Iterable[Told]) -> tuple[Told, ...]:
    """Each role and person once, an ask before an information."""
    found: dict[tuple[str, str], Told] = {}
    for item in items:
        key = item.role, item.person
        if key not in found or (item.ask and not found[key].ask):
            found[key] = item
    return tuple(found.values())


def author_of(authors: Sequence[By], entry: Event) -> list[Told]:
    """Who wrote the entry that is struck through, unless they did it themselves."""
    author = authors[entry.payload["seq"] - 1].person
    return [Told("", "", author, only_with_a_part=True)] if author and author != entry.by.person else []


def inform(*roles: str) -> list[Told]:
    return [Told(r) for r in roles]
