"""Who has looked is shown to those whose work is the log, and who may come near a child to those who guard the child.

Whoever is kept out of a child's record sees none of it, nor a key action about that child that is their own.
"""

from importlib import import_module

from django.db import migrations

before = import_module("undrift.resolutions.migrations.0005_row_level_security")
numbers, said = before.numbers, before.said

ME = numbers("my_number")
BARRED = f"((SELECT undrift_barred({ME}))::bigint[])"

# What is asked across tables. The owner's, so that no policy is asked again inside.
FUNCTIONS = {
    "undrift_chairs_for(bigint)": f"""
        SELECT EXISTS (SELECT FROM children_plan WHERE child_id = $1 AND {before.ON_IT} AND {before.COUNCIL}
            AND chair_id = ANY {before.CHAIRED})""",
    "undrift_bars_key_action(bigint)": f"""
        SELECT EXISTS (SELECT FROM children_keyaction_children WHERE keyaction_id = $1 AND child_id = ANY {BARRED})""",
}

LISTS = {
    # Whose record these people are kept out of. Asked once a statement.
    "undrift_barred(people bigint[]) RETURNS bigint[]": """
    SELECT ARRAY(SELECT child_id FROM children_exclusion WHERE person_id = ANY (people) AND lifted_at IS NULL)""",
    # As undrift_kept_out, of what is not raised yet.
    "undrift_kept_out_of(children bigint[]) RETURNS TABLE (person_id bigint, why text)": """
    SELECT DISTINCT ON (e.person_id) e.person_id, e.why::text FROM children_exclusion e
    WHERE e.lifted_at IS NULL AND e.child_id = ANY (children)
    ORDER BY e.person_id, e.since""",
}

GUARDS = f"""child_id <> ALL {BARRED}
        AND ({said("guards", "all")} OR ({said("guards", "chaired")} AND undrift_chairs_for(child_id)))"""
# Partner agencies are nobody's council's: their tries in vain are seen by the councils that share them.
SHARED = f"""EXISTS (SELECT FROM people_person p JOIN people_authority a ON a.partnership_id = p.partnership_id
            WHERE p.id = resolutions_look.person AND a.id = ANY {numbers("councils")})"""

SEEN = {
    "children_keyaction": f"""NOT undrift_bars_key_action(id)
        AND (who_id = ANY {before.MINE} OR undrift_reaches_family(family_id))""",
    "children_restriction": GUARDS,
    "children_listing": f"({GUARDS}) OR person_id = ANY {before.MINE}",
    "children_exclusion": GUARDS,
    "children_opening": f"({GUARDS}) OR person_id = ANY {ME}",
    "resolutions_look": f"""person = ANY {ME} OR ({said("logs")} AND NOT children && {BARRED}
        AND ({before.COUNCIL} OR (authority_id IS NULL AND {SHARED})))""",
}

DEFINED = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp"


def functions() -> list[str]:
    lists = [f"CREATE FUNCTION {head} {DEFINED} AS $${body}$$" for head, body in LISTS.items()]
    asked = [f"CREATE FUNCTION {head} RETURNS boolean {DEFINED} AS $${body}$$" for head, body in FUNCTIONS.items()]
    return [*lists, *asked]


def seeing(conditions: dict[str, str]) -> list[str]:
    reach = said("reach", "person")
    council = {table: "true" if table in before.WITHOUT_COUNCIL else before.COUNCIL for table in conditions}
    return [
        f"ALTER POLICY person_sees ON {table} USING ({reach} AND {council[table]} AND ({seen}))"
        for table, seen in conditions.items()
    ]


def undone() -> list[str]:
    names = ["undrift_bars_key_action(bigint)", "undrift_chairs_for(bigint)", "undrift_kept_out_of(bigint[])",
             "undrift_barred(bigint[])"]  # fmt: skip
    return [*seeing({table: before.SEEN[table] for table in SEEN}), *(f"DROP FUNCTION {name}" for name in names)]


class Migration(migrations.Migration):
    dependencies = [("resolutions", "0007_gathered"), ("children", "0002_need_to_know")]

    operations = [migrations.RunSQL([*functions(), *seeing(SEEN)], undone())]
