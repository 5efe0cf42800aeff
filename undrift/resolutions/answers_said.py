"""The answers of one resolution in words, and what was decided about each: the one that stands, and those before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from undrift.engine.ladder.state import Answer, Judgement, State, Visit, day_of
from undrift.protocol.model import Protocol, Stage
from undrift.resolutions.in_a_line import listed

Promised = tuple[str, str, date | None]  # what, by whom, by when


@dataclass(frozen=True)
class Decision:
    """What the chair decided: `verdict` says it for each child that may be named."""

    verdict: str
    why: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Said:
    """One answer, as it is read. `seq` is the event's that gave it."""

    seq: int
    agree: str
    text: str
    by: str
    at: datetime
    promised: tuple[Promised, ...]
    obstacles: tuple[str, ...]
    considered: tuple[tuple[str, str], ...]
    approved_by: str
    approved_at: datetime | None
    comment: str
    sent_back: str


@dataclass(frozen=True)
class Before:
    """An answer before the one that is asked for now; `said` is None where none was asked for at that stage.

    `again`: it was asked for again at the stage where it was given, and `still_needed` says why.
    """

    stage: Stage
    said: Said | None
    decision: Decision | None
    still_needed: str = ""
    again: bool = False

    @property
    def heading(self) -> str:
        if self.said is None:
            return f"{self.stage.title}: the decision"
        which = "an earlier response" if self.again else "the response"
        return f"{self.stage.title}: {which} by {self.said.by}"


def promised(answer: Answer | None) -> tuple[Promised, ...]:
    """What an answer says will be done."""
    actions = answer.actions if answer is not None else ()
    return tuple((a["what"], a["who"], day_of(a.get("by"))) for a in actions)


def in_words(protocol: Protocol, stage: Stage, answer: Answer) -> Said:
    titles = {o.id: o.title for o in protocol.obstacles}
    asked = (q for q in stage.consider if q.id in answer.consider)
    return Said(
        seq=answer.seq,
        agree=answer.agree,
        text=answer.text,
        by=answer.by.name,
        at=answer.at,
        promised=promised(answer),
        obstacles=tuple(titles.get(o, o) for o in answer.obstacles),
        considered=tuple((q.question, "Yes" if answer.consider[q.id] else "No") for q in asked),
        approved_by=answer.approved_by.name if answer.approved_by is not None else "",
        approved_at=answer.approved_at,
        comment=answer.comment,
        sent_back=answer.sent_back,
    )


def decided(judged: Judgement | None, names: Mapping[str, str]) -> Decision | None:
    """Of children who may not be named, nothing is said unless there is nobody else to speak of."""
    if judged is None:
        return None
    spoken = {c: yes for c, yes in judged.children.items() if c in names} or judged.children
    parts = {yes: [names.get(c, "a child") for c, said in spoken.items() if said is yes] for yes in (True, False)}
    if all(parts.values()):
        verdict = f"Accepted for {listed(parts[True])}, and not accepted for {listed(parts[False])}"
    else:
        verdict = "Accepted" if parts[True] else "Not accepted"
    return Decision(verdict, judged.why, judged.by.name, judged.at)


def before(protocol: Protocol, state: State, names: Mapping[str, str]) -> tuple[Before, ...]:
    """What was answered and decided before what is asked now, newest first; an answer that nobody approved is none."""
    found = [each for visit in state.visits for each in _of(protocol, visit, names, visit is state.here)]
    return tuple(reversed(found))


def _of(protocol: Protocol, visit: Visit, names: Mapping[str, str], here: bool) -> Iterator[Before]:
    stage = protocol.stage(visit.stage)
    for answer in visit.earlier_answers:
        if answer.counts:
            said, decision = in_words(protocol, stage, answer), decided(answer.judged, names)
            yield Before(stage, said, decision, answer.still_needed, again=True)
    stands = visit.answer if visit.answer is not None and visit.answer.counts else None
    if not here and (stands is not None or visit.judged is not None):
        said_last = in_words(protocol, stage, stands) if stands is not None else None
        yield Before(stage, said_last, decided(visit.judged, names))
