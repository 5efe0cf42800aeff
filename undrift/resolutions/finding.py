"""The search: by a child's or a family's name, a number or a reference, within what the person may see.

A name that is spelled a little differently is found, too. Nothing is listed for a wildcard or for a single letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q, QuerySet

from undrift.access.family_facts import with_live_plans
from undrift.access.rows import children_visible_to, visible_to
from undrift.children.models import Child
from undrift.people.models import Person
from undrift.record.models import CaseChild
from undrift.resolutions.models import Resolution
from undrift.resolutions.queries import search as by_start
from undrift.resolutions.spelling import close_to

FEWEST_LETTERS = 2
LONGEST = 100
AT_MOST = 25
NAMES_COMPARED = 20_000


@dataclass(frozen=True)
class Asked:
    """What was typed, with what no name and no reference contains left out."""

    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        plain = "".join(letter if letter.isalnum() or letter in "-'’/" else " " for letter in self.text)
        return tuple(word for word in plain.split() if _letters(word) >= FEWEST_LETTERS)

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
    """What this person may see that fits all the words."""
    typed = " ".join(asked.words)
    children = list(_children(children_visible_to(person, now)).filter(_named(asked.words))[: AT_MOST + 1])
    page = by_start(person, typed, now=now, size=AT_MOST)
    if children or page.rows:
        return Fitting(children[:AT_MOST], list(page.rows), more=len(children) > AT_MOST or page.more)
    return _guessed(person, asked, now)


def _children(visible: QuerySet[Child]) -> QuerySet[Child]:
    rows = visible.select_related("family").prefetch_related(with_live_plans())
    return rows.order_by("last_name", "first_name", "pk")


def _named(words: Iterable[str]) -> Q:
    """Each word begins a name, or a part of a double name, or is the whole number in the case system."""
    fits = Q()
    for word in words:
        one = Q(external_id__iexact=word)
        for name in ("first_name", "last_name", "family__name"):
            one |= Q(**{f"{name}__istartswith": word})
            one |= Q(**{f"{name}__icontains": f"-{word}"}) | Q(**{f"{name}__icontains": f" {word}"})
        fits &= one
    return fits


def _guessed(person: Person, asked: Asked, now: datetime) -> Fitting:
    names = ("pk", "first_name", "last_name", "family__name")
    own = children_visible_to(person, now)
    seen = visible_to(Resolution, person, now)
    about = Child.objects.filter(about__case__in=seen.values("pk"))
    known = {row[0]: row[1:] for rows in (own, about) for row in rows.values_list(*names).distinct()[:NAMES_COMPARED]}
    near = {pk for pk, called in known.items() if all(close_to(word, called) for word in asked.words)}
    children = list(_children(own.filter(pk__in=near))[: AT_MOST + 1])
    links = CaseChild.objects.filter(child__in=near).values("case")
    resolutions = _shown(seen.filter(pk__in=links))
    return Fitting(
        children[:AT_MOST],
        resolutions[:AT_MOST],
        more=len(children) > AT_MOST or len(resolutions) > AT_MOST,
        guessed=True,
    )


def _shown(found: QuerySet[Resolution]) -> list[Resolution]:
    people = ("authority", "family", "next_person", "then_person")
    rows = found.select_related(*people).prefetch_related("about__child").order_by("-raised_at", "-pk")
    return list(rows[: AT_MOST + 1])


def _letters(word: str) -> int:
    return sum(letter.isalnum() for letter in word)
