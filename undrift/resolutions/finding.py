"""The search: by a child's or a family's name, a number or a reference, within what the person may see.

A conference is found by its reference, and is its family's.

A name that is spelled a little differently is found, too. Nothing is listed for a wildcard or for a single letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from undrift.access.family_facts import note_live_plans
from undrift.access.naming import Within, children_named
from undrift.access.rows import children_seen
from undrift.access.scope import Scope, scope_of
from undrift.children.models import Child, Conference
from undrift.people.composed import TEXT, composed, numbers, one_of
from undrift.people.models import Person
from undrift.resolutions.models import Resolution
from undrift.resolutions.queries import search_within

FEWEST_LETTERS = 2
LONGEST = 100
AT_MOST = 25


@dataclass(frozen=True)
class Asked:
    """What was typed, with what no name and no reference contains left out."""

    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        plain = "".join(letter if letter.isalnum() or letter in "-'’/" else " " for letter in self.text)
        return tuple(word for word in plain.split() if _letters(word) >= FEWEST_LETTERS)

    @property
    def is_reference(self) -> bool:
        """Whether it is written as the references of conferences are: C-2026-0328."""
        return re.fullmatch(r"[A-Za-z]+(-\d+)+", self.text) is not None

    @property
    def long_enough(self) -> bool:
        return bool(self.words)


@dataclass(frozen=True)
class Fitting:
    """At most `AT_MOST` of each; `more` when there were others. `guessed`: none is spelled as it was typed."""

    children: list[Child]
    resolutions: list[Resolution]
    more: bool = False
    guessed: bool = False


def find(person: Person, asked: Asked, now: datetime) -> Fitting:
    """What this person may see that fits all the words; where nothing does, what they nearly fit."""
    within = Within(Resolution, scope_of(person, now))
    exact = _found(within, asked, near=False)
    return exact if exact.children or exact.resolutions else _found(within, asked, near=True)


def _found(within: Within, asked: Asked, *, near: bool) -> Fitting:
    scope = within.scope
    named = children_named(within, asked.words, near=near, most=AT_MOST + 1)
    by_conference = not near and asked.is_reference
    asks = bool(named) or by_conference
    children = _fitting(scope, by_conference, named=named, reference=asked.text.upper()) if asks else []
    note_live_plans(children)
    page = search_within(within, " ".join(asked.words), size=AT_MOST, near=near)
    more = len(children) > AT_MOST or page.more
    return Fitting(children[:AT_MOST], list(page.rows), more=more, guessed=near)


@composed(named=numbers, reference=TEXT)
def _fitting(scope: Scope, by_conference: bool, named: Any, reference: Any) -> QuerySet[Child]:
    fits = one_of("pk", named)
    if by_conference:
        # A conference is its family's.
        fits |= Q(family__in=Conference.objects.filter(reference=reference).values("family"))
    return children_seen(scope).filter(fits).select_related("family").order_by("last_name", "first_name", "pk")


def _letters(word: str) -> int:
    return sum(letter.isalnum() for letter in word)
