"""Who brings the council's children in. They see no child by it: these pages say numbers alone.

And of a child whose record is closed to them not even what was on file before: only how much is left out.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from undrift.access.matrix import Action
from undrift.access.scope import scope_of
from undrift.desks.frame.addresses import REFUSALS
from undrift.people.models import Authority, Person


def brought_by(person: Person) -> Authority:
    """The council whose children this person brings in. Refuses everybody else with a sentence."""
    if person.authority is None or not scope_of(person).has(Action.BRING):
        raise PermissionDenied(REFUSALS[Action.BRING])
    return person.authority


def closed_to(person: Person) -> frozenset[int]:
    """The children whose record is closed to this person, whatever they bring in."""
    return frozenset(scope_of(person).doors.closed_children)
