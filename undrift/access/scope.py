"""What one person reaches on one day: worked out once a request, and applied by both locks."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import connection

from undrift.access.matrix import ACTS, Action, Tie, Ties, matrix
from undrift.engine.dates.moments import london_date
from undrift.library.numbers import FOLLOWED_FOR
from undrift.people import clock
from undrift.people.composed import NUMBER, SEVERAL, Place, placed
from undrift.people.models import Person
from undrift.people.seats import Seat, posts_of, seat_of

KEPT_AS = "doors"  # on the person whose request it is, beside their seat
# There too, where the request only reads: what is in reach stays the same for as long as it lives.
GATHERED = "gathered"
PARTNERS_OWN = frozenset({"", "childrens-social-care"})


@dataclass(frozen=True)
class Doors:
    """Doors that stand apart from posts. Numbers of children and resolutions.

    `closed` to this person: restricted without naming them, or they are excluded. `named` on a child's list, and
    `opened` by breaking the glass, each with the resolutions about the child. `chaired` and `invited` are the children
    whom a conference, a plan that has ended or an open concern ties to this person, and no plan that runs.
    """

    councils: frozenset[int] = frozenset()
    closed_children: frozenset[int] = frozenset()
    closed: frozenset[int] = frozenset()
    named_children: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()
    opened_children: frozenset[int] = frozenset()
    opened: frozenset[int] = frozenset()
    chaired_children: frozenset[int] = frozenset()
    invited_children: frozenset[int] = frozenset()

    def children(self, ties: Ties) -> list[frozenset[int]]:
        """The children whom these ties open, by tie, beside those whom a plan that runs opens by them."""
        by = {
            Tie.NAMED: self.named_children,
            Tie.GLASS: self.opened_children,
            Tie.CHAIR: self.chaired_children,
            Tie.INVITED: self.invited_children,
        }
        return [found for tie, found in by.items() if found and tie in ties]


@dataclass(frozen=True)
class Scope:
    """What a person's posts and cover reach today. `people` are the person and those covered for.

    `gathered` keeps what was found to be in reach, where nothing is written meanwhile; None where something may be.
    """

    me: int
    people: frozenset[int]
    authority: int | None
    partnership: int | None
    roles: frozenset[str]
    units: frozenset[int]
    doors: Doors
    gathered: dict[Action, list[int] | None] | None = field(default=None, compare=False, repr=False)

    @property
    def whole(self) -> bool:
        """Whether every resolution of the council is theirs to see listed."""
        return Tie.WHOLE in self.ties(Action.LIST)

    def ties(self, action: Action) -> Ties:
        """The ties that open this action to the person."""
        return matrix().ties(self.roles, action)

    def opening(self, action: Action, to_read: Action) -> Ties:
        """The ties by which an address of this action opens a record that is read by `to_read`.

        For an act that the engine decides on, whatever the person reads it by; but what is open for an hour is open
        to be read, and no more.
        """
        if action not in ACTS:
            return self.ties(action)
        return self.ties(to_read) - {Tie.GLASS} if self.has(action) else frozenset()

    def placed(self) -> tuple[Hashable, Any, Mapping[str, Any]]:
        """For a query that is composed once: what decides its form; the same scope with places; their values."""
        return self._placed

    @cached_property
    def _placed(self) -> tuple[Hashable, Scope, Mapping[str, Any]]:
        sets: dict[str, frozenset[int]] = {each.name: getattr(self.doors, each.name) for each in fields(Doors)}
        doors = Doors(**{name: placed(f"scope_{name}", these) for name, these in sets.items()})
        one = {name: getattr(self, name) for name in ("me", "authority", "partnership")}
        own: Any = {name: Place(f"scope_{name}", NUMBER()) for name, number in one.items() if number is not None}
        people, units = placed("scope_people", self.people), placed("scope_units", self.units)
        sizes = tuple(min(len(these), SEVERAL) for these in (*sets.values(), self.people, self.units))
        values = {**sets, **one, "people": self.people, "units": self.units}
        return (
            (self.roles, tuple(own), sizes),
            replace(self, people=people, units=units, doors=doors, **own),
            {f"scope_{name}": value for name, value in values.items()},
        )

    def has(self, action: Action) -> bool:
        """Whether any tie at all would open it: whether the person's work knows this action."""
        return bool(self.ties(action))


