"""An answer is judged, and the resolution moves on, waits longer or is late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

from undrift.engine.dates.due import due_if_counted
from undrift.engine.dates.horizons import too_far_ahead
from undrift.engine.dates.moments import in_words, london_date
from undrift.engine.drafts import Decision, Draft, iso, need
from undrift.engine.events import By, Event
from undrift.engine.ladder import acts
from undrift.engine.ladder.actions import agreed_for, gone_on_without
from undrift.engine.ladder.agenda import agenda, answer_due, going_on, not_done_for, overdue, waiting_over, waits_until
from undrift.engine.ladder.drafts import risk_of, risk_refused
from undrift.engine.ladder.entering import (
    asked_by_refused,
    began,
    conversation_refused,
    date_refused,
    not_set_out,
    risk_denied,
    spoken_of,
)
from undrift.engine.ladder.guards import stage_here, still_open
from undrift.engine.ladder.state import (
    Child,
    Given,
    Judgement,
    State,
    Visit,
    altered,
    day_of,
    decided_here,
    here_with,
    risk_told,
)
from undrift.engine.musts import Must
from undrift.engine.refusal import Refusal
from undrift.engine.rules import Rules
from undrift.engine.who_may import only, spoken
from undrift.engine.written import written
from undrift.protocol.clocks import Clock, Counted, say
from undrift.protocol.model import Outcome, Stage
from undrift.protocol.names import OUTSIDE_LADDER


def may_judge(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage, here = stage_here(rules, state), state.here
    if refusal := still_open(state) or only(rules, by, stage.judged_by, "decide", stage.clause):
        return refusal
    asked = stage.answer
    if asked is None:
        return Refusal("nothing-to-judge", f"At {stage.title} there is no answer to judge: move on when it is done.")
    if state.accepted:
        return Refusal("settled", "This is settled for every child. Re-open it for a child first, and say why.")
    if asked.must == Must.SETTLE or here.judged is not None:
        return None
    if here.answered:
        return None
    if here.waits_for_approval:
        approver = rules.protocol.title_of(asked.approved_by or "")
        return Refusal("with-approver", f"The answer waits for the {approver} to approve it.", asked.clause)
    return Refusal("not-answered-yet", f"The {rules.protocol.title_of(asked.who)} has not answered yet.", asked.clause)


def may_move_on(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    """May it move on for some reason at all? `decide` checks the reason that is given."""
    stage = stage_here(rules, state)
    chairs = stage.judged_by + tuple(r for r in stage.sent_by if r not in stage.judged_by)
    if refusal := still_open(state) or only(rules, by, chairs, "move it to another stage", stage.clause):
        return refusal
    if rules.protocol.position(stage.id) == len(rules.protocol.stages) - 1 and not any(
        e.to not in ("resolved", "ended") for e in stage.exits
    ):
        return Refusal("top", f"{stage.title} is the highest stage.", stage.clause)
    if refusal := _nothing_to_move_for(rules, state, at):
        return refusal
    if not ways_on(rules, state, at):
        return Refusal("no-way", f"{stage.title} leads to no other stage from here.", stage.clause)
    return None


def _nothing_to_move_for(rules: Rules, state: State, at: datetime) -> Refusal | None:
    stage, here = stage_here(rules, state), state.here
    if state.accepted:
        if overdue(state, at):
            return None
        return Refusal("accepted", "The chair decided that this resolves it. Re-open it for a child to change that.")
    if state.risk_now or here.judged is not None or not stage.is_raised:
        return None
    if waiting_over(rules, state, at):
        return None
    if here.answered:
        return Refusal("not-judged", "Read the answer and decide first.", stage.clause)
    return Refusal("too-soon", _waiting_sentence(rules, state, at), stage.clause)


def _waiting_sentence(rules: Rules, state: State, at: datetime) -> str:
    asked, ends = stage_here(rules, state).answer, waits_until(rules, state, state.here)
    if asked is not None and ends is not None:
        return (
            f"The {rules.protocol.title_of(asked.who)} has until {spoken(ends)}. "
            "It can move on then, or at once if a child is at immediate risk."
        )
    return "Decide whether what was agreed has been done first."


def may_give_time(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage = stage_here(rules, state)
    if refusal := still_open(state) or only(rules, by, stage.judged_by, "give more time", stage.clause):
        return refusal
    if stage.answer is None:
        return Refusal("no-date-here", f"{stage.title} has no date for an answer.")
    if state.here.answer is not None and state.here.answer.approved_at is not None:
        return Refusal("answered", f"This was answered on {spoken(state.here.answer.approved_at)}.")
    if state.accepted:
        return Refusal("accepted", "This has been decided.")
    return _no_time_left(rules, state, at)


def _no_time_left(rules: Rules, state: State, at: datetime) -> Refusal | None:
    """Where no day is left that could be given: the longest that the policy allows has passed, or is given already."""
    clock, last = longest(rules, state, at)
    now, today = waits_until(rules, state, state.here), london_date(at)
    if last is None or (last >= today and (now is None or last > london_date(now))):
        return None
    stage = stage_here(rules, state)
    asked = stage.answer
    assert asked is not None, "asked of a stage with an answer"
    most = "the policy allows at most" if stage.chair_sets_date else "it can be as long again,"
    said = f"No more time can be given here: {most} {say(clock)}, to {in_words(last)}."
    return Refusal("no-time-left", said, asked.clause or stage.clause)


def due_here(stage: Stage) -> str:
    """What the date is by which something is waited for at this stage: an answer, or what was agreed in a talk."""
    if stage.answer is not None and stage.answer.must == Must.SETTLE:
        return "by which it is to be settled now"
    return "by which the answer is due now"


def longest(rules: Rules, state: State, at: datetime) -> tuple[Clock, date | None]:
    """The clock of the answer, and the last day that the chair may give for it now; None where nothing limits it.

    Where the policy leaves the date to the chair, its number is the longest. Where it sets the time, as long again,
    from the policy's own date or from today: a date that the chair gave before makes it no longer.
    """
    stage = stage_here(rules, state)
    asked = stage.answer
    assert asked is not None, "asked of a stage with an answer"
    clock, policy = rules.counted(asked.within), answer_due(rules, state, state.here)
    if not isinstance(clock, Counted):
        return clock, None
    own = policy.date if policy is not None else None
    start: datetime | date = state.here.entered if stage.chair_sets_date else max(filter(None, (london_date(at), own)))
    return clock, due_if_counted(clock, start, rules.calendar, bare_days=rules.bare_days).date


def may_ask_again(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    stage, answer = stage_here(rules, state), state.here.answer
    if refusal := still_open(state) or only(rules, by, stage.judged_by, "ask again", stage.clause):
        return refusal
    if answer is None or answer.approved_at is None:
        return Refusal("not-answered-yet", "There is no answer to send back yet.")
    if not state.accepted:
        return None
    if not (late := overdue(state, at)):
        return Refusal("accepted", "The answer was accepted, and no date of what was agreed has passed.")
    if not any(action.visit == len(state.visits) for action in late):
        return Refusal("late-before", "The answer was accepted, and what is late was agreed at an earlier stage.")
    return None


def may_lapse(rules: Rules, state: State, by: By, at: datetime) -> Refusal | None:
    if by.roles or by.person:
        return Refusal("system-only", "A date that passes is recorded by the service itself.")
    return None if state.not_rung_back else still_open(state)


def judge(rules: Rules, state: State, act: acts.Judge, by: By, at: datetime) -> Decision:
    asked = [child.id for child in state.unsettled]
    for child in asked:
        if child not in act.children:
            return Refusal("child-unjudged", "Select an answer for each child", about="children", child=child)
    if unknown := set(act.children) - set(asked):
        said = "That child is not part of this"
        if (child := min(unknown)) in state.children:
            said = "It is settled for that child already. Re-open it for the child first"
        return Refusal("child-unknown", said, about="children", child=child)
    accepted = all(act.children.values())
    if not accepted and not written(act.why):
        return Refusal("why", "Enter why this does not resolve it", about="why")
    judged: Draft = ("judged", {"children": dict(act.children), "why": written(act.why)})
    answer = state.here.answer
    promised = [a for a in answer.actions if a["id"] not in state.actions] if answer else []
    if unknown := set(act.keep) - {a["id"] for a in promised}:
        return Refusal("no-action", f"There is no such action in the answer: {min(unknown)}.", about="keep")
    agreed = promised if any(act.children.values()) else [a for a in promised if a["id"] in act.keep]
    return (judged, *(("action_agreed", a) for a in agreed))


def move_on(rules: Rules, state: State, act: acts.MoveOn, by: By, at: datetime) -> Decision:
    protocol, here = rules.protocol, state.here
    current = protocol.stage(here.stage)
    if act.to not in {s.id for s in protocol.stages}:
        return Refusal("no-stage", f'The policy has no stage "{act.to}"', about="to")
    to, today = protocol.stage(act.to), london_date(at)
    at_risk = act.risk is not None or act.because == "immediate risk"
    start = began(act.spoke, None, today)
    refusal = (
        _reason_refused(rules, state, act, at)
        or _way_refused(rules, current, to, act)
        or _sender_refused(rules, to, act, by)
        or risk_refused(act.risk, today, state.children)
        or risk_denied(rules, act.grounds, act.risk is not None or state.risk_now)
        or conversation_refused(rules, to, act.spoke, at_risk, today)
        or date_refused(rules, to, act.date, start, today)
        or asked_by_refused(rules, to, act.asked_by, act.date, start, today)
        or not_set_out(to, act.ask, act.completion, at_risk, today)
    )
    if refusal:
        return refusal
    going = {c.id: act.impacts.get(c.id, c.impact) for c in going_on(state, act.because, at)}
    if to.only_on_plan and (off := [c for c in going if c in act.off_plan or state.children[c].plan_ended]):
        sentence = "Every child that it goes on for must be on a child protection plan. End the concern for this child"
        return Refusal("not-on-plan", sentence, to.clause, "children", off[0])
    for child, impact in going.items():
        if not written(impact):
            return Refusal("no-impact", "Enter how this affects each child", about="impact", child=child)
    payload = {
        "stage": to.id,
        "because": act.because,
        "children": going,
        "different": act.different,
        "ask": act.ask,
        "grounds": list(act.grounds),
        "date": iso(act.date),
        "asked_by": iso(act.asked_by),
        "agency": act.agency,
        "completion": iso(act.completion),
        "risk": risk_of(act.risk),
        "copied": list(act.copied),
        "why_this_stage": act.why_this_stage,
    }
    return (("moved_on", payload), *spoken_of(act.spoke, today))


def _reason_refused(rules: Rules, state: State, act: acts.MoveOn, at: datetime) -> Refusal | None:
    stage = stage_here(rules, state)
    reason = REASONS.get(act.because)
    if reason is None:
        return Refusal("because", "Select why it moves on", stage.clause, "because")
    return reason(rules, state, act, at)


def because_now(rules: Rules, state: State, at: datetime) -> Outcome:
    """The reason for which it would move on at this moment, as far as the record shows."""
    if state.accepted:
        return "not done"
    if state.here.refused or state.here.judged is not None:
        return "not accepted"
    if not stage_here(rules, state).is_raised:
        return "done"
    return "not answered" if waiting_over(rules, state, at) else "immediate risk"


def ways_on(rules: Rules, state: State, at: datetime) -> tuple[Stage, ...]:
    """Where it may go at this moment: where its stage leads for the reason there is, then what may start above it."""
    protocol, current = rules.protocol, stage_here(rules, state)
    here = protocol.position(current.id)
    nexts = [e.to for e in current.ways_out(because_now(rules, state, at)) if e.to not in OUTSIDE_LADDER]
    above = [s.id for s in protocol.ladder if protocol.position(s.id) > here and s.may_start_here]
    return tuple(protocol.stage(i) for i in dict.fromkeys((*nexts, *above)))


def _not_over(rules: Rules, state: State, act: acts.MoveOn, at: datetime) -> Refusal | None:
    if waiting_over(rules, state, at):
        return None
    return Refusal("not-over", "The time for an answer has not passed.", stage_here(rules, state).clause, "because")


def _not_refused(rules: Rules, state: State, act: acts.MoveOn, at: datetime) -> Refusal | None:
    if state.here.refused or (state.here.judged is not None and not state.accepted):
        return None
    clause = stage_here(rules, state).clause
    return Refusal("not-judged", "Decide first whether the answer resolves it.", clause, "because")


def _nothing_overdue(rules: Rules, state: State, act: acts.MoveOn, at: datetime) -> Refusal | None:
    if state.accepted and overdue(state, at):
        return None
    return Refusal("not-overdue", "No date of what was agreed has passed.", about="because")


def _no_risk_told(rules: Rules, state: State, act: acts.MoveOn, at: datetime) -> Refusal | None:
    """A risk moves it at once; what the risk is, and what is done about it now, is said with it or on record."""
    told = (act.risk is not None and written(act.risk.acted)) or state.risk_now
    return None if told else Refusal("no-risk", "Enter what is being done now to keep the child safe", about="risk")


def _still_in_the_cycle(rules: Rules, state: State, act: acts.MoveOn, at: datetime) -> Refusal | None:
    """Only what stands at a step of the plan cycle, as records of before may, is ever done there."""
    if not stage_here(rules, state).is_raised:
        return None
    return Refusal("because", "Select why it moves on", stage_here(rules, state).clause, "because")


# Why something moves on: every outcome of a stage but "accepted", which resolves it.
REASONS: Mapping[str, Callable[[Rules, State, acts.MoveOn, datetime], Refusal | None]] = {
    "not answered": _not_over,
    "not accepted": _not_refused,
    "not done": _nothing_overdue,
    "immediate risk": _no_risk_told,
    "done": _still_in_the_cycle,
}


def _way_refused(rules: Rules, current: Stage, to: Stage, act: acts.MoveOn) -> Refusal | None:
    if not to.is_raised:
        said = f"{to.title} is a step of the plan cycle, and nothing is moved to it."
        return Refusal("plan-cycle", said, to.clause, "to")
    if any(e.to == to.id and act.because in e.when for e in current.exits):
        return None
    higher = rules.protocol.position(to.id) > rules.protocol.position(current.id)
    if not higher:
        return Refusal("down", f"{current.title} does not lead to {to.title}.", current.clause, "to")
    if not to.may_start_here:
        return Refusal("not-a-start", f"{current.title} does not lead straight to {to.title}.", to.clause, "to")
    if act.because != "immediate risk" and not written(act.why_this_stage):
        return Refusal(
            "why-this-stage",
            f"Tell us why you are going straight to {to.title.lower()}",
            to.clause,
            "why_this_stage",
        )
    return None


def _sender_refused(rules: Rules, to: Stage, act: acts.MoveOn, by: By) -> Refusal | None:
    """Whoever may send a stage sends it on the way up as well. An immediate risk waits for nobody."""
    if act.because == "immediate risk":
        return None
    return only(rules, by, to.sent_by, f"send it to {to.title}", to.clause)


def give_more_time(rules: Rules, state: State, act: acts.GiveMoreTime, by: By, at: datetime) -> Decision:
    if refusal := _until_refused(rules, state, act.until, at):
        return refusal
    if refusal := need(act.why, "why", "Enter why more time is right for the child", "why"):
        return refusal
    return (("more_time_given", {"until": iso(act.until), "why": written(act.why)}),)


def _until_refused(rules: Rules, state: State, until: date, at: datetime) -> Refusal | None:
    """A later day than the one that counts now, within the longest that the policy allows.

    Where the policy leaves the date to the chair, its number is the longest. Where it sets the time, more of it is the
    chair's judgement, as long again at most: the policy's own date stays on the record and is what counts as late.
    """
    stage, today = stage_here(rules, state), london_date(at)
    asked = stage.answer
    assert asked is not None, "asked after may_give_time"
    now = waits_until(rules, state, state.here)
    if until < today:
        return Refusal("date-past", "The date must be today or later", about="until")
    if now is not None and until <= london_date(now):
        given = in_words(london_date(now))
        return Refusal("not-later", f"The date must be after {given}, {due_here(stage)}", about="until")
    if too_far := too_far_ahead(until, today):
        return Refusal("date-far", too_far, about="until")
    clock, last = longest(rules, state, at)
    if last is None or until <= last:
        return None
    said = (
        f"The policy allows at most {say(clock)}" if stage.chair_sets_date else f"It can be as long again, {say(clock)}"
    )
    latest = f"{last.day} {last:%B %Y}"
    return Refusal("date-too-late", f"{said}: {latest} at the latest", asked.clause or stage.clause, "until")


def ask_again(rules: Rules, state: State, act: acts.AskAgain, by: By, at: datetime) -> Decision:
    stage, today = stage_here(rules, state), london_date(at)
    asked = stage.answer
    assert asked is not None, "there was an answer"
    if act.until < today:
        return Refusal("date-past", "The date must be today or later", about="until")
    if too_far := too_far_ahead(act.until, today):
        return Refusal("date-far", too_far, about="until")
    clock, last = longest_again(rules, state, at)
    if last is not None and act.until > last:
        said = f"It can be as long as the first time, {say(clock)}: {last.day} {last:%B %Y} at the latest"
        return Refusal("date-too-late", said, asked.clause or stage.clause, "until")
    if refusal := need(act.why, "why", "Enter what is still needed", "why"):
        return refusal
    children = [c.id for c in state.unsettled or not_done_for(state, at)]
    return (("asked_again", {"until": iso(act.until), "why": written(act.why), "children": children}),)


def longest_again(rules: Rules, state: State, at: datetime) -> tuple[Clock, date | None]:
    """As `longest`, where it is asked for again: as long as the first time, from today."""
    asked = stage_here(rules, state).answer
    assert asked is not None, "there was an answer"
    clock = rules.counted(asked.within)
    return clock, due_if_counted(clock, london_date(at), rules.calendar, bare_days=rules.bare_days).date


def record_lapse(rules: Rules, state: State, act: acts.RecordLapse, by: By, at: datetime) -> Decision:
    duty = next((d for d in agenda(rules, state, at) if d.key == act.duty), None)
    if duty is None or not duty.passes(at):
        return Refusal("not-lapsed", "No such date has passed.")
    if duty.began_before(state.lapses.get(duty.key)):
        return Refusal("recorded", "This is recorded already.")
    return (("date_lapsed", {"duty": duty.key, "due": iso(duty.day)}),)


# What each event of these changes ----------------------------------------------------------------------------------


def judged(s: State, e: Event) -> State:
    verdict: Mapping[str, bool] = e.payload["children"]
    children = {c: _judged(child, verdict.get(c), len(s.visits)) for c, child in s.children.items()}
    s = replace(s, children=children, last_decision=(e.by, e.at))
    s = agreed_for(s, [c for c, settled in verdict.items() if settled])
    before = s.here.judged.children if s.here.judged else {}
    judgement = Judgement({**before, **verdict}, e.payload.get("why", ""), e.at, e.by)
    return decided_here(here_with(s, judged=judgement, judgements=(*s.here.judgements, e.at)), e.at)


def _judged(child: Child, settled: bool | None, visit: int) -> Child:
    if settled is None:
        return child
    return replace(child, settled=settled, settled_in=visit if settled else child.settled_in)


def moved_on(s: State, e: Event) -> State:
    p = e.payload
    on_all = s.accepted or s.follows_what_was_directed or p["because"] == "not done"
    s = gone_on_without(s, e, 0 if on_all else len(s.visits))
    s = here_with(s, left=e.at, left_because=p["because"])
    impacts: Mapping[str, str] = p["children"]
    risk = p.get("risk")
    visit = Visit(
        stage=p["stage"],
        entered=e.at,
        because=p["because"],
        ask=p.get("ask", ""),
        date=day_of(p.get("date")),
        asked_by=day_of(p.get("asked_by")),
        agency=p.get("agency", "") or s.agency,
        completion=day_of(p.get("completion")),
        different=p.get("different", ""),
        why=p.get("why_this_stage", ""),
        children=tuple(impacts) or tuple(s.children),
        grounds=tuple(g for g in p.get("grounds", ()) if g not in s.grounds),
    )
    copied = s.copied + tuple(c for c in p.get("copied", ()) if c not in s.copied)
    return replace(
        s,
        visits=(*s.visits, visit),
        children={
            c: replace(child, impact=impacts.get(c, child.impact), settled=child.settled and c not in impacts)
            for c, child in s.children.items()
        },
        grounds=s.grounds + visit.grounds,
        copied=copied,
        agency=visit.agency,
        risk=s.risk or risk is not None,
        urgent=s.urgent if risk is None else (*s.urgent, risk_told(e, risk, visit.children)),
        last_decision=(e.by, e.at),
    )


def asked_again(s: State, e: Event) -> State:
    """The answer that stood is an earlier one, and those about whom it is asked again are not settled.

    Before the event said who they are, they were all whom that answer had settled.
    """
    if s.accepted or s.follows_what_was_directed:
        s = gone_on_without(s, e)
    here, why = s.here, e.payload["why"]
    settled = here.judged.children if here.judged else {}
    back = set(e.payload.get("children", (c for c, yes in settled.items() if yes)))
    children = {c: replace(k, settled=k.settled and c not in back) for c, k in s.children.items()}
    before = (replace(here.answer, judged=here.judged, still_needed=why),) if here.answer is not None else ()
    earlier = (*here.earlier_answers, *before)
    s = replace(s, children=children, last_decision=(e.by, e.at))
    return here_with(
        s,
        given=(*here.given, Given(date.fromisoformat(e.payload["until"]), e.at, again=True)),
        turns=_turns_over(s, e.at),
        decided=None,
        answer=None,
        earlier_answers=earlier,
        judged=None,
        until=day_of(e.payload["until"]),
        until_why=why,
    )


def _turns_over(s: State, at: datetime) -> tuple[tuple[Visit, datetime], ...]:
    """The chair's turn is over now. Where something was directed it was so with the judgement, and began once more when
    all of that was done.
    """
    here, first = s.here, s.here.judged_first
    directed = any(action.directed and action.visit == len(s.visits) for action in s.actions.values())
    if first is None or first == here.decided or not directed:
        return here.turn_over(at)
    judged = altered(here, decided=first).turn_over(first)
    if s.directed:
        return judged
    since = max(first, s.directed_done or first)
    return altered(here, turns=judged, reopened=(*here.reopened, since)).turn_over(at)


def more_time_given(s: State, e: Event) -> State:
    """What was judged not to be done is waited for again, until then."""
    here, until = s.here, date.fromisoformat(e.payload["until"])
    again = any(answer.approved_at is not None for answer in here.earlier_answers)
    s = replace(s, last_decision=(e.by, e.at))
    return here_with(
        s,
        given=(*here.given, Given(until, e.at, again)),
        turns=_turns_over(s, e.at),
        judged=here.judged if here.answer is not None else None,
        until=until,
        until_why=e.payload["why"],
    )


def date_lapsed(s: State, e: Event) -> State:
    return replace(s, lapses={**s.lapses, e.payload["duty"]: e.at})
