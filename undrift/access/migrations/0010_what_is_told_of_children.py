"""What a check or an import tells is seen by whoever brings children in, but of those who are closed to them nothing.

Of their own file they have what stands in it, row by row.
"""

from importlib import import_module

from django.db import migrations

first = import_module("undrift.access.migrations.0002_row_level_security")

SEEN = {
    "children_importtold": f"{first.said('brings')} AND (child_id IS NULL OR child_id {first.SHUT}"
    f" OR (in_file AND by_id = ANY {first.ME}))",
}


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0009_a_second_family"),
        ("children", "0011_what_is_told_of_children"),
    ]

    operations = [
        migrations.RunSQL(
            [statement for table, seen in SEEN.items() for statement in first.policies(table, seen)],
            migrations.RunSQL.noop,
        )
    ]
