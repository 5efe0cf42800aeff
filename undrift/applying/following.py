"""What follows from facts that a file, its undoing or somebody has changed: for those children, in one transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from undrift.access.told_of_a_death import offer_to_lift, tell_of_deaths
from undrift.record.handing_on import follow_the_children
from undrift.resolutions.ends_taken_back import record_ends_taken_back
from undrift.resolutions.holding import hold
from undrift.resolutions.plans_ended import record_plans_ended


def follow(children: Collection[int], at: datetime) -> None:
    """Of a plan that has ended under an open concern the chair is asked, and where that end is taken back, whoever was
    told of it hears so; what is open goes with the child. What is open about nobody who lives is held, and goes on
    where a death is taken back; those who have the child are told once.

    What somebody works on at that moment is left for the worker's next round, which finds the same.
    """
    if children:
        hold(at, children=children)
        tell_of_deaths(children, at)
        offer_to_lift(children, at)
        record_ends_taken_back(at, children=children)
        record_plans_ended(at, children=children)
        follow_the_children(at, children=children)
