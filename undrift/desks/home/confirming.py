"""What waits for a second person: what another keeper of the organisation has asked, and what guards have."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from undrift.access.granting import needed_by, put_to
from undrift.desks.frame.components import Link, Table
from undrift.desks.home.parts import Desk, Part

HEADING = "Waiting for a second person"
RESTRICTED = "Restricted records to look at"


def to_confirm(desk: Desk) -> Iterator[Part]:
    """For whoever may do it, by what the page knows of them: one query of keepers, one of guards."""
    here = reverse("people-waiting")
    rows = [
        (desk.due(needed_by(one)), Link(one.said, here), one.asked_by.name)
        for one in put_to(desk.person, desk.authority, desk.stands_in)
    ]
    if rows:
        yield Part(HEADING, asks=True, table=Table(HEADING, ("Needed by", "Confirm or take back", "Asked by"), rows))
    if desk.guards:
        yield from _restricted(desk)


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
