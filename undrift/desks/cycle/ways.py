"""What may be done in a plan cycle, in one table: the act, its words, its page, and what each is done to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse

from undrift.desks.frame.addresses import is_known
from undrift.desks.frame.components import Link
from undrift.desks.frame.narrowing import with_query
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
    Way("fix_conference", "Fix a conference", "cycle-fix"),
    Way("hold_conference", "Record a conference that was held", UNFIXED),
    Way("hold_core_group", "Record a core group", "cycle-core-group"),
    Way("not_accept", "Say that a recommendation is not accepted", "cycle-not-accepted"),
    Way("finish_check", "Look at the plan: midway check", "cycle-check"),
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
        return _on_record_first(picture, conference)
    if known.cancelled is not None:
        return ()
    return tuple(_links(picture, "a conference ahead" if known.ahead else "a conference held", (known.id,)))


def _on_record_first(picture: Picture, conference: Conference) -> tuple[Link, ...]:
    """The sheet of a conference and what it asks for wait until the record knows what was decided there."""
    if conference.held is None or not picture.may("hold_conference") or not is_known(picture.viewer, UNFIXED):
        return ()
    href = with_query(reverse(UNFIXED, args=[picture.child.public_id]), {OF: conference.id})
    return (Link("Record what it decided", href),)


def _links(picture: Picture, to: To, of: tuple[str, ...]) -> Iterator[Link]:
    for way in WAYS:
        if way.to == to and _is_there(picture, way) and picture.may(way.act) and is_known(picture.viewer, way.page):
            yield Link(way.words, reverse(way.page, args=[picture.child.public_id, *of]))


def _is_there(picture: Picture, way: Way) -> bool:
    """Whether there is anything to do it to."""
    match way.page:
        case "cycle-discussion":
            return bool(picture.rules.protocol.met_by("discussion held"))
        case "cycle-report":
            return bool(picture.rules.protocol.met_by("report shared"))
        case "cycle-note":
            return bool(picture.rules.protocol.good_practice)
        case "cycle-join":
            return bool(picture.to_join)
        case "cycle-plan-ends":
            return picture.part.has_plan
        case "cycle-end":
            return picture.begun and not picture.state.open_children
        case _:
            return True
