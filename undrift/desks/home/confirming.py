"""What waits for a second person: what another keeper of the organisation has asked, and what guards have."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from undrift.access.granting import needed_by, put_to
from undrift.access.matrix import Action
from undrift.desks.frame.components import Link, Table
from undrift.desks.frame.days import day_and_time
from undrift.desks.home.parts import Desk, Part
from undrift.library.numbers import CONFIRMED_WITHIN
from undrift.people.accounts import removals_to_confirm

HEADING = "Waiting for a second person"
LOST = "A second factor is said to be lost"
RESTRICTED = "Restricted records to look at"


def to_confirm(desk: Desk) -> Iterator[Part]:
    """For whoever may do it, by what the page knows of them: two queries of keepers, one of guards."""
    here = reverse("people-waiting")
    rows = [
        (desk.due(needed_by(one)), Link(one.said, here), one.asked_by.name)
        for one in put_to(desk.person, desk.authority, desk.stands_in)
    ]
    if rows:
        yield Part(HEADING, asks=True, table=Table(HEADING, ("Needed by", "Confirm or take back", "Asked by"), rows))
    if desk.scope.has(Action.KEEP):
        yield from _lost_factors(desk)
    if desk.guards:
        yield from _restricted(desk)


def _lost_factors(desk: Desk) -> Iterator[Part]:
    """Somebody cannot sign in until a second administrator has looked."""
    rows = [
        (day_and_time(one.at + CONFIRMED_WITHIN), Link(one.person.name, reverse("lost-factor", args=[one.person_id])),
         one.by.name if one.by is not None else "")
        for one in removals_to_confirm(desk.person, desk.authority, desk.now)
    ]  # fmt: skip
    if rows:
        heads = ("Until", "Confirm or take back", "Asked by")
        yield Part(LOST, asks=True, table=Table(LOST, heads, rows))


def _restricted(desk: Desk) -> Iterator[Part]:
    found, here = desk.of_the_council.restricted, reverse("restricted")
    links = [
        Link(f"{number} {'record' if number == 1 else 'records'} {what}", here)
        for number, what in (
            (found.to_lift, "to lift as a second person"),
            (found.shut_to_all, "that nobody can open: name somebody"),
        )
        if number
    ]
    if links:
        yield Part(RESTRICTED, asks=True, links=tuple(links))
