"""A name on a list is ended by somebody, never deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_row_level_security"),
        ("children", "0002_names_to_search"),
        ("people", "0003_given_by_two"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="listing",
            name="access_listing_ends_after_start",
        ),
        migrations.AddField(
            model_name="listing",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="listing",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends__isnull", True),
                    ("ends__gte", models.F("starts")),
                    ("ended_at__isnull", False),
                    _connector="OR",
                ),
                name="access_listing_ends_after_start",
            ),
        ),
    ]
