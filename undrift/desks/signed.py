"""A request by somebody who is signed in: every view but those marked as open to all is given one."""

from django.http import HttpRequest

from undrift.people.models import Person


class SignedRequest(HttpRequest):
    user: Person
