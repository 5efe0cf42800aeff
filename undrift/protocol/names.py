"""Names that point at something: each must be declared somewhere in the same text.

The table says where names are used and what they name. It is asked of the plain values of a text, so that a fault
has a place, and of a finished model, so that no other way of building one gets past it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from undrift.protocol.places import Place

ACTS = ("respond", "settle", "speak")
OUTSIDE_LADDER = ("resolved", "ended")


@dataclass(frozen=True)
class Dangling:
    """A name used at `place` that is declared nowhere, or twice: what is wrong, and how to mend it."""

    place: Place
    sentence: str
    mend: str


@dataclass(frozen=True)
class Kind:
    """What a name can name: the word for it, where it is declared, and what else may stand there."""

    word: str
    declare: str
    known: Callable[[Mapping[str, Any]], set[str]]


def dangling(data: Mapping[str, Any]) -> tuple[Dangling, ...]:
    """Every name without a declaration, and every id declared twice. Skips whatever is not shaped as it should be."""
    return (*_undeclared(data), *_twice(data), *_two_answers(data), *_asked_where_it_is_not(data))


def _ids(table: str, key: str = "id") -> Callable[[Mapping[str, Any]], set[str]]:
    return lambda data: {v for _, v in _at(data, (table, "*", key)) if isinstance(v, str)}


def _roles(data: Mapping[str, Any]) -> set[str]:
    declared = data.get("role")
    return set(declared) if isinstance(declared, Mapping) else set()


ROLE = Kind("role", "Declare it as [role.{name}]", _roles)
STAGE = Kind("stage", "Declare it as a [[stage]]", _ids("stage"))
WAY_OUT = Kind(
    "stage", "Write the id of a [[stage]], resolved or ended", lambda d: _ids("stage")(d) | set(OUTSIDE_LADDER)
)
GROUND = Kind("ground", "Declare it as a [[ground]]", _ids("ground", "code"))
CHECKLIST = Kind("checklist", "Declare it as a [[checklist]]", _ids("checklist"))
OCCASION = Kind("occasion", "Declare it as an [[occasion]]", _ids("occasion"))
AREA = Kind("area", "Declare it as an [[overlay]] with that area", _ids("overlay", "area"))
OBSTACLE = Kind("obstacle", "Declare it as an [[obstacle]]", _ids("obstacle"))
DEED = Kind(
    "thing to do",
    "Write respond, settle, speak or the id of a [[milestone]]",
    lambda d: _ids("milestone")(d) | set(ACTS),
)

USED: Mapping[str, Kind] = {
    "role.*.areas.*": AREA,
    "overlay.*.role.*.areas.*": AREA,
    "stage.*.to.*": ROLE,
    "stage.*.sent_by.*": ROLE,
    "stage.*.judged_by.*": ROLE,
    "stage.*.tells.start.*": ROLE,
    "stage.*.tells.move.*": ROLE,
    "stage.*.tells.resolved.*": ROLE,
    "stage.*.speak_first.to": ROLE,
    "stage.*.duty.*.who": ROLE,
    "stage.*.duty.*.approved_by": ROLE,
    "stage.*.duty.*.to": ROLE,
    "stage.*.duty.*.must": DEED,
    "stage.*.consider.*.who": ROLE,
    "stage.*.consider.*.tells.*": ROLE,
    "stage.*.example.*.ground": GROUND,
    "stage.*.exits.*.to": WAY_OUT,
    "cap.*.over.*": STAGE,
    "route.*.may.*": ROLE,
    "route.*.tells.*": ROLE,
    "route.*.decided_by.*": ROLE,
    "milestone.*.who": ROLE,
    "milestone.*.tells.*": ROLE,
    "milestone.*.checklist": CHECKLIST,
    "milestone.*.occasion": OCCASION,
    **{
        f"milestone.*.{follows}.{word}": kind
        for follows in ("not_done", "not_accepted", "cancelled")
        for word, kind in (("offers", STAGE), ("ground", GROUND), ("occasion", OCCASION))
    },
    "ground.*.usually_starts": STAGE,
    "checklist.*.who.*": ROLE,
    "checklist.*.item.*.ground": GROUND,
    "good_practice.*.shared_with.*": ROLE,
    "principle.*.obstacles.*": OBSTACLE,
    "overlay.*.role.@": ROLE,
    "always_copied.*": ROLE,
}

DECLARED = (
    "stage.*.id",
    "ground.*.code",
    "milestone.*.id",
    "route.*.id",
    "checklist.*.id",
    "checklist.*.item.*.id",
    "good_practice.*.id",
    "obstacle.*.id",
    "principle.*.id",
    "occasion.*.id",
    "overlay.*.area",
)


def _at(value: Any, pattern: tuple[str, ...], place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value that a pattern reaches; `*` is each item of a list or table, `@` each key of one."""
    if not pattern:
        yield place, value
        return
    step, rest = pattern[0], pattern[1:]
    if step == "*" and isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _at(item, rest, (*place, number))
    elif step == "*" and isinstance(value, Mapping):
        for key, item in value.items():
            yield from _at(item, rest, (*place, key))
    elif step == "@" and isinstance(value, Mapping):
        yield from (((*place, key), key) for key in value)
    elif isinstance(value, Mapping) and step in value:
        yield from _at(value[step], rest, (*place, step))


