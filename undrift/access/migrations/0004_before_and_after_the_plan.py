"""Who chairs for a child before there is a plan and after it, and who is invited to the conference that lies ahead.

Worked out once a page, in the statement that enters; both locks take it from there, as they do what stands open and
closed. And a duty that is met, or no longer owed, opens nothing of a restricted child any more: whose turn it is now
sees it. Why: docs/why/need-to-know.md.
"""

from importlib import import_module

from django.db import migrations

first = import_module("undrift.access.migrations.0002_row_level_security")

DAY = "(coalesce(m.held_on, m.planned_for) AT TIME ZONE 'Europe/London')::date"  # when it was held, or will be
FROM = "coalesce(m.held_on, m.planned_for) >= {day}::timestamp AT TIME ZONE 'Europe/London'"  # the same, by index
INITIAL = "m.kind = 'initial' AND m.cancelled_at IS NULL"
# By index, however many children there are: a join of its own would look through them all.
CHILDREN = "(SELECT id FROM children_child WHERE family_id = m.family_id OFFSET 0)"
# Whoever chairs a plan that is newer than the conference chairs for the child.
NO_PLAN = f"""NOT EXISTS (SELECT FROM children_plan p
            WHERE p.child_id = c.id AND p.chair_id IS NOT NULL AND (p.ends IS NULL OR p.ends >= {DAY}))"""
LAST_PLAN = "NOT EXISTS (SELECT FROM children_plan q WHERE q.child_id = p.child_id AND q.starts > p.starts)"

# The children to whom something else than a plan that runs ties these people, each way gathered by an index. Few.
# `followed` is the first day whose conference, or whose plan's end, still ties its chair.
OFF_PLAN = f"""
CREATE FUNCTION undrift_off_plan(chaired bigint[], invited bigint[], day date, followed date)
RETURNS TABLE (child_id bigint, chairs boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
    -- The initial conference is theirs to chair, and there is no plan yet.
    SELECT c.id, true FROM children_conference m CROSS JOIN LATERAL {CHILDREN} c
    WHERE m.chair_id = ANY (chaired) AND {INITIAL} AND {FROM.format(day="followed")}
        AND {NO_PLAN}
    UNION
    -- They chaired the last plan.
    SELECT p.child_id, true FROM children_plan p
    WHERE p.chair_id = ANY (chaired) AND p.ends >= followed AND {LAST_PLAN}
    UNION
    -- They chaired the conference at which it ended.
    SELECT p.child_id, true FROM children_conference m CROSS JOIN LATERAL {CHILDREN} c
        JOIN children_plan p ON p.child_id = c.id AND p.ends = {DAY}
    WHERE m.chair_id = ANY (chaired) AND m.cancelled_at IS NULL AND {FROM.format(day="followed")}
        AND {LAST_PLAN}
    UNION
    -- They chair a concern that is open, and there is no plan.
    SELECT a.child_id, true FROM record_case r JOIN record_casechild a ON a.case_id = r.id
    WHERE r.chair_id = ANY (chaired) AND r.ended_at IS NULL
        AND NOT EXISTS (SELECT FROM children_plan p
            WHERE p.child_id = a.child_id AND p.chair_id IS NOT NULL AND p.ends IS NULL)
    UNION
    -- They are invited to the initial conference, which is today or lies ahead.
    SELECT c.id, false FROM children_conference m CROSS JOIN LATERAL {CHILDREN} c
        JOIN children_conference_participants i ON i.conference_id = m.id
    WHERE i.person_id = ANY (invited) AND {INITIAL} AND {FROM.format(day="day")}
        AND {NO_PLAN}
$$
"""

