"""A council's roster, kept in the process for as long as the database vouches for it.

Every act asks who plays which part, and posts, holders and cover change a few times a day. So all of them are read in
one statement, with their dates, and kept under the version they were read in; a roster for a day is made of them
without asking again. A version is never given twice: what was rolled back, restored or changed by anybody, in this
transaction or in another process, has another. See `migrations/roster_version.sql` and docs/why/decisions/0014.

What is kept is nobody's to change: whoever asks who plays a part is given copies (`their_own`).
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache, cached_property
from typing import Any, TypeVar

from django.db import connection, models

from undrift.engine.dates.moments import london_date
from undrift.people.found import Found
from undrift.people.models import Agency, Authority, Cover, Holding, Person, Post
from undrift.people.roster import Places, Roster, by_standing, load_roster, places_of

# The council's own, and its partnership's where it is in one; both as the database gave them.
Version = tuple[str | None, str | None]
Row = TypeVar("Row", bound=models.Model)

DAYS_KEPT = 128  # rosters of single days that are kept at once; a rebuild goes through many
# Of a person, and of what somebody gave: nobody is looked up by these.
NOT_KEPT = frozenset({"password", "last_login", "why", "by_id", "seconded_by_id", "ended_by_id"})


@dataclass(frozen=True)
class Kept:
    """All that a council's rosters are made of. `mine` are its own people and its partnership's, by number."""

    version: Version
    places: Places
    holdings: tuple[Holding, ...]
    covers: tuple[Cover, ...]
    people: Mapping[int, Person]
    mine: frozenset[int]
    days: OrderedDict[date, Roster] = field(default_factory=OrderedDict)

    @cached_property
    def changed(self) -> datetime:
        """When something was last given, ended or closed."""
        rows = (*self.holdings, *self.covers)
        moments = (moment for row in rows for moment in (row.at, row.ended_at))
        closed = (person.closed_at for person in self.people.values())
        return max(filter(None, (*moments, *closed)), default=datetime.min.replace(tzinfo=UTC))

    def on(self, day: date) -> Roster:
        """The roster of that day. No query."""
        roster = self.days.get(day)
        if roster is None:
            roster = self.days[day] = self._made_for(day)
            if len(self.days) > DAYS_KEPT:
                self.days.popitem(last=False)
        return roster

    def as_known(self, at: datetime) -> Roster:
        """The roster as it was at that moment, whatever was given, ended or closed since. No query."""
        if at >= self.changed:
            return self.on(london_date(at))
        people = {number: _as_they_were(person, at) for number, person in self.people.items()}
        holdings = tuple(_held_by(one, people) for one in _as_given(self.holdings, at))
        covers = tuple(_covered_by(one, people) for one in _as_given(self.covers, at))
        return replace(self, people=people, holdings=holdings, covers=covers)._made_for(london_date(at))

    def _made_for(self, day: date) -> Roster:
        held: dict[int, list[Holding]] = defaultdict(list)
        for holding in _live(self.holdings, day):
            held[holding.post_id].append(holding)
        covers: dict[int, tuple[Person, ...]] = defaultdict(tuple)
        post_covers: dict[tuple[int, int], tuple[Person, ...]] = defaultdict(tuple)
        for cover in _live(self.covers, day):
            if cover.post_id is None:
                covers[cover.away_id] += (cover.covering,)
            else:
                post_covers[cover.away_id, cover.post_id] += (cover.covering,)
        return Roster(
            day=day,
            places=self.places,
            holdings={post: by_standing(latest_first) for post, latest_first in held.items()},
            people=self.people,
            covers=dict(covers),
            post_covers=dict(post_covers),
            found={},
        )


AnyTenure = TypeVar("AnyTenure", Holding, Cover)


def _live(rows: Iterable[AnyTenure], day: date) -> Iterable[AnyTenure]:
    return (row for row in rows if row.starts <= day and (row.ends is None or row.ends >= day))


def _as_given(rows: Iterable[AnyTenure], at: datetime) -> Iterable[AnyTenure]:
    """What had been given by then, and had not been ended yet. What a file brought without a moment always was."""
    for row in rows:
        if row.at is not None and row.at > at:
            continue
        was = _copied(row)
        if was.ended_at is not None and was.ended_at > at:
            was.ends = None
        yield was


def _as_they_were(person: Person, at: datetime) -> Person:
    if person.closed_at is None or person.closed_at <= at:
        return person
    was = _copied(person)
    was.is_active, was.leaves_on = True, None
    return was


# While the summaries of the past are worked out again, what became of posts and cover since says nothing.
_AS_IT_WAS: ContextVar[bool] = ContextVar("as it was", default=False)


@contextmanager
def as_it_was() -> Iterator[None]:
    """Inside, a roster of a moment is what it was then, and not what is known of that day today."""
    token = _AS_IT_WAS.set(True)
    try:
        yield
    finally:
        _AS_IT_WAS.reset(token)


_KEPT: dict[tuple[str, int, int | None], Kept] = {}


def roster_of(authority: Authority, named: Collection[int], at: datetime, version: Version | None = None) -> Roster:
    """The roster of the authority at that moment, in which `named` people are found; nobody's to change.

    `version` is what the database said in this transaction; without it, one query asks. A version that is not the
    one kept is read anew, in one query; so is, and not kept, a roster with people of other councils.
    """
    kept = _vouched_for(authority, version or version_now(authority))
    if kept is None or not kept.mine.issuperset(named):
        return load_roster(authority, named, at)
    return kept.as_known(at) if _AS_IT_WAS.get() else kept.on(london_date(at))


def their_own(found: dict[str, Found]) -> dict[str, Found]:
    """The same people and posts, as copies that are the caller's."""
    people: dict[int, Person] = {}
    posts: dict[int, Post] = {}

    def own(person: Person | None) -> Person | None:
        return None if person is None else people.get(person.pk) or people.setdefault(person.pk, _copied(person))

    def own_post(post: Post | None) -> Post | None:
        return None if post is None else posts.get(post.pk) or posts.setdefault(post.pk, _copied_post(post))

    return {
        role: replace(
            one,
            post=own_post(one.post),
            person=own(one.person),
            on_behalf_of=own(one.on_behalf_of),
            everyone=tuple(filter(None, map(own, one.everyone))),
            also=tuple(filter(None, map(own, one.also))),
        )
        for role, one in found.items()
    }


