"""Children as rows of a list: who, how old, on which plan, with whom, and what is open about them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from django.urls import reverse

from undrift.access.matrix import Action
from undrift.access.scope import Scope, scope_of
from undrift.children.ages import age_text
from undrift.children.plan_words import time_on_plan, which_plan, which_review
from undrift.engine.dates.moments import london_date
from undrift.people.models import Person
from undrift.record.allocations import OffPlan, off_plan
from undrift.record.who_plays import context_for
from undrift.resolutions.in_a_line import ENDED, over_on
from undrift.resolutions.models import Resolution
from undrift.resolutions.queries import open_about

if TYPE_CHECKING:
    from undrift.children.models import Child, Plan


class Sees(Enum):
    """How much of what there is of resolutions a reader may see: of what is hidden a page says neither yes nor no."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


THAT_YOU_MAY_SEE: Mapping[Sees, str] = {Sees.ALL: "", Sees.SOME: " that you may see"}


def sees(scope: Scope) -> Sees:
    if not scope.has(Action.LIST):
        return Sees.NONE
    return Sees.ALL if scope.whole and not scope.doors.closed else Sees.SOME


def none_open(how: Sees) -> str:
    """What stands where no open resolution is shown; "" for whoever is shown none, whatever there is."""
    return "" if how is Sees.NONE else f"No resolution{THAT_YOU_MAY_SEE[how]} is open."


NOBODY = "Nobody on file"


@dataclass(frozen=True)
class OpenAbout:
    """What is open about some children and somebody may see. At most three queries, once a page asks for it."""

    children: tuple[int, ...]
    person: Person
    now: datetime

    @cached_property
    def found(self) -> list[Resolution]:
        return open_about(list(self.children), self.person, now=self.now) if self.children else []

    @cached_property
    def by_child(self) -> Mapping[int, tuple[Resolution, ...]]:
        about: defaultdict[int, list[Resolution]] = defaultdict(list)
        for resolution in self.found:
            for link in resolution.about.all():
                about[link.child_id].append(resolution)
        return {child: tuple(found) for child, found in about.items()}

    @cached_property
    def ended(self) -> Counter[str]:
        """Of each child, how many of them have ended for it and go on for a brother or sister."""
        return Counter(child for r in self.found for child, word in over_on(r).items() if word == ENDED)


@dataclass(frozen=True)
class Line:
    """One child on one day, with what is `about` it and the others."""

    child: Child
    plan: Plan | None
    about: OpenAbout
    day: date
    sees: Sees
    off_plan: OffPlan | None = None

    @property
    def open(self) -> tuple[Resolution, ...]:
        """The resolutions that are open and that the viewer may see: all, some, none."""
        return self.about.by_child.get(self.child.pk, ())

    @property
    def risky(self) -> Sequence[Resolution]:
        """Those of them in which a child is at immediate risk: asked for alone, where the page shows no others."""
        if "found" in vars(self.about):
            return [resolution for resolution in self.open if resolution.risk]
        return open_about([self.child.pk], self.about.person, now=self.about.now, risky=True)

    @property
    def ended(self) -> int:
        return self.about.ended[str(self.child.pk)]

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
        return age_text(self.child.date_of_birth, self.child.expected_birth, self.day, self.child.died_on)

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
        has = self.plan or self.off_plan
        return has.chair.name if has and has.chair else NOBODY

    @property
    def team(self) -> str:
        """Before there is a plan, the social worker's."""
        if self.plan is None:
            return self.off_plan.team.name if self.off_plan and self.off_plan.team else "None"
        return self.plan.team.name if self.plan.team else self.plan.team_text or "Not on file"

    @property
    def worker(self) -> str:
        if self.plan is None:
            return self.off_plan.worker.name if self.off_plan and self.off_plan.worker else "None"
        return self.plan.social_worker.name if self.plan.social_worker else self.plan.worker_text or "Not on file"

    @property
    def open_words(self) -> str:
        """ "2 open", "1 open, 1 ended for Jude", "None open that you may see"; "" for who is shown none."""
        if self.sees is Sees.NONE:
            return ""
        here = len(self.open) - self.ended
        said = [f"{here} open"] if here else []
        said += [f"{self.ended} ended for {self.child.called}"] if self.ended else []
        return ", ".join(said) or f"None open{THAT_YOU_MAY_SEE[self.sees]}"


def lines(children: Iterable[Child], person: Person, now: datetime) -> list[Line]:
    """A line for each of these children (fetched with `family`, and with the plan each is on)."""
    shown = list(children)
    about = OpenAbout(tuple(child.pk for child in shown), person, now)
    day, how = london_date(now), sees(scope_of(person, now))
    on = {child.pk: next(iter(child.plans.all()), None) for child in shown}
    off = off_plan([child for child in shown if on[child.pk] is None], day)
    return [Line(child, on[child.pk], about, day, how, off.get(child.pk)) for child in shown]


def chairs_itself(scope: Scope, child: Child, now: datetime) -> bool:
    """The same of one record, and not by a tie to another record of the child: by that nobody raises a concern."""
    chair = context_for((child,), now, chairing=scope.people).chair
    return chair is not None and chair.pk in scope.people


def chairs(scope: Scope, shown: Iterable[Line]) -> bool:
    """Whether this person, or somebody they cover for, chairs for any of these children."""
    return any(
        line.child.pk in scope.doors.chaired_children or (line.plan is not None and line.plan.chair_id in scope.people)
        for line in shown
    )
