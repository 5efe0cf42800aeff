"""Who sees what became of a fact, what is to be from a day on, and the files that were read and not applied yet."""

from importlib import import_module

from django.db import migrations

first = import_module("undrift.access.migrations.0002_row_level_security")

SEEN = {
    "children_factchange": "undrift_reaches_child(child_id)",
    "children_allocation": f"undrift_reaches_child(child_id) OR {first.said('brings')}",
    "children_importcheck": first.said("brings"),
}

KEPT = [
    "CREATE TRIGGER children_factchange_rows BEFORE UPDATE OR DELETE ON children_factchange "
    "FOR EACH ROW EXECUTE FUNCTION record_only_added_to()",
    "CREATE TRIGGER children_factchange_whole BEFORE TRUNCATE ON children_factchange "
    "FOR EACH STATEMENT EXECUTE FUNCTION record_only_added_to()",
]


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_before_and_after_the_plan"),
        ("children", "0004_what_becomes_of_a_fact"),
        ("record", "0002_only_added_to"),
    ]

    operations = [
        migrations.RunSQL(
            [*(statement for table, seen in SEEN.items() for statement in first.policies(table, seen)), *KEPT],
            migrations.RunSQL.noop,
        )
    ]
