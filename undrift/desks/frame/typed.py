"""What was typed into a form of this page before, and what was wrong with it: for the length of one request.

It is asked for only where a form is drawn, so a page without one costs nothing more. And a number or an address as it
comes with a form: what a page put there, or what anybody else did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme


class Wrong(NamedTuple):
    """A sentence at one box; `parts` of a date that are wrong."""

    sentence: str
    parts: Sequence[str] = ()

    def as_error(self) -> ValidationError:
        params = {"parts": tuple(self.parts)} if self.parts else None
        # No percent sign of a person's is taken for a place to fill in.
        return ValidationError(self.sentence.replace("%", "%%") if params else self.sentence, params=params)


@dataclass
class Offered:
    """What is offered again on this page: the boxes, what was wrong with them, the lines of the summary."""

    number: str
    typed: QueryDict
    saved_at: datetime
    why: str = ""
    row: int = 0
    boxes: Mapping[str, Sequence[Wrong]] = field(default_factory=dict)
    summary: Sequence[tuple[str, str]] = ()


Find = Callable[[], Offered | None]
offered_here: ContextVar[Find | None] = ContextVar("offered_here", default=None)


def offered() -> Offered | None:
    find = offered_here.get()
    return find() if find is not None else None


def typed_before() -> QueryDict | None:
    found = offered()
    return found.typed if found is not None else None


def wrong_before(box: str) -> list[ValidationError]:
    """What was wrong with the box of that name when the form was last sent."""
    found = offered()
    return [wrong.as_error() for wrong in found.boxes.get(box, ())] if found is not None else []


def as_stored(boxes: Mapping[str, Sequence[Wrong]], summary: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {"boxes": {name: [list(one) for one in said] for name, said in boxes.items()}, "summary": list(summary)}


def from_stored(stored: Mapping[str, Any]) -> tuple[dict[str, list[Wrong]], list[tuple[str, str]]]:
    boxes = {name: [Wrong(*one) for one in said] for name, said in stored.get("boxes", {}).items()}
    return boxes, [(message, href) for message, href in stored.get("summary", ())]


LONGEST_NUMBER = 9  # digits: no number of ours has more, and PostgreSQL takes no more than 19


def as_number(said: str) -> int | None:
    """The number, where it is one in the digits 0 to 9; None for anything else, such as ² or a thousand nines."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= LONGEST_NUMBER else None


def is_ours(request: HttpRequest, path: str) -> bool:
    """Whether it is the path of an address of this service: what somebody may be led on to."""
    here = {request.get_host()}
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, here, require_https=request.is_secure())
