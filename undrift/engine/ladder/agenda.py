"""Who owes what, by when: worked out from state, rules and a moment. Nothing here is ever counted down."""

from __future__ import annotations

from datetime import date, datetime
from operator import itemgetter

from undrift.engine.dates.due import Due, due_if_counted
from undrift.engine.dates.moments import london_date, noon, on_day
from undrift.engine.duties import Duty
from undrift.engine.ladder.state import Action, Child, Given, NotMine, State, Visit
from undrift.engine.musts import Must, deed
from undrift.engine.rules import Rules
from undrift.protocol.clocks import Counted, Unit
from undrift.protocol.model import Cap, Condition, StageEvent
from undrift.protocol.model import Duty as Asked


def agenda(rules: Rules, state: State, now: datetime) -> tuple[Duty, ...]:
    """Every duty that this resolution has brought with it, met or not, oldest stage first.

    `now` decides only whether the chair's own target after an unanswered date has begun. Of what is held nobody owes
    anything.
    """
    if state.nobody_lives:
        return ()
    duties: list[Duty] = []
    for number, visit in enumerate(state.visits, start=1):
        duties.extend(_stage_duties(rules, state, visit, number, now))
        duties.extend(_chair_duty(rules, state, visit, number, now))
    duties.extend(_to_do(rules, state, action) for action in state.asked_actions if action.status != "dropped")
    duties.extend(_chair_duties(rules, state, now))
    return tuple(duties)


def _to_do(rules: Rules, state: State, action: Action) -> Duty:
    """What was agreed, by the one who does it."""
    met = noon(action.done_on) if action.done_on is not None and not action.to_do else None
    ended = state.ended.at if state.ended else None
    return Duty(
        visit=0,
        must=Must.DO_THE_ACTION,
        subject=action.id,
        who="",
        stage=state.here.stage,
        due=on_day(action.by, rules.calendar) if action.by else None,
        basis="agreed",
        met=met,
        gone=action.owner_left or asked_about_anew(state, action) or ended if met is None else None,
        person=action.person,
        name=action.who,
        nth=max(1, len(action.dates)),
    )


def asked_about_anew(state: State, action: Action) -> datetime | None:
    """Since when an action that was not done in time is not waited for: the chair went on, and it is asked about anew.

    Once all is settled, it is waited for again.
    """
    return action.decided if not (state.accepted or state.follows_what_was_directed) else None


def overdue(state: State, now: datetime) -> tuple[Action, ...]:
    """The actions that nobody has done although their day has passed, and on which the chair has to decide.

    The longest past first.
    """
    today = london_date(now)
    late = (a for a in state.asked_actions if state.to_decide_on(a, today))
    return tuple(sorted(late, key=lambda a: (a.by or today, a.id)))


def not_done_for(state: State, now: datetime) -> tuple[Child, ...]:
    """The children for whom what was agreed is not done in time: those whom the answer settled that promised it.

    What is late of several stages is the latest one's: whom an earlier stage settled has no part in what came after it.
    """
    late = max((a.visit for a in overdue(state, now)), default=0)
    settled = tuple(c for c in state.living if c.settled)
    last = max((c.settled_in for c in settled), default=0)
    return tuple(c for c in settled if c.settled_in == late) or tuple(c for c in settled if c.settled_in == last)


def going_on(state: State, because: str, now: datetime) -> tuple[Child, ...]:
    """The children for whom it moves to another stage: what is settled stays settled."""
    if because == "not done" and state.accepted:
        return not_done_for(state, now)
    return state.unsettled or state.living


def without_a_doer(state: State) -> tuple[Action, ...]:
    """The actions whose owner is no longer here."""
    return tuple(a for a in state.asked_actions if a.to_do and a.owner_left is not None)


def turns(rules: Rules, state: State, now: datetime) -> datetime | None:
    """When it will be somebody else's turn by itself, because a day passes; None where nothing is waited for.

    What counts is what is waited for now: the actions that are agreed, and the answer until it is there.
    """
    ends = [on_day(a.by, rules.calendar).at for a in state.asked_actions if a.to_do and a.by is not None]
    settled = state.accepted or state.follows_what_was_directed
    if not settled and state.here.judged is None and not state.here.answered:
        ends.append(waits_until(rules, state, state.here))
    return min((end for end in ends if end is not None and end >= now), default=None)


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
            return visit.talked.at if visit.talked else visit.entered
        case "approved":
            return visit.answer.approved_at if visit.answer else None
        case "not accepted":  # pragma: no branch - there is no other, as mypy sees
            return visit.judged.at if visit.judged and not visit.judged.accepted else None


