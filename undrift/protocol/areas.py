"""One protocol in several areas: an overlay swaps a role or a word, and everything else is shared."""

from __future__ import annotations

from undrift.protocol.model import Protocol, Words


class UnknownArea(ValueError):
    """The protocol has no such area. The message lists those it has."""


def in_area(protocol: Protocol, area: str) -> Protocol:
    """The protocol as it is worked in that area; unchanged without one. Refuses (`UnknownArea`) an area it lacks."""
    if not area:
        return protocol
    overlay = next((one for one in protocol.overlays if one.area == area), None)
    if overlay is None:
        known = ", ".join(one.area for one in protocol.overlays) or "none"
        raise UnknownArea(f'"{protocol.head.id}" has no area "{area}". Its areas: {known}.')
    words = Words.model_validate({**protocol.words.model_dump(), **overlay.words})
    return protocol.model_copy(update={"roles": {**protocol.roles, **overlay.role}, "words": words})
