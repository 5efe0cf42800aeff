"""What the lists are measured beside: the rows that a page shows, by the SQL that reads them best, in a plain template.

No locks, no engine, no words worked out. Signing in is the service's own. What a page would have to look for is told to
the view: it reads by number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from undrift.people.models import Person
from undrift.record.sight import as_service

# Which children are somebody's, and which cases.
THEIRS: Mapping[str, str] = {
    "chair": "p.chair_id = %(me)s",
    "manager": "p.team_id = %(unit)s",
    "review": "c.authority_id = %(council)s",
}
CHILD = """c.*, f.name AS family_name, f.reference AS family_reference, p.starts, p.reviews_held, p.previous_plans,
    chair.name AS chair_name, worker.name AS worker_name, unit.name AS unit_name"""
JOINED = """JOIN children_family f ON f.id = c.family_id
    LEFT JOIN people_person chair ON chair.id = p.chair_id
    LEFT JOIN people_person worker ON worker.id = p.social_worker_id
    LEFT JOIN people_unit unit ON unit.id = p.team_id"""
LIST = f"""SELECT {CHILD} FROM children_child c
    JOIN children_plan p ON p.child_id = c.id AND p.ends IS NULL {JOINED}
    WHERE {{theirs}} ORDER BY c.last_name, c.first_name, c.id LIMIT 51"""
CHILDREN = f"""SELECT {CHILD} FROM children_child c
    LEFT JOIN children_plan p ON p.child_id = c.id AND p.ends IS NULL {JOINED} WHERE c.id = ANY (%(children)s)"""
CASE = """r.*, x.*, a.name AS authority_name, f.name AS family_name, chair.name AS chair_name, one.name AS next_name_of,
    two.name AS then_name_of"""
CASES = f"""SELECT {CASE} FROM record_case r JOIN resolutions_resolution x ON x.case_id = r.id
    JOIN people_authority a ON a.id = r.authority_id
    LEFT JOIN children_family f ON f.id = r.family_id LEFT JOIN people_person chair ON chair.id = r.chair_id
    LEFT JOIN people_person one ON one.id = r.next_person_id LEFT JOIN people_person two ON two.id = r.then_person_id
    WHERE r.id = ANY (%(cases)s) ORDER BY x.raised_at DESC"""
ABOUT = """SELECT l.*, c.first_name, c.last_name, c.date_of_birth FROM record_casechild l
    JOIN children_child c ON c.id = l.child_id WHERE l.case_id = ANY (%(cases)s)"""
HISTORY = "SELECT * FROM record_event WHERE case_id = ANY (%(cases)s) ORDER BY case_id, seq"
FOUND = (CHILDREN, CASES, ABOUT)
OF_CHILD = (
    CHILDREN,
    "SELECT * FROM children_voice WHERE child_id = %(child)s ORDER BY heard_on DESC LIMIT 1",
    "SELECT * FROM children_importedrow WHERE entity = 'plan' AND object_id = %(child)s LIMIT 1",
    "SELECT * FROM children_midpointcheck WHERE plan_id = %(child)s",
    "SELECT * FROM children_conference WHERE family_id = %(child)s AND held_on IS NULL LIMIT 1",
)
OF_CYCLE = (
    CHILDREN,
    "SELECT * FROM record_case WHERE id = ANY (%(cases)s)",
    ABOUT,
    HISTORY,
    "SELECT * FROM record_duty WHERE case_id = ANY (%(cases)s)",
    "SELECT * FROM children_conference WHERE family_id = (SELECT family_id FROM children_child WHERE id = %(child)s)",
    "SELECT * FROM children_plan WHERE child_id = ANY (%(children)s)",
    "SELECT * FROM children_lookedafter WHERE child_id = %(child)s",
)
LOOKS = "SELECT * FROM access_look WHERE id = ANY (%(looks)s) ORDER BY at DESC"
POSTS = """SELECT h.person_id, o.title, u.name FROM people_holding h JOIN people_post o ON o.id = h.post_id
    LEFT JOIN people_unit u ON u.id = o.unit_id
    WHERE h.person_id IN (SELECT person FROM access_look WHERE id = ANY (%(looks)s))"""
LOOKED_AT = """SELECT * FROM children_child WHERE id IN (
    SELECT unnest(children) FROM access_look WHERE id = ANY (%(looks)s))"""
PAGES: Mapping[str, Sequence[str]] = {
    "children": (LIST, CASES, ABOUT),
    "search": FOUND,
    "child": (*OF_CHILD, CASES, ABOUT, HISTORY),
    "cycle": OF_CYCLE,
    "resolutions": (CHILDREN, CASES, ABOUT, HISTORY),
    "history": (CHILDREN, CASES, ABOUT, HISTORY),
    "looks": (CHILDREN, CASES, LOOKS, POSTS),
    "log": (LOOKS, LOOKED_AT),
    "home": (
        CASES,
        ABOUT,
        "SELECT * FROM record_duty WHERE person_id = %(me)s AND met_at IS NULL AND gone_at IS NULL",
        """SELECT e.case_id, e.type, e.by_name, e.happened_at FROM record_event e
            JOIN resolutions_resolution x ON x.case_id = e.case_id
            WHERE e.case_id = ANY (%(cases)s) AND e.happened_at >= x.entered_at""",
        "SELECT count(*) FROM children_plan p WHERE p.ends IS NULL AND p.chair_id = %(me)s",
        "SELECT * FROM children_conference WHERE chair_id = %(me)s AND held_on IS NULL",
        "SELECT * FROM people_closureday WHERE authority_id = %(council)s",
        "SELECT h.*, o.slug FROM people_holding h JOIN people_post o ON o.id = h.post_id WHERE h.person_id = %(me)s",
    ),
}


def page(request: HttpRequest, name: str) -> HttpResponse:
    person = request.user
    assert isinstance(person, Person)
    told: dict[str, Any] = json.loads(request.GET["told"])
    asked = told | {"me": person.pk, "council": person.authority_id}
    tables = [_rows(sql.replace("{theirs}", THEIRS[told["who"]]), asked) for sql in PAGES[name]]
    return HttpResponse(render_to_string("bench/lists.html", {"person": person, "tables": tables}))


def _rows(statement: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def unlocked(request: HttpRequest, name: str) -> HttpResponse:
    with as_service():
        return page(request, name)
