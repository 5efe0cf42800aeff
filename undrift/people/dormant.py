"""An account that nobody has used for 60 days is closed: worked out from the last sign-in, never set by a task.

So a missed night changes nothing, and an account is open again the moment an administrator says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from undrift.library.numbers import UNUSED_DAYS
from undrift.people.models import Person


def is_dormant(person: Person, now: datetime) -> bool:
    """Nobody signed in for 60 days. Somebody who has yet to sign in for the first time is not dormant."""
    return person.last_login is not None and person.last_login <= now - timedelta(days=UNUSED_DAYS)


def dormant(now: datetime) -> QuerySet[Person]:
    return Person.objects.filter(is_active=True, last_login__lte=now - timedelta(days=UNUSED_DAYS)).order_by("name")


def reopen(person: Person, now: datetime) -> None:
    """Give somebody who has come back 60 more days to sign in."""
    person.last_login = now
    person.save(update_fields=["last_login"])
