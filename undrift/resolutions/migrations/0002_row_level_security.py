"""A resolution's own columns are seen with its case: a row of theirs alone says nothing, and is not shown alone."""

from pathlib import Path

from django.db import migrations

OWN = Path(__file__).with_name("own.sql").read_text("utf-8")

SERVICE = "(SELECT undrift_is('reach', 'service'))"
SEEN = "EXISTS (SELECT FROM record_case c WHERE c.id = case_id)"


class Migration(migrations.Migration):
    dependencies = [("resolutions", "0001_initial"), ("access", "0002_row_level_security")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE resolutions_resolution ENABLE ROW LEVEL SECURITY",
                f"CREATE POLICY service ON resolutions_resolution USING ({SERVICE})",
                f"CREATE POLICY as_its_case ON resolutions_resolution USING ({SEEN})",
                OWN,
            ],
            migrations.RunSQL.noop,
        )
    ]
