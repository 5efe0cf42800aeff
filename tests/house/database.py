"""The database for tests: made and migrated by the owner, used by the application's role.

Most tests take back what they did by ending their transaction. One that must commit is marked
`django_db(transaction=True)`, or has a `live_server`; after it the tables are emptied.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import setup_databases
from pytest_django import DjangoDbBlocker

from tests.house.surroundings import DATABASE, cluster
from tests.house.template import copy_of_template
from undrift.config import databases, embedded

# Filled by migrations and by Django after them, and the same for every test.
NOT_OURS = ("django_migrations", "django_content_type", "auth_permission")
# Only the tables that have rows: of some sixty a test fills ten. By rows, for a table's file costs more than they do.
EMPTY = """
DO $$
DECLARE
    named text;
    filled boolean;
BEGIN
    FOR named IN
        SELECT relname FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> ALL ('{not_ours}')
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', named) INTO filled;
        IF filled THEN
            EXECUTE format('DELETE FROM %I', named);
        END IF;
    END LOOP;
END $$
"""


# In the tests' database alone: where a test moves the clock, the database's moves with it.
MOVED_CLOCK = """
CREATE OR REPLACE FUNCTION people_clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT coalesce(nullif(current_setting('tests.now', true), '')::timestamptz, clock_timestamp())
$$
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Takes the place of pytest-django's own, which would make the tables as the role that uses them."""
    server = cluster()
    with embedded.serving(server), django_db_blocker.unblock():
        databases.make_roles_and_database(server)
        drop_what_killed_runs_left()
        name = f"test_{DATABASE}"
        copy_of_template(server, name, migrated)
        use(name)
        setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty_tables())  # noqa: B010 - no type has it
        yield
        connection.close()
        with cursor_of(server.url(embedded.SUPERUSER, "postgres")) as cursor:
            # Threads of a live server may still hold their connections.
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def migrated() -> str:
    """The name of a database made the long way: by the owner, with the application's role given its rights."""
    with connected_as(databases.OWNER):
        setup_databases(verbosity=0, interactive=False)
        call_command("grant_app_role", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(MOVED_CLOCK)
    return str(connection.settings_dict["NAME"])


def use(database: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = database


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


def empty_tables() -> None:
    """Between tests that commit: by the superuser, past the triggers that guard history."""
    with past_the_triggers() as superuser:
        superuser.execute(EMPTY.format(not_ours="{" + ",".join(NOT_OURS) + "}").encode())


@contextmanager
def past_the_triggers() -> Iterator[psycopg.Connection]:
    """A transaction of the superuser in which no trigger fires and no reference is checked."""
    with psycopg.connect(superuser_url()) as superuser:
        superuser.execute("SET session_replication_role = replica")
        yield superuser


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
