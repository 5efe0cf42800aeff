"""What Home shows besides what waits: by the posts a person holds, each part a table or a few lines."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from undrift.access.bringing import Bringer, Lacking
from undrift.access.emergency import long_unreviewed, unreviewed_by_others
from undrift.access.family_facts import FamilyFacts
from undrift.access.matrix import Action, Tie
from undrift.access.restricting import Looked, to_look_at
from undrift.access.rows import reach, visible_to
from undrift.access.scope import Scope
from undrift.applying.formats import FORMATS
from undrift.applying.on_file import failed_of
from undrift.children.plan_words import about_the_check
from undrift.desks.concern.rows import Presenter
from undrift.desks.frame.components import Dated, Link, Table, Work
from undrift.desks.frame.days import clock_time
from undrift.desks.frame.narrowing import with_query
from undrift.desks.frame.tone import lateness
from undrift.engine.dates.calendars import Calendar
from undrift.engine.dates.due import about_working_days_from, working_days_if_counted
from undrift.engine.dates.moments import LONDON, london_date
from undrift.engine.dates.words import due_label, full_day
from undrift.engine.ladder.standing import WAITING_FOR_CHAIR
from undrift.engine.rules import Rules
from undrift.library.numbers import HANDED_UP_AFTER, HIGHEST_LEVELS, LONG_OPEN, MIDWAY_AHEAD
from undrift.people.composed import MOMENT, composed, first, numbers, one_of
from undrift.people.models import Authority, Person
from undrift.record.adopted import rules_for
from undrift.record.allocations import AllocationPart
from undrift.record.sight import as_service
from undrift.resolutions.in_a_line import listed
from undrift.resolutions.models import Resolution
from undrift.resolutions.owed import Wording, late_actions, open_seen, shared_with, told_of_risk, unreached, wording_of
from undrift.resolutions.queries import Filters, worklist
from undrift.resolutions.with_another_chair import with_another_chair as others_decide

if TYPE_CHECKING:
    from undrift.access.models import Opening
    from undrift.children.models import Child, Conference, Family, KeyAction
    from undrift.desks.home.waiting import Waiting

A_FEW = 5
AN_ACTION = Wording("An agreed action")
SOME = 10
CHAIRS_SHOWN = 20
AT_REST = "Need to know"  # where those who guard the records find their pages while nothing waits for them


@dataclass(frozen=True)
class Part:
    """A table, a worklist or nothing under a heading, with a few lines and links onwards.

    `asks` is whether somebody waits for this reader to do something about it.
    """

    heading: str
    lines: tuple[str, ...] = ()
    table: Table | None = None
    works: tuple[Work, ...] = ()
    links: tuple[Link, ...] = ()
    asks: bool = False


NOTHING = Looked(to_lift=0, shut_to_all=0)


@dataclass
class OfTheCouncil:
    """What waits for those who guard a council's records, and for those who bring its children in."""

    unreviewed: list[Opening] = field(default_factory=list)
    restricted: Looked = NOTHING
    lacking: Mapping[AllocationPart, Lacking] = field(default_factory=dict)
    undone: int = 0


