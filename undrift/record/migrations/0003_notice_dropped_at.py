"""What is not to be sent is said to be so, and stays on file."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0002_only_added_to"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="dropped_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When it was settled that it is not to be sent: they are kept out since.",
                null=True,
            ),
        ),
    ]
