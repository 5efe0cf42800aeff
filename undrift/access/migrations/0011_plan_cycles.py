"""A plan cycle is seen by whoever reaches one of its children, and by nobody else: no step in it ties anybody to a child.

Whoever sees one knows no more of a brother or sister by it. It is shut to whom the record of one of its children is
shut. And whoever chairs a concern is tied by that, not by a plan cycle that was left open.
"""

from importlib import import_module

from django.db import migrations

first = import_module("undrift.access.migrations.0002_row_level_security")
since = import_module("undrift.access.migrations.0004_before_and_after_the_plan")
later = import_module("undrift.access.migrations.0006_a_later_conference")
same = import_module("undrift.access.migrations.0007_two_records_of_one_child")

A_CONCERN, A_CYCLE = "kind = 'resolution'", "kind = 'plan'"
TIED = f"""({first.said("lists_all")} OR chair_id = ANY {first.CHAIRED} OR social_worker_id = ANY {first.WORKED}
        OR next_person_id = ANY {first.MINE} OR then_person_id = ANY {first.MINE}
        OR team_id = ANY {first.numbers("units")} OR id = ANY {first.numbers("let")} OR undrift_has_a_part(id))"""
OPEN = f"id <> ALL {first.numbers('closed')}"
SEEN = f"{OPEN} AND ({A_CONCERN} AND {TIED} OR {A_CYCLE} AND undrift_reaches_one_of(id))"
FUNCTIONS = {
    "undrift_reaches_one_of(bigint)": """
        SELECT EXISTS (SELECT FROM record_casechild WHERE case_id = $1 AND undrift_reaches_child(child_id))""",
    "undrift_sees(bigint)": f"SELECT EXISTS (SELECT FROM record_case WHERE id = $1 AND {first.COUNCIL} AND {SEEN})",
    "undrift_knows_child(bigint)": f"""
        SELECT undrift_reaches_child($1)
            OR EXISTS (SELECT FROM record_casechild a WHERE a.child_id = $1 AND undrift_sees(a.case_id)
                AND (SELECT {A_CONCERN} FROM record_case c WHERE c.id = a.case_id))""",
}
SHUT = """    SELECT a.case_id FROM record_casechild a JOIN record_case r ON r.id = a.case_id
    WHERE a.child_id IN (SELECT child_id FROM restricted)
"""
DOORS = same.changed(
    same.DOORS,
    (
        SHUT,
        f"""    SELECT a.case_id FROM record_casechild a JOIN record_case r ON r.id = a.case_id
    WHERE r.{A_CYCLE} AND a.child_id IN (SELECT child_id FROM shut)
    UNION
{SHUT}        AND r.{A_CONCERN}
""",
    ),
)
CONCERNS = "WHERE r.chair_id = ANY (chaired) AND r.ended_at IS NULL\n"
OFF_PLAN = same.changed(later.OFF_PLAN, (CONCERNS, CONCERNS.replace("\n", f" AND r.{A_CONCERN}\n")))
TEAM = "WHERE team_id = team AND ended_at IS NULL"
AGENCY = "WHERE responsible_agency_id = agency AND ended_at IS NULL"
HAS_OPEN = same.changed(first.HAS_OPEN, *((of, f"{of} AND {A_CONCERN}") for of in (TEAM, AGENCY)))


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0010_what_is_told_of_children"),
        ("record", "0011_plan_cycles"),
    ]

    operations = [
        migrations.RunSQL(
            [
                *(since.again(signature, body) for signature, body in FUNCTIONS.items()),
                f"ALTER POLICY person_sees ON record_case USING"
                f" ({first.said('reach', 'person')} AND {first.COUNCIL} AND ({SEEN}))",
                same.again(DOORS),
                same.again(OFF_PLAN),
                same.again(HAS_OPEN),
            ],
            migrations.RunSQL.noop,
        )
    ]
