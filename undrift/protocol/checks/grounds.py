"""Checks of the grounds, and of whether the text says where the policy has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from undrift.protocol.checks.table import Found, check, stage_place
from undrift.protocol.model import Protocol
from undrift.protocol.places import shown


@check(
    "UD401",
    "warning",
    "Two grounds with one title",
    wrong="""
[[ground]]
code = "DRIFT"
title = "Drift and delay"

[[ground]]
code = "DELAY"
title = "Drift and delay"
""",
    mend="Join the two, or say in their titles how they differ.",
)
def _same_ground_twice(protocol: Protocol) -> Iterator[Found]:
    """Whoever raises a concern chooses by title; two that read the same split the counts for no reason."""
    titles = Counter(ground.title.casefold() for ground in protocol.grounds)
    first: dict[str, str] = {}
    for number, ground in enumerate(protocol.grounds):
        title = ground.title.casefold()
        if titles[title] > 1 and title in first:
            yield Found(
                f"{first[title]} and {ground.code} have the same title.",
                shown(("ground", number, "title")),
                ground.clause,
            )
        first.setdefault(title, ground.code)


@check(
    "UD402",
    "warning",
    "A risk that is hinted to start informally",
    wrong="""
[[ground]]
code = "RISK-NOW"
title = "A child is at risk now"
kind = "risk"
usually_starts = "informal"
""",
    mend="Let it usually start at a formal stage, or give no hint.",
)
def _risk_starts_low(protocol: Protocol) -> Iterator[Found]:
    """The hint where a ground usually starts should not send an immediate risk to the slowest rung."""
    informal = {s.id for s in protocol.stages if s.formality == "informal"}
    for number, ground in enumerate(protocol.grounds):
        words = f"{ground.code} {ground.kind} {ground.title}".casefold()
        risk = ground.kind.casefold() == "risk" or "immediate" in words or "RISK-NOW" in ground.code
        if risk and ground.usually_starts in informal:
            yield Found(
                f"{ground.code} is about risk, and is hinted to start informally.",
                shown(("ground", number, "usually_starts")),
                ground.clause,
            )


@check(
    "UD403",
    "warning",
    "A stage that does not say where the policy has it",
    wrong="""
[[stage]]
id = "formal"
title = "Formal"
# and no clause
""",
    mend='Add the policy\'s own heading or number: clause = "3.2".',
)
def _no_clause(protocol: Protocol) -> Iterator[Found]:
    """Each date and each refusal quotes its clause. Without one, nobody can look it up in the published policy."""
    for number, stage in enumerate(protocol.stages):
        if not stage.clause and not all(duty.clause for duty in stage.duties):
            yield Found(f'"{stage.title}" does not say where the policy has it.', stage_place(number))
