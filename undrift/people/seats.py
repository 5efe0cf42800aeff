"""Where a person sits on one day: their council, their posts, whom they cover for, the units below them. One query.

Every page asks this, for its frame and for what may be seen. The person who signed in comes with the answer
(`SignedIn`), so that a page asks once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db import connection

from undrift.people import clock
from undrift.people.models import Person

FIELDS = (
    "seat_council", "seat_shared_by", "seat_protocol", "seat_version", "seat_works_in", "seat_people", "seat_posts",
    "seat_held_slugs", "seat_held_authorities", "seat_units",
)  # fmt: skip

# A loop in the tree of units ends by itself: UNION takes no row twice.
READ = """
WITH RECURSIVE
stands_for AS (
    SELECT %(person)s::bigint AS person
    UNION
    SELECT away_id FROM people_cover
    WHERE covering_id = %(person)s AND post_id IS NULL AND starts <= %(day)s AND (ends IS NULL OR ends >= %(day)s)
),
held AS (
    SELECT h.person_id, post.slug, post.authority_id, post.unit_id, post.heads_unit
    FROM people_holding h JOIN people_post post ON post.id = h.post_id
    WHERE (h.person_id IN (SELECT person FROM stands_for) OR EXISTS (
            -- covered in this one post: its reach, and nothing else of whoever is away
            SELECT 1 FROM people_cover c
            WHERE c.covering_id = %(person)s AND c.away_id = h.person_id AND c.post_id = h.post_id
                AND c.starts <= %(day)s AND (c.ends IS NULL OR c.ends >= %(day)s)
        ))
        AND h.starts <= %(day)s AND (h.ends IS NULL OR h.ends >= %(day)s)
),
below AS (
    SELECT unit_id FROM held WHERE heads_unit AND unit_id IS NOT NULL
    UNION
    SELECT unit.id FROM people_unit unit JOIN below ON unit.parent_id = below.unit_id
)
SELECT person.*, people_clock() AS seat_now,
    council.name AS seat_council, shared.name AS seat_shared_by, council.protocol_id AS seat_protocol,
    council.protocol_version AS seat_version, agency.kind AS seat_works_in,
    ARRAY(SELECT person FROM stands_for) AS seat_people,
    ARRAY(SELECT slug FROM held WHERE person_id = person.id) AS seat_posts,
    ARRAY(SELECT slug FROM held ORDER BY slug, authority_id) AS seat_held_slugs,
    ARRAY(SELECT authority_id FROM held ORDER BY slug, authority_id) AS seat_held_authorities,
    ARRAY(SELECT unit_id FROM below) AS seat_units
FROM people_person person
LEFT JOIN people_authority council ON council.id = person.authority_id
LEFT JOIN people_partnership shared ON shared.id = person.partnership_id
LEFT JOIN people_agency agency ON agency.id = person.agency_id
WHERE person.id = %(person)s
"""


@dataclass(frozen=True)
class Seat:
    """`people` are the person and those covered for in everything; `held` are all their posts, as kind and council.

    `posts` are the kinds of the person's own posts. `units` are those that any of them manages, and all below.
    """

    day: date
    council: str
    shared_by: str
    protocol: str
    protocol_version: str
    works_in: str
    people: frozenset[int]
    posts: frozenset[str]
    held: frozenset[tuple[str, int | None]]
    units: frozenset[int]


def seat_of(person: Person, day: date) -> Seat:
    """No query for the person who signed in; one for anybody else, and for another day."""
    seat: Seat | None = getattr(person, "seat", None)  # through the lazy object that a request has
    if seat is not None and seat.day == day:
        return seat
    found = _read(person.pk, day)
    assert found is not None, f"Person {person.pk} is not stored."
    return _seat(found, day)


# What each of these people holds on a day, or covers for: the kinds of post, and where they themselves work.
HELD = """
SELECT w.person, post.slug, coalesce(agency.kind, '')
FROM (
    SELECT unnest(%(people)s::bigint[]) AS person, unnest(%(people)s::bigint[]) AS held_by, NULL::bigint AS one_post
    UNION ALL
    SELECT covering_id, away_id, post_id FROM people_cover
    WHERE covering_id = ANY (%(people)s::bigint[]) AND starts <= %(day)s AND (ends IS NULL OR ends >= %(day)s)
) w
JOIN people_holding h ON h.person_id = w.held_by AND (w.one_post IS NULL OR h.post_id = w.one_post)
    AND h.starts <= %(day)s AND (h.ends IS NULL OR h.ends >= %(day)s)
JOIN people_post post ON post.id = h.post_id
JOIN people_person person ON person.id = w.person
LEFT JOIN people_agency agency ON agency.id = person.agency_id
"""


def posts_of(people: list[int], day: date) -> dict[int, tuple[frozenset[str], str]]:
    """For several people, by number: the kinds of post they hold or cover for, as `Seat.held`, and where they work.

    Whoever has no post is not among them. One query.
    """
    posts: dict[int, tuple[set[str], str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"people": people, "day": day})
        for person, slug, works_in in cursor.fetchall():
            posts.setdefault(person, (set(), works_in))[0].add(slug)
    return {person: (frozenset(slugs), works_in) for person, (slugs, works_in) in posts.items()}


class SignedIn(ModelBackend):
    """Signing in by email and password; each page then reads the person with their seat in one query."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Nobody whose account is closed, or whose last day is over."""
        return super().user_can_authenticate(user) and user.serves_on(clock.today())

    def get_user(self, user_id: Any) -> Person | None:
        day = clock.today()
        person = _read(user_id, day)
        if person is None:
            return None
        clock.set_by(person.__dict__.pop("seat_now"))
        if clock.today() != day:  # this process's clock is on another day than the database's
            day = clock.today()
            person = _read(user_id, day)
        if person is None or not self.user_can_authenticate(person):
            return None
        # Asked of this object alone, which lives as long as the request.
        vars(person)["seat"] = _seat(person, day)
        return person


def _read(number: Any, day: date) -> Person | None:
    return next(iter(Person.objects.raw(READ, {"person": number, "day": day})), None)


def _seat(person: Person, day: date) -> Seat:
    council, shared_by, protocol, version, works_in, people, posts, slugs, authorities, units = (
        person.__dict__.pop(name) for name in FIELDS
    )
    person.__dict__.pop("seat_now", None)
    return Seat(
        day=day,
        council=council or "",
        shared_by=shared_by or "",
        protocol=protocol or "",
        protocol_version=version or "",
        works_in=works_in or "",
        people=frozenset(people),
        posts=frozenset(posts),
        held=frozenset(zip(slugs, authorities, strict=True)),
        units=frozenset(units),
    )