@dataclass(frozen=True)
class Desk:
    """One person's, at one moment. Each part costs one query, or two. `stands_in` are those they cover for today."""

    person: Person
    authority: Authority
    scope: Scope
    now: datetime
    stands_in: frozenset[int] = frozenset()

    @property
    def today(self) -> date:
        return london_date(self.now)

    @cached_property
    def facts(self) -> FamilyFacts:
        return FamilyFacts(self.person, self.now)

    @cached_property
    def show(self) -> Presenter:
        found = Presenter(self.person, self.now)
        found.knows(self.authority, self.calendar)
        return found

    @property
    def guards(self) -> bool:
        return Tie.WHOLE in self.scope.ties(Action.GUARD)

    @property
    def brings(self) -> bool:
        return Tie.WHOLE in self.scope.ties(Action.BRING)

    @cached_property
    def of_the_council(self) -> OfTheCouncil:
        """What those who guard its records and bring its children in ask as the service itself: all of it at once."""
        with as_service():
            found = OfTheCouncil()
            if self.guards:
                found.unreviewed = unreviewed_by_others(self.person, self.authority)[:SOME]
                found.restricted = to_look_at(self.person, self.authority, self.stands_in, self.now)
            if self.brings:
                found.lacking, found.undone = Bringer(self.person, self.authority, self.now).to_mend()
        return found

    @cached_property
    def rules(self) -> Rules:
        return rules_for(self.authority)

    @property
    def calendar(self) -> Calendar:
        return self.rules.calendar

    @cached_property
    def planned(self) -> list[Conference]:
        """Those that they chair: of this week, and every initial one that lies ahead. The soonest first."""
        return self.facts.chaired_conferences(2 * SOME, _begins(self.today), _week_ends(self.today))

    @property
    def visible(self) -> QuerySet[Resolution]:
        return visible_to(Resolution, self.person, self.now, self.scope).filter(ended_at=None)

    def due(self, day: date) -> Dated:
        return Dated(day, due_label(day, self.now, self.calendar), lateness(day, self.now, self.calendar))


Maker = Callable[[Desk], Part | None]


# Anybody's ------------------------------------------------------------------------------------------------------------


def shared_with_you(desk: Desk) -> Part | None:
    """What somebody shared with this person, for as long as it is open. Nothing is asked of them."""
    rows = [
        (full_day(london_date(one.at), short=True), one.by,
         Link(one.reference, desk.show.address("resolution", one.reference)), one.why)
        for one in shared_with(desk.scope, A_FEW)
    ]  # fmt: skip
    return _table("Shared with you", ("Shared on", "By", "Resolution", "Why"), rows)


def not_reached(desk: Desk) -> Part | None:
    """Whom no email reached about what this person sent, or chairs: somebody rings them."""
    rows = [
        (Link(reference, desk.show.address("resolution", reference)), f"Ring {name}")
        for reference, name in unreached(desk.scope, SOME)
    ]
    return _table("Not reached by email", ("Resolution", "What to do"), rows)


# A chair's ------------------------------------------------------------------------------------------------------------


def nobody_holds(desk: Desk) -> Part | None:
    """What waits for a post that nobody holds: nobody is asked, until somebody else is."""
    reached, protocol = reach(desk.scope), desk.rules.protocol
    rows = [
        (Link(r.reference, desk.show.address("resolution", r.reference)), protocol.title_of(r.next_role))
        for r in _held_by_nobody(desk.scope, reached is None, SOME, reached=reached)
    ]
    return _table("Nobody holds the post that has to act", ("Resolution", "Post"), rows)


@composed(reached=numbers)
def _held_by_nobody(scope: Scope, by_row: bool, most: int, reached: Any) -> QuerySet[Resolution]:
    found = open_seen(scope, by_row, reached).filter(~Q(next_role=""), next_person=None, next_name="")
    if not scope.whole:
        found = found.filter(one_of("chair", scope.people))
    return found.order_by("due_at", "pk")[:most]


def with_another_chair(desk: Desk) -> Part | None:
    """What is open about a child of theirs and is somebody else's to decide, for a brother or sister."""
    rows = [
        (Link(r.reference, desk.show.address("resolution", r.reference)), desk.rules.protocol.stage(r.stage).named,
         r.chair.name if r.chair else "Nobody on file")
        for r in others_decide(desk.scope, SOME)
    ]  # fmt: skip
    return _table("About your children, with another chair", ("Resolution", "Stage", "Chair"), rows)


def key_actions(desk: Desk) -> Part | None:
    """Feedback that the chair asked for and that has not come by its day."""
    rows = [
        (
            desk.due(action.feedback_due),
            family_link(listed([child.called for child in action.children.all()]), action.family),
            action.wording,
            _who(action),
        )
        for action in desk.facts.chaired_key_actions(SOME)
    ]
    return _table("Key actions overdue", ("Feedback due", "Children", "What was asked", "Who"), rows)


