"""One person for each role and tie, with the rows that make the tie; for each, a child and a resolution in each state.

Written straight into the tables, hundreds at a time: here it is asked who is let in, not how things come about.
What ties whom to what is kept beside the rows (`Spot`), so that what is expected is worked out without asking the
code that is under test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from undrift.access.matrix import PARTNER, Action, Condition, Role, Tie, matrix
from undrift.access.models import Exclusion, Listing, Look, Opening, Restriction
from undrift.children.models import (
    Allocation,
    AlsoInFamily,
    Child,
    Conference,
    CoreGroupMember,
    FactChange,
    Family,
    ImportCheck,
    ImportedRow,
    ImportRun,
    ImportTold,
    KeyAction,
    LookedAfter,
    MidpointCheck,
    Plan,
    SameChild,
    Voice,
)
from undrift.people.models import Agency, Authority, Cover, Holding, Partnership, Person, Post, Unit
from undrift.record.models import (
    Case,
    CaseChild,
    Draft,
    Duty,
    Event,
    GoodPracticeReport,
    Kind,
    Notice,
    Submission,
    TypedText,
)

# How each tie comes about; "past" and "to come" are ties that were, or will be.
WAYS: Mapping[Tie, Sequence[str]] = {
    Tie.CHAIR: ("chair",),
    Tie.ALLOCATED: ("worker",),
    Tie.UNIT: ("unit", "unit below"),
    Tie.OWES: ("duty", "next", "then"),
    Tie.TOLD: ("notice",),
    Tie.WHOLE: ("nothing",),
    Tie.NAMED: ("listing", "listing, for a while"),
    Tie.GLASS: ("opening",),
    Tie.INVITED: ("invited",),
    Tie.ELSEWHERE: ("elsewhere",),
}
OVER: Mapping[Tie, Sequence[str]] = {
    Tie.CHAIR: ("chair, past",),
    Tie.ALLOCATED: ("worker, past",),
    Tie.UNIT: ("unit, past",),
    Tie.NAMED: ("listing, past", "listing, to come"),
    Tie.GLASS: ("opening, past", "opening, to come"),
    Tie.INVITED: ("invited, past",),
}
# Ties of the past that are ties still, but where the child is restricted.
OVER_WHERE_RESTRICTED: Mapping[Tie, Sequence[str]] = {Tie.OWES: ("duty, met", "duty, gone")}
# Before a plan and after it. One role stands for all here: what differs between them is what a tie opens.
BEFORE_AND_AFTER = "chair"
SEES_ALL = "review-manager"  # beside it, as somebody who sees the whole council and chairs
OFF_PLAN: Mapping[Tie, Sequence[str]] = {
    Tie.CHAIR: (
        "conference ahead", "conference held", "conference, and a plan without a chair", "plan over",
        "conference at its end", "concern open", "concern open, and a plan without a chair",
    ),
    Tie.INVITED: ("invited, and a plan without a chair",),
}  # fmt: skip
OFF_PLAN_OVER: Mapping[Tie, Sequence[str]] = {
    Tie.CHAIR: (
        "conference ahead, cancelled", "conference held, past", "conference ahead, a review", "conference, and a plan",
        "conference ahead, and a later one",
        "conference, and a plan that is over", "plan over, and another", "conference at its end, past",
        "conference at its end, cancelled", "conference at its end, and another", "conference after its end",
    ),
    Tie.INVITED: (
        "invited, cancelled", "invited to a review", "invited, and a plan", "invited, and a plan that is over",
    ),
}  # fmt: skip
# Who chairs the concern is no chair of the child's: it is over, or there is a plan.
CHAIRS_THE_CONCERN_ALONE = ("concern over", "concern, and a plan")
# Days from today: the conference; and the plan's chair and its end, where they are not as usual.
CONFERENCES: Mapping[str, int] = {
    "conference ahead": 9, "conference held": -9, "conference, and a plan without a chair": -9,
    "conference at its end": -9, "conference ahead, cancelled": 9, "conference held, past": -40,
    "conference ahead, a review": 9, "conference, and a plan": -9, "conference, and a plan that is over": -9,
    "conference ahead, and a later one": 9, "conference at its end, past": -40, "conference at its end, cancelled": -9,
    "conference at its end, and another": -9, "conference after its end": -3,
    "invited": 9, "invited, past": -9, "invited, cancelled": 9, "invited to a review": 9, "invited, and a plan": 9,
    "invited, and a plan that is over": 9, "invited, and a plan without a chair": 9,
}  # fmt: skip
ENDS: Mapping[str, int] = {
    **dict.fromkeys(("chair, past", "worker, past", "unit, past"), -40),
    **dict.fromkeys(("conference ahead", "conference held", "conference ahead, cancelled", "conference held, past",
                     "conference ahead, and a later one", "conference ahead, a review", "concern open",
                     "concern over", "invited", "invited, past", "invited, cancelled", "invited to a review"), -90),
    "plan over": -9, "plan over, and another": -9, "conference, and a plan that is over": -5,
    "conference at its end": -9, "conference at its end, past": -40, "conference at its end, cancelled": -9,
    "conference at its end, and another": -9, "conference after its end": -9, "invited, and a plan that is over": 20,
}  # fmt: skip
# Ties that come with a resolution, and do not tie anybody to the child.
OF_RESOLUTIONS_ONLY = frozenset({Tie.OWES, Tie.TOLD})
NO_TIE: frozenset[Tie] = frozenset()
AS_EVERYBODY = frozenset({Tie.WHOLE})
# Actions upon a child; upon a whole council; and the acts upon a resolution, on which the engine decides.
OF_CHILDREN = (Action.CHILD, Action.LOG, Action.GUARD, Action.GLASS)
OF_COUNCILS = (Action.AUDIT, Action.KEEP, Action.BRING, Action.REPORT)
ACTS = (Action.RAISE, Action.ANSWER, Action.APPROVE, Action.DECIDE, Action.TRACK, Action.PLAN)
OF_RESOLUTIONS = tuple(action for action in Action if action not in (*OF_CHILDREN, *OF_COUNCILS, *ACTS))


@dataclass(eq=False)
class Spot:
    """A child and a resolution about it, and what ties whom to them. `whole`: everybody of the council, besides."""

    here: bool
    condition: Condition
    way: str
    ties: dict[int, frozenset[Tie]] = field(default_factory=dict)
    excluded: int = 0
    child: Child = field(init=False)
    plan: Plan = field(init=False)
    resolution: Case = field(init=False)
    conference: int = 0
    key_action: int = 0
    cycle: int = 0


@dataclass(frozen=True, eq=False)
class One:
    """One of the crowd."""

    role: str
    tie: Tie
    person: Person
    own: tuple[Spot, ...]
    stands_for: frozenset[int]


@dataclass(frozen=True, eq=False)
class Crowd:
    now: datetime
    people: tuple[One, ...]
    spots: tuple[Spot, ...]
    _said: dict[tuple[str, Action, frozenset[Tie], bool], bool] = field(default_factory=dict)

    def ties(self, one: One, spot: Spot, action: Action) -> frozenset[Tie]:
        """Every tie that this person has to the child of this spot, or to its resolution, whichever the action is upon.

        What is another council's ties nobody here.
        """
        if not spot.here or spot.excluded == one.person.pk:
            return NO_TIE
        if one.person.pk not in spot.ties and not one.stands_for:
            return AS_EVERYBODY
        covered = [spot.ties.get(number, NO_TIE) - {Tie.GLASS} for number in one.stands_for]
        found = AS_EVERYBODY.union(spot.ties.get(one.person.pk, NO_TIE), *covered)
        of_child = action in OF_CHILDREN
        return found - {Tie.CHAIR} if of_child and spot.way in CHAIRS_THE_CONCERN_ALONE else found

    def opens(self, one: One, action: Action, spot: Spot) -> bool:
        """What the matrix says of it."""
        asked = (one.role, action, self.ties(one, spot, action), spot.condition is Condition.RESTRICTED)
        if asked not in self._said:
            self._said[asked] = _says(*asked)
        return self._said[asked]


def _says(role: str, action: Action, ties: frozenset[Tie], restricted: bool) -> bool:
    counted = ties - (OF_RESOLUTIONS_ONLY if action in OF_CHILDREN else NO_TIE)
    condition = Condition.RESTRICTED if restricted else Condition.USUAL
    return any(matrix().opens(role, action, tie, condition) for tie in counted)


def build(roles: Iterable[str] = (), *, now: datetime | None = None) -> Crowd:
    """The crowd of these roles, or of all that the matrix declares, with their rows in the database."""
    chosen = [matrix().roles[role] for role in roles] or list(matrix().roles.values())
    return _Builder(now or timezone.now()).build(chosen)


class _Builder:
    def __init__(self, now: datetime) -> None:
        self.now, self.day, self.number = now, timezone.localdate(now), count(1)
        shared = Partnership.objects.create(name="Crowd Partnership")
        apart = Partnership.objects.create(name="Partnership elsewhere")
        self.shared = shared
        self.here, self.there = (
            Authority.objects.create(
                code=code, name=code.title(), partnership=partnership, protocol_id="walsall", protocol_version="2018.1"
            )
            for code, partnership in (("crowd-here", shared), ("crowd-there", apart))
        )
        care = "childrens-social-care"
        self.care = Agency.objects.create(authority=self.here, name="Care", kind=care)
        self.elsewhere = Agency.objects.create(authority=self.there, name="Care", kind=care)
        self.health = Agency.objects.create(partnership=shared, name="Health", kind="health")
        self.nobodys = Unit.objects.create(authority=self.here, agency=self.care, name="Nobody’s team")
        self.bystander = Person.objects.create_user("bystander@crowd.example", name="Bystander", authority=self.here)
        self.posts: list[Post] = []
        self.holdings: list[Holding] = []
        self.spots: list[Spot] = []
        self.teams: dict[int, tuple[Unit, Unit]] = {}

    def build(self, roles: Sequence[Role]) -> Crowd:
        people = self._people([(role, tie) for role in roles for tie in WAYS])
        crowd = [self._one(role, tie, person) for role, tie, person in people]
        crowd += self._cover(crowd)
        self._write()
        return Crowd(self.now, tuple(crowd), tuple(self.spots))

    # People --------------------------------------------------------------------------------------------------------

    def _people(self, wanted: Sequence[tuple[Role, Tie]]) -> list[tuple[Role, Tie, Person]]:
        made = Person.objects.bulk_create(
            Person(
                name=f"{role.id} {tie.name.lower()}",
                email=f"{role.id}.{tie.name.lower()}@crowd.example",
                agency=self.health if role.where == PARTNER else self.care,
                **self._owner(role),
            )
            for role, tie in wanted
        )
        people = dict(zip(((role.id, tie) for role, tie in wanted), made, strict=True))
        heads = [(role, tie) for role, tie in wanted if tie is Tie.UNIT]
        units = Unit.objects.bulk_create(
            Unit(authority=self.here, agency=self.care, name=f"Unit of {role.id}") for role, _ in heads
        )
        teams = Unit.objects.bulk_create(
            Unit(authority=self.here, agency=self.care, name=f"Team of {role.id}", parent=unit)
            for (role, _), unit in zip(heads, units, strict=True)
        )
        headed = {role.id: (unit, team) for (role, _), unit, team in zip(heads, units, teams, strict=True)}
        posts = Post.objects.bulk_create(
            Post(
                slug=min(role.posts, default="a-post-of-no-kind"),
                title=role.name[:200],
                agency=people[role.id, tie].agency,
                unit=headed[role.id][0] if tie is Tie.UNIT else None,
                heads_unit=tie is Tie.UNIT,
                **self._owner(role),
            )
            for role, tie in wanted
        )
        Holding.objects.bulk_create(
            Holding(post=post, person=people[role.id, tie], starts=self.day - timedelta(days=99), **self._owner(role))
            for (role, tie), post in zip(wanted, posts, strict=True)
        )
        self.teams = {people[role, Tie.UNIT].pk: pair for role, pair in headed.items()}
        return [(role, tie, people[role.id, tie]) for role, tie in wanted]

    def _owner(self, role: Role) -> dict[str, Authority | Partnership]:
        return {"partnership": self.shared} if role.where == PARTNER else {"authority": self.here}

    def _one(self, role: Role, tie: Tie, person: Person) -> One:
        own = [
            self._spot(person, tie, way, condition)
            for way in WAYS[tie]
            for condition in Condition
        ]  # fmt: skip
        own += [self._spot(person, Tie.OUT, way, Condition.USUAL) for way in OVER.get(tie, ())]
        own += [self._spot(person, Tie.OUT, way, Condition.RESTRICTED) for way in OVER.get(tie, ())]
        own += [self._spot(person, tie, way, Condition.USUAL) for way in OVER_WHERE_RESTRICTED.get(tie, ())]
        own += [self._spot(person, Tie.OUT, way, Condition.RESTRICTED) for way in OVER_WHERE_RESTRICTED.get(tie, ())]
        if role.id == SEES_ALL and tie is Tie.CHAIR:
            own += [self._spot(person, tie, "conference ahead", state) for state in Condition]
        if role.id == BEFORE_AND_AFTER:
            own += [self._spot(person, tie, way, state) for way in OFF_PLAN.get(tie, ()) for state in Condition]
            shut = (Condition.USUAL, Condition.RESTRICTED)
            own += [self._spot(person, Tie.OUT, way, state) for way in OFF_PLAN_OVER.get(tie, ()) for state in shut]
            alone = CHAIRS_THE_CONCERN_ALONE if tie is Tie.CHAIR else ()
            own += [self._spot(person, tie, way, Condition.USUAL) for way in alone]
        return One(role.id, tie, person, tuple(own), frozenset())

    def _cover(self, crowd: Sequence[One]) -> list[One]:
        """Colleagues who cover: each for somebody with another tie, in everything."""
        asked = [one for one in crowd if one.role == "colleague" and one.tie not in (Tie.ELSEWHERE, Tie.UNIT)]
        found = []
        for away in asked:
            person = Person.objects.create_user(
                f"covers.{away.tie.name.lower()}@crowd.example",
                name=f"covers for {away.tie.name.lower()}", authority=self.here, agency=self.care,
            )  # fmt: skip
            Cover.objects.create(authority=self.here, away=away.person, covering=person, starts=self.day)
            found.append(One("colleague", Tie.OUT, person, (), frozenset({away.person.pk})))
        return found

    # What they are tied to -----------------------------------------------------------------------------------------

    def _spot(self, person: Person, tie: Tie, way: str, condition: Condition) -> Spot:
        spot = Spot(tie is not Tie.ELSEWHERE, condition, way)
        spot.ties[person.pk] = frozenset({tie} - {Tie.WHOLE, Tie.ELSEWHERE, Tie.OUT})
        spot.excluded = person.pk if condition is Condition.EXCLUDED else 0
        self.spots.append(spot)
        return spot

    def _write(self) -> None:
        spots, held = self.spots, {id(s): next(iter(s.ties)) for s in self.spots}
        council = [self.here if s.here else self.there for s in spots]
        families = Family.objects.bulk_create(Family(authority=a, name="Crowd") for a in council)
        children = Child.objects.bulk_create(
            # Of one name: each name is cut up for the search, which takes longer than all the rest.
            Child(authority=a, family=f, first_name="Child", restricted=s.condition is Condition.RESTRICTED)
            for s, a, f in zip(spots, council, families, strict=True)
        )
        plans, resolutions = [], []
        for spot, family, child in zip(spots, families, children, strict=True):
            plans.append(self._plan(spot, child, held[id(spot)]))
            resolutions.append(self._resolution(spot, family, held[id(spot)]))
            spot.child = child
        for spot, plan in zip(spots, Plan.objects.bulk_create(plans), strict=True):
            spot.plan = plan
        for spot, case in zip(spots, Case.objects.bulk_create(resolutions), strict=True):
            spot.resolution = case
        all_at_stage_one(self.now)
        CaseChild.objects.bulk_create(
            CaseChild(authority=s.resolution.authority, case=s.resolution, child=s.child) for s in spots
        )
        for model, rows in self._doors(spots, held):
            model._default_manager.bulk_create(rows)

    def _plan(self, spot: Spot, child: Child, person: int) -> Plan:
        way = spot.way.removesuffix(", past")
        chairs = way in ("chair", "elsewhere", "plan over", "plan over, and another")
        return Plan(
            authority=child.authority,
            child=child,
            starts=self.day - timedelta(days=200),
            ends=self.day + timedelta(days=ENDS[spot.way]) if spot.way in ENDS else None,
            chair_id=None if "without a chair" in way else person if chairs else self.bystander.pk,
            social_worker_id=person if way in ("worker", "elsewhere") else self.bystander.pk,
            team=self._team(way, person),
        )

    def _team(self, way: str, person: int) -> Unit:
        return {"unit": self.teams[person][0], "unit below": self.teams[person][1]}[way] if way in (
            "unit", "unit below"
        ) else self.nobodys  # fmt: skip

    def _resolution(self, spot: Spot, family: Family, person: int) -> Case:
        other, then = self.bystander.pk, spot.way in ("then", "elsewhere")
        if Tie.CHAIR in spot.ties[person] and spot.way != "chair":
            return self._chaired(spot, family, person)
        return Case(
            kind=Kind.RESOLUTION, authority=family.authority, family=family, reference=f"X-{next(self.number)}",
            protocol_id="walsall", protocol_version="2018.1",
            chair_id=person if spot.way in ("chair", "elsewhere") else other,
            social_worker_id=person if spot.way in ("worker", "elsewhere") else other,
            team=self._team(spot.way, person),
            tag="Waiting", next_role="team-manager",
            next_person_id=person if spot.way in ("next", "elsewhere") else other,
            turns_at=self.now if then else None, then_tag="Late" if then else "",
            then_role="chair" if then else "", then_person_id=person if then else None,
            people_at=self.now, last_seq=1, last_hash="0" * 64, last_at=self.now, summary_version=1,
        )  # fmt: skip

    def _chaired(self, spot: Spot, family: Family, person: int) -> Case:
        """One that they chair; over, but where it is what ties them to the child."""
        is_open = spot.way.startswith(("concern open", "concern, and a plan"))
        return Case(
            kind=Kind.RESOLUTION, authority=family.authority, family=family, reference=f"X-{next(self.number)}",
            protocol_id="walsall", protocol_version="2018.1", chair_id=person, social_worker=self.bystander,
            team=self.nobodys, tag="Waiting", next_role="chair" if is_open else "",
            next_person_id=self.bystander.pk if is_open else None, ended_at=None if is_open else self.now,
            people_at=self.now, last_seq=1, last_hash="0" * 64, last_at=self.now, summary_version=1,
        )  # fmt: skip

    def _conferences(self, whose: Sequence[tuple[Spot, int, int]]) -> Iterable[tuple[type[Model], list[Any]]]:
        chosen = [(s, a, p) for s, a, p in whose if s.way in CONFERENCES]
        made = [self._conference(s, a, p) for s, a, p in chosen]
        yield Conference, made
        yield (
            Conference.participants.through,
            [
                Conference.participants.through(conference_id=conference.pk, person_id=p)
                for (s, _, p), conference in zip(chosen, made, strict=True)
                if s.way.startswith("invited")
            ],
        )
        yield Conference, [
            Conference(authority_id=a, family_id=s.child.family_id, reference=f"C-{s.child.pk}-2", kind="initial",
                       planned_for=self.now + timedelta(days=20), chair=self.bystander)
            for s, a, _ in whose if s.way.endswith("a later one")
        ]  # fmt: skip
        # Another plan has begun since.
        yield Plan, [
            Plan(authority_id=a, child=s.child, starts=self.day - timedelta(days=2), chair=self.bystander,
                 ends=None if s.way == "plan over, and another" else self.day - timedelta(days=1))
            for s, a, _ in whose if s.way.endswith("and another")
        ]  # fmt: skip

    def _conference(self, spot: Spot, authority: int, person: int) -> Conference:
        at = self.now + timedelta(days=CONFERENCES[spot.way])
        review = "review" in spot.way or "its end" in spot.way
        return Conference(
            authority_id=authority, family_id=spot.child.family_id, reference=f"C-{spot.child.pk}-1",
            kind="review" if review else "initial", planned_for=at if at > self.now else None,
            held_on=at if at <= self.now else None, cancelled_at=self.now if "cancelled" in spot.way else None,
            chair=self.bystander if spot.way.startswith("invited") else Person(pk=person),
        )  # fmt: skip

    def _doors(self, spots: Sequence[Spot], held: Mapping[int, int]) -> Iterable[tuple[type[Model], list[Any]]]:
        """What ties by a row of its own; and of whatever else names a child, one row each."""
        now, day, by = self.now, self.day, self.bystander
        whose = [(s, s.child.authority_id, held[id(s)]) for s in spots]
        days = {"": (day, None), ", past": (day - timedelta(days=9), day - timedelta(days=1)),
                ", for a while": (day - timedelta(days=9), day + timedelta(days=9)),
                ", to come": (day + timedelta(days=1), None)}  # fmt: skip
        hours = {"": -10, ", past": -70, ", to come": 10}
        yield from self._conferences(whose)
        yield Duty, [
            Duty(authority_id=a, case=s.resolution, key="k", stage="stage-1", must="respond", basis="policy",
                 person_id=p if s.way.startswith(("duty", "elsewhere")) else by.pk,
                 met_at=now if s.way == "duty, met" else None, gone_at=now if s.way == "duty, gone" else None)
            for s, a, p in whose
        ]  # fmt: skip
        yield Notice, [
            Notice(authority_id=a, case=s.resolution, seq=1, role="chair", kind="raised", stage="stage-1",
                   to_person_id=p if s.way in ("notice", "elsewhere") else by.pk, created_at=now) for s, a, p in whose
        ]  # fmt: skip
        yield Event, [
            Event(authority_id=a, case=s.resolution, seq=1, type="raised", payload={}, by_name="Somebody",
                  happened_at=now, recorded_at=now, hash="0" * 64) for s, a, _ in whose
        ]  # fmt: skip
        yield (
            Listing,
            [
                Listing(authority_id=a, child=s.child, person_id=p, why="their work", by=by, starts=starts, ends=ends)
                for s, a, p in whose
                if s.way.startswith(("listing", "elsewhere"))
                for starts, ends in [days[s.way.removeprefix("listing").removeprefix("elsewhere")]]
            ],
        )
        yield Opening, [
            Opening(authority_id=a, child=s.child, person_id=p, purpose="safety", reason="a child in danger",
                    opened_at=now + timedelta(minutes=since), until=now + timedelta(minutes=since + 60), review_due=day)
            for s, a, p in whose
            if s.way.startswith(("opening", "elsewhere"))
            for since in [hours[s.way.removeprefix("opening").removeprefix("elsewhere")]]
        ]  # fmt: skip
        yield Exclusion, [
            Exclusion(authority_id=a, child=s.child, person_id=s.excluded, why="is a relative", by=by, since=now)
            for s, a, _ in whose if s.excluded
        ]  # fmt: skip
        # An exclusion that was lifted shuts nobody out.
        yield Exclusion, [
            Exclusion(authority_id=a, child=s.child, person_id=p, why="was thought a relative", by=by, since=now,
                      lifted_by=by, lifted_at=now) for s, a, p in whose if not s.excluded
        ]  # fmt: skip


def _plan_cycles(crowd: Crowd, whose: Sequence[tuple[Spot, int]]) -> None:
    """One that goes on for each child. Whoever the spot is about chairs it and owes in it, and is tied by neither."""
    now = crowd.now
    cases = Case.objects.bulk_create(
        Case(
            kind=Kind.PLAN, authority_id=a, family_id=s.child.family_id, reference=f"P-{s.child.pk}",
            protocol_id="walsall", protocol_version="2018.1", chair_id=next(iter(s.ties)), tag="On a plan",
            next_role="chair", next_person_id=next(iter(s.ties)), people_at=now, last_seq=1, last_hash="0" * 64,
            last_at=now, summary_version=1,
        )
        for s, a in whose
    )  # fmt: skip
    for (spot, _), case in zip(whose, cases, strict=True):
        spot.cycle = case.pk
    each = [(s, a, case) for (s, a), case in zip(whose, cases, strict=True)]
    CaseChild.objects.bulk_create(CaseChild(authority_id=a, case=case, child=s.child) for s, a, case in each)
    Event.objects.bulk_create(
        Event(authority_id=a, case=case, seq=1, type="cycle_begun", payload={}, by_name="Somebody", happened_at=now,
              recorded_at=now, hash="0" * 64) for _, a, case in each
    )  # fmt: skip
    Duty.objects.bulk_create(
        Duty(authority_id=a, case=case, key="k", must="hold the conference", basis="agreed",
             person_id=next(iter(s.ties))) for s, a, case in each
    )  # fmt: skip


def furnish(crowd: Crowd) -> None:
    """One row about each child in every table that has none yet."""
    now, day = crowd.now, crowd.now.date()
    spots = crowd.spots
    by = Person.objects.get(email="bystander@crowd.example")
    whose = [(s, s.child.authority_id) for s in spots]
    Voice.objects.bulk_create(Voice(authority_id=a, child=s.child, text="words", heard_on=day) for s, a in whose)
    MidpointCheck.objects.bulk_create(MidpointCheck(authority_id=a, plan=s.plan, due=day) for s, a in whose)
    conferences = Conference.objects.bulk_create(
        Conference(authority_id=a, family_id=s.child.family_id, reference=f"C-{s.child.pk}", kind="review", held_on=now)
        for s, a in whose
    )
    for (spot, _), conference in zip(whose, conferences, strict=True):
        spot.conference = conference.pk
    Conference.participants.through.objects.bulk_create(
        Conference.participants.through(conference=conference, person=by) for conference in conferences
    )
    _plan_cycles(crowd, whose)
    actions = KeyAction.objects.bulk_create(
        KeyAction(
            authority_id=a,
            family_id=s.child.family_id,
            wording="words",
            feedback_due=day,
            who_id=next(iter(s.ties)) if s.way == "duty" else None,
        )
        for s, a in whose
    )
    for (spot, _), action in zip(whose, actions, strict=True):
        spot.key_action = action.pk
    KeyAction.children.through.objects.bulk_create(
        KeyAction.children.through(keyaction=action, child=s.child) for action, s in zip(actions, spots, strict=True)
    )
    CoreGroupMember.objects.bulk_create(
        CoreGroupMember(authority_id=a, family_id=s.child.family_id, name="Somebody", starts=day) for s, a in whose
    )
    runs = {
        a: ImportRun.objects.create(authority_id=a, source_system="annex-a", file_name="f", sha256="0" * 64,
                                    as_at=day, started=now)
        for a in {a for _, a in whose}
    }  # fmt: skip
    for entity in ("child", "plan"):
        rows = ImportedRow.objects.bulk_create(
            ImportedRow(
                authority_id=a, source_system="annex-a", entity=entity, source_key=str(s.child.pk),
                object_id=s.child.pk if entity == "child" else s.plan.pk, row_hash="0" * 64, import_run=runs[a],
                first_seen=now, last_seen=now, last_changed=now,
            )
            for s, a in whose
        )  # fmt: skip
        FactChange.objects.bulk_create(
            FactChange(
                authority_id=row.authority_id, child_id=int(row.source_key), entity=entity, object_id=row.object_id,
                import_run=runs[row.authority_id], field="name", was=f"{entity}:{row.source_key}", at=now,
            )
            for row in rows
        )  # fmt: skip
    Allocation.objects.bulk_create(
        Allocation(authority_id=a, child=s.child, part="chair", person=by, from_day=day, at=now) for s, a in whose
    )
    LookedAfter.objects.bulk_create(LookedAfter(authority_id=a, child=s.child, starts=day) for s, a in whose)
    AlsoInFamily.objects.bulk_create(
        AlsoInFamily(authority_id=a, child=s.child, family_id=s.child.family_id, by=by, at=now, ended_at=now)
        for s, a in whose
    )
    # Taken back: it ties nobody to anybody.
    SameChild.objects.bulk_create(
        SameChild(authority_id=a, kept=s.child, other=s.child, by=by, at=now, why="words", undone_at=now)
        for s, a in whose
    )
    ImportCheck.objects.bulk_create(
        ImportCheck(authority_id=a, source_system="annex-a", reference=f"check-{a}", file_name="f", sha256="0" * 64,
                    content=b"", as_at=day, at=now, digest="0" * 64)
        for a in runs
    )  # fmt: skip
    ImportTold.objects.bulk_create(
        ImportTold(authority_id=a, run=runs[a], kind="finding", place=0, child=s.child, said={}) for s, a in whose
    )
    GoodPracticeReport.objects.bulk_create(
        GoodPracticeReport(authority_id=a, first=day, last=day, sentences=[], numbers={}, by=by, by_name="B", at=now)
        for a in runs
    )
    Restriction.objects.bulk_create(
        Restriction(authority_id=a, child=s.child, reason="words", set_by=by, set_at=now) for s, a in whose
    )
    # Somebody else is named for a child, or broke the glass: whoever chairs for the child may know.
    Listing.objects.bulk_create(
        Listing(authority_id=a, child=s.child, person=by, why="their work", by_id=next(iter(s.ties)), starts=day)
        for s, a in whose
        if s.way == "chair"
    )
    Opening.objects.bulk_create(
        Opening(authority_id=a, child=s.child, person=by, purpose="safety", reason="words", opened_at=now,
                until=now + timedelta(minutes=60), review_due=day)
        for s, a in whose if s.way == "chair"
    )  # fmt: skip
    Draft.objects.bulk_create(
        Draft(authority_id=a, person_id=next(iter(s.ties)), case=s.resolution, kind="respond", content={})
        for s, a in whose
    )
    TypedText.objects.bulk_create(
        TypedText(person_id=next(iter(s.ties)), address=s.child.public_id, page="note", number="1", content={})
        for s, _ in whose
    )
    Submission.objects.bulk_create(
        Submission(person_id=next(iter(s.ties)), address=s.child.public_id, number="1", said="words") for s, _ in whose
    )
    Look.objects.bulk_create(
        Look(authority_id=a, person=by.pk, name="Somebody", at=now, children=[s.child.pk]) for s, a in whose
    )
    # One's own, under a tie that opens nothing by itself; and what partner agencies tried in vain.
    Look.objects.bulk_create(
        Look(authority_id=a, person=next(iter(s.ties)), name="Somebody", at=now, page=s.child.public_id)
        for s, a in whose
    )
    partners = {
        authority.pk: Person.objects.create_user(
            f"partner.{authority.code}@crowd.example", name="Partner", partnership=authority.partnership
        ).pk
        for authority in Authority.objects.filter(code__startswith="crowd")
    }
    Look.objects.bulk_create(
        Look(person=partners[a], name="Partner", at=now, tried=s.child.public_id, refused=True) for s, a in whose
    )


def all_at_stage_one(now: datetime) -> None:
    """What each of the crowd's cases has beside a case's columns. Django writes rows of two tables one by one only."""
    statement = (
        "INSERT INTO resolutions_resolution"
        " (case_id, raised_at, first_stage, stage, highest_stage, entered_at, formality, risk, grounds, ending)"
        " SELECT id, %(now)s, 'stage-1', 'stage-1', 'stage-1', %(now)s, 'formal', false, '{}', '' FROM record_case"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"now": now})
