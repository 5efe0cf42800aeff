"""What one owes beside the resolutions: feedback on a key action, steps after a conference. Shown, not done here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from undrift.access.family_facts import FamilyFacts
from undrift.desks.concern.rows import Presenter
from undrift.desks.frame.components import Dated, Link, Table
from undrift.desks.frame.narrowing import with_query
from undrift.desks.home.parts import SOME, Desk, Part, family_link
from undrift.engine.dates.moments import london_date
from undrift.engine.dates.words import full_day
from undrift.people.models import Person
from undrift.plan_cycle.key_actions import asked_now
from undrift.plan_cycle.queries import due_in_cycles
from undrift.resolutions.owed import brought_to
from undrift.resolutions.plan_cycle import NOT_RECORDED, CycleStep, steps_after, steps_are_owed

if TYPE_CHECKING:
    from undrift.children.models import Conference, KeyAction
    from undrift.desks.home.waiting import Waiting

TELL_THE_CHAIR = (
    "Tell the chair of the conference how it stands. The answer is noted in the case system for now, and this stays "
    "here until it is on file."
)
BROUGHT, PAST = "brought", "past"  # in the address of home: what was brought to the partnership and is over
NO_DETAILS = "The record itself is not open to you. The council tells you what the partnership needs to know."
IN_THE_CYCLE = "Record in the child’s plan cycle that it was done."


def owed(person: Person, desk: Desk | None, now: datetime, *, past: bool = False) -> Iterator[Part]:
    """`desk` is None for whoever works in a partner agency; `past`: what was brought to the partnership and is over."""
    found = (
        for_the_partnership(person, past=past),
        due_in_plan_cycles(desk) if desk is not None else key_actions_asked(person, now),
        key_actions_owed(person, now),
        steps_owed(desk) if desk is not None else None,
    )
    yield from (part for part in found if part is not None)


def with_the_chair(waiting: Waiting) -> Iterator[Part]:
    """What was agreed with this person and is past its date: for information, while the chair decides."""
    rows = [
        (
            Dated(task.day, task.label, task.tone) if task.day else task.label,
            Link(task.title, task.href),
            task.happened,
            task.waits_for,
        )
        for task in waiting.for_information[:SOME]
    ]
    heading = "Agreed with you, and now with the chair"
    if rows:
        table = Table(heading, ("Was due", "Children", "What happened", "Waits for"), rows)
        yield Part(heading, table=table)


def due_in_plan_cycles(desk: Desk) -> Part | None:
    """What this person owes around conferences, each with the page where it is done."""
    rows = [
        (desk.due(due.day) if due.day is not None else "No date is set",
         Link(due.whose, reverse("child-cycle", args=[due.child])), due.what)
        for due in due_in_cycles(desk.person, desk.now, SOME + 1)
    ]  # fmt: skip
    heading = "Due in plan cycles"
    more = (f"The first {SOME} are shown. What else is due stands on each child’s page.",) if rows[SOME:] else ()
    table = Table(heading, ("Due", "Whose", "What"), rows[:SOME])
    return Part(heading, more, table=table) if rows else None


def key_actions_asked(person: Person, now: datetime) -> Part | None:
    """What a conference asked of somebody in an agency, each with the page where they say how it stands."""
    show = Presenter(person, now)
    rows = []
    found = asked_now(person, now, SOME + 1)
    for asked in found[:SOME]:
        label, tone = show.date_words(asked.case.authority, asked.action.by)
        tell = Link("Tell the chair", reverse("key-action", args=[asked.case.reference, asked.action.id]))
        rows.append((Dated(asked.action.by, label, tone), asked.children, asked.action.wording, asked.conference, tell))
    heads = ("Feedback due", "Children", "What was asked", "Conference", "Next")
    heading = "Key actions of conferences"
    more = (f"The first {SOME} are shown. The others come up as you tell the chair of these.",) if found[SOME:] else ()
    return Part(heading, more, table=Table(heading, heads, rows)) if rows else None


def key_actions_owed(person: Person, now: datetime) -> Part | None:
    """What a conference asked of this person, about whom, and who waits for it; nothing of the family's record."""
    show = Presenter(person, now)
    rows = []
    for action in FamilyFacts(person, now).own_key_actions(SOME):
        label, tone = show.date_words(action.authority, action.feedback_due)
        due = Dated(action.feedback_due, label, tone)
        rows.append((due, _initials(action), action.wording, _conference(action), _whom_to_tell(action)))
    heading = "Feedback asked of you"
    heads = ("Feedback due", "Children", "What was asked", "Conference", "Whom to tell")
    return Part(heading, (TELL_THE_CHAIR,), table=Table(heading, heads, rows)) if rows else None


