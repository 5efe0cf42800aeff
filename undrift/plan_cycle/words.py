"""What is asked for in a plan cycle, in words: a step by the policy's own title, what the service asks by ours."""

from __future__ import annotations

from collections.abc import Mapping

from undrift.engine.musts import CycleMust
from undrift.engine.plan_cycle.kinds import EVENTS
from undrift.protocol.model import Protocol
from undrift.record.models import Case, Kind

WORDS: Mapping[CycleMust, str] = {
    CycleMust.FIX: "Fix the next conference",
    CycleMust.HOLD: "Hold the conference",
    CycleMust.FEED_BACK: "Tell the chair how a key action stands",
    CycleMust.TAKE_UP: "Decide what follows: a recommendation was not accepted",
    CycleMust.DECIDE_ON_IT: "Decide on an appeal or a complaint",
    CycleMust.RECONVENE: "Reconvene the conference",
    CycleMust.DO_WHAT_FOLLOWS: "Do what the check led to",
    CycleMust.END: "End the plan cycle",
}


def words_of(protocol: Protocol, must: str) -> str:
    """What is to be done; what neither the policy nor the service names is said as it is stored."""
    step = protocol.milestone(must)
    if step is not None:
        return step.title
    return WORDS[CycleMust(must)] if must in set(CycleMust) else must


def is_of_a_key_action(protocol: Protocol, must: str) -> bool:
    """Whether this is to say how a key action stands: the policy's step of it, or the service's where it has none."""
    return must == CycleMust.FEED_BACK or any(step.id == must for step in protocol.met_by("key action fed back"))


OF_NO_EVENT: Mapping[str, str] = {
    "handed_on": "Something is yours from now on",
    "chair_changed": "Another chair",
    "no_longer": "Something is no longer yours",
    "post_vacant": "Nobody holds the post that something waits for",
}


def what_happened(kind: str) -> str:
    """What a notice tells of: an event by its title, or what came about without an act."""
    return OF_NO_EVENT.get(kind) or EVENTS[kind].title


def is_cycle(case: Case) -> bool:
    return case.kind == Kind.PLAN
