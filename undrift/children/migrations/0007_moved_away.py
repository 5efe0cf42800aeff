"""A child who has moved to another council."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("children", "0006_names_of_many")]

    operations = [
        migrations.AddField(
            model_name="child",
            name="moved_on",
            field=models.DateField(blank=True, null=True, help_text="The day the child moved to another council."),
        ),
        migrations.AddField(
            model_name="child",
            name="moved_to",
            field=models.CharField(
                blank=True, default="", max_length=200, help_text="The council that the child moved to."
            ),
            preserve_default=False,
        ),
    ]
