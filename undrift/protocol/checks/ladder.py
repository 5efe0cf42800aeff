"""Checks of how a concern moves through the stages, and beside them."""

from __future__ import annotations

from collections.abc import Iterator

from undrift.protocol.checks.table import Found, asks, check, stage_place, undated
from undrift.protocol.model import Protocol
from undrift.protocol.names import OUTSIDE_LADDER


@check(
    "UD201",
    "error",
    "A stage that cannot be reached",
    wrong="""
[[stage]]
id = "panel"
may_start_here = false
# and no exit of another stage leads here
""",
    mend="Add an exit to it from another stage, or let a concern start there.",
)
def _unreachable(protocol: Protocol) -> Iterator[Found]:
    """No concern may start there and none is ever moved there: the stage exists on paper only.

    Nothing stands at a step of the plan cycle, so none brings a concern anywhere.
    """
    reached = {s.id for s in protocol.ladder if s.may_start_here}
    for _ in protocol.ladder:
        reached |= {e.to for s in protocol.ladder if s.id in reached for e in s.exits}
    for number, stage in enumerate(protocol.stages):
        if stage.is_raised and stage.id not in reached:
            yield Found(f'No concern can come to "{stage.title}".', stage_place(number), stage.clause)


@check(
    "UD202",
    "error",
    "A stage that cannot be left",
    wrong="""
[[stage]]
id = "formal"
title = "Formal"
# and no exits
""",
    mend='Say what moves it on, as in exits = [{ to = "resolved", when = ["accepted"] }].',
)
def _no_way_out(protocol: Protocol) -> Iterator[Found]:
    """A concern that comes here stays here."""
    ends = {s.id for s in protocol.stages if any(e.to in OUTSIDE_LADDER for e in s.exits)}
    for _ in protocol.stages:
        ends |= {s.id for s in protocol.stages if any(e.to in ends for e in s.exits)}
    for number, stage in enumerate(protocol.stages):
        if stage.id not in ends:
            yield Found(f'From "{stage.title}" no way leads to an end.', stage_place(number), stage.clause)


@check(
    "UD203",
    "warning",
    "Silence leads nowhere",
    wrong="""
duty = [{ who = "manager", must = "respond", within = "5 working days" }]
exits = [{ to = "resolved", when = ["accepted"] }]
""",
    mend='Add an exit with when = ["not answered"]: to the next stage, or to "ended" with its ending.',
)
def _silence(protocol: Protocol) -> Iterator[Found]:
    """A date passes, nobody has answered, and the policy does not say what follows. Drift begins here."""
    for number, stage in enumerate(protocol.stages):
        if asks(stage) and stage.answer and not undated(protocol, stage) and not stage.ways_out("not answered"):
            yield Found(
                f'Nothing follows when "{stage.title}" is not answered.', stage_place(number, "exits"), stage.clause
            )


@check(
    "UD204",
    "warning",
    "A poor answer leads nowhere",
    wrong='exits = [{ to = "higher", when = ["not answered"] }, { to = "resolved", when = ["accepted"] }]',
    mend='Add an exit with when = ["not accepted"].',
)
def _poor_answer(protocol: Protocol) -> Iterator[Found]:
    """An answer came and does not resolve the concern, and the policy does not say what follows."""
    for number, stage in enumerate(protocol.stages):
        if asks(stage) and stage.answer and not stage.ways_out("not accepted"):
            yield Found(
                f'Nothing follows when an answer at "{stage.title}" is not accepted.',
                stage_place(number, "exits"),
                stage.clause,
            )


@check(
    "UD208",
    "warning",
    "What was agreed and is not done leads nowhere",
    wrong='exits = [{ to = "higher", when = ["not answered", "not accepted"] }]',
    mend='Add "not done" to the exit that a poor answer takes.',
)
def _undone(protocol: Protocol) -> Iterator[Found]:
    """An action was agreed, its date has passed, and the policy gives the chair no stage to take it to."""
    for number, stage in enumerate(protocol.stages):
        higher = [e for e in stage.ways_out("not accepted") if e.to not in OUTSIDE_LADDER]
        if asks(stage) and higher and not stage.ways_out("not done"):
            yield Found(
                f'Nothing follows when what was agreed at "{stage.title}" is not done in time.',
                stage_place(number, "exits"),
                stage.clause,
            )


@check(
    "UD205",
    "warning",
    "The top of the ladder has no ending",
    wrong="""
# the highest stage
exits = [{ to = "resolved", when = ["accepted"] }]
""",
    mend='Add { to = "ended", when = ["not answered", "not accepted"], ending = "disagreement-recorded" }.',
)
def _top_without_ending(protocol: Protocol) -> Iterator[Found]:
    """Above the highest stage there is nobody. What happens to a concern not resolved there has to be said."""
    number, top = len(protocol.stages) - 1, protocol.stages[-1]
    leaves = {e.to for e in top.exits if set(e.when) & {"not answered", "not accepted"}}
    if not leaves:
        yield Found(
            f'"{top.title}" is the highest stage, and has no ending but agreement.',
            stage_place(number, "exits"),
            top.clause,
        )


@check(
    "UD206",
    "error",
    "A stage that leads to itself",
    wrong="""
[[stage]]
id = "formal"
exits = [{ to = "formal", when = ["not answered"] }]
""",
    mend="Let the exit lead to another stage; for a later date in the same stage the chair gives more time.",
)
def _to_itself(protocol: Protocol) -> Iterator[Found]:
    """A concern that is moved to where it stands looks as if something had happened."""
    for number, stage in enumerate(protocol.stages):
        for which, way in enumerate(stage.exits):
            if way.to == stage.id:
                yield Found(
                    f'"{stage.title}" leads to itself.', stage_place(number, "exits", which), way.clause or stage.clause
                )


@check(
    "UD207",
    "warning",
    "No urgent way",
    wrong="# no [[route]] with urgent = true",
    mend="Add a [[route]] with urgent = true that says where one turns at once when a child is in danger.",
)
def _no_urgent_way(protocol: Protocol) -> Iterator[Found]:
    """A policy about children says what to do at once when a child is in danger: no ladder may stand in the way."""
    if not any(route.urgent for route in protocol.routes):
        yield Found("The policy names no urgent route for a child in danger.", "route")
