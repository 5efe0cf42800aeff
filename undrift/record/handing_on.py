"""What a change of posts, cover or people means for what is open: who has it now, and that they are told.

Duties belong to posts. So nothing starts again: the date stays, the person changes, and the new one gets a notice. What
goes over with a child stands in the history (docs/why/decisions/0034-what-goes-over-with-a-child-is-an-event.md).
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
from undrift.engine.ladder.audience import CHECK, everyone_here
from undrift.engine.ladder.state import State as Ladder
from undrift.engine.musts import Must
from undrift.people.leaving import close_accounts
from undrift.people.models import Authority, Person, Unit
from undrift.people.vacancies import alarmed_people, note_vacancies
from undrift.record.allocations import do_those_of_today
from undrift.record.by_kind import is_urgent, stage_of
from undrift.record.children_given import Part, beside, give_those_of_leavers, moved
from undrift.record.keeping import Busy, Locked, lock, of_the_service, refresh
from undrift.record.models import NO_LONGER, Case, Duty, Kind, Notice
from undrift.record.outbox import POST_VACANT
from undrift.record.sight import as_service
from undrift.record.summary import stored_duties
from undrift.record.whence import who_gave
from undrift.record.who_plays import chair_role, parts_now, who_plays
from undrift.record.writing import write_all

# Kinds of notice that no act brings about.
HANDED_ON = "handed_on"
CHAIR_CHANGED = "chair_changed"
ALSO_TOLD = "also_told"
A_PART_IS_LEFT = "a part is left"  # to whoever keeps a part for another child
# What a part that goes over with a child is called in the history.
CALLED: Mapping[Part, str] = {"chair": "chair", "social_worker": "social worker", "team": "team"}
NOTHING: Mapping[Part, int] = {}


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
    split = give_those_of_leavers(now)
    do_those_of_today(now)
    followed = follow_the_children(now, also=split.cases) + ask_who_does_it(now)
    midnight = datetime.combine(london_date(now), time(), tzinfo=LONDON)
    stale = Case.objects.filter(ended_at=None, people_at__lt=midnight)
    if not stale.exists():
        return followed
    for authority in Authority.objects.filter(pk__in=stale.values("authority")):
        note_vacancies(authority, now)
    return followed + _each(stale, now, wait=False)


@as_service()
def follow_the_children(
    at: datetime, *, children: Collection[int] | None = None, also: Mapping[int, Mapping[Part, int]] | None = None
) -> HandedOn:
    """What is open goes to whoever chairs for the child today, works with it, and to its team of today, who are told.

    Run as often as one likes. What is about `children` alone, where they are given. `also` goes over besides: by
    number, who has which part. Of one child of several, whoever has the concern keeps it; those of that child are told.

    The child's social worker of today is the record's, and is asked for nothing by it.
    """
    over: dict[int, dict[Part, int]] = {number: dict(parts) for number, parts in (also or {}).items()}
    for part in CALLED:
        for number, to in moved(part, at, children).items():
            over.setdefault(number, {})[part] = to
    done = HandedOn()
    for number, parts in sorted(over.items()):
        done += _if_free(number, at, parts, wait=number in (also or {}))
    for number in beside(children):
        done += _if_free(number, at) if number not in over else HandedOn()
    if children is not None:  # what is on file of them may be new, and counts for what is owed in their plan cycles
        cycles = Case.objects.filter(kind=Kind.PLAN, ended_at=None, about__child__in=children)
        done += _each(cycles.distinct(), at, wait=False)
    return done


def _if_free(number: int, at: datetime, parts: Mapping[Part, int] = NOTHING, *, wait: bool = False) -> HandedOn:
    """What somebody works on at the moment is left for the next time, or waited for."""
    try:
        with transaction.atomic():
            return _one(lock(Case, number, wait=wait), at, parts)
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


def _one(locked: Locked[Case], at: datetime | None, parts: Mapping[Part, int] = NOTHING) -> HandedOn:
    """Look up again who has what; `parts` are the parts that are somebody else's from now on, and whose."""
    case, moment = locked.case, at or locked.now
    before, had_the_chair = _owed(case), case.chair_id
    parts = {part: to for part, to in parts.items() if getattr(case, f"{part}_id") != to}
    _look_up_again(locked, parts, moment)
    after, chair = _owed(case), parts.get("chair")
    moved = {key: owed for key, owed in after.items() if before.get(key, _NOBODY).person != owed.person}
    if after["turn"] in before.values():
        moved.pop("turn", None)  # it was theirs to do before something else was done with
    if chair is not None:
        moved.setdefault("chair", Owed(chair, chair_role(locked.rules.protocol) or "", "", None))
    notices = _to_those_who_have_it(locked, moved.values(), moment) if moved else []
    notices += _alarms(locked, moment) if moved else []
    told_already = {notice.to_person_id for notice in notices}
    if chair is not None:
        answering = _who_answers_the_chair(locked, moment) - told_already
        notices += [_notice(locked, person, CHAIR_CHANGED, moment) for person in sorted(answering)]
    gone = set[int]()
    if parts:
        had = {had_the_chair} if chair is not None else set()
        had |= {before[key].person for key in moved if key in before}
        gone = _still_here(had, moment) - {owed.person for owed in after.values()} - set(locked.known.kept_out)
        gone -= told_already
    told_already |= {notice.to_person_id for notice in notices}
    untold = _beside_it(locked, parts, moment, gone) - told_already
    check = CHECK if is_urgent(locked.state) else ""
    for person in sorted(untold):  # whoever keeps a part for another child is not told that nothing is left
        beside = Owed(None, "", check or (A_PART_IS_LEFT if person in gone else ""), None)
        notices.append(_notice(locked, person, ALSO_TOLD, moment, beside))
    notices += [_notice(locked, person, NO_LONGER, moment) for person in sorted(gone - untold)]
    if locked.state.nobody_lives:
        notices = []
    told = Notice.objects.bulk_create(notices, ignore_conflicts=True)
    return HandedOn(1 if moved or parts else 0, len({notice.to_person_id for notice in told}))


