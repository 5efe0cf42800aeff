"""Who may come near a child's record: restrict it, name people for it, keep people out. One transaction each.

Set by one person at once, lifted by two. Nobody names, keeps out or lets in themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from undrift.access.alerts import NAMED, tell
from undrift.access.by_number import restricted_children
from undrift.access.matrix import Action, Tie, matrix
from undrift.access.models import Exclusion, Listing, Restriction
from undrift.access.scope import Scope, roles_in, scope_of
from undrift.access.shut_out import telling_who_is_shut_out
from undrift.children.models import Child, Plan
from undrift.children.months import add_months
from undrift.children.other_records import other_records
from undrift.engine.dates.moments import in_words, london_date
from undrift.library.numbers import LONGEST_NAMED
from undrift.people import clock
from undrift.people.composed import DAY, NUMBER, composed
from undrift.people.models import Authority, Person
from undrift.people.roster import Roster, load_roster
from undrift.people.seats import seat_of
from undrift.people.standing_in import is_second_to, stands_in_for
from undrift.record.handing_on import HandedOn, hand_on_about
from undrift.record.models import CaseChild, Notice
from undrift.record.off_plan import chairs_off_plan
from undrift.record.sight import council

LONGEST_WHY = 200  # characters, as the columns have them
CAME_SO = "came so from the case system, or by a death"
NOT_SAID = f"Not restricted here: it {CAME_SO}"
MAY_NOT = "You cannot change who may see this record. Ask the child’s chair, or Safeguarding and Review."
CHAIRS, WORKS = "chairs the child’s conference", "is the child’s social worker"
BY_WORK = ("chair", "social_worker")  # of a plan, to whom a restricted record is open though nobody named them


class NotDone(ValueError):
    """The act may not be done. `sentence` says why, and what to do; `field` is the question it is about."""

    def __init__(self, sentence: str, field: str = "") -> None:
        self.sentence, self.field = sentence, field
        super().__init__(sentence)


def may(person: Person, action: Action, child: Child, at: datetime | None = None) -> bool:
    """Whether this person does this for this child: for the whole council by their post, or as the child's chair.

    It is the post that answers for who may see a restricted record, though it does not open the record itself. Whoever
    is kept out of the record has no say in it.
    """
    scope = scope_of(person, at)
    if scope.authority != child.authority_id or _kept_out(child, person):
        return False
    ties = scope.ties(action)
    return Tie.WHOLE in ties or (Tie.CHAIR in ties and _chairs(scope, child))


def in_charge(authority: Authority, action: Action, at: datetime, roster: Roster | None = None) -> tuple[Person, ...]:
    """Who does this for the whole council today, or stands in for who does. Three queries, or none with a roster."""
    kinds = {post for role in matrix().roles.values() if Tie.WHOLE in role.cells.get(action, ()) for post in role.posts}
    roster = roster or load_roster(authority, (), at)
    posts = (post for post in roster.posts if post.authority_id == authority.pk and post.slug in kinds)
    return tuple(dict.fromkeys(standing.person for post in posts if (standing := roster.in_post(post)) is not None))


# Restricting ----------------------------------------------------------------------------------------------------------


def restrict(child: Child, by: Person, reason: str, at: datetime | None = None) -> Restriction:
    """From now on only those named may see the child, by whatever record.

    The chair and the social worker are named with it. Whoever had a part in an open concern and is shut out hears so.
    """
    now = at or clock.now()
    reason = _said(reason, "Say why only those named may see this record", "reason")
    with _guarding(child, by, now):
        if child.restricted:
            raise NotDone("This record is restricted already. The list says who may see it.")
        records = [child, *other_records(child)]
        with telling_who_is_shut_out(records, by, now):
            made = Restriction.objects.create(
                authority_id=child.authority_id, child=child, reason=reason, set_by=by, set_at=now
            )
            Child.objects.filter(pk__in=[one.pk for one in records]).update(restricted=True)
            child.restricted = True
            for person, why in _those_whose_work_it_is(child, by, now):
                _listed(child, person, why, add_months(london_date(now), LONGEST_NAMED), by, now)
    return made


def ask_to_lift(child: Child, by: Person, at: datetime | None = None) -> Restriction:
    """Ask that the record be as usual again. Nothing changes until a second person agrees."""
    now = at or clock.now()
    with _guarding(child, by, now):
        found = _restriction(child) or _unwritten(child, by, now)
        if found.lift_asked_by is not None:
            raise NotDone(f"{found.lift_asked_by.name} has asked for this already. Now a second person lifts it.")
        found.lift_asked_by, found.lift_asked_at = by, now
        found.save(update_fields=["lift_asked_by", "lift_asked_at"])
    return found


def lift(child: Child, by: Person, at: datetime | None = None) -> Restriction:
    """The second person agrees: the record is seen again by all whose work it is."""
    now = at or clock.now()
    with _guarding(child, by, now):
        found = _restriction(child)
        if found is None or found.lift_asked_by is None:
            raise NotDone("Nobody has asked for this restriction to be lifted. Ask first; a second person lifts it.")
        if found.lift_asked_by == by:
            raise NotDone("You asked for this restriction to be lifted. A second person has to lift it.")
        if not is_second_to(by, found.lift_asked_by, london_date(now)):
            raise NotDone(f"You stand in for {found.lift_asked_by.name}, who asked. A second person has to lift it.")
        found.lifted_by, found.lifted_at = by, now
        found.save(update_fields=["lifted_by", "lifted_at"])
        Child.objects.filter(pk=child.pk).update(restricted=False)
        child.restricted = False
    return found


def restriction_of(child: Child) -> Restriction | None:
    """The restriction in force; None also where the case system brought it and nobody has said why."""
    return _restriction(child)


def _restriction(child: Child) -> Restriction | None:
    return child.restrictions.filter(lifted_at=None).select_related("set_by", "lift_asked_by").first()


def _unwritten(child: Child, by: Person, now: datetime) -> Restriction:
    """A record that came restricted gets a row when somebody first wants to change that."""
    if not child.restricted:
        raise NotDone("This record is not restricted.")
    return Restriction.objects.create(
        authority_id=child.authority_id, child=child, reason=NOT_SAID, set_by=by, set_at=now
    )


def _those_whose_work_it_is(child: Child, by: Person, now: datetime) -> Iterator[tuple[Person, str]]:
    """They are there by their plan anyway; being named outlasts a change of chair or worker by a while."""
    for plan in Plan.objects.filter(child=child, ends=None).select_related("chair", "social_worker"):
        for person, why in ((plan.chair, CHAIRS), (plan.social_worker, WORKS)):
            if person is None or person == by or _listing(child, person, now) or _kept_out(child, person):
                continue
            yield person, why
    for person in chairs_off_plan([child.pk], london_date(now)):
        if person != by and not _listing(child, person, now) and not _kept_out(child, person):
            yield person, CHAIRS


# The list -------------------------------------------------------------------------------------------------------------


def name(child: Child, person: Person, why: str, until: date | None, by: Person, at: datetime | None = None) -> Listing:
    """Put somebody on the child's list, up to and with the day `until`."""
    now = at or clock.now()
    today = london_date(now)
    last = add_months(today, LONGEST_NAMED)
    why = _said(why, f"Say why {person.name} needs to see this record", "why")
    with _guarding(child, by, now):
        if person == by:
            raise NotDone("You cannot name yourself. Ask somebody else who guards this record.", "person")
        if stands_in_for(by, person, today):
            raise NotDone(f"You stand in for {person.name}, so naming them lets you in. Ask somebody else.", "person")
        if person.authority_id != child.authority_id:
            raise NotDone(f"{person.name} does not work for this council, and the list is for those who do.", "person")
        if _kept_out(child, person):
            raise NotDone(f"{person.name} is kept out of this record. Somebody has to let them in first.", "person")
        if not (person.is_active and person.serves_on(today) and _naming_opens(person, today)):
            raise NotDone(
                f"{person.name} has no post that opens a child’s record, so naming them does nothing.", "person"
            )
        if until is None or not today <= until <= last:
            raise NotDone(f"The last day must be from today to {in_words(last)}. Name them again after that.", "until")
        if _listing(child, person, now):
            raise NotDone(f"{person.name} is on the list already.", "person")
        made = _listed(child, person, why, until, by, now)
        guards = [one for one in in_charge(child.authority, Action.GUARD, now) if not _kept_out(child, one)]
        tell([one for one in (person, *guards) if one != by], child.authority, NAMED, made.pk, today, now)
        return made


