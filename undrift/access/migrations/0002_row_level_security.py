"""PostgreSQL shows the application's role no row that its reader may not see.

Each table about children says three things: the service sees all; while an act is written down one council is seen;
and a person sees what their ties reach. The settings are read once a statement, in sub-selects that the planner
runs first. What a policy asks of another table it asks through a function of the owner's, which no policy binds:
otherwise policies would ask one another in circles. Why: docs/why/decisions/0009-two-locks-one-matrix.md.
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

ME = numbers("my_number")
BARRED = f"((SELECT undrift_barred({ME}))::bigint[])"

# What is asked across tables. The owner's, so that no policy is asked again inside.
FUNCTIONS = {
    "undrift_has_a_part(bigint)": f"""
        SELECT EXISTS (SELECT FROM record_duty WHERE case_id = $1 AND person_id = ANY {MINE})
            OR EXISTS (SELECT FROM record_notice WHERE case_id = $1 AND to_person_id = ANY {MINE})""",
    "undrift_sees(bigint)": f"""
        SELECT EXISTS (SELECT FROM record_case WHERE id = $1 AND {COUNCIL} AND id <> ALL {numbers("closed")}
            AND ({said("lists_all")} OR chair_id = ANY {CHAIRED} OR social_worker_id = ANY {WORKED}
                OR next_person_id = ANY {MINE} OR then_person_id = ANY {MINE} OR team_id = ANY {numbers("units")}
                OR id = ANY {numbers("let")} OR undrift_has_a_part(id)))""",
    "undrift_reaches_child(bigint)": f"""
        SELECT $1 = ANY {numbers("children")} OR ({said("opens_all")} AND $1 <> ALL {numbers("closed_children")})""",
    "undrift_knows_child(bigint)": """
        SELECT undrift_reaches_child($1)
            OR EXISTS (SELECT FROM record_casechild WHERE child_id = $1 AND undrift_sees(case_id))""",
    "undrift_chairs_for(bigint)": f"""
        SELECT EXISTS (SELECT FROM children_plan WHERE child_id = $1 AND {ON_IT} AND {COUNCIL}
            AND chair_id = ANY {CHAIRED})""",
    "undrift_bars_key_action(bigint)": f"""
        SELECT EXISTS (SELECT FROM children_keyaction_children WHERE keyaction_id = $1 AND child_id = ANY {BARRED})""",
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
# The children in reach, worked out once a page (`undrift_reach`). A sub-select of many rows rather than one array: it is
# hashed once a statement, and a row costs the same however many there are.
REACHED = "IN (SELECT unnest(undrift_numbers('children')))"

LISTS = {
    # Whose record these people are kept out of. Asked once a statement.
    "undrift_barred(people bigint[]) RETURNS bigint[]": """
    SELECT ARRAY(SELECT child_id FROM access_exclusion WHERE person_id = ANY (people) AND lifted_at IS NULL)""",
    # As undrift_kept_out, of what is not raised yet.
    "undrift_kept_out_of(children bigint[]) RETURNS TABLE (person_id bigint, why text)": """
    SELECT DISTINCT ON (e.person_id) e.person_id, e.why::text FROM access_exclusion e
    WHERE e.lifted_at IS NULL AND e.child_id = ANY (children)
    ORDER BY e.person_id, e.since""",
}

GUARDS = f"""child_id <> ALL {BARRED}
        AND ({said("guards", "all")} OR ({said("guards", "chaired")} AND undrift_chairs_for(child_id)))"""
# Partner agencies are nobody's council's: their tries in vain are seen by the councils that share them.
SHARED = f"""EXISTS (SELECT FROM people_person p JOIN people_authority a ON a.partnership_id = p.partnership_id
            WHERE p.id = access_look.person AND a.id = ANY {numbers("councils")})"""

# What a person may see of each table, within their council.
SEEN = {
    # Whoever answers about a restricted child knows whom it is about, and no more of the child.
    "children_child": f"({ALL} AND id {SHUT}) OR id {REACHED} OR undrift_knows_child(id)",
    "children_family": f"({ALL} AND id <> ALL ((SELECT undrift_shut_families())::bigint[])) OR undrift_knows_family(id)",
    "children_plan": f"({ALL} AND child_id {SHUT}) OR child_id {REACHED}",
    "children_voice": f"({ALL} AND child_id {SHUT}) OR child_id {REACHED}",
    "children_midpointcheck": "undrift_reaches_child((SELECT child_id FROM children_plan p WHERE p.id = plan_id))",
    # Who plays a role is the same for every reader: of a family that they know of, whatever else they may see.
    "children_conference": "undrift_knows_family(family_id)",
    "children_coregroupmember": "undrift_knows_family(family_id)",
    "children_importrun": "true",
    "children_importedrow": "CASE entity WHEN 'child' THEN undrift_reaches_child(object_id) ELSE undrift_reaches_child("
                            "(SELECT child_id FROM children_plan p WHERE p.id = object_id)) END",
    "children_importedchange": "EXISTS (SELECT FROM children_importedrow i WHERE i.id = row_id)",
    "record_case": f"""id <> ALL {numbers('closed')} AND ({said('lists_all')}
        OR chair_id = ANY {CHAIRED} OR social_worker_id = ANY {WORKED} OR next_person_id = ANY {MINE}
        OR then_person_id = ANY {MINE} OR team_id = ANY {numbers('units')} OR id = ANY {numbers('let')}
        OR undrift_has_a_part(id))""",
    "record_casechild": f"case_id <> ALL {numbers('closed')}"
                                   f" AND ({said('lists_all')} OR undrift_sees(case_id))",
    "record_event": f"case_id <> ALL {numbers('closed')}"
                         f" AND ({said('reads_all')} OR undrift_sees(case_id))",
    "record_duty": f"case_id <> ALL {numbers('closed')}"
                        f" AND (person_id = ANY {MINE} OR {said('lists_all')} OR undrift_sees(case_id))",
    "record_notice": f"case_id <> ALL {numbers('closed')}"
                          f" AND (to_person_id = ANY {MINE} OR {said('lists_all')} OR undrift_sees(case_id))",
    "record_draft": f"person_id = ANY {numbers('my_number')}",
    "children_keyaction": f"""NOT undrift_bars_key_action(id)
        AND (who_id = ANY {MINE} OR undrift_reaches_family(family_id))""",
    "access_restriction": GUARDS,
    "access_listing": f"({GUARDS}) OR person_id = ANY {MINE}",
    "access_exclusion": GUARDS,
    "access_opening": f"({GUARDS}) OR person_id = ANY {ME}",
    "access_look": f"""person = ANY {ME} OR ({said("logs")} AND NOT children && {BARRED}
        AND ({COUNCIL} OR (authority_id IS NULL AND {SHARED})))""",
    "access_alert": f"to_person_id = ANY {ME}",
}  # fmt: skip

# Of some rows it is not the council that says whose they are.
WITHOUT_COUNCIL = {"access_look"}
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
            WHERE d.case_id = r.id AND d.person_id = ANY ((SELECT owed FROM my)::bigint[]))
)
SELECT
    ARRAY(SELECT id FROM here ORDER BY id),
    ARRAY(SELECT child_id FROM shut), ARRAY(SELECT case_id FROM shut_cases),
    ARRAY(SELECT child_id FROM listed),
    ARRAY(SELECT case_id FROM record_casechild WHERE child_id IN (SELECT child_id FROM listed)
          EXCEPT SELECT case_id FROM shut_cases),
    ARRAY(SELECT child_id FROM glass),
    ARRAY(SELECT case_id FROM record_casechild WHERE child_id IN (SELECT child_id FROM glass)
          EXCEPT SELECT case_id FROM shut_cases)
$$
"""


