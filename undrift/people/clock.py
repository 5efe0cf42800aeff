"""The database's clock, as the page that is being answered read it: this process's own decides no moment.

The first statement of a page brings the database's time with it (`WithinReach`); how far that is from the time here
is kept for as long as the page is answered. Elsewhere (the worker, a command) the time is that of the machine, and
what has to be exact asks PostgreSQL itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.utils import timezone

# None where no page is being answered.
_AHEAD: ContextVar[timedelta | None] = ContextVar("ahead", default=None)


def now() -> datetime:
    """The moment, by the database's clock where a page is being answered."""
    return timezone.now() + (_AHEAD.get() or timedelta())


def at(given: datetime | None) -> datetime:
    """When something happened: the database's moment where a page is being answered, whatever the page says."""
    return given if given is not None and _AHEAD.get() is None else now()


def today() -> date:
    """The day in London, by the same clock."""
    return timezone.localdate(now())


def of_day(moment: datetime) -> date:
    """The day in London on which it was."""
    return timezone.localdate(moment)


def of_database(said: datetime) -> datetime:
    """What the database's clock said. Every moment that comes from it passes here."""
    return said


@contextmanager
def as_here() -> Iterator[None]:
    """While a page is answered: what it sets is forgotten with it."""
    token = _AHEAD.set(timedelta())
    try:
        yield
    finally:
        _AHEAD.reset(token)


def set_by(said: datetime) -> None:
    """From here to the end of the page the moment is counted from what the database's clock said just now."""
    if _AHEAD.get() is not None:
        _AHEAD.set(of_database(said) - timezone.now())
