"""A duty that is met, or no longer owed, opens nothing of a restricted child any more: whose turn it is now sees it."""

from importlib import import_module

from django.db import migrations

first = import_module("undrift.access.migrations.0002_row_level_security")

OWED = "WHERE d.case_id = r.id AND d.person_id = ANY ((SELECT owed FROM my)::bigint[])"
DOORS: str = first.DOORS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(
    OWED, f"{OWED}\n                AND d.met_at IS NULL AND d.gone_at IS NULL"
)


class Migration(migrations.Migration):
    dependencies = [("access", "0003_listing_ended")]

    operations = [migrations.RunSQL(DOORS, first.DOORS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))]
