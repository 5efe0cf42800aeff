"""What is published of good practice; and the notes of a council and a period, by an index of their own."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

kept = import_module("undrift.record.migrations.0002_only_added_to")


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_authority_lea"),
        ("record", "0014_the_dead"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GoodPracticeReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.DateField(help_text="The first day of the period.")),
                ("last", models.DateField(help_text="The last day of the period.")),
                (
                    "team_name",
                    models.CharField(blank=True, help_text="As it was called; empty for all teams.", max_length=200),
                ),
                ("sentences", models.JSONField(help_text="Each with the tier of its note, by the policy's title.")),
                (
                    "numbers",
                    models.JSONField(help_text="How many notes of each tier and team; null for what is not shown."),
                ),
                ("why", models.TextField(blank=True, help_text="What is different from the version before.")),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-last", "first", "team_name", "-id"],
            },
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("type", "good_practice_noted")),
                fields=["authority", "happened_at"],
                name="record_event_good",
            ),
        ),
        migrations.AddField(
            model_name="goodpracticereport",
            name="authority",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.authority"
            ),
        ),
        migrations.AddField(
            model_name="goodpracticereport",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="goodpracticereport",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                help_text="The version before.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="record.goodpracticereport",
            ),
        ),
        migrations.AddField(
            model_name="goodpracticereport",
            name="team",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="goodpracticereport",
            constraint=models.CheckConstraint(
                condition=models.Q(("last__gte", models.F("first"))), name="record_goodpracticereport_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="goodpracticereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replaces", None), ("why", "")),
                    models.Q(("replaces__isnull", False), models.Q(("why", ""), _negated=True)),
                    _connector="OR",
                ),
                name="record_goodpracticereport_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="goodpracticereport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaces", None)),
                fields=("authority", "first", "last", "team"),
                name="record_goodpracticereport_first_version",
                nulls_distinct=False,
            ),
        ),
        migrations.RunSQL(kept.guards("record_goodpracticereport"), migrations.RunSQL.noop),
    ]
