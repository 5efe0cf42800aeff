"""What stands around these pages: whose record it is, and the pages beside this one."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from undrift.access.matrix import Action, Tie
from undrift.access.scope import scope_of
from undrift.desks.frame.around_child import AroundChild
from undrift.desks.frame.components import Fact, Link, Place
from undrift.desks.frame.signed import SignedRequest
from undrift.desks.guarding.ways_in import Guarded


def around(request: SignedRequest, guarded: Guarded, here: str, now: datetime) -> dict[str, object]:
    """The identity bar and the pages of the child; for somebody who may not open the record, its number alone."""
    if guarded.known:
        record = AroundChild(guarded.child, request.user, now)
        return {"title": record.title, "facts": record.identity, "places": record.places(here)}
    facts = [Fact("Record", "Restricted" if guarded.child.restricted else "Open to those whose work it is")]
    return {"title": guarded.title, "facts": facts, "places": _places(request, guarded, here, now)}


def _places(request: SignedRequest, guarded: Guarded, here: str, now: datetime) -> list[Place]:
    if guarded.child.restricted:
        return council_places(request, "restricted", now)
    scope, of = scope_of(request.user, now), [guarded.child.public_id]
    pages = (("Who has looked", "child-looks", Action.LOG), ("Who may see", "child-guard", Action.GUARD))
    return [Place(text, reverse(n, args=of), current=n == here) for text, n, action in pages if scope.has(action)]


# The pages by which a council guards its records: words, address, action, whether a chair has it for their own
# children, and what it is for.
PAGES = (
    ("Emergency openings", "openings", Action.GUARD, True,
     "Who opened a record in an emergency, why, and whether it was right."),
    ("Restricted records", "restricted", Action.GUARD, False,
     "The records that only those named see. Name people, keep people out, lift a restriction."),
    ("Log of looks", "audit", Action.AUDIT, False,
     "Who has opened a record, or tried to. Narrow it, export it, see the alarms."),
)  # fmt: skip
OPEN_ONE = ("Open a record in an emergency", "glass", Action.GLASS, False,
            "One child’s record, to read, for an hour. Everyone concerned is told at once.")  # fmt: skip


def guarding_pages(request: SignedRequest, now: datetime) -> list[tuple[Link, str]]:
    """All of these pages that this person has, each with what it is for."""
    scope = scope_of(request.user, now)
    return [
        (Link(text, reverse(name)), what)
        for text, name, action, chairs_too, what in (*PAGES, OPEN_ONE)
        if Tie.WHOLE in scope.ties(action) or (chairs_too and scope.has(action))
    ]


def council_places(request: SignedRequest, here: str, now: datetime) -> list[Place]:
    """The pages by which a council guards its records, those that this person has."""
    scope = scope_of(request.user, now)
    return [
        Place(text, reverse(name), current=name == here)
        for text, name, action, chairs_too, _ in PAGES
        if Tie.WHOLE in scope.ties(action) or (chairs_too and scope.has(action))
    ]
