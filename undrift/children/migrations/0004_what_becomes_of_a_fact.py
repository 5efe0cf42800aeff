"""What people and files changed of a fact is only ever added to; a file is read before it is applied."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What imports changed before is kept among all that became of facts.
MOVED = """
INSERT INTO children_factchange (authority_id, child_id, entity, object_id, field, was, now, at, import_run_id, why)
SELECT c.authority_id, CASE r.entity WHEN 'child' THEN r.object_id ELSE p.child_id END, r.entity, r.object_id,
    c.field, c.was, c.now, i.started, i.id, ''
FROM children_importedchange c
JOIN children_importedrow r ON r.id = c.row_id
JOIN children_importrun i ON i.id = c.import_run_id
LEFT JOIN children_plan p ON r.entity = 'plan' AND p.id = r.object_id
ORDER BY c.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("children", "0003_before_and_after_the_plan"),
        ("people", "0005_person_closed_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="child",
            name="died_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="undone_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="undone_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="importedrow",
            name="entity",
            field=models.CharField(help_text="child, plan or conference.", max_length=40),
        ),
        migrations.AlterField(
            model_name="importedrow",
            name="object_id",
            field=models.BigIntegerField(help_text="The child, plan or conference it became."),
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[("chair", "Chair"), ("social_worker", "Social worker"), ("team", "Team")],
                        max_length=14,
                    ),
                ),
                ("from_day", models.DateField()),
                ("why", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.authority"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="allocations", to="children.child"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["from_day", "id"],
            },
        ),
        migrations.CreateModel(
            name="FactChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "entity",
                    models.CharField(
                        choices=[
                            ("child", "The child"),
                            ("plan", "A plan"),
                            ("conference", "A conference"),
                            ("core-group", "The core group"),
                        ],
                        max_length=12,
                    ),
                ),
                ("object_id", models.BigIntegerField()),
                ("field", models.CharField(blank=True, max_length=60)),
                ("was", models.TextField(blank=True)),
                ("now", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("why", models.CharField(blank=True, max_length=200)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.authority"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="fact_changes",
                        to="children.child",
                    ),
                ),
                (
                    "import_run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="children.importrun",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ImportCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source_system", models.CharField(help_text="The format, such as annex-a.", max_length=40)),
                ("reference", models.CharField(help_text="Its name in addresses.", max_length=20, unique=True)),
                ("file_name", models.CharField(max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField(help_text="The file as it came, to be read again when it is applied.")),
                ("as_at", models.DateField(help_text="The day the file describes.")),
                ("at", models.DateTimeField()),
                ("counts", models.JSONField(default=dict)),
                ("findings", models.JSONField(default=list, help_text="Place and reason of each finding; no names.")),
                (
                    "changes",
                    models.JSONField(
                        default=list, help_text="What would change, child by child; at most 2,000 of them."
                    ),
                ),
                (
                    "digest",
                    models.CharField(help_text="Of all that would change: applied is what was shown.", max_length=64),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.authority"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.RunSQL(MOVED, migrations.RunSQL.noop),
        migrations.DeleteModel(
            name="ImportedChange",
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True), ("ended_at__isnull", True)),
                fields=["from_day"],
                name="children_allocation_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(("person__isnull", True), ("unit__isnull", True), _connector="OR"),
                name="children_allocation_to_one",
            ),
        ),
        migrations.AddIndex(
            model_name="factchange",
            index=models.Index(fields=["child", "id"], name="children_fa_child_i_bab0d7_idx"),
        ),
        migrations.AddIndex(
            model_name="factchange",
            index=models.Index(fields=["entity", "object_id"], name="children_fa_entity_15bab2_idx"),
        ),
        migrations.AddConstraint(
            model_name="importcheck",
            constraint=models.UniqueConstraint(fields=("authority", "source_system"), name="children_importcheck_one"),
        ),
    ]