def _who(action: KeyAction) -> str:
    said = [action.who.name if action.who else "", action.agency.name if action.agency else ""]
    return ", ".join(filter(None, said)) or "Nobody on file"


def conferences_this_week(desk: Desk) -> Part | None:
    rows = [
        (_when(c.planned_for), family_link(str(c.family), c.family), c.get_kind_display(), c.reference)
        for c in desk.planned
        if c.planned_for is not None and c.planned_for < _week_ends(desk.today)
    ]
    return _and_the_others(_table(_which_conferences(desk), ("When", "Family", "Kind", "Reference"), rows[:SOME]))


def _and_the_others(part: Part | None) -> Part | None:
    return part and replace(part, links=(Link("All conferences", reverse("conferences")),))


def initial_conferences(desk: Desk) -> Part | None:
    """Those after this week: their children are not on a plan, and are prepared for now."""
    rows = [
        (_when(c.planned_for), family_link(str(c.family), c.family), c.reference)
        for c in desk.planned
        if c.planned_for is not None and c.planned_for >= _week_ends(desk.today)
    ]
    return _table("Initial conferences ahead", ("When", "Family", "Reference"), rows[:SOME])


def midway_checks(desk: Desk) -> Part | None:
    soon = desk.facts.chaired_midway_checks(A_FEW, until=desk.today + MIDWAY_AHEAD)
    rows = [
        (desk.due(check.due), _child_link(check.plan.child),
         Link(f"Look at {check.plan.child.called}’s plan", reverse("cycle-check", args=[check.plan.child.public_id])))
        for check in soon
    ]  # fmt: skip
    called = desk.rules.protocol.check
    found = _table(f"{called.capitalize()}s due", ("Due", "Child", "Check"), rows)
    return replace(found, lines=(about_the_check(called),)) if found is not None else None


def my_children(desk: Desk) -> Part | None:
    counted = desk.facts.chaired()
    if not counted.children:
        return None
    here = reverse("children")
    links = [Link("See your children", here)]
    if counted.late:
        links.append(Link("See those at third review or later", with_query(here, {"review": "third"})))
    said = (
        f"{_counted(counted.children, 'child', 'children')}, {_counted(counted.families, 'family', 'families')}. "
        f"{counted.late or 'None'} at third review or later."
    )
    return Part("Your children", (said,), links=tuple(links))


# The chairs' service --------------------------------------------------------------------------------------------------


def chairs_undecided(desk: Desk) -> Part | None:
    """Whose decisions wait, and how many of them past their time."""
    reached = reach(desk.scope)
    found = _undecided(desk.scope, reached is None, CHAIRS_SHOWN, reached=reached, now=desk.now)
    here = reverse("resolutions")
    rows = [
        (
            Link(name, with_query(here, {"chair": str(chair), "status": WAITING_FOR_CHAIR})) if chair
            else "Nobody on file",
            str(waiting),
            str(overdue or "None"),
        )
        for chair, name, waiting, overdue in found
    ]  # fmt: skip
    return _table("Waiting for a chair to decide", ("Chair", "Undecided", "Past the target"), rows)


@composed(reached=numbers, now=MOMENT)
def _undecided(scope: Scope, by_row: bool, most: int, reached: Any, now: Any) -> QuerySet[Resolution, tuple[Any, ...]]:
    still, turned = Q(turns_at=None) | Q(turns_at__gte=now), Q(turns_at__lt=now)
    waits = still & Q(tag=WAITING_FOR_CHAIR) | turned & Q(then_tag=WAITING_FOR_CHAIR)
    late = still & Q(due_at__lt=now) | turned & Q(then_due_at__lt=now)
    chairs = open_seen(scope, by_row, reached).filter(waits).order_by().values("chair", "chair__name")
    counted = chairs.annotate(waiting=Count("pk"), overdue=Count("pk", filter=late))
    told = counted.order_by("-overdue", "chair__name").values_list("chair", "chair__name", "waiting", "overdue")
    return told[:most]


