"""A request by somebody who is signed in: every view but those marked as open to all is given one."""

from django.http import HttpRequest

from undrift.people.models import Person


class SignedRequest(HttpRequest):
    user: Person


def page_of(request: HttpRequest) -> str:
    """The name of the page's address, for the trace that a look leaves."""
    match = request.resolver_match
    return (match.url_name or "") if match is not None else ""
