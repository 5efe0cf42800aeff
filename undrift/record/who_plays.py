"""A resolution's case: the facts by which the roles of its protocol find their people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection
from django.db.models import Q, Value

from undrift.children.models import Child, Conference, CoreGroupMember, Family, Plan
from undrift.engine.dates.moments import london_date
from undrift.engine.ladder.state import State
from undrift.people.assigning import Parts
from undrift.people.finders import TELL, CaseContext, resolve_roles
from undrift.people.found import Found
from undrift.people.kept_rosters import Version
from undrift.people.models import Agency, Authority, Person, Unit
from undrift.protocol.model import Protocol
from undrift.record.models import Case

CHAIR = "chair of the child's conference"
CORE_GROUP = "core group"
PARTICIPANTS = "conference participants"

KEPT_OUT = "kept_out"  # on a resolution: what `kept_out_of` would ask for


@dataclass(frozen=True)
class Known:
    """What finding the people of a case would ask the database for, where it came with the case's row (`locking`).

    `kept_out` are those who may play no part, each with the reason; `roster` is the version of the council's.
    """

    kept_out: Mapping[int, str]
    core_group: tuple[int, ...]
    participants: tuple[int, ...]
    roster: Version


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


class ChildrenApart(ValueError):
    """A resolution is about the children of one family of one authority."""


def context_for(children: Sequence[Child], at: datetime, responsible: Agency | None = None) -> RaiseContext:
    """The context of a concern about these children, from the plans they are on at that moment. One query.

    Where siblings have different chairs, teams or workers, the first child's are taken. Refuses (`ChildrenApart`)
    children of several families.
    """
    if not children or len({(c.authority_id, c.family_id) for c in children}) != 1:
        raise ChildrenApart("Choose children of one family: a resolution is about one family's children.")
    day = london_date(at)
    on_it = Plan.objects.filter(Q(ends=None) | Q(ends__gte=day), child__in=[c.pk for c in children], starts__lte=day)
    plans = {p.child_id: p for p in on_it.select_related("chair", "social_worker", "team__agency").order_by("starts")}
    plan = next((plans[c.pk] for c in children if c.pk in plans), None)
    return RaiseContext(
        authority=children[0].authority,
        children=tuple(children),
        family=children[0].family,
        team=plan.team if plan else None,
        chair=plan.chair if plan else None,
        social_worker=plan.social_worker if plan else None,
        responsible_agency=responsible,
        raising_agency=plan.team.agency if plan and plan.team else None,
    )


def case_of(case: Case, protocol: Protocol, state: State | None, known: Known | None = None) -> CaseContext:
    """What the finders need. One query, where the protocol asks for a core group or a conference that is not known."""
    asked = " ".join(role.held_by for role in protocol.roles.values()).lower()
    if known is not None:
        gathered = {CORE_GROUP: known.core_group, PARTICIPANTS: known.participants}
    else:
        gathered = _gathered(case) if CORE_GROUP in asked or PARTICIPANTS in asked else {}
    agency = case.responsible_agency_id
    if state is not None and state.agency.isdigit():
        agency = int(state.agency)
    return CaseContext(
        authority=case.authority,
        team_unit_id=case.team_id,
        chair_id=case.chair_id,
        social_worker_id=case.social_worker_id,
        responsible_agency_id=agency,
        raising_agency_id=case.raising_agency_id,
        core_group=gathered[CORE_GROUP] if CORE_GROUP in asked else (),
        participants=gathered[PARTICIPANTS] if PARTICIPANTS in asked else (),
    )


def _gathered(case: Case) -> dict[str, tuple[int, ...]]:
    """Who is in the core group, and who took part in the latest conference that was held. One query."""
    members = CoreGroupMember.objects.filter(family=case.family_id, person__isnull=False, ends=None)
    held = Conference.objects.filter(family=case.family_id, held_on__isnull=False).order_by("-held_on")
    through = Conference.participants.through.objects.filter(conference=held.values("pk")[:1])
    rows = members.order_by().values_list(Value(CORE_GROUP), "pk", "person_id")
    rows = rows.union(through.values_list(Value(PARTICIPANTS), "pk", "person_id"), all=True)
    found: dict[str, dict[int, None]] = {CORE_GROUP: {}, PARTICIPANTS: {}}
    for part, _, person in sorted(rows):
        found[part][person] = None
    return {part: tuple(people) for part, people in found.items()}


def who_plays(
    case: Case,
    protocol: Protocol,
    state: State | None,
    at: datetime,
    *,
    stage: str = "",
    raised_by: int | None = None,
    known: Known | None = None,
) -> dict[str, Found]:
    """Who plays each role of the protocol in this resolution at that moment; a part handed over stays handed over.

    No query where what it hangs on is `known` in this transaction and the council's roster is kept.

    The parts of the stage where it stands are told apart: nobody answers what they raised, nobody approves their own
    answer. Of something not raised yet, say the `stage` it would start at, and who raises it.
    """
    barred = known.kept_out if known is not None else kept_out_of(case)
    parts = parts_of(protocol, stage, raised_by) if state is None else parts_now(protocol, state)
    found = resolve_roles(
        sentences(protocol),
        case_of(case, protocol, state, known),
        at,
        parts=replace(parts, barred=barred) if parts is not None else None,
        handed=_handed(state),
        version=known.roster if known is not None else None,
    )
    return {role: _without(one, barred) for role, one in found.items()} if barred else found


def kept_out_of(case: Case) -> Mapping[int, str]:
    """Who may play no part, as they are kept out of the record of a child it is about, each with the reason.

    The same for every reader. No query where it came with the row (`locking`); nobody before it is raised, unless
    the row was given them.
    """
    known: Mapping[int, str] | None = getattr(case, KEPT_OUT, None)
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
    if not barred.keys() & {person.pk for person in found.everyone}:
        return found
    others = tuple(person for person in found.everyone if person.pk not in barred)
    reasons = [f"{person.name} {barred[person.pk]}" for person in found.everyone if person.pk in barred]
    if others:
        return replace(found, person=others[0], on_behalf_of=None, everyone=others)
    return Found(post=found.post, how=f"{', '.join(reasons)}, and nobody else was found: {TELL}.")


def parts_now(protocol: Protocol, state: State) -> Parts | None:
    """The parts of the stage where it stands; None once it has ended."""
    if state.ended is not None:
        return None
    answer = state.here.answer
    answered = answer.by.person if answer is not None and not answer.sent_back else ""
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


def _handed(state: State | None) -> dict[str, int]:
    if state is None:
        return {}
    return {role: int(number) for role, number in state.handed.items() if number.isdigit()}


def chair_role(protocol: Protocol) -> str | None:
    """The role that the chair of the child's conference plays."""
    return next((name for name, role in protocol.roles.items() if role.held_by.lower().endswith(CHAIR)), None)


def standing_in(found: Mapping[str, Found], role: str, person: Person) -> Person | None:
    """For whom this person plays the role, where it is not their own."""
    here = found.get(role)
    return here.on_behalf_of if here is not None and here.person == person else None
