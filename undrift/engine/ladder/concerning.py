"""Which of the children an event is about: one rule for each way of telling. It is told in no other child's history."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from undrift.engine.ladder.agenda import agenda
from undrift.engine.ladder.sentences import Scene
from undrift.engine.musts import Must

Rule = Callable[[Scene], Iterable[str]]


def every_child(s: Scene) -> Iterable[str]:
    return s.after.children


def those_taking_part(s: Scene) -> Iterable[str]:
    """The children whose part has not ended by itself; once that is so of all, the last of whom it was said."""
    if here := [c.id for c in s.state.taking_part]:
        return here
    ended = {c.id: c.ended.seq for c in s.state.children.values() if c.ended is not None}
    return [c for c, seq in ended.items() if seq == max(ended.values())]


def those_at_risk(s: Scene) -> Iterable[str]:
    """The children of whom it says so; else all who take part."""
    return s.event.payload.get("children") or those_taking_part(s)


def those_of_the_risk(s: Scene) -> Iterable[str]:
    """The children whom the risk is about that the call was for."""
    return s.about.get(s.event.payload["entry"]) or those_taking_part(s)


def those_asked_about(s: Scene) -> Iterable[str]:
    """The children for whom something is still asked here."""
    return [c.id for c in s.state.unsettled] or those_taking_part(s)


def those_of_the_answer(s: Scene) -> Iterable[str]:
    """The children whom the answer settled too: they wait once more."""
    judged = s.here.judged.children if s.here.judged else {}
    return dict.fromkeys((*judged, *those_asked_about(s)))


def the_child(s: Scene) -> Iterable[str]:
    """With those whose part had ended together with it and is open again, where there are some."""
    return [str(s.event.payload["child"]), *map(str, s.event.payload.get("also", ()))]


def the_children(s: Scene) -> Iterable[str]:
    return list(s.event.payload["children"])


def those_of_the_action(s: Scene) -> Iterable[str]:
    action = s.after.actions.get(s.event.payload["id"])
    return action.children if action is not None else those_taking_part(s)


def those_of_the_date(s: Scene) -> Iterable[str]:
    """The children whose action or whose decision was owed by the day that has passed."""
    owed = next((d for d in agenda(s.rules, s.state, s.event.at) if d.key == s.event.payload["duty"]), None)
    if owed is not None and owed.action in s.state.actions:
        return s.state.actions[owed.action].children
    if owed is not None and owed.must == Must.DECIDE_IF_IT_GOES_ON:
        return [owed.subject]
    return those_asked_about(s)


def those_of_the_entry(s: Scene) -> Iterable[str]:
    """Whoever the entry is about that was made in error."""
    return s.about.get(s.event.payload["seq"], ())
