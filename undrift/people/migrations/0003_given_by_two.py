"""Who gave a post or cover, and the second person who confirmed it; ended, never deleted."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BY_TWO = Path(__file__).with_name("0003_given_by_two.sql").read_text("utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_only_added_to"),
    ]

    operations = [
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("cover", "Cover"), ("post", "A post"), ("leaving", "Hand-over")], max_length=10
                    ),
                ),
                (
                    "to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        help_text="The numbers of the people whom it gives anything.",
                        size=None,
                    ),
                ),
                ("terms", models.JSONField(help_text="What is to be done when it is confirmed, in numbers and days.")),
                ("said", models.TextField(help_text="The same as a sentence.")),
                ("why", models.CharField(max_length=200)),
                ("asked_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True, choices=[("confirmed", "Confirmed"), ("taken-back", "Taken back")], max_length=10
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="cover",
            name="people_cover_ends_after_start",
        ),
        migrations.RemoveConstraint(
            model_name="holding",
            name="people_holding_ends_after_start",
        ),
        migrations.RemoveConstraint(
            model_name="holding",
            name="people_holding_once",
        ),
        migrations.AddField(
            model_name="cover",
            name="at",
            field=models.DateTimeField(blank=True, help_text="When it was given, by the database's clock.", null=True),
        ),
        migrations.AddField(
            model_name="cover",
            name="by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Who gave it; empty for what came in the organisation's file.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="cover",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="cover",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Who ended it, or took it back.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="cover",
            name="seconded_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The second person, who confirmed it; empty for one's own cover.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="at",
            field=models.DateTimeField(blank=True, help_text="When it was given, by the database's clock.", null=True),
        ),
        migrations.AddField(
            model_name="holding",
            name="by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Who gave it; empty for what came in the organisation's file.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="holding",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Who ended it, or took it back.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="seconded_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The second person, who confirmed it; empty for one's own cover.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="why",
            field=models.CharField(blank=True, help_text="Why it was given.", max_length=200),
        ),
        migrations.AddConstraint(
            model_name="cover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends__isnull", True),
                    ("ends__gte", models.F("starts")),
                    ("ended_at__isnull", False),
                    _connector="OR",
                ),
                name="people_cover_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="cover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("by__isnull", True),
                    ("by", models.F("away")),
                    models.Q(
                        ("seconded_by__isnull", False),
                        models.Q(("by", models.F("covering")), _negated=True),
                        models.Q(("seconded_by", models.F("covering")), _negated=True),
                        models.Q(("seconded_by", models.F("by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="people_cover_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends__isnull", True),
                    ("ends__gte", models.F("starts")),
                    ("ended_at__isnull", False),
                    _connector="OR",
                ),
                name="people_holding_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("by__isnull", True),
                    models.Q(
                        ("seconded_by__isnull", False),
                        models.Q(("by", models.F("person")), _negated=True),
                        models.Q(("seconded_by", models.F("person")), _negated=True),
                        models.Q(("seconded_by", models.F("by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="people_holding_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("post", "person", "starts", "kind"),
                name="people_holding_once",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="about",
            field=models.ForeignKey(
                help_text="Who is away, takes up a post, or leaves.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="asked_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="authority",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.authority"
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)), fields=["authority"], name="people_grant_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), ("settled_at__isnull", True), ("settled_by__isnull", True)),
                    models.Q(
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="people_grant_settled_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "confirmed"), _negated=True),
                    models.Q(("settled_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="people_grant_by_two",
            ),
        ),
        migrations.RunSQL(BY_TWO, migrations.RunSQL.noop),
    ]
