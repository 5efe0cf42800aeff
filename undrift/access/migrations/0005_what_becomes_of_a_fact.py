"""Who sees what became of a fact, what is to be from a day on, and the files that were read and not applied yet.

Whoever brings children in works with all of their council's, by number, and opens no record by it. So they see them on
the pages of that work alone (`record.sight.as_bringer`), and none that is closed to them.
"""

from importlib import import_module

from django.db import migrations

first = import_module("undrift.access.migrations.0002_row_level_security")

SEEN = {
    "children_factchange": "undrift_reaches_child(child_id)",
    "children_allocation": "undrift_reaches_child(child_id)",
    "children_importcheck": first.said("brings"),
}

BRINGS_FAMILY = f"""
CREATE FUNCTION undrift_brings_family(bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER {first.ASKING}
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM children_child WHERE family_id = $1 AND id {first.SHUT})
$$
"""
BROUGHT = {
    "children_child": f"id {first.SHUT}",
    "children_plan": f"child_id {first.SHUT}",
    "children_allocation": f"child_id {first.SHUT}",
    "children_factchange": f"child_id {first.SHUT}",
    "children_family": "undrift_brings_family(id)",
    "children_conference": "undrift_brings_family(family_id)",
    "children_coregroupmember": f"undrift_brings_family(family_id) AND (child_id IS NULL OR child_id {first.SHUT})",
}


def brought(table: str, seen: str) -> str:
    return (
        f"CREATE POLICY bringer_sees ON {table} USING ({first.said('reach', 'bringer')} AND {first.said('brings')}"
        f" AND {first.COUNCIL} AND ({seen}))"
    )


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
            [
                *(statement for table, seen in SEEN.items() for statement in first.policies(table, seen)),
                BRINGS_FAMILY,
                *(brought(table, seen) for table, seen in BROUGHT.items()),
                *KEPT,
            ],
            migrations.RunSQL.noop,
        )
    ]