# The children whom somebody's plans and lists tie them to, but those that are closed to them. Asked once a page.
REACH = """
CREATE FUNCTION undrift_reach(chaired bigint[], worked bigint[], managed bigint[], councils bigint[], let bigint[],
                              closed bigint[])
RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
    SELECT ARRAY(
        SELECT child_id FROM (
            SELECT child_id, authority_id FROM children_plan WHERE ends IS NULL AND chair_id = ANY (chaired)
            UNION ALL
            SELECT child_id, authority_id FROM children_plan WHERE ends IS NULL AND social_worker_id = ANY (worked)
            UNION ALL
            SELECT child_id, authority_id FROM children_plan WHERE ends IS NULL AND team_id = ANY (managed)
        ) tied WHERE authority_id = ANY (councils)
        UNION SELECT unnest(let)
        EXCEPT SELECT unnest(closed))
$$
"""

# Who is kept out: the same for every reader, as who plays a role is.
KEPT_OUT = """
CREATE FUNCTION undrift_kept_out(resolution bigint) RETURNS TABLE (person_id bigint, why text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT ON (e.person_id) e.person_id, e.why::text FROM access_exclusion e
    WHERE e.lifted_at IS NULL
        AND e.child_id IN (SELECT child_id FROM record_casechild WHERE case_id = $1)
    ORDER BY e.person_id, e.since
$$
"""