def unname(listing: Listing, by: Person, at: datetime | None = None) -> None:
    """Take somebody off the list at once."""
    now = at or clock.now()
    today = london_date(now)
    with _guarding(listing.child, by, now):
        if listing.ends is not None and listing.ends < today:
            raise NotDone(f"{listing.person.name} is not on the list any more.")
        # Both ends count: a name of today ends before it began, and is on the list on no day.
        Listing.objects.filter(pk=listing.pk).update(ends=today - timedelta(days=1), ended_by=by, ended_at=now)


def names_of(child: Child, at: datetime) -> QuerySet[Listing]:
    """Who is on the list today, by name."""
    return _live(child, at).select_related("person", "by").order_by("person__name", "pk")


def _live(child: Child, at: datetime) -> QuerySet[Listing]:
    return Listing.objects.filter(_days(london_date(at)), child=child)


def opens_to(child: Child, at: datetime) -> int:
    """How many of those on the list today are still here."""
    return _live(child, at).filter(_here(london_date(at))).count()


def opens_by_work(child: Child, at: datetime) -> bool:
    """Whether the record is open, without anybody being named, to the chair of the child's plan or to its worker."""
    return Child.objects.filter(_worked_with(london_date(at)), pk=child.pk).exists()


def _worked_with(day: Any) -> Q:
    """A plan that runs has a chair or a worker who is here and not kept out."""
    out = Exclusion.objects.filter(child=OuterRef("child"), lifted_at=None)
    running = Plan.objects.filter(child=OuterRef("pk"), ends=None)
    of = (running.filter(_here(day, part), ~Exists(out.filter(person=OuterRef(part)))) for part in BY_WORK)
    return reduce(or_, (Q(Exists(plans)) for plans in of))


