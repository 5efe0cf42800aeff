"""The sessions that a person has open: one for each browser in which they are signed in."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from undrift.people import clock
from undrift.people.models import Person


def open_sessions(person: Person) -> list[Session]:
    """Theirs among all that are open, by the database's clock or by this process's, which sets when a session ends.

    There are no more of those than people at work.
    """
    open_ones = Session.objects.filter(expire_date__gt=min(clock.now(), timezone.now()))
    return [one for one in open_ones if one.get_decoded().get(SESSION_KEY) == str(person.pk)]


def end_sessions(person: Person, but: Collection[str | None] = ()) -> int:
    """Sign the person out of every browser now, but those whose session keys are named; how many there were."""
    theirs = [one.pk for one in open_sessions(person) if one.pk not in but]
    return Session.objects.filter(pk__in=theirs).delete()[0]
