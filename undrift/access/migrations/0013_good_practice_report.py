"""A good practice report is read by the staff of its authority, and by nobody of a partner agency."""

from importlib import import_module

from django.db import migrations

first = import_module("undrift.access.migrations.0002_row_level_security")

SEEN = {
    "record_goodpracticereport": f"""EXISTS (SELECT FROM people_person p LEFT JOIN people_agency a ON a.id = p.agency_id
        WHERE p.id = ANY {first.ME} AND coalesce(a.kind, '') IN ('', 'childrens-social-care'))""",
}


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0012_told_that_it_is_no_longer_theirs"),
        ("record", "0015_good_practice_report"),
    ]

    operations = [
        migrations.RunSQL(
            [statement for table, seen in SEEN.items() for statement in first.policies(table, seen)],
            migrations.RunSQL.noop,
        )
    ]