def conferences_of_the_service(desk: Desk) -> Part | None:
    rows = [
        (_when(c.planned_for), c.reference, c.get_kind_display(), c.chair.name if c.chair else "Nobody on file")
        for c in _conferences(desk).select_related("chair")[:20]
        if c.planned_for is not None
    ]
    return _and_the_others(_table(_which_conferences(desk), ("When", "Reference", "Kind", "Chair"), rows))


# Managers -------------------------------------------------------------------------------------------------------------


def actions_late(desk: Desk) -> Part | None:
    """What was agreed and is past its day, in the teams or the service."""
    shown = late_actions(desk.scope, SOME, desk.now)
    wording = wording_of({duty.case_id for duty in shown})
    rows = [
        (desk.due(duty.due), wording.get((duty.case_id, duty.action), AN_ACTION).what,
         duty.person.name if duty.person else duty.name,
         Link(duty.case.reference, desk.show.address("resolution", duty.case.reference)))
        for duty in shown
        if duty.due is not None
    ]  # fmt: skip
    return _table("Actions late", ("Was due", "What was agreed", "Who", "Resolution"), rows)


# Directors ------------------------------------------------------------------------------------------------------------


def at_the_top(desk: Desk) -> Part | None:
    """What has come to the last stages of the ladder."""
    rows: list[Resolution] = []
    for stage in desk.rules.protocol.stages[-HIGHEST_LEVELS:]:
        rows += worklist(desk.person, Filters(stage=stage.id), now=desk.now, size=SOME).rows
    rows.sort(key=lambda r: (r.due_at is None, r.due_at or desk.now))
    return Part("At the highest stages", works=tuple(desk.show.works(rows[:SOME]))) if rows else None


def open_for_long(desk: Desk) -> Part | None:
    """Raised longer ago than the custom of the sector allows and still open."""
    calendar = desk.calendar
    since = about_working_days_from(desk.today, -LONG_OPEN, calendar)
    old = desk.visible.filter(raised_at__lt=_begins(since)).select_related("chair").order_by("raised_at", "pk")
    protocol = desk.rules.protocol
    rows = [
        (
            full_day(london_date(r.raised_at), short=True),
            Link(r.reference, desk.show.address("resolution", r.reference)),
            protocol.stage(r.stage).named,
            r.chair.name if r.chair else "Nobody on file",
            _working_days(working_days_if_counted(london_date(r.raised_at), desk.today, calendar)),
        )
        for r in old[:SOME]
    ]
    heads = ("Raised", "Resolution", "Stage", "Chair", "Working days open")
    return _table(f"Open for more than {LONG_OPEN} working days", heads, rows)


def _working_days(working_days: int | None) -> str:
    return "Not counted: bank holidays are missing" if working_days is None else str(working_days)


# Those who guard the records -----------------------------------------------------------------------------------------


def openings_to_review(desk: Desk) -> Part | None:
    """Emergency openings that nobody has reviewed; those that have waited for long first, and under their own name."""
    found = desk.of_the_council.unreviewed
    late = long_unreviewed(found, desk.authority, desk.now) if found else []
    rows = [
        (desk.due(one.review_due), Link(f"Opened by {one.person.name}", reverse("opening", args=[one.pk])),
         f"Nobody has reviewed it in {HANDED_UP_AFTER} working days" if one in late else "Waits for a review")
        for one in found
    ]  # fmt: skip
    pages = [Link("Emergency openings", reverse("openings")), Link("Restricted records", reverse("restricted"))]
    if Tie.WHOLE in desk.scope.ties(Action.AUDIT):
        pages.append(Link("Log of looks", reverse("audit")))
    if not rows:
        return Part(AT_REST, ("No emergency opening waits for a review.",), links=tuple(pages))
    heading = "Emergency openings to review"
    table = Table(heading, ("Review due", "Opening", "How it stands"), rows)
    return Part(heading, table=table, links=tuple(pages), asks=True)


