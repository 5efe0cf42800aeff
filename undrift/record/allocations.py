"""Who chairs for a child, works with them, and which team has them: said once, done at once or on its day.

On the plan that runs. Before there is one: the chair of the planned initial conference, and the social worker who is
invited to it. Each change is kept beside what was before (`children.facts`). What is open follows in
`handing_on.follow_the_children`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from undrift.children import facts
from undrift.children.facts import Because
from undrift.children.models import Allocation, Child, Conference, Plan
from undrift.children.models import AllocationPart as AllocationPart
from undrift.children.models.conference import ConferenceKind
from undrift.children.other_records import kept_beside
from undrift.engine.dates.moments import LONDON, london_date
from undrift.people.models import Authority, Holding, Person, Unit
from undrift.people.models.organisation import AgencyKind
from undrift.people.peers import CHAIR_POSTS
from undrift.record.off_plan import WORKERS, restricted_off_plan
from undrift.record.sight import as_service

Taker = Person | Unit

HOLDS: dict[AllocationPart, frozenset[str]] = {
    AllocationPart.CHAIR: CHAIR_POSTS,
    AllocationPart.SOCIAL_WORKER: frozenset(WORKERS),
}
GUARDS_SAY = "Those who guard the record say who may see it. Ask Safeguarding and Review to name them first"


# Where a child's chair, worker and team stand -------------------------------------------------------------------------


def planned_initials() -> QuerySet[Conference]:
    """Initial conferences that lie ahead, or that nobody has said were held; of a family the last one counts."""
    return Conference.objects.filter(kind=ConferenceKind.INITIAL, held_on=None, cancelled_at=None).order_by(
        "family", "-planned_for", "-pk"
    )


def without_a_plan(family: int) -> list[Child]:
    """The children of the family whom its initial conference is about."""
    found = Child.objects.filter(family=family)
    return list(found.exclude(pk__in=Plan.objects.filter(ends=None, child__family=family).values("child")))


def invited_workers(conferences: Iterable[Conference], day: date) -> dict[int, list[Person]]:
    """Those invited to each of these, of one council, who hold a social worker's post of it that day. One query, or
    none.
    """
    return {
        number: sorted((one.person for one in held), key=lambda person: (person.name, person.pk))
        for number, held in _worker_posts(conferences, day).items()
    }


@dataclass(frozen=True)
class OffPlan:
    """Who has a child that is on no plan: by the initial conference that is planned; else who chaired the last plan."""

    chair: Person | None = None
    worker: Person | None = None
    team: Unit | None = None


def off_plan(children: Collection[Child], day: date) -> dict[int, OffPlan]:
    """Who has each of these, who are on no plan, by child. Three queries at most."""
    if not children:
        return {}
    families = {child.family_id for child in children}
    ahead = planned_initials().filter(family__in=families).select_related("chair")
    planned = {one.family_id: one for one in reversed(ahead)}
    workers = workers_invited(planned.values(), day)
    ended = Plan.objects.filter(child__in=[child.pk for child in children]).select_related("chair").order_by("starts")
    found = {plan.child_id: OffPlan(plan.chair) for plan in ended}
    for child in children:
        if child.family_id in planned:
            initial = planned[child.family_id]
            held = workers.get(initial.pk)
            found[child.pk] = OffPlan(initial.chair, held.person if held else None, held.post.unit if held else None)
    return found


def workers_invited(conferences: Iterable[Conference], day: date) -> dict[int, Holding]:
    """The post of the social worker invited to each of these, of one council, where it is one. One query, or none."""
    return {number: held[0] for number, held in _worker_posts(conferences, day).items() if len(held) == 1}


def _worker_posts(conferences: Iterable[Conference], day: date) -> dict[int, list[Holding]]:
    """A post of each social worker invited, by conference."""
    asked = list(conferences)
    if not asked:
        return {}
    numbers = [conference.pk for conference in asked]
    held = _live(day).filter(post__slug__in=WORKERS, post__authority=asked[0].authority_id)
    found = held.filter(person__conferences__in=numbers).annotate(invited_to=F("person__conferences"))
    invited: dict[int, dict[int, Holding]] = {}
    for one in found.filter(invited_to__in=numbers).select_related("person", "post__unit").order_by("-pk"):
        invited.setdefault(vars(one)["invited_to"], {})[one.person_id] = one
    return {number: list(held.values()) for number, held in invited.items()}


# Who may have the part ------------------------------------------------------------------------------------------------


def takers(authority: Authority, part: AllocationPart, day: date) -> QuerySet[Person] | QuerySet[Unit]:
    """Who holds such a post that day and has not said a last day; which units are teams."""
    if part is AllocationPart.TEAM:
        chairs = Q(posts__slug__in=CHAIR_POSTS)
        own = Unit.objects.filter(authority=authority, agency__kind=AgencyKind.CHILDRENS_SOCIAL_CARE)
        found = own.filter(Q(children=None) | Q(posts__slug__in=WORKERS)).exclude(
            pk__in=own.filter(chairs).values("pk")
        )
        return found.distinct().order_by("name", "pk")
    held = _live(day).filter(post__slug__in=HOLDS[part], post__authority=authority)
    here = Person.objects.filter(pk__in=held.values("person"), is_active=True, leaves_on=None)
    return here.order_by("name", "pk")


def people_who_take(authority: Authority, day: date) -> dict[AllocationPart, frozenset[int]]:
    """The numbers of `takers`, of each part that a person has. One query."""
    slugs = frozenset().union(*HOLDS.values())
    here = _live(day).filter(post__authority=authority, person__is_active=True, person__leaves_on=None)
    held = set(here.filter(post__slug__in=slugs).values_list("post__slug", "person"))
    return {part: frozenset(person for slug, person in held if slug in posts) for part, posts in HOLDS.items()}


def taker(authority: Authority, part: AllocationPart, number: int, day: date) -> Taker | None:
    """The one of that number among those who may have the part that day."""
    return takers(authority, part, day).filter(pk=number).first()


def _live(day: date) -> QuerySet[Holding]:
    return Holding.objects.filter(Q(ends=None) | Q(ends__gte=day), starts__lte=day)


@dataclass(frozen=True)
class Refused:
    """Why one child cannot have somebody in a part: a sentence without a name of the child."""

    child: Child
    sentence: str


def refusals(children: Iterable[Child], part: AllocationPart, to: Taker, day: date) -> list[Refused]:
    """Those of the children who cannot have that chair, worker or team from that day, each with why."""
    asked = list(children)
    shut = shut_to(asked, to, day) if isinstance(to, Person) else {}
    nowhere = _nowhere(asked, part)
    beside = _opened_beside(asked, to, day) if isinstance(to, Person) and part is AllocationPart.CHAIR else {}
    return [
        Refused(one, said) for one in asked if (said := shut.get(one.pk) or nowhere.get(one.pk) or beside.get(one.pk))
    ]


NOT_OPENED = """
SELECT array(SELECT unnest(undrift_barred(ARRAY[%(person)s]::bigint[]))),
    array(SELECT child_id FROM access_listing
          WHERE person_id = %(person)s AND starts <= %(day)s AND (ends IS NULL OR ends >= %(day)s))