def _copied(row: Row) -> Row:
    """A copy without what was joined to it. (`copy.copy` goes by way of pickling, at ten times the time.)"""
    made = type(row).__new__(type(row))
    made.__dict__.update(row.__dict__)
    made._state = models.base.ModelState()
    made._state.adding, made._state.db = False, row._state.db
    return made


def _copied_post(post: Post) -> Post:
    made = _copied(post)
    made.agency = _copied(post.agency)
    return made


# Reading ------------------------------------------------------------------------------------------------------------

VERSION = """
SELECT (SELECT version::text FROM people_rosterversion WHERE scope = 'authority ' || %(authority)s),
       (SELECT version::text FROM people_rosterversion WHERE scope = 'partnership ' || %(partnership)s)
"""


def version_now(authority: Authority) -> Version:
    """The version of a council's roster. One query."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION, {"authority": authority.pk, "partnership": authority.partnership_id})
        council, partnership = cursor.fetchone()
    return council, partnership


def _vouched_for(authority: Authority, version: Version) -> Kept | None:
    """What is kept in that version, read anew where it is not; None where the database vouches for nothing."""
    if version[0] is None:
        return None
    key = (connection.alias, authority.pk, authority.partnership_id)
    kept = _KEPT.get(key)
    if kept is None or kept.version != version:
        kept = _KEPT[key] = _read(authority)
    return kept


@cache
def _columns(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(each.attname for each in model._meta.concrete_fields if each.attname not in NOT_KEPT)


@cache
def _dates(model: type[models.Model]) -> tuple[str, ...]:
    dates = (each for each in model._meta.concrete_fields if type(each) is models.DateField)
    return tuple(each.attname for each in dates if each.attname not in NOT_KEPT)


@cache
def _moments(model: type[models.Model]) -> tuple[str, ...]:
    moments = (each for each in model._meta.concrete_fields if isinstance(each, models.DateTimeField))
    return tuple(each.attname for each in moments if each.attname not in NOT_KEPT)


MINE = "(t.authority_id = %(authority)s OR t.partnership_id = %(partnership)s)"
POSTS = f"SELECT t.id FROM people_post t WHERE {MINE}"
PEOPLE = f"SELECT t.id FROM people_person t WHERE {MINE}"
HOLDINGS = f"SELECT t.* FROM people_holding t WHERE t.post_id IN ({POSTS})"
COVERS = f"SELECT t.* FROM people_cover t WHERE t.away_id IN ({PEOPLE})"


def _all_of(model: type[models.Model], rows: str, order: str) -> str:
    columns = ", ".join(f"t.{name}" for name in _columns(model))
    return f"(SELECT json_agg(json_build_array({columns}) ORDER BY {order}) FROM ({rows}) t)"


@cache
def _statement() -> str:
    """Everything in one statement, so that it is all of one moment and of the version that comes with it."""
    anybody = (
        f"SELECT t.* FROM people_person t WHERE {MINE} OR t.id IN (SELECT person_id FROM held)"
        " OR t.id IN (SELECT covering_id FROM cover)"
    )
    of_posts = "SELECT t.* FROM people_agency t WHERE t.id IN (SELECT agency_id FROM post)"
    return f"""
    WITH post AS (SELECT t.* FROM people_post t WHERE {MINE}), held AS ({HOLDINGS}), cover AS ({COVERS})
    SELECT v.*,
        (SELECT json_agg(json_build_array(t.id, t.parent_id, t.name)) FROM people_unit t WHERE {MINE}),
        {_all_of(Agency, of_posts, "t.id")},
        {_all_of(Post, "SELECT * FROM post", "t.id")},
        {_all_of(Person, anybody, "t.id")},
        (SELECT json_agg(t.id) FROM people_person t WHERE {MINE}),
        {_all_of(Holding, "SELECT * FROM held", "t.starts DESC, t.id DESC")},
        {_all_of(Cover, "SELECT * FROM cover", "t.starts DESC, t.id DESC")}
    FROM ({VERSION}) v
    """


def _read(authority: Authority) -> Kept:
    with connection.cursor() as cursor:
        cursor.execute(_statement(), {"authority": authority.pk, "partnership": authority.partnership_id})
        council, partnership, *lists = cursor.fetchone()
    units, agencies, posts, people, mine, holdings, covers = (rows or [] for rows in lists)
    known = {person.pk: person for person in _rows(Person, people)}
    return Kept(
        version=(council, partnership),
        places=places_of(units, _with_agencies(_rows(Post, posts), _rows(Agency, agencies))),
        holdings=tuple(_held_by(holding, known) for holding in _rows(Holding, holdings)),
        covers=tuple(_covered_by(cover, known) for cover in _rows(Cover, covers)),
        people=known,
        mine=frozenset(mine),
    )


def _rows(model: type[Row], listed: Iterable[list[Any]]) -> list[Row]:
    names, found = _columns(model), []
    dates = [names.index(name) for name in _dates(model)]
    moments = [names.index(name) for name in _moments(model)]
    for values in listed:
        for place in dates:
            if values[place] is not None:
                values[place] = date.fromisoformat(values[place])
        for place in moments:
            if values[place] is not None:
                values[place] = datetime.fromisoformat(values[place])
        found.append(model.from_db(connection.alias, names, values))
    return found


def _with_agencies(posts: list[Post], agencies: list[Agency]) -> tuple[Post, ...]:
    by_number = {agency.pk: agency for agency in agencies}
    for post in posts:
        post.agency = by_number[post.agency_id]
    return tuple(posts)


def _held_by(holding: Holding, people: Mapping[int, Person]) -> Holding:
    holding.person = people[holding.person_id]
    return holding


def _covered_by(cover: Cover, people: Mapping[int, Person]) -> Cover:
    cover.covering = people[cover.covering_id]
    return cover
