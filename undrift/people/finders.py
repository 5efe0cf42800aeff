"""Who plays a protocol's role for one case, at one moment.

A protocol names its roles in sentences ("manager of the child's team"). Here a sentence becomes a living
person, and another sentence says how the person was found. A person who is away is answered for by whoever
covers; a post nobody holds falls to an acting holder or a deputy, then to the post one unit up. That nobody
was found is said, too.

Where the parts of a stage are told apart (`Parts`), nobody answers what they raised and nobody approves their own
answer: the post of whoever may not is passed over. See `assigning`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from undrift.people.assigning import Parts, assign
from undrift.people.found import Found
from undrift.people.kept_rosters import Version, roster_of, their_own
from undrift.people.models import Authority, Person, Post
from undrift.people.roster import SHARED, Roster, Standing

TELL = "tell an administrator"

# Who runs the chairs' service, the first to be asked first. Posts by kind.
SAFEGUARDING_AND_REVIEW = (
    "group-manager-for-safeguarding-and-review",
    "csc-quality-review-manager",
    "quality-review-manager",
    "principal-iro",
    "head-of-service-for-safeguarding",
    "head-of-safeguarding-inspection-audit",
)
# The posts whose holders chair conferences.
CHAIRS = ("chair", "conference-chair", "cp-coordinator")


@dataclass(frozen=True, kw_only=True)
class CaseContext:
    """What a finder needs to know of one case. Numbers are primary keys."""

    authority: Authority
    team_unit_id: int | None = None
    chair_id: int | None = None
    social_worker_id: int | None = None
    responsible_agency_id: int | None = None
    raising_agency_id: int | None = None
    core_group: tuple[int, ...] = ()
    participants: tuple[int, ...] = ()
    # Members of the core group who have no account, by name.
    without_account: tuple[str, ...] = ()
    # The same case as it is for its other children, where they have another chair, worker or team.
    others: tuple["CaseContext", ...] = ()

    def people(self) -> frozenset[int]:
        """Everybody the case itself names."""
        named = {self.chair_id, self.social_worker_id, *self.core_group, *self.participants}
        own = frozenset(number for number in named if number is not None)
        return own.union(*(other.people() for other in self.others))


class FinderError(ValueError):
    """A protocol says who holds a role in words that no finder understands."""


def resolve_roles(
    roles: Mapping[str, str],
    case: CaseContext,
    at: datetime,
    *,
    parts: Parts | None = None,
    handed: Mapping[str, int] | None = None,
    version: Version | None = None,
) -> dict[str, Found]:
    """Every role of a protocol for one case, whatever the number of roles in one query: for the roster's version.

    No query where the caller was told that `version` by the database in this transaction; one more where it is new.
    What is found is then what is kept for everybody, and nobody's to change; otherwise copies that are the caller's.
    `roles` is role id to sentence; `handed` are parts that were handed over, each to a person, whose they stay while
    that person's account is open. With `parts` the roles of one stage are told apart, and where a whole ladder is
    empty they fall to who is accountable at last. FinderError when a sentence is not understood.
    """
    handed = handed or {}
    roster = roster_of(case.authority, case.people() | set(handed.values()), at, version)
    to = {role: person for role, number in handed.items() if (person := roster.people.get(number)) is not None}
    given = {role: _to_whom_handed(roster, person) for role, person in to.items() if person.is_active}
    found = roles_on(roster, roles, case, parts=parts, given=given)
    return found if version is not None else their_own(found)


def _to_whom_handed(roster: Roster, person: Person) -> Found:
    """Whoever took the part, or who covers for them while they are away."""
    standing = roster.standing_for(person) or Standing(person)
    return Found(
        person=standing.person,
        on_behalf_of=standing.on_behalf_of,
        everyone=(standing.person,),
        how=f"{standing.person.name}{standing.why}, to whom this part was handed over.",
    )


def roles_on(
    roster: Roster,
    roles: Mapping[str, str],
    case: CaseContext,
    *,
    parts: Parts | None = None,
    given: Mapping[str, Found] | None = None,
) -> dict[str, Found]:
    """The same on a roster that was read before. No query."""
    found = {role: _found_before(held_by, case, roster) for role, held_by in roles.items()} | dict(given or {})
    if parts is not None:
        found = _told_apart(found, roster, roles, case, parts)
    return _with_siblings(found, roster, roles, case) if case.others else found


def _told_apart(
    found: Mapping[str, Found], roster: Roster, roles: Mapping[str, str], case: CaseContext, parts: Parts
) -> dict[str, Found]:

    def but(role: str, barred: Mapping[int, str]) -> Found:
        without = roster.but(barred)
        first = _first_found(_chain(roles[role]).finders, case, without)
        return at_last(without, case.authority, first) if first.vacant and first.body is None else first

    return assign(found, parts, but)


def _with_siblings(
    found: Mapping[str, Found], roster: Roster, roles: Mapping[str, str], case: CaseContext
) -> dict[str, Found]:
    """Whoever plays a role for another child of the case is named beside the one who plays it for the case."""
    whole = dict(found)
    for role, held_by in roles.items():
        one = found[role]
        there = [_found_before(held_by, other, roster).everyone for other in case.others]
        also = dict.fromkeys(person for people in there for person in people if person not in one.everyone)
        if also:
            whole[role] = replace(one, also=tuple(also))
    return whole


def find(held_by: str, case: CaseContext, at: datetime) -> Found:
    """Who plays the role that `held_by` describes, such as "chair of the child's conference"."""
    return resolve_roles({"role": held_by}, case, at)["role"]


def understood(held_by: str) -> bool:
    """Whether a finder exists for every part of the sentence."""
    try:
        _chain(held_by)
    except FinderError:
        return False
    return True


def roles_of(person: Person, roles_found: Mapping[str, Found]) -> frozenset[str]:
    """The roles this person may act in: standing in for the holder, or being the holder who is away."""
    return frozenset(
        role for role, found in roles_found.items() if person in found.everyone or person == found.on_behalf_of
    )


# --- sentences -------------------------------------------------------------------------------------

Finder = Callable[[CaseContext, Roster, Found | None], Found]

NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


@dataclass(frozen=True)
class Chain:
    """ "A, else B" as finders, tried in order, and what of a case it hangs on whom they find."""

    finders: tuple[Finder, ...]
    hangs_on: tuple[str, ...]


@lru_cache(maxsize=1024)
def _chain(held_by: str) -> Chain:
    parts = re.split(r",?\s+else\s+", _plain(held_by))
    found = [_finder(part) for part in parts]
    return Chain(
        tuple(finder for finder, _ in found), tuple(sorted({name for _, names in found for name in names}))
    )  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(text.replace("\u2019", "'").split())


def _finder(sentence: str) -> tuple[Finder, tuple[str, ...]]:
    for pattern, hangs_on, build in SENTENCES:
        if match := re.fullmatch(rf"(?:the )?{pattern}", sentence, flags=re.IGNORECASE):
            return build(*match.groups()), hangs_on
    known = "; ".join(f'"{example}"' for example in EXAMPLES)
    raise FinderError(f'Nobody can be found by "{sentence}". Say it in one of these ways: {known}.')


def _named(what: str, of: Callable[[CaseContext], int | None]) -> Finder:
    def finder(case: CaseContext, roster: Roster, before: Found | None) -> Found:
        return _person_found(roster, what, of(case))

    return finder


def _no_names(case: CaseContext) -> tuple[str, ...]:
    return ()


def _group(
    what: str,
    of: Callable[[CaseContext], Iterable[int]],
    by_name: Callable[[CaseContext], tuple[str, ...]] = _no_names,
) -> Finder:
    """Several people. Whoever is known by name alone, whose account is closed or who has no post is named, not told."""

    def finder(case: CaseContext, roster: Roster, before: Found | None) -> Found:
        known = [roster.people[number] for number in of(case) if number in roster.people]
        there = [person for person in known if person.serves_on(roster.day)]
        people = tuple(person for person in there if person.pk in roster.seated)
        gone = (person.name for person in known if not person.serves_on(roster.day))
        untold = tuple(dict.fromkeys((*gone, *by_name(case))))
        unseated = tuple(person.name for person in there if person.pk not in roster.seated)
        if not people:
            how = f"Nobody with an account and a post is recorded for the {what}: {TELL}."
            return Found(how=how, untold=untold, unseated=unseated)
        names = ", ".join(person.name for person in people)
        return Found(
            person=people[0], everyone=people, how=f"In the {what}: {names}.", untold=untold, unseated=unseated
        )

    return finder


def _manager(units_up: int) -> Finder:
    def finder(case: CaseContext, roster: Roster, before: Found | None) -> Found:
        team = case.team_unit_id
        if team is None or team not in roster.places.parents:
            return Found(how=f"The child has no team on record, so no manager can be found: {TELL}.")
        line = roster.line(team)
        if units_up >= len(line):
            return Found(how=f"There is no unit {units_up} above the child's team: {TELL}.")
        unit = line[units_up]
        return _unit_found(roster, unit)

    return finder


def _authority_post(title: str) -> Finder:
    def finder(case: CaseContext, roster: Roster, before: Found | None) -> Found:
        posts = roster.titled("authority", case.authority.pk, title)
        return _post_found(roster, case, posts, f"{title} of {case.authority.name}")

    return finder


def _partnership_post(title: str) -> Finder:
    def finder(case: CaseContext, roster: Roster, before: Found | None) -> Found:
        return _post_found(roster, case, roster.titled("partnership", SHARED, title), f"{title} of the partnership")

    return finder


def _agency_post(which: str, title: str) -> Finder:
    attribute = f"{which.lower()}_agency_id"

    def finder(case: CaseContext, roster: Roster, before: Found | None) -> Found:
        agency_id = getattr(case, attribute)
        if agency_id is None:
            return Found(how=f"No {which.lower()} agency is recorded, so it has no {title}: say which it is.")
        name = roster.agency_name(agency_id) or f"the {which.lower()} agency"
        found = _post_found(roster, case, roster.titled("agency", agency_id, title), f"{title} of {name}")
        return found if roster.is_social_care_of(case.authority, agency_id) else replace(found, body=agency_id)

    return finder


def _above() -> Finder:
    def finder(case: CaseContext, roster: Roster, before: Found | None) -> Found:
        if before is not None and before.post is not None:
            above, below = roster.above(before.post), before.post.title
        else:
            # A flat organisation has no such post at all: whoever leads it is the manager above.
            above, below = roster.leader(case.responsible_agency_id), "the one that is missing"
        if above is None:
            return Found(how=f"There is no post above {below}: {TELL}.")
        return _filled(roster, above, f"{above.title}, the post above {below}")

    return finder


ALONE = ("",)  # on the family's own people: no two cases share whom it finds
AGENCIES = ("team_unit_id", "responsible_agency_id", "raising_agency_id")

# A sentence's form, what of a case it hangs on, and the finder it builds. The first that fits the whole is taken.
SENTENCES: list[tuple[str, tuple[str, ...], Callable[..., Finder]]] = [
    (
        r"chair of the child's conference", ("chair_id",),
        lambda: _named("conference chair", lambda case: case.chair_id),
    ),
    (
        r"social worker of the child", ("social_worker_id",),
        lambda: _named("social worker", lambda case: case.social_worker_id),
    ),
    (r"manager of the child's team", ("team_unit_id",), lambda: _manager(0)),
    (
        r"manager (\d+|one|two|three|four|five|six) units? above the child's team", ("team_unit_id",),
        lambda number: _manager(NUMBERS.get(number.lower()) or int(number)),
    ),
    (
        r"core group of the child", ALONE,
        lambda: _group("core group", lambda case: case.core_group, lambda case: case.without_account),
    ),
    (r"conference participants", ALONE, lambda: _group("conference", lambda case: case.participants)),
    (r"manager above", ("responsible_agency_id",), _above),
    (r"(responsible|raising) agency's (.+)", AGENCIES, _agency_post),
    (r"(.+) of the (responsible|raising) agency", AGENCIES, lambda title, which: _agency_post(which, title)),
    (r"authority's (.+)", ("team_unit_id",), _authority_post),
    (r"(.+) of the authority", ("team_unit_id",), _authority_post),
    (r"partnership's (.+)", ("team_unit_id",), _partnership_post),
]  # fmt: skip

EXAMPLES = (
    "chair of the child's conference",
    "social worker of the child",
    "manager of the child's team",
    "manager two units above the child's team",
    "the authority's Director of Children's Services",
    "the responsible agency's Safeguarding Lead",
    "the raising agency's Safeguarding Lead",
    "the partnership's Business Manager",
    "core group of the child",
    "conference participants",
    "A, else B",
    "A, else the manager above",
)


# --- from a post to a person -----------------------------------------------------------------------


def _found_before(held_by: str, case: CaseContext, roster: Roster) -> Found:
    """As `_first_found`; of a roster that is kept, as it was found for a case like this one."""
    chain = _chain(held_by)
    if roster.found is None or "" in chain.hangs_on:
        return _first_found(chain.finders, case, roster)
    key = (held_by, case.authority.name, *(getattr(case, name) for name in chain.hangs_on))
    found: Found | None = roster.found.get(key)
    if found is None:
        found = roster.found[key] = _first_found(chain.finders, case, roster)
    return found


def _first_found(chain: Sequence[Finder], case: CaseContext, roster: Roster) -> Found:
    """What another body has to do is done in that body: its part falls to nobody else's people."""
    found: Found | None = None
    for finder in chain:
        following = finder(case, roster, found)
        if found is not None and found.body is not None:
            if following.post is None or following.post.agency_id != found.body:
                continue
            following = replace(following, body=found.body)
        if found is not None and following.vacant:
            following = Found(post=found.post or following.post, how=f"{found.how} {following.how}")
        elif found is not None:
            following = _because(following, found.how)
        if not following.vacant:
            return following
        found = following
    assert found is not None
    return found


