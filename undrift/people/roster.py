"""One authority's posts, holders and cover on one day, read in three queries and then asked many times."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import FilteredRelation, Q

from undrift.people.models import Authority, Holding, Person, Post, Unit
from undrift.people.models.tenure import HoldingKind

# A day of work begins and ends with the day in London, wherever the server stands.
LONDON = ZoneInfo("Europe/London")

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


@dataclass(frozen=True)
class Roster:
    """Who is where on one day. Built by load_roster."""

    parents: dict[int, int | None]
    names: dict[int, str]
    posts: tuple[Post, ...]
    heads: dict[int, Post]
    holdings: dict[int, tuple[Holding, ...]]
    people: dict[int, Person]
    covers: dict[int, tuple[Person, ...]] = field(default_factory=dict)

    def line(self, unit_id: int | None) -> list[int]:
        """The unit and the units above it, nearest first; a loop in the tree is cut where it closes."""
        found: list[int] = []
        while unit_id is not None and unit_id in self.parents and unit_id not in found:
            found.append(unit_id)
            unit_id = self.parents[unit_id]
        return found

    def unit_name(self, unit_id: int) -> str:
        return self.names.get(unit_id, "the unit")

    def in_post(self, post: Post) -> Standing | None:
        """Who answers for the post without going upwards: holder, their cover, acting holder, deputy."""
        held = self.holdings.get(post.pk, ())
        holder = next((h.person for h in held if h.kind == HoldingKind.HOLDER and h.person.is_active), None)
        for holding in held:
            standing = self._by(holding, holder)
            if standing is not None:
                return standing
        return None

    def _by(self, holding: Holding, holder: Person | None) -> Standing | None:
        if holding.kind == HoldingKind.HOLDER:
            return self.standing_for(holding.person)
        if not holding.person.is_active or self.is_away(holding.person):
            return None
        return Standing(holding.person, holder, WHY[HoldingKind(holding.kind)])

    def is_away(self, person: Person) -> bool:
        return person.pk in self.covers

    def standing_for(self, person: Person) -> Standing | None:
        """The person, or whoever covers for them; cover of the cover is followed, and a circle ends it."""
        if not person.is_active:
            return None
        present = self._present(person, frozenset())
        if present is None:
            return None
        if present == person:
            return Standing(person)
        return Standing(present, person, f", covering for {person.name}")

    def _present(self, person: Person, asked: frozenset[int]) -> Person | None:
        if person.pk in asked or not person.is_active:
            return None
        if not self.is_away(person):
            return person
        for covering in self.covers[person.pk]:
            present = self._present(covering, asked | {person.pk})
            if present is not None:
                return present
        return None

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
        heads = (post for post in self.heads.values() if post.agency_id == agency_id)
        return min(heads, key=lambda post: (len(self.line(post.unit_id)), post.pk), default=None)

    def head_above(self, unit_id: int) -> Post | None:
        heads = (self.heads.get(above) for above in self.line(unit_id)[1:])
        return next((head for head in heads if head is not None), None)


def load_roster(authority: Authority, named: Collection[int], at: datetime) -> Roster:
    """The roster of an authority and the agencies its partnership shares; `named` people are read as well."""
    day = at.astimezone(LONDON).date()
    units = list(Unit.objects.filter(_in_reach(authority)).values_list("pk", "parent_id", "name"))
    posts, holdings = _posts_and_holdings(authority, day)
    people, covers = _people_and_covers(authority, named, day)
    return Roster(
        parents={pk: parent for pk, parent, _ in units},
        names={pk: name for pk, _, name in units},
        posts=posts,
        heads={post.unit_id: post for post in posts if post.heads_unit and post.unit_id is not None},
        holdings=holdings,
        people=people,
        covers=covers,
    )


def _in_reach(authority: Authority) -> Q:
    shared = Q(partnership=authority.partnership_id) if authority.partnership_id else Q()
    return Q(authority=authority.pk) | shared


def _live(day: date, prefix: str = "") -> Q:
    return Q(**{f"{prefix}starts__lte": day}) & (
        Q(**{f"{prefix}ends__isnull": True}) | Q(**{f"{prefix}ends__gte": day})
    )


def _posts_and_holdings(authority: Authority, day: date) -> tuple[tuple[Post, ...], dict[int, tuple[Holding, ...]]]:
    rows = (
        Post.objects.filter(_in_reach(authority))
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
    # The sort is stable: within a kind, the latest appointment comes first.
    ordered = {
        pk: tuple(sorted(found, key=lambda holding: ORDER_OF_STANDING.index(holding.kind)))
        for pk, found in held.items()
    }
    return tuple(posts.values()), ordered


def _people_and_covers(
    authority: Authority, named: Collection[int], day: date
) -> tuple[dict[int, Person], dict[int, tuple[Person, ...]]]:
    """The named people, and everybody who is away today with those who cover, in one query."""
    rows = (
        Person.objects.annotate(absence=FilteredRelation("absences", condition=_live(day, "absences__")))
        .filter(Q(pk__in=named) | Q(absence__pk__isnull=False))
        .filter(_in_reach(authority) | Q(pk__in=named))
        .select_related(*WITH_COVER)
        .order_by("pk", "-absence__starts", "-absence__pk")
    )
    people: dict[int, Person] = {}
    covers: dict[int, list[Person]] = defaultdict(list)
    for row in rows:
        people.setdefault(row.pk, row)
        if absence := _joined(row, "absence"):
            covers[row.pk].append(absence.covering)
    return people, {pk: tuple(found) for pk, found in covers.items()}


def _joined(row: Any, name: str) -> Any:
    """What a filtered relation joined to the row. Where it joined nothing, Django leaves the name unset."""
    return getattr(row, name, None)
