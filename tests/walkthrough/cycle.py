"""What people do in the cycle of a child's plan: before a conference, at it, after it, and between two of them.

Each begins on the cycle's own page, and ends there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tests.walkthrough import steps
from tests.walkthrough.steps import Agreed
from tests.walkthrough.walking import Walk, Walker
from undrift.children.models import Child

WHICH = "Which children is it about?"


def child_of(walk: Walk, family: str, child: str) -> Child:
    return walk.demo.homes[family].child[child]


def opens_the_cycle(who: Walker, family: str, child: str) -> None:
    who.opens(f"/children/{child_of(who.walk, family, child).public_id}/cycle")


# Good practice --------------------------------------------------------------------------------------------------------


def writes_a_letter(chair: Walker, family: str, child: str, text: str, tier: str, worker: str, shared: str) -> str:
    """A good practice note, written to the child; where it is read."""
    opens_the_cycle(chair, family, child)
    chair.clicks("Write a good practice letter")
    chair.sees(f"It begins with “Dear {child},”", f"Shared with: {shared}")
    chair.types(text, into=f"What do you want to tell {child}?")
    chair.chooses(tier, to="How good was it?")
    chair.types(worker, into="Whose work is it about?")
    chair.chooses("No", to="May a sentence of it stand in the report of good practice?")
    chair.clicks("Save the letter")
    chair.sees("The letter is on the record.")
    chair.walk.works()
    chair.clicks("Read", about="the letter of")
    return chair.where()


# Before a conference --------------------------------------------------------------------------------------------------


def records_the_strategy_discussion(chair: Walker, family: str, child: str, on: date, last: date) -> None:
    """With which the cycle begins; `last` is the last day for the conference, which counts from it."""
    opens_the_cycle(chair, family, child)
    chair.clicks("Record the strategy discussion")
    chair.types_day(on, into="On which day was the strategy discussion?")
    chair.clicks("Save the day")
    chair.sees("The strategy discussion is on the record.", "Began with the strategy discussion of")
    chair.walk.works()
    chair.clicks("Fix a conference")
    chair.sees(f"The last day for it is {chair.walk.full(last)}.")


def fixes_the_conference_of_the_file(chair: Walker, family: str, child: str, *others: str) -> None:
    """Kind, day and who is invited stand there already, as the case system has them."""
    opens_the_cycle(chair, family, child)
    chair.clicks("Fix a conference")
    if others:
        chair.ticks(child, *others, to=WHICH)
    chair.clicks("Fix the conference")
    chair.sees("The conference is fixed.")
    chair.walk.works()


def says_that_the_report_was_shared(worker: Walker, family: str, child: str, *, by: str) -> None:
    """`by` is the last day, which stands there with what it is counted from."""
    opens_the_cycle(worker, family, child)
    worker.clicks("Say that it was shared")
    worker.sees(f"by {by}. Not there yet")
    worker.chooses("Social Worker", to="Whose report is it?")
    worker.clicks("Save")
    worker.sees("It is on the record that it was shared.")
    worker.walk.works()


@dataclass(frozen=True, kw_only=True)
class Talk:
    """What the chair and the social worker came to. `lacking`: what the checklist asks, and the answer was no."""

    how: str
    lacking: tuple[str, ...]
    agreed: str
    outcome: str


def records_the_discussion(chair: Walker, family: str, child: str, talk: Talk) -> None:
    opens_the_cycle(chair, family, child)
    chair.clicks("Record the discussion")
    chair.types(talk.how, into="How, and with whom?")
    for question in talk.lacking:
        chair.chooses("No", to=question)
    chair.types(talk.agreed, into="What was agreed, and who does it before the conference?")
    chair.chooses(talk.outcome, to="What came of it?")
    chair.clicks("Save the discussion")
    chair.sees(f"{talk.outcome}.", talk.how, *talk.lacking, talk.agreed)
    chair.walk.works()


# At a conference and after it -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Decided:
    """`overruled`: for whom the chair decided otherwise than the conference, and why."""

    came: tuple[str, ...]
    plan: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    overruled: Mapping[str, str] = field(default_factory=dict)
    dissent: tuple[str, str] = ("", "")
    ended: str = ""
    next_review: date | None = None


def records_what_was_decided(chair: Walker, decided: Decided) -> None:
    """On the page that asks for it."""
    chair.sees("A conference recommends. It cannot order an agency")
    chair.types(decided.ended, into="When did it end?")
    chair.types("\n".join(decided.came), into="Who came?")
    chair.chooses("Yes", to="Was it quorate?")
    for child in decided.plan:
        chair.chooses("A child protection plan", to=f"What was decided for {child}?")
    for child in decided.none:
        chair.chooses("No plan", to=f"What was decided for {child}?")
    for child, why in decided.overruled.items():
        chair.types(why, into=f"If you decided otherwise than the conference for {child}, why?")
    if decided.next_review is not None:
        chair.types_day(decided.next_review, into="When is the next review?")
    who, why = decided.dissent
    if who:
        chair.types(who, "Who does not agree?", "Dissent 1")
        chair.types(why, "Why?", "Dissent 1")
    chair.clicks("Save what was decided")
    chair.sees("What was decided is on the record.")
    chair.walk.works()


def writes_the_outline(chair: Walker, parts: Mapping[str, str]) -> None:
    """From the cycle to the decision sheet, which then shows each part."""
    chair.clicks("Write the outline")
    for part, text in parts.items():
        chair.types(text, into=part)
    chair.clicks("Save the outline plan")
    chair.sees("Decision sheet", *parts, *parts.values())


def says_that_the_sheet_was_sent(chair: Walker, *to: str) -> None:
    chair.clicks("Say that the decision sheet was sent")
    chair.finds("\n".join(to), into="To whom?")
    chair.clicks("Save")
    chair.sees("It is on the record that it was sent.", f"to {', '.join(to)}")
    chair.walk.works()


def asks_to_hear(chair: Walker, wording: str, who: str, by: date) -> None:
    chair.clicks("Ask to hear about a key action")
    chair.types(wording, into="What is to be done, as the conference worded it?")
    chair.types(who, into="Who tells the chair how it stands?")
    chair.types_day(by, into="By when?")
    chair.clicks("Ask to hear about it")
    chair.sees("It is on the record, and whoever was chosen is told.", wording)
    chair.walk.works()


def tells_the_chair(who: Walker, family: str, child: str, done: str, stands: str) -> None:
    opens_the_cycle(who, family, child)
    who.clicks("Tell the chair")
    who.chooses(done, to="Is it done?")
    who.types(stands, into="How does it stand, and what is different for the child?")
    who.clicks("Tell the chair")
    who.sees("The chair is told.", stands)
    who.walk.works()


def records_the_core_group(who: Walker, family: str, *children: str, came: Iterable[str]) -> None:
    """It was held about each of these children, and developed the outline plan."""
    opens_the_cycle(who, family, children[0])
    who.clicks("Record the core group")
    if len(children) > 1:
        who.ticks(*children, to=WHICH)
    who.chooses("It was held", to="Was it held?")
    who.types("\n".join(came), into="Who came?")
    who.chooses("Yes", to="Was the plan developed or updated?")
    who.clicks("Save the core group")
    who.sees("The core group is on the record.", "and the plan was updated")
    who.walk.works()


def checks_the_plan(chair: Walker, child: str, different: str, stands: tuple[str, str], then: str) -> None:
    """On the page that asks for it: the child first, then an action of the plan; it finds a concern."""
    action, how = stands
    chair.types(different, into=f"What is different for {child} now?")
    chair.types(action, into="Which action of the plan?", within="Action 1")
    chair.chooses(how, to="How does it stand?", within="Action 1")
    chair.chooses("There is a concern", to="What is your view of the plan?")
    chair.chooses(then, to="What happens next?")
    chair.clicks("Save the check")
    chair.sees("The check is on the record.", different)
    chair.walk.works()


# Beside it ------------------------------------------------------------------------------------------------------------


def records_an_appeal(chair: Walker, family: str, child: str, who: str, says: str) -> None:
    opens_the_cycle(chair, family, child)
    chair.clicks("Record an appeal, a complaint, dissent or a referral")
    chair.chooses("Appeal against a conference decision", to="Which is it?")
    chair.chooses("A parent", to="Who takes it?")
    chair.types(who, into="What is their name?")
    chair.types(says, into="What does it say?")
    chair.clicks("Put it on the record")
    chair.sees("It is on the record.", who)
    chair.walk.works()


def upholds_it(manager: Walker, family: str, child: str, why: str) -> None:
    opens_the_cycle(manager, family, child)
    manager.clicks("Decide")
    manager.chooses("Yes", to="Is it upheld?")
    manager.types(why, into="Why?")
    manager.clicks("Save the decision")
    manager.sees("The decision is on the record.", f"Upheld. {why}")
    manager.walk.works()


def fixes_it_again(chair: Walker, family: str, child: str, which: str, on: date) -> None:
    opens_the_cycle(chair, family, child)
    chair.clicks("Fix the day for it")
    chair.chooses("Reconvened conference", to="Which conference is it?")
    chair.chooses(which, to="Which one is held again?")
    chair.types_day(on, into="On which day?")
    chair.clicks("Fix the conference")
    chair.sees("The conference is fixed.", "Reconvened conference")
    chair.walk.works()


def says_that_it_is_not_accepted(who: Walker, family: str, child: str, agency: str, what: str, why: str) -> None:
    opens_the_cycle(who, family, child)
    who.clicks("Say that a recommendation is not accepted")
    who.types(agency, into="Which agency does not accept it?")
    who.types(what, into="What was recommended?")
    who.types(why, into="Why is it not accepted?")
    who.clicks("Tell the chair")
    who.sees("The chair is told.")
    who.walk.works()


# On file, and to the end ----------------------------------------------------------------------------------------------


def _keeps_the_file(who: Walker, family: str, child: str, happened: str, asked: str, on: date) -> None:
    who.opens(f"/allocation/children/{child_of(who.walk, family, child).public_id}")
    who.clicks(happened)
    who.types_day(on, into=asked)


def puts_the_plan_on_file(who: Walker, family: str, child: str, on: date) -> None:
    _keeps_the_file(who, family, child, "A plan begins", "First day of the plan", on)
    who.chooses("Neglect", to="Category")
    who.clicks("Put the plan on file")
    who.walk.works()


def ends_the_plan_on_file(who: Walker, family: str, child: str, on: date) -> None:
    _keeps_the_file(who, family, child, "The plan ends", "Last day of the plan", on)
    who.clicks("End the plan")
    who.walk.works()


def ends_the_cycle(chair: Walker, family: str, child: str, why: str) -> None:
    opens_the_cycle(chair, family, child)
    chair.clicks("End the plan cycle")
    chair.types(why, into="Why?")
    chair.clicks("End the plan cycle")
    chair.sees("The plan cycle has ended.")
    chair.walk.works()


# A concern out of it --------------------------------------------------------------------------------------------------


def takes_it_up(chair: Walker, about: str, came_up: str, kind: str = "Informal") -> None:
    """From what the cycle offers to the first question of the concern, which knows when it came up."""
    chair.sees(about)
    chair.clicks("Raise a concern", about=about)
    chair.presses_the_choice(kind, "Informal or ")
    chair.clicks("Continue")
    if kind == "Informal" and came_up:  # formally it is asked later on
        chair.finds_chosen(came_up, to="When did this come up?")


def settles(
    chair: Walker, worker: Walker, agreed: Agreed, child: str, helped: str, changed: str, *, accepted: bool = False
) -> None:
    """What was agreed is done, and the concern closes with what changed for the child. An answer may be `accepted`
    before.
    """
    steps.does(worker, agreed.what, helped)
    if not accepted:
        steps.accepts(chair, child)
    steps.confirms(chair, agreed.what)
    steps.closes_with_what_changed(chair, **{child: changed})
    chair.sees("Resolved", changed)


def shows_both(chair: Walker, family: str, child: str, *what: str) -> None:
    """On the child's own page stand what became of each concern and what happened in the cycle."""
    chair.opens(f"/children/{child_of(chair.walk, family, child).public_id}/history")
    chair.sees(*what)