def _because(found: Found, reason: str) -> Found:
    return replace(found, how=f"{reason.removesuffix(f': {TELL}.')}; so {found.how}")


def _post_found(roster: Roster, case: CaseContext, posts: Sequence[Post], what: str) -> Found:
    """The post nearest to the child: in the line above the child's team, then the council's own, then any."""
    if not posts:
        return Found(how=f"There is no post {what}: {TELL}.")
    line = roster.line(case.team_unit_id)

    def nearness(post: Post) -> tuple[int, int, int]:
        place = line.index(post.unit_id) if post.unit_id in line else len(line)
        return (place, 0 if post.authority_id == case.authority.pk else 1, post.pk)

    ordered = sorted(posts, key=nearness)
    held = [post for post in ordered if roster.in_post(post) is not None]
    # A vacant post near the child still goes upwards rather than sideways to a stranger of the same title.
    nearest = ordered[0]
    chosen = held[0] if held and nearest.unit_id not in line else nearest
    found = _filled(roster, chosen, what)
    if len(ordered) > 1 and chosen.unit_id not in line:
        return replace(found, how=f"{found.how} There are {len(ordered)} such posts: check it is the right one.")
    return found


def _unit_found(roster: Roster, unit_id: int) -> Found:
    head = roster.heads.get(unit_id)
    if head is None:
        above = roster.head_above(unit_id)
        if above is None:
            return Found(how=f"Nobody manages {roster.unit_name(unit_id)}: {TELL}.")
        return _filled(roster, above, f"{above.title} ({roster.unit_name(unit_id)} has no manager's post)")
    return _filled(roster, head, f"{head.title}, {roster.unit_name(unit_id)}")


