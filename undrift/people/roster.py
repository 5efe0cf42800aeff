"""One authority's posts, holders and cover on one day, read in three queries and then asked many times."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from django.db.models import FilteredRelation, Q
from django.utils.text import slugify

from undrift.engine.dates.moments import london_date
from undrift.people.models import Authority, Holding, Person, Post, Unit
from undrift.people.models.organisation import AgencyKind
from undrift.people.models.tenure import HoldingKind

Key = TypeVar("Key")

# Names of joins that the queries below make for one day.
WITH_HOLDERS: tuple[str, ...] = ("agency", "live__person")
WITH_COVER: tuple[str, ...] = ("absence__covering",)

ORDER_OF_STANDING = (HoldingKind.HOLDER, HoldingKind.ACTING, HoldingKind.DEPUTY)

WHY = {
    HoldingKind.HOLDER: "",
    HoldingKind.ACTING: ", acting",
    HoldingKind.DEPUTY: ", as deputy",
}


@dataclass(frozen=True)
class Standing:
    """Somebody who is there to act, on whose behalf, and the words that say so (empty for the holder)."""

    person: Person
    on_behalf_of: Person | None = None
    why: str = ""


SHARED = 0  # among the owners of `Places.titled`: any partnership


@lru_cache(maxsize=4096)
def as_slug(title: str) -> str:
    return slugify(title)


@dataclass(frozen=True)
class Places:
    """Units and posts, which stay while people come and go, with what is looked up in them. Built by `places_of`.

    `titled` are an owner's posts by kind and by title: of an authority ("authority", its number), an agency
    ("agency", its number), a partnership ("partnership", SHARED). `agencies` is a post of each agency, `leaders` head
    the topmost unit of each; `tops` are the heads of each authority's units from the top down.
    """

    parents: Mapping[int, int | None]
    names: Mapping[int, str]
    posts: tuple[Post, ...]
    heads: Mapping[int, Post]
    numbered: Mapping[int, Post]
    titled: Mapping[tuple[str, int], Mapping[str, tuple[Post, ...]]]
    agencies: Mapping[int, Post]
    leaders: Mapping[int, Post]
    tops: Mapping[int, tuple[Post, ...]]


def places_of(units: Iterable[tuple[int, int | None, str]], posts: tuple[Post, ...]) -> Places:
    """The units (number, number of the one above, name) and posts, with what is looked up in them."""
    units = list(units)
    parents = {pk: parent for pk, parent, _ in units}
    titled: dict[tuple[str, int], dict[str, list[Post]]] = defaultdict(lambda: defaultdict(list))
    for post in posts:
        for owner in _owners(post):
            for title in {post.slug, as_slug(post.title)}:
                titled[owner][title].append(post)
    heads = {post.unit_id: post for post in posts if post.heads_unit and post.unit_id is not None}
    from_the_top = sorted(heads.values(), key=lambda post: (len(line_of(parents, post.unit_id)), post.pk))
    leaders: dict[int, Post] = {}
    tops: dict[int, list[Post]] = defaultdict(list)
    for post in from_the_top:
        leaders.setdefault(post.agency_id, post)
        if post.authority_id is not None:
            tops[post.authority_id].append(post)
    return Places(
        parents=parents,
        names={pk: name for pk, _, name in units},
        posts=posts,
        heads=heads,
        numbered={post.pk: post for post in posts},
        titled={owner: {title: tuple(of) for title, of in by.items()} for owner, by in titled.items()},
        agencies={post.agency_id: post for post in reversed(posts)},
        leaders=leaders,
        tops={authority: tuple(of) for authority, of in tops.items()},
    )


def _owners(post: Post) -> Iterator[tuple[str, int]]:
    yield "agency", post.agency_id
    if post.authority_id is not None:
        yield "authority", post.authority_id
    if post.partnership_id is not None:
        yield "partnership", SHARED


def line_of(parents: Mapping[int, int | None], unit_id: int | None) -> list[int]:
    """The unit and the units above it, nearest first; a loop in the tree is cut where it closes."""
    found: list[int] = []
    while unit_id is not None and unit_id in parents and unit_id not in found:
        found.append(unit_id)
        unit_id = parents[unit_id]
    return found


@dataclass(frozen=True)
class Roster:
    """Who is where on one day. Built by `load_roster`, or by a roster that is kept (`kept_rosters`).

    `covers` are for everything a person holds, `post_covers` for one post of theirs (person and post). Those in
    `barred` may not act here, each with the reason as the end of a sentence: "raised this concern".
    """

    day: date
    places: Places
    holdings: Mapping[int, tuple[Holding, ...]]
    people: Mapping[int, Person]
    covers: Mapping[int, tuple[Person, ...]] = field(default_factory=dict)
    post_covers: Mapping[tuple[int, int], tuple[Person, ...]] = field(default_factory=dict)
    barred: Mapping[int, str] = field(default_factory=dict)
    # Who was found on it, by what they hang on; only where the roster is kept and nobody is barred.
    found: dict[Hashable, Any] | None = field(default=None, compare=False)

    @property
    def posts(self) -> tuple[Post, ...]:
        return self.places.posts

    @property
    def heads(self) -> Mapping[int, Post]:
        return self.places.heads

    @cached_property
    def seated(self) -> frozenset[int]:
        """Whoever holds a post, or covers for somebody: by that alone is anything read."""
        holders = {holding.person_id for held in self.holdings.values() for holding in held}
        covering = (people for (away, _), people in self.post_covers.items() if away in holders)
        whole = (people for away, people in self.covers.items() if away in holders)
        return frozenset(holders).union(*({one.pk for one in people} for people in (*covering, *whole)))

    def but(self, barred: Mapping[int, str]) -> "Roster":
        """The same day without these people."""
        return replace(self, barred=barred, found=None)

    def without(self, leaver: Person) -> "Roster":
        """The same day as if this person held nothing."""
        kept = {
            pk: tuple(holding for holding in held if holding.person_id != leaver.pk)
            for pk, held in self.holdings.items()
        }
        return replace(self, holdings=kept, found=None)

    def line(self, unit_id: int | None) -> list[int]:
        """The unit and the units above it, nearest first."""
        return line_of(self.places.parents, unit_id)

    def titled(self, whose: str, number: int, title: str) -> tuple[Post, ...]:
        """The posts of this kind or title that an authority, an agency or a partnership has. See `Places`."""
        return self.places.titled.get((whose, number), {}).get(as_slug(title), ())

    def agency_name(self, agency_id: int) -> str:
        """Of an agency that has a post here; "" of any other."""
        post = self.places.agencies.get(agency_id)
        return post.agency.name if post is not None else ""

    def is_social_care_of(self, authority: Authority, agency_id: int) -> bool:
        """Whether the agency is this council's own children's social care. One without any post is not."""
        post = self.places.agencies.get(agency_id)
        if post is None or post.agency.kind != AgencyKind.CHILDRENS_SOCIAL_CARE:
            return False
        return post.authority_id in (None, authority.pk)

    def unit_name(self, unit_id: int) -> str:
        return self.places.names.get(unit_id, "the unit")

    def in_post(self, post: Post) -> Standing | None:
        """Who answers for the post without going upwards: holder, their cover, acting holder, deputy.

        A post whose own holder is barred is passed over: their deputy would act in their name.
        """
        held = [holding for holding in self.holdings.get(post.pk, ()) if self._serves(holding.person)]
        holder = next((holding.person for holding in held if holding.kind == HoldingKind.HOLDER), None)
        for holding in held:
            if holding.person.pk in self.barred and holding.kind != HoldingKind.DEPUTY:
                return None
            standing = self._by(holding, holder, post)
            if standing is not None:
                return standing
        return None

    def held(self, post: Post) -> bool:
        """Whether somebody holds the post in their own right today, here or away."""
        holdings = self.holdings.get(post.pk, ())
        return any(h.kind == HoldingKind.HOLDER and self._serves(h.person) for h in holdings)

    def _by(self, holding: Holding, holder: Person | None, post: Post) -> Standing | None:
        if holding.kind == HoldingKind.HOLDER:
            return self.standing_for(holding.person, post)
        if holding.person.pk in self.barred or self.covered_by(holding.person, post):
            return None
        return Standing(holding.person, holder, WHY[HoldingKind(holding.kind)])

    def _serves(self, person: Person) -> bool:
        return person.serves_on(self.day)

    def covered_by(self, person: Person, post: Post | None) -> tuple[Person, ...]:
        """Who covers for them in this post: for the one post first, then for everything."""
        one = self.post_covers.get((person.pk, post.pk), ()) if post is not None else ()
        return one + self.covers.get(person.pk, ())

    def standing_for(self, person: Person, post: Post | None = None) -> Standing | None:
        """The person, or whoever covers for them; cover of the cover is followed, and a circle ends it."""
        if not self._serves(person) or person.pk in self.barred:
            return None
        present = self._present(person, post, frozenset())
        if present is None:
            return None
        if present == person:
            return Standing(person)
        return Standing(present, person, f", covering for {person.name}")

    def _present(self, person: Person, post: Post | None, asked: frozenset[int]) -> Person | None:
        if person.pk in asked or person.pk in self.barred or not self._serves(person):
            return None
        covering = self.covered_by(person, post)
        if not covering:
            return person
        for one in covering:
            present = self._present(one, None, asked | {person.pk})
            if present is not None:
                return present
        return None

    def kept_out(self, post: Post) -> str:
        """Who would be in the post but is barred, and why; "" where nobody would be."""
        if not self.barred:
            return ""
        standing = self.but({}).in_post(post)
        people = (standing.on_behalf_of, standing.person) if standing is not None else ()
        return next((f"{p.name} {self.barred[p.pk]}" for p in people if p and p.pk in self.barred), "")

    def upwards(self, post: Post) -> Iterator[Post]:
        """The posts above this one, nearest first: its unit's head, then the head of each unit above."""
        for unit_id in self.line(post.unit_id):
            head = self.heads.get(unit_id)
            if head is not None and head.pk != post.pk:
                yield head

    def above(self, post: Post) -> Post | None:
        return next(self.upwards(post), None)

    def leader(self, agency_id: int | None) -> Post | None:
        """The head of the agency's topmost unit."""
        return self.places.leaders.get(agency_id) if agency_id is not None else None

    def head_above(self, unit_id: int) -> Post | None:
        heads = (self.heads.get(above) for above in self.line(unit_id)[1:])
        return next((head for head in heads if head is not None), None)