def _look_up_again(locked: Locked[Case], parts: Mapping[Part, int], at: datetime) -> None:
    """Who has what, with what goes over to somebody else, which the history of a concern says."""
    case, said = locked.case, _went_over(locked, parts) if isinstance(locked.state, Ladder) else []
    if columns := {f"{part}_id": to for part, to in parts.items()}:
        Case.objects.filter(pk=case.pk).update(**columns)
        vars(case).update(columns)
    change = of_the_service(said, locked, max(at, locked.state.last_at or at)) if said else None
    if change is None:
        refresh(locked, people_at=at)
    else:
        write_all([change])


def _went_over(locked: Locked[Case], parts: Mapping[Part, int]) -> list[acts.RecordWentOver]:
    said = []
    for part, to in parts.items():
        kind: type[Person] | type[Unit] = Unit if part == "team" else Person
        had = getattr(locked.case, f"{part}_id")
        names = dict(kind._default_manager.filter(pk__in=[to, had]).values_list("pk", "name"))
        before = names.get(had, "")
        why = who_gave(part, to, [int(child) for child in locked.state.children], before)
        said.append(acts.RecordWentOver(CALLED[part], names[to], before, why))
    return said


def _still_here(people: Iterable[int | None], at: datetime) -> set[int]:
    """Those of them who have an account and work here on that day."""
    numbers = [person for person in people if person is not None]
    here = Person.objects.filter(Q(leaves_on=None) | Q(leaves_on__gte=london_date(at)), is_active=True, pk__in=numbers)
    return set(here.values_list("pk", flat=True))


def _beside_it(locked: Locked[Case], parts: Mapping[Part, int], at: datetime, gone: set[int]) -> set[int]:
    """Who is to be told, and was not: whoever plays a part for another child alone; and a child's new worker, whose
    part asks for nothing. Those of them who lose another part (`gone`) are told anew.

    By being told they may read it, as those told at the start.
    """
    case, state = locked.case, locked.state
    if not isinstance(state, Ladder) or state.ended is not None:
        return set()
    if len(state.children) < 2 and "social_worker" not in parts:
        return set()
    found = who_plays(case, locked.rules.protocol, state, at, known=locked.known)
    shared = {event.payload["role"] for event in locked.events if event.type == "shared"}
    here = {told.role for told in everyone_here(locked.rules, state, locked.events[-1])} | shared
    people = {person.pk for role in here & found.keys() for person in found[role].also}
    worker = parts.get("social_worker")
    people |= {person.pk for role in here & found.keys() for person in found[role].everyone if person.pk == worker}
    if not people:
        return set()
    told = Notice.objects.filter(case=case.pk, to_person__in=people).exclude(kind=NO_LONGER)
    return people - (set(told.values_list("to_person", flat=True)) - gone)


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
