"""What follows from facts that a file, its undoing or somebody has changed: for those children, in one transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from undrift.access.told_of_a_death import offer_to_lift, tell_of_deaths
from undrift.applying.known import among
from undrift.record.handing_on import follow_the_children
from undrift.record.models import CaseChild
from undrift.resolutions.ends_taken_back import record_ends_taken_back
from undrift.resolutions.holding import hold
from undrift.resolutions.plans_ended import record_plans_ended


def follow(children: Collection[int], at: datetime) -> None:
    """Of a plan that has ended under an open concern the chair is asked, and where that end is taken back, whoever was
    told of it hears so; what is open goes with the child. What is open about nobody who lives is held, and goes on
    where a death is taken back; those who have the child are told once.

    What somebody works on at that moment is left for the worker's next round, which finds the same.
    """
    if not children:
        return
    # Of a large council's file these are few, and what is asked of each is asked of them alone.
    with_a_case = set(CaseChild.objects.filter(among("child", children)).values_list("child", flat=True))
    if with_a_case:
        hold(at, children=with_a_case)
    tell_of_deaths(children, at)
    offer_to_lift(children, at)
    if with_a_case:
        record_ends_taken_back(at, children=with_a_case)
        record_plans_ended(at, children=with_a_case)
        follow_the_children(at, children=with_a_case)
