"""The database that the tests run on, and the roles on it."""

import psycopg
import pytest
from django.db import ProgrammingError, connection
from django.db.migrations.loader import MigrationLoader

from undrift.config import databases


def one(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return row[0] if row else None


@pytest.mark.django_db
def test_the_application_connects_as_a_role_that_owns_nothing() -> None:
    assert one("SELECT current_user") == databases.APPLICATION
    assert one("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user") == 0
    assert one("SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user") is False


@pytest.mark.django_db
def test_the_application_may_use_an_ordinary_table() -> None:
    assert one("SELECT has_table_privilege('django_session', 'SELECT, INSERT, UPDATE, DELETE')") is True


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["TRUNCATE django_session", "DROP TABLE django_session", "CREATE TABLE mine ()"])
def test_the_application_may_not_change_the_tables_themselves(statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        one(statement)


@pytest.mark.django_db
def test_the_database_is_copied_from_one_with_every_migration() -> None:
    assert set(MigrationLoader(connection).applied_migrations) == set(MigrationLoader(None).graph.nodes)


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_leaves_no_row_behind() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('left', 'behind', now())")


@pytest.mark.django_db(transaction=True)
def test_and_the_next_test_finds_the_tables_empty() -> None:
    assert one("SELECT count(*) FROM django_session") == 0


def test_the_superuser_and_the_owner_have_cursors_of_their_own(
    superuser_cursor: psycopg.Cursor, owner_cursor: psycopg.Cursor
) -> None:
    for cursor, name in ((superuser_cursor, "postgres"), (owner_cursor, databases.OWNER)):
        assert cursor.execute("SELECT current_user").fetchone() == (name,)