def _here(day: Any, who: str = "person") -> Q:
    leaves = f"{who}__leaves_on"
    return Q(**{f"{who}__is_active": True}) & (Q(**{leaves: None}) | Q(**{f"{leaves}__gte": day}))


def _days(day: Any) -> Q:
    return (Q(ends=None) | Q(ends__gte=day)) & Q(starts__lte=day)


def _listing(child: Child, person: Person, at: datetime) -> bool:
    return _live(child, at).filter(person=person).exists()


def _listed(child: Child, person: Person, why: str, until: date, by: Person, at: datetime) -> Listing:
    return Listing.objects.create(
        authority_id=child.authority_id, child=child, person=person, why=why, starts=london_date(at), ends=until, by=by
    )


def _naming_opens(person: Person, day: date) -> bool:
    roles = roles_in(seat_of(person, day))
    return any(Tie.NAMED in matrix().ties(roles, action) for action in (Action.LIST, Action.CHILD, Action.READ))


@dataclass(frozen=True)
class Looked:
    """How many restricted records a second person is asked to lift, and how many nobody can open.

    They are open to those named, and to the chair and the worker of the child's plan.
    """

    to_lift: int
    shut_to_all: int


def to_look_at(person: Person, authority: Authority, stands_in: Iterable[int], at: datetime) -> Looked:
    """Of those that this person guards. `stands_in` are the numbers of those whom they cover for. One query.

    Ask within `as_service`.
    """
    found = _asked_or_shut(authority=authority.pk, person=person.pk, day=london_date(at))
    mine = {None, person.pk, *stands_in}
    return Looked(sum(asker not in mine for asker, _ in found), sum(not opens for _, opens in found))


@composed(authority=NUMBER, person=NUMBER, day=DAY)
def _asked_or_shut(authority: Any, person: Any, day: Any) -> QuerySet[Child, tuple[int | None, bool]]:
    """Of each restricted child, who asked to lift it, and whether anybody can open the record."""
    asked = Restriction.objects.filter(child=OuterRef("pk"), lifted_at=None).values("lift_asked_by")
    named = Listing.objects.filter(_here(day), _days(day), child=OuterRef("pk"))
    opens = ExpressionWrapper(Q(Exists(named)) | _worked_with(day), output_field=BooleanField())
    children = restricted_children(authority, person).annotate(asker=Subquery(asked[:1]), opens=opens)
    return children.order_by().values_list("asker", "opens")


# Kept out -------------------------------------------------------------------------------------------------------------


