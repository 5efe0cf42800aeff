"""Pages that only say something: help, the words, the policy, accessibility, privacy."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from undrift import library
from undrift.desks.frame.components import Table
from undrift.desks.help.glossary import WORDS
from undrift.library.numbers import TYPED_KEPT
from undrift.people.models import Authority
from undrift.protocol.clocks import Agreed, say
from undrift.protocol.model import Protocol, Stage

HEADINGS = {"help": "Help", "accessibility": "Accessibility", "privacy": "Privacy"}


@login_not_required
@require_safe
def plain(request: HttpRequest, page: str) -> HttpResponse:
    return render(request, f"help/{page}.html", {"heading": HEADINGS[page], "typed_days": TYPED_KEPT.days})


@login_not_required
@require_safe
def words(request: HttpRequest) -> HttpResponse:
    return render(request, "help/words.html", {"heading": "Words we use", "words": WORDS})


@login_not_required
@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    own = getattr(request.user, "authority_id", None)
    councils = Authority.objects.order_by("name")
    shown = [Followed.by(council) for council in (councils.filter(pk=own) if own else councils)]
    return render(request, "help/policy.html", {"heading": "The policy", "councils": shown})


@dataclass(frozen=True)
class Followed:
    """A council and what it follows: the policy's name, and its stages as the policy words them.

    Of a policy, or a version, that is not at hand only its name is known.
    """

    council: Authority
    title: str = ""
    stages: Table | None = None

    @classmethod
    def by(cls, council: Authority) -> Followed:
        try:
            protocol = library.load(council.protocol_id, council.protocol_version, council.area)
        except library.UnknownProtocol:
            return cls(council)
        rows = [_row(protocol, stage) for stage in protocol.stages]
        heads = ("Stage", "Who answers", "In how long", "Who approves the answer")
        return cls(council, protocol.head.title, Table(f"The stages in {council.name}", heads, rows))


def _row(protocol: Protocol, stage: Stage) -> tuple[str, str, str, str]:
    asked = stage.answer
    if asked is None:
        return stage.title, "No answer is asked for", "", ""
    said = say(asked.within)
    within = f"As {said}" if isinstance(asked.within, Agreed) else f"{said[:1].upper()}{said[1:]}"
    approver = protocol.title_of(asked.approved_by) if asked.approved_by else "Nobody has to"
    return stage.title, protocol.title_of(asked.who), within, approver
