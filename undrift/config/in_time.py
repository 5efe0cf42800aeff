"""A connection that waits for no answer for ever: a server that hangs is away, as one that is gone is.

A statement's own limit is kept by the server, which keeps nothing while it hangs: its machine paused, its disk stuck.
"""

from __future__ import annotations

from typing import Any

import psycopg

PING_SECONDS = 1.5  # two of them, with the pool's own wait, within the five seconds in which a page says so
ANSWER_SECONDS = 35  # a little beyond the limit that the server keeps itself, `PAGE_STATEMENT_SECONDS`
PING = ""  # what the pool asks of a connection before it gives it away


class InTime(psycopg.Connection[Any]):
    """Refuses (`OperationalError`) what is not answered in time, and is closed then: nobody knows how it stands."""

    longest: float = ANSWER_SECONDS

    def execute(self, query: Any, *args: Any, **options: Any) -> Any:
        if query != PING:
            return super().execute(query, *args, **options)
        self.longest = PING_SECONDS
        try:
            return super().execute(query, *args, **options)
        finally:
            self.longest = ANSWER_SECONDS

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        longest = self.longest if timeout is None else min(timeout, self.longest)
        try:
            return super().wait(gen, interval, longest)
        except psycopg.errors._WaitTimeout:
            self.pgconn.finish()
            raise psycopg.OperationalError(f"The database has not answered within {longest} seconds.") from None
