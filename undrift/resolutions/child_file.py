"""One child's part of a concern, and no other's, as plain lines for the case system."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.ladder.state import ENDINGS
from undrift.engine.ladder.state import Child as ChildState
from undrift.resolutions.picture import PROGRESS, Picture


def also_named(picture: Picture, child: str, lines: Iterable[str]) -> tuple[str, ...]:
    """First names of the other children in this resolution that these lines say: somebody wrote of two in one text."""
    said = " ".join(lines)
    others = (name for other, name in picture.names.items() if other != child)
    return tuple(name for name in others if re.search(rf"\b{re.escape(name)}\b", said))


def of_child(picture: Picture, child: str) -> Iterable[str]:
    """The record of one child as plain lines, to paste into the case system: nothing about a brother or sister."""
    state, protocol = picture.state, picture.rules.protocol
    name = picture.names.get(child, "Child")
    visits, part = state.visits_of(child), state.children[child]
    here = visits[-1]
    stage = protocol.stage(here.stage).named
    yield f"{protocol.called_at(here.stage).capitalize()} {picture.resolution.reference}, {stage}"
    yield f"Raised on {full_day(london_date(state.raised))} by {state.raised_by.name}"
    if grounds := [g.title for visit in visits for code in visit.grounds if (g := protocol.ground(code)) is not None]:
        yield f"Reasons: {'; '.join(grounds)}"
    yield state.concern
    yield f"How this affects {name}: {part.impact}"
    if here.completion is not None:
        yield f"To be completed by {full_day(here.completion)}"
    for visit in visits:
        title = protocol.stage(visit.stage).named
        if visit.answer is not None and _read_for(part, visit.answer.approved_at):
            assert visit.answer.approved_at is not None
            when = full_day(london_date(visit.answer.approved_at))
            yield f"{title}: answered on {when} by {visit.answer.by.name}: {visit.answer.text}"
        if visit.judged is not None and child in visit.judged.children:
            verdict = "accepted for" if visit.judged.children[child] else "not accepted for"
            yield f"{title}: decided on {full_day(london_date(visit.judged.at))}: {verdict} {name}"
    for action in state.actions_of(child):
        by = f" by {full_day(action.by)}" if action.by else ""
        yield f"Agreed: {action.what} ({action.who}){by}: {PROGRESS[action.status].lower()}"
    if part.ended is not None:
        how = ENDINGS.get(part.ended.ending, part.ended.ending)
        yield f"Ended for {name} on {full_day(london_date(part.ended.at))}: {how}. {part.ended.why}"
    elif state.ended is not None:
        yield f"{picture.status} on {full_day(london_date(state.ended.at))} by {state.ended.by.name}"
    else:
        yield f"{'Agreed, and s' if part.settled else 'S'}till open: {stage}"
    if part.changed:
        yield f"What changed for {name}: {part.changed}"


def _read_for(part: ChildState, approved: datetime | None) -> bool:
    """Whether an answer was given while this child's part was open."""
    return approved is not None and (part.ended is None or approved <= part.ended.at)
