"""Who keeps the organisation: administrators, and those who run Safeguarding and Review. They see no child by it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from undrift.access.matrix import Action
from undrift.access.scope import scope_of
from undrift.people.models import Authority, Person, Post
from undrift.people.roster import in_reach


def keeps(person: Person) -> bool:
    """Whether the person, or somebody they cover for, keeps their council's organisation."""
    return scope_of(person).has(Action.KEEP)


def kept_by(person: Person) -> Authority:
    """The council whose organisation this person keeps. Refuses everybody else with a sentence."""
    if person.authority is None or not keeps(person):
        raise PermissionDenied("Administrators and Safeguarding and Review keep this list. Ask one of them.")
    return person.authority


def people_of(authority: Authority) -> QuerySet[Person]:
    """The council's people and those of the agencies that its partnership shares, by name."""
    return Person.objects.filter(in_reach(authority)).order_by("name", "pk")


def person_in(authority: Authority, number: int) -> Person:
    """404 for somebody of another council, as for nobody."""
    found = people_of(authority).filter(pk=number).select_related("agency").first()
    if found is None:
        raise Http404
    return found


def post_in(authority: Authority, number: int) -> Post:
    found = Post.objects.filter(in_reach(authority), pk=number).select_related("agency", "unit").first()
    if found is None:
        raise Http404
    return found


def colleagues(person: Person) -> QuerySet[Person]:
    """Who may stand in for this person, or follow them: everybody else of their agency who works here."""
    found = Person.objects.filter(agency=person.agency_id, is_active=True, leaves_on=None).order_by("name", "pk")
    return found.exclude(pk=person.pk) if person.agency_id is not None else found.none()
