"""Somebody leaves: every post they hold goes to a successor or falls, knowingly, to whoever stands behind it.

Clocks are held by posts, so none of them starts again. What the leaver still owed is handed on by
`undrift.record.handing_on`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from undrift.engine.dates.moments import london_date, noon
from undrift.people import clock
from undrift.people.finders import answering_for
from undrift.people.found import Found
from undrift.people.models import Authority, Cover, Holding, Person, Post
from undrift.people.models.tenure import HoldingKind
from undrift.people.roster import load_roster
from undrift.people.sessions import end_sessions
from undrift.people.vacancies import note_vacancies

A_DAY = timedelta(days=1)


class CannotLeave(ValueError):
    """The hand-over is not complete. `post` is the one it is about, where it is about one."""

    def __init__(self, sentence: str, post: Post | None = None) -> None:
        self.post = post
        super().__init__(sentence)


@dataclass(frozen=True)
class PostHandedOver:
    """Where one post went: to a successor, or (`to` is None) to whoever `found` says."""

    post: Post
    to: Person | None
    found: Found


@dataclass(frozen=True)
class Left:
    """What leaving brought about. `uncovered` are those whom the leaver was covering for beyond the last day."""

    person: Person
    last_day: date
    posts: tuple[PostHandedOver, ...]
    uncovered: tuple[Person, ...]
    closed: bool
    sessions_ended: int


def posts_to_hand_over(person: Person, on: date) -> list[Post]:
    """The posts that the person would still hold, or act in, the day after `on`."""
    lasting = _after(Holding.objects.filter(person=person), on).exclude(kind=HoldingKind.DEPUTY)
    return list(
        Post.objects.filter(pk__in=lasting.values("post")).select_related("unit", "agency").order_by("title", "pk")
    )


def leave(
    person: Person,
    on: date,
    successors: Mapping[Post, Person | None],
    *,
    at: datetime | None = None,
    at_once: bool = False,
    by: Person | None = None,
    seconded_by: Person | None = None,
    why: str = "",
) -> Left:
    """End everything the person holds after their last day `on`, all of it or nothing.

    `successors` names for every post of `posts_to_hand_over` who takes it up the day after, or None to confirm that
    it falls to whoever stands behind it. Refuses (`CannotLeave`) a post that is not named, a successor who will not be
    there or would get nothing, and a post that would fall to nobody. The account is closed once the last day is over,
    or `at_once`. `by` says whose word it was, and `seconded_by` who confirmed it. Nobody follows for days that have
    passed.
    """
    moment = at or clock.now()
    today = london_date(moment)
    first = on + A_DAY if by is None else max(on + A_DAY, today)
    ended: Ending = {"ended_by": by, "ended_at": moment}
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        posts = posts_to_hand_over(person, on)
        _refuse_incomplete(person, on, posts, successors)
        person.leaves_on = on
        person.save(update_fields=["leaves_on"])
        _end(_after(Holding.objects.filter(person=person), on), on, today, ended)
        uncovered = _end_covers(person, on, today, ended)
        for post in posts:
            _succeed(post, successors[post], first, {"by": by, "seconded_by": seconded_by, "why": why})
        handed = tuple(_handed(post, successors[post], first) for post in posts)
        closed = at_once or on < today
        sessions = close_account(person, moment) if closed else 0
        for authority in _authorities(person):
            note_vacancies(authority, moment)
    return Left(person, on, handed, uncovered, closed, sessions)


def close_accounts(now: datetime) -> int:
    """Close the accounts of those whose last day is over; how many. One query when there are none."""
    today = london_date(now)
    gone = list(Person.objects.filter(is_active=True, leaves_on__lt=today))
    for person in gone:
        close_account(person, now)
    return len(gone)


def close_account(person: Person, at: datetime | None = None) -> int:
    """Nobody can sign in as the person, and their open sessions end now; how many sessions there were."""
    Person.objects.filter(pk=person.pk).update(is_active=False, closed_at=at or clock.now())
    person.is_active = False
    return end_sessions(person)


def _after(rows: QuerySet[Holding], on: date) -> QuerySet[Holding]:
    return rows.filter(Q(ends=None) | Q(ends__gt=on))


def _refuse_incomplete(person: Person, on: date, posts: list[Post], successors: Mapping[Post, Person | None]) -> None:
    for post, to in successors.items():
        if to is not None and post not in posts:
            raise CannotLeave(f"{to.name} cannot follow as {name_of(post)}: {person.name} gives it up earlier", post)
    for post in posts:
        if post not in successors:
            raise CannotLeave(f"Choose who takes over {name_of(post)}, or confirm to whom it falls", post)
        to = successors[post]
        if to is None:
            continue
        if to == person:
            raise CannotLeave(f"Choose somebody else for {name_of(post)}: {person.name} is leaving", post)
        if not to.serves_on(on + A_DAY):
            raise CannotLeave(f"Choose somebody else for {name_of(post)}: {to.name} will not be here", post)


def name_of(post: Post) -> str:
    """Team Manager, North."""
    where = post.unit.name if post.unit is not None else post.agency.name
    return f"{post.title}, {where}"


Ending = dict[str, Any]  # who ended it, and when


def _end(rows: QuerySet[Holding] | QuerySet[Cover], on: date, today: date, ended: Ending) -> None:
    """What has not begun by then never does. Its row stays, and is in place on no day."""
    never = rows.filter(starts__gt=on)
    never.update(ends=min(on, today - A_DAY), **ended)
    rows.filter(starts__lte=on).update(ends=on, **ended)


def _end_covers(person: Person, on: date, today: date, ended: Ending) -> tuple[Person, ...]:
    lasting = Cover.objects.filter(Q(ends=None) | Q(ends__gt=on)).filter(Q(away=person) | Q(covering=person))
    uncovered = tuple(
        dict.fromkeys(cover.away for cover in lasting.select_related("away") if cover.away_id != person.pk)
    )
    _end(lasting, on, today, ended)
    return uncovered


def _succeed(post: Post, to: Person | None, first: date, given: dict[str, Any]) -> None:
    if to is None:
        return
    if (starts := first_day_without(post, to, first)) is not None:
        Holding.objects.create(
            authority_id=post.authority_id, partnership_id=post.partnership_id, post=post, person=to, starts=starts,
            **given,
        )  # fmt: skip


def first_day_without(post: Post, person: Person, day: date, kind: str = HoldingKind.HOLDER) -> date | None:
    """The first day from `day` on which the person is not in the post so; None where that is until further notice."""
    held = Holding.objects.filter(post=post, person=person, kind=kind)
    while ends := list(_after(held, day - A_DAY).filter(starts__lte=day).values_list("ends", flat=True)):
        lasts = [one for one in ends if one is not None]
        if len(lasts) < len(ends):
            return None
        day = max(lasts) + A_DAY
    return day


def _handed(post: Post, to: Person | None, first: date) -> PostHandedOver:
    """Who answers for the post on the first day after. Of the council's own posts that may never be nobody.

    A shared agency's post falls to nobody outside the agency: where it is empty, the page says so and an alarm is kept.
    """
    found = _on(post, first)
    if found.vacant and post.authority_id is not None:
        raise CannotLeave(f"Nobody would answer for {name_of(post)}: choose who takes it over", post)
    return PostHandedOver(post, to, found)


def would_fall_to(post: Post, leaver: Person, on: date) -> Found:
    """Who would answer for the post the day after, without a successor."""
    return _on(post, on + A_DAY, leaver)


def _on(post: Post, day: date, leaver: Person | None = None) -> Found:
    # A shared agency's ladder ends in the agency; whose last resort stands behind it matters only when it is empty.
    authority = post.authority or Authority.objects.filter(partnership=post.partnership_id).earliest("pk")
    roster = load_roster(authority, (), noon(day))
    return answering_for(post, authority, roster.without(leaver) if leaver is not None else roster)


def _authorities(person: Person) -> list[Authority]:
    if person.authority is not None:
        return [person.authority]
    return list(Authority.objects.filter(partnership=person.partnership_id))
