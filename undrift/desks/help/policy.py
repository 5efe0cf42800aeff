"""The policy that a council has adopted, whole: what it says, and what the council chose where it is silent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from undrift import library
from undrift.desks.frame.components import Fact, Table
from undrift.engine.rules import Rules
from undrift.people.models import Authority
from undrift.protocol.areas import UnknownArea
from undrift.protocol.clocks import Clock
from undrift.protocol.words import COLUMNS, Section, sections, time_of
from undrift.record.adopted import closures_of, rules_for

HEADING = "The policy"
NO_AREA = (
    "Not said yet, so what the policy has for one area only is shown with its area. An administrator says it: "
    "undrift import organisation --authority {council.code} --area AREA"
)
DAYS = {
    "working": "working days: Monday to Friday, without bank holidays and the days the council is closed",
    "calendar": "calendar days: every day of the week",
}
APART = ". Where it means working days, it says “working days”"


@login_not_required
@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """The policy of the reader's own council; of the only one there is; else the councils to choose from."""
    own = getattr(request.user, "authority_id", None)
    partnership = getattr(request.user, "partnership_id", None)
    councils = Authority.objects.order_by("name")
    if own:
        councils = councils.filter(pk=own)
    elif partnership:
        councils = councils.filter(partnership=partnership)
    if len(councils) == 1:
        return _of(request, councils[0])
    return render(request, "help/policies.html", {"heading": HEADING, "councils": councils})


@login_not_required
@require_safe
def of_council(request: HttpRequest, council: str) -> HttpResponse:
    return _of(request, get_object_or_404(Authority, code=council))


def _of(request: HttpRequest, council: Authority) -> HttpResponse:
    page = {"heading": HEADING, "caption": council.name, "followed": Followed.by(council)}
    return render(request, "help/policy.html", page)


@dataclass(frozen=True)
class Part:
    """A section with an address on the page; the table of stages is drawn as every table is."""

    section: Section
    anchor: str
    table: Table | None = None


@dataclass(frozen=True)
class Followed:
    """A council and what it follows. Of a policy, or a version, that is not at hand only its name is known."""

    council: Authority
    chosen: tuple[Fact, ...]
    title: str = ""
    about: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    @classmethod
    def by(cls, council: Authority) -> Followed:
        try:
            rules = rules_for(council)
        except (library.UnknownProtocol, UnknownArea):
            return cls(council, tuple(_named(council)))
        title, *rest = sections(rules.protocol, council.area, partial(_counted, rules, council.name))
        parts = tuple(_part(council, section) for section in rest)
        return cls(council, (*_named(council), *_chosen(council, rules)), title.heading, title.sentences, parts)

    @property
    def contents(self) -> list[Part]:
        return [part for part in self.parts if part.section.level == 2]


def _counted(rules: Rules, council: str, clock: Clock) -> str:
    """A time as the policy has it, with what the council counts where it says only "days"."""
    return rules.in_words(clock, council) if rules.in_words(clock) != str(clock) else time_of(clock)


def _part(council: Authority, section: Section) -> Part:
    table = None
    if section.rows:
        cells = [(row.stage, row.answers, row.approves or "Nobody has to", row.time, row.told or "Nobody else")
                 for row in section.rows]  # fmt: skip
        table = Table(f"The stages in {council.name}", COLUMNS, cells)
    return Part(section, slugify(section.heading), table)


def _named(council: Authority) -> Iterator[Fact]:
    yield Fact("Policy", f"{council.protocol_id}, version {council.protocol_version}")


def _chosen(council: Authority, rules: Rules) -> Iterator[Fact]:
    """What the policy leaves to the council, and what the council said."""
    if rules.protocol.overlays:
        overlay = rules.protocol.overlay(council.area)
        yield Fact("Area", overlay.name if overlay else NO_AREA.format(council=council))
    if rules.bare_days:
        said = DAYS[rules.bare_days]
        if rules.days_are_stated:
            apart = rules.bare_days == "calendar" and rules.protocol.says_working_days
            yield Fact("“Days”", f"The policy counts {said}{APART if apart else ''}")
        else:
            yield Fact("Where the policy says only “days”", f"{council.name} counts {said}")
    target = rules.chair_decides_within
    yield Fact("Target for the chair’s decision on an answer",
               f"Within {target} of the answer. It is the council’s own; the policy sets none." if target
               else "None: the policy sets none, and the council has set none of its own.")  # fmt: skip
    days = "1 working day" if rules.draft_before == 1 else f"{rules.draft_before} working days"
    yield Fact("Courtesy to whoever approves", f"A draft answer reaches them {days} before the date. Never late.")
    yield Fact("Bank holidays of", council.get_nation_display())
    yield Fact("Days the council is closed", _closed(council) or "None besides weekends and bank holidays")


def _closed(council: Authority) -> str:
    days = ((date.fromisoformat(day), reason) for day, reason in closures_of(council))
    return "\n".join(f"{day.day} {day:%B %Y}: {reason}" for day, reason in days)