"""


def shut_to(children: Collection[Child], to: Person, day: date) -> dict[int, str]:
    """For which of the children a part in it may not open the record to this person.

    A restricted record is opened by whoever guards it, and not by allocating: to those named for it, and to whoever
    has it open already.
    """
    with connection.cursor() as cursor:
        cursor.execute(NOT_OPENED, {"person": to.pk, "day": day})
        barred, named = map(set, cursor.fetchone())
    theirs = Plan.objects.filter(Q(chair=to) | Q(social_worker=to), ends=None, child__in=children)
    opened = named | set(theirs.values_list("child", flat=True))
    said = {}
    for child in children:
        if child.pk in barred:
            said[child.pk] = f"{to.name} cannot have this child. {GUARDS_SAY}, or choose somebody else"
        elif child.restricted and child.pk not in opened:
            said[child.pk] = f"The record is restricted, and {to.name} is not named for it. {GUARDS_SAY}"
    return said


# Whose record it is, and that it is restricted, is not for whoever allocates to know.
BESIDE = (
    "The conference ahead is not about this child alone, and {} cannot be given it by this. Ask Safeguarding and"
    " Review, or choose somebody else"
)


def _opened_beside(children: Sequence[Child], to: Person, day: date) -> dict[int, str]:
    """Of which of the children the initial conference ahead would take the chair to a restricted record beside theirs.

    It is about all of the family who are on no plan, and its chair sees each of them.
    """
    planned = Plan.objects.filter(ends=None)
    restricted = restricted_off_plan(Q(family__in={child.family_id for child in children}))
    beside = list(restricted.exclude(pk__in=[child.pk for child in children]))
    if not beside:
        return {}
    shut = shut_to(beside, to, day)
    families = {one.family_id for one in beside if one.pk in shut}
    initials = planned_initials().filter(family__in=families).exclude(chair=to)
    chairs = set(initials.values_list("family", "chair"))
    ahead = {family for family, _ in chairs}
    theirs = dict(planned.filter(child__in=children).values_list("child", "chair"))
    return {
        child.pk: BESIDE.format(to.name)
        for child in children
        if child.family_id in ahead and (child.pk not in theirs or (child.family_id, theirs[child.pk]) in chairs)
    }


ANOTHER = "Another record of this child goes on. Say of that one who has the child"
NO_PLAN = "The child is on no plan, and no initial conference is planned"
NO_TEAM_YET = "Before there is a plan, the team is that of the social worker. Choose a social worker"


def _nowhere(children: Collection[Child], part: AllocationPart) -> dict[int, str]:
    """For which of the children nothing says who has them, so that nothing can be changed."""
    planned = set(Plan.objects.filter(child__in=children, ends=None).values_list("child", flat=True))
    off_plan = [child for child in children if child.pk not in planned]
    ahead = planned_initials().filter(family__in={child.family_id for child in off_plan})
    families = set(ahead.values_list("family", flat=True)) if off_plan else set()
    beside = kept_beside(child.pk for child in children)
    said = {}
    for child in children:
        if child.pk in beside:
            said[child.pk] = ANOTHER
        elif child.pk not in planned and child.family_id not in families:
            said[child.pk] = NO_PLAN
        elif child.pk not in planned and part is AllocationPart.TEAM:
            said[child.pk] = NO_TEAM_YET
    return said


# Written down ---------------------------------------------------------------------------------------------------------


def put(child: Child, part: AllocationPart, to: Taker | None, because: Because) -> bool:
    """The child has that chair, worker or team from now on; whether that is another than before."""
    plan = Plan.objects.select_for_update().filter(child=child, ends=None).order_by("-starts").first()
    number = to.pk if to is not None else None
    if plan is None:
        conference = planned_initials().filter(family=child.family_id).select_for_update().first()
        assert conference is not None, "asked before: refusals"
        return _before_the_plan(conference, part, to, because)
    before = plan.chair_id
    changed = facts.change(plan, {f"{part.value}_id": number}, because)
    if changed and part is AllocationPart.CHAIR:
        _conferences_follow(child, before, number, because)
    return bool(changed)


def _conferences_follow(child: Child, before: int | None, chair: int | None, because: Because) -> None:
    """The family's planned conferences go with its children, once none of them has the earlier chair any more."""
    family = Plan.objects.filter(child__family=child.family_id, ends=None)
    if before is not None and family.filter(chair=before).exists():
        return
    today = datetime.combine(london_date(because.at), datetime.min.time(), tzinfo=LONDON)
    planned = Conference.objects.filter(
        family=child.family_id, chair=before, held_on=None, cancelled_at=None, planned_for__gte=today
    )
    children = list(Child.objects.filter(family=child.family_id))
    for conference in planned.select_for_update():
        facts.change(conference, {"chair_id": chair}, because, of=children)


