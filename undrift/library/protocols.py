"""The published policies that ship with Undrift: their text, the protocol that it says, and the worked examples."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from undrift.protocol.model import Protocol

SHIPPED = ("walsall", "pan-lancashire")


class UnknownProtocol(ValueError):
    """A protocol, or a version of one, that does not ship with Undrift. The message lists those that do."""


def shipped() -> tuple[str, ...]:
    """The ids of the protocols that ship with Undrift."""
    return SHIPPED


def load(protocol_id: str, version: str | None = None, area: str = "") -> Protocol:
    """The protocol of that id, as it is worked in that area: the same object each time.

    Refuses (`UnknownProtocol`) another id, or a version other than the one shipped; and (`UnknownArea`) an area that
    it does not have.
    """
    protocol = _read(protocol_id)
    if version is not None and version != protocol.head.version:
        raise UnknownProtocol(
            f'"{protocol_id}" ships in version {protocol.head.version}, and not in version {version}. '
            "Give the path of that version's own file instead."
        )
    return _in_area(protocol_id, area) if area else protocol


def areas_of(protocol_id: str) -> tuple[str, ...]:
    """The areas in which a protocol may be worked, none where it is the same everywhere or does not ship."""
    return tuple(one.area for one in _read(protocol_id).overlays) if protocol_id in SHIPPED else ()


@cache
def _read(protocol_id: str) -> Protocol:
    # Loaded only where a protocol is read: the calendars live beside this and `undrift due` need not wait for it.
    from undrift.protocol.reader import read

    return read(text_of(protocol_id), f"{protocol_id}/protocol.toml")


@cache
def _in_area(protocol_id: str, area: str) -> Protocol:
    from undrift.protocol.areas import in_area

    return in_area(_read(protocol_id), area)


def text_of(protocol_id: str) -> str:
    """The protocol's text as it is written. Refuses (`UnknownProtocol`) an id that does not ship."""
    if protocol_id not in SHIPPED:
        raise UnknownProtocol(f'There is no protocol "{protocol_id}" here. These ship: {", ".join(SHIPPED)}.')
    return (files(__package__) / protocol_id / "protocol.toml").read_text("utf-8")


def examples_of(protocol_id: str) -> dict[str, str]:
    """The worked examples of a protocol: the file's name without its ending, and its text, in order of name."""
    text_of(protocol_id)
    folder = files(__package__) / protocol_id / "examples"
    found = sorted((entry.name, entry) for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {name.removesuffix(".toml"): entry.read_text("utf-8") for name, entry in found}
