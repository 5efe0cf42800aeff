"""Who these pages are for, and the children that they are about."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404

from undrift.access.bringing import Bringer, Placed
from undrift.access.fetching import NotFound
from undrift.access.matrix import Action, Tie
from undrift.desks.frame.addresses import REFUSALS
from undrift.desks.frame.signed import SignedRequest, page_of
from undrift.people import clock


def bringer_of(request: SignedRequest) -> Bringer:
    """Whoever brings in all of their council's children. Refuses everybody else with a sentence."""
    person = request.user
    if person.authority is not None:
        found = Bringer(person, person.authority, clock.now())
        if Tie.WHOLE in found.scope.ties(Action.BRING):
            return found
    raise PermissionDenied(REFUSALS[Action.BRING])


def child_in(request: SignedRequest, bringer: Bringer, public_id: str) -> Placed:
    """404 for a child that is closed to them, or of another council, as for none. Each try leaves a trace."""
    try:
        return bringer.one(public_id, page_of(request))
    except NotFound:
        raise Http404 from None
