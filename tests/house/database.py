"""The database for tests: made and migrated by the owner, used by the application's role."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker

from tests.house.surroundings import cluster
from undrift.config import databases, embedded


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Takes the place of pytest-django's own, which would make the tables as the role that uses them."""
    server = cluster()
    with embedded.serving(server), django_db_blocker.unblock():
        databases.make_roles_and_database(server)
        drop_what_killed_runs_left()
        with connected_as(databases.OWNER):
            made = setup_databases(verbosity=0, interactive=False)
            call_command("grant_app_role", verbosity=0)
        # On the class: beside a browser's event loop this thread is given a second connection.
        setattr(type(connection.ops), "execute_sql_flush", empty_tables)  # noqa: B010 - no type has a name for this
        yield
        end_other_connections()
        with connected_as(databases.OWNER):
            teardown_databases(made, verbosity=0)


def drop_what_killed_runs_left() -> None:
    """A run that was killed leaves its database, named for its process, behind."""
    with cursor_of(cluster().url(embedded.SUPERUSER, "postgres")) as cursor:
        names = cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_undrift\\_%'").fetchall()
        for (name,) in names:
            if not runs(int(name.rsplit("_", 1)[1])):
                cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


def runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def connected_as(role: str) -> Iterator[None]:
    connection.close()
    usual = connection.settings_dict["USER"]
    connection.settings_dict["USER"] = role
    yield
    connection.close()
    connection.settings_dict["USER"] = usual


def empty_tables(operations: object, statements: list[str]) -> None:
    """Between transactional tests the tables are emptied by the superuser, past the triggers that guard history."""
    with psycopg.connect(superuser_url()) as superuser:
        superuser.execute("SET session_replication_role = replica")
        for statement in statements:
            superuser.execute(statement.encode())


def end_other_connections() -> None:
    """Threads of a live server may still hold theirs, and a database in use cannot be dropped."""
    connection.close()
    with psycopg.connect(superuser_url()) as superuser:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        superuser.execute(f"SELECT pg_terminate_backend(pid, 5000) {others}".encode())


def superuser_url() -> str:
    return cluster().url(embedded.SUPERUSER, connection.settings_dict["NAME"])


@contextmanager
def cursor_of(url: str) -> Iterator[psycopg.Cursor]:
    with psycopg.connect(url, autocommit=True) as apart, apart.cursor() as cursor:
        yield cursor


@pytest.fixture
def superuser_cursor(transactional_db: None) -> Iterator[psycopg.Cursor]:
    """A second connection, as the database's superuser: each statement is committed at once."""
    with cursor_of(superuser_url()) as cursor:
        yield cursor


@pytest.fixture
def owner_cursor(transactional_db: None) -> Iterator[psycopg.Cursor]:
    """A second connection, as the owner of the tables: each statement is committed at once."""
    with cursor_of(cluster().url(databases.OWNER, connection.settings_dict["NAME"])) as cursor:
        yield cursor
