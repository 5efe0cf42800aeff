"""A connection in the application's role that can also do what the owner does, and takes it all back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections, transaction

from undrift.config import databases, embedded

SEES_ALL = "-c undrift.reach=service"  # as the tests, the worker and the commands begin


@contextmanager
def as_pages_are_served() -> Iterator[None]:
    """Connections that see nothing until a page says for whom. Outside a transaction."""
    usual = connection.settings_dict["OPTIONS"]
    assert SEES_ALL in usual["options"]
    connection.close()
    connection.settings_dict["OPTIONS"] = usual | {"options": usual["options"].replace(SEES_ALL, "")}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["OPTIONS"] = usual


@contextmanager
def wide_connection() -> Iterator[None]:
    """In place of the usual one, within a transaction that is rolled back at the end."""
    usual = connections["default"]
    wide = usual.copy()
    wide.settings_dict["USER"] = embedded.SUPERUSER
    connections["default"] = wide
    try:
        with transaction.atomic():
            in_role(databases.APPLICATION)
            yield
            transaction.set_rollback(True)
    finally:
        wide.close()
        connections["default"] = usual


def in_role(role: str = "") -> None:
    """Go on in this role, to the end of the transaction; in the superuser's, where none is named."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}" if role else "RESET ROLE")


@contextmanager
def past_the_triggers() -> Iterator[None]:
    """As the superuser, with no trigger fired and no reference checked: what is written here must be whole."""
    in_role()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    in_role(databases.APPLICATION)


def analyzed() -> None:
    """Tell the planner how many rows there are: it would take tables for empty whose rows nobody else sees yet."""
    in_role()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE")
    in_role(databases.APPLICATION)