def load_roster(authority: Authority, named: Collection[int], at: datetime) -> Roster:
    """The roster of an authority and the agencies its partnership shares; `named` people are read as well."""
    day = london_date(at)
    units = Unit.objects.filter(in_reach(authority)).values_list("pk", "parent_id", "name")
    posts, holdings = _posts_and_holdings(authority, day)
    people, covers, post_covers = _people_and_covers(authority, named, day)
    return Roster(
        day=day,
        places=places_of(units, posts),
        holdings=holdings,
        people=people,
        covers=covers,
        post_covers=post_covers,
    )


def in_reach(authority: Authority) -> Q:
    """Rows of the authority itself, and those that its partnership shares."""
    shared = Q(partnership=authority.partnership_id) if authority.partnership_id else Q()
    return Q(authority=authority.pk) | shared


def _live(day: date, prefix: str = "") -> Q:
    return Q(**{f"{prefix}starts__lte": day}) & (
        Q(**{f"{prefix}ends__isnull": True}) | Q(**{f"{prefix}ends__gte": day})
    )


def _posts_and_holdings(authority: Authority, day: date) -> tuple[tuple[Post, ...], dict[int, tuple[Holding, ...]]]:
    rows = (
        Post.objects.filter(in_reach(authority))
        .annotate(live=FilteredRelation("holdings", condition=_live(day, "holdings__")))
        .select_related(*WITH_HOLDERS)
        .order_by("pk", "-live__starts", "-live__pk")
    )
    posts: dict[int, Post] = {}
    held: dict[int, list[Holding]] = defaultdict(list)
    for row in rows:
        posts.setdefault(row.pk, row)
        if holding := _joined(row, "live"):
            held[row.pk].append(holding)
    return tuple(posts.values()), {pk: by_standing(found) for pk, found in held.items()}


