"""Who owes what, by when: worked out from state, rules and a moment. Nothing here is ever counted down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from undrift.engine.dates.due import Due, due, working_days_between
from undrift.engine.dates.moments import london_date, noon, on_day
from undrift.engine.ladder.musts import ANSWERS, OF_AN_ACTION, Deed, Must, deed
from undrift.engine.ladder.state import State, Visit
from undrift.engine.rules import Rules
from undrift.protocol.clocks import Counted, Unit
from undrift.protocol.model import Cap, Condition, Stage, StageEvent
from undrift.protocol.model import Duty as Asked

Basis = Literal["policy", "authority", "courtesy", "agreed"]


@dataclass(frozen=True)
class Duty:
    """What somebody must do by some time.

    `visit` is the stay on a stage that brought it, the first being 1; 0 where no stage did. `subject` is whom or what
    it is about: the role spoken with, the action, else the role that owes it. `basis` says whose date it is: the
    policy's, the authority's own target, a courtesy (never late), or a date agreed for an action. `due` is None where
    nothing is owed by a date.
    """

    visit: int
    must: Deed
    subject: str
    who: str  # role; for an action the owner's role is unknown and `person`/`name` say who
    stage: str
    due: Due | None
    basis: Basis = "policy"
    met: datetime | None = None
    gone: datetime | None = None  # no longer owed, because the resolution moved on or ended
    clause: str = ""
    person: str = ""
    name: str = ""
    nth: int = 1  # which date of an action this is: a new date is a new duty, and both may lapse

    @property
    def key(self) -> str:
        """Stable within a resolution: what the record calls it. Nobody reads it but to find it again."""
        match self.must:
            case Must.DO_THE_ACTION:
                return f"action:{self.subject}" if self.nth < 2 else f"action:{self.subject}:{self.nth}"
            case Must.CONFIRM_THE_ACTION:
                return f"confirm:{self.subject}"
            case Must.RESOLVE:
                return "resolve"
            case _:
                return f"{self.visit}:{self.must}:{self.subject}"

    @property
    def action(self) -> str:
        """The id of the action that it is about; "" where it is about none."""
        return self.subject if self.must in OF_AN_ACTION else ""

    @property
    def is_answer(self) -> bool:
        return self.must in ANSWERS

    @property
    def day(self) -> date | None:
        return self.due.date if self.due else None

    @property
    def ends(self) -> datetime | None:
        return self.due.at if self.due else None

    @property
    def owed(self) -> bool:
        return self.met is None and self.gone is None

    def late(self, now: datetime) -> bool:
        """Past its time and not met in it. A courtesy, and a duty without a date, is never late."""
        if self.due is None or self.ends is None or self.basis == "courtesy" or _indicative(self.due):
            return False
        return (self.met or self.gone or now) > self.ends if self.owed or self.met else False


def _indicative(when: Due) -> bool:
    return isinstance(when.clock, Counted) and when.clock.indicative


def days_late(duty: Duty, now: datetime, rules: Rules) -> int:
    """Working days from the due date to when it was met, or to now; 0 when not late."""
    if not duty.late(now) or duty.day is None:
        return 0
    return max(0, working_days_between(duty.day, london_date(duty.met or now), rules.calendar))


def days_left(duty: Duty, now: datetime, rules: Rules) -> int | None:
    """Working days from today until the due date; 0 on the day; None without a date or when it is past."""
    today = london_date(now)
    if duty.day is None or duty.day < today:
        return None
    return working_days_between(today, duty.day, rules.calendar)


def agenda(rules: Rules, state: State, now: datetime) -> tuple[Duty, ...]:
    """Every duty that this resolution has brought with it, met or not, oldest stage first.

    `now` decides only whether the chair's own target after an unanswered date has begun.
    """
    duties: list[Duty] = []
    for number, visit in enumerate(state.visits, start=1):
        duties.extend(_stage_duties(rules, state, visit, number))
        duties.extend(_chair_duty(rules, state, visit, number, now))
    for action in state.actions.values():
        if action.by is None or action.status == "dropped":
            continue
        met = None
        if action.done_on is not None and action.status in ("done", "complete"):
            met = noon(action.done_on)
        duties.append(
            Duty(
                visit=0,
                must=Must.DO_THE_ACTION,
                subject=action.id,
                who="",
                stage=state.here.stage,
                due=on_day(action.by, rules.calendar),
                basis="agreed",
                met=met,
                gone=state.ended.at if state.ended and met is None else None,
                person=action.person,
                name=action.who,
                nth=len(action.dates),
            )
        )
    duties.extend(_closing_duties(rules, state))
    return tuple(duties)


def answer_due(rules: Rules, state: State, visit: Visit) -> Due | None:
    """The date that the policy sets for the answer at this stage; None where it sets none."""
    asked = rules.protocol.stage(visit.stage).answer
    return _limit(rules, state, visit, asked)[0] if asked else None


def _start(state: State, visit: Visit, event: StageEvent) -> datetime | None:
    match event:
        case "raised":
            return state.raised
        case "entered":
            return visit.entered
        case "spoke":
            return visit.spoke_with(None)
        case "approved":
            return visit.answer.approved_at if visit.answer else None
        case "not accepted":
            return visit.judged.at if visit.judged and not visit.judged.accepted else None


def _due(rules: Rules, state: State, visit: Visit, asked: Asked) -> Due | None:
    start = _start(state, visit, asked.of)
    if start is None:
        return None
    agreed = visit.date if asked.is_answer else None
    if agreed is not None and agreed < london_date(start):
        agreed = None  # set before this clock began to run
    return due(rules.counted(asked.within), start, rules.calendar, bare_days=rules.bare_days, agreed=agreed)


def _cap_due(rules: Rules, state: State, cap: Cap) -> Due | None:
    """When the stages under this cap have to be over; None where none of them has begun."""
    match cap.of:
        case "raised":
            start: datetime | None = state.raised
        case "entered":
            start = next((visit.entered for visit in state.visits if visit.stage in cap.over), None)
    if start is None:
        return None
    return due(rules.counted(cap.within), start, rules.calendar, bare_days=rules.bare_days)


def _limit(rules: Rules, state: State, visit: Visit, asked: Asked) -> tuple[Due | None, str]:
    """When a duty is due and the clause that says so: its own clock, or a cap over its stage that ends earlier."""
    stage = rules.protocol.stage(visit.stage)
    own = (_due(rules, state, visit, asked), asked.clause or stage.clause)
    if not asked.is_answer:
        return own
    capped = [(_cap_due(rules, state, cap), cap.clause) for cap in rules.protocol.caps if visit.stage in cap.over]
    dated = [(when, clause) for when, clause in (own, *capped) if when is not None and when.at is not None]
    return min(dated, key=lambda limit: limit[0].at or state.raised, default=own)


def _stage_duties(rules: Rules, state: State, visit: Visit, number: int) -> list[Duty]:
    stage = rules.protocol.stage(visit.stage)
    found: list[Duty] = []
    for asked in stage.duties:
        if not all(_holds(visit, outcome) for outcome in asked.when):
            continue
        met = _met(state, visit, asked)
        when, clause = _limit(rules, state, visit, asked)
        found.append(
            Duty(
                visit=number,
                must=deed(asked.must),
                subject=asked.to or asked.who,
                who=asked.who,
                stage=stage.id,
                due=when,
                basis="policy",
                met=met,
                gone=visit.left if met is None else None,
                clause=clause,
            )
        )
        if asked.approved_by and found[-1].day is not None:
            found.append(_draft(rules, found[-1], visit))
    return found


def _holds(visit: Visit, outcome: Condition) -> bool:
    match outcome:
        case "not accepted":
            return visit.judged is not None and not visit.judged.accepted


def _met(state: State, visit: Visit, asked: Asked) -> datetime | None:
    match deed(asked.must):
        case Must.RESPOND:
            return visit.answer.meets_clock_at if visit.answer else None
        case Must.SETTLE:
            return visit.judged.at if visit.judged else None
        case Must.SPEAK:
            since = _start(state, visit, asked.of)
            return visit.spoke_with(asked.to, since) if since else None
        case step:
            return visit.reached.get(step)


def _draft(rules: Rules, answer: Duty, visit: Visit) -> Duty:
    """The draft's own earlier date: a courtesy to the approver."""
    day = answer.day
    assert day is not None
    back = Counted(rules.draft_before, Unit.WORKING_DAYS, before=True)
    early = max(due(back, day, rules.calendar, bare_days=None).date or day, london_date(visit.entered))
    drafted = visit.answer.at if visit.answer and not visit.answer.sent_back else None
    return Duty(
        visit=answer.visit,
        must=Must.DRAFT,
        subject=answer.subject,
        who=answer.who,
        stage=answer.stage,
        due=on_day(early, rules.calendar),
        basis="courtesy",
        met=drafted,
        gone=visit.left if drafted is None else None,
    )


