"""How an error is written into the log: what kind it was and where it happened, and none of what it was about.

An error's own words repeat values: `int("Maya")` says "Maya", and the database says which key was there already.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator

import psycopg


class WithoutValues(logging.Formatter):
    """Lines as another formatter writes them, with errors as their places and kinds.

    Of the database's errors the code and the constraint are said too.
    """

    def __init__(self, given: logging.Formatter) -> None:
        super().__init__()
        self.given = given

    def format(self, record: logging.LogRecord) -> str:
        plain = logging.makeLogRecord(vars(record) | {"exc_info": None, "exc_text": None})
        raised = record.exc_info[1] if record.exc_info else None
        return "\n".join((self.given.format(plain), *(_told(raised) if raised else ())))


def line() -> WithoutValues:
    """How a line of the log is written: LOGGING in the settings names this."""
    return WithoutValues(logging.Formatter("{asctime} {levelname} {name} {message}", style="{"))


def _told(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
        yield "Then:"
    yield from (line.rstrip() for line in traceback.format_tb(error.__traceback__))
    yield f"{type(error).__module__}.{type(error).__qualname__}{_of_the_database(error)}"


def _of_the_database(error: BaseException) -> str:
    if not isinstance(error, psycopg.Error):
        return ""
    return f" {error.sqlstate or ''} {error.diag.constraint_name or ''}".rstrip()
