"""`python -m bench.growing CHILDREN LOOKS`: fill an empty database with so many children and looks, as its superuser.

What the council's staff can carry stays as it is: a thousand open resolutions, a chair with 70 children, a team. Around
them the record grows: further families, each child on a plan, each with a name of its own, and who has looked at them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

import django

from bench.fill import CHAIR, shared_out, trust_the_keys

STEADY = 35  # families of the chair, of two children each
MANY = 40  # resolutions about one of these children
OPEN = 1_000  # resolutions of the whole council, with two children each
TEAM, TEAM_MANAGER = "North Two", "Marian Holt"

FIRST = [
    "Ada",
    "Bea",
    "Cora",
    "Dot",
    "Ella",
    "Faye",
    "Gil",
    "Hal",
    "Ira",
    "Jon",
    "Kit",
    "Leo",
    "Mia",
    "Ned",
    "Oz",
    "Pia",
    "Quin",
    "Ros",
    "Sol",
    "Tam",
    "Una",
    "Val",
    "Wyn",
    "Zed",
]
ENDS = ["bel", "den", "fer", "lyn", "mar", "nor", "ray", "son", "tia", "vin"]
LAST = [
    "Ab",
    "Bar",
    "Cad",
    "Dun",
    "El",
    "Fen",
    "Gar",
    "Hol",
    "In",
    "Jes",
    "Kel",
    "Lor",
    "Mor",
    "Nev",
    "Ot",
    "Pen",
    "Ras",
    "Sel",
    "Tor",
    "Ul",
    "Ven",
    "Wes",
    "Yar",
    "Zan",
]
MIDDLE = ["al", "ber", "cor", "den", "er", "fin", "gal", "hem", "il", "jor"]
LAST_ENDS = ["by", "croft", "dale", "field", "gate", "ham", "ley", "more", "ridge", "stone", "ton", "worth"]


def main(argv: Sequence[str]) -> int:
    django.setup()
    from django.db import connection

    from bench import patterns, seeding

    children, looks = map(int, argv)
    began = time.perf_counter()
    made = patterns.make()
    trust_the_keys()
    steady = shared_out(STEADY + MANY - 1 - len(made.steady), len(made.steady))
    others = min(OPEN, children // 2) - STEADY - MANY - len(made.shared)
    shared = shared_out(max(0, others), len(made.shared))
    seeding.seed({r.pk: times for r, times in zip((*made.steady, *made.shared), (*steady, *shared), strict=True)})
    team_of_their_own()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('bench.children', %s, false), set_config('bench.looks', %s, false)",
                       [str(children), str(looks)])  # fmt: skip
        names: dict[str, Any] = {
            "first": FIRST, "ends": ENDS, "last": LAST, "middle": MIDDLE, "last_ends": LAST_ENDS,
            "chair": CHAIR, "team": TEAM, "steady": STEADY,
        }  # fmt: skip
        for statement in STATEMENTS:
            cursor.execute(statement if isinstance(statement, str) else seeding.insert(*statement), names)
    a_plan_cycle()
    print(f"{children:,} children and {looks:,} looks in {time.perf_counter() - began:.1f} s")
    return 0


def team_of_their_own() -> None:
    """With a manager who manages nothing else."""
    from undrift.people.models import Holding, Post, Unit

    def copied(row: Any, **own: Any) -> Any:
        for name, value in (own | {"pk": None}).items():
            setattr(row, name, value)
        row.save()
        return row

    post = Post.objects.select_related("unit").get(unit__name="North", heads_unit=True)
    held = Holding.objects.select_related("person").filter(post=post).earliest("pk")
    person = copied(held.person, name=TEAM_MANAGER, email="marian.holt@westmarch.example")
    unit = copied(Unit.objects.get(name="North"), name=TEAM)
    copied(held, post=copied(post, unit=unit), person=person)


ONE = """SELECT a.child_id FROM record_casechild a JOIN record_case r ON r.id = a.case_id AND r.kind <> 'plan'
    JOIN people_unit u ON u.id = r.team_id WHERE u.name = %s
    GROUP BY a.child_id HAVING count(*) = 1 ORDER BY 1 LIMIT 1"""


def a_plan_cycle() -> None:
    """Of one child of the chair's, about which one concern is open: four conferences and what came between, by acts."""
    from datetime import timedelta

    from django.db import connection
    from django.utils import timezone

    from undrift.children.models import Child
    from undrift.engine.dates.moments import london_date
    from undrift.engine.plan_cycle import acts as of
    from undrift.plan_cycle.actions import perform
    from undrift.record.who_plays import context_for

    with connection.cursor() as cursor:
        cursor.execute(ONE, [TEAM])
        (number,) = cursor.fetchone()
    child, now = Child.objects.get(pk=number), timezone.now()
    chair, key, case = child.plans.get(ends=None).chair, str(number), None
    assert chair is not None
    for quarter in range(4, 0, -1):
        at = now - timedelta(days=7 * quarter)
        day = london_date(at)
        name = f"c{5 - quarter}"
        for later, act in (
            (0, of.FixConference("initial" if quarter == 4 else "review", day, (key,), invited=("School", "GP"))),
            (1, of.HoldConference(name, day, {key: of.Decision(True, "NEG", father=True)}, came=("School", "GP"))),
            (2, of.SendSheet(name, day, ("School", "GP"))),
            (3, of.SetKeyAction(name, (key,), "Offer an appointment", day + timedelta(days=9), "Hannah Quill")),
            (4, of.HoldCoreGroup((key,), day, ("School",))),
            (5, of.RecordEvent(key, day, "She was missing.", "She was found at her aunt’s.")),
            (6, of.FinishCheck(key, day, "She sleeps at home.", "on-course", "none", {"A visit": "done"})),
            (7, of.WriteNote(key, "good", "Dear Ada, you told us what you needed.", "Hannah Quill")),
        ):
            to: dict[str, Any] = {"case": case} if case is not None else {"context": context_for([child], at)}
            case = perform(act, by=chair, at=at + timedelta(minutes=later), **to).case


