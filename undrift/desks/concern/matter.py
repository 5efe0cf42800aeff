"""What a concern is raised about: children of one family, the rules they fall under, and who plays which part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from undrift.access.family_facts import FamilyFacts, plans_today
from undrift.access.fetching import NotFound, fetch_family, fetch_family_of
from undrift.access.traced import Traced
from undrift.children.ages import age_text
from undrift.children.other_records import kept_beside
from undrift.children.plan_words import time_on_plan
from undrift.desks.frame.addresses import action_of
from undrift.desks.frame.signed import SignedRequest
from undrift.engine.dates.due import Due, due_if_counted
from undrift.engine.dates.moments import london_date
from undrift.engine.events import By
from undrift.engine.rules import Rules
from undrift.engine.who_may import only
from undrift.people import clock
from undrift.people.finders import roles_of
from undrift.people.found import Found
from undrift.people.models import Agency, Person
from undrift.protocol.model import Protocol, Stage
from undrift.record.adopted import rules_for
from undrift.record.who_plays import RaiseContext, context_for, kept_out_of_children, who_plays
from undrift.resolutions.models import Resolution

if TYPE_CHECKING:
    from undrift.children.models import Child, Family, Plan

RESPONSIBLE = "responsible agency"
RAISE = "raise"  # the page that the looks of all these pages name
NO_PART = "takes no part in this"  # why not, is not for this page


@dataclass(frozen=True)
class Matter:
    """A family's children that `person` may see, at one moment. Whoever holds it has been checked.

    With a `stage`, as if the concern were raised there: then the same people are found as the act will find.
    """

    person: Person
    rules: Rules
    family: Family
    children: tuple[Child, ...]
    plans: dict[int, Plan]
    now: datetime
    agency: Agency | None = None
    stage: str = ""
    known: Mapping[str, Found] | None = None  # who plays which part, where a resolution says so already

    @property
    def protocol(self) -> Protocol:
        return self.rules.protocol

    @property
    def council(self) -> str:
        """The name of the authority whose choices count here."""
        return self.children[0].authority.name

    @property
    def today(self) -> date:
        return london_date(self.now)

    @property
    def facts(self) -> FamilyFacts:
        return FamilyFacts(self.person, self.now)

    @cached_property
    def context(self) -> RaiseContext:
        return context_for(self.children, self.now, self.agency, self.facts.scope.people)

    @cached_property
    def found(self) -> Mapping[str, Found]:
        """Who plays each role of the policy for these children."""
        if self.known is not None:
            return self.known
        context = self.context
        about = Resolution(
            authority=context.authority,
            family=context.family,
            team=context.team,
            chair=context.chair,
            social_worker=context.social_worker,
            responsible_agency=self.agency,
            raising_agency=context.raising_agency,
        )
        out = dict.fromkeys(kept_out_of_children([child.pk for child in self.children]), NO_PART)
        about.kept_out = out
        raised_by = self.person.pk if self.stage else None
        return who_plays(
            about, self.protocol, None, self.now, stage=self.stage, raised_by=raised_by,
            children=[child.pk for child in self.children],
        )  # fmt: skip

    @cached_property
    def by(self) -> By:
        """The person, with the roles they play here."""
        return By(str(self.person.pk), self.person.name, roles_of(self.person, self.found))

    def with_agency(self, agency: Agency | None) -> Matter:
        return self if agency == self.agency else replace(self, agency=agency, known=None)

    def raised(self, children: tuple[Child, ...], stage: str, agency: Agency | None) -> Matter:
        """As raised about these of the children, at this stage, with this agency."""
        if (children, stage, agency) == (self.children, self.stage, self.agency):
            return self
        return replace(self, children=children, stage=stage, agency=agency)

    def on_plan(self, child: Child) -> bool:
        return child.pk in self.plans

    def about(self, child: Child) -> str:
        """Age and plan in one line: "9, on a plan for 5 months"."""
        age = age_text(child.date_of_birth, child.expected_birth, self.today, child.died_on)
        plan = self.plans.get(child.pk)
        if plan is None:
            return f"{age}, not on a plan"
        return f"{age}, on a plan for {time_on_plan(plan.starts, plan.ends, self.today)}"


def matter_of(request: SignedRequest, family_reference: str) -> Matter:
    """The family's children that this person may see. Refuses with 404 a family they may not see,
    and with a sentence a person who does not chair for these children."""
    now = clock.now()
    try:
        children = fetch_family(
            family_reference, request.user, now, action=action_of(request), page=RAISE, traced=Traced(request.session)
        )
    except NotFound:
        raise Http404("No such family, or not one of yours.") from None
    family = next(child.family for child in children if child.family.reference == family_reference)
    return _matter(request.user, children, now, family)


def matter_of_child(request: SignedRequest, public_id: str) -> Matter:
    """The same, of the family of a child whom this person may see."""
    now = clock.now()
    try:
        children = fetch_family_of(
            public_id, request.user, now, action=action_of(request), page=RAISE, traced=Traced(request.session)
        )
    except NotFound:
        raise Http404("No such child, or not one of yours.") from None
    about = next(child for child in children if child.public_id == public_id)
    return _matter(request.user, children, now, about.family, about)


GOES_ON = "Another record of this child goes on. Raise the concern there."


def _matter(
    person: Person, found: Sequence[Child], now: datetime, family: Family, about: Child | None = None
) -> Matter:
    beside = kept_beside(child.pk for child in found)
    children = [child for child in found if child.pk not in beside]
    if not children or (about is not None and about.pk in beside):
        raise PermissionDenied(GOES_ON)
    first = children[0]
    living = tuple(child for child in children if child.died_on is None)
    if not living:
        raise PermissionDenied(f"{first.called} has died. Nothing new is raised about {first.called}.")
    matter = Matter(
        person,
        rules_for(first.authority),
        family,
        living,
        plans_today([child.pk for child in living], now),
        now,
    )
    senders = tuple(dict.fromkeys(role for stage in matter.protocol.stages for role in stage.sent_by))
    if refusal := only(matter.rules, matter.by, senders, "raise a concern for these children"):
        raise PermissionDenied(refusal.sentence)
    return matter


def asks_for_agency(protocol: Protocol, stage: Stage) -> bool:
    """Whether the stage goes to somebody of the responsible agency, so that the chair has to say which it is."""
    roles = {*stage.to, *(duty.who for duty in stage.duties)} & protocol.roles.keys()
    return any(RESPONSIBLE in protocol.roles[role].held_by for role in roles)


def agencies(matter: Matter) -> list[Agency]:
    """The agencies that can be responsible here: the council's own service first, then the partners'."""
    authority = matter.children[0].authority
    shared = Q(partnership=authority.partnership_id) if authority.partnership_id else Q()
    reach = Agency.objects.filter(Q(authority=authority) | shared).filter(posts__isnull=False).distinct()
    return sorted(reach, key=lambda agency: (agency.authority_id is None, agency.name))


def answer_due(rules: Rules, stage: Stage, now: datetime, agreed: date | None = None) -> Due | None:
    """When the answer would be due if the stage began now; None where the stage asks for none."""
    asked = stage.answer
    if asked is None:
        return None
    return due_if_counted(rules.counted(asked.within), now, rules.calendar, bare_days=rules.bare_days, agreed=agreed)


def known_people(found: Iterable[Found]) -> dict[str, str]:
    """Everybody who plays a part here, by name in small letters."""
    return {person.name.lower(): str(person.pk) for one in found for person in one.everyone}
