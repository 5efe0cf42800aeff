"""A resolution's own columns are seen with its case: a row of theirs alone says nothing, and is not shown alone."""

from pathlib import Path

from django.db import migrations

OWN = Path(__file__).with_name("own.sql").read_text("utf-8")

SERVICE = "(SELECT undrift_is('reach', 'service'))"
# Not an EXISTS: of many rows the planner would rather read every case there is first.
SEEN = "coalesce((SELECT true FROM record_case c WHERE c.id = case_id), false)"

# The latest resolutions of these councils about a child whom the words name, but those that are shut; numbers only, which
# are then read under the policies. Words begin the child's own names, unless they only nearly name it.
CASES_NAMED = """
CREATE FUNCTION undrift_resolutions_named(councils bigint[], words text[], near boolean, shut bigint[], most integer)
RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ARRAY(
        SELECT r.case_id FROM resolutions_resolution r
        WHERE r.case_id <> ALL (shut) AND r.case_id IN (
            SELECT a.case_id FROM undrift_named(councils, words, near, NULL, '{}', NOT near) n
            JOIN record_casechild a ON a.child_id = n.child_id)
        ORDER BY r.raised_at DESC, r.case_id DESC LIMIT most)
$$
"""


class Migration(migrations.Migration):
    dependencies = [("resolutions", "0001_initial"), ("access", "0002_row_level_security")]

    operations = [
        migrations.RunSQL(
            [
                CASES_NAMED,
                "ALTER TABLE resolutions_resolution ENABLE ROW LEVEL SECURITY",
                f"CREATE POLICY service ON resolutions_resolution USING ({SERVICE})",
                f"CREATE POLICY as_its_case ON resolutions_resolution USING ({SEEN})",
                OWN,
            ],
            migrations.RunSQL.noop,
        )
    ]