def _filled(roster: Roster, post: Post, what: str) -> Found:
    """The person in the post, or standing in for it, or in the nearest filled post above."""
    at_post = roster.in_post(post)
    if at_post is not None:
        return Found(
            post=post,
            person=at_post.person,
            on_behalf_of=at_post.on_behalf_of,
            everyone=(at_post.person,),
            how=f"{at_post.person.name}{at_post.why} ({what}).",
        )
    kept_out = roster.kept_out(post)
    for above in roster.upwards(post):
        standing = roster.in_post(above) if _same_body(post, above) else None
        if standing is not None:
            return Found(
                post=post,
                person=standing.person,
                on_behalf_of=standing.on_behalf_of,
                everyone=(standing.person,),
                fell=True,
                how=f"{standing.person.name}{standing.why}, {above.title}, because {_empty(kept_out, what)}.",
            )
    if kept_out:
        return Found(post=post, how=f"{kept_out}, and nobody else holds {what}: {TELL}.")
    return Found(post=post, how=f"Nobody holds {what}: {TELL}.")


def _same_body(post: Post, above: Post) -> bool:
    """A part rises within its agency; within one council, from one service to another."""
    one_council = post.authority_id is not None and above.authority_id == post.authority_id
    return one_council or above.agency_id == post.agency_id


