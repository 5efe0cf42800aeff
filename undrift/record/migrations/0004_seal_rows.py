"""A seal covers the rows beside history too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0003_notice_dropped_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="seal",
            name="rows",
            field=models.JSONField(
                default=list,
                help_text="Of each table that is only added to: which numbers it covers, and one hash over them.",
            ),
        ),
    ]
