"""The log of one stage: each recommendation that came to it, what was answered and done, and where it went from there.

Pan-Lancashire protocol, stage 4 and appendix 2. The form itself is not public: its columns are ours, from what the
stage asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.ladder.state import State, Visit
from undrift.people.models import Agency
from undrift.protocol.model import Protocol
from undrift.resolutions.earlier import how_it_ended
from undrift.resolutions.in_a_line import listed
from undrift.resolutions.models import Resolution

NOBODY: Mapping[str, str] = {}
IN_ERROR = "This was marked as made in error"


class Entry(NamedTuple):
    """One recommendation, in words. Days are written out; "" where there is nothing to say yet."""

    recommendation: str
    asked: str
    kind: str
    agency: str
    sent: str
    complete_by: str
    response: str
    decision: str
    completed: str
    then: str


HEADS = Entry(
    recommendation="Recommendation",
    asked="What is required",
    kind="Kind",
    agency="Agency",
    sent="Sent",
    complete_by="To be completed by",
    response="Response",
    decision="Chair’s decision",
    completed="Completed",
    then="Where it went",
)


def agencies_in(states: Iterable[State], stage: str) -> dict[str, str]:
    """The names of those whose it was at the stage, by number as a visit has it. One query, or none."""
    numbers = {visit.agency for state in states for visit in state.visits if visit.stage == stage and visit.agency}
    return {str(number): one.name for number, one in Agency.objects.in_bulk(map(int, numbers)).items()}


def entry(
    r: Resolution, state: State, protocol: Protocol, stage: str, agencies: Mapping[str, str] = NOBODY
) -> Entry | None:
    """How it went at the stage, the last time it was there; None for what never was.

    `agencies` as `agencies_in` gives them: a later stage may be another's.
    """
    there = [(number, visit) for number, visit in enumerate(state.visits) if visit.stage == stage]
    if not there:
        return None
    number, visit = there[-1]
    reasons = visit.grounds or state.grounds
    kinds = dict.fromkeys(ground.kind for ground in protocol.grounds if ground.code in reasons)
    return Entry(
        recommendation=state.recommendation or state.concern,
        asked=visit.ask,
        kind=listed([kind.capitalize() for kind in kinds]),
        agency=agencies.get(visit.agency) or (r.responsible_agency.name if r.responsible_agency else ""),
        sent=_moment(visit.entered),
        complete_by=_day(visit.completion or state.completion),
        response=_response(visit, state),
        decision=_decision(visit),
        completed=_completed(state, number + 1),
        then=_then(r, state, protocol, number),
    )


def _response(visit: Visit, state: State) -> str:
    answer = visit.answer
    if answer is None or not answer.counts:
        return "No response was made" if visit.left is not None else "No response yet"
    promised = [f"{one['what']} ({one['who']}{_by(one.get('by'))})" for one in answer.actions]
    said = f"{_moment(answer.at)}, {answer.by.name}: {answer.text.rstrip('.')}."
    wrong = f"{IN_ERROR}." if answer.seq in state.corrected else ""
    return " ".join(filter(None, (said, f"{'; '.join(promised)}." if promised else "", wrong)))


def _by(day: object) -> str:
    """Of an action as the answer holds it: its day as it was written."""
    return f", by {full_day(date.fromisoformat(day), short=True)}" if isinstance(day, str) and day else ""


def _decision(visit: Visit) -> str:
    judged = visit.judged
    if judged is None:
        return ""
    said = "Accepted" if judged.accepted else "Accepted for some children" if judged.in_part else "Not accepted"
    why = f": {judged.why}" if judged.why else ""
    return f"{said}, {_moment(judged.at)}{why}"


def _completed(state: State, visit: int) -> str:
    """Of what was agreed in that stay, how much the chair has confirmed, and when the last of it was done."""
    agreed = [action for action in state.actions.values() if action.visit == visit]
    if not agreed:
        return ""
    done = [action for action in agreed if action.status == "complete"]
    if len(done) < len(agreed):
        return f"{len(done)} of {len(agreed)} confirmed"
    return _day(max((action.done_on for action in done if action.done_on is not None), default=None)) or "Confirmed"


def _then(r: Resolution, state: State, protocol: Protocol, number: int) -> str:
    """The stages it went on to, each with its day; and how it ended."""
    later: Sequence[Visit] = state.visits[number + 1 :]
    said = [f"{protocol.stage(visit.stage).named}, {_moment(visit.entered)}" for visit in later]
    if r.ended_at is not None:
        said.append(f"{how_it_ended(r)}, {_moment(r.ended_at)}")
    return ". ".join(said)


def _moment(moment: datetime) -> str:
    return full_day(london_date(moment), short=True)


def _day(day: date | None) -> str:
    return full_day(day, short=True) if day is not None else ""
