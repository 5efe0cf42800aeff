"""Whom an event is told to, and whether something is asked of them: one rule for each way of telling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from undrift.engine.duties import Duty
from undrift.engine.events import Event
from undrift.engine.ladder.agenda import agenda
from undrift.engine.ladder.state import State
from undrift.engine.musts import ANSWERS, Deed, Must
from undrift.engine.rules import Rules
from undrift.engine.told import Told, author_of, inform
from undrift.protocol.model import Stage

Rule = Callable[[Rules, State, Event], list[Told]]

CHECK = "check"  # that somebody has acted: asked of everybody who is told of a risk, but of the chair, who rings
FOR_THE_PARTNERSHIP = "for the partnership"  # of whoever keeps its business: no record is open to them
DIRECTED = "do what was directed"
ON_WHAT_WAS_AGREED = "decide on what was agreed"  # in a talk, and not recorded as done by the day agreed
TAKE_THE_STEP = "take the step"  # one that the policy's own text names
FIND_OUT = "find out about the step"  # why nobody has recorded it
SHARED_WITH_THEM = "read what is shared"
HAS_THE_CHILD = "manager of the child's team"


def _stage(rules: Rules, state: State) -> Stage:
    return rules.protocol.stage(state.here.stage)


def _answering(stage: Stage) -> list[str]:
    """Whoever answers at a stage, and whoever approves the answer."""
    asked = stage.answer
    return [] if asked is None else [asked.who, *([asked.approved_by] if asked.approved_by else [])]


def the_stage_begins(rules: Rules, state: State, entry: Event) -> list[Told]:
    stage = _stage(rules, state)
    asked = stage.answer
    found = [Told(asked.who, asked.must)] if asked else []
    found += [Told(asked.approved_by, "approve")] if asked and asked.approved_by else []
    found += [Told(d.who, d.must) for d in stage.others if d.who not in stage.judged_by]
    found += told_of_a_risk(rules, state, entry) if state.at_risk else []
    found += inform(*stage.to, *stage.tells.start, *rules.protocol.always_copied, *state.copied)
    if entry.type == "raised":
        found += [Told("", Must.DO_THE_ACTION, a.person) for a in state.actions.values() if a.person]
    if entry.type == "moved_on":
        below = rules.protocol.stage(state.visits[-2].stage)
        found += inform(*stage.tells.move, *below.to)
    return [replace(told, ask=CHECK) if state.at_risk and not told.ask else told for told in found]


def everyone_here(rules: Rules, state: State, entry: Event) -> list[Told]:
    """All who are asked or told at this stage: the chair, those asked, those told at its start, and always copied."""
    stage = _stage(rules, state)
    found = inform(*stage.judged_by, *stage.to, *stage.tells.start, *_answering(stage))
    return found + inform(*rules.protocol.always_copied, *state.copied)


def told_of_a_risk(rules: Rules, state: State, entry: Event) -> list[Told]:
    """At once, everybody here and whoever manages the child's team: the chair rings, all others check."""
    ring = [Told(r, Must.RING) for r in _stage(rules, state).judged_by]
    return ring + [Told(t.role, CHECK) for t in _concerned_by_a_risk(rules, state, entry)]


def told_of_the_call(rules: Rules, state: State, entry: Event) -> list[Told]:
    """Whoever was told of the risk hears that it is over; while a child is not safe, they are asked once more."""
    again = entry.payload.get("not_safe")
    return told_of_a_risk(rules, state, entry) if again else _concerned_by_a_risk(rules, state, entry)


def _concerned_by_a_risk(rules: Rules, state: State, entry: Event) -> list[Told]:
    roles = rules.protocol.roles.items()
    of_the_child = (r for r, role in roles if _has_the_child(role.held_by))
    of_the_way = (r for route in rules.protocol.routes if route.urgent for r in route.tells)
    return everyone_here(rules, state, entry) + inform(*of_the_child, *of_the_way)


def _has_the_child(held_by: str) -> bool:
    return held_by.replace("\u2019", "'").lower().endswith(HAS_THE_CHILD)


def whoever_does_it(ask: str) -> Rule:
    """The one who does the action that the event is about, where that is a person known here."""

    def rule(rules: Rules, state: State, entry: Event) -> list[Told]:
        action = state.actions.get(entry.payload["id"])
        return [Told("", ask, action.person)] if action is not None and action.person else []

    return rule