def _empty(kept_out: str, what: str) -> str:
    return f"{kept_out} ({what})" if kept_out else f"nobody is in the post below it ({what}): {TELL}"


def answering_for(post: Post, authority: Authority, roster: Roster) -> Found:
    """Who answers for a post today: in it, above it, or at last. For another body's, nobody outside that body."""
    where = roster.unit_name(post.unit_id) if post.unit_id is not None else post.agency.name
    found = _filled(roster, post, f"{post.title}, {where}")
    return at_last(roster, authority, found) if found.vacant and post.authority_id is not None else found


def at_last(roster: Roster, authority: Authority, empty: Found) -> Found:
    """Who is accountable when nobody on the ladder can act; `empty` itself when there is nobody there either.

    The post that the authority named, then the posts of Safeguarding and Review, then the heads of its units from
    the top down.
    """
    for post in _last_posts(roster, authority):
        standing = roster.in_post(post)
        if standing is not None:
            return Found(
                post=empty.post,
                person=standing.person,
                on_behalf_of=standing.on_behalf_of,
                everyone=(standing.person,),
                fell=True,
                how=(
                    f"{empty.how.removesuffix(f': {TELL}.').removesuffix('.')}; so {standing.person.name}"
                    f"{standing.why}, {post.title}, who is accountable at last: {TELL}."
                ),
            )
    return empty


def _last_posts(roster: Roster, authority: Authority) -> Iterable[Post]:
    places = roster.places
    named = places.numbered.get(authority.accountable_at_last_id or 0)
    if named is not None:
        yield named
    for slug in SAFEGUARDING_AND_REVIEW:
        yield from (post for post in roster.titled("authority", authority.pk, slug) if post.slug == slug)
    yield from places.tops.get(authority.pk, ())


def _person_found(roster: Roster, what: str, number: int | None) -> Found:
    person = roster.people.get(number) if number is not None else None
    if person is not None and person.pk in roster.barred:
        return Found(how=f"{person.name}, the child's {what}, {roster.barred[person.pk]}: {TELL}.")
    if person is None:
        return Found(how=f"No {what} is recorded for the child: {TELL}.")
    standing = roster.standing_for(person)
    if standing is None:
        return Found(how=f"{person.name}, the child's {what}, is not here and nobody covers: {TELL}.")
    return Found(
        person=standing.person,
        on_behalf_of=standing.on_behalf_of,
        everyone=(standing.person,),
        how=f"{standing.person.name}{standing.why} (the child's {what}).",
    )
