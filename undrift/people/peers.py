"""Who could take a part besides the one who has it: peers first, then those above; never anybody below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from undrift.people.finders import CHAIRS
from undrift.people.found import Found
from undrift.people.models import Authority, Person, Post
from undrift.people.models.tenure import HoldingKind
from undrift.people.roster import Roster

CHAIR_POSTS = frozenset((*CHAIRS, "independent-reviewing-officer", "iro"))
AS = {HoldingKind.HOLDER: "", HoldingKind.ACTING: " (acting)", HoldingKind.DEPUTY: " (deputy)"}


@dataclass(frozen=True)
class Peer:
    """Somebody who could take a part, with the posts by which they could."""

    person: Person
    posts: str


def could_chair(roster: Roster, authority: Authority) -> list[Peer]:
    """Those who hold a post whose holders chair conferences, of this council, by name."""
    posts = (post for post in roster.posts if post.slug in CHAIR_POSTS and post.authority_id == authority.pk)
    return sorted(_in(posts, roster), key=lambda peer: peer.person.name)


def of_the_same_kind(posts: Iterable[Post], roster: Roster) -> list[Peer]:
    """Those who hold a post of the same kind in the same agency as one of these, by name."""
    kinds = {(post.agency_id, post.slug) for post in posts}
    return sorted(
        _in((post for post in roster.posts if (post.agency_id, post.slug) in kinds), roster),
        key=lambda peer: peer.person.name,
    )


def could_cover(post: Post, roster: Roster) -> list[Peer]:
    """Those who hold such a post, or one above it in the same agency."""
    same, above = _same_and_above(post, roster)
    return _in((*same, *above), roster)


def could_take(found: Found, roster: Roster) -> list[Peer]:
    """Who could take the part of whoever was `found`: of the same kind of post, those nearest first, then those above.

    Where the body that it belongs to has no such post, everybody who holds a post there, its heads first. Nobody for
    a part that goes by no post.
    """
    if found.post is None:
        there = [post for post in roster.posts if post.agency_id == found.body] if found.body is not None else []
        return _in(sorted(there, key=lambda post: (not post.heads_unit, post.title, post.pk)), roster)
    post = found.post
    line = roster.line(post.unit_id)

    def nearness(peer: Post) -> tuple[int, str, int]:
        """Of two teams, the one under the same manager comes first."""
        theirs = roster.line(peer.unit_id)
        shared = next((place for place, unit in enumerate(line) if unit in theirs), len(line))
        return (shared, roster.unit_name(peer.unit_id) if peer.unit_id else "", peer.pk)

    same, above = _same_and_above(post, roster)
    return _in((*sorted(same, key=nearness), *above), roster)


def _same_and_above(post: Post, roster: Roster) -> tuple[list[Post], list[Post]]:
    """The posts of the same kind in the same agency, and those above this one in it, the nearest first."""
    same = [one for one in roster.posts if one.slug == post.slug and one.agency_id == post.agency_id]
    return same, [one for one in roster.upwards(post) if one.agency_id == post.agency_id]


def _in(posts: Iterable[Post], roster: Roster) -> list[Peer]:
    """Those in these posts on the roster's day, in their order, each once with all of them."""
    named: dict[Person, list[str]] = {}
    for person, said in _seated(posts, roster):
        if said not in named.setdefault(person, []):
            named[person].append(said)
    return [Peer(person, ", ".join(said)) for person, said in named.items()]


def _seated(posts: Iterable[Post], roster: Roster) -> Iterator[tuple[Person, str]]:
    for post in posts:
        for holding in roster.holdings.get(post.pk, ()):
            if holding.person.serves_on(roster.day) and holding.person.pk not in roster.barred:
                where = roster.unit_name(post.unit_id) if post.unit_id is not None else post.agency.name
                yield holding.person, f"{post.title}, {where}{AS[HoldingKind(holding.kind)]}"
