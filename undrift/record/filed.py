"""What files say of the plan cycle of a case's children, read for the engine: conferences, checks, visits, plans.

A plan begins on the day of its initial conference, and a file that has the plan may have no conference beside it: so a
plan says of one, too. Where a conference is on file, it goes before what a plan says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from undrift.engine.plan_cycle.on_file import (
    NOTHING,
    SAME_CONFERENCE,
    FiledChild,
    FiledConference,
    FiledPlan,
    OnFile,
    Visit,
)

INITIAL, REVIEW = "initial", "review"
ON_FILE = "SELECT record_on_file(%s, %s)"


def on_file(told: Any) -> OnFile:
    """As the database tells it (`record_on_file`); nothing of a case that is no plan cycle."""
    if told is None:
        return NOTHING
    plans: defaultdict[str, list[Plan]] = defaultdict(list)
    for row in told["plans"] or ():
        plans[str(row["child"])].append(Plan(row))
    checks: defaultdict[str, list[date]] = defaultdict(list)
    for child, day in told["checks"] or ():
        checks[str(child)].append(date.fromisoformat(day))
    held = [(kind, date.fromisoformat(day)) for kind, day in told["conferences"] or ()]
    children = {child: _child(rows, tuple(sorted(checks[child]))) for child, rows in plans.items()}
    planned = tuple(
        FiledPlan(kind, date.fromisoformat(day), _day(told_on)) for kind, day, told_on in told.get("planned") or ()
    )
    return OnFile(tuple(_conferences(held, plans)), children, planned)


class Plan:
    """One child's plan, as it is on file."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.starts = date.fromisoformat(row["starts"])
        self.ends = _day(row["ends"])
        self.review, self.visit = _day(row["review"]), _day(row["visit"])
        self.alone: bool = row["alone"] == "yes"
        self.before: int = row["before"]
        self.end_told = datetime.fromisoformat(row["told"]) if row.get("told") else None

    def ran_on(self, day: date, *, begins: bool) -> bool:
        """Whether it began or went on with a conference of that day."""
        if begins:
            return abs(self.starts - day) <= SAME_CONFERENCE
        return self.starts < day and (self.ends is None or day < self.ends)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _child(plans: Sequence[Plan], checks: tuple[date, ...]) -> FiledChild:
    """By the plan that runs, or the latest; earlier ones are counted where the file counted none."""
    last = max(plans, key=lambda plan: plan.starts)
    visits = (Visit(last.visit, last.alone),) if last.visit is not None else ()
    began = last.starts if last.ends is None else None
    return FiledChild(
        checks=checks,
        visits=visits,
        plan_began=began,
        earlier_plans=max(last.before, len(plans) - 1),
        plan_ended=last.ends,
        end_told=last.end_told,
    )


def _conferences(held: Sequence[tuple[str, date]], plans: Mapping[str, Sequence[Plan]]) -> Sequence[FiledConference]:
    """Of plans that run: what ended before they began is no part of this cycle."""
    running = {child: plan for child, rows in plans.items() for plan in rows if plan.ends is None}
    found = [
        FiledConference(kind, on, children)
        for kind, on in held
        if (children := tuple(c for c, plan in running.items() if plan.ran_on(on, begins=kind == INITIAL)))
    ]
    said: defaultdict[tuple[str, date], list[str]] = defaultdict(list)
    for child, plan in running.items():
        said[INITIAL, plan.starts].append(child)
        if plan.review is not None and plan.review > plan.starts:
            said[REVIEW, plan.review].append(child)
    return [*found, *(FiledConference(kind, on, tuple(children)) for (kind, on), children in said.items())]


def on_file_about(family: int | None, children: Sequence[int]) -> OnFile:
    """What is on file of children whose plan cycle has not begun here, as far as the reader may see. One query."""
    with connection.cursor() as cursor:
        cursor.execute(ON_FILE, [family, list(children)])
        return on_file(cursor.fetchone()[0])