def _chair_duty(rules: Rules, state: State, visit: Visit, number: int, now: datetime) -> list[Duty]:
    """The chair's decision: after an answer, after a date that passed unanswered, after a judgement."""
    if rules.chair_decides_within is None:
        return []
    start = chair_turn_since(rules, state, visit, now)
    if start is None:
        return []
    stage = rules.protocol.stage(visit.stage)
    met = visit.left
    if met is None and visit.judged is not None and visit.judged.accepted:
        met = visit.judged.at
    return [
        Duty(
            visit=number,
            must=Must.DECIDE,
            subject=stage.judged_by[0],
            who=stage.judged_by[0],
            stage=stage.id,
            due=due(rules.chair_decides_within, start, rules.calendar, bare_days=rules.bare_days),
            basis="authority",
            met=met,
        )
    ]


def _closing_duties(rules: Rules, state: State) -> list[Duty]:
    """What the chair owes once all is agreed: to confirm what was done, then to resolve."""
    judged = state.here.judged
    chair = rules.protocol.stage(state.here.stage).judged_by[0]
    gone = state.ended.at if state.ended else None

    def owes(must: Must, subject: str, start: datetime, met: datetime | None) -> Duty:
        clock = rules.chair_decides_within
        when = due(clock, start, rules.calendar, bare_days=rules.bare_days) if clock else None
        return Duty(0, must, subject, chair, state.here.stage, when, "authority", met, gone if met is None else None)

    found = [
        owes(Must.CONFIRM_THE_ACTION, a.id, noon(a.done_on), None)
        for a in state.actions.values()
        if a.status == "done" and a.done_on is not None
    ]
    if judged is not None and judged.accepted and not state.open_actions:
        resolved = state.ended.at if state.ended and state.ended.kind == "resolved" else None
        start = max(judged.at, state.last_action_at or judged.at)
        found.append(owes(Must.RESOLVE, chair, start, resolved))
    return found


