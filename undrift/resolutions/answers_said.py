"""The answers of one resolution in words, and what was decided about each: the one that stands, and those before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from undrift.engine.dates.due import working_days_if_counted
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.ladder.agenda import answer_due, later_date
from undrift.engine.ladder.state import Answer, Judgement, State, Visit, day_of
from undrift.engine.rules import Rules
from undrift.protocol.model import Stage
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
    late: str


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


@dataclass(frozen=True)
class Answers:
    """All that was answered and decided in one resolution, read once. `names` are of children who may be named."""

    rules: Rules
    state: State
    names: Mapping[str, str]

    def standing(self, answer: Answer) -> Said:
        """The answer at the stage where it stands."""
        return self._said(self.state.here, answer)

    @property
    def decision(self) -> Decision | None:
        return self._decided(self.state.here.judged)

    def before(self) -> tuple[Before, ...]:
        """What was answered and decided before what is asked now, newest first; one that nobody approved is none."""
        return tuple(reversed([each for visit in self.state.visits for each in self._of(visit)]))

    def _of(self, visit: Visit) -> Iterator[Before]:
        stage = self.rules.protocol.stage(visit.stage)
        for answer in visit.earlier_answers:
            if answer.counts:
                said, decision = self._said(visit, answer), self._decided(answer.judged)
                yield Before(stage, said, decision, answer.still_needed, again=True)
        stood = visit.answer if visit.answer is not None and visit.answer.counts else None
        if visit is not self.state.here and (stood is not None or visit.judged is not None):
            last = self._said(visit, stood) if stood is not None else None
            yield Before(stage, last, self._decided(visit.judged))

    def _decided(self, judged: Judgement | None) -> Decision | None:
        """Of children who may not be named, nothing is said unless there is nobody else to speak of."""
        if judged is None:
            return None
        spoken = {c: yes for c, yes in judged.children.items() if c in self.names} or judged.children
        yes, no = ([self.names.get(c, "a child") for c, said in spoken.items() if said is way] for way in (True, False))
        verdict = "Accepted" if yes else "Not accepted"
        if yes and no:
            verdict = f"Accepted for {listed(yes)}, and not accepted for {listed(no)}"
        return Decision(verdict, judged.why, judged.by.name, judged.at)

    def _said(self, visit: Visit, answer: Answer) -> Said:
        protocol = self.rules.protocol
        titles = {o.id: o.title for o in protocol.obstacles}
        asked = (q for q in protocol.stage(visit.stage).consider if q.id in answer.consider)
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
            late=self._late(visit, answer),
        )

    def _late(self, visit: Visit, answer: Answer) -> str:
        """How late it came for the day by which it was due; "" for one that came in time, or is not there yet."""
        first = not any(earlier.counts and earlier.seq < answer.seq for earlier in visit.earlier_answers)
        due = answer_due(self.rules, self.state, visit) if first else later_date(self.rules, self.state, visit)
        came = answer.approved_at
        if came is None or due is None or due.date is None or due.at is None or came <= due.at:
            return ""
        was = f"it was {'due on' if first else 'asked for again by'} {full_day(due.date)}"
        days = working_days_if_counted(due.date, london_date(came), self.rules.calendar)
        said = f"It came {days} working day{'' if days == 1 else 's'} late: {was}." if days else f"It came late: {was}."
        if first and answer is visit.answer and visit.until is not None:
            return f"{said} More time was given, to {full_day(visit.until)}."
        return said