GATHERED = """
CREATE FUNCTION undrift_gathered(chaired bigint[], worked bigint[], owed bigint[], told bigint[], managed bigint[],
                                 most integer)
RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN count(*) <= most THEN coalesce(array_agg(DISTINCT id), '{}') END FROM (
        SELECT id FROM record_case WHERE chair_id = ANY (chaired)
        UNION ALL SELECT id FROM record_case WHERE social_worker_id = ANY (worked)
        UNION ALL SELECT id FROM record_case WHERE team_id = ANY (managed)
        UNION ALL SELECT id FROM record_case WHERE next_person_id = ANY (owed) AND ended_at IS NULL
        UNION ALL SELECT id FROM record_case WHERE then_person_id = ANY (owed) AND ended_at IS NULL
        UNION ALL SELECT case_id FROM record_duty WHERE person_id = ANY (owed)
        UNION ALL SELECT case_id FROM record_notice WHERE to_person_id = ANY (told)
        LIMIT most + 1
    ) reached
$$
"""

# Whether a team or an agency has anything open: what a list can be narrowed to. By index, even where there is nothing:
# a plan made for any team expects to meet a row soon, and would look through them all for one that has none.
HAS_OPEN = """
CREATE FUNCTION undrift_team_has_open(team bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
    SELECT EXISTS (SELECT FROM record_case WHERE team_id = team AND ended_at IS NULL)
$$;
CREATE FUNCTION undrift_agency_has_open(agency bigint, council bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
    SELECT EXISTS (SELECT FROM (SELECT authority_id FROM record_case
        WHERE responsible_agency_id = agency AND ended_at IS NULL OFFSET 0) open WHERE open.authority_id = council)
$$
"""
# Of the log of looks: whose names contain something, stepping by index from each name to the next; and which looks were
# at one child, or were tried in vain by one of its names. Names and numbers of looks, which are then read as usual.
LOOKS = """
CREATE FUNCTION undrift_lookers(council bigint, part text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
    WITH RECURSIVE one (name) AS (
        (SELECT name FROM access_look WHERE authority_id = council ORDER BY name LIMIT 1)
        UNION ALL
        SELECT (SELECT l.name FROM access_look l WHERE l.authority_id = council AND l.name > one.name
                ORDER BY l.name LIMIT 1)
        FROM one WHERE one.name IS NOT NULL
    )
    SELECT ARRAY(SELECT name FROM one WHERE strpos(upper(name), upper(part)) > 0)
$$;
CREATE FUNCTION undrift_looks_at(child bigint, names text[]) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
    SELECT ARRAY(SELECT id FROM access_look WHERE children @> ARRAY[child]
                 UNION SELECT id FROM access_look WHERE refused AND tried = ANY (names))
$$
"""
# The looks are only added to, as history is.
LOOKS_ARE_KEPT = [
    "CREATE TRIGGER access_look_rows BEFORE UPDATE OR DELETE ON access_look "
    "FOR EACH ROW EXECUTE FUNCTION record_only_added_to()",
    "CREATE TRIGGER access_look_whole BEFORE TRUNCATE ON access_look "
    "FOR EACH STATEMENT EXECUTE FUNCTION record_only_added_to()",
]


# What asking costs of one row, so that the planner asks it of few: at the usual 100 it would rather ask every child of a
# council than look up, one by one, those that a page is about.
ASKING = "COST 2000"


def functions() -> list[str]:
    made = [
        f"CREATE FUNCTION {signature} RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER {ASKING}"
        f" SET search_path = public, pg_temp AS $${body}$$"
        for signature, body in FUNCTIONS.items()
    ]
    defined = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp"
    lists = [f"CREATE FUNCTION {head} {defined} AS $${body}$$" for head, body in LISTS.items()]
    return [SETTINGS, *lists, *made, SHUT_FAMILIES, DOORS, REACH, KEPT_OUT, GATHERED, HAS_OPEN, LOOKS]


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


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("children", "0002_names_to_search"),
        ("record", "0002_only_added_to"),
        ("people", "0002_only_added_to"),
    ]

    operations = [
        migrations.RunSQL(
            [
                *LOOKS_ARE_KEPT,
                *functions(),
                *(statement for table, seen in SEEN.items() for statement in policies(table, seen)),
                *(statement for table, (column, to) in LINKS.items() for statement in link_policies(table, column, to)),
            ],
            migrations.RunSQL.noop,
        )
    ]
