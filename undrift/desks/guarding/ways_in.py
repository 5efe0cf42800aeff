"""How these pages come to a child: by a tie that carries what is asked for, and always with a trace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404

from undrift.access.by_number import open_child, restricted_children
from undrift.access.fetching import NotFound, fetch_child, opens_child, turned_away
from undrift.access.matrix import Tie
from undrift.access.models import Look
from undrift.access.scope import scope_of
from undrift.desks.frame.addresses import action_of
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.people import clock
from undrift.people.models import Authority
from undrift.record.sight import as_service

if TYPE_CHECKING:
    from undrift.children.models import Child

BY_POST = "Safeguarding and Review, and information governance, keep this for the council. Ask one of them."


@dataclass(frozen=True)
class Guarded:
    """A child whom the viewer guards or whose looks they see. `known`: the record itself is open to them, too."""

    child: Child
    known: bool

    @property
    def number(self) -> str:
        return number_of(self.child)

    @property
    def title(self) -> str:
        """Whose record it is, to somebody who may not open it: the number alone."""
        return str(self.child) if self.known else self.number


def number_of(child: Child) -> str:
    return f"Child {child.external_id}" if child.external_id else f"Child without a number ({child.public_id})"


def child_for(request: SignedRequest, public_id: str) -> Guarded:
    """The child, for who has the address's action by a tie to the child. 404 for others, as for an absent child."""
    person, now, action = request.user, clock.now(), action_of(request)
    scope = scope_of(person, now)
    # A post may carry this for the whole council, and not open the record.
    if opens_child(scope, action, public_id):
        try:
            found = fetch_child(public_id, person, now, action=action, page=page_of(request))
        except NotFound:
            raise Http404 from None
        return Guarded(found, known=True)
    by_post = None
    if Tie.WHOLE in scope.ties(action):
        # By their post they see who looked and who may look, though the record itself is shut to them.
        by_post = open_child(public_id, scope)
    return _traced(request, by_post, public_id, now)


def restricted_for(request: SignedRequest, public_id: str) -> Guarded:
    """A restricted child of the council, for those who guard all of it. What is shown names the child by number."""
    authority, now = guarded_by(request), clock.now()
    with as_service():
        found = restricted_children(authority, request.user).filter(public_id=public_id).first()
    return _traced(request, found, public_id, now)


def guarded_by(request: SignedRequest) -> Authority:
    """The council for all of which the viewer has the address's action. Refuses everybody else with a sentence."""
    authority = request.user.authority
    if authority is None or Tie.WHOLE not in scope_of(request.user).ties(action_of(request)):
        raise PermissionDenied(BY_POST)
    return authority


def _traced(request: SignedRequest, found: Child | None, asked: str, now: datetime) -> Guarded:
    person, page = request.user, page_of(request)
    if found is None:
        turned_away(person, asked, page=page)
        raise Http404
    Look.objects.create(
        authority_id=person.authority_id, person=person.pk, name=person.name, at=now, page=page, children=[found.pk],
        how="whole",
    )  # fmt: skip
    return Guarded(found, known=False)