def _due(rules: Rules, state: State, visit: Visit, asked: Asked) -> Due | None:
    start = _start(state, visit, asked.of)
    if start is None:
        return None
    if asked.of == "spoke" and visit.talked is not None:
        # A date that has passed does not come back by a talk, nor does one that was kept move any more.
        without = _counted(rules, visit, asked, visit.entered)
        kept = visit.judgements[0] if visit.judgements else None
        over = min((at for at in (without.at, kept) if at is not None), default=None)
        if over is not None and visit.talked.written > over:
            return without
    return _counted(rules, visit, asked, start)


def _counted(rules: Rules, visit: Visit, asked: Asked, start: datetime) -> Due:
    agreed = visit.date if asked.is_answer else None
    if agreed is not None and agreed < london_date(start):
        # A talk held after the date had been set does not take it away: it runs from when this stage began.
        start = min(visit.entered, noon(agreed))
    return due_if_counted(rules.counted(asked.within), start, rules.calendar, bare_days=rules.bare_days, agreed=agreed)


def _cap_due(rules: Rules, state: State, cap: Cap) -> Due:
    """When the stages under this cap, one of which has begun, have to be over."""
    match cap.of:
        case "raised":
            start = state.raised
        case "entered":  # pragma: no branch - there is no other, as mypy sees
            start = next(visit.entered for visit in state.visits if visit.stage in cap.over)
    return due_if_counted(rules.counted(cap.within), start, rules.calendar, bare_days=rules.bare_days)


def _limit(rules: Rules, state: State, visit: Visit, asked: Asked) -> tuple[Due | None, str]:
    """When a duty is due and the clause that says so: its own clock, or a cap over its stage that ends earlier."""
    stage = rules.protocol.stage(visit.stage)
    own = (_due(rules, state, visit, asked), asked.clause or stage.clause)
    if not asked.is_answer:
        return own
    capped = [(_cap_due(rules, state, cap), cap.clause) for cap in rules.protocol.caps if visit.stage in cap.over]
    dated = [(when, clause) for when, clause in (own, *capped) if when is not None and when.at is not None]
    return min(dated, key=lambda limit: limit[0].at or state.raised, default=own)


def _stage_duties(rules: Rules, state: State, visit: Visit, number: int, now: datetime) -> list[Duty]:
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
                gone=_no_longer_owed(state, visit, asked) if met is None else None,
                clause=clause,
                put_off=asked.is_answer and any(not g.again for g in _that_count(rules, state, visit)),
            )
        )
        if asked.approved_by and found[-1].day is not None:
            found.append(_draft(rules, found[-1], visit))
        if asked.is_answer:
            found += _given_later(rules, state, visit, number, asked)
            found += _approval_beside(rules, state, visit, number, asked, now)
    return found


def _given_later(rules: Rules, state: State, visit: Visit, number: int, asked: Asked) -> list[Duty]:
    """The answer once more, by each later day that the chair gave for it: the next one takes its place."""
    given = _that_count(rules, state, visit)
    found: list[Duty] = []
    for nth, one in enumerate(given):
        met = _answer_since(visit, one.at) if asked.must == Must.RESPOND else _judged_since(visit, one.at)
        instead = given[nth + 1].at if nth + 1 < len(given) else None
        if instead is not None and met is not None and met > instead:
            met = None
        gone = instead or visit.left or _not_asked_since(state, visit, asked)
        found.append(
            Duty(
                visit=number,
                must=deed(asked.must),
                subject=asked.who,
                who=asked.who,
                stage=visit.stage,
                due=on_day(one.until, rules.calendar),
                basis="agreed",
                met=met,
                gone=gone if met is None else None,
                nth=nth + 2,
                began=one.at,
            )
        )
    return found


