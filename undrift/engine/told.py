"""Who is told of an event, and whether something is asked of them. Wording and sending belong to the messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """`ask` is what the notice asks for ("respond", "approve" ...), or empty where it is for information.

    `person` is somebody by number, who plays no part but does what was agreed; `role` is then empty.
    """

    role: str
    ask: str = ""
    person: str = ""


def each_once(items: Iterable[Told]) -> tuple[Told, ...]:
    """Each role and person once, an ask before an information."""
    found: dict[tuple[str, str], Told] = {}
    for item in items:
        key = item.role, item.person
        if key not in found or (item.ask and not found[key].ask):
            found[key] = item
    return tuple(found.values())


def inform(*roles: str) -> list[Told]:
    return [Told(r) for r in roles]