def whoever_is_to_do_it(rules: Rules, state: State, entry: Event) -> list[Told]:
    """What was agreed with them, or what a Chief Officer directs; the chair, where somebody else agreed it.

    What is directed the chair hears of with the answer.
    """
    if entry.payload.get("directed"):
        return whoever_does_it(DIRECTED)(rules, state, entry)
    judges = _stage(rules, state).judged_by
    chair = inform(*judges) if entry.by.role not in judges else []
    return whoever_does_it(Must.DO_THE_ACTION)(rules, state, entry) + chair


def whoever_does_it_now_and_had_it(rules: Rules, state: State, entry: Event) -> list[Told]:
    action = state.actions.get(entry.payload["id"])
    had = [Told("", "", action.had)] if action is not None and action.had and action.had != action.person else []
    return whoever_does_it(Must.DO_THE_ACTION)(rules, state, entry) + had


def the_chair_and_whoever_does_it(rules: Rules, state: State, entry: Event) -> list[Told]:
    concerned = inform(*_stage(rules, state).judged_by, *_whoever_directed(rules, state, entry.payload["id"]))
    return concerned + whoever_does_it("")(rules, state, entry)


def _whoever_directed(rules: Rules, state: State, action: str) -> list[str]:
    """Whose answer directs this action, which binds: they hear what becomes of its date."""
    found = state.actions.get(action)
    if found is None or not found.directed:
        return []
    return _answering(rules.protocol.stage(state.visits[found.visit - 1].stage))


def the_plan_is_over(rules: Rules, state: State, entry: Event) -> list[Told]:
    return [Told(r, Must.DECIDE_IF_IT_GOES_ON) for r in _stage(rules, state).judged_by]


def the_approver(rules: Rules, state: State, entry: Event) -> list[Told]:
    asked = _stage(rules, state).answer
    return [Told(asked.approved_by, "approve")] if asked and asked.approved_by else []


def the_responder(ask: str) -> Callable[[Rules, State, Event], list[Told]]:
    def rule(rules: Rules, state: State, entry: Event) -> list[Told]:
        asked = _stage(rules, state).answer
        return [Told(asked.who, ask)] if asked else []

    return rule


def the_responder_and_copied(ask: str) -> Rule:
    """Whoever answers, their approver, and those who are always copied."""

    def rule(rules: Rules, state: State, entry: Event) -> list[Told]:
        asked = _stage(rules, state).answer
        found = [Told(asked.who, ask)] if asked else []
        found += inform(asked.approved_by) if asked and asked.approved_by else []
        return found + inform(*rules.protocol.always_copied)

    return rule


def the_answer_is_in(rules: Rules, state: State, entry: Event) -> list[Told]:
    stage = _stage(rules, state)
    found = [Told(r, "decide") for r in stage.judged_by]
    if entry.type == "approved" and stage.answer:
        found += inform(stage.answer.who)
    answer = state.here.answer
    for question in stage.consider:
        if answer is not None and answer.consider.get(question.id):
            found += [Told(r, FOR_THE_PARTNERSHIP if _is_partnerships(rules, r) else "") for r in question.tells]
    return found + inform(*rules.protocol.always_copied)


def _is_partnerships(rules: Rules, role: str) -> bool:
    held = rules.protocol.roles.get(role)
    return held is not None and held.held_by.replace("\u2019", "'").lower().startswith("the partnership's")


def a_route_is_taken(rules: Rules, state: State, entry: Event) -> list[Told]:
    """Whom the policy has it shared with is told that it is for them; the chair and those always copied hear of it."""
    route = next((r for r in rules.protocol.routes if r.id == entry.payload["route"]), None)
    shared = [Told(role, SHARED_WITH_THEM) for role in (route.tells if route is not None else ())]
    return shared + inform(*_stage(rules, state).judged_by, *rules.protocol.always_copied)


# What the chair is asked where a date of somebody else's has passed, by what was owed.
_AFTER: dict[Deed, str] = {
    Must.RESPOND: Must.DECIDE_NEXT,
    Must.SETTLE: ON_WHAT_WAS_AGREED,
    Must.DO_THE_ACTION: Must.DECIDE_ON_THE_ACTION,
}


