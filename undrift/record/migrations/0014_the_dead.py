"""A case is read with those of its children who have died; one that is held is open, and nobody's turn."""

from pathlib import Path

from django.db import migrations, models
from django.db.models import Q

THE_DEAD = Path(__file__).with_name("the_dead.sql").read_text("utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0013_ends_on_file"),
    ]

    operations = [
        migrations.RunSQL(THE_DEAD, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="case", name="record_case_somebodys_turn"),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                name="record_case_somebodys_turn",
                condition=~Q(ended_at__isnull=True)
                | ~Q(next_role="")
                | ~Q(next_name="")
                | Q(next_person__isnull=False)
                | Q(tag="Held"),
            ),
        ),
    ]