def _approval_beside(rules: Rules, state: State, visit: Visit, number: int, asked: Asked, now: datetime) -> list[Duty]:
    """The approval, where it is not whose turn it is: the chair decides on what is late, or after a plan's end.

    It goes on beside that, by the date of the answer, which is told as passed for both.
    """
    waits = visit is state.here and visit.waits_for_approval and not state.accepted
    ended = state.ended.at if state.ended else None
    if not (waits and asked.approved_by and _chair_decides_first(rules, state, min(now, ended or now))):
        return []
    return [Duty(number, Must.APPROVE, asked.approved_by, asked.approved_by, visit.stage, None, gone=ended)]


def _chair_decides_first(rules: Rules, state: State, now: datetime) -> bool:
    """Whether it is the chair's turn whatever waits: the answer's or an action's date passed, or all plans ended."""
    return state.off_every_plan or bool(overdue(state, now)) or waiting_over(rules, state, now)


def _that_count(rules: Rules, state: State, visit: Visit) -> tuple[Given, ...]:
    """The dates that the chair gave, without those for the first answer that are not later than the policy's own."""
    if not visit.given:
        return ()
    policy = answer_due(rules, state, visit)
    ends = policy.at if policy else None

    def counts(given: Given) -> bool:
        until = on_day(given.until, rules.calendar).at
        return until is not None and (given.again or ends is None or until > ends)

    return tuple(filter(counts, visit.given))


def _answer_since(visit: Visit, moment: datetime) -> datetime | None:
    """When there was an answer that counts, to what was asked at that moment."""
    answers = (*visit.earlier_answers, *((visit.answer,) if visit.answer else ()))
    counting = (a.meets_clock_at for a in answers if a.meets_clock_at is not None)
    return next((at for at in counting if at >= moment), None)


def _judged_since(visit: Visit, moment: datetime) -> datetime | None:
    return next((at for at in visit.judgements if at > moment), None)


def _not_asked_since(state: State, visit: Visit, asked: Asked) -> datetime | None:
    """Since when nobody asks for this answer: the children it was asked for have ended, and the others are settled."""
    if not asked.is_answer or visit.judged is not None or visit is not state.here or not state.accepted:
        return None
    return max((c.ended.at for c in state.children.values() if c.ended is not None), default=visit.entered)


def _no_longer_owed(state: State, visit: Visit, asked: Asked) -> datetime | None:
    """Since when nobody owes this: it moved on or ended, or what was asked is settled.

    A talk that the policy asks for is not the stage's own: it is owed until it is held, or all of it ends.
    """
    if asked.must == Must.SPEAK:
        return state.ended.at if state.ended else None
    return visit.left or _not_asked_since(state, visit, asked)


def spoken_since(state: State, visit: Visit, asked: Asked, since: datetime) -> datetime | None:
    """When the talk was held that was asked for at this stage: there, or when it had moved on."""
    later = state.visits[state.visits.index(visit) :]
    return next((at for each in later if (at := each.spoke_with(asked.to, since)) is not None), None)


def _holds(visit: Visit, outcome: Condition) -> bool:
    match outcome:
        case "not accepted":  # pragma: no branch - there is no other, as mypy sees
            return visit.judged is not None and not visit.judged.accepted


def _met(state: State, visit: Visit, asked: Asked) -> datetime | None:
    match deed(asked.must):
        case Must.RESPOND:
            return _first_answer(visit)
        case Must.SETTLE:
            return visit.judgements[0] if visit.judgements else None
        case Must.SPEAK:
            since = _start(state, visit, asked.of)
            return spoken_since(state, visit, asked, since) if since else None
        case step:
            return visit.reached.get(step)


def _first_answer(visit: Visit) -> datetime | None:
    """When there first was an answer that counts: a later one, asked for again, was not late for the first date."""
    answers = (*visit.earlier_answers, *((visit.answer,) if visit.answer else ()))
    return next((a.meets_clock_at for a in answers if a.meets_clock_at is not None), None)


def _draft(rules: Rules, answer: Duty, visit: Visit) -> Duty:
    """The draft's own earlier date: a courtesy to the approver."""
    day = answer.day
    assert day is not None
    back = Counted(rules.draft_before, Unit.WORKING_DAYS, before=True)
    early = max(due_if_counted(back, day, rules.calendar).date or day, london_date(visit.entered))
    drafts = (*visit.earlier_answers, *((visit.answer,) if visit.answer else ()))
    drafted = next((each.at for each in drafts if not each.sent_back), None)
    return Duty(
        visit=answer.visit,
        must=Must.DRAFT,
        subject=answer.subject,
        who=answer.who,
        stage=answer.stage,
        due=on_day(early, rules.calendar),
        basis="courtesy",
        met=drafted,
        gone=visit.left or answer.gone if drafted is None else None,
    )


