"""What a concern may be raised of: offered with its stage, reason, occasion and words. Nothing raises itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from undrift.engine.plan_cycle.agenda import agenda, settled
from undrift.engine.plan_cycle.state import Check, Conference, State
from undrift.engine.rules import Rules
from undrift.protocol.checks.cycle import AHEAD
from undrift.protocol.model import Checklist, Follows, MetBy, Milestone, Protocol


@dataclass(frozen=True)
class Offer:
    """`key` is stable within a cycle. `wording` are the words that a concern begins with; `clause` says why here."""

    key: str
    stage: str
    children: tuple[str, ...]
    grounds: tuple[str, ...] = ()
    occasion: str = ""
    conference: str = ""
    agency: str = ""
    wording: str = ""
    clause: str = ""


def offers(rules: Rules, state: State, now: datetime) -> tuple[Offer, ...]:
    """All that is offered and not decided yet: neither taken up nor declined."""
    if state.ended is not None or state.nobody_lives:
        return ()
    found = (*_cancelled(rules, state), *_discussed(rules, state), *_key_actions(rules, state),
             *_not_accepted(rules, state), *_checked(rules, state), *_late(rules, state, now))  # fmt: skip
    return tuple(
        offer for offer in found if settled(state, offer.key) is None and state.about_the_living(offer.children)
    )


def _cancelled(rules: Rules, state: State) -> Iterator[Offer]:
    step = next((s for s in rules.protocol.met_by("conference held") if s.cancelled is not None), None)
    for one in state.conferences.values():
        if one.cancelled is not None and step is not None and step.cancelled is not None:
            yield _of(f"cancelled:{one.id}", step.cancelled, step, one.children, conference=one.id, wording=one.why)


def _discussed(rules: Rules, state: State) -> Iterator[Offer]:
    """A discussion that ended with a concern: what was answered with no is ready to tick."""
    for conference in state.conferences.values():
        said = conference.discussion
        if said is not None and said.outcome == "concern":
            grounds = _ticked(rules.protocol, "discussion held", said.answers)
            yield _begins(rules, f"discussion:{conference.id}", conference.children, grounds, "discussion held",
                          conference, said.notes)  # fmt: skip


def _key_actions(rules: Rules, state: State) -> Iterator[Offer]:
    """Feedback that says that it is not done; what nobody fed back is late, and offered as that."""
    step = next((s for s in rules.protocol.met_by("key action fed back") if s.not_done is not None), None)
    for action in state.key_actions.values():
        if action.fed_back is not None and not action.fed_back.done and step is not None and step.not_done is not None:
            yield _of(f"not done:{action.id}", step.not_done, step, action.children, conference=action.conference,
                      agency=action.agency, wording=action.wording)  # fmt: skip


def _not_accepted(rules: Rules, state: State) -> Iterator[Offer]:
    step = next((s for s in rules.protocol.met_by("core group held") if s.not_accepted is not None), None)
    for one in state.not_accepted:
        key = f"not accepted:{one.id}"
        if step is not None and step.not_accepted is not None:
            yield _of(key, step.not_accepted, step, one.children, agency=one.agency, wording=one.recommendation)
        else:
            yield Offer(key, lowest(rules.protocol), one.children, agency=one.agency, wording=one.recommendation)


def _checked(rules: Rules, state: State) -> Iterator[Offer]:
    for child in state.children.values():
        for check in child.checks:
            if check.next_step in ("talk", "raise"):
                yield _of_a_check(rules, check)


def _of_a_check(rules: Rules, check: Check) -> Offer:
    grounds = _ticked(rules.protocol, "check done", check.answers)
    offer = _begins(rules, f"check:{check.id}", (check.child,), grounds, "check done", None, check.notes)
    if check.next_step == "talk":
        return offer
    formal = (s.id for s in rules.protocol.ladder if s.formality == "formal" and s.may_start_here)
    return Offer(offer.key, next(formal, offer.stage), offer.children, offer.grounds, offer.occasion,
                 wording=offer.wording)  # fmt: skip


def _late(rules: Rules, state: State, now: datetime) -> Iterator[Offer]:
    """What was not done in time, as long as it is owed; before a conference, what came late or never came."""
    for duty in agenda(rules, state):
        step = rules.protocol.milestone(duty.must)
        if step is None or step.not_done is None or duty.ends is None:
            continue
        counts = duty.owed or (step.met_by in AHEAD and (duty.met is not None or _was_held(state, duty.subject)))
        if counts and (duty.met or duty.gone or now) > duty.ends:
            children, conference, agency, wording = _whom(state, duty.subject)
            yield _of(f"late:{duty.key}", step.not_done, step, children, conference, agency, wording)


def _was_held(state: State, conference: str) -> bool:
    """A conference that was cancelled takes what was owed before it away."""
    return state.conferences[conference].held is not None


def _whom(state: State, subject: str) -> tuple[tuple[str, ...], str, str, str]:
    """Whom and what a duty is about: the children, the conference, the agency, the words."""
    if subject in state.key_actions:
        action = state.key_actions[subject]
        return action.children, action.conference, action.agency, action.wording
    if subject in state.children:
        return (subject,), "", "", ""
    if subject in state.conferences:
        return state.conferences[subject].children, subject, "", ""
    return tuple(state.children), "", "", ""


def _of(
    key: str, follows: Follows, step: Milestone, children: tuple[str, ...],
    conference: str = "", agency: str = "", wording: str = "",
) -> Offer:  # fmt: skip
    grounds = (follows.ground,) if follows.ground else ()
    return Offer(key, follows.offers, children, grounds, follows.occasion or "", conference, agency, wording,
                 follows.clause or step.clause)  # fmt: skip


def _begins(
    rules: Rules, key: str, children: tuple[str, ...], grounds: tuple[str, ...], met_by: MetBy,
    conference: Conference | None, wording: str,
) -> Offer:  # fmt: skip
    """At the stage where the first of its reasons usually starts, else at the lowest."""
    step = next(iter(rules.protocol.met_by(met_by)), None)
    may_start = {s.id for s in rules.protocol.ladder if s.may_start_here}
    usual = (g.usually_starts for code in grounds if (g := rules.protocol.ground(code)) is not None)
    stage = next((each for each in usual if each in may_start), lowest(rules.protocol))
    occasion = step.occasion or "" if step is not None else ""
    return Offer(key, stage, children, grounds, occasion, conference.id if conference else "", wording=wording)


def _ticked(protocol: Protocol, met_by: MetBy, answers: object) -> tuple[str, ...]:
    said = dict(answers) if isinstance(answers, dict) else {}
    items = (item for checklist in _lists(protocol, met_by) for item in checklist.items)
    return tuple(dict.fromkeys(item.ground for item in items if item.ground and said.get(item.id) == "no"))


def _lists(protocol: Protocol, met_by: MetBy) -> Iterator[Checklist]:
    for step in protocol.met_by(met_by):
        if found := protocol.checklist(step.checklist or ""):
            yield found


def lowest(protocol: Protocol) -> str:
    """The lowest stage at which a concern may start."""
    return next(stage.id for stage in protocol.ladder if stage.may_start_here)
