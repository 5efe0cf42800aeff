"""What is typed keeps how often its form had come back, so that what a script sends late is told apart."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0006_core_groups_per_child"),
    ]

    operations = [
        migrations.AddField(
            model_name="typedtext",
            name="turn",
            field=models.PositiveIntegerField(db_default=0, help_text="How often that drawing had come back by then."),
        ),
    ]
