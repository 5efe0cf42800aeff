"""The schedule of one concern: each stage of the policy, its longest time, its dates, how it went and why it moved on.

Pan-Lancashire protocol, appendix 1. The form itself is not public: its columns are ours, from what the stages say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.ladder.rungs import Rung
from undrift.protocol.clocks import Counted
from undrift.protocol.model import Duty, Stage
from undrift.protocol.stage_words import STARTS, and_, time_of, told_by
from undrift.resolutions.written import Written

WENT_ON: Mapping[str, str] = {
    "not answered": "It was not answered in time",
    "not accepted": "The answer did not resolve it",
    "done": "It was done",
    "accepted": "The answer resolved it",
    "not done": "What was agreed was not done in time",
    "immediate risk": "A child was at immediate risk",
    "resolved": "It was resolved",
    "withdrawn": "It was withdrawn",
    "closed": "It was closed without being resolved",
}


class Line(NamedTuple):
    """One stage. Days are written out; "" where there is none."""

    stage: str
    does: str
    who: str
    told: str
    longest: str
    due: str
    done: str
    outcome: str


HEADS = Line("Stage", "What is done", "Who answers", "Told besides", "Longest time", "Due", "Done", "How it went")


def schedule(of: Written) -> list[Line]:
    """A line for each stage of the policy, the lowest first, also for those that were not used."""
    return [_line(of, rung) for rung in of.rungs]


def _line(of: Written, rung: Rung) -> Line:
    stage, protocol = rung.stage, of.rules.protocol
    asked = stage.answer or next(iter(stage.duties), None)
    duty = rung.duty
    why = WENT_ON[rung.visit.left_because] if rung.visit is not None and rung.visit.left_because else ""
    return Line(
        stage=stage.named,
        does=stage.raised_how or _step(of, asked),
        who=protocol.title_of(asked.who) if asked is not None else "",
        told=_told(of, stage),
        longest=_longest(asked),
        due=_due(rung),
        done=full_day(london_date(duty.met), short=True) if duty is not None and duty.met is not None else "",
        outcome=". ".join(filter(None, (rung.words, why))),
    )


def _step(of: Written, asked: Duty | None) -> str:
    step = of.rules.protocol.milestone(asked.must) if asked is not None else None
    return f"{step.title}." if step is not None else ""


def _told(of: Written, stage: Stage) -> str:
    told = told_by(of.rules.protocol, stage)
    return and_(told) if told else ""


def _longest(asked: Duty | None) -> str:
    """The time, and what it counts from where that is not when the stage began."""
    if asked is None:
        return ""
    time = time_of(asked.within)
    said = f"{time} {STARTS[asked.of]}".rstrip() if isinstance(asked.within, Counted) else time
    return said[:1].upper() + said[1:]


def _due(rung: Rung) -> str:
    """The day, and the later one that the chair gave, where one was given."""
    if rung.duty is None or rung.duty.day is None:
        return ""
    first = full_day(rung.duty.day, short=True)
    return f"{full_day(rung.waits, short=True)}; the first date was {first}" if rung.waits is not None else first
