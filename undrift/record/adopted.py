"""The rules that a resolution is worked by: the protocol it was raised under, the authority's calendar and choices."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from undrift import library
from undrift.engine.dates.calendars import Calendar
from undrift.engine.rules import Rules
from undrift.library import calendars
from undrift.people.composed import NUMBER, composed, first
from undrift.people.models import Authority, ClosureDay, Person
from undrift.protocol.clocks import Counted, parse
from undrift.protocol.model import Protocol
from undrift.record.models import Case

Closures = tuple[tuple[str, str], ...]
NONE = "none"
OWNER = cast(Any, Case._meta.get_field("authority"))


def protocol_of(case: Case) -> Protocol:
    """The protocol in the version it was raised under. No query.

    With its authority read beside it, in the words of that authority's area; the stages are the same in every area.
    """
    area = case.authority.area if OWNER.is_cached(case) else ""
    return library.load(case.protocol_id, case.protocol_version, area)


def rules_for(authority: Authority, closures: Closures | None = None) -> Rules:
    """The rules under which this authority raises today. No query where the closure days are given, or came with it."""
    if closures is None:
        annotated = getattr(authority, "closures", None)
        closures = closures_of(authority) if annotated is None else _days(annotated)
    return _rules(authority, authority.protocol_id, authority.protocol_version, closures)


def authority_of(person: Person) -> Authority | None:
    """Where somebody works, with the closure days that its rules need. One query, or none."""
    if person.authority_id is None:
        return None
    person.authority = first(_with_its_closures(authority=person.authority_id))
    return person.authority


@composed(authority=NUMBER)
def _with_its_closures(authority: Any) -> QuerySet[Authority]:
    return Authority.objects.filter(pk=authority).annotate(closures=with_closures("pk"))


def rules_of(case: Case, closures: Closures | None = None) -> Rules:
    """The rules of a case. No query where the closure days are given, or came with it (`with_closures`)."""
    authority = case.authority
    if closures is None:
        annotated = getattr(case, "closures", None)
        closures = closures_of(authority) if annotated is None else _days(annotated)
    return _rules(authority, case.protocol_id, case.protocol_version, closures)


def _days(annotated: list[dict[str, str]]) -> Closures:
    return tuple((day["date"], day["reason"]) for day in annotated)


def closures_of(authority: Authority) -> Closures:
    return tuple((day.isoformat(), reason) for day, reason in _closures(authority=authority.pk))


@composed(authority=NUMBER)
def _closures(authority: Any) -> QuerySet[ClosureDay, tuple[date, str]]:
    return ClosureDay.objects.filter(authority=authority).order_by("date").values_list("date", "reason")


def with_closures(authority: str = "authority") -> ArraySubquery:
    """An annotation: the closure days of the authority in that column, so that the rules cost no query of their own."""
    days = ClosureDay.objects.filter(authority=OuterRef(authority)).order_by("date")
    return ArraySubquery(days.values(day=JSONObject(date=F("date"), reason=F("reason"))))


def _rules(authority: Authority, protocol_id: str, version: str, closures: Closures) -> Rules:
    choices = tuple(sorted((str(k), str(v or "")) for k, v in authority.choices.items()))
    return _built(library.load(protocol_id, version, authority.area), authority.nation, closures, choices)


@lru_cache(maxsize=256)
def _calendar(nation: str, closures: Closures) -> Calendar:
    return calendars.load(nation, {date.fromisoformat(day): reason for day, reason in closures})


_BUILT: dict[tuple[int, str, Closures, tuple[tuple[str, str], ...]], Rules] = {}


def _built(protocol: Protocol, nation: str, closures: Closures, choices: tuple[tuple[str, str], ...]) -> Rules:
    # Everything the rules are made of is in the key, so a closure day or a choice that changes is never missed.
    key = (id(protocol), nation, closures, choices)
    found = _BUILT.get(key)
    if found is None or found.protocol is not protocol:
        chosen = dict(choices)
        found = _BUILT[key] = Rules(
            protocol=protocol,
            calendar=_calendar(nation, closures),
            bare_days=cast(Any, chosen.get("bare_days") or None),
            **_chair_decides_within(chosen),
            **_draft_before(chosen),
        )
    return found


def _chair_decides_within(chosen: dict[str, str]) -> dict[str, Any]:
    said = chosen.get("chair_decides_within")
    if said is None:
        return {}
    return {"chair_decides_within": None if said in ("", NONE) else parse(said)}


def _draft_before(chosen: dict[str, str]) -> dict[str, Any]:
    said = chosen.get("draft_before")
    if not said:
        return {}
    clock = None if said.isdigit() else parse(said)
    return {"draft_before": clock.number if isinstance(clock, Counted) else int(said)}
