"""The second kind of case: a family's plan cycle, with what is on file laid over it."""

from pathlib import Path

from django.db import migrations, models

ON_FILE = Path(__file__).with_name("plan_cycles.sql").read_text("utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0010_endings_of_links"),
        ("children", "0011_what_is_told_of_children"),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="kind",
            field=models.CharField(choices=[("resolution", "Resolution"), ("plan", "Plan cycle")], max_length=20),
        ),
        migrations.RunSQL(ON_FILE, migrations.RunSQL.noop),
    ]
