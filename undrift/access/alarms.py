"""Looks that should worry: many refused, many children far from one's own work, going back after a tie has ended.

An alarm says who and when, never which child. It shuts nobody out: who is refused is answered as before.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from undrift.access.alerts import OPENED_WIDELY, REFUSED_OFTEN, TIE_ENDED, tell
from undrift.access.matrix import Action
from undrift.access.models import Alert, Look
from undrift.access.restricting import in_charge
from undrift.engine.dates.moments import LONDON, london_date
from undrift.library.numbers import GONE_BACK, MANY_CHILDREN, MANY_REFUSED, REFUSED_WITHIN
from undrift.people.finders import at_last
from undrift.people.found import Found
from undrift.people.models import Authority, Person
from undrift.people.roster import load_roster

log = logging.getLogger(__name__)

FAR = ("whole", "glass")

# What was asked for in vain today is looked up first, each thing once; then whoever had opened it before, by index.
# A child or a family by the name in its address, or a case by its reference.
WENT_BACK = """
WITH vain AS MATERIALIZED (
    SELECT person, tried, at FROM access_look
    WHERE {of} AND at >= %(since)s AND at <= %(now)s AND refused AND tried <> ''
),
meant AS MATERIALIZED (
    SELECT asked.tried,
        ARRAY(SELECT id FROM children_child WHERE public_id = asked.tried
              UNION SELECT c.id FROM children_family f JOIN children_child c ON c.family_id = f.id
              WHERE f.reference = asked.tried) AS children,
        ARRAY(SELECT r.id FROM people_authority a JOIN record_case r ON r.authority_id = a.id
              WHERE r.reference = asked.tried) AS cases
    FROM (SELECT DISTINCT tried FROM vain) asked
),
opened AS MATERIALIZED (
    SELECT m.tried, b.person, b.at
    FROM meant m, unnest(m.children) child, unnest(undrift_looks_at(child, '{{}}')) look
    JOIN access_look b ON b.id = look AND NOT b.refused
    UNION ALL
    SELECT m.tried, b.person, b.at
    FROM meant m, unnest(m.cases) one JOIN access_look b ON b."case" = one AND NOT b.refused
),
before AS (SELECT tried, person, min(at) AS first FROM opened GROUP BY tried, person)
SELECT v.person FROM vain v JOIN before b ON b.tried = v.tried AND b.person = v.person AND b.first < v.at
GROUP BY v.person HAVING count(*) >= %(often)s
"""
OPENED_FAR = """
SELECT person FROM access_look, unnest(children) child
WHERE {of} AND at >= %(since)s AND at <= %(now)s AND NOT refused AND how = ANY (%(far)s)
GROUP BY person HAVING count(DISTINCT child) > %(most)s
"""


def raise_alarms(now: datetime) -> int:
    """Look through the last hour and the day, council by council; how many alerts were written.

    Each alarm once a day for one person and pattern, however often this runs.
    """
    return sum(_raised(authority, now) for authority in [*Authority.objects.select_related("partnership"), None])


def _raised(authority: Authority | None, now: datetime) -> int:
    """`authority` None: the people of partner agencies, whom councils share."""
    day, raised = london_date(now), 0
    for kind, pattern in PATTERNS.items():
        people = pattern(authority, now)
        for person in Person.objects.filter(pk__in=people).select_related("authority") if people else ():
            councils = [authority] if authority else Authority.objects.filter(partnership=person.partnership_id)
            for council in councils:
                if not Alert.objects.filter(authority=council, kind=kind, about=person.pk, day=day).exists():
                    raised += tell(_told(council, person, now), council, kind, person.pk, day, now)
    return raised


def _told(authority: Authority, about: Person, now: datetime) -> list[Person]:
    """Those who audit the council, but not about themselves; where there is nobody else, who is accountable at last."""
    found = [person for person in in_charge(authority, Action.AUDIT, now) if person != about]
    if not found:
        roster = load_roster(authority, (), now).but({about.pk: "is the person concerned"})
        last = at_last(roster, authority, Found(how="Nobody audits this council.")).person
        found = [last] if last is not None else []
    if not found:
        log.warning("An alarm about looks reaches nobody in council %s.", authority.pk)
    return found


def _looks(authority: Authority | None, since: datetime, now: datetime) -> QuerySet[Look]:
    of = Q(authority=authority) if authority is not None else Q(authority__isnull=True)
    return Look.objects.filter(of, at__gte=since, at__lte=now).order_by()


def _refused_often(authority: Authority | None, now: datetime) -> set[int]:
    refused = _looks(authority, now - REFUSED_WITHIN, now).filter(refused=True)
    return set(
        refused.values("person").annotate(times=Count("pk")).filter(times__gte=MANY_REFUSED)
        .values_list("person", flat=True)
    )  # fmt: skip


def _opened_widely(authority: Authority | None, now: datetime) -> set[int]:
    return _people(OPENED_FAR, authority, now, far=list(FAR), most=MANY_CHILDREN)


def _went_back(authority: Authority | None, now: datetime) -> set[int]:
    return _people(WENT_BACK, authority, now, often=GONE_BACK)


def _people(asked: str, authority: Authority | None, now: datetime, **values: object) -> set[int]:
    """Whom a statement about today's looks finds, of one council or of the agencies that councils share."""
    of = "authority_id = %(authority)s" if authority is not None else "authority_id IS NULL"
    told: dict[str, Any] = {
        "authority": authority.pk if authority else None,
        "since": _midnight(now),
        "now": now,
        **values,
    }
    with connection.cursor() as cursor:
        cursor.execute(asked.format(of=of), told)
        return {person for (person,) in cursor.fetchall()}


def _midnight(now: datetime) -> datetime:
    return datetime.combine(london_date(now), time(), tzinfo=LONDON)


PATTERNS: Mapping[str, Callable[[Authority | None, datetime], set[int]]] = {
    REFUSED_OFTEN: _refused_often,
    OPENED_WIDELY: _opened_widely,
    TIE_ENDED: _went_back,
}
