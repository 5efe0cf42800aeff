"""A council's three figures at the Department for Education."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_person_closed_at")]

    operations = [
        migrations.AddField(
            model_name="authority",
            name="lea",
            field=models.CharField(
                blank=True,
                help_text="Its three figures at the Department for Education: a census of another is refused.",
                max_length=3,
            ),
        ),
    ]
