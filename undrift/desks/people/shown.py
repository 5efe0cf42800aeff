"""The organisation as it is read: agencies, units in a tree, posts, and who is in each today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse

from undrift.desks.frame.components import Link, Place
from undrift.engine.dates.words import full_day
from undrift.people.finders import answering_for
from undrift.people.models import Authority, Cover, Person, Post, Unit
from undrift.people.models.tenure import HoldingKind
from undrift.people.roster import Roster, load_roster
from undrift.people.vacancies import units_in_reach

AS = {HoldingKind.HOLDER: "", HoldingKind.ACTING: "acting", HoldingKind.DEPUTY: "deputy"}


PAGES = (
    ("people", "Units and posts"),
    ("people-gaps", "Without a holder or manager"),
    ("not-signed-in", "Not signed in yet"),
    ("people-waiting", "Waiting for a second person"),
)


def places(here: str) -> list[Place]:
    """The pages about all people, the one we are in marked."""
    return [Place(text, reverse(name), current=name == here) for name, text in PAGES]


@dataclass(frozen=True)
class Seated:
    """Somebody in a post: the link to them, and what is to be said beside the name."""

    link: Link
    said: str = ""


@dataclass(frozen=True)
class PostShown:
    title: str
    heads: bool
    seated: Sequence[Seated]
    falls: str = ""  # who answers while nobody holds it
    appoint: str = ""


@dataclass(frozen=True)
class UnitShown:
    """A unit with its posts and the units below it."""

    name: str
    posts: Sequence[PostShown]
    below: Sequence[UnitShown] = ()


@dataclass(frozen=True)
class AgencyShown:
    name: str
    shared: bool
    beside: Sequence[PostShown]
    units: Sequence[UnitShown]


def agencies_shown(authority: Authority, at: datetime) -> list[AgencyShown]:
    """The whole organisation, the council's own agencies first. Four queries."""
    roster = load_roster(authority, (), at)
    units: defaultdict[int, list[Unit]] = defaultdict(list)
    for unit in units_in_reach(authority):
        units[unit.agency_id].append(unit)
    posts: defaultdict[int | None, list[Post]] = defaultdict(list)
    beside: defaultdict[int, list[Post]] = defaultdict(list)
    names = {}
    for post in roster.posts:
        names[post.agency_id] = post.agency
        (posts[post.unit_id] if post.unit_id is not None else beside[post.agency_id]).append(post)
    names |= {unit.agency_id: unit.agency for found in units.values() for unit in found}
    tree = _Tree(authority, roster, posts)
    ordered = sorted(names.values(), key=lambda agency: (agency.authority_id is None, agency.name))
    return [
        AgencyShown(
            agency.name, agency.authority_id is None, tree.shown(beside[agency.pk]), tree.below(None, units[agency.pk])
        )
        for agency in ordered
    ]


POSTS = ("Agency", "Unit", "Post", "Who", "While nobody holds it")
POSTS_IN_WORDS = ("post", "posts")


def posts_as_rows(agencies: Sequence[AgencyShown]) -> list[tuple[str, ...]]:
    """Every post that is shown, in the same order, a row each."""
    return [
        row for agency in agencies for row in (*_rows(agency.name, "", agency.beside), *_below(agency, agency.units))
    ]


def _below(agency: AgencyShown, units: Sequence[UnitShown]) -> Iterator[tuple[str, ...]]:
    for unit in units:
        yield from _rows(agency.name, unit.name, unit.posts)
        yield from _below(agency, unit.below)


def _rows(agency: str, unit: str, posts: Sequence[PostShown]) -> Iterator[tuple[str, ...]]:
    for post in posts:
        who = "; ".join(f"{one.link.text} ({one.said})" if one.said else one.link.text for one in post.seated)
        yield agency, unit, post.title, who or "No holder", post.falls


@dataclass(frozen=True)
class _Tree:
    authority: Authority
    roster: Roster
    posts: dict[int | None, list[Post]]

    def below(self, parent: int | None, units: Sequence[Unit]) -> list[UnitShown]:
        known = {unit.pk for unit in units}
        # A unit whose parent belongs to another agency stands at the top of its own.
        here = [u for u in units if (u.parent_id if u.parent_id in known else None) == parent]
        return [UnitShown(u.name, self.shown(self.posts.get(u.pk, [])), self.below(u.pk, units)) for u in here]

    def shown(self, posts: Sequence[Post]) -> list[PostShown]:
        return [self._post(post) for post in sorted(posts, key=lambda post: (not post.heads_unit, post.title, post.pk))]

    def _post(self, post: Post) -> PostShown:
        seated = [
            Seated(link_to(h.person), self._said(h.person, post, AS[HoldingKind(h.kind)]))
            for h in sorted(self.roster.holdings.get(post.pk, ()), key=lambda h: (h.kind != "holder", h.person.name))
            if h.person.serves_on(self.roster.day)
        ]
        if self.roster.held(post):
            return PostShown(post.title, post.heads_unit, seated)
        found = answering_for(post, self.authority, self.roster)
        falls = f"Falls to {found.person.name}." if found.person is not None else "Nobody answers for it."
        return PostShown(post.title, post.heads_unit, seated, falls, reverse("appoint", args=[post.pk]))

    def _said(self, person: Person, post: Post, kind: str) -> str:
        away = self.roster.covered_by(person, post)
        cover = f"away, covered by {' and '.join(one.name for one in away)}" if away else ""
        return ", ".join(filter(None, (kind, cover)))


def link_to(person: Person) -> Link:
    return Link(person.name, reverse("person", args=[person.pk]))


def covers_of(person: Person, day: date) -> list[Cover]:
    """Cover for the person that runs or is still to come, the earliest first."""
    found = Cover.objects.filter(Q(ends=None) | Q(ends__gte=day), away=person, ended_at=None)
    return list(found.select_related("covering", "post__unit", "post__agency").order_by("starts", "pk"))


def dates(starts: date, ends: date | None) -> str:
    """6 May 2026 to 8 May 2026; from 6 May 2026."""
    first = full_day(starts, short=True)
    return f"{first} to {full_day(ends, short=True)}" if ends is not None else f"From {first}"
