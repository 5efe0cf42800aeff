"""Break-glass: one child's record, opened to one person for an hour, to read; told at once and reviewed by another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from undrift.access.alerts import GLASS_OPENED, GLASS_UNREVIEWED, tell
from undrift.access.matrix import Action, Tie, matrix
from undrift.access.models import Exclusion, Finding, Look, Opening
from undrift.access.restricting import NotDone, in_charge
from undrift.access.scope import Scope, scope_of
from undrift.children.models import Child, Plan
from undrift.engine.dates.due import about_working_days_from
from undrift.engine.dates.moments import LONDON, london_date
from undrift.library.numbers import HANDED_UP_AFTER, OPEN_FOR, REASON_LETTERS, REVIEWED_WITHIN
from undrift.people import clock
from undrift.people.composed import NUMBER, Place, composed
from undrift.people.models import Authority, Person
from undrift.people.roster import Roster, load_roster
from undrift.people.vacancies import ALARMED
from undrift.record.adopted import rules_for
from undrift.record.off_plan import chairs_off_plan
from undrift.record.sight import as_service, council

A_MOMENT = timedelta(microseconds=1)
PURPOSES = {
    "immediate-risk": "A child may be at immediate risk",
    "out-of-hours": "Something has happened out of hours",
    "nobody-there": "Those whose work it is cannot be reached",
    "incident": "An incident or a complaint has to be looked into today",
}
INFORMATION_GOVERNANCE = "information-governance"
TRIED = "emergency opening"


@dataclass(frozen=True)
class Sought:
    """The child's number in the case system; or the whole name and the date of birth."""

    number: str = ""
    first_name: str = ""
    last_name: str = ""
    born: date | None = None

    @property
    def fits(self) -> Q | None:
        if self.number:
            return Q(external_id__iexact=self.number)
        if self.first_name and self.last_name and self.born:
            names = Q(first_name__iexact=self.first_name, last_name__iexact=self.last_name)
            return names & (Q(date_of_birth=self.born) | Q(expected_birth=self.born))
        return None


def open_found(
    sought: Sought, by: Person, purpose: str, reason: str, at: datetime | None = None, *, page: str = ""
) -> Opening | None:
    """Open the one child who fits. None where nobody fits, several do, or the record is not this person's to open.

    Which of these it was, nobody learns; that it was tried, is kept. Refuses (`NotDone`) what is wrong with whoever
    asks or with what they say, the same whether or not there is such a child.
    """
    now = at or clock.now()
    _may_open(by, purpose, reason, now)
    with as_service():
        found = list(_to_open(sought, by).select_related("authority")[:2])
    if len(found) != 1:
        Look.objects.create(
            authority_id=by.authority_id, person=by.pk, name=by.name, at=now, page=page, tried=TRIED, refused=True
        )
        return None
    return open_glass(found[0], by, purpose, reason, now)


def _to_open(sought: Sought, by: Person) -> QuerySet[Child]:
    fits = sought.fits
    if fits is None:
        return Child.objects.none()
    kept_out = Exclusion.objects.filter(child=OuterRef("pk"), person=by, lifted_at=None)
    return Child.objects.filter(fits, ~Exists(kept_out), authority=by.authority_id)


def open_glass(child: Child, by: Person, purpose: str, reason: str, at: datetime | None = None) -> Opening:
    """Open one record for an hour, and tell the child's chair, Safeguarding and Review, information governance."""
    now = at or clock.now()
    with transaction.atomic(), council(child.authority_id):
        Person.objects.select_for_update().get(pk=by.pk)  # one opening at a time
        _may_open(by, purpose, reason, now)
        if by.authority_id != child.authority_id or _kept_out(child, by):
            raise NotDone("You cannot open this record in an emergency. Ring Safeguarding and Review.")
        calendar = rules_for(child.authority).calendar
        opening = Opening.objects.create(
            authority_id=child.authority_id,
            child=child,
            person=by,
            purpose=purpose,
            reason=reason.strip(),
            opened_at=now,
            until=now + OPEN_FOR,
            review_due=about_working_days_from(london_date(now), REVIEWED_WITHIN, calendar),
        )
        tell(_concerned(child, by, now), child.authority, GLASS_OPENED, opening.pk, london_date(now), now)
    return opening


def running(person: Person, at: datetime) -> Opening | None:
    """What this person has open now."""
    return Opening.objects.filter(person=person, opened_at__lte=at, until__gt=at).select_related("child").first()


