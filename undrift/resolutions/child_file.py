"""One child's part of a concern, and no other's, as plain lines for the case system."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.ladder.state import ENDINGS, Answer, Judgement
from undrift.resolutions.picture import PROGRESS, Picture

AT_RISK = "A child was at immediate risk."


def also_named(picture: Picture, child: str, lines: Iterable[str]) -> tuple[str, ...]:
    """First names of the other children in this resolution that these lines say: somebody wrote of two in one text."""
    return named_in(" ".join(lines), (name for other, name in picture.names.items() if other != child))


def named_in(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that a text says, as whole words."""
    return tuple(name for name in names if re.search(rf"\b{re.escape(name)}\b", text))


def of_child(picture: Picture, child: str) -> Iterable[str]:
    """The record of one child as plain lines, to paste into the case system: nothing about a brother or sister."""
    state, protocol = picture.state, picture.rules.protocol
    name = picture.names.get(child, "Child")
    yield f"{picture.word.capitalize()} {picture.resolution.reference}, {picture.stage.named}"
    yield f"Raised on {full_day(london_date(state.raised))} by {state.raised_by.name}"
    if picture.grounds:
        yield f"Reasons: {'; '.join(picture.grounds)}"
    yield state.concern
    if state.risk:
        yield AT_RISK
        yield from (f"Done to keep the child safe: {done}" for done in state.risk_acted)
        yield from picture.rung
    yield f"How this affects {name}: {state.children[child].impact}"
    if state.here.completion is not None:
        yield f"To be completed by {full_day(state.here.completion)}"
    for visit in state.visits:
        title = protocol.stage(visit.stage).named
        for answer in visit.earlier_answers:
            yield from _answered(title, answer, answer.judged, child, name)
        yield from _answered(title, visit.answer, visit.judged, child, name)
    for action in state.actions.values():
        by = f" by {full_day(action.by)}" if action.by else ""
        yield f"Agreed: {action.what} ({action.who}){by}: {PROGRESS[action.status].lower()}"
    ended = state.children[child].ended
    if ended is not None:
        how = ENDINGS.get(ended.ending, ended.ending)
        yield f"Ended for {name} on {full_day(london_date(ended.at))}: {how}. {ended.why}"
    if state.ended is not None:
        yield f"{picture.status} on {full_day(london_date(state.ended.at))} by {state.ended.by.name}"
    else:
        yield f"Still open: {picture.stage.named}"
    if state.children[child].changed:
        yield f"What changed for {name}: {state.children[child].changed}"


def _answered(title: str, answer: Answer | None, judged: Judgement | None, child: str, name: str) -> Iterator[str]:
    """An answer, and what was decided about it for this child."""
    if answer is not None and answer.approved_at is not None:
        yield f"{title}: answered on {full_day(london_date(answer.approved_at))} by {answer.by.name}: {answer.text}"
    if judged is not None and child in judged.children:
        verdict = "accepted for" if judged.children[child] else "not accepted for"
        yield f"{title}: decided on {full_day(london_date(judged.at))}: {verdict} {name}"
