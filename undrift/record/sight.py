"""How far the rows of the database are seen while something that was allowed is written down.

Why: docs/why/decisions/0009-two-locks-one-matrix.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from psycopg.pq import TransactionStatus

# Where a person reads, and no further: how far it was, of which councils, is told back.
WIDEN_ONCE = """
WITH before AS MATERIALIZED (
    SELECT current_setting('undrift.reach', true) AS reach, current_setting('undrift.councils', true) AS councils
)
SELECT reach, councils,
    CASE WHEN reach = 'person' THEN set_config('undrift.reach', %s, true) END,
    CASE WHEN reach = 'person' THEN set_config('undrift.councils', coalesce(%s::text, councils), true) END
FROM before
"""
WIDEN = "SELECT set_config('undrift.reach', %s, true), set_config('undrift.councils', %s, true)"

MINE_NOW = """
SELECT coalesce(current_setting('undrift.reach', true), ''), coalesce(current_setting('undrift.my_number', true), '')
"""
MINE = "SELECT set_config('undrift.reach', %s, true), set_config('undrift.my_number', %s, true)"


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


@contextmanager
def as_bringer() -> Iterator[None]:
    """On the pages of whoever brings children in: all of their council's, but those that are closed to them."""
    with _widened("bringer"):
        yield


@contextmanager
def as_writer(number: int) -> Iterator[None]:
    """A transaction that sees what this person has typed, and nothing about anybody else: outside a page's own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MINE_NOW)
        before = cursor.fetchone()
        cursor.execute(MINE, ["person", as_array({number})])
        yield
        cursor.execute(MINE, before)


def as_array(numbers: Collection[int]) -> str:
    """These numbers as PostgreSQL writes an array, in a setting."""
    return "{" + ",".join(map(str, sorted(numbers))) + "}"


@contextmanager
def _widened(reach: str, councils: str | None = None) -> Iterator[None]:
    """As far as `reach`; of these councils, or of those that the person sees."""
    with connection.cursor() as cursor:
        cursor.execute(WIDEN_ONCE, [reach, councils])
        before = cursor.fetchone()[:2]
        if before[0] != "person":
            yield
            return
        try:
            yield
        finally:
            # A refusal leads back to a page, which must not be read as wide. In a transaction that has failed nothing
            # can be asked, and it takes its settings back itself.
            if _still_works():
                cursor.execute(WIDEN, before)


def _still_works() -> bool:
    """Whether the transaction takes another statement."""
    running = connection.connection
    failed = running is None or running.info.transaction_status is TransactionStatus.INERROR
    return not (failed or connection.needs_rollback)
