"""Each of the two locks taken off, so that the other is seen to hold alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch

from undrift.access import rows, second_lock
from undrift.access.scope import Doors, doors_of
from undrift.children.models import Child
from undrift.people import composed
from undrift.people.models import Person
from undrift.people.seats import Seat
from undrift.resolutions.models import Resolution


@contextmanager
def replaced(function: Callable[..., Any], by: Callable[..., Any]) -> Iterator[None]:
    """For everybody who has imported it, too: the function stays, and does what the other does."""
    before = function.__code__, function.__globals__.get("_instead")
    function.__globals__["_instead"] = {**(before[1] or {}), function.__name__: by}
    function.__code__ = _codes(function)
    try:
        yield
    finally:
        function.__code__, function.__globals__["_instead"] = before


def _codes(function: Callable[..., Any]) -> Any:
    made: dict[str, Any] = {}
    exec(f"def {function.__name__}(*a, **k): return _instead[{function.__name__!r}](*a, **k)", made)
    return made[function.__name__].__code__


@contextmanager
def composed_anew() -> Iterator[None]:
    """Of what was composed by other rules than these nothing is kept, and of what these compose nothing after them."""
    composed.forget()
    try:
        yield
    finally:
        composed.forget()


@contextmanager
def first_lock_off() -> Iterator[None]:
    """Whatever the database gives is shown: the querysets ask for everything."""
    with ExitStack() as off:
        off.enter_context(composed_anew())
        off.enter_context(replaced(rows.visible_to, lambda *a, **k: Resolution.objects.all()))
        off.enter_context(replaced(rows.row_by_row, lambda *a, **k: Resolution.objects.all()))
        off.enter_context(replaced(rows.cases_seen, lambda *a, **k: Resolution.objects.all()))
        off.enter_context(replaced(rows.children_visible_to, lambda *a, **k: Child.objects.all()))
        off.enter_context(replaced(rows.children_seen, lambda *a, **k: Child.objects.all()))
        yield


@contextmanager
def second_lock_off() -> Iterator[None]:
    """The database shows a page everything, as it shows the service."""

    def enter(person: Person, seat: Seat, moment: datetime) -> Doors:
        return doors_of(person, seat, moment)

    with patch.object(second_lock, "enter", enter), patch.object(second_lock, "enter_nobody", lambda: None):
        yield