def _before_the_plan(conference: Conference, part: AllocationPart, to: Taker | None, because: Because) -> bool:
    """It is the conference of all children of the family who are not on a plan."""
    children = without_a_plan(conference.family_id)
    if part is AllocationPart.CHAIR:
        return bool(facts.change(conference, {"chair_id": to.pk if to else None}, because, of=children))
    assert isinstance(to, Person), "a team before there is a plan is refused"
    invited = invited_workers([conference], london_date(because.at)).get(conference.pk, [])
    if invited == [to]:
        return False
    before = _those_invited(conference)
    conference.participants.remove(*invited)
    conference.participants.add(to)
    was = str(invited[0].pk) if len(invited) == 1 else ""
    changed = [(part.value, was, str(to.pk))]
    if len(invited) > 1:  # nobody was the one who had it: whom this leaves out stands with all who were invited
        changed.append(("participants", before, _those_invited(conference)))
    facts.keep(facts.changed(conference, child.pk, *one, because) for child in children for one in changed)
    return True


def _those_invited(conference: Conference) -> str:
    """By number, as the history has several people."""
    return ",".join(map(str, conference.participants.order_by("pk").values_list("pk", flat=True)))


# From a day to come ---------------------------------------------------------------------------------------------------


def waiting(authority: Authority) -> QuerySet[Allocation]:
    """What is to be, and is not done or taken back."""
    found = Allocation.objects.filter(authority=authority, done_at=None, ended_at=None)
    return found.select_related("child", "person", "unit", "by")


@as_service()
def do_those_of_today(now: datetime) -> int:
    """Allocate what somebody said would be so from today, or from an earlier day; how many children changed.

    What cannot be done any more, as somebody left or was kept out since, is ended without a name: it is shown as not
    done to whoever allocates. Run as often as one likes.
    """
    today = london_date(now)
    due = Allocation.objects.filter(from_day__lte=today, done_at=None, ended_at=None)
    changed = 0
    for number in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            one = due.filter(pk=number).select_for_update(skip_locked=True, of=("self",)).first()
            if one is not None:
                changed += _do(one, now)
    return changed


def _do(one: Allocation, now: datetime) -> bool:
    part, to = AllocationPart(one.part), one.person or one.unit
    assert to is not None, "an allocation is to somebody"
    there = takers(one.authority, part, london_date(now)).filter(pk=to.pk).exists()
    if not there or refusals([one.child], part, to, london_date(now)):
        Allocation.objects.filter(pk=one.pk).update(ended_at=now)
        return False
    changed = put(one.child, part, to, Because(at=now, by=one.by, why=one.why))
    Allocation.objects.filter(pk=one.pk).update(done_at=now)
    return changed
