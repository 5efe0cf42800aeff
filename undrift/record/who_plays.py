"""A resolution's case: the facts by which the roles of its protocol find their people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from undrift.children.in_families import common_family
from undrift.children.models import Child, Family, Plan
from undrift.engine.dates.moments import london_date
from undrift.engine.ladder.state import State as Ladder
from undrift.engine.plan_cycle.on_file import NOTHING, OnFile
from undrift.engine.refusal import Refusal
from undrift.people.assigning import Parts
from undrift.people.finders import TELL, CaseContext, resolve_roles
from undrift.people.found import Found
from undrift.people.kept_rosters import Version, as_it_was, their_own, version_now
from undrift.people.models import Agency, Authority, Person, Unit
from undrift.protocol.model import Protocol
from undrift.record.by_kind import State, agency_of, handed_of, ladder
from undrift.record.models import Case
from undrift.record.off_plan import Around, around

CHAIR = "chair of the child's conference"
CORE_GROUP = "core group"
PARTICIPANTS = "conference participants"


@dataclass(frozen=True)
class Member:
    """Somebody in the core group: an account, or a name alone; of one child, or of every child of the family."""

    person: int | None
    child: int | None
    name: str
    starts: date
    ends: date | None


@dataclass(frozen=True)
class Place:
    """Where one child's plan puts the child, from a day to a day: the chair, the worker, the team."""

    child: int
    chair: int | None
    worker: int | None
    team: int | None
    starts: date
    ends: date | None


@dataclass(frozen=True)
class Gathered:
    """Who is gathered around a case's children, whenever they were; the plans with the latest first."""

    core_group: tuple[Member, ...] = ()
    participants: tuple[int, ...] = ()
    plans: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Known:
    """What finding the people of a case would ask the database for, where it came with the case's row (`locking`).

    `kept_out` are those who may play no part, each with the reason; `roster` is the version of the council's; `file` is
    what other systems say of the children's plans, for a plan cycle. `dead` are those of its children who have died.
    """

    kept_out: Mapping[int, str]
    gathered: Gathered
    roster: Version
    file: OnFile = NOTHING
    dead: tuple[int, ...] = ()


def gathered(told: Any) -> Gathered:
    """As the database tells it (`record_gathered`)."""
    members, participants, plans = told or (None, None, None)
    return Gathered(
        tuple(Member(person, child, name, *_days(*days)) for person, child, name, *days in members or ()),
        tuple(dict.fromkeys(participants or ())),
        tuple(Place(child, chair, worker, team, *_days(*days)) for child, chair, worker, team, *days in plans or ()),
    )


def _days(starts: str, ends: str | None) -> tuple[date, date | None]:
    return date.fromisoformat(starts), date.fromisoformat(ends) if ends else None


def _runs(one: Member | Place, day: date) -> bool:
    """Both days count."""
    return one.starts <= day and (one.ends is None or one.ends >= day)


@dataclass(frozen=True, kw_only=True)
class RaiseContext:
    """What a new resolution takes over from the children's plans."""

    authority: Authority
    children: tuple[Child, ...]
    family: Family | None = None
    team: Unit | None = None
    chair: Person | None = None
    social_worker: Person | None = None
    responsible_agency: Agency | None = None
    raising_agency: Agency | None = None

    @property
    def refused(self) -> Refusal | None:
        """Why nothing is begun about these children; None where all of them live."""
        dead = [child.called for child in self.children if child.died_on is not None]
        return Refusal("died", f"{dead[0]} has died. Nothing new is begun about {dead[0]}.") if dead else None


class ChildrenApart(ValueError):
    """A resolution is about the children of one family of one authority."""


def context_for(
    children: Sequence[Child], at: datetime, responsible: Agency | None = None, chairing: Collection[int] = ()
) -> RaiseContext:
    """The context of a concern about these children, from the plans they are on at that moment. One query.

    On no plan that has a chair, from the conference that lies ahead, or the plan that has ended: a few queries more. Of
    several who chair for them then, one of those in `chairing`.

    Where siblings have different chairs, teams or workers, the first child's are taken. Refuses (`ChildrenApart`)
    children of several families; one who is in a second family is of that, too.
    """
    number = common_family(children) if len({child.authority_id for child in children}) == 1 else None
    if number is None:
        raise ChildrenApart("Choose children of one family: a resolution is about one family's children.")
    day = london_date(at)
    on_it = Plan.objects.filter(Q(ends=None) | Q(ends__gte=day), child__in=[c.pk for c in children], starts__lte=day)
    plans = {p.child_id: p for p in on_it.select_related("chair", "social_worker", "team__agency").order_by("starts")}
    plan = next((plans[c.pk] for c in children if c.pk in plans), None)
    there = Around(plan.chair, plan.social_worker, plan.team) if plan else Around(None, None, None)
    if there.chair is None:
        found = around(children, day, chairing)
        there = Around(found.chair, there.social_worker or found.social_worker, there.team or found.team)
    return RaiseContext(
        authority=children[0].authority,
        children=tuple(children),
        family=next(child.family for child in children if child.family_id == number),
        team=there.team,
        chair=there.chair,
        social_worker=there.social_worker,
        responsible_agency=responsible,
        raising_agency=there.team.agency if there.team else None,
    )


