"""What was typed into a form of this page before, to be shown in it again: set for the length of one request.

And a number or an address as it comes with a form: what a page put there, or what anybody else did.
"""

from contextvars import ContextVar

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

typed_before: ContextVar[QueryDict | None] = ContextVar("typed_before", default=None)

LONGEST_NUMBER = 9  # digits: no number of ours has more, and PostgreSQL takes no more than 19


def as_number(said: str) -> int | None:
    """The number, where it is one in the digits 0 to 9; None for anything else, such as ² or a thousand nines."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= LONGEST_NUMBER else None


def is_ours(request: HttpRequest, path: str) -> bool:
    """Whether it is the path of an address of this service: what somebody may be led on to."""
    here = {request.get_host()}
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, here, require_https=request.is_secure())
