"""Who is gathered around a case: per child, with their days; and the plans by which siblings have different people."""

from pathlib import Path

from django.db import migrations

GATHERED = Path(__file__).with_name("core_groups_per_child.sql").read_text("utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0005_typed_text"),
        ("access", "0003_listing_ended"),
        ("children", "0002_names_to_search"),
    ]

    operations = [
        migrations.RunSQL(GATHERED, migrations.RunSQL.noop),
    ]
