"""The database itself refuses to change or remove history: for the application, the owner, anybody's SQL.

And how a case is taken and kept: `taking_and_keeping.sql`.
"""

from pathlib import Path

from django.db import migrations

TAKING_AND_KEEPING = Path(__file__).with_name("taking_and_keeping.sql").read_text("utf-8")

GUARDED = ("record_event", "record_seal")

FUNCTION = """
CREATE FUNCTION record_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'History is only added to: % on % is refused. Correct it by a further event.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""


def guards(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION record_only_added_to()",
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION record_only_added_to()",
    ]


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [FUNCTION, *(statement for table in GUARDED for statement in guards(table)), TAKING_AND_KEEPING],
            migrations.RunSQL.noop,
        )
    ]
