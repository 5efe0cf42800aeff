"""The first administrator of a council is let in by whoever runs the service: there is nobody yet who could."""

from __future__ import annotations

from datetime import datetime

from undrift.access.matrix import Action
from undrift.access.restricting import in_charge
from undrift.people.accounts import NotDone, invite
from undrift.people.models import Authority, Person

__all__ = ["NotDone", "invite_the_first"]


def invite_the_first(authority: Authority, address: str, at: datetime) -> Person:
    """Owe somebody who keeps the council's accounts a link to choose a password.

    Refuses (`NotDone`) anybody else, and everybody once one who keeps them has signed in: they invite the others.
    """
    keepers = in_charge(authority, Action.KEEP, at)
    person = next((one for one in keepers if one.email == Person.objects.normalize_email(address)), None)
    if person is None:
        raise NotDone(
            f"Nobody with this address keeps the accounts of {authority.name}. Bring them in as its administrator with"
            " undrift import organisation"
        )
    there = next((one for one in keepers if one.last_login is not None), None)
    if there is not None:
        raise NotDone(f"{there.name} has signed in, keeps the accounts of {authority.name}, and invites from People")
    invite(person, None, at)
    return person