def scope_of(person: Person, now: datetime | None = None) -> Scope:
    """No query for the person whose request this is; two for anybody else."""
    moment = now or clock.now()
    seat = seat_of(person, london_date(moment))
    doors: Doors | None = getattr(person, KEPT_AS, None) if getattr(person, "seat", None) is seat else None
    if doors is None:
        return scope_in(person, seat, doors_of(person, seat, moment))
    return replace(scope_in(person, seat, doors), gathered=getattr(person, GATHERED, None))


def scope_anew(person: Person, now: datetime) -> Scope:
    """The same after what they did just now, which may have ended a right of theirs. At least one query."""
    seat = seat_of(person, london_date(now))
    return scope_in(person, seat, doors_of(person, seat, now))


def scope_in(person: Person, seat: Seat, doors: Doors) -> Scope:
    """The scope of somebody whose seat and doors are known."""
    roles = roles_in(seat)
    ties = matrix().ties(roles, Action.LIST)
    return Scope(
        me=person.pk,
        people=seat.people,
        authority=person.authority_id,
        partnership=person.partnership_id if person.authority_id is None else None,
        roles=roles,
        # Whoever sees the whole council is not asked for units: every team is theirs.
        units=seat.units if Tie.UNIT in ties and Tie.WHOLE not in ties else frozenset(),
        doors=doors,
    )


def roles_in(seat: Seat) -> frozenset[str]:
    """The roles that come with the posts held, and with those covered for."""
    return _roles((slug for slug, _ in seat.held), seat.works_in)


def roles_of_people(people: list[int], day: date) -> dict[int, frozenset[str]]:
    """The roles of several people, by number; whoever has no post is not among them. One query."""
    return {number: _roles(slugs, works_in) for number, (slugs, works_in) in posts_of(people, day).items()}


def _roles(slugs: Iterable[str], works_in: str) -> frozenset[str]:
    return matrix().roles_of(slugs, partner=works_in not in PARTNERS_OWN)


DOORS = "SELECT * FROM undrift_doors(%s, %s, %s, %s, %s, %s, %s, %s)"
TO_READ = (Action.LIST, Action.CHILD, Action.READ)


def asked_of(person: Person, seat: Seat, moment: datetime) -> list[Any]:
    """What `undrift_doors` is asked: me, mine, by which ties, my council, else my partnership; the days and moment."""
    partnership = person.partnership_id if person.authority_id is None else None
    roles, day = roles_in(seat), seat.day
    # What is restricted is opened to nobody by being invited; what is not is.
    ties = "".join(sorted(lifting(roles) | matrix().ties(roles, Action.CHILD) & {Tie.INVITED}))
    mine = sorted(seat.people)
    return [person.pk, mine, ties, person.authority_id, partnership, day, day - FOLLOWED_FOR, moment]


def lifting(roles: frozenset[str]) -> Ties:
    """The ties by which somebody with these roles may read of a restricted child."""
    return frozenset().union(*(matrix().ties(roles, action) for action in TO_READ)) & matrix().restricted


def doors_of(person: Person, seat: Seat, moment: datetime) -> Doors:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute(DOORS, asked_of(person, seat, moment))
        return doors_in(cursor.fetchone())


def doors_in(row: tuple[list[int], ...]) -> Doors:
    return Doors(*map(frozenset, row))


def people_of(person: Person, now: datetime | None = None) -> frozenset[int]:
    """The person, and those they cover for today."""
    return seat_of(person, london_date(now or clock.now())).people
