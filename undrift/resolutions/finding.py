"""The search: by a child's or a family's name, a number or a reference, within what the person may see.

A conference is found by its reference, and is its family's.

A name that is spelled a little differently is found, too. Nothing is listed for a wildcard or for a single letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q

from undrift.access.family_facts import with_live_plans
from undrift.access.naming import children_named
from undrift.access.rows import children_visible_to
from undrift.access.scope import scope_of
from undrift.children.models import Child, Conference
from undrift.people.models import Person
from undrift.resolutions.models import Resolution
from undrift.resolutions.queries import search

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
    exact = _found(person, asked, now, near=False)
    return exact if exact.children or exact.resolutions else _found(person, asked, now, near=True)


def _found(person: Person, asked: Asked, now: datetime, *, near: bool) -> Fitting:
    scope = scope_of(person, now)
    numbers = children_named(person, scope, asked.words, near=near, most=AT_MOST + 1)
    fits = Q(pk__in=numbers)
    if not near and asked.is_reference:
        # A conference is its family's.
        fits |= Q(family__in=Conference.objects.filter(reference=asked.text.upper()).values("family"))
    visible = children_visible_to(person, now, scope).filter(fits)
    rows = visible.select_related("family").prefetch_related(with_live_plans())
    children = list(rows.order_by("last_name", "first_name", "pk"))
    page = search(person, " ".join(asked.words), now=now, size=AT_MOST, near=near)
    more = len(children) > AT_MOST or page.more
    return Fitting(children[:AT_MOST], list(page.rows), more=more, guessed=near)


def _letters(word: str) -> int:
    return sum(letter.isalnum() for letter in word)
