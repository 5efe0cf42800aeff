"""PostgreSQL shows the application's role no row that its reader may not see. docs/decisions/0009

Each table about children says three things: the service sees all; while an act is written down one council is seen;
and a person sees what their ties reach. The settings are read once a statement, in sub-selects that the planner
runs first. What a policy asks of another table it asks through a function of the owner's, which no policy binds:
otherwise policies would ask one another in circles.
"""

from django.db import migrations

# The reader's settings. A setting that is not there is an empty list, which is in reach of nothing.
SETTINGS = """
CREATE FUNCTION undrift_numbers(setting text) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('undrift.' || setting, true), '')::bigint[], '{}')
$$;
CREATE FUNCTION undrift_is(setting text, said text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('undrift.' || setting, true), '') = said
$$;
"""


def numbers(setting: str) -> str:
    return f"((SELECT undrift_numbers('{setting}'))::bigint[])"


def said(setting: str, value: str = "yes") -> str:
    return f"(SELECT undrift_is('{setting}', '{value}'))"


COUNCIL = f"authority_id = ANY {numbers('councils')}"
# Mine, as far as my work knows the tie: what I chair, what I am allocated to, what I owe or was told of.
CHAIRED, WORKED, MINE = numbers("chairs"), numbers("works"), numbers("people")
ON_IT = "ends IS NULL"  # as the first lock has it: no end means that the child is on it

# What is asked across tables. The owner's, so that no policy is asked again inside.
FUNCTIONS = {
    "undrift_has_a_part(bigint)": f"""
        SELECT EXISTS (SELECT FROM resolutions_duty WHERE resolution_id = $1 AND person_id = ANY {MINE})
            OR EXISTS (SELECT FROM resolutions_notice WHERE resolution_id = $1 AND to_person_id = ANY {MINE})""",
    "undrift_sees(bigint)": f"""
        SELECT EXISTS (SELECT FROM resolutions_resolution WHERE id = $1 AND {COUNCIL} AND id <> ALL {numbers("closed")}
            AND ({said("lists_all")} OR chair_id = ANY {CHAIRED} OR social_worker_id = ANY {WORKED}
                OR next_person_id = ANY {MINE} OR then_person_id = ANY {MINE} OR team_id = ANY {numbers("units")}
                OR id = ANY {numbers("let")} OR undrift_has_a_part(id)))""",
    "undrift_reaches_child(bigint)": f"""
        SELECT $1 <> ALL {numbers("closed_children")} AND ($1 = ANY {numbers("let_children")} OR {said("opens_all")}
            OR EXISTS (SELECT FROM children_plan WHERE child_id = $1 AND {ON_IT} AND {COUNCIL}
                AND (chair_id = ANY {CHAIRED} OR social_worker_id = ANY {WORKED}
                    OR team_id = ANY {numbers("units")})))""",
    "undrift_knows_child(bigint)": """
        SELECT undrift_reaches_child($1)
            OR EXISTS (SELECT FROM resolutions_resolutionchild WHERE child_id = $1 AND undrift_sees(resolution_id))""",
    "undrift_knows_family(bigint)": """
        SELECT EXISTS (SELECT FROM children_child WHERE family_id = $1 AND undrift_knows_child(id))""",
    "undrift_reaches_family(bigint)": """
        SELECT EXISTS (SELECT FROM children_child WHERE family_id = $1 AND undrift_reaches_child(id))""",
}

# Asked once a statement. Of a child that is shut the reader's own rows would not tell that there is one.
SHUT_FAMILIES = f"""
CREATE FUNCTION undrift_shut_families() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT ARRAY(SELECT family_id FROM children_child WHERE id = ANY {numbers("closed_children")})
$$
"""

SHUT = f"<> ALL {numbers('closed_children')}"
ALL = said("opens_all")

