"""Which stage to start at: a suggestion with its reason. The policy gives hints, the chair decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from undrift.library.numbers import HIGHEST_LEVELS
from undrift.protocol.model import Protocol, Stage

# The last rungs of the ladder, where a director or a chief officer answers: the page before them asks to pause.


@dataclass(frozen=True)
class Suggestion:
    """A stage and a sentence that says why this one."""

    stage: Stage
    because: str


def starts(protocol: Protocol, *, informal: bool) -> tuple[Stage, ...]:
    """The stages of this kind at which a concern may start, the lowest first."""
    return tuple(
        s
        for s in protocol.stages
        if s.may_start_here and s.kind == "request" and (s.formality == "informal") is informal
    )


def suggest(protocol: Protocol, grounds: Sequence[str], risk: bool) -> Suggestion:
    """The formal stage to start at: for an immediate risk, else for the gravest reason chosen, else the first.

    Refuses (`LookupError`) a policy in which no formal stage may be a start.
    """
    formal = starts(protocol, informal=False)
    if not formal:
        raise LookupError(f"{protocol.head.title} has no formal stage at which a concern may start.")
    if risk and (stage := for_risk(formal)):
        return Suggestion(stage, f"{stage.named} is suggested: there is an immediate risk.")
    usual = [(s, g) for s in formal for g in grounds if _usually(protocol, g) == s.id]
    if usual and (found := usual[-1])[0] != formal[0]:
        return Suggestion(found[0], f"{found[0].named} is suggested: {_reason(protocol, found[1])}.")
    return Suggestion(formal[0], f"{formal[0].named} is suggested: the first formal stage comes first.")


def is_grave(protocol: Protocol, stage: Stage) -> bool:
    """Whether it is one of the highest levels, where moving on asks for a pause first."""
    return protocol.position(stage.id) >= len(protocol.stages) - HIGHEST_LEVELS


def for_risk(formal: Sequence[Stage]) -> Stage | None:
    return next((s for s in formal for e in s.examples if e.when == "immediate risk"), None)


def _usually(protocol: Protocol, code: str) -> str | None:
    ground = protocol.ground(code)
    return ground.usually_starts if ground else None


def _reason(protocol: Protocol, code: str) -> str:
    ground = protocol.ground(code)
    title = ground.title.partition(":")[0].partition(" (")[0] if ground else code
    return f"“{title}” usually starts there"


def grave_words(receiver: str, stage: Stage) -> list[str]:
    return [
        f"{stage.named} is one of the highest levels of the policy. It is {receiver} who will read this and answer it.",
        "It stays your decision. Nothing has been sent yet.",
    ]
