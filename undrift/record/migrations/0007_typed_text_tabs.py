"""What is typed keeps in which tab, and the how many-th save of that tab it is; a sending, which tab it came from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0006_core_groups_per_child"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="typedtext",
            name="record_typedtext_once",
        ),
        migrations.AddField(
            model_name="submission",
            name="tab",
            field=models.CharField(
                db_default="", default="", help_text="The copy of the page that was sent.", max_length=20
            ),
        ),
        migrations.AddField(
            model_name="typedtext",
            name="count",
            field=models.PositiveIntegerField(db_default=0, help_text="How many saves of that copy came before."),
        ),
        migrations.AddField(
            model_name="typedtext",
            name="tab",
            field=models.CharField(
                db_default="",
                default="",
                help_text="The copy of that page, of which several may be open.",
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="typedtext",
            constraint=models.UniqueConstraint(
                fields=("person", "address", "number", "tab"), name="record_typedtext_once"
            ),
        ),
    ]