def by_standing(latest_first: Iterable[Holding]) -> tuple[Holding, ...]:
    """Holders, then who acts, then deputies. The sort is stable: within a kind, the latest appointment comes first."""
    return tuple(sorted(latest_first, key=lambda holding: ORDER_OF_STANDING.index(HoldingKind(holding.kind))))


def _people_and_covers(
    authority: Authority, named: Collection[int], day: date
) -> tuple[dict[int, Person], dict[int, tuple[Person, ...]], dict[tuple[int, int], tuple[Person, ...]]]:
    """The named people, and everybody who is away today with those who cover, in one query."""
    rows = (
        Person.objects.annotate(absence=FilteredRelation("absences", condition=_live(day, "absences__")))
        .filter(Q(pk__in=named) | Q(absence__pk__isnull=False))
        .filter(in_reach(authority) | Q(pk__in=named))
        .select_related(*WITH_COVER)
        .order_by("pk", "-absence__starts", "-absence__pk")
    )
    people: dict[int, Person] = {}
    covers: dict[int, list[Person]] = defaultdict(list)
    post_covers: dict[tuple[int, int], list[Person]] = defaultdict(list)
    for row in rows:
        people.setdefault(row.pk, row)
        if absence := _joined(row, "absence"):
            if absence.post_id is None:
                covers[row.pk].append(absence.covering)
            else:
                post_covers[row.pk, absence.post_id].append(absence.covering)
    return people, _as_tuples(covers), _as_tuples(post_covers)


def _as_tuples(found: Mapping[Key, list[Person]]) -> dict[Key, tuple[Person, ...]]:
    return {key: tuple(people) for key, people in found.items()}


def _joined(row: Any, name: str) -> Any:
    """What a filtered relation joined to the row. Where it joined nothing, Django leaves the name unset."""
    return getattr(row, name, None)
