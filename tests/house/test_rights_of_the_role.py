"""What the application's role may do to each table, as the database's own catalogue has it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

pytestmark = pytest.mark.django_db

MAY = """
SELECT has_table_privilege(current_user, %(table)s, 'DELETE'), has_table_privilege(current_user, %(table)s, 'TRUNCATE'),
    has_table_privilege(current_user, %(table)s, 'INSERT'),
    ARRAY(SELECT attname FROM pg_attribute WHERE attrelid = %(table)s::regclass AND attnum > 0 AND NOT attisdropped
        AND has_column_privilege(current_user, %(table)s, attname, 'UPDATE') ORDER BY attnum)
"""
# What the role may change and delete as it likes: what is worked out again, what ends by itself, what is imported.
FREELY = {
    "account_emailaddress", "account_emailconfirmation", "auth_group", "auth_group_permissions", "auth_permission",
    "cache", "children_child", "children_conference", "children_conference_participants", "children_coregroupmember",
    "children_family", "children_importcheck", "children_importedrow", "children_importrun", "children_importtold",
    "children_keyaction", "children_keyaction_children", "children_lookedafter", "children_midpointcheck",
    "children_namepart", "children_nearname", "children_plan", "children_voice", "django_content_type",
    "django_session", "mfa_authenticator", "people_agency", "people_authority", "people_closureday",
    "people_partnership", "people_person", "people_post", "people_rosterversion", "people_unit", "people_usedcode",
    "people_vacancy", "people_wrongtry", "record_case", "record_casechild", "record_draft", "record_duty",
    "record_referencecounter", "record_submission", "record_typedtext", "resolutions_resolution",
    "socialaccount_socialaccount", "socialaccount_socialapp",
    "socialaccount_socialtoken",
}  # fmt: skip
ENDED = settings.INSERT_AND_END_TABLES


def rights(table: str) -> tuple[bool, bool, bool, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(MAY, {"table": table})
        found: tuple[bool, bool, bool, list[str]] = cursor.fetchone()
    return found


def test_every_table_is_one_of_four_kinds() -> None:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    assert tables - FREELY == {*settings.APPEND_ONLY_TABLES, *ENDED, *settings.READ_ONLY_TABLES}


@pytest.mark.parametrize("table", sorted(ENDED))
def test_what_is_given_can_be_added_and_ended_and_nothing_else(table: str) -> None:
    deletes, empties, adds, changes = rights(table)
    assert (deletes, empties, adds, sorted(changes)) == (False, False, True, sorted(ENDED[table]))


@pytest.mark.parametrize("table", sorted(settings.APPEND_ONLY_TABLES))
def test_what_is_only_added_to_is_only_added_to(table: str) -> None:
    assert rights(table) == (False, False, True, [])


@pytest.mark.parametrize("table", settings.READ_ONLY_TABLES)
def test_which_migrations_have_run_is_read_alone(table: str) -> None:
    assert rights(table) == (False, False, False, [])


@pytest.mark.parametrize("table", sorted([*ENDED, *settings.APPEND_ONLY_TABLES, *settings.READ_ONLY_TABLES]))
def test_deleting_is_refused(table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(f"DELETE FROM {table}")
