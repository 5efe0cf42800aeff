"""How each stage of the ladder went, in the words that the pages and the reports share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from undrift.engine.duties import Duty
from undrift.engine.ladder.agenda import later_date, waiting_over
from undrift.engine.ladder.state import State, Visit
from undrift.engine.musts import Must
from undrift.engine.rules import Rules
from undrift.protocol.model import Stage

Went = Literal["not used", "held", "now", "in time", "late", "none", "left"]


@dataclass(frozen=True)
class Rung:
    """One stage and how it went. `duty` is the answer's, or at a milestone the first one's.

    `waits` is the later day, given by the chair, by which the answer is waited for now. `over`: it is waited for no
    more, because its day has passed.
    """

    stage: Stage
    went: Went
    words: str
    visit: Visit | None = None
    duty: Duty | None = None
    waits: date | None = None
    over: bool = False


def ladder(
    rules: Rules, state: State, duties: Sequence[Duty], now: datetime, held: Mapping[str, str] | None = None
) -> tuple[Rung, ...]:
    """Every stage of the protocol, lowest first. A stage visited twice is shown as it went the last time.

    `held` says of steps of the plan cycle, by stage, what was held and when; of the others nothing is on file.
    """
    visits = {v.stage: (n, v) for n, v in enumerate(state.visits, start=1)}
    reached = max(rules.protocol.position(stage) for stage in visits)

    def rung(stage: Stage) -> Rung:
        if stage.id in visits:
            return _rung(rules, state, stage, *visits[stage.id], duties, now)
        if stage.is_raised:
            ahead = state.ended is None and rules.protocol.position(stage.id) > reached
            return Rung(stage, "not used", "Still ahead" if ahead else "Not used")
        known = (held or {}).get(stage.id)
        return Rung(stage, "held", known) if known else Rung(stage, "not used", "Not on file")

    return tuple(map(rung, rules.protocol.stages))


def _rung(
    rules: Rules, state: State, stage: Stage, number: int, visit: Visit, duties: Sequence[Duty], now: datetime
) -> Rung:
    mine = [d for d in duties if d.visit == number and d.basis == "policy"]
    duty = next((d for d in mine if d.is_answer), mine[0] if mine else None)
    went, words = _went(state, stage, visit, duty, now)
    waiting = went == "now" and visit.judged is None and not visit.answered
    later = later_date(rules, state, visit) if waiting else None
    over = went == "now" and waiting_over(rules, state, now)
    return Rung(stage, went, words, visit, duty, later.date if later is not None else None, over)


def _went(state: State, stage: Stage, visit: Visit, duty: Duty | None, now: datetime) -> tuple[Went, str]:
    if visit.left is None and state.ended is None:
        return "now", "Now"
    if duty is None:
        return "left", "Done"
    late = duty.late(now)
    if not stage.asks_for_response:
        return _done_or_not(visit, duty, late)
    if duty.met is None:
        return ("none", "No response") if duty.ends and (visit.left or now) > duty.ends else ("left", "Left early")
    suffix = _agreed(visit) if visit.answered else ", asked again and not answered"
    return ("late", f"Answered late{suffix}") if late else ("in time", f"Answered in time{suffix}")


def _agreed(visit: Visit) -> str:
    verdicts = visit.verdicts.values()
    if all(verdicts):
        return ""
    return ", agreed for some children and not for others" if any(verdicts) else ", not agreed"


def _done_or_not(visit: Visit, duty: Duty, late: bool) -> tuple[Went, str]:
    if visit.judged is not None:
        if visit.judged.accepted:
            return ("late", "Settled late") if late else ("in time", "Settled")
        return "none", "Settled for some children and not for others" if visit.judged.in_part else "Not settled"
    if visit.refused:
        return "none", "Not accepted"
    if duty.met is None:
        return "left", "Not settled" if duty.must == Must.SETTLE else "Left early"
    return ("late", "Done late") if late else ("in time", "Done in time")