def in_an_emergency(desk: Desk) -> Part:
    """For those whose work begins with a child they are not named for."""
    said = "One child’s record opens to you for an hour, to read. Those concerned are told at once."
    link = Link("I need to see a child I am not named for", reverse("glass"))
    return Part("In an emergency", (said,), links=(link,))


# Those who bring the children in --------------------------------------------------------------------------------------


def children_without(desk: Desk) -> Part | None:
    """How many children have no chair, no worker, no team; how much could not be done on its day."""
    lacking, undone = desk.of_the_council.lacking, desk.of_the_council.undone
    here = reverse("allocation")
    links = [
        Link(
            f"{_counted(found.all, 'child', 'children')} without {WITHOUT[part]}",
            with_query(here, {"lacks": part.value}),
        )
        for part, found in lacking.items()
        if any(one.all for one in lacking.values())
    ]
    if undone:
        links.append(Link(f"{_counted(undone, 'allocation', 'allocations')} that could not be done on the day", here))
    return Part("Children who lack somebody", links=tuple(links)) if links else None


def imports_that_failed(desk: Desk) -> Part | None:
    """A file that could not be used, was not applied, or was interrupted. Its name may be a child's: the kind alone."""
    links = [
        Link(
            f"{FORMATS[one.source_system].title}, checked {full_day(london_date(one.at), short=True)}: {why}",
            reverse("import-check", args=[one.reference]),
        )
        for one, why in failed_of(desk.authority, desk.now)
        if one.source_system in FORMATS
    ]
    return Part("Imports that came to nothing", links=tuple(links)) if links else None


WITHOUT = {
    AllocationPart.CHAIR: "a chair",
    AllocationPart.SOCIAL_WORKER: "a social worker",
    AllocationPart.TEAM: "a team",
}


# Which parts, by the kind of post -------------------------------------------------------------------------------------

CHAIR: tuple[Maker, ...] = (
    nobody_holds,
    with_another_chair,
    key_actions,
    conferences_this_week,
    initial_conferences,
    midway_checks,
    my_children,
)
SERVICE: tuple[Maker, ...] = (nobody_holds, chairs_undecided, actions_late)
TOP: tuple[Maker, ...] = (at_the_top, open_for_long)

BY_POST: Mapping[str, tuple[Maker, ...]] = {
    "chair": CHAIR,
    "cp-coordinator": CHAIR,
    "conference-chair": CHAIR,
    "group-manager-for-safeguarding-and-review": SERVICE,
    "principal-iro": SERVICE,
    "csc-quality-review-manager": SERVICE,
    "quality-review-manager": SERVICE,
    "head-of-service-for-safeguarding": (*TOP, chairs_undecided),
    "assistant-director": TOP,
    "director": TOP,
    "head-of-csc": TOP,
    "head-of-safeguarding-inspection-audit": TOP,
    "directorate-safeguarding-manager": TOP,
    "business-support-officer": (conferences_of_the_service,),
}


def parts(desk: Desk, posts: frozenset[str]) -> Iterator[Part]:
    """The parts of this person's posts, those with something in them, in a fixed order.

    What only says that nothing waits, with its links, stands below what does.
    """
    makers = dict.fromkeys(maker for post, makers in BY_POST.items() if post in posts for maker in makers)
    makers = {not_reached: None, shared_with_you: None, **makers}
    if desk.scope.units:
        makers.setdefault(actions_late)
    if desk.brings:
        makers = {imports_that_failed: None, **makers}
        makers.setdefault(children_without)
    if desk.guards:
        makers = {openings_to_review: None, **makers}
    if Tie.WHOLE in desk.scope.ties(Action.GLASS) and Tie.WHOLE not in desk.scope.ties(Action.CHILD):
        makers = {in_an_emergency: None, **makers}
    found = [part for maker in makers if (part := maker(desk)) is not None]
    yield from (part for part in found if part.heading != AT_REST)
    yield from (part for part in found if part.heading == AT_REST)