def case_of(
    case: Case,
    protocol: Protocol,
    state: State | None,
    at: datetime,
    around: Gathered,
    children: Collection[int] = (),
) -> CaseContext:
    """What the finders need at that moment. Of something not raised yet, say which `children` it is about. No query.

    The core group is of the children it is about: whoever is in a sibling's alone has no part in it. The child's social
    worker leads it, and is in it without being put there.
    """
    about = [int(number) for number in state.children] if state is not None else children
    day, asked = london_date(at), " ".join(role.held_by for role in protocol.roles.values()).lower()
    members = [m for m in around.core_group if _runs(m, day) and (m.child is None or m.child in about)]
    agency = agency_of(state) or case.responsible_agency_id
    own = CaseContext(
        authority=case.authority,
        team_unit_id=case.team_id,
        chair_id=case.chair_id,
        social_worker_id=case.social_worker_id,
        responsible_agency_id=agency,
        raising_agency_id=case.raising_agency_id,
        core_group=_in_turn((*(m.person for m in members), case.social_worker_id)) if CORE_GROUP in asked else (),
        without_account=tuple(dict.fromkeys(m.name for m in members if m.person is None)),
        participants=around.participants if PARTICIPANTS in asked else (),
    )
    return replace(own, others=tuple(_of_siblings(own, around, about, day)))


def _in_turn(people: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(person for person in people if person is not None))


def _of_siblings(own: CaseContext, around: Gathered, about: Collection[int], day: date) -> Iterator[CaseContext]:
    """The case as it is for each of its children whose plan names another chair, worker or team."""
    if len(about) < 2:
        return
    mine = (own.chair_id, own.social_worker_id, own.team_unit_id)
    seen: set[tuple[int | None, ...]] = {mine}
    for plan in around.plans:
        here = tuple(there or kept for there, kept in zip((plan.chair, plan.worker, plan.team), mine, strict=True))
        if plan.child in about and _runs(plan, day) and here not in seen:
            seen.add(here)
            group = _in_turn((*own.core_group, here[1])) if own.core_group else ()
            yield replace(own, chair_id=here[0], social_worker_id=here[1], team_unit_id=here[2], core_group=group)


GATHERED_OF = "SELECT record_gathered_of(%s)"
GATHERED = "SELECT record_gathered(%s, %s, NULL)"


def gathered_around(case: Case, protocol: Protocol, state: State | None, children: Collection[int] = ()) -> Gathered:
    """Who is gathered around a case that nobody has locked. One query, where anything hangs on it; else none."""
    about = list(state.children) if state is not None else children
    asked = " ".join(role.held_by for role in protocol.roles.values()).lower()
    if len(about) < 2 and CORE_GROUP not in asked and PARTICIPANTS not in asked:
        return Gathered()
    with connection.cursor() as cursor:
        if case.pk is not None:
            cursor.execute(GATHERED_OF, [case.pk])
        else:
            cursor.execute(GATHERED, [case.family_id, list(children)])
        return gathered(cursor.fetchone()[0])


def who_plays(
    case: Case,
    protocol: Protocol,
    state: State | None,
    at: datetime,
    *,
    stage: str = "",
    raised_by: int | None = None,
    children: Collection[int] = (),
    known: Known | None = None,
) -> dict[str, Found]:
    """Who plays each role of the protocol in this resolution at that moment; a part handed over stays handed over.

    No query where what it hangs on is `known` in this transaction and the council's roster is kept.

    The parts of the stage where it stands are told apart: nobody answers what they raised, nobody approves their own
    answer. Of something not raised yet, say the `stage` it would start at, who raises it, and about which `children`.
    """
    around = known.gathered if known is not None else gathered_around(case, protocol, state, children)
    barred = known.kept_out if known is not None else kept_out_of(case)
    parts = parts_of(protocol, stage, raised_by) if state is None else parts_now(protocol, state)
    found = resolve_roles(
        sentences(protocol),
        case_of(case, protocol, state, at, around, children),
        at,
        parts=replace(parts, barred=barred) if parts is not None else None,
        handed=handed_of(state),
        version=known.roster if known is not None else None,
    )
    return {role: _without(one, barred) for role, one in found.items()} if barred else found


