"""What was typed into a form of this page before, to be shown in it again: set for the length of one request."""

from contextvars import ContextVar

from django.http import QueryDict

typed_before: ContextVar[QueryDict | None] = ContextVar("typed_before", default=None)
