"""What is on file of a plan cycle holds when it was said that a plan has ended."""

from pathlib import Path

from django.db import migrations

ENDS = Path(__file__).with_name("ends_on_file.sql").read_text("utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0012_planned_on_file"),
    ]

    operations = [
        migrations.RunSQL(ENDS, migrations.RunSQL.noop),
    ]
