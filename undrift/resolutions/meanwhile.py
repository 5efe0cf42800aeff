"""Two people act at once: which acts conflict with what happened meanwhile, and what the loser is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from undrift.engine.dates.moments import LONDON, in_words, london_date
from undrift.engine.events import Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.kinds import ACTS, CHANGES_OF_AN_ACTION, EVENTS

DECIDING = frozenset(kind for act in ACTS.values() for kind in act.conflicts)


def conflicting(act: acts.Act, since: Iterable[Event]) -> Event | None:
    """The last event among these that decides what the act was about to decide."""
    kinds = ACTS[type(act)].conflicts
    found = [e for e in since if e.type in kinds and _same_action(act, e)]
    return found[-1] if found else None


def last_decision(since: Iterable[Event], action: str = "") -> Event | None:
    """The last event among these that decides anything at all; of the actions, about the one named."""
    found = [e for e in since if e.type in DECIDING and e.payload.get("id", action) == action]
    return found[-1] if found else None


def _same_action(act: acts.Act, event: Event) -> bool:
    if event.type not in CHANGES_OF_AN_ACTION:
        return True
    return getattr(act, "id", None) in (None, event.payload["id"])


def sentence(event: Event, now: datetime) -> str:
    """What the loser is told: "Grace Ollerton decided this at 10:42am. Read the decision."."""
    done, read = EVENTS[event.type].meanwhile
    return f"{event.by.name} {done} {_when(event.at, now)}. {read}"


def _when(moment: datetime, now: datetime) -> str:
    here = moment.astimezone(LONDON)
    clock = f"{here.hour % 12 or 12}:{here:%M}{'am' if here.hour < 12 else 'pm'}"
    if london_date(moment) == london_date(now):
        return f"at {clock}"
    return f"on {in_words(london_date(moment))} at {clock}"
