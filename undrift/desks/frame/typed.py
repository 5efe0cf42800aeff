"""What was typed into a form of this page before, to be shown in it again: set for the length of one request.

And a number as it comes with a form: what a page put there, or what anybody else did.
"""

from contextvars import ContextVar

from django.http import QueryDict

typed_before: ContextVar[QueryDict | None] = ContextVar("typed_before", default=None)

LONGEST_NUMBER = 9  # digits: no number of ours has more, and PostgreSQL takes no more than 19


def as_number(said: str) -> int | None:
    """The number, where it is one in the digits 0 to 9; None for anything else, such as ² or a thousand nines."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= LONGEST_NUMBER else None
