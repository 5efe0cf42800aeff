"""An event as a sentence, in the words of the policy: for the timeline, the printed page and the manual."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from undrift.engine.events import EVENT_TYPES, Event
from undrift.engine.moments import in_words
from undrift.engine.state import ENDINGS
from undrift.protocol.model import Protocol


def title(entry: Event) -> str:
    """The heading of an entry on the timeline."""
    return EVENT_TYPES[entry.type].title


def sentence(protocol: Protocol, entry: Event) -> str:
    """What happened, to be read after the actor's name: `moved it to Stage two: formal resolution`."""
    words = {key: found(protocol, entry) for key, found in _SLOTS.items() if key in EVENT_TYPES[entry.type].sentence}
    if entry.type == "spoke" and not words.get("{with}", ""):
        return "held a conversation"
    told = EVENT_TYPES[entry.type].sentence
    for key, value in words.items():
        told = told.replace(key, value)
    return told


def details(entry: Event) -> tuple[str, ...]:
    """The text that the actor wrote, in the order it was asked for; nothing about a single child."""
    return tuple(str(entry.payload[k]) for k in _WRITTEN if entry.payload.get(k))


_WRITTEN = ("concern", "different", "ask", "text", "comment", "what", "helped", "why", "note")


def _stage(protocol: Protocol, entry: Event) -> str:
    return protocol.stage(entry.payload["stage"]).title


def _milestone(protocol: Protocol, entry: Event) -> str:
    milestone = protocol.milestone(entry.payload["milestone"])
    return milestone.done if milestone else str(entry.payload["milestone"])


def _spoken_with(protocol: Protocol, entry: Event) -> str:
    name, role = entry.payload.get("with_name", ""), entry.payload.get("with", "")
    return str(name or (f"the {protocol.title_of(role)}" if role else ""))


def _route(protocol: Protocol, entry: Event) -> str:
    return next((r.title for r in protocol.routes if r.id == entry.payload["route"]), str(entry.payload["route"]))


_SLOTS: Mapping[str, Callable[[Protocol, Event], str]] = {
    "{stage}": _stage,
    "{milestone}": _milestone,
    "{with}": _spoken_with,
    "{route}": _route,
    "{role}": lambda protocol, entry: f"the {protocol.title_of(entry.payload['role'])}",
    "{ending}": lambda protocol, entry: ENDINGS.get(entry.payload["ending"], str(entry.payload["ending"])).lower(),
    "{until}": lambda protocol, entry: in_words(date.fromisoformat(entry.payload["until"])),
}
