"""Alerts, and who is kept out of a resolution's children: the same for every reader, as who plays a role is."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import undrift.children.models.family

KEPT_OUT = """
CREATE FUNCTION undrift_kept_out(resolution bigint) RETURNS TABLE (person_id bigint, why text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT ON (e.person_id) e.person_id, e.why::text FROM children_exclusion e
    WHERE e.lifted_at IS NULL
        AND e.child_id IN (SELECT child_id FROM resolutions_resolutionchild WHERE resolution_id = $1)
    ORDER BY e.person_id, e.since
$$
"""

PERSON = (
    "(SELECT undrift_is('reach', 'person')) AND authority_id = ANY ((SELECT undrift_numbers('councils'))::bigint[])"
)

POLICIES = [
    "ALTER TABLE resolutions_alert ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY service ON resolutions_alert USING ((SELECT undrift_is('reach', 'service')))",
    "CREATE POLICY council ON resolutions_alert USING ((SELECT undrift_is('reach', 'council'))"
    " AND authority_id = ANY ((SELECT undrift_numbers('councils'))::bigint[]))",
    f"CREATE POLICY person_sees ON resolutions_alert USING ({PERSON}"
    " AND to_person_id = ANY ((SELECT undrift_numbers('my_number'))::bigint[]))",
    f"CREATE POLICY person_adds ON resolutions_alert FOR INSERT WITH CHECK ({PERSON})",
]

UNDONE = [
    "DROP FUNCTION undrift_kept_out(bigint)",
    *(f"DROP POLICY {name} ON resolutions_alert" for name in ("service", "council", "person_sees", "person_adds")),
    "ALTER TABLE resolutions_alert DISABLE ROW LEVEL SECURITY",
]


class Migration(migrations.Migration):
    dependencies = [
        ("children", "0002_need_to_know"),
        ("people", "0002_vacancies_and_leaving"),
        ("resolutions", "0005_row_level_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                (
                    "about",
                    models.BigIntegerField(
                        help_text="The number of the opening, or of the person whose looks gave rise to it."
                    ),
                ),
                ("day", models.DateField(help_text="Told once for each day.")),
                (
                    "reference",
                    models.CharField(
                        default=undrift.children.models.family.opaque_id, editable=False, max_length=20, unique=True
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("last_error", models.TextField(blank=True)),
                (
                    "authority",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.authority",
                    ),
                ),
                (
                    "to_person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True)),
                        fields=["next_attempt_at"],
                        name="resolutions_alert_to_send",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("to_person", "kind", "about", "day"), name="resolutions_alert_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sent_at__isnull", True), ("attempts__gte", 1), _connector="OR"),
                        name="resolutions_alert_sent_was_tried",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="look",
            index=models.Index(condition=models.Q(("refused", True)), fields=["tried"], name="resolutions_look_tried"),
        ),
        migrations.RunSQL([KEPT_OUT, *POLICIES], UNDONE),
    ]