# What a person may see of each table, within their council.
SEEN = {
    # Whoever answers about a restricted child knows whom it is about, and no more of the child.
    "children_child": f"({ALL} AND id {SHUT}) OR undrift_knows_child(id)",
    "children_family": f"({ALL} AND id <> ALL ((SELECT undrift_shut_families())::bigint[])) OR undrift_knows_family(id)",
    "children_plan": f"child_id {SHUT} AND ({ALL} OR undrift_reaches_child(child_id))",
    "children_voice": f"child_id {SHUT} AND ({ALL} OR undrift_reaches_child(child_id))",
    "children_midpointcheck": "undrift_reaches_child((SELECT child_id FROM children_plan p WHERE p.id = plan_id))",
    # Who plays a role is the same for every reader: of a family that they know of, whatever else they may see.
    "children_conference": "undrift_knows_family(family_id)",
    "children_keyaction": f"who_id = ANY {MINE} OR undrift_reaches_family(family_id)",
    "children_coregroupmember": "undrift_knows_family(family_id)",
    "children_importrun": "true",
    "children_importedrow": "CASE entity WHEN 'child' THEN undrift_reaches_child(object_id) ELSE undrift_reaches_child("
                            "(SELECT child_id FROM children_plan p WHERE p.id = object_id)) END",
    "children_importedchange": "EXISTS (SELECT FROM children_importedrow i WHERE i.id = row_id)",
    "children_restriction": f"{ALL} OR undrift_reaches_child(child_id)",
    "children_listing": f"{ALL} OR undrift_reaches_child(child_id) OR person_id = ANY {MINE}",
    "children_exclusion": f"{ALL} OR undrift_reaches_child(child_id)",
    "children_opening": f"{ALL} OR undrift_reaches_child(child_id) OR person_id = ANY {numbers('my_number')}",
    "resolutions_resolution": f"""id <> ALL {numbers('closed')} AND ({said('lists_all')}
        OR chair_id = ANY {CHAIRED} OR social_worker_id = ANY {WORKED} OR next_person_id = ANY {MINE}
        OR then_person_id = ANY {MINE} OR team_id = ANY {numbers('units')} OR id = ANY {numbers('let')}
        OR undrift_has_a_part(id))""",
    "resolutions_resolutionchild": f"resolution_id <> ALL {numbers('closed')}"
                                   f" AND ({said('lists_all')} OR undrift_sees(resolution_id))",
    "resolutions_event": f"resolution_id <> ALL {numbers('closed')}"
                         f" AND ({said('reads_all')} OR undrift_sees(resolution_id))",
    "resolutions_duty": f"resolution_id <> ALL {numbers('closed')}"
                        f" AND (person_id = ANY {MINE} OR {said('lists_all')} OR undrift_sees(resolution_id))",
    "resolutions_notice": f"resolution_id <> ALL {numbers('closed')}"
                          f" AND (to_person_id = ANY {MINE} OR {said('lists_all')} OR undrift_sees(resolution_id))",
    "resolutions_draft": f"person_id = ANY {numbers('my_number')}",
    "resolutions_look": "true",
}  # fmt: skip

# Of some rows it is not the council that says whose they are.
WITHOUT_COUNCIL = {"resolutions_look"}
# Rows between two rows that are bound themselves.
LINKS = {
    "children_keyaction_children": ("keyaction_id", "children_keyaction"),
    "children_conference_participants": ("conference_id", "children_conference"),
}

DOORS = """
CREATE FUNCTION undrift_doors(me bigint, mine bigint[], ties text, council bigint, partners bigint, day date,
                              moment timestamptz)
RETURNS TABLE (councils bigint[], closed_children bigint[], closed bigint[], named_children bigint[], named bigint[],
               opened_children bigint[], opened bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
WITH
-- Mine, where my work knows the tie: a tie that it does not know opens nothing that is restricted.
my AS (
    SELECT CASE WHEN strpos(ties, 'C') > 0 THEN mine ELSE '{}' END AS chaired,
        CASE WHEN strpos(ties, 'A') > 0 THEN mine ELSE '{}' END AS worked,
        CASE WHEN strpos(ties, 'O') > 0 THEN mine ELSE '{}' END AS owed,
        CASE WHEN strpos(ties, 'N') > 0 THEN mine ELSE '{}' END AS named
),
here AS (SELECT id FROM people_authority WHERE id = council OR partnership_id = partners),
kept_out AS (SELECT child_id FROM children_exclusion WHERE person_id = me AND lifted_at IS NULL),
listed AS (
    SELECT child_id FROM children_listing
    WHERE person_id = ANY ((SELECT named FROM my)::bigint[]) AND starts <= day AND (ends IS NULL OR ends >= day)
    EXCEPT SELECT child_id FROM kept_out
),
glass AS (
    SELECT child_id FROM children_opening
    WHERE strpos(ties, 'B') > 0 AND person_id = me AND opened_at <= moment AND until > moment
    EXCEPT SELECT child_id FROM kept_out
),
restricted AS (
    SELECT id AS child_id FROM children_child WHERE restricted AND authority_id IN (SELECT id FROM here)
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
),
shut_resolutions AS (
    SELECT a.resolution_id FROM resolutions_resolutionchild a WHERE a.child_id IN (SELECT child_id FROM kept_out)
    UNION
    SELECT a.resolution_id FROM resolutions_resolutionchild a JOIN resolutions_resolution r ON r.id = a.resolution_id
    WHERE a.child_id IN (SELECT child_id FROM restricted)
        AND NOT coalesce(r.chair_id = ANY ((SELECT chaired FROM my)::bigint[]), false)
        AND NOT coalesce(r.social_worker_id = ANY ((SELECT worked FROM my)::bigint[]), false)
        AND NOT coalesce(r.next_person_id = ANY ((SELECT owed FROM my)::bigint[]), false)
        AND NOT coalesce(r.then_person_id = ANY ((SELECT owed FROM my)::bigint[]), false)
        AND NOT EXISTS (SELECT FROM resolutions_duty d
            WHERE d.resolution_id = r.id AND d.person_id = ANY ((SELECT owed FROM my)::bigint[]))
)
SELECT
    ARRAY(SELECT id FROM here ORDER BY id),
    ARRAY(SELECT child_id FROM shut), ARRAY(SELECT resolution_id FROM shut_resolutions),
    ARRAY(SELECT child_id FROM listed),
    ARRAY(SELECT resolution_id FROM resolutions_resolutionchild WHERE child_id IN (SELECT child_id FROM listed)
          EXCEPT SELECT resolution_id FROM shut_resolutions),
    ARRAY(SELECT child_id FROM glass),
    ARRAY(SELECT resolution_id FROM resolutions_resolutionchild WHERE child_id IN (SELECT child_id FROM glass)
          EXCEPT SELECT resolution_id FROM shut_resolutions)
$$
"""


