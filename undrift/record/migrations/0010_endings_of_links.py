"""What becomes of a link between two records of a child, or between a child and a second family, is kept as well."""

from importlib import import_module

from django.db import migrations

COLUMNS = {
    "children_samechild": ("undone_by_id", "undone_at", "undone_why"),
    "children_alsoinfamily": ("ended_by_id", "ended_at"),
}
kept = import_module("undrift.record.migrations.0008_endings").kept


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0009_draft_saved_at"),
        ("children", "0010_a_second_family"),
    ]

    operations = [
        migrations.RunSQL(
            [
                "SET LOCAL timezone TO 'UTC'",
                *(statement for table, columns in COLUMNS.items() for statement in kept(table, columns)),
            ],
            migrations.RunSQL.noop,
        ),
    ]
