"""What a format has told of each thing, to tell what is older; and of which council a file said it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("children", "0004_what_becomes_of_a_fact"),
    ]

    operations = [
        migrations.AddField(
            model_name="importedrow",
            name="told",
            field=models.JSONField(
                default=list,
                help_text="The two youngest runs that told of it, the youngest first: its number, day, a hash of each fact.",
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="council",
            field=models.CharField(blank=True, help_text="The council that the file said it is of.", max_length=60),
        ),
    ]