# The looks are only added to, as history is.
GUARDS = [
    "CREATE TRIGGER resolutions_look_rows BEFORE UPDATE OR DELETE ON resolutions_look "
    "FOR EACH ROW EXECUTE FUNCTION resolutions_only_added_to()",
    "CREATE TRIGGER resolutions_look_whole BEFORE TRUNCATE ON resolutions_look "
    "FOR EACH STATEMENT EXECUTE FUNCTION resolutions_only_added_to()",
]


def functions() -> list[str]:
    made = [
        f"CREATE FUNCTION {signature} RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER"
        f" SET search_path = public, pg_temp AS $${body}$$"
        for signature, body in FUNCTIONS.items()
    ]
    return [SETTINGS, *made, SHUT_FAMILIES, DOORS]


def policies(table: str, seen: str) -> list[str]:
    council = "true" if table in WITHOUT_COUNCIL else COUNCIL
    person = f"{said('reach', 'person')} AND {council} AND ({seen})"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY service ON {table} USING ({said('reach', 'service')})",
        f"CREATE POLICY council ON {table} USING ({said('reach', 'council')} AND {council})",
        f"CREATE POLICY person_sees ON {table} USING ({person})",
        f"CREATE POLICY person_adds ON {table} FOR INSERT WITH CHECK ({said('reach', 'person')} AND {council})",
    ]


def link_policies(table: str, column: str, to: str) -> list[str]:
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY service ON {table} USING ({said('reach', 'service')})",
        f"CREATE POLICY as_its_row ON {table} USING (EXISTS (SELECT FROM {to} o WHERE o.id = {table}.{column}))",
    ]


def undone() -> list[str]:
    tables = {**dict.fromkeys(SEEN, ("service", "council", "person_sees", "person_adds")),
              **dict.fromkeys(LINKS, ("service", "as_its_row"))}  # fmt: skip
    drops = [
        statement
        for table, names in tables.items()
        for statement in (
            *(f"DROP POLICY {name} ON {table}" for name in names),
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        )
    ]
    signatures = [*reversed(FUNCTIONS), "undrift_shut_families()", "undrift_numbers(text)", "undrift_is(text, text)",
                  "undrift_doors(bigint, bigint[], text, bigint, bigint, date, timestamptz)"]  # fmt: skip
    drops += [f"DROP TRIGGER resolutions_look_{end} ON resolutions_look" for end in ("rows", "whole")]
    return [*drops, *(f"DROP FUNCTION {signature}" for signature in signatures)]


class Migration(migrations.Migration):
    dependencies = [("resolutions", "0004_look"), ("children", "0002_need_to_know")]

    operations = [
        migrations.RunSQL(
            [
                *GUARDS,
                *functions(),
                *(statement for table, seen in SEEN.items() for statement in policies(table, seen)),
                *(statement for table, (column, to) in LINKS.items() for statement in link_policies(table, column, to)),
            ],
            undone(),
        )
    ]
