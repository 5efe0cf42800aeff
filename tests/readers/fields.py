"""Every field that an act takes, by its name: "Raise.spoke.note" is the note of the conversation that a Raise holds."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any, get_args, get_type_hints

from undrift.engine.ladder.acts import Act
from undrift.engine.ladder.kinds import ACTS


def every_field(kinds: Iterable[type[Act]] = ACTS) -> tuple[str, ...]:
    return tuple(name for kind in kinds for name in _fields(kind.__name__, kind))


def act_of(name: str) -> str:
    return name.partition(".")[0]


def _fields(name: str, of: type[Any]) -> Iterator[str]:
    hints = get_type_hints(of)
    for field in dataclasses.fields(of):
        inside = _parts_in(hints[field.name])
        inner = f"{name}.{field.name}"
        yield from _fields(inner, inside) if inside is not None else (inner,)


def _parts_in(hint: Any) -> type[Any] | None:
    """The class with fields of its own that such a value holds: itself, one or none of it, or several."""
    if dataclasses.is_dataclass(hint):
        assert isinstance(hint, type)
        return hint
    return next((found for inner in get_args(hint) if (found := _parts_in(inner)) is not None), None)