def a_date_passed(rules: Rules, state: State, entry: Event) -> list[Told]:
    """Each is asked for what is late, and for nothing else: whoever owes it, and the chair what follows from it."""
    stage, passed = _stage(rules, state), passed_by(rules, state, entry)
    if passed is None:
        return inform(*stage.judged_by, *rules.protocol.always_copied)
    owes = passed.must if isinstance(passed.must, Must) else TAKE_THE_STEP
    chairs = passed.who in stage.judged_by
    found = [Told(r, owes if chairs else _AFTER.get(passed.must, FIND_OUT)) for r in stage.judged_by]
    if passed.must in ANSWERS:
        found += _who_has_the_answer(state, stage)
    elif passed.must == Must.DO_THE_ACTION:
        found += [Told("", owes, passed.person)] if passed.person else []
        found += inform(*_whoever_directed(rules, state, passed.action))
    elif not chairs:
        found += [Told(passed.who, owes)]
    return found + inform(*rules.protocol.always_copied)


def passed_by(rules: Rules, state: State, entry: Event) -> Duty | None:
    """What was owed by the date that this event says has passed; None where a later reading does not know it."""
    return next((d for d in agenda(rules, state, entry.at) if d.key == entry.payload["duty"]), None)


def _who_has_the_answer(state: State, stage: Stage) -> list[Told]:
    """Whoever can still answer; where an answer waits for approval, its approver is asked and the other told."""
    assert stage.answer is not None, "an answer was owed"
    who, approver, must = stage.answer.who, stage.answer.approved_by, stage.answer.must
    if approver is None:
        return [Told(who, must)]
    waits = state.here.waits_for_approval
    return [Told(approver, Must.APPROVE), *inform(who)] if waits else [Told(who, must), *inform(approver)]


def it_is_judged(rules: Rules, state: State, entry: Event) -> list[Told]:
    stage = _stage(rules, state)
    return inform(*([stage.answer.who] if stage.answer else []), *stage.to, *rules.protocol.always_copied)


def it_ends(rules: Rules, state: State, entry: Event) -> list[Told]:
    """Everybody who was asked or told at any stage hears how it ended, and whoever does an action that is left."""
    found: list[Told] = []
    for visit in state.visits:
        stage = rules.protocol.stage(visit.stage)
        found += inform(*stage.to, *stage.tells.start, *stage.tells.move, *stage.tells.resolved, *_answering(stage))
    found += [Told("", "", a.person) for a in state.actions.values() if a.person]
    return found + inform(*rules.protocol.always_copied, *state.copied)


def it_is_open_again(rules: Rules, state: State, entry: Event) -> list[Told]:
    """Everybody here; where all of it had ended, everybody who was told of that."""
    ended = it_ends(rules, state, entry) if entry.payload.get("ended") else []
    return everyone_here(rules, state, entry) + ended


def the_chair(ask: str) -> Callable[[Rules, State, Event], list[Told]]:
    return lambda rules, state, entry: [Told(r, ask) for r in _stage(rules, state).judged_by]


def whom_it_is_shared_with(rules: Rules, state: State, entry: Event) -> list[Told]:
    """With whom it is shared; whoever is always copied is told that it was, and has it by the policy anyway."""
    return [Told(entry.payload["role"], SHARED_WITH_THEM), *inform(*rules.protocol.always_copied)]


def whoever_takes_over_and_those_concerned(rules: Rules, state: State, entry: Event) -> list[Told]:
    """Whoever takes a part; the others who decide, answer and approve here, and who does what the chair follows.

    Whoever had the part is told as well (`record.outbox`).
    """
    role, stage = entry.payload["role"], _stage(rules, state)
    ask = Must.DECIDE if role in stage.judged_by else Must.RESPOND
    if stage.answer is not None and role == stage.answer.approved_by:
        ask = Must.APPROVE
    doers = [Told("", "", a.person) for a in state.open_actions if a.person] if role in stage.judged_by else []
    others = inform(*stage.judged_by, *_answering(stage), *rules.protocol.always_copied)
    return [Told(role, ask), *others, *doers]


def always_copied(rules: Rules, state: State, entry: Event) -> list[Told]:
    return inform(*_stage(rules, state).judged_by, *rules.protocol.always_copied)


def a_step_is_done(rules: Rules, state: State, entry: Event) -> list[Told]:
    """Whoever is told of a stage of the plan cycle has what it produced: the decision sheet, the plan."""
    stage = _stage(rules, state)
    return inform(*stage.judged_by, *stage.to, *stage.tells.start)


def whoever_wrote_it(rules: Rules, state: State, entry: Event) -> list[Told]:
    return author_of(state.authors, entry)


def nobody(rules: Rules, state: State, entry: Event) -> list[Told]:
    return []
