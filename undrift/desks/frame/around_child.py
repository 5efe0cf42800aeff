"""What stands around every page of one child: whose record it is, and the pages beside this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.urls import reverse

from undrift.access.emergency import running
from undrift.access.family_facts import FamilyFacts, note_live_plans
from undrift.access.matrix import Action, Tie
from undrift.access.scope import Scope
from undrift.children.in_families import families_of
from undrift.desks.frame.child_rows import NOBODY, Line, Sees, chairs, lines, none_open, sees
from undrift.desks.frame.components import Fact, Place
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.people.models import Person
from undrift.resolutions.queries import states_of

if TYPE_CHECKING:
    from undrift.children.models import Child, Conference, Plan


@dataclass(frozen=True)
class AroundChild:
    """One child as one person sees the record at one moment. The child was fetched through `access`.

    `alone`: the page shows no brother or sister, so that none is asked for.
    """

    child: Child
    viewer: Person
    now: datetime
    alone: bool = False

    @property
    def day(self) -> date:
        return london_date(self.now)

    @cached_property
    def facts(self) -> FamilyFacts:
        return FamilyFacts(self.viewer, self.now)

    @property
    def scope(self) -> Scope:
        return self.facts.scope

    # Who -----------------------------------------------------------------------------------------------------------

    @cached_property
    def sees(self) -> Sees:
        """How much of what there is of resolutions the viewer may see."""
        return sees(self.scope)

    @cached_property
    def none_open(self) -> str:
        return none_open(self.sees)

    @cached_property
    def line(self) -> Line:
        return next(line for line in self.family if line.child == self.child)

    @cached_property
    def family(self) -> list[Line]:
        """The children of the family, and of a second one, whom the viewer may see, the eldest first."""
        if self.alone:
            return lines(note_live_plans([self.child]), self.viewer, self.now)
        return lines(self.facts.of_families(families_of(self.child)), self.viewer, self.now)

    @property
    def siblings(self) -> list[Line]:
        return [line for line in self.family if line.child != self.child]

    @cached_property
    def plan(self) -> Plan | None:
        """The plan the child is on; else the last one."""
        return self.line.plan or self.facts.last_plan(self.child)

    @property
    def title(self) -> str:
        age = self.line.age
        return f"{self.child}, {age}"

    @property
    def identity(self) -> tuple[Fact, ...]:
        facts = (
            Fact("Plan", self.line.on_plan),
            Fact("Category", self.category),
            Fact("Chair", self.chair),
            Fact("Team", self.line.team),
            Fact("Social worker", self.line.worker),
        )
        return (*facts, *self._looked_after)

    @cached_property
    def _looked_after(self) -> tuple[Fact, ...]:
        """Since when, and the independent reviewing officer beside the chair; nothing of a child who is not."""
        found = self.facts.looked_after(self.child)
        if found is None:
            return ()
        return (
            Fact("Looked after", f"Since {full_day(found.starts, short=True)}"),
            Fact("IRO", found.reviewed_by or NOBODY),
        )

    @property
    def chair(self) -> str:
        """Of the plan the child is on, or of the initial conference ahead; else of what there was before."""
        if self.line.plan is not None or self.line.off_plan is not None:
            return self.line.chair
        return self.initial.chair.name if self.initial and self.initial.chair else NOBODY

    @cached_property
    def initial(self) -> Conference | None:
        """The initial conference of a child who has had no plan."""
        return self.facts.initial_conference(self.child.family_id) if self.plan is None else None

    @cached_property
    def at_risk(self) -> bool:
        """Whether something that is open has this child at immediate risk."""
        told = states_of(self.line.risky)
        return any(str(self.child.pk) in state.at_risk for state in told.values())

    def places(self, here: str) -> list[Place]:
        """The pages of this child; those that other desks add appear once they are there."""
        pages: tuple[tuple[str, str], ...] = (("Overview", "child"), ("Plan cycle", "child-cycle"))
        if self.sees is not Sees.NONE:
            pages += (("Resolutions", "child-resolutions"), ("History", "child-history"))
        pages += (("Facts", "child-facts"),)
        guards = (("Who has looked", "child-looks", Action.LOG), ("Who may see", "child-guard", Action.GUARD))
        if self.glass is None:  # opened in an emergency it is there to be read, and no more
            pages += tuple((text, name) for text, name, action in guards if self._tied(action))
        return [Place(text, reverse(n, args=[self.child.public_id]), current=n == here) for text, n in pages]

    @cached_property
    def glass(self) -> datetime | None:
        """Until when the record is open, where nothing but an emergency opening opens it to the viewer."""
        if self.child.pk not in self.scope.doors.opened_children or self._tied(Action.CHILD, but=Tie.WHOLE):
            return None
        opening = running(self.viewer, self.now)
        return opening.until if opening is not None else None

    def _tied(self, action: Action, but: Tie | None = None) -> bool:
        """Whether one of the viewer's ties to this child, whose record is open to them, carries the action."""
        plan, usual = self.line.plan, not self.child.restricted
        holds = {
            Tie.CHAIR: self.chairs,
            Tie.ALLOCATED: plan is not None and plan.social_worker_id in self.scope.people,
            Tie.UNIT: usual and plan is not None and plan.team_id in self.scope.units,
            Tie.INVITED: self.child.pk in self.scope.doors.invited_children,
            Tie.NAMED: self.child.pk in self.scope.doors.named_children,
            Tie.WHOLE: usual,
        }
        return any(holds.get(tie, False) for tie in self.scope.ties(action) if tie is not but)

    @cached_property
    def chairs(self) -> bool:
        """Whether the viewer chairs for this child, or covers for who does."""
        return chairs(self.scope, [self.line])

    @property
    def category(self) -> str:
        plan = self.plan
        if plan is None:
            return "None"
        return plan.get_latest_category_display() or plan.get_initial_category_display() or "Not on file"