def _chair_duty(rules: Rules, state: State, visit: Visit, number: int, now: datetime) -> list[Duty]:
    """The chair's decision: after an answer, after a date that passed unanswered, after a judgement.

    Each time it is the chair's turn it is a duty of its own.
    """
    clock, chair = rules.chair_decides_within, rules.protocol.stage(visit.stage).judged_by[0]
    if clock is None:
        return []
    turns: _Turns
    turns = [(chair_turn_since(rules, state, then, over), then.decided or over) for then, over in visit.turns]
    turns.append((chair_turn_since(rules, state, visit, now), visit.decided or visit.left))
    turns = _with_what_was_directed(state, visit, number, turns)
    begun = [(since, met) for since, met in turns if since is not None]
    return [
        Duty(
            visit=number,
            must=Must.DECIDE,
            subject=chair,
            who=chair,
            stage=visit.stage,
            due=due_if_counted(clock, since, rules.calendar, bare_days=rules.bare_days),
            basis="authority",
            met=met,
            nth=nth,
            began=since,
        )
        for nth, (since, met) in enumerate(begun, start=1)
    ]


_Turns = list[tuple[datetime | None, datetime | None]]


def _with_what_was_directed(state: State, visit: Visit, number: int, turns: _Turns) -> _Turns:
    """Not agreed, and directed: with the judgement it is decided, and the chair has it again once all of that is done.

    What is directed is tracked until then, each action by itself.
    """
    first = visit.judged_first
    directed = any(a.directed and a.visit == number for a in state.actions.values())
    if first is None or first == visit.decided or not directed:
        return turns
    done: _Turns = []
    if not state.directed:
        done = [(max(first, state.directed_done or first), visit.decided or visit.left)]
    return [*turns[:-1], (turns[-1][0], first), *done]


def _chair_duties(rules: Rules, state: State, now: datetime) -> list[Duty]:
    """What the chair owes beside the answer: about it, the actions, the children's plans, a call, and the end.

    What the chair has owed stays, with when it was met: whoever asks later why there was a date finds it.
    """
    chair = rules.protocol.stage(state.here.stage).judged_by[0]
    ended = state.ended.at if state.ended else None

    def owes(
        must: Must,
        subject: str,
        start: datetime,
        met: datetime | None = None,
        nth: int = 1,
        gone: datetime | None = ended,
    ) -> Duty:
        clock = rules.chair_decides_within
        when = due_if_counted(clock, start, rules.calendar, bare_days=rules.bare_days) if clock else None
        left = gone if met is None else None
        return Duty(0, must, subject, chair, state.here.stage, when, "authority", met, left, nth=nth, began=start)

    def passed(day: date | None) -> datetime:
        return (on_day(day, rules.calendar).at if day else None) or now

    found: list[Duty] = []
    for action in state.asked_actions:
        found += [
            owes(past.must, action.id, past.since or passed(past.day), past.met, past.nth, past.gone)
            for past in action.past
        ]
    found += [
        owes(Must.CONFIRM_THE_ACTION, a.id, a.done_at, nth=a.nth(Must.CONFIRM_THE_ACTION))
        for a in _done(state)
        if a.done_at is not None
    ]
    late = overdue(state, min(now, ended or now))
    for action in late:
        since = state.judged_at if action.decided else None
        nth = action.nth(Must.DECIDE_ON_THE_ACTION)
        found.append(owes(Must.DECIDE_ON_THE_ACTION, action.id, since or passed(action.by), nth=nth))
    found += [
        owes(Must.DECIDE_WHO_DOES_IT, a.id, a.owner_left, nth=len(a.dates))
        for a in without_a_doer(state)
        if a.owner_left is not None and a not in late
    ]
    found += [
        owes(Must.DECIDE_WHOSE, str(n.seq), n.at, n.settled)._replace(gone=_not_asked_whose(state, n))
        for n in state.not_mine
    ]
    found += [
        owes(Must.AGREE_THE_DATE, a.id, a.asked_at, nth=a.nth(Must.AGREE_THE_DATE))
        for a in state.asked_actions
        if a.asked_at is not None and a.open
    ]
    for child in (c for c in state.children.values() if c.id not in state.apart):
        ends: list[tuple[datetime, datetime | None, datetime | None]] = [
            *((since, decided, None) for since, decided in child.plans_decided),
            *((since, None, taken_back) for since, taken_back in child.ends_taken_back),
        ]
        if child in state.plans_ended and child.plan_ended_at is not None:
            ends.append((child.plan_ended_at, None, ended))
        found += [
            owes(Must.DECIDE_IF_IT_GOES_ON, child.id, since, met, nth, gone)
            for nth, (since, met, gone) in enumerate(sorted(ends, key=itemgetter(0)), start=1)
        ]
    for urgent in (u for u in state.urgent if not state.lies_apart(u.children)):
        # That somebody makes sure is owed to the child: it does not go when the concern ends.
        today = on_day(london_date(urgent.at), rules.calendar)
        met, gone = urgent.rung_back, urgent.given_up
        found.append(Duty(0, Must.RING, str(urgent.seq), chair, state.here.stage, today, "authority", met, gone))
    if state.accepted and not state.open_actions:
        resolved = state.ended.at if state.ended and state.ended.kind == "resolved" else None
        since = max(filter(None, (state.judged_at, state.last_action_at, state.here.decided)), default=state.raised)
        again = sum(len(visit.reopened) for visit in state.visits)
        found.append(owes(Must.RESOLVE, chair, since, resolved, nth=1 + again))
    return found


