"""Children as rows of a list: who, how old, on which plan, with whom, and what is open about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from undrift.access.scope import Scope
from undrift.children.ages import age_text
from undrift.children.plan_words import time_on_plan, which_plan, which_review
from undrift.engine.dates.moments import london_date
from undrift.people.models import Person
from undrift.resolutions.models import Resolution
from undrift.resolutions.queries import of_children

if TYPE_CHECKING:
    from undrift.children.models import Child, Plan


NOBODY = "Nobody on file"


@dataclass(frozen=True)
class Line:
    """One child on one day. `open` are the resolutions that are open and that the viewer may see."""

    child: Child
    plan: Plan | None
    open: tuple[Resolution, ...]
    day: date

    @property
    def name(self) -> str:
        return str(self.child)

    @property
    def href(self) -> str:
        return reverse("child", args=[self.child.public_id])

    @property
    def family_href(self) -> str:
        return reverse("family", args=[self.child.family.reference])

    @property
    def age(self) -> str:
        return age_text(self.child.date_of_birth, self.child.expected_birth, self.day)

    @property
    def on_plan(self) -> str:
        """ "5 months, second plan, third review or later"."""
        if self.plan is None:
            return "Not on a plan"
        said = [time_on_plan(self.plan.starts, self.plan.ends, self.day)]
        if self.plan.previous_plans:
            said.append(which_plan(self.plan.previous_plans))
        return ", ".join([*said, which_review(self.plan.reviews_held)])

    @property
    def chair(self) -> str:
        return self.plan.chair.name if self.plan and self.plan.chair else NOBODY

    @property
    def team(self) -> str:
        if self.plan is None:
            return "None"
        return self.plan.team.name if self.plan.team else self.plan.team_text or "Not on file"

    @property
    def worker(self) -> str:
        if self.plan is None:
            return "None"
        return self.plan.social_worker.name if self.plan.social_worker else self.plan.worker_text or "Not on file"

    @property
    def open_words(self) -> str:
        return "None" if not self.open else f"{len(self.open)} open"

    def status_of(self, resolution: Resolution) -> str:
        """What this open resolution has come to for this child: agreed is not done, and so not resolved."""
        for about in resolution.about.all():
            if about.child_id == self.child.pk:
                return "Agreed, or ended for this child" if about.settled else "Still asked about"
        return "Not about this child"


def lines(children: Iterable[Child], person: Person, now: datetime) -> list[Line]:
    """A line for each of these children (fetched with `family` and `with_live_plans()`)."""
    shown = list(children)
    about: defaultdict[int, list[Resolution]] = defaultdict(list)
    if shown:
        for resolution in of_children([child.pk for child in shown], person, now=now).filter(ended_at=None):
            for link in resolution.about.all():
                about[link.child_id].append(resolution)
    day = london_date(now)
    return [Line(c, next(iter(c.plans.all()), None), tuple(about[c.pk]), day) for c in shown]


def chairs(scope: Scope, shown: Iterable[Line]) -> bool:
    """Whether this person, or somebody they cover for, chairs for any of these children."""
    return any(
        line.child.pk in scope.doors.chaired_children or (line.plan is not None and line.plan.chair_id in scope.people)
        for line in shown
    )
