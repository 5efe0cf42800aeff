"""One protocol in several areas: an overlay swaps a role or a word; a role may exist in some of them only."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, TypeVar

from undrift.protocol.model import Part, Protocol, Words

P = TypeVar("P", bound=Part)


class UnknownArea(ValueError):
    """The protocol has no such area. The message lists those it has."""


def in_area(protocol: Protocol, area: str) -> Protocol:
    """The protocol as it is worked in that area; unchanged without one. Refuses (`UnknownArea`) an area it lacks.

    A role of other areas is not there, and nobody is told in its name; the stages are otherwise the same in each.
    """
    if not area:
        return protocol
    overlay = protocol.overlay(area)
    if overlay is None:
        known = ", ".join(one.area for one in protocol.overlays) or "none"
        raise UnknownArea(f'"{protocol.head.id}" has no area "{area}". Its areas: {known}.')
    words = Words.model_validate({**protocol.words.model_dump(), **overlay.words})
    roles = {**protocol.roles, **overlay.role}
    elsewhere = {name for name, role in roles.items() if role.areas and area not in role.areas}
    here = _copy(
        protocol,
        {
            "words": words,
            "roles": {n: role for n, role in roles.items() if n not in elsewhere},
            "final_say": protocol.final_say or overlay.final_say,
        },
    )
    return _without(here, elsewhere) if elsewhere else here


def _without(protocol: Protocol, roles: Container[str]) -> Protocol:
    """Nobody is told in the name of these roles. They are asked for nothing: `protocol.names` sees to that."""

    def fewer(part: P, *fields: str) -> P:
        kept = {field: tuple(role for role in getattr(part, field) if role not in roles) for field in fields}
        return part.model_copy(update=kept)

    stages = tuple(
        stage.model_copy(
            update={
                "tells": fewer(stage.tells, "start", "move", "resolved"),
                "consider": tuple(fewer(each, "tells") for each in stage.consider),
            }
        )
        for stage in protocol.stages
    )
    return _copy(
        protocol,
        {
            "stages": stages,
            "routes": tuple(fewer(route, "tells") for route in protocol.routes),
            "milestones": tuple(fewer(milestone, "tells") for milestone in protocol.milestones),
            "good_practice": tuple(fewer(practice, "shared_with") for practice in protocol.good_practice),
            "always_copied": tuple(role for role in protocol.always_copied if role not in roles),
        },
    )


def _copy(protocol: Protocol, update: dict[str, Any]) -> Protocol:
    """A copy that has worked nothing out yet: `model_copy` would keep what the other found of its own stages."""
    copied = protocol.model_copy(update=update)
    for name in vars(copied).keys() - Protocol.model_fields.keys():
        del vars(copied)[name]
    return copied
