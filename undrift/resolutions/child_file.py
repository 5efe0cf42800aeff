"""One child's part of a concern, and no other's, as plain lines for the case system."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.ladder.state import ENDINGS, Answer, Judgement, Visit
from undrift.engine.ladder.state import Child as ChildState
from undrift.resolutions.picture import Picture
from undrift.resolutions.written import PROGRESS

AGREE: Mapping[str, str] = {
    "agree": "Agrees",
    "agree in part": "Agrees in part",
    "do not agree": "Does not agree",
}
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
    visits, part = state.visits_of(child), state.children[child]
    here = visits[-1]
    stage = protocol.stage(here.stage).named
    yield f"{protocol.called_at(here.stage).capitalize()} {picture.resolution.reference}, {stage}"
    yield f"Raised on {full_day(london_date(state.raised))} by {state.raised_by.name}"
    if grounds := [g.title for visit in visits for code in visit.grounds if (g := protocol.ground(code)) is not None]:
        yield f"Reasons: {'; '.join(grounds)}"
    if (agency := picture.resolution.responsible_agency) is not None:
        yield f"Agency responsible: {agency.name}"
    yield state.concern
    if told := state.risks_of(child):
        yield AT_RISK
        for urgent in told:
            by = picture.done_by(urgent)
            done = f"{urgent.what} ({by})" if by else urgent.what
            yield f"Done to keep the child safe: {done}" if done else ""
        yield from dict.fromkeys(picture.rung(urgent) for urgent in told)
    yield f"How this affects {name}: {part.impact}"
    if state.recommendation:
        yield f"The recommendation, as worded at the conference: {state.recommendation}"
    for number, visit in enumerate(state.visits, start=1):
        if child in visit.children:
            yield from _asked(picture, visit, number)
            yield from _came_of_it(picture, visit, part, name)
    for action in state.actions_of(child):
        by = f" by {full_day(action.by)}" if action.by else ""
        said = "Directed" if action.directed else "Agreed"
        yield f"{said}: {action.what} ({action.who}){by}: {PROGRESS[action.status].lower()}"
        yield from picture.said_of(action)
    if part.ended is not None:
        how = ENDINGS.get(part.ended.ending, part.ended.ending)
        yield f"Ended for {name} on {full_day(london_date(part.ended.at))}: {how}. {part.ended.why}"
    elif state.ended is not None:
        yield f"{picture.status} on {full_day(london_date(state.ended.at))} by {state.ended.by.name}"
        yield picture.ended_because
    else:
        yield f"{'Agreed, and s' if part.settled else 'S'}till open: {stage}"
    if part.changed:
        yield f"What changed for {name}: {part.changed}"


def _asked(picture: Picture, visit: Visit, number: int) -> Iterator[str]:
    """What was asked for at one stage: of whom, by when, and by when it has to be completed."""
    stage = picture.rules.protocol.stage(visit.stage)
    asked = stage.answer
    if asked is not None:
        days = [duty.day for duty in picture.duties if duty.visit == number and duty.is_answer and duty.day is not None]
        by = f" by {full_day(max(days))}" if days else ""
        what = f": {visit.ask}" if visit.ask else ""
        yield f"{stage.named}: asked of {_of_whom(picture, visit, asked.who)}{by}{what}"
    if visit.talked is not None:
        yield f"{stage.named}: spoken about on {full_day(london_date(visit.talked.at))}"
    if visit.different:
        yield f"{stage.named}: what was different: {visit.different}"
    if visit.completion is not None:
        yield f"{stage.named}: to be completed by {full_day(visit.completion)}"


def _of_whom(picture: Picture, visit: Visit, role: str) -> str:
    """The part, and who answered in it; as long as it stands here, who has it."""
    title = f"the {picture.rules.protocol.title_of(role)}"
    answers = (visit.answer, *reversed(visit.earlier_answers))
    name = next((answer.by.name for answer in answers if answer is not None), "")
    if not name and visit is picture.state.here:
        name = picture.holder(role)
    return f"{title} ({name})" if name and name != title else title


def _came_of_it(picture: Picture, visit: Visit, part: ChildState, name: str) -> Iterator[str]:
    """What was answered at one stage and decided for this child; that nobody answered, once it is over."""
    stage = picture.rules.protocol.stage(visit.stage)
    for answer in visit.earlier_answers:
        yield from _answered(stage.named, answer, answer.judged, part, name)
        if answer.still_needed and answer.judged is not None and answer.judged.children.get(part.id) is False:
            again = f", by {full_day(visit.until)}" if visit.until is not None and visit.answer is None else ""
            yield f"{stage.named}: asked again{again}: {answer.still_needed}"
    yield from _answered(stage.named, visit.answer, visit.judged, part, name)
    over = visit.left is not None or picture.state.ended is not None
    if over and stage.asks_for_response and not visit.answered and not visit.earlier_answers:
        yield f"{stage.named}: no answer"


def _answered(
    title: str, answer: Answer | None, judged: Judgement | None, part: ChildState, name: str
) -> Iterator[str]:
    """An answer that was given while this child's part was open, and what was decided about it for this child."""
    approved = answer.approved_at if answer is not None else None
    if answer is not None and approved is not None and (part.ended is None or approved <= part.ended.at):
        by = f"{full_day(london_date(approved))} by {answer.by.name}"
        yield f"{title}: answered on {by}: {AGREE[answer.agree]}. {answer.text}"
    if judged is not None and part.id in judged.children:
        verdict = "accepted for" if judged.children[part.id] else "not accepted for"
        why = f": {judged.why}" if judged.why and not judged.children[part.id] else ""
        yield f"{title}: decided on {full_day(london_date(judged.at))}: {verdict} {name}{why}"
