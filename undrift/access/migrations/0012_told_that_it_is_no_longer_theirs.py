"""Whoever is told that a part is theirs no longer may open the record by nothing else than before."""

from importlib import import_module

from django.db import migrations

first = import_module("undrift.access.migrations.0002_row_level_security")
since = import_module("undrift.access.migrations.0004_before_and_after_the_plan")
same = import_module("undrift.access.migrations.0007_two_records_of_one_child")

OPENS = "kind <> 'no_longer'"
MINE = f"to_person_id = ANY {first.MINE}"
TOLD = "to_person_id = ANY (told)"
HAS_A_PART = "undrift_has_a_part(bigint)"
FUNCTIONS = {HAS_A_PART: same.changed(first.FUNCTIONS[HAS_A_PART], (MINE, f"{MINE} AND {OPENS}"))}
GATHERED = same.changed(first.GATHERED, (TOLD, f"{TOLD} AND {OPENS}"))


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0011_plan_cycles"),
    ]

    operations = [
        migrations.RunSQL(
            [*(since.again(signature, body) for signature, body in FUNCTIONS.items()), same.again(GATHERED)],
            migrations.RunSQL.noop,
        )
    ]