def close(person: Person, at: datetime | None = None) -> bool:
    """Close what this person has open, before its hour is over; whether there was anything. The review stays due."""
    now = at or clock.now()
    with transaction.atomic():
        found = running(person, now)
        if found is None:
            return False
        # It was open for a moment at least: an opening of no length is none.
        ends = max(now, found.opened_at + A_MOMENT)
        with council(found.authority_id):
            Opening.objects.filter(pk=found.pk).update(until=ends)
    return True


def _may_open(by: Person, purpose: str, reason: str, now: datetime) -> None:
    if Tie.WHOLE not in scope_of(by, now).ties(Action.GLASS):
        raise NotDone("Only the emergency duty team and Safeguarding and Review open a record in an emergency.")
    if purpose not in PURPOSES:
        raise NotDone("Select why you need to see this record now", "purpose")
    if len(" ".join(reason.split())) < REASON_LETTERS:
        raise NotDone(f"Say in {REASON_LETTERS} characters or more what has happened", "reason")
    if (open_now := running(by, now)) is not None:
        until = open_now.until.astimezone(LONDON)
        raise NotDone(f"You have a record open until {until:%H:%M}. Only one can be open at a time.")


def _kept_out(child: Child, person: Person) -> bool:
    return Exclusion.objects.filter(child=child, person=person, lifted_at=None).exists()


def _concerned(child: Child, by: Person, now: datetime) -> list[Person]:
    """Those who are told at once: not whoever opened it, and nobody who is kept out of the record."""
    plans = Plan.objects.filter(child=child, ends=None, chair__isnull=False).select_related("chair")
    chairs = [plan.chair for plan in plans if plan.chair is not None] or chairs_off_plan([child.pk], london_date(now))
    roster = load_roster(child.authority, [chair.pk for chair in chairs], now)
    kinds = {*ALARMED, *matrix().roles[INFORMATION_GOVERNANCE].posts}
    posts = (post for post in roster.posts if post.authority_id == child.authority_id and post.slug in kinds)
    standing = [*(roster.standing_for(chair) for chair in chairs), *(roster.in_post(post) for post in posts)]
    out = set(Exclusion.objects.filter(child=child, lifted_at=None).values_list("person", flat=True)) | {by.pk}
    return [one.person for one in standing if one is not None and one.person.pk not in out]


# Reviewing ------------------------------------------------------------------------------------------------------------


def review(opening: Opening, by: Person, finding: str, remark: str = "", at: datetime | None = None) -> Opening:
    """Say whether it was right to open the record. Never by whoever opened it, nor by somebody in their line."""
    now = at or clock.now()
    with transaction.atomic(), council(opening.authority_id):
        held = Opening.objects.select_for_update().get(pk=opening.pk)
        if (why_not := why_not_reviewed_by(by, held, now)) is not None:
            raise NotDone(why_not)
        if finding not in Finding.values:
            raise NotDone("Select what your review came to", "finding")
        if finding != Finding.JUSTIFIED and not remark.strip():
            raise NotDone("Say what was not right, or what there is to learn", "remark")
        held.reviewed_by, held.reviewed_at, held.finding, held.remark = by, now, finding, remark.strip()
        held.save(update_fields=["reviewed_by", "reviewed_at", "finding", "remark"])
    return held


def why_not_reviewed_by(person: Person, opening: Opening, at: datetime) -> str | None:
    """The sentence that refuses; None where this person may review it."""
    if opening.reviewed_at is not None:
        return f"{opening.reviewed_by} has reviewed this already." if opening.reviewed_by else "This is reviewed."
    if person.pk == opening.person_id:
        return "You opened this record, so somebody else reviews it."
    roster = load_roster(opening.authority, (), at)
    guards = in_charge(opening.authority, Action.GUARD, at, roster)
    if person not in guards:
        return "Safeguarding and Review, or information governance, reviews this. Ask one of them."
    with council(opening.authority_id):
        if _kept_out(opening.child, person):
            return "You cannot review this opening. Ask Safeguarding and Review."
    if _covers(person, opening.person, roster) or _manages(opening.person, person, roster):
        return f"{opening.person.name} is in your line, so somebody outside it reviews this."
    # Those above review only where nobody stands outside the line.
    outside = [one for one in guards if one != person and _outside(one, opening.person, roster)]
    if outside and _manages(person, opening.person, roster):
        names = ", ".join(one.name for one in outside)
        return f"You manage {opening.person.name}, so somebody outside your line reviews this: {names}."
    return None


