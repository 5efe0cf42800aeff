"""Before there is a plan, the latest initial conference says who chairs for the child, and no earlier one."""

from importlib import import_module

from django.db import migrations

since = import_module("undrift.access.migrations.0004_before_and_after_the_plan")

# One that nobody chairs yet takes the child from nobody.
LATEST_INITIAL = """
CREATE FUNCTION undrift_latest_initial(family bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM children_conference
    WHERE family_id = family AND kind = 'initial' AND cancelled_at IS NULL AND chair_id IS NOT NULL
    ORDER BY coalesce(held_on, planned_for) DESC, id DESC LIMIT 1
$$
"""
FIRST_WAY = f"m.chair_id = ANY (chaired) AND {since.INITIAL} AND"
OFF_PLAN = since.OFF_PLAN.replace(FIRST_WAY, f"{FIRST_WAY} m.id = undrift_latest_initial(m.family_id)\n        AND")
AGAIN = OFF_PLAN.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("access", "0005_what_becomes_of_a_fact")]

    operations = [migrations.RunSQL([LATEST_INITIAL, AGAIN], migrations.RunSQL.noop)]
