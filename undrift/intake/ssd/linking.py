"""Reviews and visits to the plans they belong to, by the plan's number where it fits and by the day where it does not.

The links of the dataset cannot be trusted: Eclipse's reviews name no plan while it runs, its visits name another number
than the plan bears, Mosaic's name no person, and old ones name nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from undrift.children.models.plan import SeenAlone
from undrift.intake.extract import PlanRow

Key = tuple[str, date]  # a child, and the day on which the plan starts


@dataclass
class Kept:
    """What a plan has been given so far."""

    reviews: set[date] = field(default_factory=set)
    last_visit: date | None = None
    seen_alone: SeenAlone = SeenAlone.UNKNOWN


@dataclass
class Counted:
    """How the rows of one table found their plans."""

    rows: int = 0
    without_number: int = 0
    by_day: int = 0
    left: int = 0
    not_yet: int = 0
    nobody: int = 0
    not_seen: int = 0
    too_early: int = 0


class Links:
    """The plans of a file, by their own number and by child and day."""

    def __init__(self, plans: Iterable[PlanRow]) -> None:
        self.kept: dict[Key, Kept] = {}
        self._by_number: dict[str, list[PlanRow]] = defaultdict(list)
        self._by_child: dict[str, list[PlanRow]] = defaultdict(list)
        for plan in plans:
            self.kept[_key(plan)] = Kept()
            self._by_child[plan.child_id].append(plan)
            if plan.source_key:
                self._by_number[plan.source_key].append(plan)

    def child_of(self, child_id: str, number: str) -> str:
        """Whose row it is: as it says, or as its plan does; "" where neither tells."""
        if child_id:
            return child_id
        found = {plan.child_id for plan in self._by_number.get(number, ())}
        return found.pop() if len(found) == 1 else ""

    def plan_of(self, child_id: str, number: str, day: date, counted: Counted, *, review: bool) -> Kept | None:
        """The plan that was running on the day; a review on the first day is the initial conference, and none."""
        counted.without_number += not number
        if review and any(plan.child_id == child_id and day <= plan.starts for plan in self._by_number.get(number, ())):
            counted.too_early += 1
        running = [plan for plan in self._by_child.get(child_id, ()) if _runs(plan, day, review=review)]
        named = [plan for plan in running if number and plan.source_key == number]
        fitting = named or running
        if len(fitting) != 1:
            counted.left += 1
            return None
        counted.by_day += not named
        return self.kept[_key(fitting[0])]

    def of(self, plan: PlanRow) -> Kept:
        return self.kept[_key(plan)]

    def knows(self, child_id: str) -> bool:
        return child_id in self._by_child


def _key(plan: PlanRow) -> Key:
    return plan.child_id, plan.starts


def _runs(plan: PlanRow, day: date, *, review: bool) -> bool:
    begun = plan.starts < day if review else plan.starts <= day
    return begun and (plan.ends is None or day <= plan.ends)


def families(meetings: Iterable[tuple[str, str, date]]) -> dict[str, str]:
    """Children who were at one meeting together are of one family: each child's, named by the least of its numbers.

    A meeting is its number and its day; a number that half the council shares is no meeting.
    """
    together: dict[tuple[str, date], set[str]] = defaultdict(set)
    for child, meeting, day in meetings:
        if meeting:
            together[meeting, day].add(child)
    family: dict[str, set[str]] = {}
    for children in together.values():
        if not 1 < len(children) <= MOST_SIBLINGS:
            continue
        joined = set().union(children, *(family.get(child, ()) for child in children))
        family.update(dict.fromkeys(joined, joined))
    return {child: min(group) for child, group in family.items() if len(group) <= MOST_SIBLINGS}


MOST_SIBLINGS = 12


def current(involvements: Sequence[tuple[date | None, str, str]]) -> tuple[str, str]:
    """Of those who work with a child, the worker and the team that came last."""
    if not involvements:
        return "", ""
    _, worker, team = max(involvements, key=lambda one: one[0] or date.min)
    return worker, team
