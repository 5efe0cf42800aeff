"""Late actions and notices that nobody got are found by an index of their own, however much is open."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_authority_lea"),
        ("record", "0015_good_practice_report"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("gone_at__isnull", True), ("met_at__isnull", True), ("must", "do the action")),
                fields=["due_at", "id"],
                name="record_duty_actions",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("attempts__gte", 6), ("dropped_at__isnull", True), ("sent_at__isnull", True)),
                fields=["case"],
                name="record_notice_unreached",
            ),
        ),
    ]
