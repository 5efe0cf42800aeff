"""What happened, in the words of the policy: one event as a sentence, or a whole history as its entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from undrift.engine.events import Event
from undrift.engine.ladder.fold import advance, in_todays_form
from undrift.engine.ladder.kinds import EVENTS
from undrift.engine.ladder.sentences import NOBODY_REACHED, Scene, filled, is_unreached, talk
from undrift.engine.ladder.state import State
from undrift.engine.rules import Rules
from undrift.protocol.model import Protocol


def title(entry: Event) -> str:
    """The heading of an entry on the timeline."""
    return NOBODY_REACHED if is_unreached(entry) else EVENTS[entry.type].title


def says_more(entry: Event) -> bool:
    """Whether the sentence says what the heading alone does not, such as the stage or with whom."""
    return "{" in EVENTS[entry.type].sentence


def sentence(protocol: Protocol, entry: Event) -> str:
    """What happened, to be read after the actor's name: `moved it to Stage two: formal resolution`."""
    if entry.type == "spoke":
        return talk(protocol, entry)
    return filled(EVENTS[entry.type].sentence, protocol, entry)


@dataclass(frozen=True)
class Entry:
    """One event as it is read on its own: its heading, and what happened, with what was written about it.

    `children` are those whom it is about: it stands in the history of no other.
    """

    event: Event
    title: str
    text: str
    children: Sequence[str]


def entries(rules: Rules, history: Iterable[Event], names: Mapping[str, str]) -> Iterator[Entry]:
    """The history as entries, oldest first. `names` are first names of children by id, for those who may be named.

    A child without a name there is not spoken of. An answer's text is left out: it may not be for this reader yet.
    """
    state: State | None = None
    told: list[tuple[Event, str]] = []
    about: dict[int, Sequence[str]] = {}
    for kept in history:
        entry = in_todays_form(kept)
        before, state = state, advance(rules.protocol, state, entry)
        told.append((entry, title(entry)))
        said = sentence(rules.protocol, entry)
        kind, scene = EVENTS[entry.type], Scene(rules, before or state, state, entry, names, told, about, said)
        heading, text = kind.entry(scene)
        told[-1] = (entry, heading or title(entry))  # as the page calls it
        about[entry.seq] = tuple(kind.about(scene))
        yield Entry(kept, heading or title(entry), text, about[entry.seq])
