"""What is on file of a plan cycle holds the conferences that are planned, each with the day of its file."""

from pathlib import Path

from django.db import migrations

PLANNED = Path(__file__).with_name("planned_on_file.sql").read_text("utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0011_plan_cycles"),
    ]

    operations = [
        migrations.RunSQL(PLANNED, migrations.RunSQL.noop),
    ]
