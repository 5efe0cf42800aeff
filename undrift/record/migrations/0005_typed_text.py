"""What is typed and not sent, and what was sent; both their writer's alone."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

POLICIES = Path(__file__).with_name("typed_text.sql").read_text("utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0004_seal_rows"),
        ("access", "0002_row_level_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(help_text="Where the form was sent to.", max_length=400)),
                ("number", models.CharField(help_text="Of the drawing of the page that was sent.", max_length=40)),
                ("said", models.CharField(help_text="A hash of what it said.", max_length=64)),
                (
                    "onward",
                    models.CharField(default="", help_text="Where its sender was led afterwards.", max_length=400),
                ),
                ("sent_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["sent_at"], name="record_submission_old")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "address", "number", "said"), name="record_submission_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TypedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "address",
                    models.CharField(help_text="Where the form stands: /resolutions/R-2026-0147/note", max_length=400),
                ),
                ("page", models.CharField(help_text="The name of that address: note, respond ...", max_length=60)),
                (
                    "number",
                    models.CharField(help_text="Of the drawing of the page in which it was typed.", max_length=40),
                ),
                ("content", models.JSONField(help_text="What was typed, by the name of the box.")),
                (
                    "wrong",
                    models.JSONField(default=dict, help_text="What was found wrong with it when it was last sent."),
                ),
                (
                    "why",
                    models.CharField(
                        default="typed", help_text="Why it is kept: typed, wrong, stale ...", max_length=20
                    ),
                ),
                ("sentence", models.TextField(default="", help_text="Why it was not taken, where it was not.")),
                ("saved_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["saved_at"], name="record_typedtext_old")],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "address", "number"), name="record_typedtext_once")
                ],
            },
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
