"""What was done with accounts, which the database itself keeps from being changed; and the rosters' versions."""

from pathlib import Path

from django.db import migrations

VERSIONS = Path(__file__).with_name("roster_version.sql").read_text("utf-8")

FUNCTION = """
CREATE FUNCTION people_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was done with accounts is only added to: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""
GUARDS = [
    "CREATE TRIGGER people_accountact_rows BEFORE UPDATE OR DELETE ON people_accountact "
    "FOR EACH ROW EXECUTE FUNCTION people_only_added_to()",
    "CREATE TRIGGER people_accountact_whole BEFORE TRUNCATE ON people_accountact "
    "FOR EACH STATEMENT EXECUTE FUNCTION people_only_added_to()",
]


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunSQL([FUNCTION, *GUARDS, VERSIONS], migrations.RunSQL.noop)]