# Workings -------------------------------------------------------------------------------------------------------------


def _conferences(desk: Desk) -> QuerySet[Conference]:
    """Planned from today to the end of the week, the soonest first; from Friday on, next week too."""
    # By moments: a day worked out of each row would be asked after the policy, of every conference there has been.
    ahead = desk.facts.planned_conferences.filter(planned_for__gte=_begins(desk.today))
    return ahead.filter(planned_for__lt=_week_ends(desk.today))


def _week_ends(day: date) -> datetime:
    return _begins(_to_sunday(day) + timedelta(days=1))


def _to_sunday(day: date) -> date:
    left = 6 - day.weekday()
    return day + timedelta(days=left if left > 2 else left + 7)


def _which_conferences(desk: Desk) -> str:
    """What the list holds: at the end of the week it is the next one that matters, and the heading says so."""
    beyond = (_to_sunday(desk.today) - desk.today).days > 6 - desk.today.weekday()
    return "Conferences to the end of next week" if beyond else "This week’s conferences"


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)


@dataclass(frozen=True)
class AtRisk:
    """What is open with a child at immediate risk, but what is on the person's own list.

    `told`: they were told of it, and check that somebody has acted, as the message asks; a manager is told of what is
    their teams'. `overseen`: those who have a part in it have been told.
    """

    told: tuple[Work, ...] = ()
    overseen: tuple[Work, ...] = ()


def at_risk(by: Desk | Waiting, scope: Scope, now: datetime, known: Collection[str]) -> AtRisk:
    """Two queries, and one more where such a thing is about several children."""
    rows = [r for r in worklist(by.person, Filters(risk=True), now=now, size=SOME).rows if r.reference not in known]
    if not rows:
        return AtRisk()
    told, show = told_of_risk(scope.people, rows), by.show
    mine = {r.pk for r in rows if r.pk in told or r.team_id in scope.units}
    show.knows_risks(rows)
    return AtRisk(
        tuple(show.work(r) for r in rows if r.pk in mine),
        tuple(show.work(r) for r in rows if r.pk not in mine and scope.whole),
    )


def next_ahead(desk: Desk) -> str:
    """What comes next for a chair with nothing to do; "" where nothing is known to come."""
    soonest = first(desk.facts.chaired_midway_checks(1, since=desk.today))
    mine = desk.facts.planned_conferences.filter(chair__in=desk.scope.people, planned_for__gte=desk.now)
    planned = mine.select_related("family").first()
    ahead = []
    if soonest is not None:
        ahead.append((soonest.due, f"{soonest.plan.child.family} {desk.rules.protocol.check},"))
    if planned is not None and planned.planned_for is not None:
        ahead.append((london_date(planned.planned_for), f"{planned.family}, {planned.get_kind_display().lower()},"))
    owed = desk.visible.filter(chair__in=desk.scope.people, due__gte=desk.today).select_related("next_person")
    theirs = owed.exclude(next_person__in=desk.scope.people).order_by("due_at").first()
    if theirs is not None and theirs.due is not None:
        name = theirs.next_person.name if theirs.next_person else theirs.next_name
        ahead.append((theirs.due, f"{name or 'the next person'} has {theirs.reference} until"))
    if not ahead:
        return ""
    day, what = min(ahead)
    return f"Next: {what} {day.day} {day:%B}."


def _when(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local, time = london_date(moment), clock_time(moment)
    # A list without hours gives midnight, and no conference is held then.
    return f"{local:%A} {local.day} {local:%B}{f', {time}' if time != '12am' else ''}"


def _table(caption: str, heads: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> Part | None:
    return Part(caption, table=Table(caption, heads, rows)) if rows else None


def family_link(text: str, family: Family) -> Link:
    return Link(text, reverse("family", args=[family.reference]))


def _child_link(child: Child) -> Link:
    return Link(str(child), reverse("child", args=[child.public_id]))


def _counted(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
