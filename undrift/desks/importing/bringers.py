"""Who brings the council's children in. They see no child by it: these pages say numbers alone."""

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
