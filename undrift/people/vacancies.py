"""Posts without a holder and people without a manager: found afresh each time; an empty post is kept as an alarm."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max

from undrift.engine.dates.moments import london_date
from undrift.people.finders import answering_for
from undrift.people.found import Found
from undrift.people.kept_rosters import Version, roster_of
from undrift.people.models import Authority, Holding, Person, Post, Unit, Vacancy
from undrift.people.roster import Roster, in_reach, load_roster

# Who is told that a post is empty. Posts by kind.
ALARMED = (
    "group-manager-for-safeguarding-and-review",
    "principal-iro",
    "csc-quality-review-manager",
    "quality-review-manager",
)
# Posts with nobody above them in their own organisation.
TOPMOST = frozenset({"chief-officer", "chief-executive", "director"})


@dataclass(frozen=True)
class EmptyPost:
    """A post that nobody holds in their own right, since when, and who answers for it meanwhile."""

    post: Post
    since: date
    found: Found


@dataclass(frozen=True)
class Unmanaged:
    """Somebody with nobody above them, and the sentence that says why."""

    person: Person
    why: str


@dataclass(frozen=True)
class Noted:
    """What changed among the alarms."""

    begun: tuple[Vacancy, ...]
    ended: int


def posts_without_a_holder(authority: Authority, at: datetime) -> list[EmptyPost]:
    """The authority's posts, and those its partnership shares, that nobody holds today. Four queries."""
    roster = load_roster(authority, (), at)
    empty = [post for post in roster.posts if not roster.held(post)]
    last = dict(
        Holding.objects.filter(post__in=[post.pk for post in empty], kind="holder", ends__lt=roster.day)
        .values_list("post")
        .annotate(last=Max("ends"))
    )
    return [
        EmptyPost(post, _day_after(last.get(post.pk), roster.day), answering_for(post, authority, roster))
        for post in empty
    ]


def _day_after(last: date | None, today: date) -> date:
    return last + timedelta(days=1) if last is not None else today


def people_without_a_manager(authority: Authority, at: datetime) -> list[Unmanaged]:
    """The authority's people whom nobody manages today, by name. Four queries."""
    roster = load_roster(authority, (), at)
    held: dict[int, list[Post]] = {}
    for post in roster.posts:
        for holding in roster.holdings.get(post.pk, ()):
            held.setdefault(holding.person_id, []).append(post)
    people = Person.objects.filter(authority=authority, is_active=True).order_by("name", "pk")
    return [
        Unmanaged(person, why)
        for person in people
        if person.serves_on(roster.day) and (why := _why_unmanaged(person, held.get(person.pk, ()), roster))
    ]


def _why_unmanaged(person: Person, posts: Iterable[Post], roster: Roster) -> str:
    """ "" where somebody manages them in at least one post, or where they are at the top."""
    why = "Holds no post today."
    for post in posts:
        if post.slug in TOPMOST:
            return ""
        if post.unit_id is None:
            why = f"{post.title} sits in no unit."
            continue
        above = [standing for up in roster.upwards(post) if (standing := roster.in_post(up)) is not None]
        if any(standing.person != person for standing in above):
            return ""
        why = f"Nobody is in a post above {post.title}, {roster.unit_name(post.unit_id)}."
    return why


def note_vacancies(authority: Authority, at: datetime) -> Noted:
    """Bring the alarms in line with the posts. Run twice it changes nothing the second time."""
    empty = {one.post.pk: one for one in posts_without_a_holder(authority, at)}
    day = london_date(at)
    known = Vacancy.objects.filter(in_reach(authority), ended=None)
    over = known.exclude(post__in=empty).update(ended=day)
    alarmed = {vacancy.post_id: vacancy for vacancy in known.filter(post__in=empty)}
    for pk, vacancy in alarmed.items():
        found = empty[pk].found
        if (vacancy.fell_to_id, vacancy.how) != (found.person and found.person.pk, found.how):
            vacancy.fell_to, vacancy.how = found.person, found.how
            vacancy.save(update_fields=["fell_to", "how"])
    begun = Vacancy.objects.bulk_create(
        (
            Vacancy(
                authority_id=one.post.authority_id,
                partnership_id=one.post.partnership_id,
                post=one.post,
                since=one.since,
                noticed_at=at,
                fell_to=one.found.person,
                how=one.found.how,
            )
            for pk, one in empty.items()
            if pk not in alarmed
        ),
        ignore_conflicts=True,
    )
    return Noted(tuple(begun), over)


def alarmed_people(authority: Authority, at: datetime, version: Version | None = None) -> tuple[Person, ...]:
    """Who is told of an empty post: those in charge of Safeguarding and Review, or who stands in for them.

    No query where the database said the roster's `version` in this transaction and it is kept.
    """
    roster = roster_of(authority, (), at, version)
    posts = (post for slug in ALARMED for post in roster.posts if post.slug == slug)
    found = (roster.in_post(post) for post in posts if post.authority_id == authority.pk)
    return tuple(dict.fromkeys(standing.person for standing in found if standing is not None))


def units_in_reach(authority: Authority) -> list[Unit]:
    """The authority's units and those its partnership shares, by agency and name."""
    return list(Unit.objects.filter(in_reach(authority)).select_related("agency").order_by("agency__name", "name"))
