"""What a change of posts, cover or people means for what is open: who has it now, and that they are told.

Duties belong to posts. So nothing starts again: the date stays, the person changes, and the new one gets a notice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from undrift.children.models import Child
from undrift.engine.dates.moments import LONDON, london_date
from undrift.engine.ladder import acts
from undrift.engine.ladder.state import State as Ladder
from undrift.engine.musts import Must
from undrift.people.leaving import close_accounts
from undrift.people.models import Authority, Person
from undrift.people.vacancies import alarmed_people, note_vacancies
from undrift.record.allocations import do_those_of_today
from undrift.record.by_kind import is_urgent, stage_of
from undrift.record.children_given import give_those_of_leavers, moved
from undrift.record.keeping import Busy, Locked, lock, of_the_service, refresh
from undrift.record.models import Case, Duty, Kind, Notice
from undrift.record.outbox import POST_VACANT
from undrift.record.sight import as_service
from undrift.record.summary import stored_duties
from undrift.record.who_plays import chair_role, parts_now, who_plays
from undrift.record.writing import write_all

# Kinds of notice that no act brings about.
HANDED_ON = "handed_on"
CHAIR_CHANGED = "chair_changed"


@dataclass(frozen=True)
class HandedOn:
    """How many resolutions have another person now, and how many people were told."""

    resolutions: int = 0
    told: int = 0

    def __add__(self, more: HandedOn) -> HandedOn:
        return HandedOn(self.resolutions + more.resolutions, self.told + more.told)


@dataclass(frozen=True)
class Owed:
    """One thing that somebody has to do: the next step, or a duty."""

    person: int | None
    role: str
    must: str
    due: date | None


@as_service()
def hand_on_of(person: Person, at: datetime | None = None) -> HandedOn:
    """Hand on all that this person has open: their turns, their duties, what they chair."""
    owes = Duty.objects.filter(case=OuterRef("pk"), person=person, met_at=None, gone_at=None)
    theirs = Q(next_person=person) | Q(then_person=person) | Q(chair=person) | Q(Exists(owes))
    return _each(Case.objects.filter(theirs, ended_at=None), at, wait=True)


@as_service()
def hand_on_all(authority: Authority, at: datetime | None = None) -> HandedOn:
    """Look up again who has what is open in the authority, after a change of posts or cover."""
    return _each(Case.objects.filter(authority=authority, ended_at=None), at, wait=True)


@as_service()
def hand_on_about(child: Child, at: datetime | None = None) -> HandedOn:
    """Look up again who has what is open about a child, after somebody was kept out of the record or let in again."""
    return _each(Case.objects.filter(about__child=child, ended_at=None), at, wait=True)


def new_day(now: datetime) -> HandedOn:
    """Holdings and cover begin and end with the day: close accounts, note empty posts, hand on what has moved.

    A leaver's children go to whoever was agreed, others to whom somebody said from today on, and what is open goes with
    the children.

    Run as often as one likes, by as many as one likes: only what was looked up before today is looked up again.
    """
    close_accounts(now)
    give_those_of_leavers(now)
    do_those_of_today(now)
    followed = follow_the_children(now) + ask_who_does_it(now)
    midnight = datetime.combine(london_date(now), time(), tzinfo=LONDON)
    stale = Case.objects.filter(ended_at=None, people_at__lt=midnight)
    if not stale.exists():
        return followed
    for authority in Authority.objects.filter(pk__in=stale.values("authority")):
        note_vacancies(authority, now)
    return followed + _each(stale, now, wait=False)


@as_service()
def follow_the_children(at: datetime, *, children: Collection[int] | None = None) -> HandedOn:
    """What is open goes to whoever chairs for the child today, and to the child's team of today, who are told.

    Run as often as one likes. What is about `children` alone, where they are given.

    The child's social worker of today is the record's, and is asked for nothing by it.
    """
    done = HandedOn()
    for number, worker in moved("social_worker", at, children).items():
        Case.objects.filter(pk=number, ended_at=None).update(social_worker=worker)
    for number, team in moved("team", at, children).items():
        done += _if_free(number, at, team=team)
    for number, chair in moved("chair", at, children).items():
        done += _if_free(number, at, chair=chair)
    if children is not None:  # what is on file of them may be new, and counts for what is owed in their plan cycles
        cycles = Case.objects.filter(kind=Kind.PLAN, ended_at=None, about__child__in=children)
        done += _each(cycles.distinct(), at, wait=False)
    return done


def _if_free(number: int, at: datetime, *, chair: int | None = None, team: int | None = None) -> HandedOn:
    """What somebody works on at the moment is left for the next time."""
    try:
        with transaction.atomic():
            locked = lock(Case, number, wait=False)
            if team is not None:
                Case.objects.filter(pk=number).update(team=team)
                locked.case.team_id = team
            return _one(locked, at, chair)
    except Busy:
        return HandedOn()


@as_service()
def ask_who_does_it(at: datetime) -> HandedOn:
    """Put on the record that whoever was to do an action is no longer here: the chair is asked who does it now.

    Run as often as one likes: it is recorded once.
    """
    done = HandedOn()
    for number, actions in _owners_left(at).items():
        try:
            with transaction.atomic():
                locked = lock(Case, number, wait=False)
                change = of_the_service([acts.RecordOwnerLeft(action) for action in actions], locked, at)
                if change is not None:
                    write_all([change])
                    done += HandedOn(1, len({notice["to_person_id"] for notice in change.notices}))
        except Busy:
            continue
    return done


def _owners_left(at: datetime) -> dict[int, list[str]]:
    """What was agreed and is still to be done by somebody who is no longer here, by case. One query."""
    gone = Q(person__is_active=False) | Q(person__leaves_on__lt=london_date(at))
    owed = Duty.objects.filter(gone, must=Must.DO_THE_ACTION, met_at=None, gone_at=None, case__ended_at=None)
    found: dict[int, list[str]] = {}
    for number, action in owed.order_by("case", "pk").values_list("case", "action"):
        found.setdefault(number, []).append(action)
    return found


def _each(chosen: Any, at: datetime | None, *, wait: bool) -> HandedOn:
    done = HandedOn()
    for pk in chosen.order_by("pk").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                done += _one(lock(Case, pk, wait=wait), at)
        except Busy:
            continue
    return done


def _one(locked: Locked[Case], at: datetime | None, chair: int | None = None) -> HandedOn:
    """Look up again who has what; `chair` is whoever has the chair's part from now on, where that is somebody else."""
    case, moment = locked.case, at or locked.now
    before = _owed(case)
    if chair is not None:
        case.chair_id = chair
    refresh(locked, people_at=moment)
    after = _owed(case)
    moved = {key: owed for key, owed in after.items() if before.get(key, _NOBODY).person != owed.person}
    if after["turn"] in before.values():
        moved.pop("turn", None)  # it was theirs to do before something else was done with
    if chair is not None:
        moved.setdefault("chair", Owed(chair, chair_role(locked.rules.protocol) or "", "", None))
    if not moved:
        return HandedOn()
    notices = [*_to_those_who_have_it(locked, moved.values(), moment), *_alarms(locked, moment)]
    if chair is not None:
        told_already = {notice.to_person_id for notice in notices}
        answering = _who_answers_the_chair(locked, moment) - told_already
        notices += [_notice(locked, person, CHAIR_CHANGED, moment) for person in sorted(answering)]
    told = Notice.objects.bulk_create(notices, ignore_conflicts=True)
    return HandedOn(1, len({notice.to_person_id for notice in told}))