def _outside(one: Person, opener: Person, roster: Roster) -> bool:
    return not (
        one == opener or _covers(one, opener, roster) or _manages(one, opener, roster) or _manages(opener, one, roster)
    )


def _covers(one: Person, other: Person, roster: Roster) -> bool:
    """Whether either answers for the other today."""
    away = {pk: {p.pk for p in people} for pk, people in roster.covers.items()}
    for (pk, _), people in roster.post_covers.items():
        away.setdefault(pk, set()).update(p.pk for p in people)
    return one.pk in away.get(other.pk, ()) or other.pk in away.get(one.pk, ())


def _manages(one: Person, other: Person, roster: Roster) -> bool:
    """Whether `one` holds a post above a post of the other's."""
    theirs = [post for post in roster.posts if _holds(other, post.pk, roster)]
    above = {up.pk for post in theirs for up in roster.upwards(post)}
    return any(_holds(one, pk, roster) for pk in above)


def _holds(person: Person, post: int, roster: Roster) -> bool:
    return any(holding.person_id == person.pk for holding in roster.holdings.get(post, ()))


def openings(authority: Authority | Place, *, seen_by: Person | Place) -> QuerySet[Opening]:
    """The council's emergency openings, the latest first; none of a record that this person is kept out of."""
    kept_out = Exclusion.objects.filter(child=OuterRef("child"), person=seen_by, lifted_at=None)
    return (
        Opening.objects.filter(~Exists(kept_out), authority=authority)
        .select_related("authority", "child", "person", "reviewed_by")
        .order_by("-opened_at", "-pk")
    )


def of_chaired_children(found: QuerySet[Opening], scope: Scope) -> QuerySet[Opening]:
    """Those of children whom this person, or somebody they cover for, chairs for."""
    plans = Plan.objects.filter(child=OuterRef("child"), ends=None, chair__in=scope.people)
    return found.filter(Exists(plans) | Q(child__in=scope.doors.chaired_children))


@dataclass(frozen=True)
class Month:
    """The emergency openings that began in one month."""

    first: date
    opened: int
    in_time: int
    late: int
    waiting: int
    wrong: int


def unreviewed_by_others(person: Person, authority: Authority) -> list[Opening]:
    """Of the council's, what somebody else opened and nobody has reviewed: the longest waiting first.

    Ask within `as_service`.
    """
    return _unreviewed(authority=authority.pk, person=person.pk)


@composed(authority=NUMBER, person=NUMBER)
def _unreviewed(authority: Any, person: Any) -> QuerySet[Opening]:
    waiting = openings(authority, seen_by=person).filter(reviewed_at=None)
    return waiting.filter(~Q(person=person)).order_by("opened_at", "pk")


def by_month(found: Iterable[Opening]) -> list[Month]:
    """The latest month first; a month without any opening is not among them."""
    months: dict[date, list[Opening]] = {}
    for one in found:
        months.setdefault(london_date(one.opened_at).replace(day=1), []).append(one)
    return [_month(first, months[first]) for first in sorted(months, reverse=True)]


def _month(first: date, found: Sequence[Opening]) -> Month:
    reviewed = [(one, london_date(one.reviewed_at)) for one in found if one.reviewed_at is not None]
    in_time = sum(day <= one.review_due for one, day in reviewed)
    wrong = sum(one.finding == Finding.NOT_JUSTIFIED for one, _ in reviewed)
    return Month(first, len(found), in_time, len(reviewed) - in_time, len(found) - len(reviewed), wrong)


def long_unreviewed(waiting: Iterable[Opening], authority: Authority, at: datetime) -> list[Opening]:
    """Those of them that nobody has reviewed for five working days."""
    calendar, today = rules_for(authority).calendar, london_date(at)
    return [
        one
        for one in waiting
        if one.reviewed_at is None
        and about_working_days_from(london_date(one.opened_at), HANDED_UP_AFTER, calendar) <= today
    ]


def hand_up_unreviewed(now: datetime) -> int:
    """Tell those who audit the council of each opening that nobody has reviewed for long; once each."""
    told = 0
    for authority in Authority.objects.filter(pk__in=Opening.objects.filter(reviewed_at=None).values("authority")):
        waiting = Opening.objects.filter(authority=authority, reviewed_at=None)
        late = long_unreviewed(waiting, authority, now)
        if late:
            people = in_charge(authority, Action.AUDIT, now)
            for one in late:
                others = [person for person in people if person.pk != one.person_id]
                told += tell(others, authority, GLASS_UNREVIEWED, one.pk, one.review_due, now)
    return told
