"""That a child is in a second family is seen by whoever sees the child and somebody of that family: no more is opened."""

from importlib import import_module

from django.db import migrations

first = import_module("undrift.access.migrations.0002_row_level_security")
facts = import_module("undrift.access.migrations.0005_what_becomes_of_a_fact")

SEES_BOTH = """
CREATE FUNCTION undrift_reaches_both(child bigint, family bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT undrift_reaches_child(child) AND undrift_reaches_family(family)
$$
"""
SEEN = {"children_alsoinfamily": "undrift_reaches_both(child_id, family_id)"}
BROUGHT = {"children_alsoinfamily": f"child_id {first.SHUT} AND undrift_brings_family(family_id)"}


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0008_looked_after"),
        ("children", "0010_a_second_family"),
    ]

    operations = [
        migrations.RunSQL(
            [
                SEES_BOTH,
                *(statement for table, seen in SEEN.items() for statement in first.policies(table, seen)),
                *(facts.brought(table, seen) for table, seen in BROUGHT.items()),
            ],
            migrations.RunSQL.noop,
        )
    ]
