"""When an account was closed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_tries_counted"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="closed_at",
            field=models.DateTimeField(blank=True, help_text="When the account was closed, if it is.", null=True),
        ),
    ]