def _undeclared(data: Mapping[str, Any]) -> Iterator[Dangling]:
    for pattern, kind in USED.items():
        known = kind.known(data)
        for place, name in _at(data, tuple(pattern.split("."))):
            if isinstance(name, str) and name not in known:
                near = get_close_matches(name, sorted(known), 1)
                mend = f'Did you mean "{near[0]}"?' if near else f"{kind.declare.format(name=name)}."
                yield Dangling(place, f'There is no {kind.word} "{name}".', mend)


def _twice(data: Mapping[str, Any]) -> Iterator[Dangling]:
    for pattern in DECLARED:
        found = [(place, name) for place, name in _at(data, tuple(pattern.split("."))) if isinstance(name, str)]
        # An item's id need only be its own within its checklist, so the list it stands in is part of the name.
        times = Counter((place[:-2], name) for place, name in found)
        seen: set[tuple[Place, str]] = set()
        for place, name in found:
            if times[place[:-2], name] > 1 and (place[:-2], name) in seen:
                yield Dangling(place, f'"{name}" is declared twice.', "Give one of them another name.")
            seen.add((place[:-2], name))


def _two_answers(data: Mapping[str, Any]) -> Iterator[Dangling]:
    for place, duties in _at(data, ("stage", "*", "duty")):
        acts = [must for _, must in _at(duties, ("*", "must"))]
        if sum(must in ("respond", "settle") for must in acts if isinstance(must, str)) > 1:
            yield Dangling(place, "This stage has two answers.", "Keep one duty at most that is respond or settle.")


# Where a role is only told: in an area that does not have it, leaving it out leaves nothing undone.
TOLD = ("stage.*.tells.start.*", "stage.*.tells.move.*", "stage.*.tells.resolved.*", "route.*.tells.*",
        "stage.*.consider.*.tells.*", "milestone.*.tells.*", "good_practice.*.shared_with.*",
        "always_copied.*")  # fmt: skip


def _asked_where_it_is_not(data: Mapping[str, Any]) -> Iterator[Dangling]:
    local = {place[1] for place, areas in _at(data, ("role", "*", "areas")) if areas}
    for pattern, kind in USED.items():
        if kind is not ROLE or pattern in TOLD or pattern.startswith("overlay."):
            continue
        for place, name in _at(data, tuple(pattern.split("."))):
            if isinstance(name, str) and name in local:
                yield Dangling(place, f'"{name}" exists in some areas only, and is asked here in all.',
                               "Take the areas out of the role, or only tell it.")  # fmt: skip
