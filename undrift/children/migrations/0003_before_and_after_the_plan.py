"""Whom a conference, or a plan that is over, ties to a child is gathered by index."""

import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("children", "0002_names_to_search"),
        ("people", "0005_person_closed_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="conference",
            index=models.Index(
                models.F("chair"),
                django.db.models.functions.comparison.Coalesce("held_on", "planned_for"),
                condition=models.Q(("cancelled_at__isnull", True)),
                name="children_conference_by_chair",
            ),
        ),
        migrations.AddIndex(
            model_name="conference",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce("held_on", "planned_for"),
                condition=models.Q(("cancelled_at__isnull", True), ("kind", "initial")),
                name="children_conference_initial",
            ),
        ),
        migrations.AddIndex(
            model_name="plan",
            index=models.Index(
                condition=models.Q(("ends__isnull", False)),
                fields=["chair", "ends"],
                name="children_plan_ended_by_chair",
            ),
        ),
    ]
