"""What was done with accounts, which the database itself keeps from being changed; and the letters about it."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

FUNCTION = """
CREATE FUNCTION people_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was done with accounts is only added to: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""
GUARDS = [
    "CREATE TRIGGER people_accountact_rows BEFORE UPDATE OR DELETE ON people_accountact "
    "FOR EACH ROW EXECUTE FUNCTION people_only_added_to()",
    "CREATE TRIGGER people_accountact_whole BEFORE TRUNCATE ON people_accountact "
    "FOR EACH STATEMENT EXECUTE FUNCTION people_only_added_to()",
]
UNDONE = [
    "DROP TRIGGER people_accountact_rows ON people_accountact",
    "DROP TRIGGER people_accountact_whole ON people_accountact",
    "DROP FUNCTION people_only_added_to()",
]


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_vacancies_and_leaving"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("added", "Added to the service"),
                            ("invited", "Invited to choose a password"),
                            ("password-chosen", "First password chosen"),
                            ("password-asked", "New password asked for, on the sign-in page"),
                            ("password-changed", "Password changed"),
                            ("factor-asked", "Second factor lost: removal asked for"),
                            ("factor-kept", "Removal of the second factor taken back"),
                            ("factor-removed", "Second factor removed"),
                            ("opened", "Opened again, after nobody had used it for a long time"),
                            ("sessions-ended", "Signed out of other browsers"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "by_role",
                    models.CharField(
                        blank=True, help_text="The title of the post from which it was done.", max_length=200
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "authority",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="The council that keeps the account; empty for what somebody of a shared agency did themselves.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.authority",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="account_acts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("last_error", models.TextField(blank=True)),
                (
                    "act",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="letter", to="people.accountact"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="accountact",
            index=models.Index(fields=["person", "-id"], name="people_accountact_of"),
        ),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", True)), fields=["next_attempt_at"], name="people_letter_to_send"
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("sent_at__isnull", True), ("attempts__gte", 1), _connector="OR"),
                name="people_letter_sent_was_tried",
            ),
        ),
        migrations.RunSQL([FUNCTION, *GUARDS], UNDONE),
    ]