def _not_asked_whose(state: State, said: NotMine) -> datetime | None:
    """Since when nobody has to decide whose it is: it was answered all the same, or it went on or ended first."""
    if said.settled is not None:
        return None
    visit = state.visits[said.visit - 1]
    answers = (a.at for a in (*visit.earlier_answers, visit.answer) if a is not None and a.seq > said.seq)
    ended = state.ended.at if state.ended else None
    return next((at for at in (*answers, visit.left, ended) if at is not None), None)


def _done(state: State) -> tuple[Action, ...]:
    return tuple(a for a in state.asked_actions if a.status == "done")


def chair_turn_since(rules: Rules, state: State, visit: Visit, now: datetime) -> datetime | None:
    """Since when the chair has had to decide at this stage; None while it is with somebody else."""
    stage = rules.protocol.stage(visit.stage)
    if visit.reopened_now is not None:
        return visit.reopened_now
    if visit.answer is not None and visit.answer.approved_at is not None:
        return visit.answer.approved_at
    if not stage.is_raised:
        return visit.entered
    ends, first = waits_until(rules, state, visit), visit.judged_first
    if first is not None and (ends is None or first <= ends):
        return first
    if ends is not None and ends < (visit.decided or visit.left or now):
        return max((ends, *visit.reopened))
    return None


def waits_until(rules: Rules, state: State, visit: Visit) -> datetime | None:
    """Until when the answer is waited for: the policy's date, or the later one that the chair gave."""
    when = later_date(rules, state, visit) or answer_due(rules, state, visit)
    return when.at if when else None


def later_date(rules: Rules, state: State, visit: Visit) -> Due | None:
    """The date that the chair gave for the answer, where it is later than the policy's; else None.

    The policy's date was for the first answer: where that came and the chair asks again, the chair's date stands.
    """
    if visit.until is None:
        return None
    policy, given = answer_due(rules, state, visit), on_day(visit.until, rules.calendar)
    again = any(answer.approved_at is not None for answer in visit.earlier_answers)
    ends = policy.at if policy and not again else None
    return given if given.at is not None and (ends is None or given.at > ends) else None


def waiting_over(rules: Rules, state: State, now: datetime) -> bool:
    """The date has passed and there is no (approved) answer."""
    ends = waits_until(rules, state, state.here)
    return ends is not None and now > ends and not state.here.answered


def unanswered(rules: Rules, state: State, now: datetime) -> bool:
    """Whether a response was asked for here, its date has passed, and the chair has to decide without one."""
    asks = rules.protocol.stage(state.here.stage).asks_for_response
    return asks and state.ended is None and state.here.judged is None and waiting_over(rules, state, now)
