"""That a child is looked after is seen as its plan is."""

from importlib import import_module

from django.db import migrations

first = import_module("undrift.access.migrations.0002_row_level_security")
facts = import_module("undrift.access.migrations.0005_what_becomes_of_a_fact")

SEEN = {"children_lookedafter": f"({first.ALL} AND child_id {first.SHUT}) OR child_id {first.REACHED}"}
BROUGHT = {"children_lookedafter": f"child_id {first.SHUT}"}


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_two_records_of_one_child"),
        ("children", "0009_looked_after"),
    ]

    operations = [
        migrations.RunSQL(
            [
                *(statement for table, seen in SEEN.items() for statement in first.policies(table, seen)),
                *(facts.brought(table, seen) for table, seen in BROUGHT.items()),
            ],
            migrations.RunSQL.noop,
        )
    ]
