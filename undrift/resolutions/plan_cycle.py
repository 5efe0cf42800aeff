"""The steps of the plan cycle that stand before the ladder: what was held, and when the rest is due.

Their dates count from the conference, whenever it was typed (Pan-Lancashire, stages 1 and 2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from undrift.children.models import Conference
from undrift.engine.dates.due import Due, due_if_counted
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.engine.plan_cycle.on_file import SAME_CONFERENCE
from undrift.engine.rules import Rules
from undrift.protocol.clocks import Counted
from undrift.protocol.model import Milestone, Stage
from undrift.record.models import Event, Kind

NOT_RECORDED = "Not recorded here"
SHEETS = ("conference_held", "sheet_sent")
COUNTED_FROM = {
    "conference": ("initial", "review"),
    "initial conference": ("initial",),
    "review conference": ("review",),
}


@dataclass(frozen=True)
class CycleStep:
    """One step after a conference: whose it is, when it is due, and the day it was done where that is on file."""

    stage: Stage | None
    id: str
    title: str
    role: str
    who: str
    conference: date
    due: Due
    done: date | None
    clause: str
    # Whether what is on file would say that it was done: none says when a sheet was sent, so that is never called late.
    is_told: bool = True
    is_open_until: bool = False  # a way beside the stages, open until that day, rather than something to do by it


def last_conference_day(family: int | None) -> date | None:
    """The day of the latest conference about a family that was held; None where none is on file. One query."""
    held = _held(family)
    return london_date(held.held_on) if held is not None and held.held_on is not None else None


def _held(family: int | None) -> Conference | None:
    if family is None:
        return None
    return Conference.objects.filter(family=family, held_on__isnull=False).order_by("-held_on").first()


def steps_after_conference(rules: Rules, family: int | None) -> tuple[CycleStep, ...]:
    """The steps that the policy dates from a conference, for the latest one that was held. Two queries at most."""
    held = _held(family)
    if held is None or held.held_on is None:
        return ()
    sent = _sheet_sent(held) if rules.protocol.met_by("sheet sent") else None
    return (*_steps(rules, held, sent), *_open_ways(rules, held))


def steps_after(rules: Rules, held: Conference) -> tuple[CycleStep, ...]:
    """The same, for a conference that was held and of which the family's plan cycle knows nothing. No query."""
    return (*_steps(rules, held, None), *_open_ways(rules, held))


def _sheet_sent(held: Conference) -> date | None:
    """When the sheet of this conference was sent, as the family's plan cycle has it. One query."""
    assert held.held_on is not None
    day = london_date(held.held_on)
    told = Event.objects.filter(case__family=held.family_id, case__kind=Kind.PLAN, type__in=SHEETS)
    found = list(told.order_by("case", "seq").values_list("case", "type", "payload"))
    same = {
        (case, said["id"])
        for case, kind, said in found
        if kind == "conference_held" and abs(date.fromisoformat(said["on"]) - day) <= SAME_CONFERENCE
    }
    sent = [
        date.fromisoformat(said["on"])
        for case, kind, said in found
        if kind == "sheet_sent" and (case, said["conference"]) in same
    ]
    return sent[-1] if sent else None


def steps_are_owed(rules: Rules) -> bool:
    """Whether the policy dates any step from a conference that was held: where it does not, nobody need be asked."""
    return any(_is_after(milestone) for milestone in rules.protocol.milestones)


def _is_after(milestone: Milestone) -> bool:
    """A number of days after a conference: not counted back from it, and not agreed at it."""
    within = milestone.within
    return milestone.of in COUNTED_FROM and isinstance(within, Counted) and not within.before


def _steps(rules: Rules, held: Conference, sheet_sent: date | None) -> Iterator[CycleStep]:
    assert held.held_on is not None
    day = london_date(held.held_on)
    stages = {duty.must: stage for stage in rules.protocol.stages if not stage.is_raised for duty in stage.duties}
    for milestone in rules.protocol.milestones:
        if milestone.within is None or held.kind not in COUNTED_FROM.get(milestone.of or "", ()):
            continue
        due = due_if_counted(rules.counted(milestone.within), day, rules.calendar, bare_days=rules.bare_days)
        if (due.date is None and not _is_after(milestone)) or (due.date is not None and due.date < day):
            continue  # counted back from a conference that was, or agreed at it
        is_sheet = milestone.met_by == "sheet sent"
        yield CycleStep(
            stage=stages.get(milestone.id),
            id=milestone.id,
            title=milestone.title,
            role=milestone.who or "",
            who=rules.protocol.title_of(milestone.who or ""),
            conference=day,
            due=due,
            done=sheet_sent if is_sheet else None,
            clause=milestone.clause,
            is_told=not is_sheet,
        )


def _open_ways(rules: Rules, held: Conference) -> Iterator[CycleStep]:
    """What may be done against the conference, each until its last day."""
    assert held.held_on is not None
    day = london_date(held.held_on)
    for route in rules.protocol.routes:
        if route.within is None or held.kind not in COUNTED_FROM.get(route.of, ()):
            continue
        due = due_if_counted(rules.counted(route.within), day, rules.calendar, bare_days=rules.bare_days)
        if due.date is not None or isinstance(due.clock, Counted):
            yield CycleStep(None, route.id, route.title, "", route.to, day, due, None, route.clause, is_open_until=True)


def held_in_the_cycle(rules: Rules, family: int | None) -> Mapping[str, str]:
    """For each step of the plan cycle that is a stage of the policy: what was held or is due, in words. One query."""
    return {step.stage.id: _words(step) for step in steps_after_conference(rules, family) if step.stage is not None}


def _words(step: CycleStep) -> str:
    if step.done is not None:
        return f"Conference {full_day(step.conference, short=True)}, done {full_day(step.done, short=True)}"
    conference = f"Conference {full_day(step.conference, short=True)}"
    if step.due.date is None:  # beyond the bank holidays known
        return f"{conference}. {step.due.none_because}"
    due = f"{conference}, due {full_day(step.due.date, short=True)}"
    return due if step.is_told else f"{due}. {NOT_RECORDED}: the plan cycle is where it is recorded"
