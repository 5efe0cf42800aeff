"""Telling people of what is not about one resolution: written down with what happened, sent by `undrift.messages`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from undrift.access.models import Alert
from undrift.people.models import Authority, Person

GLASS_OPENED = "glass_opened"
GLASS_UNREVIEWED = "glass_unreviewed"
REFUSED_OFTEN = "refused_often"
OPENED_WIDELY = "opened_widely"
TIE_ENDED = "tie_ended"
RIGHT_ASKED = "right_asked"
RIGHT_GIVEN = "right_given"
COVER_SET = "cover_set"
COVER_ENDED = "cover_ended"
NAMED = "named"
HELD = "held"  # about the child
SHUT = "shut"  # about the child
DEATH_TAKEN_BACK = "death_taken_back"  # about the child

# About a person. The others are about an opening, a grant, cover or a name on a list.
ALARMS = (REFUSED_OFTEN, OPENED_WIDELY, TIE_ENDED)


def tell(people: Iterable[Person], authority: Authority, kind: str, about: int, day: date, at: datetime) -> int:
    """An alert to each of them, once for each day; how many are new."""
    known = set(Alert.objects.filter(kind=kind, about=about, day=day).values_list("to_person", flat=True))
    made = [
        Alert(authority=authority, to_person=person, kind=kind, about=about, day=day, created_at=at, next_attempt_at=at)
        for person in dict.fromkeys(people)
        if person.pk not in known
    ]
    return len(Alert.objects.bulk_create(made, ignore_conflicts=True))
