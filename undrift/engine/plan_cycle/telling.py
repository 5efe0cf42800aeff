"""A history of a plan cycle as it is read: one event as a sentence, or a whole history as its entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from undrift.engine.events import Event, todays_form
from undrift.engine.plan_cycle.fold import advance
from undrift.engine.plan_cycle.kinds import EVENTS
from undrift.engine.plan_cycle.sentences import Scene
from undrift.engine.plan_cycle.state import State
from undrift.engine.rules import Rules


def title(entry: Event) -> str:
    """The heading of an entry on the timeline."""
    return EVENTS[entry.type].title


def sentence(entry: Event) -> str:
    """What happened, to be read after the actor's name."""
    return EVENTS[entry.type].sentence


@dataclass(frozen=True)
class Entry:
    """One event as it is read by itself. `children` are those whom it is about: no other’s history has it."""

    event: Event
    title: str
    text: str
    children: Sequence[str]


def entries(rules: Rules, history: Iterable[Event], names: Mapping[str, str]) -> Iterator[Entry]:
    """The history as entries, oldest first. `names` are first names of children by id, for those who may be named.

    An entry that was made in error keeps its place: what was corrected stands in the state.
    """
    state: State | None = None
    about: dict[int, Sequence[str]] = {}
    for kept in history:
        entry = todays_form(kept, EVENTS)
        state = advance(state, entry)
        kind, scene = EVENTS[entry.type], Scene(rules, state, entry, names)
        # What corrects an entry is of the children whom that entry is of.
        children = about[entry.payload["seq"]] if entry.type == "corrected" else tuple(kind.about(scene))
        about[entry.seq] = children
        yield Entry(kept, kind.title, kind.entry(scene), children)
