"""How far the rows of the database are seen while something that was allowed is written down.

Why: docs/why/decisions/0009-two-locks-one-matrix.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection

NOW = "SELECT current_setting('undrift.reach', true), current_setting('undrift.councils', true)"
WIDEN = "SELECT set_config('undrift.reach', %s, true), set_config('undrift.councils', %s, true)"


@contextmanager
def council(number: int) -> Iterator[None]:
    """While an act that was allowed is written down, see all of this one council. The service sees all anyway."""
    with _widened("council", as_array({number})):
        yield


@contextmanager
def as_service() -> Iterator[None]:
    """For what the service itself does on somebody's word without showing them a child, such as handing on."""
    with _widened("service", ""):
        yield


def as_array(numbers: Collection[int]) -> str:
    """These numbers as PostgreSQL writes an array, in a setting."""
    return "{" + ",".join(map(str, sorted(numbers))) + "}"


@contextmanager
def _widened(reach: str, councils: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(NOW)
        before = cursor.fetchone()
        if before[0] != "person":
            yield
            return
        cursor.execute(WIDEN, [reach, councils])
        yield
        # Not after a failure: then the transaction, or the savepoint, takes its settings back itself.
        cursor.execute(WIDEN, before)
