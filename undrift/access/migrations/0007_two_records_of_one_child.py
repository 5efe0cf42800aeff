"""Whoever is tied to one of two records of a child is tied to the other, and whoever is named for one is for both.

What shuts somebody out of one is kept on both (`applying.one_child`, `access.restricting`), and stays when they part.
"""

from importlib import import_module

from django.db import migrations

first = import_module("undrift.access.migrations.0002_row_level_security")
since = import_module("undrift.access.migrations.0004_before_and_after_the_plan")
facts = import_module("undrift.access.migrations.0005_what_becomes_of_a_fact")

# These children, and the other records of each. Twice is as good as once.
WITH_SAME = """
CREATE FUNCTION undrift_with_same(children bigint[]) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT children || ARRAY(
        SELECT unnest(ARRAY[g.kept_id, g.other_id]) FROM children_samechild s
            JOIN children_samechild g ON g.kept_id = s.kept_id AND g.same AND g.undone_at IS NULL
        WHERE s.same AND s.undone_at IS NULL AND (s.kept_id = ANY (children) OR s.other_id = ANY (children)))
$$
"""
# The records of children with several, of whom these people chair a plan that runs.
CHAIRED_TWICE = """
CREATE FUNCTION undrift_chaired_twice(chaired bigint[]) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT undrift_with_same(ARRAY(
        SELECT p.child_id FROM children_samechild s JOIN children_plan p ON p.child_id IN (s.kept_id, s.other_id)
        WHERE s.same AND s.undone_at IS NULL AND p.ends IS NULL AND p.chair_id = ANY (chaired)))
$$
"""


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for before, after in pairs:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


DOORS = changed(
    since.DOORS,
    (
        """    SELECT child_id FROM access_listing
    WHERE person_id = ANY ((SELECT named FROM my)::bigint[]) AND starts <= day AND (ends IS NULL OR ends >= day)
""",
        """    SELECT unnest(undrift_with_same(ARRAY(SELECT child_id FROM access_listing
        WHERE person_id = ANY ((SELECT named FROM my)::bigint[])
            AND starts <= day AND (ends IS NULL OR ends >= day)))) AS child_id
""",
    ),
    (
        """    SELECT child_id FROM access_opening
    WHERE strpos(ties, 'B') > 0 AND person_id = me AND opened_at <= moment AND until > moment
""",
        """    SELECT unnest(undrift_with_same(ARRAY(SELECT child_id FROM access_opening
        WHERE strpos(ties, 'B') > 0 AND person_id = me AND opened_at <= moment AND until > moment))) AS child_id
""",
    ),
    (
        "off_plan AS (SELECT o.child_id, o.chairs FROM my, undrift_off_plan(my.chaired, my.invited, day, followed) o),",
        """off_plan AS (
    SELECT unnest(undrift_with_same(ARRAY[o.child_id])) AS child_id, o.chairs
    FROM my, undrift_off_plan(my.chaired, my.invited, day, followed) o
    UNION SELECT unnest(undrift_chaired_twice(my.chaired)), true FROM my
),""",
    ),
    (
        "SELECT FROM children_plan p WHERE p.child_id = restricted.child_id AND p.ends IS NULL",
        "SELECT FROM children_plan p\n"
        "        WHERE p.child_id = ANY (undrift_with_same(ARRAY[restricted.child_id])) AND p.ends IS NULL",
    ),
)
REACH = changed(
    first.REACH,
    ("        SELECT child_id FROM (\n", "        SELECT unnest(undrift_with_same(ARRAY(SELECT child_id FROM (\n"),
    ("tied WHERE authority_id = ANY (councils)\n", "tied WHERE authority_id = ANY (councils))))\n"),
)
SEEN = {"children_samechild": "undrift_reaches_child(kept_id)"}
BROUGHT = {"children_samechild": f"kept_id {first.SHUT} AND other_id {first.SHUT}"}


def again(function: str) -> str:
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0006_a_later_conference"),
        ("children", "0008_two_records_of_one_child"),
    ]

    operations = [
        migrations.RunSQL(
            [
                WITH_SAME,
                CHAIRED_TWICE,
                again(DOORS),
                again(REACH),
                *(statement for table, seen in SEEN.items() for statement in first.policies(table, seen)),
                *(facts.brought(table, seen) for table, seen in BROUGHT.items()),
            ],
            migrations.RunSQL.noop,
        )
    ]
