"""What may be done in a plan cycle, in one table: the act, its words, its page, and what each is done to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse

from undrift.desks.frame.addresses import is_known
from undrift.desks.frame.components import Link
from undrift.desks.frame.narrowing import with_query
from undrift.engine.duties import Duty
from undrift.engine.musts import CycleMust
from undrift.engine.plan_cycle.state import Conference
from undrift.plan_cycle.picture import Picture

UNFIXED = "cycle-held-unfixed"
OF = "of"  # in its address: the conference of a file that is put on record

To = Literal["the child", "a conference ahead", "a conference held"]


@dataclass(frozen=True)
class Way:
    """`act` as the engine names it; `page` is the name of its address."""

    act: str
    words: str
    page: str
    to: To = "the child"


WAYS = (
    Way("fix_conference", "Record the strategy discussion", "cycle-begin"),
    Way("fix_conference", "Fix a conference", "cycle-fix"),
    Way("hold_conference", "Record a conference that was held", UNFIXED),
    Way("hold_core_group", "Record a core group", "cycle-core-group"),
    Way("not_accept", "Say that a recommendation is not accepted", "cycle-not-accepted"),
    Way("finish_check", "Look at the plan: {check}", "cycle-check"),
    Way("record_event", "Record a significant event", "cycle-event"),
    Way("write_note", "Write a good practice letter", "cycle-note"),
    Way("take_route", "Record an appeal, a complaint, dissent or a referral", "cycle-route"),
    Way("join_child", "Add a brother or sister", "cycle-join"),
    Way("end_plan", "Say how the plan ended", "cycle-plan-ends"),
    Way("end_cycle", "End the plan cycle", "cycle-end"),
    Way("hold_discussion", "Record the discussion before it", "cycle-discussion", "a conference ahead"),
    Way("share_report", "Say that a report was shared", "cycle-report", "a conference ahead"),
    Way("hold_conference", "Record what it decided", "cycle-held", "a conference ahead"),
    Way("move_conference", "Move, postpone or cancel it", "cycle-change", "a conference ahead"),
    Way("write_outline", "Write the outline plan", "cycle-outline", "a conference held"),
    Way("send_sheet", "Say that the decision sheet was sent", "cycle-sent", "a conference held"),
    Way("set_key_action", "Ask to hear about a key action", "cycle-key-action", "a conference held"),
)


def of_the_child(picture: Picture) -> tuple[Link, ...]:
    """What may be done besides what a conference asks for."""
    return tuple(_links(picture, "the child", ()))


def of_conference(picture: Picture, conference: Conference) -> tuple[Link, ...]:
    """What may be done about one conference; one that only a file knows is put on record first."""
    known = picture.state.conferences.get(conference.id)
    if known is None:
        return _fixed_first(picture) if conference.ahead else _on_record_first(picture, conference)
    if known.cancelled is not None:
        return ()
    return tuple(_links(picture, "a conference ahead" if known.ahead else "a conference held", (known.id,)))


def _fixed_first(picture: Picture) -> tuple[Link, ...]:
    """Of a conference that a file plans the record knows nothing until it is fixed."""
    if not picture.may("fix_conference") or not is_known(picture.viewer, "cycle-fix"):
        return ()
    return (Link("Fix it here", reverse("cycle-fix", args=[picture.child.public_id])),)


def _on_record_first(picture: Picture, conference: Conference) -> tuple[Link, ...]:
    """The sheet of a conference and what it asks for wait until the record knows what was decided there."""
    if conference.held is None or not picture.may("hold_conference") or not is_known(picture.viewer, UNFIXED):
        return ()
    href = with_query(reverse(UNFIXED, args=[picture.child.public_id]), {OF: conference.id})
    return (Link("Record what it decided", href),)


def _links(picture: Picture, to: To, of: tuple[str, ...]) -> Iterator[Link]:
    for way in WAYS:
        if way.to == to and _is_there(picture, way) and picture.may(way.act) and is_known(picture.viewer, way.page):
            words = way.words.format(check=picture.rules.protocol.check)
            yield Link(words, reverse(way.page, args=[picture.child.public_id, *of]))


def _is_there(picture: Picture, way: Way) -> bool:
    """Whether there is anything to do it to."""
    match way.page:
        case "cycle-begin":
            return picture.may_begin_with_strategy
        case "cycle-discussion":
            return bool(picture.rules.protocol.met_by("discussion held"))
        case "cycle-report":
            return bool(picture.rules.protocol.met_by("report shared"))
        case "cycle-note":
            return bool(picture.rules.protocol.good_practice)
        case "cycle-join":
            return bool(picture.to_join)
        case "cycle-core-group" | "cycle-check" | "cycle-plan-ends":
            return picture.part.has_plan
        case "cycle-end":
            return picture.begun and not picture.seen.open_children
        case _:
            return True


# Where that is done which is due --------------------------------------------------------------------------------------

CONCERNS = "concerns"  # where the page says what may be raised
TO_DO: Mapping[str, str] = {
    "cycle-discussion": "Record the discussion",
    "cycle-report": "Say that it was shared",
    "cycle-held": "Record the decision",
    "cycle-outline": "Write the outline",
    "cycle-sent": "Say that it was sent",
    "cycle-core-group": "Record the core group",
    "cycle-check": "Do the check",
    "cycle-feedback": "Tell the chair",
    "cycle-fix": "Fix it",
    "cycle-change": "Give it a day",
    "cycle-note": "Write the letter",
    "cycle-decide": "Decide",
    "cycle-end": "End it",
    CONCERNS: "Raise a concern, or say why not",
}


def of_duty(picture: Picture, duty: Duty) -> Link | None:
    """Where the viewer does what is due; None where it is not theirs, or not to be done yet."""
    page, *of = _place(picture, duty)
    if page == CONCERNS:
        return Link(TO_DO[page], f"#{page}") if picture.may("begin_concern") else None
    if not page or not _is_theirs(picture, page, duty) or not is_known(picture.viewer, page):
        return None
    words = "Fix the day for it" if duty.must == CycleMust.RECONVENE else TO_DO[page]
    return Link(words, reverse(page, args=[picture.child.public_id, *of]))


def _is_theirs(picture: Picture, page: str, duty: Duty) -> bool:
    if page == "cycle-feedback":
        return picture.may_feed_back(picture.state.key_actions[duty.subject])
    if page == "cycle-decide":
        return picture.may_decide(picture.state.routes[duty.subject])
    return picture.may(next(way.act for way in WAYS if way.page == page))


def _place(picture: Picture, duty: Duty) -> tuple[str, ...]:
    """The name of the page, and of what it is asked; "" where there is none."""
    step = picture.rules.protocol.milestone(duty.must)
    match step.met_by if step is not None and step.met_by is not None else duty.must:
        case "discussion held":
            return "cycle-discussion", duty.subject
        case "report shared":
            return "cycle-report", duty.subject
        case "sheet sent":
            return _of_the_sheet(picture, picture.state.conferences[duty.subject])
        case "core group held":
            return ("cycle-core-group",)
        case "check done":
            return ("cycle-check",)
        case "key action fed back" | CycleMust.FEED_BACK:
            return "cycle-feedback", duty.subject
        case CycleMust.HOLD:
            is_over = duty.day is not None and duty.day <= picture.today
            return ("cycle-held" if is_over else "", duty.subject)
        case CycleMust.FIX:
            return _of_a_day(picture)
        case CycleMust.RECONVENE:
            return ("cycle-fix",)
        case CycleMust.DECIDE_ON_IT:
            return "cycle-decide", duty.subject
        case CycleMust.TAKE_UP:
            return (CONCERNS,)
        case CycleMust.DO_WHAT_FOLLOWS:
            return _of_a_check(picture, duty.subject)
        case CycleMust.END:
            return ("cycle-end",)
        case _:
            return ("",)


def _of_the_sheet(picture: Picture, conference: Conference) -> tuple[str, ...]:
    """The outline plan first, where the policy lists what one contains and this child has none."""
    decided = conference.decided.get(picture.id)
    listed = any(step.contains for step in picture.rules.protocol.met_by("sheet sent"))
    bare = listed and decided is not None and decided.plan and picture.id not in conference.outlines
    return ("cycle-outline" if bare else "cycle-sent", conference.id)


def _of_a_day(picture: Picture) -> tuple[str, ...]:
    """A conference that was postponed is given a day; otherwise one is fixed."""
    postponed = next((c for c in picture.ahead if c.on is None), None)
    return ("cycle-change", postponed.id) if postponed is not None else ("cycle-fix",)


def _of_a_check(picture: Picture, check: str) -> tuple[str, ...]:
    step = next((each.next_step for each in picture.part.checks if each.id == check), "")
    match step:
        case "note":
            return ("cycle-note",)
        case "bring-forward":
            return ("cycle-change", picture.ahead[0].id) if picture.ahead else ("cycle-fix",)
        case _:
            return (CONCERNS,)
