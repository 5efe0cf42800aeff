"""What a list of resolutions can be narrowed to by this person, and the closure days its dates need: in one query."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import connection

from undrift import library
from undrift.desks.frame.narrowing import Choice
from undrift.people import clock
from undrift.people.finders import CHAIRS
from undrift.people.models import Person
from undrift.protocol.model import Protocol
from undrift.record.adopted import Closures
from undrift.resolutions.in_a_line import short_ground

TEAM, AGENCY = "t", "a"


@dataclass
class Choices:
    """Each as value and words, in the order of the list that offers it. A team is "t12", an agency "a5"."""

    stages: list[Choice] = field(default_factory=list)
    reasons: list[Choice] = field(default_factory=list)
    chairs: list[Choice] = field(default_factory=list)
    teams: list[Choice] = field(default_factory=list)
    closures: dict[int, Closures] = field(default_factory=dict)
    protocols: list[Protocol] = field(default_factory=list)


def choices_for(person: Person) -> Choices:
    """One query. Somebody of a partner agency is offered no chairs, teams or agencies: they see their own items."""
    found: defaultdict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for kind, number, name, more in _rows(person):
        found[kind].append((number, name, more))
    protocols = [library.load(name, version) for _, name, version in dict.fromkeys(found["authority"])]
    closures: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for number, reason, day in found["closure"]:
        closures[number].append((day, reason))
    return Choices(
        stages=_stages(protocols),
        reasons=_reasons(protocols),
        chairs=_offered(found["chair"]),
        teams=_offered(found["team"], TEAM) + _offered(found["agency"], AGENCY),
        protocols=protocols,
        closures={number: tuple(sorted(closures[number])) for number, _, _ in found["authority"]},
    )


def _offered(rows: list[tuple[int, str, str]], letter: str = "") -> list[Choice]:
    return [(f"{letter}{number}", name) for number, name, _ in sorted(rows, key=lambda row: row[1].casefold())]


def _stages(protocols: list[Protocol]) -> list[Choice]:
    """Those at which a concern can stand: nothing is raised at a step of the plan cycle."""
    return list({stage.id: (stage.id, stage.named) for p in protocols for stage in p.ladder}.values())


def _reasons(protocols: list[Protocol]) -> list[Choice]:
    found = {ground.code: short_ground(p, ground.code) for p in protocols for ground in p.grounds}
    return sorted(found.items(), key=lambda row: row[1].casefold())


def _rows(person: Person) -> list[tuple[str, int, str, str]]:
    today = clock.today()
    asked = {"council": person.authority_id, "shared": person.partnership_id, "today": today, "chairs": list(CHAIRS)}
    with connection.cursor() as cursor:
        cursor.execute(WITHIN if person.authority_id is not None else ACROSS, asked)
        rows: list[tuple[str, int, str, str]] = cursor.fetchall()
        return rows


# Written out: to put the same together from five querysets took ten times as long as it takes to run.
POLICIES = """
    WITH council AS (SELECT id, protocol_id, protocol_version FROM people_authority WHERE {which})
    SELECT 'authority', id, protocol_id, protocol_version FROM council
    UNION ALL
    SELECT 'closure', c.authority_id, c.reason, c.date::text
        FROM people_closureday c JOIN council ON council.id = c.authority_id
"""
ACROSS = POLICIES.format(which="partnership_id = %(shared)s")
WITHIN = f"""
    {POLICIES.format(which="id = %(council)s")}
    UNION ALL
    SELECT DISTINCT 'chair', p.id, p.name, '' FROM people_person p
        JOIN people_holding h ON h.person_id = p.id JOIN people_post post ON post.id = h.post_id
        WHERE p.authority_id = %(council)s AND post.slug = ANY(%(chairs)s)
        AND h.starts <= %(today)s AND (h.ends IS NULL OR h.ends >= %(today)s)
    UNION ALL
    SELECT 'team', u.id, u.name, '' FROM people_unit u WHERE u.authority_id = %(council)s
        AND undrift_team_has_open(u.id)
    UNION ALL
    SELECT 'agency', a.id, a.name, '' FROM people_agency a WHERE undrift_agency_has_open(a.id, %(council)s)
"""
