"""What a check or an import tells stands row by row, each with its child; when applying began, and why it failed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What was told so far, row by row. A child of several ways of writing the number is met by the number as it stands.
MOVED = """
INSERT INTO children_importtold (authority_id, {column}, kind, place, child_id, by_id, in_file, said)
SELECT o.authority_id, o.id, '{kind}', e.place, c.id, o.by_id, coalesce((e.said -> 'place' ->> 'row')::int, 0) > 0, e.said
FROM {table} o
CROSS JOIN LATERAL jsonb_array_elements(o.{name}) WITH ORDINALITY AS e(said, place)
LEFT JOIN LATERAL (
    SELECT id FROM children_child WHERE authority_id = o.authority_id AND external_id <> ''
        AND external_id = {number} ORDER BY id LIMIT 1
) c ON true
"""
FINDING, CHANGE = "e.said -> 'place' ->> 'child'", "e.said ->> 'child'"


def moved(table: str, column: str, name: str, kind: str, number: str) -> str:
    return MOVED.format(table=table, column=column, name=name, kind=kind, number=number)


class Migration(migrations.Migration):
    dependencies = [
        ("children", "0010_a_second_family"),
        ("people", "0005_person_closed_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="importcheck",
            name="begun_at",
            field=models.DateTimeField(blank=True, help_text="When applying it began; kept whatever comes.", null=True),
        ),
        migrations.AddField(
            model_name="importcheck",
            name="failed_at",
            field=models.DateTimeField(blank=True, help_text="When applying it came to nothing.", null=True),
        ),
        migrations.AddField(
            model_name="importcheck",
            name="failed_why",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.CreateModel(
            name="ImportTold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("finding", "Found in the file"), ("change", "Would change")], max_length=8
                    ),
                ),
                ("place", models.PositiveIntegerField(help_text="In the order in which it was told.")),
                (
                    "in_file",
                    models.BooleanField(
                        default=False, help_text="Whether it is of a row of the file, and of nothing else."
                    ),
                ),
                ("said", models.JSONField()),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.authority"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "check_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told",
                        to="children.importcheck",
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="children.child",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="told",
                        to="children.importrun",
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("check_of__isnull", True), ("run__isnull", False)),
                            models.Q(("check_of__isnull", False), ("run__isnull", True)),
                            _connector="OR",
                        ),
                        name="children_importtold_of_one",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            [
                moved("children_importcheck", "check_of_id", "findings", "finding", FINDING),
                moved("children_importcheck", "check_of_id", "changes", "change", CHANGE),
                moved("children_importrun", "run_id", "findings", "finding", FINDING),
                # The columns go in the same transaction: nothing may still wait to be looked at.
                "SET CONSTRAINTS ALL IMMEDIATE",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField(model_name="importcheck", name="changes"),
        migrations.RemoveField(model_name="importcheck", name="findings"),
        migrations.RemoveField(model_name="importrun", name="findings"),
    ]