def _initials(action: KeyAction) -> str:
    """A child by initials: whoever was asked knows who it is, and nobody else who reads over a shoulder does."""
    family = action.family.name
    return ", ".join(f"{child.called[:1]}. {family[:1]}." for child in action.children.all()) or "The family"


def _conference(action: KeyAction) -> str:
    held = action.conference
    moment = (held.held_on or held.planned_for) if held is not None else None
    said = full_day(london_date(moment), short=True) if moment is not None else "Date not on file"
    return f"{said}, {action.authority.name}"


def _whom_to_tell(action: KeyAction) -> str:
    held = action.conference
    if held is not None and held.chair is not None:
        return f"{held.chair.name}, chair of the conference"
    ring = action.authority.mailbox_phone
    return f"Safeguarding and Review{f', {ring}' if ring else ''}"


def calls_left(waiting: Waiting) -> Iterator[Part]:
    """Calls of records that ended long ago: small, and away as soon as one is recorded or said to be impossible."""
    rows = [
        (full_day(task.day, short=True) if task.day else "", task.title,
         Link("Record the call, or say why there is none", task.action_href))
        for task in waiting.calls_left[:SOME]
    ]  # fmt: skip
    heading = "Calls not recorded before it ended"
    if rows:
        yield Part(heading, table=Table(heading, ("Urgent action", "Children", "Call"), rows))


def for_the_partnership(person: Person, *, past: bool) -> Part | None:
    """What a Director brings to the wider partnership: from where, when, and whom to ring. No child and no record.

    What is decided or has ended is no more to be done, and is a link away.
    """
    if person.authority_id is not None:
        return None
    rows = [
        (full_day(london_date(one.at), short=True), one.council, one.stage,
         f"Ring Safeguarding and Review{f', {one.ring}' if one.ring else ''}")
        for one in brought_to(person, SOME, past=past)
    ]  # fmt: skip
    heads = ("Brought on", "Council", "Answered at", "To hear more")
    heading = "Brought to the partnership before" if past else "For the partnership"
    home = reverse("home")
    links: tuple[Link, ...] = ()
    if past:
        links = (Link("What is brought to the partnership now", home),)
    elif person.partnership_id is not None and brought_to(person, 1, past=True):
        links = (Link("What was brought before, and is decided or has ended", with_query(home, {BROUGHT: PAST})),)
    if rows:
        return Part(heading, (NO_DETAILS,), table=Table(heading, heads, rows), links=links)
    nothing = "Nothing was brought before." if past else "Nothing is brought to the partnership now."
    return Part(heading, (nothing,), links=links) if links else None


def steps_owed(desk: Desk) -> Part | None:
    """The steps that the policy dates from a conference and that are this person's: the sheet, the core group."""
    conferences = desk.facts.latest_conferences()
    if not conferences or not steps_are_owed(rules := desk.rules):
        return None
    worked = desk.facts.families_worked_with()
    theirs = [
        (step, held)
        for held in conferences
        for step in steps_after(rules, held)
        if _is_theirs(step, held, desk, worked)
    ]
    theirs.sort(key=lambda each: (each[0].due.date or desk.today, each[1].pk))
    rows = list(_rows(theirs[:SOME], desk))
    heading = "Steps after a conference"
    more = (f"The first {SOME} of {len(theirs)} are shown.",) if len(theirs) > SOME else ()
    table = Table(heading, ("Due", "Family", "Step", "Conference"), rows)
    return Part(heading, (IN_THE_CYCLE, *more), table=table) if rows else None


def _is_theirs(step: CycleStep, held: Conference, desk: Desk, worked: frozenset[int]) -> bool:
    """The chair's where they chaired it; of others, where they work with the family: the worker, and the core group."""
    if step.done is not None or step.is_open_until:
        return False
    return held.chair_id in desk.scope.people if step.role == "chair" else held.family_id in worked


def _rows(steps: list[tuple[CycleStep, Conference]], desk: Desk) -> Iterator[tuple[object, ...]]:
    for step, held in steps:
        link: Link = family_link(str(held.family), held.family)
        due: Dated | str = desk.due(step.due.date) if step.due.date is not None else step.due.none_because or ""
        if isinstance(due, Dated) and not step.is_told and due.day < desk.today:
            due = Dated(due.day, NOT_RECORDED)
        yield due, link, step.title, full_day(step.conference, short=True)
