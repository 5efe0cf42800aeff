"""Whether the children of an act are on a plan today: looked up, whatever the act says of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from django.db.models import Q

from undrift.children.models import Plan
from undrift.engine.ladder import acts
from undrift.engine.ladder.state import PLAN_ENDED, State
from undrift.engine.rules import Rules
from undrift.record.sight import as_service


def looked_up(act: acts.Act, rules: Rules, state: State | None, day: date) -> acts.Act:
    """The same act with what is on file about its children's plans. One query, where its stage asks for plans."""
    match act:
        case acts.Raise() if _asks(rules, act.stage):
            on = on_plan([child.id for child in act.children], day)
            return replace(act, children=tuple(replace(c, on_plan=c.id in on) for c in act.children))
        case acts.EndForChild() | acts.Close() if act.ending == PLAN_ENDED and state is not None:
            return replace(act, on_plan=on_plan(state.children, day))
        case acts.MoveOn() if _asks(rules, act.to) and state is not None:
            return replace(act, off_plan=frozenset(state.children) - on_plan(state.children, day))
        case _:
            return act


def _asks(rules: Rules, stage: str) -> bool:
    return stage in rules.protocol.stages_by_id and rules.protocol.stage(stage).only_on_plan


def on_plan(children: Collection[str], day: date) -> frozenset[str]:
    """Those of the children who are on a plan on that day."""
    return frozenset(plans_running(children, day))


@as_service()
def plans_running(children: Collection[str], day: date) -> dict[str, date]:
    """Since when each of the children has been on the plan that runs on that day; who is on none is not there.

    The same for every reader of a concern, who may have a part for one of its children alone.
    """
    numbers = [int(child) for child in children if child.isdigit()]
    on_it = Plan.objects.filter(Q(ends=None) | Q(ends__gte=day), child__in=numbers, starts__lte=day)
    return {str(number): starts for number, starts in on_it.values_list("child_id", "starts")}
