"""The two posts that Westmarch's cast does not have: information governance, and the emergency duty team."""

from datetime import timedelta

from tests.cast import TODAY, Cast
from undrift.people.models import Holding, Person, Post

REASON = "The police rang: found alone on Canal Street."


def information_governance(cast: Cast) -> Person:
    """Bethan Pryce-Marlow, who has left her post as a chair for it."""
    return _moves(cast, "Bethan", "information-governance-officer", "Information Governance Officer")


def emergency_duty(cast: Cast) -> Person:
    """Tomasz Wrenfield, likewise."""
    return _moves(cast, "Tomasz", "emergency-duty-team", "Emergency Duty Team")


def _moves(cast: Cast, name: str, kind: str, title: str) -> Person:
    person = cast.person(name)
    Holding.objects.filter(person=person).update(ends=TODAY - timedelta(days=1))
    assert person.agency is not None
    post = Post.objects.create(authority=cast.authority, agency=person.agency, slug=kind, title=title)
    Holding.objects.create(authority=cast.authority, post=post, person=person, starts=TODAY - timedelta(days=400))
    cast.built.people[person.name] = person
    return Person.objects.get(pk=person.pk)