DOORS = """
CREATE FUNCTION undrift_doors(me bigint, mine bigint[], ties text, council bigint, partners bigint, day date,
                              followed date, moment timestamptz)
RETURNS TABLE (councils bigint[], closed_children bigint[], closed bigint[], named_children bigint[], named bigint[],
               opened_children bigint[], opened bigint[], chaired_children bigint[], invited_children bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
WITH
-- Mine, where my work knows the tie: a tie that it does not know opens nothing.
my AS (
    SELECT CASE WHEN strpos(ties, 'C') > 0 THEN mine ELSE '{}' END AS chaired,
        CASE WHEN strpos(ties, 'A') > 0 THEN mine ELSE '{}' END AS worked,
        CASE WHEN strpos(ties, 'O') > 0 THEN mine ELSE '{}' END AS owed,
        CASE WHEN strpos(ties, 'N') > 0 THEN mine ELSE '{}' END AS named,
        CASE WHEN strpos(ties, 'I') > 0 THEN mine ELSE '{}' END AS invited
),
here AS (SELECT id FROM people_authority WHERE id = council OR partnership_id = partners),
kept_out AS (SELECT child_id FROM access_exclusion WHERE person_id = me AND lifted_at IS NULL),
listed AS (
    SELECT child_id FROM access_listing
    WHERE person_id = ANY ((SELECT named FROM my)::bigint[]) AND starts <= day AND (ends IS NULL OR ends >= day)
    EXCEPT SELECT child_id FROM kept_out
),
glass AS (
    SELECT child_id FROM access_opening
    WHERE strpos(ties, 'B') > 0 AND person_id = me AND opened_at <= moment AND until > moment
    EXCEPT SELECT child_id FROM kept_out
),
off_plan AS (SELECT o.child_id, o.chairs FROM my, undrift_off_plan(my.chaired, my.invited, day, followed) o),
restricted AS (
    -- Plus nothing, so that no index of all the council's children is taken for the one of the few restricted.
    SELECT id AS child_id FROM children_child WHERE restricted AND authority_id + 0 IN (SELECT id FROM here)
    EXCEPT SELECT child_id FROM listed
    EXCEPT SELECT child_id FROM glass
),
shut AS (
    SELECT child_id FROM kept_out
    UNION
    SELECT child_id FROM restricted WHERE NOT EXISTS (
        SELECT FROM children_plan p WHERE p.child_id = restricted.child_id AND p.ends IS NULL
            AND (p.chair_id = ANY ((SELECT chaired FROM my)::bigint[])
                OR p.social_worker_id = ANY ((SELECT worked FROM my)::bigint[])))
        AND NOT EXISTS (SELECT FROM off_plan o WHERE o.child_id = restricted.child_id AND o.chairs)
),
shut_cases AS (
    SELECT a.case_id FROM record_casechild a WHERE a.child_id IN (SELECT child_id FROM kept_out)
    UNION
    SELECT a.case_id FROM record_casechild a JOIN record_case r ON r.id = a.case_id
    WHERE a.child_id IN (SELECT child_id FROM restricted)
        AND NOT coalesce(r.chair_id = ANY ((SELECT chaired FROM my)::bigint[]), false)
        AND NOT coalesce(r.social_worker_id = ANY ((SELECT worked FROM my)::bigint[]), false)
        AND NOT coalesce(r.next_person_id = ANY ((SELECT owed FROM my)::bigint[]), false)
        AND NOT coalesce(r.then_person_id = ANY ((SELECT owed FROM my)::bigint[]), false)
        AND NOT EXISTS (SELECT FROM record_duty d
            WHERE d.case_id = r.id AND d.person_id = ANY ((SELECT owed FROM my)::bigint[])
                AND d.met_at IS NULL AND d.gone_at IS NULL)
)
SELECT
    ARRAY(SELECT id FROM here ORDER BY id),
    ARRAY(SELECT child_id FROM shut), ARRAY(SELECT case_id FROM shut_cases),
    ARRAY(SELECT child_id FROM listed),
    ARRAY(SELECT case_id FROM record_casechild WHERE child_id IN (SELECT child_id FROM listed)
          EXCEPT SELECT case_id FROM shut_cases),
    ARRAY(SELECT child_id FROM glass),
    ARRAY(SELECT case_id FROM record_casechild WHERE child_id IN (SELECT child_id FROM glass)
          EXCEPT SELECT case_id FROM shut_cases),
    ARRAY(SELECT child_id FROM off_plan WHERE chairs EXCEPT SELECT child_id FROM shut),
    ARRAY(SELECT child_id FROM off_plan WHERE NOT chairs EXCEPT SELECT child_id FROM shut)
$$
"""

# The other way round: who chairs for these children, where no plan says so; whose conference or plan was latest, first.
# The same for every reader.
CHAIRS = """
CREATE FUNCTION undrift_chairs_off_plan(children bigint[], day date, followed date) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
    SELECT ARRAY(
        SELECT one.chair_id FROM (
            SELECT m.chair_id, coalesce(m.held_on, m.planned_for) AS at FROM children_conference m
            WHERE m.family_id IN (SELECT family_id FROM children_child WHERE id = ANY (children))
            UNION ALL
            SELECT p.chair_id, p.ends FROM children_plan p WHERE p.child_id = ANY (children)
            UNION ALL
            SELECT r.chair_id, NULL FROM record_case r JOIN record_casechild a ON a.case_id = r.id
            WHERE a.child_id = ANY (children) AND r.ended_at IS NULL
        ) one
        WHERE one.chair_id IS NOT NULL AND EXISTS (
            SELECT FROM undrift_off_plan(ARRAY[one.chair_id], '{}', day, followed) o
            WHERE o.chairs AND o.child_id = ANY (children))
        GROUP BY one.chair_id ORDER BY max(one.at) DESC NULLS LAST, one.chair_id)
$$
"""

# Who may come near a child is its chair's to see, whether a plan or a conference makes them the chair.
CHAIRS_FOR = {
    "undrift_chairs_for(bigint)": f"""
        SELECT $1 = ANY {first.numbers("chaired")}
            OR EXISTS (SELECT FROM children_plan WHERE child_id = $1 AND {first.ON_IT} AND {first.COUNCIL}
                AND chair_id = ANY {first.CHAIRED})""",
}


def again(signature: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {signature} RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER {first.ASKING}"
        f" SET search_path = public, pg_temp AS $${body}$$"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_listing_ended"),
        ("children", "0003_before_and_after_the_plan"),
    ]
    # The rows that are seen here are moved there.
    run_before = [("children", "0004_what_becomes_of_a_fact")]

    operations = [
        migrations.RunSQL(
            [
                "DROP FUNCTION undrift_doors(bigint, bigint[], text, bigint, bigint, date, timestamptz)",
                OFF_PLAN,
                DOORS,
                CHAIRS,
                *(again(signature, body) for signature, body in CHAIRS_FOR.items()),
            ],
            migrations.RunSQL.noop,
        )
    ]
