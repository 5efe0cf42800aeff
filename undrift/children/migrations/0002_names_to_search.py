"""Names cut up for the search, and the functions of the owner's that meet them by index."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("children", "0001_initial")]

    operations = [migrations.RunSQL([SQL], migrations.RunSQL.noop)]