def known_of(case: Case, protocol: Protocol, state: State) -> Known:
    """What finding the people of a case that nobody has locked hangs on. Three queries at most."""
    return Known(kept_out_of(case), gathered_around(case, protocol, state), version_now(case.authority))


def who_played(case: Case, protocol: Protocol, state: State, known: Known) -> dict[str, Found]:
    """Who played each role when it ended, whoever holds the posts today. No query where the roster is kept."""
    assert state.ended is not None
    parts, at = parts_now(protocol, replace(ladder(state), ended=None)), state.ended.at
    with as_it_was():
        found = resolve_roles(
            sentences(protocol),
            case_of(case, protocol, state, at, known.gathered),
            at,
            parts=parts,
            handed=handed_of(state),
            version=known.roster,
        )
    return their_own(found)


def kept_out_of(case: Case) -> Mapping[int, str]:
    """Who may play no part, as they are kept out of the record of a child it is about, each with the reason.

    The same for every reader. No query where it came with the row (`locking`); nobody before it is raised, unless
    the row was given them.
    """
    known = case.kept_out
    if known is None and case.pk is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT person_id, why FROM undrift_kept_out(%s)", [case.pk])
            known = dict(cursor.fetchall())
    return known or {}


def kept_out_of_children(children: Iterable[int]) -> Mapping[int, str]:
    """The same of something that is not raised yet: who is kept out of the record of one of these. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, why FROM undrift_kept_out_of(%s)", [list(children)])
        return dict(cursor.fetchall())


def _without(found: Found, barred: Mapping[int, str]) -> Found:
    """Somebody kept out is not told, either: of parts outside the stage's own, nobody was found in their place."""
    if found.also:
        found = replace(found, also=tuple(person for person in found.also if person.pk not in barred))
    if not barred.keys() & {person.pk for person in found.everyone}:
        return found
    others = tuple(person for person in found.everyone if person.pk not in barred)
    reasons = [f"{person.name} {barred[person.pk]}" for person in found.everyone if person.pk in barred]
    if others:
        return replace(found, person=others[0], on_behalf_of=None, everyone=others)
    return Found(post=found.post, how=f"{', '.join(reasons)}, and nobody else was found: {TELL}.")


def parts_now(protocol: Protocol, state: State) -> Parts | None:
    """The parts of the stage where it stands; None once it has ended, and of a plan cycle, which has no stages."""
    if state.ended is not None or not isinstance(state, Ladder):
        return None
    answer = state.here.answer
    stands = state.here.answered or state.here.waits_for_approval
    answered = answer.by.person if answer is not None and stands else ""
    return parts_of(protocol, state.here.stage, _number(state.raised_by.person), _number(answered))


def parts_of(protocol: Protocol, stage_id: str, raised_by: int | None, answered_by: int | None = None) -> Parts | None:
    """The parts of a stage; None without one."""
    if not stage_id:
        return None
    stage = protocol.stage(stage_id)
    asked = stage.answer
    return Parts(
        judges=stage.judged_by,
        answers=asked.who if asked else "",
        approves=(asked.approved_by or "") if asked else "",
        raised_by=raised_by,
        answered_by=answered_by,
    )


def _number(person: str) -> int | None:
    return int(person) if person.isdigit() else None


def sentences(protocol: Protocol) -> dict[str, str]:
    """Each role's finder in words: "A", or "A, else B"."""
    return {
        name: f"{role.held_by}, else {role.otherwise}" if role.otherwise else role.held_by
        for name, role in protocol.roles.items()
    }


def chair_role(protocol: Protocol) -> str | None:
    """The role that the chair of the child's conference plays."""
    return next((name for name, role in protocol.roles.items() if role.held_by.lower().endswith(CHAIR)), None)


def standing_in(found: Mapping[str, Found], role: str, person: Person) -> Person | None:
    """For whom this person plays the role, where it is not their own."""
    here = found.get(role)
    return here.on_behalf_of if here is not None and here.person == person else None
