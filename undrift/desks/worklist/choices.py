"""What a list of resolutions can be narrowed to by this person, and the closure days its dates need: in one query."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from undrift import library
from undrift.desks.worklist.rows import short_ground
from undrift.people.models import Agency, Authority, ClosureDay, Person, Unit
from undrift.protocol.model import Protocol
from undrift.resolutions.models import Resolution
from undrift.resolutions.rules import Closures

Choice = tuple[str, str]

# The kinds of post (Post.slug) whose holders chair conferences.
CHAIRS = ("chair", "conference-chair", "cp-coordinator")
TEAM, AGENCY = "t", "a"


@dataclass
class Choices:
    """Each as value and words, in the order of the list that offers it. A team is "t12", an agency "a5"."""

    stages: list[Choice] = field(default_factory=list)
    reasons: list[Choice] = field(default_factory=list)
    chairs: list[Choice] = field(default_factory=list)
    teams: list[Choice] = field(default_factory=list)
    closures: dict[int, Closures] = field(default_factory=dict)


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
        closures={number: tuple(sorted(closures[number])) for number, _, _ in found["authority"]},
    )


def _offered(rows: list[tuple[int, str, str]], letter: str = "") -> list[Choice]:
    return [(f"{letter}{number}", name) for number, name, _ in sorted(rows, key=lambda row: row[1].casefold())]


def _stages(protocols: list[Protocol]) -> list[Choice]:
    return list({stage.id: (stage.id, stage.title) for p in protocols for stage in p.stages}.values())


def _reasons(protocols: list[Protocol]) -> list[Choice]:
    found = {ground.code: short_ground(p, ground.code) for p in protocols for ground in p.grounds}
    return sorted(found.items(), key=lambda row: row[1].casefold())


def _rows(person: Person) -> QuerySet[Authority, tuple[str, int, str, str]]:
    if person.authority_id is not None:
        councils = Authority.objects.filter(pk=person.authority_id)
    else:
        councils = Authority.objects.filter(partnership=person.partnership_id)
    closures = ClosureDay.objects.filter(authority__in=councils.values("pk"))
    parts = [
        _told(councils, "authority", F("pk"), F("protocol_id"), F("protocol_version")),
        _told(closures, "closure", F("authority_id"), F("reason"), Cast("date", TextField())),
    ]
    if person.authority_id is not None:
        parts += _within(person.authority_id)
    first, *others = parts
    return first.union(*others, all=True)


def _within(authority: int) -> list[QuerySet]:
    today = timezone.localdate()
    chairs = Person.objects.filter(
        Q(holdings__ends=None) | Q(holdings__ends__gte=today),
        authority=authority, holdings__post__slug__in=CHAIRS, holdings__starts__lte=today,
    ).distinct()  # fmt: skip
    open_ones = Resolution.objects.filter(authority=authority, ended_at=None)
    teams = Unit.objects.filter(Exists(open_ones.filter(team=OuterRef("pk"))), authority=authority)
    agencies = Agency.objects.filter(Exists(open_ones.filter(responsible_agency=OuterRef("pk"))))
    nothing = Value("", TextField())
    return [
        _told(chairs, "chair", F("pk"), F("name"), nothing),
        _told(teams, "team", F("pk"), F("name"), nothing),
        _told(agencies, "agency", F("pk"), F("name"), nothing),
    ]


def _told(rows: QuerySet, kind: str, number: F, name: F, more: F | Value | Cast) -> QuerySet:
    return rows.order_by().values_list(
        Value(kind, CharField()), number, Cast(name, TextField()), Cast(more, TextField())
    )