def chair_turn_since(rules: Rules, state: State, visit: Visit, now: datetime) -> datetime | None:
    """Since when the chair has had to decide at this stage; None while it is with somebody else."""
    stage = rules.protocol.stage(visit.stage)
    if visit.answer is not None and visit.answer.approved_at is not None:
        return visit.answer.approved_at
    if stage.kind == "milestone":
        return _milestones_done(state, stage, visit)
    ends = waits_until(rules, state, visit)
    if visit.judged is not None and (ends is None or visit.judged.at <= ends):
        return visit.judged.at
    if ends is not None and ends < (visit.left or now):
        return ends
    return None


def _milestones_done(state: State, stage: Stage, visit: Visit) -> datetime | None:
    times = [_met(state, visit, d) for d in stage.duties]
    if visit.refused:
        return max((t for t in times if t is not None), default=visit.entered)
    return None if any(t is None for t in times) else max(t for t in times if t is not None)


def waits_until(rules: Rules, state: State, visit: Visit) -> datetime | None:
    """Until when the answer is waited for: the policy's date, or the later one that the chair gave."""
    when = later_date(rules, state, visit) or answer_due(rules, state, visit)
    return when.at if when else None


def later_date(rules: Rules, state: State, visit: Visit) -> Due | None:
    """The date that the chair gave for the answer, where it is later than the policy's; else None."""
    if visit.until is None:
        return None
    policy, given = answer_due(rules, state, visit), on_day(visit.until, rules.calendar)
    ends = policy.at if policy else None
    return given if given.at is not None and (ends is None or given.at > ends) else None


def waiting_over(rules: Rules, state: State, now: datetime) -> bool:
    """The date has passed and there is no (approved) answer."""
    ends = waits_until(rules, state, state.here)
    answered = state.here.answer is not None and state.here.answer.approved_at is not None
    return ends is not None and now > ends and not answered