# The chair's children: 35 families of two. Beyond them, resolutions that are all about the first child of the first.
THEIRS = """
CREATE TEMPORARY TABLE theirs AS
SELECT r.id AS case_id, r.family_id, row_number() OVER (ORDER BY r.id) AS place
FROM record_case r JOIN people_person p ON p.id = r.chair_id WHERE p.name = %(chair)s
"""
ONE_CHILD = """
CREATE TEMPORARY TABLE one_child AS
SELECT (SELECT min(c.id) FROM children_child c JOIN theirs t ON t.family_id = c.family_id AND t.place = 35) AS id,
    (SELECT family_id FROM theirs WHERE place = 35) AS family_id
"""
# A statement, or the copies of a table's rows: what is their own, and where from.
Copies = tuple[str, Mapping[str, str], str]
STATEMENTS: Sequence[str | Copies] = (
    THEIRS,
    ONE_CHILD,
    """DELETE FROM record_casechild a USING theirs t WHERE a.case_id = t.case_id AND t.place > %(steady)s""",
    """INSERT INTO record_casechild (authority_id, case_id, child_id, settled)
    SELECT r.authority_id, r.id, o.id, false FROM record_case r JOIN theirs t ON t.case_id = r.id, one_child o
    WHERE t.place > %(steady)s""",
    """UPDATE children_plan SET ends = starts WHERE child_id IN (
        SELECT c.id FROM children_child c JOIN theirs t USING (family_id) WHERE t.place > %(steady)s)""",
    """UPDATE record_case r SET family_id = o.family_id FROM theirs t, one_child o
    WHERE t.case_id = r.id AND t.place > %(steady)s""",
    # The child's key in each history of theirs.
    """ALTER TABLE record_event DISABLE TRIGGER USER""",
    """UPDATE record_event e SET payload = replace(replace(e.payload::text, '"' || f.first || '"', '"' || o.id || '"'),
        '"' || f.second || '"', '"0"')::jsonb
    FROM theirs t, one_child o, LATERAL (
        SELECT min(key::bigint) AS first, max(key::bigint) AS second FROM record_event raised,
            jsonb_object_keys(CASE jsonb_typeof(raised.payload->'children') WHEN 'object'
                THEN raised.payload->'children' ELSE '{}' END) key
        WHERE raised.case_id = t.case_id AND key ~ '^\\d+$') f
    WHERE e.case_id = t.case_id AND t.place > %(steady)s AND f.first IS NOT NULL""",
    """ALTER TABLE record_event ENABLE TRIGGER USER""",
    # A team of their own (`team_of_their_own`).
    """UPDATE record_case r SET team_id = u.id FROM theirs t, people_unit u
    WHERE t.case_id = r.id AND u.name = %(team)s""",
    """UPDATE children_plan p SET team_id = u.id FROM children_child c JOIN theirs t USING (family_id), people_unit u
    WHERE c.id = p.child_id AND u.name = %(team)s""",
    # Further families, copies of those that are there.
    """CREATE TEMPORARY TABLE grown AS SELECT n,
        nextval(pg_get_serial_sequence('children_family', 'id')) AS family,
        nextval(pg_get_serial_sequence('children_child', 'id')) AS one,
        nextval(pg_get_serial_sequence('children_child', 'id')) AS two
    FROM generate_series(1, greatest(0,
        (current_setting('bench.children')::int - (SELECT count(*) FROM children_child)) / 2)) n""",
    """CREATE TEMPORARY TABLE pattern AS SELECT c.id AS child, c.family_id, p.id AS plan
    FROM children_child c JOIN children_plan p ON p.child_id = c.id
    WHERE NOT EXISTS (SELECT FROM theirs t WHERE t.family_id = c.family_id) AND p.ends IS NULL
    ORDER BY hashint8(c.id) LIMIT 1""",
    """INSERT INTO children_family (id, authority_id, name, reference)
    SELECT g.family, f.authority_id, '', 'f' || g.family
    FROM grown g, pattern p JOIN children_family f ON f.id = p.family_id""",
    """CREATE TEMPORARY TABLE born AS SELECT one AS id, family FROM grown UNION ALL SELECT two, family FROM grown""",
    (
        "children_child",
        {"id": "b.id", "family_id": "b.family", "public_id": "'c' || b.id", "external_id": "'W' || b.id"},
        "FROM born b, pattern p JOIN children_child old ON old.id = p.child",
    ),
    ("children_plan", {"child_id": "b.id"}, "FROM born b, pattern p JOIN children_plan old ON old.id = p.plan"),
    # Names, and numbers in the case system.
    """CREATE FUNCTION pg_temp.pick(words text[], salt bigint) RETURNS text LANGUAGE sql AS
    $$ SELECT words[1 + abs(hashint8(salt)::bigint) %% cardinality(words)] $$""",
    """UPDATE children_family SET name = pg_temp.pick(%(last)s::text[], id) || pg_temp.pick(%(middle)s::text[], id + 1)
        || pg_temp.pick(%(last_ends)s::text[], id + 2)""",
    """UPDATE children_child c SET last_name = f.name, external_id = 'W' || c.id,
        first_name = pg_temp.pick(%(first)s::text[], c.id) || pg_temp.pick(%(ends)s::text[], c.id + 1)
    FROM children_family f WHERE f.id = c.family_id""",
    "SELECT undrift_names_of(ARRAY(SELECT id FROM children_child))",
    """UPDATE children_plan SET reviews_held = 3 WHERE hashint8(id) %% 50 = 0""",
    # Who has looked: by everybody on staff, at any child, over two years; one in fifty in vain.
    """CREATE TEMPORARY TABLE numbered AS SELECT id, public_id, row_number() OVER (ORDER BY hashint8(id)) - 1 AS n
    FROM children_child""",
    """CREATE UNIQUE INDEX ON numbered (n) INCLUDE (id, public_id)""",
    """CREATE TEMPORARY TABLE staff AS SELECT id, name, row_number() OVER (ORDER BY id) - 1 AS n FROM people_person
    WHERE authority_id IS NOT NULL""",
    """INSERT INTO access_look (authority_id, person, name, at, page, children, "case", tried, how, refused)
    SELECT (SELECT min(id) FROM people_authority), s.id, s.name, now() - g * interval '2 years'
        / current_setting('bench.looks')::int, 'child', CASE WHEN g %% 50 = 0 THEN '{}' ELSE ARRAY[c.id] END, NULL,
        CASE WHEN g %% 50 = 0 THEN c.public_id ELSE '' END, CASE WHEN g %% 50 = 0 THEN '' ELSE 'whole' END, g %% 50 = 0
    FROM generate_series(1, current_setting('bench.looks')::int) g
    JOIN staff s ON s.n = g %% (SELECT count(*) FROM staff)
    JOIN numbered c ON c.n = (g * 7919::bigint) %% (SELECT count(*) FROM numbered)""",
    # Today: a mistyped address and children's pages, in vain.
    """INSERT INTO access_look (authority_id, person, name, at, page, children, "case", tried, how, refused)
    SELECT (SELECT min(id) FROM people_authority), s.id, s.name, now(), 'child', '{}', NULL,
        CASE WHEN g %% 2 = 0 THEN 'mistyped' ELSE c.public_id END, '', true
    FROM generate_series(1, 40) g JOIN staff s ON s.n = g %% (SELECT count(*) FROM staff) JOIN numbered c ON c.n = g""",
    # The chair's first child has been looked at a hundred times at every size.
    """INSERT INTO access_look (authority_id, person, name, at, page, children, "case", tried, how, refused)
    SELECT (SELECT min(id) FROM people_authority), s.id, s.name, now() - g * interval '1 day', 'child', ARRAY[o.id],
        NULL, '', 'chair', false
    FROM generate_series(1, 100) g, one_child o, (SELECT * FROM staff ORDER BY n LIMIT 1) s""",
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