def exclude(child: Child, person: Person, why: str, by: Person, at: datetime | None = None) -> HandedOn:
    """Keep somebody out of the record, and out of others of the same child, whatever their post.

    What they had to do about the child, others now have. `why` is the end of a sentence: "is a relative of the family".
    """
    now = at or clock.now()
    why = _said(why, f"Say why {person.name} is kept out", "why").rstrip(".")
    with _guarding(child, by, now):
        if person == by:
            raise NotDone("You cannot keep yourself out. Tell somebody else who guards this record.", "person")
        if not _works_here(person, child):
            raise NotDone(f"{person.name} does not work for this council or with it.", "person")
        if _kept_out(child, person):
            raise NotDone(f"{person.name} is kept out already.", "person")
        return sum(
            (
                _exclude(one, person, why, by, now)
                for one in (child, *other_records(child))
                if not _kept_out(one, person)
            ),
            HandedOn(),
        )


def _exclude(child: Child, person: Person, why: str, by: Person, now: datetime) -> HandedOn:
    Exclusion.objects.create(authority_id=child.authority_id, child=child, person=person, why=why, by=by, since=now)
    # What was to be told and is not sent yet, is not told.
    owed = Notice.objects.filter(to_person=person, case__about__child=child, sent_at=None, dropped_at=None)
    owed.update(dropped_at=now)
    return hand_on_about(child, now)


def lift_exclusion(exclusion: Exclusion, by: Person, at: datetime | None = None) -> HandedOn:
    """Let somebody in again, and give back the parts that their posts give them."""
    now = at or clock.now()
    with _guarding(exclusion.child, by, now):
        if exclusion.lifted_at is not None:
            raise NotDone(f"{exclusion.person.name} is not kept out any more.")
        exclusion.lifted_by, exclusion.lifted_at = by, now
        exclusion.save(update_fields=["lifted_by", "lifted_at"])
        return hand_on_about(exclusion.child, now)


def exclusions_of(child: Child) -> QuerySet[Exclusion]:
    """Who is kept out now, by name."""
    return child.exclusions.filter(lifted_at=None).select_related("person", "by").order_by("person__name", "pk")


def kept_out_then(moments: Mapping[int, datetime]) -> dict[int, dict[int, str]]:
    """For cases by number, each at its moment: who was kept out of it then, and why. One query."""
    found: dict[int, dict[int, str]] = {case: {} for case in moments}
    rows = Exclusion.objects.filter(child__in=CaseChild.objects.filter(case__in=moments).values("child"))
    of = CaseChild.objects.filter(case__in=moments, child__in=rows.values("child")).values_list("child", "case")
    cases: dict[int, list[int]] = {}
    for child, case in of:
        cases.setdefault(child, []).append(case)
    for one in rows.order_by("since"):
        for case in cases.get(one.child_id, ()):
            if one.since <= moments[case] and (one.lifted_at is None or one.lifted_at > moments[case]):
                found[case].setdefault(one.person_id, one.why)
    return found


def _works_here(person: Person, child: Child) -> bool:
    shared = child.authority.partnership_id
    return person.authority_id == child.authority_id or (shared is not None and person.partnership_id == shared)


# Workings -------------------------------------------------------------------------------------------------------------


@contextmanager
def _guarding(child: Child, by: Person, now: datetime) -> Iterator[None]:
    """One at a time for one child, and only by somebody who guards it."""
    with transaction.atomic(), council(child.authority_id):
        child.restricted = Child.objects.select_for_update().values_list("restricted", flat=True).get(pk=child.pk)
        if not may(by, Action.GUARD, child, now):
            raise NotDone(MAY_NOT)
        yield


def _kept_out(child: Child, person: Person) -> bool:
    with council(child.authority_id):
        return Exclusion.objects.filter(child=child, person=person, lifted_at=None).exists()


def _chairs(scope: Scope, child: Child) -> bool:
    if child.pk in scope.doors.chaired_children:
        return True
    with council(child.authority_id):
        return Plan.objects.filter(child=child, ends=None, chair__in=scope.people).exists()


def _said(text: str, asked: str, field: str) -> str:
    plain = " ".join(text.split()) if field == "why" else text.strip()
    if not plain:
        raise NotDone(asked, field)
    if field == "why" and len(plain) > LONGEST_WHY:
        raise NotDone(f"The reason must be {LONGEST_WHY} characters or fewer", field)
    return plain