_NOBODY = Owed(None, "", "", None)


def _owed(case: Case) -> Mapping[str, Owed]:
    """Everything that waits for somebody, by what it is."""
    duties = {
        key: Owed(duty["person_id"], duty["who"], duty["must"], duty["due"])
        for key, duty in stored_duties(case).items()
        if duty["met_at"] is None and duty["gone_at"] is None
    }
    turn = Owed(case.next_person_id, case.next_role, case.next_must, case.due)
    return {"turn": turn, **duties}


def _to_those_who_have_it(locked: Locked[Case], owed: Iterable[Owed], at: datetime) -> list[Notice]:
    first: dict[int, Owed] = {}
    for one in owed:
        if one.person is not None:
            first.setdefault(one.person, one)
    return [_notice(locked, person, HANDED_ON, at, one) for person, one in first.items()]


def _who_answers_the_chair(locked: Locked[Case], at: datetime) -> set[int]:
    """Whoever is asked or approves at this stage, and whoever does what was agreed: the chair is another one now."""
    case, state = locked.case, locked.state
    found = who_plays(case, locked.rules.protocol, state, at, known=locked.known)
    if not isinstance(state, Ladder):  # whoever answers for something there owes it by name
        return set()
    asked = locked.rules.protocol.stage(state.here.stage).answer
    roles = [role for role in (asked.who, asked.approved_by) if role in found] if asked is not None else []
    doers = {int(a.person) for a in state.open_actions if a.person.isdigit()}
    return {person.pk for role in roles for person in found[role].everyone} | doers - set(locked.known.kept_out)


def _alarms(locked: Locked[Case], at: datetime) -> list[Notice]:
    """Safeguarding and Review is told where a part of this stage fell past its own post."""
    case, state = locked.case, locked.state
    parts = parts_now(locked.rules.protocol, state)
    if parts is None:
        return []
    found = who_plays(case, locked.rules.protocol, state, at, known=locked.known)
    mine = (*parts.judges, parts.answers, parts.approves)
    if not any(found[role].fell or found[role].vacant for role in mine if role in found):
        return []
    return [_notice(locked, person.pk, POST_VACANT, at) for person in alarmed_people(case.authority, at)]


def _notice(locked: Locked[Case], person: int, kind: str, at: datetime, owed: Owed = _NOBODY) -> Notice:
    case, state = locked.case, locked.state
    return Notice(
        authority_id=case.authority_id,
        case_id=case.pk,
        seq=case.last_seq,
        to_person_id=person,
        role=owed.role,
        kind=kind,
        ask=owed.must[:40],
        stage=stage_of(state),
        due=owed.due,
        urgent=is_urgent(state),
        created_at=at,
        next_attempt_at=at,
    )
