"""What becomes of a row that is ended and never deleted is kept by the database itself: `endings.sql`."""

from pathlib import Path

from django.db import migrations, models

ENDINGS = Path(__file__).with_name("endings.sql").read_text("utf-8")
COLUMNS = {
    "access_opening": ("until", "reviewed_by_id", "reviewed_at", "finding", "remark"),
    "access_restriction": ("lift_asked_by_id", "lift_asked_at", "lifted_by_id", "lifted_at"),
    "access_listing": ("ends", "ended_by_id", "ended_at"),
    "access_exclusion": ("lifted_by_id", "lifted_at"),
    "record_notice": ("dropped_at",),
    "people_holding": ("ends", "ended_by_id", "ended_at"),
    "people_cover": ("ends", "ended_by_id", "ended_at"),
    "children_allocation": ("done_at", "ended_by_id", "ended_at"),
    "people_grant": ("settled_by_id", "settled_at", "outcome"),
}
GUARDS = [
    "CREATE TRIGGER record_ending_rows BEFORE UPDATE OR DELETE ON record_ending "
    "FOR EACH ROW EXECUTE FUNCTION record_only_added_to()",
    "CREATE TRIGGER record_ending_whole BEFORE TRUNCATE ON record_ending "
    "FOR EACH STATEMENT EXECUTE FUNCTION record_only_added_to()",
]


def kept(table: str, columns: tuple[str, ...]) -> list[str]:
    """From now on by triggers, which cost nothing where none of these changes; and what there is already."""
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    names = ", ".join(f"'{column}'" for column in columns)
    keep = f"FOR EACH ROW WHEN ({{}}) EXECUTE FUNCTION record_keep_end({names})"
    return [
        f"CREATE TRIGGER {table}_end_begun AFTER INSERT ON {table} {keep.format(f'num_nonnulls({new}) > 0')}",
        f"CREATE TRIGGER {table}_end_kept AFTER UPDATE ON {table} {keep.format(f'ROW({new}) IS DISTINCT FROM ROW({old})')}",
        "INSERT INTO record_ending (of_table, number, said, at) "
        f"SELECT '{table}', id, record_end(to_jsonb(t), ARRAY[{names}]), people_clock() FROM {table} t "
        f"WHERE num_nonnulls({', '.join(columns)}) > 0 ORDER BY id",
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0007_typed_text_tabs"),
        ("access", "0003_listing_ended"),
        ("children", "0004_what_becomes_of_a_fact"),
        ("people", "0003_given_by_two"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ending",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("of_table", models.CharField(max_length=40)),
                ("number", models.BigIntegerField()),
                (
                    "said",
                    models.CharField(
                        blank=True, help_text="Empty where nothing has become of it, again.", max_length=64
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["of_table", "number", "id"], name="record_ending_of")],
            },
        ),
        migrations.RunSQL(
            [
                "SET LOCAL timezone TO 'UTC'",
                ENDINGS,
                *(statement for table, columns in COLUMNS.items() for statement in kept(table, columns)),
                *GUARDS,
            ],
            migrations.RunSQL.noop,
        ),
    ]
